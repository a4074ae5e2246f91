"""A new address, which needs the API key again."""

from __future__ import annotations

from typing import Any, Final

from saleor_picqer.config import SettingProblem, configuration_values
from saleor_picqer.errors import SettingsError
from saleor_picqer.picqer.account import normalised_endpoint

# How many of the last characters of a key Saleor shows to staff.
_SHOWN: Final = 4


def key_problem(stored: Any, changes: Any) -> SettingProblem | None:
    """Return the problem of a new address without a newly entered key.

    `stored` and `changes` are Saleor's lists of `{"name", "value", …}`.
    """
    # Staff see the key masked only: a new address must not make Saleor send it to another host.
    before, after = configuration_values(stored), configuration_values(changes)
    key, address = str(before.get("api_key") or ""), str(after.get("endpoint") or "")
    if not key or not address.strip() or _same_address(before.get("endpoint"), address):
        return None
    entered = str(after.get("api_key") or "").strip()
    if entered.strip("*•") not in ("", key[-_SHOWN:], key[-1:]):
        return None
    message = "Picqer API key: Enter the API key again, because the address has changed."
    return SettingProblem("api_key", message)


def _same_address(one: object, other: str) -> bool:
    try:
        return normalised_endpoint(str(one or "")) == normalised_endpoint(other)
    except SettingsError:
        return str(one or "").strip() == other.strip()
