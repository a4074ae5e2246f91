"""The app's rows in Saleor's tables: written once, compared, and left alone once removed."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any, Final

from django.db import transaction

from saleor_picqer import __version__, extensions
from saleor_picqer.dashboard.pages import BASE, ORDER, ORDER_CARD, OVERVIEW
from saleor_picqer.hosts import host
from saleor_picqer.hosts.common.apps import APP_IDENTIFIER, AppExtension, Apps, DashboardApp
from saleor_picqer.store.installed_app import InstalledApp

logger = logging.getLogger(__name__)

MANAGE_ORDERS: Final = frozenset({"order.manage_orders"})
MANAGE_PLUGINS: Final = frozenset({"plugins.manage_plugins"})
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
    places = [
        # The token of the app's own page has what app and person both may do; a permission named
        # in its place would hide the page from staff of orders, or from managers of plugins.
        AppExtension(
            identifier="overview",
            label="Picqer",
            mount="navigation_orders",
            target="app_page",
            url=OVERVIEW,
        ),
        AppExtension(
            identifier="order-menu",
            label="Picqer",
            mount="order_details_more_actions",
            target="popup",
            url=url + ORDER,
            permissions=MANAGE_ORDERS,
        ),
    ]
    if apps.has_cards:
        places.append(
            AppExtension(
                identifier="order-card",
                label="Picqer",
                mount="order_details_widgets",
                target="widget",
                url=url + ORDER_CARD,
                permissions=MANAGE_ORDERS,
                # With POST the page would get a token without a handshake, and never a new one.
                settings={"widgetTarget": {"method": "GET"}},
            )
        )
    return DashboardApp(
        name="Picqer",
        about="Picqer picks, packs and ships the orders of this shop.",
        author="saleor-picqer",
        version=__version__,
        url=url,
        permissions=MANAGE_ORDERS | MANAGE_PLUGINS,
        extensions=tuple(places),
    )
