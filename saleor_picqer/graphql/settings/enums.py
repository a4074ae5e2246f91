"""Enums of settings."""

from __future__ import annotations

from typing import Final

from saleor_picqer.config.form import SettingKind
from saleor_picqer.graphql.core.enums import described_enum

_TEXTS: Final = {
    SettingKind.TEXT: "A text.",
    SettingKind.SECRET: "A text that can be written and never read.",
    SettingKind.BOOLEAN: "`true` or `false`.",
    SettingKind.CHOICE: "One of the choices, or nothing if there is no default.",
    SettingKind.LIST: "Choices, separated by commas.",
    SettingKind.PAIRS: "`key = choice`, separated by semicolons.",
}

PicqerSettingKind = described_enum(
    "PicqerSettingKind", SettingKind, "The notation of a setting's value.", _TEXTS
)
