"""Whether a channel's settings work: in themselves, on this Saleor, and in Picqer."""

from __future__ import annotations

import logging
from typing import Any

from saleor_picqer import wiring
from saleor_picqer.config import Settings, configuration_values, parse_settings, problems
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


def find_problems(configuration: Any) -> dict[str, str]:
    """Setting name -> what is wrong with it; asks Picqer only when the values look right."""
    values = configuration_values(configuration.configuration)
    if found := problems(values):
        return found
    settings = parse_settings(host().channels.slug_of(configuration), values)
    return _host_problems(settings) or _account_problems(settings)


def _host_problems(settings: Settings) -> dict[str, str]:
    if settings.shipping_methods.kind == MARKED and not host().has_shipping_metadata:
        return {
            "shipping_methods": f"Saleor {host().access.version} cannot mark shipping methods:"
            ' write "all" or their names, separated by commas'
        }
    return {}


def _account_problems(settings: Settings) -> dict[str, str]:
    """An account that is merely having a bad minute must not keep anybody from saving."""
    try:
        wiring.check(settings)
    except SettingsError as error:
        return {error.setting: error.message}
    except AuthenticationError:
        return {"api_key": "Picqer does not accept this API key"}
    except (EndpointError, NotFoundError, UnreachableError) as error:
        return {"endpoint": f"There is no Picqer at {settings.endpoint}: {error.title}"}
    except IntegrationError as error:
        logger.warning("Picqer could not be checked while settings were saved: %s", error)
    return {}
