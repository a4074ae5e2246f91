"""Mirror Picqer's warehouses in Saleor, and treat the channel's other warehouses."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final

from saleor_picqer.domain.stock import RemoteWarehouse, StockLimits
from saleor_picqer.domain.warehouses import (
    LEAVING,
    MIRRORED,
    LinkedWarehouse,
    WarehouseAction,
    WarehousePlan,
    Warehouses,
    WarehouseStep,
)
from saleor_picqer.errors import AccountSetupError, SettingsError
from saleor_picqer.sync.ports import Context, Links


def plan_warehouses(context: Context) -> WarehousePlan:
    """Return what a sync would do with warehouses: 1 request, and nothing is written.

    Raises SettingsError for an entry of a setting that names no warehouse, and AccountSetupError
    when no warehouse sells.
    """
    return plan_for(context, context.picqer.stock.warehouses())


def plan_for(context: Context, remote: Sequence[RemoteWarehouse]) -> WarehousePlan:
    """Return what `plan_warehouses` returns, for warehouses that the caller has read."""
    links = context.links.warehouses
    warehouses = Warehouses(
        remote=remote,
        shop=context.shop.warehouses.all(context.channel),
        links=links.read(),
        foreign_pks=frozenset(links.of_other_accounts()),
    )
    new_pks = {warehouse.id: links.pk_for(warehouse) for warehouse in remote}
    return warehouses.plan(context.settings.warehouses, new_pks)


def mirror_warehouses(context: Context) -> None:
    """Create, adopt, rename and link the warehouses that sell: 1 request.

    The other channels of the account follow, if they have mirrors: one pull reads the stock of all.
    Raises the errors of `plan_warehouses` before anything is written.
    """
    remote = context.picqer.stock.warehouses()
    _mirror(context, plan_for(context, remote))
    for sibling, plan in _plans_of_siblings(context, remote):
        _mirror(sibling, plan)


def _mirror(context: Context, plan: WarehousePlan) -> None:
    _carry_out(context, [step for step in plan.steps if step.action in MIRRORED])
    context.shop.warehouses.arrange(context.channel, list(plan.selling.values()))


def _plans_of_siblings(
    context: Context, remote: Sequence[RemoteWarehouse]
) -> Iterator[tuple[Context, WarehousePlan]]:
    """Yield the other channels of the account that have mirrors, each with a plan."""
    for sibling in context.siblings:
        mirrors = context.links.warehouses.read().values()
        # The first sync of a channel is left to staff, who see the preview.
        if any(sibling.channel in mirror.zones for mirror in mirrors):
            # A wrong setting stops only the channel's own runs, which report it.
            with suppress(SettingsError, AccountSetupError):
                yield sibling, plan_for(sibling, remote)


def retire_warehouses(
    context: Context, may_leave: Callable[[Mapping[str, str], Collection[str]], bool]
) -> list[str]:
    """Unlink, delete or keep the channel's other warehouses: 1 request.

    Called once the mirrors have their stock: until then, the shop sells what it had. `may_leave` is
    asked, with names by pk and the pks of the channel's remaining warehouses, whether those that
    are not Picqer's may leave the channel; otherwise they stay. Returns what staff should know,
    each a sentence that names the warehouse. In other channels of the account, only mirrors that
    sell no more are unlinked. Raises as `mirror_warehouses`.
    """
    remote = context.picqer.stock.warehouses()
    steps = [step for step in plan_for(context, remote).steps if step.action not in MIRRORED]
    mirrors = {mirror.pk for mirror in context.links.warehouses.read().values()}
    gone = {step.pk for step in steps if step.action in LEAVING}
    leaving = {step.pk: step.name for step in steps if step.pk in gone - mirrors}
    if leaving:
        channel = [each for each in context.shop.warehouses.all(context.channel) if each.in_channel]
        if not may_leave(leaving, [each.pk for each in channel if each.pk not in gone]):
            steps = [step for step in steps if step.pk not in leaving]
    reports = _carry_out(context, steps)
    for sibling, plan in _plans_of_siblings(context, remote):
        for step in plan.steps:
            if step.action is WarehouseAction.DETACH and step.pk in mirrors:
                _disconnect(sibling, step.pk)
    return reports


def _carry_out(context: Context, steps: Iterable[WarehouseStep]) -> list[str]:
    links = context.links.warehouses.read()
    reports = [_STEPS[step.action](context, step, links) for step in steps]
    return [report for report in reports if report]


def retire_former_mirrors(context: Context) -> bool:
    """Unlink the mirrors of the channel's former Picqer accounts; True if there were any."""
    former = {*context.links.warehouses.of_other_accounts()}
    shop = context.shop.warehouses
    linked = [warehouse.pk for warehouse in shop.all(context.channel) if warehouse.in_channel]
    retired = [pk for pk in linked if pk in former]
    for pk in retired:
        _disconnect(context, pk)
    return bool(retired)


