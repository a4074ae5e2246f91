"""`manage.py picqer warehouses`: what the next sync does with warehouses."""

from __future__ import annotations

from typing import Final

from saleor_picqer import wiring
from saleor_picqer.domain.warehouses import WarehouseAction
from saleor_picqer.errors import IntegrationError
from saleor_picqer.management.actions.base import ChannelSubcommand
from saleor_picqer.sync.warehouses import plan_warehouses

_TEXTS: Final = {
    WarehouseAction.CREATE: "is created in Saleor",
    WarehouseAction.ADOPT: "is adopted: Saleor has it already",
    WarehouseAction.FOLLOW: "is in Saleor, and follows Picqer",
    WarehouseAction.DETACH: "is unlinked from the channel",
    WarehouseAction.DELETE: "is deleted in Saleor",
    WarehouseAction.KEEP: "stays in the channel",
}


class WarehousesPreview(ChannelSubcommand):
    name = "warehouses"
    help = "say what the next sync does with warehouses, and change nothing"
    failure = "The warehouses could not be compared in"

    def run_in(self, channel: str, slug: str) -> bool:
        try:
            plan = plan_warehouses(wiring.context_for_channel(channel))
        except IntegrationError as error:
            self.stderr.write(f"{slug}: {error.explain()}")
            return False
        self.stdout.write(f"{slug}: the next sync treats {len(plan.steps)} warehouses.")
        for step in plan.steps:
            text = f'  "{step.name}" {_TEXTS[step.action]}. {step.reason}'
            self.stdout.write(text.rstrip())
        return True
