"""Products go to Picqer; warehouses and stock come from there."""

from collections.abc import Mapping
from typing import Any

from example_project.demo.errors import StoryStoppedError
from example_project.demo.narration import Step
from example_project.demo.picqer import StockByPlace
from example_project.demo.scene import Scene

SYNC_SECONDS = 180.0


def full_sync(scene: Scene) -> None:
    """Raises StoryStoppedError when it fails as a whole, e.g. for want of a warehouse."""
    with scene.narrator.step("Full sync, started by triggerPicqerFullSync") as step:
        run_id = scene.dashboard.start_full_sync()
        run = scene.wait(
            step,
            lambda: _watch_run(scene, run_id, step),
            lambda found: found["status"] in {"done", "failed"},
            SYNC_SECONDS,
        )
        outcomes = ("created", "updated", "unchanged", "failed")
        step.note(", ".join(f"{run[outcome]} {outcome}" for outcome in outcomes))
        for problem in run["problems"]:
            step.note(problem)
    scene.checks.equal("Full sync", "done, 0 failed", f"{run['status']}, {run['failed']} failed")
    if run["status"] != "done":
        raise StoryStoppedError(f"The full sync is {run['status']}: {_words(run['problems'])}")


def _words(problems: list[str]) -> str:
    return "; ".join(problems) or "it gives no reason"


def _watch_run(scene: Scene, run_id: str, step: Step) -> Mapping[str, Any]:
    run: Mapping[str, Any] = scene.dashboard.picqer_status()["lastRun"]
    if run["id"] != run_id:
        return {**run, "status": "queued"}
    done = run["created"] + run["updated"] + run["unchanged"] + run["failed"]
    step.show(f"{done} of {run['total']}", done, run["total"] or None)
    return run


def expect_products(scene: Scene) -> None:
    in_shop, in_picqer = scene.dashboard.variant_ids(), scene.stage.account.products()
    scene.checks.equal("Variants in Picqer", len(in_shop), len(in_shop.keys() & in_picqer))


def expect_warehouses(scene: Scene) -> None:
    wanted, found = scene.stage.account.warehouses(), scene.dashboard.selling_warehouses()
    scene.checks.equal("Warehouses in the shop", ", ".join(wanted), ", ".join(found))


def book_in(scene: Scene, needed: Mapping[str, int]) -> None:
    """Raises StoryStoppedError unless one warehouse has `needed` (pieces by SKU) in the end."""
    warehouse = scene.stage.warehouse
    with scene.narrator.step("Goods are booked in at the warehouse") as step:
        warehouse.book_in({sku: needed[sku] for sku in _lacking(scene, needed)}, step)
        lacking = scene.wait(
            step, lambda: _lacking(scene, needed), lambda found: not found, warehouse.max_wait
        )
    if lacking:
        raise StoryStoppedError(f"Picqer has not enough of {', '.join(lacking)}")
    if not scene.stage.hears_picqer:
        full_sync(scene)


def _lacking(scene: Scene, needed: Mapping[str, int]) -> list[str]:
    most: dict[str, int] = {}
    for (_, sku), pieces in scene.stage.account.free_stock().items():
        most[sku] = max(pieces, most.get(sku, 0))
    return [sku for sku, pieces in needed.items() if most.get(sku, 0) < pieces]


def expect_same_stock(scene: Scene, when: str) -> None:
    """What can be bought in Saleor is what is free in Picqer: each SKU in each warehouse."""
    skus = set(scene.dashboard.variant_ids())
    with scene.narrator.step(f"Stock is compared {when}, each SKU in each warehouse") as step:
        free, available = scene.wait(
            step, lambda: _both_stocks(scene, skus), lambda found: found[0] == found[1]
        )
        differing = _differing(free, available)
        for warehouse, sku in differing:
            step.note(
                f"{sku} in {warehouse}: {free.get((warehouse, sku), 0)} free in Picqer,"
                f" {available.get((warehouse, sku), 0)} available in Saleor"
            )
    scene.checks.that(
        f"Stock {when}",
        f"{sum(free.values())} pieces in Picqer",
        f"{sum(available.values())} pieces in Saleor" + _different(len(differing)),
        ok=free == available,
    )


def _both_stocks(scene: Scene, skus: set[str]) -> tuple[StockByPlace, StockByPlace]:
    """What is free in Picqer, of the shop's products, and what is available in Saleor."""
    free = scene.stage.account.free_stock()
    ours = {place: pieces for place, pieces in free.items() if place[1] in skus}
    return ours, dict(scene.dashboard.available_stock())


def _different(number: int) -> str:
    return f", {number} places differ" if number else ""


def _differing(free: StockByPlace, available: StockByPlace) -> list[tuple[str, str]]:
    places = sorted(free.keys() | available.keys())
    return [place for place in places if free.get(place, 0) != available.get(place, 0)]
