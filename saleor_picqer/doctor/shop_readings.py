"""What the doctor reads once for the whole shop."""

from __future__ import annotations

import pkgutil
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from django.core import checks
from django.core.cache import caches
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from saleor_picqer import migrations, wiring
from saleor_picqer.config import PLUGIN_ID
from saleor_picqer.domain.doctor.address import PublicAddress
from saleor_picqer.domain.doctor.findings import CheckKey
from saleor_picqer.domain.doctor.installation import CacheKind, Sweeps, SystemMessage
from saleor_picqer.hosts import host
from saleor_picqer.store.readings import database_clock

_CACHE_KEY: Final = "saleor_picqer:doctor"
_CACHE_SECONDS: Final = 30


def read_installation() -> Sequence[SystemMessage]:
    found = [one for one in checks.run_checks(tags=[PLUGIN_ID]) if not one.is_silenced()]
    return [SystemMessage(one.msg, one.hint or "", one.is_serious()) for one in found]


def read_migrations() -> Sequence[str]:
    """Return the plugin's migrations that are not applied: 2 statements."""
    applied = MigrationRecorder(connection).applied_migrations()
    names = {name for _, name, _ in pkgutil.iter_modules(migrations.__path__)}
    return sorted(name for name in names if ("saleor_picqer", name) not in applied)


def read_sweeps() -> Sweeps:
    return Sweeps(wiring.sweeper.finished_at(), timezone.now())


def read_cache() -> CacheKind:
    """Write to Django's cache and read back."""
    cache = caches["default"]
    nonce = secrets.token_hex(8)
    try:
        cache.set(_CACHE_KEY, nonce, _CACHE_SECONDS)
        keeps = cache.get(_CACHE_KEY) == nonce
    except Exception:  # noqa: BLE001 - each cache raises errors of its own
        keeps = False
    return CacheKind(type(cache).__name__, keeps)


def read_database_clock() -> float:
    """Return by how many seconds the database's clock is ahead: 1 statement."""
    before = timezone.now()
    at_database = database_clock()
    after = timezone.now()
    return (at_database - (before + (after - before) / 2)).total_seconds()


def read_public_address() -> PublicAddress:
    accounts = (
        wiring.account_in(host().channels.pk_of(row), row)
        for row in host().channels.configurations()
        if row.active
    )
    hosts = {urlsplit(f"//{account}").hostname or "" for account in accounts if account}
    return PublicAddress(host().channels.public_address(), frozenset(hosts))


SHOP_READINGS: Final[Mapping[CheckKey, Callable[[], Any]]] = {
    CheckKey.INSTALLATION: read_installation,
    CheckKey.MIGRATIONS: read_migrations,
    CheckKey.SWEEPER: read_sweeps,
    CheckKey.CACHE: read_cache,
    CheckKey.DATABASE_CLOCK: read_database_clock,
    CheckKey.PUBLIC_ADDRESS: read_public_address,
}