def keep_back(links: Links, channel: str, limits: StockLimits) -> bool:
    """Save what a channel keeps back from sale; False where its mirrors know that already."""
    mirrors = links.warehouses.read()
    outdated = {
        id_: link for id_, link in mirrors.items() if link.limits.get(channel, limits) != limits
    }
    for id_, link in outdated.items():
        links.warehouses.save(id_, replace(link, limits={**link.limits, channel: limits}))
    return bool(outdated)


type _Links = Mapping[int, LinkedWarehouse]


def _create(context: Context, step: WarehouseStep, links: _Links) -> str:
    context.shop.warehouses.create(step.pk, step.name, context.channel)
    return _connect(context, step, LinkedWarehouse(step.pk), links)


def _adopt(context: Context, step: WarehouseStep, links: _Links) -> str:
    return _connect(context, step, LinkedWarehouse(step.pk, adopted=True), links)


def _follow(context: Context, step: WarehouseStep, links: _Links) -> str:
    link = _link_of(step, links) or LinkedWarehouse(step.pk)
    if not link.adopted:
        context.shop.warehouses.rename(step.pk, step.name)
    return _connect(context, step, link, links)


def _connect(context: Context, step: WarehouseStep, link: LinkedWarehouse, links: _Links) -> str:
    """Link the mirror to channel and shipping zones, and save a changed link."""
    if step.remote is None:
        raise AssertionError("only warehouses of Picqer are mirrored")
    known = link.zones.get(context.channel)
    zones = context.shop.warehouses.connect(step.pk, context.channel, known)
    before = _link_of(step, links)
    names = tuple(name for name in (before.names if before else ()) if name != step.name)
    after = replace(
        link,
        names=(*names, step.name),
        zones={**link.zones, context.channel: zones},
        limits={**link.limits, context.channel: context.settings.warehouses.limits},
    )
    if after != before:
        context.links.warehouses.save(step.remote.id, after)
    return ""


def _detach(context: Context, step: WarehouseStep, _links: _Links) -> str:
    _disconnect(context, step.pk)
    return step.reason and f'Warehouse "{step.name}" was unlinked from the channel. {step.reason}'


def _delete(context: Context, step: WarehouseStep, _links: _Links) -> str:
    if reason := context.shop.warehouses.delete(step.pk, context.channel):
        return _detach(context, replace(step, reason=reason), _links)
    return ""


def _keep(_context: Context, step: WarehouseStep, _links: _Links) -> str:
    return step.reason and f'Warehouse "{step.name}" stays in the channel. {step.reason}'


def _disconnect(context: Context, pk: str) -> None:
    context.shop.warehouses.disconnect(pk, context.channel)
    # A warehouse that sells again is linked to its zones again.
    context.links.warehouses.forget_channel(pk, context.channel)


def _link_of(step: WarehouseStep, links: _Links) -> LinkedWarehouse | None:
    link = links.get(step.remote.id) if step.remote else None
    return link if link and link.pk == step.pk else None


_STEPS: Final[Mapping[WarehouseAction, Callable[[Context, WarehouseStep, _Links], str]]] = {
    WarehouseAction.CREATE: _create,
    WarehouseAction.ADOPT: _adopt,
    WarehouseAction.FOLLOW: _follow,
    WarehouseAction.DETACH: _detach,
    WarehouseAction.DELETE: _delete,
    WarehouseAction.KEEP: _keep,
}
