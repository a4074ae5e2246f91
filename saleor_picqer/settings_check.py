"""The check of a channel's settings before Saleor saves them."""

from __future__ import annotations

import logging
from typing import Any

from saleor_picqer import connection, wiring
from saleor_picqer.config import (
    SettingProblem,
    Settings,
    configuration_values,
    parse_settings,
    validate_settings,
)
from saleor_picqer.domain.shipping import MARKED
from saleor_picqer.errors import (
    AuthenticationError,
    EndpointError,
    IntegrationError,
    NotFoundError,
    SettingsError,
    UnreachableError,
)
from saleor_picqer.hosts import host

logger = logging.getLogger(__name__)


def validate_configuration(configuration: Any) -> list[SettingProblem]:
    """Check a stored configuration: its values, this line of Saleor, the account in Picqer."""
    if problem := connection.copy_problem(connection.StoredSettings.of(configuration)):
        return [problem]
    values = configuration_values(configuration.configuration)
    if problems := validate_settings(values):
        return problems
    settings = parse_settings(host().channels.pk_of(configuration), values)
    # Picqer is asked last: only when everything else is valid.
    problem = _host_problem(settings) or _account_problem(settings)
    return [problem] if problem else []


def _host_problem(settings: Settings) -> SettingProblem | None:
    if settings.shipping_methods.kind != MARKED or host().has_shipping_metadata:
        return None
    return SettingProblem(
        "shipping_methods",
        f"Shipping methods handled by Picqer: Saleor {host().access.version} cannot mark shipping"
        ' methods. Write "all", or the names of the shipping methods, separated by commas.',
    )


def _account_problem(settings: Settings) -> SettingProblem | None:
    try:
        wiring.check(settings)
    except SettingsError as error:
        return SettingProblem(error.setting, error.message)
    except AuthenticationError:
        return SettingProblem("api_key", "Picqer API key: Picqer does not accept this key.")
    except (EndpointError, NotFoundError, UnreachableError) as error:
        message = f"Picqer address: Picqer does not answer at {settings.endpoint}."
        return SettingProblem("endpoint", f"{message} {error.title}")
    except IntegrationError as error:
        # A temporary failure of Picqer must not keep staff from saving.
        logger.warning("The settings were saved without a check in Picqer: %s", error)
    return None
