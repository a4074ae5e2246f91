"""Run a full sync, and compare products, warehouses and stock of Saleor and Picqer."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from typing import Any

from example_project.demo import readme
from example_project.demo.console import Step
from example_project.demo.errors import DemoStoppedError
from example_project.demo.picqer import StockByPlace
from example_project.demo.setup import Demo

SYNC_SECONDS = 180.0


def full_sync(demo: Demo) -> None:
    """Run a full sync. Raises DemoStoppedError if the run fails as a whole."""
    # Confirmed, because the shop of the demo has stock of its own, and Picqer has none yet.
    with demo.console.step("Run a full sync (triggerPicqerFullSync)") as step:
        run_id = demo.staff.start_full_sync()
        run = demo.wait(
            step,
            lambda: _watch_run(demo, run_id, step),
            lambda found: found["status"] in {"DONE", "FAILED"},
            SYNC_SECONDS,
        )
        outcomes = ("created", "updated", "unchanged", "failed")
        step.note(", ".join(f"{run[outcome]} {outcome}" for outcome in outcomes))
        for problem in run["problems"]:
            step.note(problem)
    demo.checks.equal("Full sync", "DONE, 0 failed", f"{run['status']}, {run['failed']} failed")
    if run["status"] != "DONE":
        reasons = "; ".join(run["problems"]) or "The plugin gives no reason."
        raise DemoStoppedError(f"The full sync is {run['status']}: {reasons}")


def check_products(demo: Demo) -> None:
    """Check that Picqer has a product for every variant of the shop, with text and image."""
    in_shop, in_picqer = demo.staff.variant_ids(), demo.servers.account.products()
    found = [in_picqer[sku] for sku in in_shop if sku in in_picqer]
    demo.checks.equal("Variants in Picqer", len(in_shop), len(found))
    described = sum(bool(product["description"]) for product in found)
    demo.checks.equal("Descriptions in Picqer", len(in_shop), described)
    pictured = sum(bool(product["images"]) for product in found)
    demo.checks.equal("Images in Picqer", len(in_shop), pictured)


def check_warehouses(demo: Demo) -> None:
    """Check that the shop sells from Picqer's warehouses and from no other."""
    wanted, found = demo.servers.account.warehouses(), demo.staff.selling_warehouses()
    demo.checks.equal("Warehouses in the shop", ", ".join(wanted), ", ".join(found))


def book_in(demo: Demo, needed: Mapping[str, int]) -> None:
    """Book in goods until one warehouse has the needed pieces, by SKU.

    Raises DemoStoppedError if Picqer still lacks some after the warehouse's time limit.
    """
    warehouse = demo.servers.warehouse
    with demo.console.step("Book in goods at the warehouse") as step:
        warehouse.book_in({sku: needed[sku] for sku in _lacking(demo, needed)}, step)
        lacking = demo.wait(
            step, lambda: _lacking(demo, needed), lambda found: not found, warehouse.max_wait
        )
    if lacking:
        raise DemoStoppedError(f"Picqer does not have enough of {', '.join(lacking)}.")
    if not demo.servers.receives_webhooks:
        full_sync(demo)


def pull_stock(demo: Demo) -> None:
    """Have the stock pulled with the command of the README."""
    with demo.console.step("Pull the stock with curl, as the README says") as step:
        if shutil.which("curl") is None:
            demo.checks.skip("Pull with curl", "curl is not installed")
            return
        answer = readme.run_pull_command(
            {
                "SALEOR_URL": demo.servers.shop_url,
                "CHANNEL": demo.staff.picqer_status()["channel"],
                "PICQER_API_KEY": demo.servers.account.api_key,
            }
        )
        run = demo.wait(
            step,
            lambda: _watch_run(demo, answer["run"], step),
            lambda found: found["status"] in {"DONE", "FAILED"},
            SYNC_SECONDS,
        )
    demo.checks.equal("Pull with curl", "STOCK, DONE", f"{run['kind']}, {run['status']}")


def check_stock(demo: Demo, when: str) -> None:
    """Check that Saleor offers what is free in Picqer, for each SKU in each warehouse."""
    skus = set(demo.staff.variant_ids())
    with demo.console.step(f"Compare stock {when}, each SKU in each warehouse") as step:
        free, available = demo.wait(
            step, lambda: _both_stocks(demo, skus), lambda found: found[0] == found[1]
        )
        differing = _differing_places(free, available)
        for warehouse, sku in differing:
            step.note(
                f"{sku} in {warehouse}: {free.get((warehouse, sku), 0)} free in Picqer,"
                f" {available.get((warehouse, sku), 0)} available in Saleor"
            )
    suffix = f", {len(differing)} places differ" if differing else ""
    demo.checks.record(
        f"Stock {when}",
        f"{sum(free.values())} pieces in Picqer",
        f"{sum(available.values())} pieces in Saleor{suffix}",
        passed=free == available,
    )


def _watch_run(demo: Demo, run_id: str, step: Step) -> Mapping[str, Any]:
    """Show the progress of the run, and return the run."""
    run: Mapping[str, Any] = demo.staff.picqer_status()["lastRun"]
    if run["id"] != run_id:
        return {**run, "kind": "", "status": "queued"}
    done = run["created"] + run["updated"] + run["unchanged"] + run["failed"]
    step.show(f"{done} of {run['total']}", done, run["total"] or None)
    return run


def _lacking(demo: Demo, needed: Mapping[str, int]) -> list[str]:
    """Return the SKUs of which no single warehouse has the needed pieces."""
    most: dict[str, int] = {}
    for (_, sku), pieces in demo.servers.account.free_stock().items():
        most[sku] = max(pieces, most.get(sku, 0))
    return [sku for sku, pieces in needed.items() if most.get(sku, 0) < pieces]


def _both_stocks(demo: Demo, skus: set[str]) -> tuple[StockByPlace, StockByPlace]:
    """Return Picqer's free stock of the shop's products, and Saleor's available stock."""
    free = demo.servers.account.free_stock()
    of_shop = {place: pieces for place, pieces in free.items() if place[1] in skus}
    return of_shop, dict(demo.staff.available_stock())


def _differing_places(free: StockByPlace, available: StockByPlace) -> list[tuple[str, str]]:
    places = sorted(free.keys() | available.keys())
    return [place for place in places if free.get(place, 0) != available.get(place, 0)]
