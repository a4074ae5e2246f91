"""The app's rows in Saleor's tables: written once, compared, and left alone once removed."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from django.db import transaction

from saleor_picqer import __version__, extensions
from saleor_picqer.dashboard.pages import (
    BASE,
    HOME,
    ORDER,
    ORDER_CARD,
    OVERVIEW,
    PRODUCT,
    PRODUCT_CARD,
)
from saleor_picqer.hosts import host
from saleor_picqer.hosts.common.apps import APP_IDENTIFIER, AppExtension, Apps, DashboardApp
from saleor_picqer.store.installed_app import InstalledApp

logger = logging.getLogger(__name__)

MANAGE_ORDERS: Final = frozenset({"order.manage_orders"})
# Staff who may save a product, which sends it to Picqer, may also send it by a button.
MANAGE_PRODUCTS: Final = frozenset({"product.manage_products"})
MANAGE_PLUGINS: Final = frozenset({"plugins.manage_plugins"})
_SEARCH: Final = "search_action"
# Pause between two comparisons by the sweeper.
_PAUSE: Final = timedelta(hours=1)

_memory = InstalledApp(APP_IDENTIFIER)


def bring_in_step(**_: Any) -> None:
    """Write the app's rows where they differ from the settings; never raises an error."""
    apps = host().apps
    if apps is None:
        return
    try:
        with host().access.allow_db(), transaction.atomic():
            _bring_in_step(apps)
    except Exception:  # Saleor must start, migrate and save settings all the same
        logger.exception("The app in Saleor's dashboard could not be written.")


def follow_settings() -> None:
    """Compare the rows, at most once an hour: one statement at other times."""
    if host().apps is not None and _memory.take_turn(_PAUSE):
        bring_in_step()


def _bring_in_step(apps: Apps) -> None:
    # The lock keeps two processes that start at the same time from creating two apps.
    known = _memory.locked_pk()
    if not extensions.is_dashboard_on():
        # What the owner has removed stays remembered, for when the app is switched on again.
        _memory.remember(None if known is None or apps.delete(known) else known)
        return
    wanted = manifest(apps)
    # Without memory, after the plugin's tables were dropped, the app may be there from before.
    pk = known or apps.find()
    if pk is None:
        pk = apps.create(wanted)
        logger.info("Picqer was added to Saleor's dashboard.")
    elif apps.update(pk, wanted):
        logger.info("Picqer was brought up to date in Saleor's dashboard.")
    _memory.remember(pk)


def manifest(apps: Apps) -> DashboardApp:
    """Return the app as it should be, at Saleor's present public address."""
    url = apps.public_url(BASE)
    places = [_overview("overview", "navigation_orders", "Picqer"), *_menus(url)]
    if apps.has_cards:
        places += _cards(url)
    if apps.has_home_and_search:
        places += [_home(url), *_search(url)]
    return DashboardApp(
        name="Picqer",
        about="Picqer picks, packs and ships the orders of this shop.",
        author="saleor-picqer",
        version=__version__,
        url=url,
        permissions=MANAGE_ORDERS | MANAGE_PLUGINS | MANAGE_PRODUCTS,
        extensions=tuple(places),
    )


def _overview(identifier: str, mount: str, label: str) -> AppExtension:
    """Return a way to the app's own page."""
    # The token of this page has what app and person both may do; a permission named in its place
    # would hide the page from staff of orders, or from managers of plugins.
    return AppExtension(identifier, label, mount, "app_page", OVERVIEW)


def _menus(url: str) -> Iterator[AppExtension]:
    for kind, path, permissions in (
        ("order", ORDER, MANAGE_ORDERS),
        ("product", PRODUCT, MANAGE_PRODUCTS),
    ):
        mount = f"{kind}_details_more_actions"
        yield AppExtension(f"{kind}-menu", "Picqer", mount, "popup", url + path, permissions)


def _cards(url: str) -> Iterator[AppExtension]:
    # With POST the page would get a token without a handshake, and never a new one.
    settings = {"widgetTarget": {"method": "GET"}}
    for kind, path, permissions in (
        ("order", ORDER_CARD, MANAGE_ORDERS),
        ("product", PRODUCT_CARD, MANAGE_PRODUCTS),
    ):
        mount = f"{kind}_details_widgets"
        yield AppExtension(
            f"{kind}-card", "Picqer", mount, "widget", url + path, permissions, settings
        )


def _home(url: str) -> AppExtension:
    settings = {"homeWidgetTarget": {"method": "GET", "fullscreen": False}}
    mount = "homepage_widgets"
    return AppExtension("home", "Picqer", mount, "widget", url + HOME, MANAGE_ORDERS, settings)


def _search(url: str) -> Iterator[AppExtension]:
    """Yield the actions of the dashboard's search."""
    yield _overview("search-overview", _SEARCH, "Open Picqer")
    for kind, label, path, permissions in (
        ("order", "Send to Picqer", ORDER, MANAGE_ORDERS),
        ("product", "Stock in Picqer", PRODUCT, MANAGE_PRODUCTS),
    ):
        # Only on the page of an order or product, whose id the dashboard then passes.
        settings = {"views": [f"{kind.upper()}_DETAILS"]}
        yield AppExtension(
            f"search-{kind}", label, _SEARCH, "popup", url + path, permissions, settings
        )
