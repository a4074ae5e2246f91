"""The example shop at work: `python -m example_project.demo [--check]`.

Starts everything, plays the story of an order from checkout to delivery over real HTTP, and checks
both sides after every step. With `PICQER_ENDPOINT` and `PICQER_API_KEY` set it talks to that
account instead of the simulator; then `PUBLIC_URL` is where Picqer reaches this shop.
"""

import argparse
import sys
from contextlib import suppress

from requests import RequestException
from rich.console import Console
from rich.text import Text

from devtools import ServiceError, Supervisor
from example_project import people
from example_project.catalogue import COURIER, PARCEL
from example_project.demo import connecting, ending, selling, syncing
from example_project.demo.checks import Checks
from example_project.demo.dashboard import Dashboard
from example_project.demo.errors import StoryStoppedError
from example_project.demo.narration import Narrator
from example_project.demo.scene import Scene
from example_project.demo.stage import Given, Stage, set_stage

PARCEL_BASKET = {"KB-DOM-250": 2, "KB-MUG-BLUE": 1}
COURIER_BASKET = {"KB-PAPER-100": 1}


def tell(scene: Scene) -> None:
    """The story. Raises StoryStoppedError where it cannot go on."""
    chapter = scene.narrator.chapter

    chapter("The shop is connected to its warehouse")
    selling.call_off_courier_orders(scene)
    connecting.refuse_wrong_key(scene)
    connecting.configure(scene)
    connecting.expect_hooks(scene)

    chapter("Products go to Picqer; warehouses and stock come from there")
    syncing.full_sync(scene)
    syncing.expect_products(scene)
    syncing.expect_warehouses(scene)
    syncing.expect_same_stock(scene, "after the sync")
    syncing.book_in(scene, PARCEL_BASKET | COURIER_BASKET)
    syncing.expect_same_stock(scene, "after the booking")

    chapter("Two customers buy, one of them something for Picqer")
    by_courier = selling.check_out(scene, people.FLEUR, COURIER_BASKET, COURIER)
    placed = selling.check_out(scene, people.ANNA, PARCEL_BASKET, PARCEL)
    order = selling.expect_processing(scene, placed)
    selling.expect_nothing(scene, by_courier)

    chapter("Picqer ships, the shop fulfils")
    code = selling.ship(scene, order)
    if scene.stage.hears_picqer:
        selling.expect_fulfilled(scene, placed, code)
        selling.expect_mail(scene, placed, code)
        selling.expect_webhooks_handled(scene)
    else:
        scene.checks.skip("Fulfilment in Saleor", "Picqer cannot reach this shop: set PUBLIC_URL")
    selling.call_off_courier_orders(scene)
    syncing.expect_same_stock(scene, "in the end")


def main() -> int:
    options, console = _options(), Console()
    try:
        given = Given.from_environment()
        with Supervisor(given.name if given else "demo") as supervisor:
            narrator = Narrator(console, supervisor.check)
            return play(supervisor, narrator, given, stay=not options.check)
    except KeyboardInterrupt:
        console.print("Stopped before the end of the story.", style="bold")
        return 130
    except ServiceError as error:
        ending.show_failure(console, error)
        return 1


def play(supervisor: Supervisor, narrator: Narrator, given: Given | None, *, stay: bool) -> int:
    """Return the exit status: 0 when everything was as expected."""
    narrator.chapter("The stage is set")
    stage = set_stage(supervisor, narrator, given)
    checks, stopped = Checks(), False
    try:
        tell(Scene(stage, narrator, checks, Dashboard.signed_in(stage.shop_url, people.OWNER)))
    except (StoryStoppedError, RequestException) as error:
        narrator.console.print(Text(f"The story stops here. {error}", "bold red"))
        stopped = True
    checks.equal("Tracebacks in the logs", "none", ending.tracebacks(supervisor.logs) or "none")
    ending.show_checks(narrator, checks)
    if stopped or checks.failed:
        ending.show_logs(narrator, supervisor.logs)
    if stay and not stopped:
        _stay(supervisor, narrator, stage)
    return int(stopped or bool(checks.failed))


def _stay(supervisor: Supervisor, narrator: Narrator, stage: Stage) -> None:
    """Until Ctrl-C; raises ProcessError when something ends on its own."""
    ending.show_addresses(narrator, stage, supervisor.logs)
    with suppress(KeyboardInterrupt):
        supervisor.watch()
    narrator.console.print("\nStopping.", style="bold")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m example_project.demo")
    parser.add_argument("--check", action="store_true", help="stop when the story has been told")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
