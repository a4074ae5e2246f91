"""The check of a channel's settings before Saleor saves them: every problem in one answer."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from saleor_picqer import connection
from saleor_picqer.config import SettingProblem, check_settings, configuration_values
from saleor_picqer.hosts import host
from saleor_picqer.settings_check.new_address import key_problem
from saleor_picqer.settings_check.picqer import picqer_problems
from saleor_picqer.settings_check.products import product_problems
from saleor_picqer.settings_check.shipping import shipping_problems, shipping_warning
from saleor_picqer.settings_check.warehouses import warehouse_problems

__all__ = ["find_warning", "key_problem", "validate_configuration"]

logger = logging.getLogger(__name__)


def validate_configuration(configuration: Any) -> list[SettingProblem]:
    """Check a stored configuration: its values, and what they name in Saleor and in Picqer."""
    if problem := connection.copy_problem(connection.StoredSettings.of(configuration)):
        return [problem]
    valid, problems = check_settings(configuration_values(configuration.configuration))
    problems += shipping_problems(valid)
    problems += warehouse_problems(host().channels.pk_of(configuration), valid)
    problems += product_problems(host().channels.pk_of(configuration), valid)
    problems += picqer_problems(valid)
    if not problems and (warning := _find_warning(configuration, valid)):
        logger.warning("%s", warning)
    return problems


def find_warning(configuration: Any) -> str | None:
    """Return what staff should know of valid settings, though it does not keep them from saving."""
    valid, _ = check_settings(configuration_values(configuration.configuration))
    return _find_warning(configuration, valid)


def _find_warning(configuration: Any, valid: Mapping[str, Any]) -> str | None:
    return shipping_warning(host().channels.pk_of(configuration), valid)
