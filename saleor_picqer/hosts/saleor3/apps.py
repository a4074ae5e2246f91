"""Apps of Saleor 3."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Final

from saleor.app import types
from saleor.app.models import App
from saleor.app.models import AppExtension as ExtensionRow
from saleor.app.types import AppType
from saleor.core.utils import build_absolute_uri
from saleor.permission.models import Permission

from saleor_picqer.domain.problems import Problem
from saleor_picqer.hosts.common.apps import APP_IDENTIFIER, AppExtension, Apps, DashboardApp
from saleor_picqer.hosts.saleor3.problems import IS_SUPPORTED, show

_MOUNTS: Final = getattr(types, "AppExtensionMount", None)
_CARDS: Final = ("ORDER_DETAILS_WIDGETS", "PRODUCT_DETAILS_WIDGETS")
# What only newer lines and releases store of an extension.
_COLUMNS: Final = {column.name for column in ExtensionRow._meta.concrete_fields}


class Saleor3Apps(Apps):
    # From 3.23, every text is a mount.
    has_cards = _MOUNTS is None or all(hasattr(_MOUNTS, mount) for mount in _CARDS)
    has_home_and_search = _MOUNTS is None
    has_problems = IS_SUPPORTED

    def public_url(self, path: str) -> str:
        return build_absolute_uri(path)

    def find(self) -> str | None:
        rows = App.objects.filter(identifier=APP_IDENTIFIER).order_by("-pk")
        pk = rows.values_list("pk", flat=True).first()
        return None if pk is None else str(pk)

    def create(self, app: DashboardApp) -> str:
        row = App.objects.create(
            identifier=APP_IDENTIFIER,
            name=app.name,
            about_app=app.about,
            author=app.author,
            version=app.version,
            app_url=app.url,
            # Others get no token of the person who looks at them.
            type=AppType.THIRDPARTY,
            is_active=True,
            is_installed=True,
        )
        row.permissions.set(_permissions(app.permissions))
        _write_extensions(row, app.extensions)
        return str(row.pk)

    def update(self, pk: str, app: DashboardApp) -> bool:
        row = App.objects.filter(pk=pk, removed_at=None).first()
        if row is None:
            return False
        differs = (row.app_url, row.version) != (app.url, app.version)
        if differs:
            App.objects.filter(pk=pk).update(app_url=app.url, version=app.version)
        wanted = sorted(map(_as_row, app.extensions), key=repr)
        if wanted == sorted(map(_stored, _extensions(row)), key=repr):
            return differs
        row.extensions.all().delete()
        _write_extensions(row, app.extensions)
        return True

    def delete(self, pk: str) -> bool:
        deleted, _ = App.objects.filter(pk=pk, removed_at=None).delete()
        return bool(deleted)

    def show_problems(self, problems: Collection[Problem]) -> bool:
        app = current_app()
        if app is None or not self.has_problems:
            return False
        return show(app, problems if app.is_active else ())


def current_app() -> App | None:
    """Return the plugin's app, as long as its owner has not removed it."""
    return App.objects.filter(identifier=APP_IDENTIFIER, removed_at=None).order_by("-pk").first()


def _extensions(row: App) -> Iterable[ExtensionRow]:
    return row.extensions.prefetch_related("permissions__content_type")


def _write_extensions(row: App, extensions: Iterable[AppExtension]) -> None:
    for extension in extensions:
        columns, permissions = _as_row(extension)
        written = ExtensionRow.objects.create(app=row, **columns)
        written.permissions.set(_permissions(permissions))


def _as_row(extension: AppExtension) -> tuple[dict[str, Any], list[str]]:
    """Return the columns that the line has, and the permissions."""
    columns = {
        "identifier": extension.identifier,
        "label": extension.label,
        "mount": extension.mount,
        "target": extension.target,
        "url": extension.url,
        "settings": dict(extension.settings),
        "http_target_method": "GET" if extension.target == "widget" else None,
    }
    known = {name: value for name, value in columns.items() if name in _COLUMNS}
    return known, sorted(extension.permissions)


def _stored(row: ExtensionRow) -> tuple[dict[str, Any], list[str]]:
    names = ("identifier", "label", "mount", "target", "url", "settings", "http_target_method")
    columns = {name: getattr(row, name) for name in names if name in _COLUMNS}
    permissions = [f"{one.content_type.app_label}.{one.codename}" for one in row.permissions.all()]
    return columns, sorted(permissions)


def _permissions(names: Iterable[str]) -> list[Permission]:
    wanted = set(names)
    rows = Permission.objects.select_related("content_type").filter(
        codename__in=[name.rpartition(".")[2] for name in wanted]
    )
    return [row for row in rows if f"{row.content_type.app_label}.{row.codename}" in wanted]
