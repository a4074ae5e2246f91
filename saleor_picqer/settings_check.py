"""The check of a channel's settings before Saleor saves them."""

from __future__ import annotations

import logging
from typing import Any, Final

from saleor_picqer import connection, wiring
from saleor_picqer.config import (
    SETTINGS,
    SettingProblem,
    Settings,
    configuration_values,
    parse_settings,
    validate_settings,
)
from saleor_picqer.domain.shipping import MARKED
from saleor_picqer.errors import (
    EndpointError,
    IntegrationError,
    InvalidResponseError,
    NotFoundError,
    SettingsError,
    UnusableAddressError,
)
from saleor_picqer.hosts import host
from saleor_picqer.picqer.account import normalised_endpoint

logger = logging.getLogger(__name__)


# How many of the last characters of a key Saleor shows to staff.
_SHOWN: Final = 4
_LABELS: Final = {setting.name: setting.label for setting in SETTINGS}


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
    except IntegrationError as error:
        problem = _lasting_problem(settings.endpoint, error)
        if problem is None:
            # A temporary failure of Picqer must not keep staff from saving.
            logger.warning("The settings were saved without a check in Picqer: %s", error)
        return problem
    return None


def _lasting_problem(endpoint: str, error: IntegrationError) -> SettingProblem | None:
    """Return the problem for an error that stays until a setting changes."""
    status = getattr(error, "status", None)
    if isinstance(error, SettingsError):
        label = _LABELS.get(error.setting, error.setting)
        return SettingProblem(error.setting, f"{label}: {error.message}")
    if status in (401, 403):  # whatever the body says
        return SettingProblem("api_key", "Picqer API key: Picqer does not accept this key.")
    if isinstance(error, UnusableAddressError):
        message = f"No connection to {endpoint} can be made: {error.text}. Correct the address."
        return SettingProblem("endpoint", f"Picqer address: {message}")
    foreign = isinstance(error, InvalidResponseError) and (status is None or status < 500)
    if foreign or isinstance(error, EndpointError | NotFoundError):
        message = f"Picqer address: There is no Picqer at {endpoint}. Correct the address."
        return SettingProblem("endpoint", message)
    return None
