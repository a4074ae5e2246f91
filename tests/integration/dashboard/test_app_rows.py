"""The app's rows in Saleor's tables: written, compared, and left alone once removed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models.signals import post_migrate
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from saleor_picqer import tasks
from saleor_picqer.dashboard import installation, pages
from saleor_picqer.hosts import host
from saleor_picqer.models import InstalledApp
from tests.integration.support.commands import manage_picqer
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.host import IS_SALEOR_3, LINE

if IS_SALEOR_3:
    from django.apps import apps
    from saleor.app.models import App, AppToken
    from saleor.order.models import OrderEvent

pytestmark = [
    pytest.mark.usefixtures("db"),
    pytest.mark.skipif(not IS_SALEOR_3, reason="Saleor 2.10 has no apps in its dashboard"),
]
ADDRESS = "https://api.shop.example"
PAGES = f"{ADDRESS}/plugins/global/picqer-global/app"


@pytest.fixture(autouse=True)
def public_url(request: pytest.FixtureRequest, settings: Any) -> None:
    """Give the shop a public address, unless the plugin is already set up at another."""
    if "connected_shop" not in request.fixturenames:
        settings.PUBLIC_URL = ADDRESS


def the_app() -> Any:
    return App.objects.get(identifier="saleor-picqer")


def places() -> dict[tuple[str, str], str]:
    """Return the address of each extension by mount and target."""
    return {(row.mount, row.target): row.url for row in the_app().extensions.all()}


def migrate() -> None:
    """Do what Django does at the end of `manage.py migrate`."""
    config = apps.get_app_config("saleor_picqer")
    post_migrate.send(config, app_config=config, using="default", verbosity=0)


def test_app_stands_in_the_dashboard_after_migrate() -> None:
    App.objects.all().delete()
    InstalledApp.objects.all().delete()

    migrate()

    app = the_app()
    assert (app.name, app.type, app.is_active, app.is_installed) == (
        "Picqer",
        "thirdparty",
        True,
        True,
    )
    assert app.app_url == PAGES
    assert app.get_permissions() == {
        "order.manage_orders",
        "plugins.manage_plugins",
        "product.manage_products",
    }
    expected = {
        ("navigation_orders", "app_page"): "/overview",
        ("order_details_more_actions", "popup"): f"{PAGES}/order",
        ("product_details_more_actions", "popup"): f"{PAGES}/product",
    }
    if LINE != "3.21":
        expected["order_details_widgets", "widget"] = f"{PAGES}/order-card"
        expected["product_details_widgets", "widget"] = f"{PAGES}/product-card"
    if LINE == "3.23":
        expected["homepage_widgets", "widget"] = f"{PAGES}/home"
    searched = {place for place in places() if place[0] == "search_action"}
    assert {place: url for place, url in places().items() if place not in searched} == expected
    assert bool(searched) == (LINE == "3.23")


@pytest.mark.skipif(LINE != "3.23", reason="the line has no actions in the search")
def test_search_offers_what_fits_the_page() -> None:
    migrate()

    actions = {
        row.label: (row.url, row.target, row.settings)
        for row in the_app().extensions.filter(mount="search_action")
    }

    assert actions == {
        "Open Picqer": ("/overview", "app_page", {}),
        "Send to Picqer": (f"{PAGES}/order", "popup", {"views": ["ORDER_DETAILS"]}),
        "Stock in Picqer": (f"{PAGES}/product", "popup", {"views": ["PRODUCT_DETAILS"]}),
    }


@pytest.mark.skipif(LINE != "3.23", reason="the line has no cards on the home page")
def test_card_on_the_home_page_takes_the_handshake() -> None:
    migrate()

    (card,) = the_app().extensions.filter(mount="homepage_widgets")

    # With POST, which is the default, the page would get a token without a handshake.
    assert card.settings == {"homeWidgetTarget": {"method": "GET", "fullscreen": False}}


def test_saleor_shows_every_place_to_staff(connected_shop: ConnectedShop) -> None:
    """What Saleor's API returns to the dashboard: a mount that it does not know is an error."""
    migrate()
    api = connected_shop.shop.staff_api(email="admin@example.com")
    names = "mount target" if LINE == "3.21" else "mountName targetName"
    document = (
        f"{{ appExtensions(first: 50) {{ edges {{ node {{ url accessToken {names} }} }} }} }}"
    )

    found = [edge["node"] for edge in api.query(document)["appExtensions"]["edges"]]

    assert len(found) == the_app().extensions.count()
    assert all(node["accessToken"] for node in found)


def test_pages_ask_for_the_one_permission_that_they_need() -> None:
    migrate()

    for extension in the_app().extensions.exclude(target="app_page"):
        kind = "products" if "/product" in extension.url else "orders"
        assert [one.codename for one in extension.permissions.all()] == [f"manage_{kind}"]


