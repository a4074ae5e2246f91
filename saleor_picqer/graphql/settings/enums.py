"""Enums of settings."""

from __future__ import annotations

from typing import Final

import graphene

from saleor_picqer.config.form import SettingKind
from saleor_picqer.graphql.core.enums import describe

_TEXTS: Final = {
    SettingKind.TEXT: "A text.",
    SettingKind.SECRET: "A text that can be written and never read.",
    SettingKind.BOOLEAN: "`true` or `false`.",
    SettingKind.CHOICE: "One of the choices, or nothing if there is no default.",
    SettingKind.LIST: "Choices, separated by commas.",
    SettingKind.PAIRS: "`key = choice`, separated by semicolons.",
}

PicqerSettingKind = graphene.Enum(
    "PicqerSettingKind",
    [(kind.name, kind.value) for kind in SettingKind],
    description=describe("The notation of a setting's value.", _TEXTS),
)
