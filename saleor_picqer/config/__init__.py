"""The settings of a channel: one table, from which form, defaults, validation and docs follow."""

from __future__ import annotations

from saleor_picqer.config.settings import (
    SettingProblem,
    Settings,
    check_settings,
    complete,
    config_structure,
    configuration_values,
    default_configuration,
    parse_settings,
    validate_settings,
    with_outputs,
)
from saleor_picqer.config.table import (
    GLOBAL_PLUGIN_ID,
    PLUGIN_ID,
    SETTINGS,
    Customers,
    Setting,
)

__all__ = [
    "GLOBAL_PLUGIN_ID",
    "PLUGIN_ID",
    "SETTINGS",
    "Customers",
    "Setting",
    "SettingProblem",
    "Settings",
    "check_settings",
    "complete",
    "config_structure",
    "configuration_values",
    "default_configuration",
    "parse_settings",
    "validate_settings",
    "with_outputs",
]
