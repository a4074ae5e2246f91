"""The test database: Saleor's tables from its models, the plugin's from its migrations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, cast

from django.apps import apps
from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import pre_migrate
from django.test import TestCase, TransactionTestCase

from tests.integration.support.host import IS_SALEOR_3

EXTENSIONS = ("btree_gin", "hstore", "pg_trgm", "pgcrypto")
# Saleor 3 makes them in migrations; the models' defaults use them.
SEQUENCES = (
    "discount_promotion_old_sale_id_seq",
    "discount_promotionrule_old_channel_listing_id_seq",
    "order_order_number_seq",
)


class OnlyOurMigrations:
    """Value of `MIGRATION_MODULES` that skips the migrations of every other app."""

    def __contains__(self, app_label: str) -> bool:
        return app_label != "saleor_picqer"

    def __getitem__(self, app_label: str) -> None:
        return None


def skip_saleors_migrations() -> None:
    """Create the test database from Saleor's models."""
    settings.MIGRATION_MODULES = OnlyOurMigrations()
    pre_migrate.connect(
        _create_what_only_migrations_create, sender=apps.get_app_config("contenttypes")
    )


def use_one_connection() -> None:
    """Let Saleor 3's replica alias read uncommitted rows of the test."""
    if not IS_SALEOR_3:
        return
    TransactionTestCase.databases = TestCase.databases = set(connections)
    connections["replica"] = cast(BaseDatabaseWrapper, ReplicaOnWriter(connections["default"]))


class ReplicaOnWriter:
    """The writer's connection under the replica's name, so that both share the test's transaction.

    Unlike Saleor's own helper the class has no state: a change of the transaction on one alias,
    such as `needs_rollback`, applies to the other alias too.
    """

    alias = "replica"

    def __init__(self, writer: BaseDatabaseWrapper) -> None:
        object.__setattr__(self, "_writer", writer)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._writer, name)

    def __setattr__(self, name: str, value: object) -> None:
        setattr(self._writer, name, value)

    def cursor(self, *args: Any, **kwargs: Any) -> Any:
        return self._ours(self._writer.cursor, *args, **kwargs)

    def chunked_cursor(self, *args: Any, **kwargs: Any) -> Any:
        return self._ours(self._writer.chunked_cursor, *args, **kwargs)

    def _ours(self, create: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Return a cursor whose statements Saleor's guard attributes to the replica."""
        from saleor.core.db.connection import allow_writer

        with allow_writer():
            cursor = create(*args, **kwargs)
        cursor.db = self
        return cursor


def _create_what_only_migrations_create(using: str, **_: Any) -> None:
    with connections[using].cursor() as cursor:
        for name in EXTENSIONS:
            cursor.execute(f"CREATE EXTENSION IF NOT EXISTS {name}")
        for name in SEQUENCES if IS_SALEOR_3 else ():
            cursor.execute(f"CREATE SEQUENCE IF NOT EXISTS {name}")


def saleor_contents() -> dict[str, str]:
    """Return a digest of every table of Saleor that has rows."""
    with connections["default"].cursor() as cursor:
        tables = connections["default"].introspection.table_names(cursor)
        found = {}
        for table in tables:
            if table.startswith(("saleor_picqer_", "django_")):
                continue
            cursor.execute(f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t")  # noqa: S608
            (digest,) = cursor.fetchone()
            if digest:
                found[table] = digest
    return found


def rows_written() -> Counter[str]:
    """Return the number of rows written by the test's transaction, by table of Saleor."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
            " WHERE relname NOT LIKE 'saleor_picqer_%'"
        )
        return Counter(dict(cursor.fetchall()))
