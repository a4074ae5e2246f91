"""Run the demo: start the services, follow two orders, report what was checked."""

from __future__ import annotations

from contextlib import suppress

from requests import RequestException
from rich.text import Text

from devtools import Supervisor
from example_project import people
from example_project.catalogue import COURIER, PARCEL
from example_project.demo import checkout, report, setup, shipping, sync
from example_project.demo.checks import Checks
from example_project.demo.console import DemoConsole
from example_project.demo.errors import DemoStoppedError
from example_project.demo.setup import Demo, ExistingAccount
from example_project.demo.staff import Staff

PARCEL_BASKET = {"KB-DOM-250": 2, "KB-MUG-BLUE": 1}
COURIER_BASKET = {"KB-PAPER-100": 1}


def run_demo(
    supervisor: Supervisor,
    console: DemoConsole,
    account: ExistingAccount | None,
    *,
    keep_running: bool,
) -> int:
    """Run the demo; return 0 if every check has passed, else 1.

    With `keep_running`, the services stay up until Ctrl-C. Raises ServiceError when a service does
    not start or ends early.
    """
    console.heading("Starting the services")
    servers = setup.start_servers(supervisor, console, account)
    demo = Demo(servers, console, Checks(), Staff.signed_in(servers.shop_url, people.OWNER))
    completed = _run_steps(demo)
    passed = report.report_checks(demo, supervisor.logs, completed=completed)
    if keep_running and completed:
        report.show_addresses(console, servers, supervisor.logs)
        with suppress(KeyboardInterrupt):
            supervisor.watch()
        console.rich.print("\nStopping.", style="bold")
    return 0 if passed else 1


def _run_steps(demo: Demo) -> bool:
    """Run all steps. Return False if a step failed and the next could not run."""
    try:
        _connect(demo)
        _synchronise(demo)
        placed, order = _place_orders(demo)
        _ship(demo, placed, order)
    except (DemoStoppedError, RequestException) as error:
        demo.console.rich.print(Text(f"The demo cannot continue. {error}", "bold red"))
        return False
    return True


def _connect(demo: Demo) -> None:
    demo.console.heading("Connecting the plugin to Picqer")
    # An interrupted run may have left open orders with allocated stock.
    checkout.cancel_courier_orders(demo)
    setup.refuse_wrong_api_key(demo)
    setup.configure_plugin(demo)
    setup.check_hooks(demo)
    setup.check_pages(demo)


def _synchronise(demo: Demo) -> None:
    demo.console.heading("Sending products to Picqer, reading warehouses and stock")
    sync.full_sync(demo)
    sync.check_products(demo)
    sync.check_warehouses(demo)
    sync.check_stock(demo, "after the sync")
    sync.book_in(demo, PARCEL_BASKET | COURIER_BASKET)
    sync.check_stock(demo, "after the booking")
    sync.pull_stock(demo)


def _place_orders(demo: Demo) -> tuple[checkout.PlacedOrder, checkout.PicqerOrder]:
    """Place two orders; return the parcel order as Saleor and as Picqer show it."""
    demo.console.heading("Placing two orders: a parcel shipped by Picqer, and a courier delivery")
    by_courier = checkout.place_order(demo, people.FLEUR, COURIER_BASKET, COURIER)
    placed = checkout.place_order(demo, people.ANNA, PARCEL_BASKET, PARCEL)
    order = checkout.check_order_in_picqer(demo, placed)
    checkout.check_order_not_in_picqer(demo, by_courier)
    return placed, order


def _ship(demo: Demo, placed: checkout.PlacedOrder, order: checkout.PicqerOrder) -> None:
    demo.console.heading("Shipping the parcel in Picqer, fulfilling the order in Saleor")
    tracking_code = shipping.ship(demo, order)
    if demo.servers.receives_webhooks:
        shipping.check_fulfilment(demo, placed, tracking_code)
        shipping.check_mail(demo, placed, tracking_code)
        shipping.check_webhooks(demo)
    else:
        demo.checks.skip("Fulfilment in Saleor", "Picqer cannot reach this shop: set PUBLIC_URL")
    checkout.cancel_courier_orders(demo)
    sync.check_stock(demo, "at the end")
