"""Orders in Picqer that belong to the same customer."""

from __future__ import annotations

import pytest

from saleor_picqer.domain.digests import digest
from saleor_picqer.domain.mapping.recognition import is_same_customer
from saleor_picqer.domain.mapping.request import OrderRequest

OURS = OrderRequest(
    {"emailaddress": "anna@example.org", "deliveryzipcode": "1012 AB", "invoicezipcode": None}, ()
)


@pytest.mark.parametrize(
    ("remote", "same"),
    [
        ({}, True),
        ({"emailaddress": "", "deliveryzipcode": ""}, True),
        ({"emailaddress": "ANNA@example.org"}, True),
        ({"emailaddress": "bob@example.org"}, False),
        ({"deliveryzipcode": "1012ab"}, True),
        ({"invoicezipcode": "1012 AB"}, True),
        ({"deliveryzipcode": "9999 ZZ"}, False),
        ({"emailaddress": "bob@example.org", "deliveryzipcode": "1012 AB"}, True),
        ({"emailaddress": "bob@example.org", "deliveryzipcode": "9999 ZZ"}, False),
    ],
)
def test_customer_is_the_same_when_address_or_postal_code_agree(
    remote: dict[str, str], same: bool
) -> None:
    """Failure mode F80."""
    assert is_same_customer(OURS, remote, {}) is same


def test_customer_is_the_same_when_both_were_changed_after_they_were_sent() -> None:
    remote = {"emailaddress": "old@example.org", "deliveryzipcode": "9999 ZZ"}
    sent = {"emailaddress": digest("old@example.org")}

    assert is_same_customer(OURS, remote, sent)
