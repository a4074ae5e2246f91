"""Check of a channel's settings before Saleor saves: every problem in one answer."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from saleor_picqer import connection
from saleor_picqer.config import SettingProblem, check_settings, configuration_values
from saleor_picqer.hosts import host
from saleor_picqer.settings_check.new_address import key_problem
from saleor_picqer.settings_check.picqer import (
    account_problems,
    entry_problems,
    picqer_problems,
)
from saleor_picqer.settings_check.products import product_problems
from saleor_picqer.settings_check.shipping import shipping_problems, shipping_warning
from saleor_picqer.settings_check.summary import SettingsSummaryError, summarise
from saleor_picqer.settings_check.warehouses import warehouse_problems

__all__ = [
    "SettingsSummaryError",
    "entry_problems",
    "find_warning",
    "key_problem",
    "local_problems",
    "summarise",
    "validate_configuration",
]

logger = logging.getLogger(__name__)


def validate_configuration(configuration: Any) -> list[SettingProblem]:
    """Check the values of a stored configuration, and what the values name in both systems."""
    if problem := connection.copy_problem(connection.StoredSettings.of(configuration)):
        return [problem]
    valid, problems = _without_picqer(configuration)
    problems += picqer_problems(valid)
    if not problems and (warning := _find_warning(configuration, valid)):
        logger.warning("%s", warning)
    return problems


def local_problems(configuration: Any) -> tuple[dict[str, Any], list[SettingProblem]]:
    """Return the valid values of a stored configuration, and all problems but those in Picqer."""
    valid, problems = _without_picqer(configuration)
    return valid, [*problems, *account_problems(valid)]


def _without_picqer(configuration: Any) -> tuple[dict[str, Any], list[SettingProblem]]:
    channel = host().channels.pk_of(configuration)
    valid, problems = check_settings(configuration_values(configuration.configuration))
    problems += shipping_problems(valid)
    problems += warehouse_problems(channel, valid)
    problems += product_problems(channel, valid)
    return valid, problems


def find_warning(configuration: Any) -> str | None:
    """Return a warning about valid settings, which staff may save all the same."""
    valid, _ = check_settings(configuration_values(configuration.configuration))
    return _find_warning(configuration, valid)


def _find_warning(configuration: Any, valid: Mapping[str, Any]) -> str | None:
    return shipping_warning(host().channels.pk_of(configuration), valid)
