"""The shop's warehouses, as settings name them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from saleor_picqer.config import SettingProblem
from saleor_picqer.config.table import LABELS
from saleor_picqer.domain.warehouses import find_to_adopt
from saleor_picqer.errors import SettingsError
from saleor_picqer.hosts import host


def warehouse_problems(channel: str, valid: Mapping[str, Any]) -> Iterator[SettingProblem]:
    """Yield the problem of each adopted warehouse that Saleor does not have.

    `valid` has the parsed values of the settings whose form is right.
    """
    adopted: Mapping[str, str] = valid.get("adopted_warehouses", {})
    shop = host().warehouses.all(channel) if adopted else []
    for entry in adopted.values():
        try:
            find_to_adopt(shop, entry)
        except SettingsError as error:
            yield SettingProblem(error.setting, f"{LABELS[error.setting]}: {error.message}")
