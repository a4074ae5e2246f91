"""The plugin's tasks go to the Celery queue that the shop has named."""

from __future__ import annotations

from pathlib import Path

from tests.integration.delivery.real_worker import SWEEP, RealWorker
from tests.integration.delivery.running_shop import RunningShop


def test_nothing_strays_into_saleors_queue_when_the_plugin_has_its_own(
    running_shop: RunningShop, tmp_path: Path
) -> None:
    pk = running_shop.new_order()
    own = RealWorker(tmp_path, concurrency=1, sweep=0.2)
    try:
        own.start()
        with own.on_duty():
            # The beat of this worker enqueues the sweep, and the sweep enqueues the order.
            running_shop.record(pk)
            own.wait_until(lambda: running_shop.row(pk).stage == "processed")
            own.wait_until(lambda: f"Task {SWEEP}" in own.log.read_text())
            assert own.messages("celery") == 0
    finally:
        own.stop()
