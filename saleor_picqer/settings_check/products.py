"""The setting that says which channel sends products."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from saleor_picqer.config import SettingProblem, check_settings, configuration_values
from saleor_picqer.config.table import LABELS
from saleor_picqer.domain.catalogue import SendProducts
from saleor_picqer.errors import SettingsError
from saleor_picqer.hosts import host
from saleor_picqer.picqer.account import normalised_endpoint

_SETTING: Final = "send_products"


def product_problems(channel: str, valid: Mapping[str, Any]) -> Iterator[SettingProblem]:
    """Yield a problem if another channel of the same account always sends products too."""
    if valid.get(_SETTING) is not SendProducts.ALWAYS:
        return
    for row in host().channels.configurations():
        other = host().channels.pk_of(row)
        if other == channel or not row.active:
            continue
        theirs, _ = check_settings(configuration_values(row.configuration))
        same = _account(theirs) == _account(valid)
        if same and theirs.get(_SETTING) is SendProducts.ALWAYS:
            yield SettingProblem(
                _SETTING,
                f'{LABELS[_SETTING]}: channel "{host().channels.slug(other)}" sends the products of'
                " this Picqer account already. Two channels would replace each other's prices."
                ' Write "never" in one of them.',
            )


def _account(valid: Mapping[str, Any]) -> str | None:
    try:
        return normalised_endpoint(valid.get("endpoint", ""))
    except SettingsError:
        return None
