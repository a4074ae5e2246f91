"""Findings of the doctor, and the checks' keys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """Severity of a finding."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


class CheckKey(StrEnum):
    """Names of the checks."""

    INSTALLATION = "installation"
    MIGRATIONS = "migrations"
    SWEEPER = "sweeper"
    CACHE = "cache"
    DATABASE_CLOCK = "database_clock"
    PUBLIC_ADDRESS = "public_address"
    COPY = "copy"
    SETTINGS = "settings"
    KEY = "key"
    PICQER_CLOCK = "picqer_clock"
    ROUND_TRIP = "round_trip"
    WEBHOOKS = "webhooks"
    SHIPPING_METHODS = "shipping_methods"
    OTHER_SHIPMENTS = "other_shipments"
    WAREHOUSES = "warehouses"
    ALLOCATION = "allocation"
    SKUS = "skus"
    PRODUCTS = "products"
    VAT_GROUPS = "vat_groups"
    COUNTRIES = "countries"
    BACKLOG = "backlog"
    ALARMS = "alarms"


@dataclass(frozen=True, slots=True)
class Finding:
    """Result of a check, without personal data and without secrets.

    `advice` says what to do and is empty where all is well. `count` is how many things the finding
    concerns, 0 where it concerns none or is not about numbers.
    """

    level: Level
    text: str
    advice: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A finding, with its check and with the channel's primary key; "" stands for the shop."""

    check: CheckKey
    channel: str
    finding: Finding


def ok(text: str, count: int = 0) -> Finding:
    return Finding(Level.OK, text, count=count)


def warning(text: str, advice: str, count: int = 0) -> Finding:
    return Finding(Level.WARNING, text, advice, count)


def error(text: str, advice: str, count: int = 0) -> Finding:
    return Finding(Level.ERROR, text, advice, count)


def worst(diagnoses: Iterable[Diagnosis]) -> Level:
    """Return the worst level of all findings."""
    levels = {one.finding.level for one in diagnoses}
    return next((level for level in (Level.ERROR, Level.WARNING) if level in levels), Level.OK)


def described(count: int, thing: str, several: str = "") -> str:
    """Return a number with its noun: "1 order", "2 orders"."""
    return f"{count:,} {thing if count == 1 else several or f'{thing}s'}"


def quoted(names: Iterable[str], limit: int = 5) -> str:
    """Return names for a sentence, the first of many and the number of the others."""
    found = list(names)
    shown = ", ".join(f'"{name}"' for name in found[:limit])
    more = len(found) - limit
    return f"{shown} and {more:,} more" if more > 0 else shown