def test_app_has_no_token_with_which_it_could_sign_in() -> None:
    migrate()

    assert not AppToken.objects.filter(app=the_app()).exists()


def test_rows_follow_when_the_public_address_changes(settings: Any) -> None:
    migrate()
    app = the_app()
    settings.PUBLIC_URL = "https://staging.shop.example"

    installation.bring_in_step()

    assert the_app().pk == app.pk
    assert the_app().app_url.startswith("https://staging.shop.example/")
    addresses = [url for url in places().values() if url != "/overview"]
    assert all(url.startswith("https://staging.shop.example/") for url in addresses)


def test_nothing_is_written_when_nothing_differs() -> None:
    migrate()
    before = sorted(row.pk for row in the_app().extensions.all())

    with CaptureQueriesContext(connection) as captured:
        installation.bring_in_step()

    written = [q["sql"] for q in captured if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert all('"saleor_picqer_installedapp"' in sql for sql in written), written
    assert sorted(row.pk for row in the_app().extensions.all()) == before


def test_removed_app_stays_removed() -> None:
    migrate()
    App.objects.filter(pk=the_app().pk).update(removed_at=timezone.now(), is_active=False)

    migrate()

    assert App.objects.filter(identifier="saleor-picqer").count() == 1
    assert the_app().removed_at is not None


def test_removed_app_stays_removed_when_saleor_has_deleted_its_row() -> None:
    migrate()
    the_app().delete()

    migrate()

    assert not App.objects.filter(identifier="saleor-picqer").exists()


def test_owners_changes_stay_when_rows_are_compared() -> None:
    migrate()
    app = the_app()
    App.objects.filter(pk=app.pk).update(is_active=False, name="Warehouse")
    app.permissions.clear()

    migrate()

    app = the_app()
    assert (app.is_active, app.name, app.get_permissions()) == (False, "Warehouse", set())


def test_app_is_found_again_when_the_plugins_tables_were_dropped() -> None:
    migrate()
    app = the_app()
    InstalledApp.objects.all().delete()

    migrate()

    assert the_app().pk == app.pk


def test_app_goes_and_comes_with_the_django_setting(settings: Any) -> None:
    migrate()
    settings.SALEOR_PICQER = {"dashboard": False}
    migrate()
    assert not App.objects.filter(identifier="saleor-picqer").exists()

    settings.SALEOR_PICQER = {}
    migrate()

    assert the_app().app_url == PAGES


def test_removed_app_stays_removed_when_it_is_switched_off_and_on(settings: Any) -> None:
    migrate()
    the_app().delete()
    settings.SALEOR_PICQER = {"dashboard": False}
    migrate()

    settings.SALEOR_PICQER = {}
    migrate()

    assert not App.objects.filter(identifier="saleor-picqer").exists()


def test_saved_settings_bring_the_rows_in_step(connected_shop: ConnectedShop) -> None:
    App.objects.filter(identifier="saleor-picqer").update(app_url="https://old.example/app")

    connected_shop.connect()

    assert the_app().app_url == f"{host().channels.public_address()}{pages.BASE}"


def test_settings_are_saved_when_the_app_cannot_be_written(
    connected_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Saleor's column has room for 200 characters.
    long = f"https://{'long.' * 50}example"
    monkeypatch.setattr(type(host().apps), "public_url", lambda _self, path: long + path)

    connected_shop.connect(storefront="Renamed")

    assert connected_shop.shop.plugin().settings["storefront"] == "Renamed"
    assert the_app().app_url != long + pages.BASE


@pytest.mark.parametrize("sweep", [tasks.sweep, lambda: manage_picqer("sweep")])
def test_sweep_compares_the_rows_once_an_hour(sweep: Callable[[], object]) -> None:
    migrate()
    App.objects.filter(identifier="saleor-picqer").update(app_url="https://old.example/app")
    sweep()
    assert the_app().app_url == "https://old.example/app"

    hour_ago = timezone.now() - timedelta(hours=1, minutes=1)
    InstalledApp.objects.update(compared_at=hour_ago)
    sweep()

    assert the_app().app_url == PAGES


def test_sweep_takes_one_statement_when_the_rows_were_compared(
    django_assert_num_queries: Any,
) -> None:
    migrate()

    with django_assert_num_queries(2):
        installation.follow_settings()


def test_notes_on_orders_are_by_the_app(stocked_shop: ConnectedShop) -> None:
    migrate()

    order = stocked_shop.order(BEANS=1)

    authors = OrderEvent.objects.filter(order_id=order, type="note_added")
    assert {event.app for event in authors} == {the_app()}
