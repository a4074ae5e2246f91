"""The address and the API key, tried out, and what the settings name in Picqer."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import Any, Final

from saleor_picqer import extensions
from saleor_picqer.config import SettingProblem
from saleor_picqer.config.table import LABELS
from saleor_picqer.errors import (
    EndpointError,
    IntegrationError,
    InvalidResponseError,
    NotFoundError,
    SettingsError,
    UnusableAddressError,
)
from saleor_picqer.picqer.account import PicqerAccount, usable_endpoint, usable_key
from saleor_picqer.picqer.client import PicqerClient
from saleor_picqer.picqer.gateway.reference import (
    PROFILES,
    TAGS,
    TEMPLATES,
    VAT_GROUPS,
    WAREHOUSES,
)
from saleor_picqer.picqer.gateway.reference_check import WantedEntries, missing_entries
from saleor_picqer.picqer.inspection import check_access

logger = logging.getLogger(__name__)

# Seconds that one request of a check takes at most: staff wait for the answer.
_TIMEOUT: Final = (3, 10)
_MAX_WAIT: Final = 3


def picqer_problems(valid: Mapping[str, Any]) -> Iterator[SettingProblem]:
    """Yield the problems of address and key, and of each setting that names what Picqer lacks.

    `valid` has the parsed values of the settings whose form is right.
    """
    problems = list(account_problems(valid))
    yield from problems
    if problems or not ("endpoint" in valid and "api_key" in valid):
        return
    account = PicqerAccount(
        endpoint=valid["endpoint"],
        api_key=valid["api_key"],
        storefront=valid.get("storefront", ""),
        contact_email=valid.get("contact_email", ""),
        plain_http_hosts=extensions.plain_http_hosts(),
    )
    with PicqerClient(account, timeout=_TIMEOUT, max_wait=_MAX_WAIT) as client:
        try:
            check_access(client)
        except IntegrationError as error:
            yield from _lasting_problem(account.endpoint, error)
        else:
            yield from entry_problems(client, valid)


def entry_problems(client: PicqerClient, valid: Mapping[str, Any]) -> Iterator[SettingProblem]:
    """Yield the problem of each setting that names what Picqer lacks, a request for each list."""
    for setting, message in missing_entries(client, _wanted(valid)):
        yield SettingProblem(setting, f"{LABELS[setting]}: {message}")


def account_problems(valid: Mapping[str, Any]) -> Iterator[SettingProblem]:
    """Yield the problems of an address and a key that no request shows."""
    try:
        hosts = extensions.plain_http_hosts()
        if "endpoint" in valid:
            usable_endpoint(valid["endpoint"], hosts)
    except SettingsError as error:
        yield SettingProblem("endpoint", f"{LABELS['endpoint']}: {error.message}")
    try:
        if "api_key" in valid:
            usable_key(valid["api_key"])
    except SettingsError as error:
        yield SettingProblem("api_key", f"{LABELS['api_key']}: {error.message}")


def _wanted(valid: Mapping[str, Any]) -> list[WantedEntries]:
    rate = valid.get("default_vat_rate")
    return [
        WantedEntries("shipping_profiles", PROFILES, _values(valid, "shipping_profiles")),
        WantedEntries("templates", TEMPLATES, _values(valid, "templates")),
        WantedEntries("order_tags", TAGS, valid.get("order_tags", ())),
        WantedEntries("selling_warehouses", WAREHOUSES, valid.get("selling_warehouses", ())),
        WantedEntries("adopted_warehouses", WAREHOUSES, [*valid.get("adopted_warehouses", {})]),
        WantedEntries("default_vat_rate", VAT_GROUPS, [] if rate is None else [rate]),
    ]


def _values(valid: Mapping[str, Any], setting: str) -> list[str]:
    return sorted(set(valid.get(setting, {}).values()))


def _lasting_problem(endpoint: str, error: IntegrationError) -> Iterator[SettingProblem]:
    """Yield the problem for an error that stays until a setting changes."""
    status = getattr(error, "status", None)
    foreign = isinstance(error, InvalidResponseError) and (status is None or status < 500)
    if status in (401, 403):  # whatever the body says
        yield SettingProblem("api_key", "Picqer API key: Picqer does not accept this key.")
    elif isinstance(error, UnusableAddressError):
        message = f"No connection to {endpoint} can be made: {error.text}. Correct the address."
        yield SettingProblem("endpoint", f"Picqer address: {message}")
    elif foreign or isinstance(error, EndpointError | NotFoundError):
        message = f"Picqer address: There is no Picqer at {endpoint}. Correct the address."
        yield SettingProblem("endpoint", message)
    else:
        # A temporary failure of Picqer must not keep staff from saving.
        logger.warning("The settings were saved without a check in Picqer: %s", error)
