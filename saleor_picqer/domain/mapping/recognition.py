"""Whether an order in Picqer belongs to the same customer as an order of the shop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from saleor_picqer.domain.mapping.request import OrderRequest

# Fields whose values are compared with each other: one equal value is enough.
_EVIDENCE: Final = (("emailaddress",), ("deliveryzipcode", "invoicezipcode"))


def is_same_customer(
    request: OrderRequest, remote: Mapping[str, str], sent: Mapping[str, str]
) -> bool:
    """Return whether e-mail address or postal code agree; True where Picqer has neither.

    `remote` has Picqer's values by Picqer's names, `sent` the digests of what was sent before: the
    customer may have changed both in the shop meanwhile.
    """
    comparable = False
    for names in _EVIDENCE:
        ours = {_plain(request.header.get(name)) for name in names} - {""}
        theirs = {_plain(remote.get(name)) for name in names} - {""}
        was_sent = any(request.was_sent(name, remote.get(name), sent) for name in names)
        if ours & theirs or (theirs and was_sent):
            return True
        comparable = comparable or bool(ours and theirs)
    return not comparable


def _plain(value: object) -> str:
    """Return a text without blanks and in one case."""
    return "".join(str(value or "").split()).casefold()
