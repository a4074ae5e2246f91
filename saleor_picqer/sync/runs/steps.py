"""The phases of a run, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from saleor_picqer.domain.runs import Phase, Position, next_phase
from saleor_picqer.sync.ports import Context, Run
from saleor_picqer.sync.runs import absent, dry_run, listing, push, stock_pull

# Each works for a while and returns the position to go on from; None when the phase is complete.
type Step = Callable[[Context, Run], Position | None]


def carry_on(context: Context, run: Run) -> None:
    """Work on a run until the run is complete or the time is up.

    A run of a channel that has moved to another Picqer account begins again.
    """
    if run.account != context.account:
        run.start(context.account, context.shop.catalogue.count(context.channel))
    if run.dry_run:
        context = dry_run.without_writes(context)
    while (position := run.position).phase is not Phase.DONE:
        following = _STEPS[position.phase](context, run)
        if following is None:
            position = run.position
            following = position.enter(next_phase(run.kind, position.phase, dry_run=run.dry_run))
        run.save(following)
        if run.time_is_up():
            return


def _start(_context: Context, _run: Run) -> None:
    """Go on with the first phase of the run's kind."""


_STEPS: Final[Mapping[Phase, Step]] = {
    Phase.START: _start,
    Phase.WAREHOUSES: stock_pull.mirror_warehouses,
    Phase.ACTIVE_PRODUCTS: listing.read_active,
    Phase.INACTIVE_PRODUCTS: listing.read_inactive,
    Phase.ABSENT: absent.look_up,
    Phase.SOLD_OUT: absent.write_sold_out,
    Phase.OTHER_WAREHOUSES: stock_pull.retire_warehouses,
    Phase.PUSH: push.compare,
}
