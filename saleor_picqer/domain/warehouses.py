"""Decide which warehouses of Picqer sell in Saleor, and what becomes of the channel's others."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from enum import StrEnum
from functools import reduce
from typing import Final

from saleor_picqer.domain.names import normal_name
from saleor_picqer.domain.stock import NO_LIMITS, RemoteWarehouse, StockLimits
from saleor_picqer.errors import AccountSetupError, SettingsError


class OtherWarehouses(StrEnum):
    """The treatment of the channel's warehouses that do not come from Picqer."""

    DETACH = "detach"
    DELETE = "delete"
    KEEP = "keep"


class WarehouseAction(StrEnum):
    """What a sync does with a warehouse."""

    CREATE = "create"  # Saleor gets a new warehouse, the mirror of Picqer's
    ADOPT = "adopt"  # a warehouse that Saleor has already becomes the mirror of Picqer's
    FOLLOW = "follow"  # the mirror follows name and priority in Picqer
    DETACH = "detach"  # the warehouse is unlinked from the channel
    DELETE = "delete"
    KEEP = "keep"


# What happens to the warehouses in Picqer that sell.
MIRRORED: Final = frozenset({WarehouseAction.CREATE, WarehouseAction.ADOPT, WarehouseAction.FOLLOW})
# What happens to warehouses whose stock is sold in the channel no more.
LEAVING: Final = frozenset({WarehouseAction.DETACH, WarehouseAction.DELETE})


@dataclass(frozen=True, slots=True)
class WarehouseRules:
    """The channel's settings about warehouses. Entries are ids or names."""

    # The warehouses in Picqer that sell; empty for all that are active and accept orders.
    selling: tuple[str, ...] = ()
    # Warehouse in Picqer, with a normal name -> pk, slug or name of a warehouse in Saleor.
    adopted: Mapping[str, str] = field(default_factory=dict)
    others: OtherWarehouses = OtherWarehouses.DETACH
    limits: StockLimits = NO_LIMITS


@dataclass(frozen=True, slots=True)
class LinkedWarehouse:
    """The mirror of a warehouse in Picqer."""

    pk: str
    # Names that the warehouse has had in Picqer, the present one last.
    names: tuple[str, ...] = ()
    # True for a warehouse that staff had made in Saleor, which keeps its name.
    adopted: bool = False
    # Channel pk -> pks of the shipping zones linked so far, which are not linked again.
    zones: Mapping[str, Collection[str]] = field(default_factory=dict)
    # What the settings of each channel keep back from sale, by channel pk.
    limits: Mapping[str, StockLimits] = field(default_factory=dict)

    @property
    def strictest_limits(self) -> StockLimits:
        """The limits that all channels agree to."""
        return reduce(StockLimits.stricter, self.limits.values(), NO_LIMITS)


@dataclass(frozen=True, slots=True)
class ShopWarehouse:
    """A warehouse in Saleor, as seen from one channel."""

    pk: str
    name: str
    slug: str = ""
    in_channel: bool = False
    # Customers can collect their orders from the warehouse.
    is_collection_point: bool = False
    # The warehouse has stock of products that do not ship.
    holds_digital: bool = False
    in_other_channels: bool = False
    has_allocations: bool = False


@dataclass(frozen=True, slots=True)
class WarehouseStep:
    """One step of a sync of warehouses."""

    action: WarehouseAction
    # Name in Picqer, or in Saleor for a warehouse that is not Picqer's.
    name: str
    # Primary key in Saleor, also of a warehouse that is still to be created.
    pk: str
    remote: RemoteWarehouse | None = None
    # Why an action differs from what the settings ask for.
    reason: str = ""


@dataclass(frozen=True, slots=True)
class WarehousePlan:
    """All that one sync does with warehouses, those of Picqer first, in order of priority."""

    steps: tuple[WarehouseStep, ...]

    @property
    def selling(self) -> dict[int, str]:
        """Picqer's id of each warehouse that sells -> pk of the mirror, in order of priority."""
        return {
            step.remote.id: step.pk
            for step in self.steps
            if step.remote and step.action in MIRRORED
        }


@dataclass(frozen=True, slots=True)
class Warehouses:
    """The warehouses of both systems, and their links."""

    remote: Sequence[RemoteWarehouse]
    shop: Sequence[ShopWarehouse]
    links: Mapping[int, LinkedWarehouse]
    # Mirrors of the warehouses of other Picqer accounts.
    foreign_pks: Set[str] = frozenset()

    def plan(self, rules: WarehouseRules, new_pks: Mapping[int, str]) -> WarehousePlan:
        """Return what a sync has to do. `new_pks` has the pks of mirrors to create, by Picqer's id.

        Raises SettingsError for an entry of a setting that names no warehouse, and
        AccountSetupError when no warehouse sells.
        """
        sells = self._selling(rules.selling)
        if not sells:
            raise AccountSetupError(
                "Picqer has no active warehouse that accepts orders: add one in Picqer."
                if not rules.selling
                else "None of the warehouses that sell is active and accepts orders in Picqer:"
                " change that in Picqer, or the setting Warehouses that sell."
            )
        adopted = self._adopted(rules.adopted)
        mirrors = [self._mirror(warehouse, adopted, new_pks) for warehouse in sells]
        taken = {step.pk for step in mirrors}
        return WarehousePlan(
            (*mirrors, *self._retired(sells, taken), *self._others(rules.others, taken))
        )

    def _selling(self, entries: Sequence[str]) -> list[RemoteWarehouse]:
        chosen = {self._find_remote(entry, "selling_warehouses").id for entry in entries}
        return [
            warehouse
            for warehouse in self.remote
            if warehouse.sells and (warehouse.id in chosen or not entries)
        ]

    def _adopted(self, entries: Mapping[str, str]) -> dict[int, ShopWarehouse]:
        """Return the warehouses to adopt by Picqer's id."""
        setting, found = "adopted_warehouses", dict[int, ShopWarehouse]()
        owners = {link.pk: remote_id for remote_id, link in self.links.items()}
        for entry, wanted in entries.items():
            remote, shop = self._find_remote(entry, setting), find_to_adopt(self.shop, wanted)
            owner = owners.get(shop.pk, remote.id)
            # A link ends with its warehouse in Picqer.
            is_taken = owner != remote.id and any(owner == other.id for other in self.remote)
            if is_taken or shop.pk in self.foreign_pks:
                raise SettingsError(
                    setting,
                    f'Adopted warehouses: "{wanted}" is the mirror of another warehouse in Picqer.',
                )
            found[remote.id] = shop
        return found

    def _mirror(
        self,
        warehouse: RemoteWarehouse,
        adopted: Mapping[int, ShopWarehouse],
        new_pks: Mapping[int, str],
    ) -> WarehouseStep:
        link, adoption = self.links.get(warehouse.id), adopted.get(warehouse.id)
        pk = adoption.pk if adoption else link.pk if link else new_pks[warehouse.id]
        exists = any(pk == other.pk for other in self.shop)
        if adoption and not (link and link.pk == pk):
            action = WarehouseAction.ADOPT
        else:
            action = WarehouseAction.FOLLOW if exists else WarehouseAction.CREATE
        return WarehouseStep(action, warehouse.name, pk, warehouse)

    def _retired(
        self, sells: Sequence[RemoteWarehouse], taken: Collection[str]
    ) -> Iterator[WarehouseStep]:
        """Yield the mirrors that sell no more."""
        selling = {warehouse.id for warehouse in sells}
        by_id = {warehouse.id: warehouse for warehouse in self.remote}
        in_channel = {warehouse.pk for warehouse in self.shop if warehouse.in_channel}
        for remote_id, link in self.links.items():
            if link.pk in taken or link.pk not in in_channel:
                continue
            name = link.names[-1] if link.names else ""
            reason = _why_not_selling(by_id.get(remote_id), replaced=remote_id in selling)
            yield WarehouseStep(WarehouseAction.DETACH, name, link.pk, by_id.get(remote_id), reason)

    def _others(self, rule: OtherWarehouses, taken: Collection[str]) -> Iterator[WarehouseStep]:
        """Yield the channel's warehouses that have no counterpart in Picqer."""
        known = {link.pk for link in self.links.values()} | set(taken)
        for warehouse in self.shop:
            if warehouse.in_channel and warehouse.pk not in known:
                action, reason = self._treatment(rule, warehouse)
                yield WarehouseStep(action, warehouse.name, warehouse.pk, reason=reason)

    def _treatment(
        self, rule: OtherWarehouses, warehouse: ShopWarehouse
    ) -> tuple[WarehouseAction, str]:
        if rule is OtherWarehouses.KEEP:
            return WarehouseAction.KEEP, ""
        if warehouse.is_collection_point:
            return WarehouseAction.KEEP, "Customers collect their orders from it."
        if warehouse.holds_digital:
            return WarehouseAction.KEEP, "It has stock of products that do not ship."
        needed = why_not_deleted(warehouse)
        if warehouse.pk in self.foreign_pks:
            needed = "It belongs to another Picqer account."
        if rule is OtherWarehouses.DELETE and not needed:
            return WarehouseAction.DELETE, ""
        return WarehouseAction.DETACH, needed if rule is OtherWarehouses.DELETE else ""

    def _find_remote(self, entry: str, setting: str) -> RemoteWarehouse:
        """Return the warehouse with the id or the name; also with a name from before a renaming."""
        wanted = normal_name(entry)
        present = [w for w in self.remote if str(w.id) == entry] or [
            w for w in self.remote if normal_name(w.name) == wanted
        ]
        found = present or [
            w
            for w in self.remote
            if (link := self.links.get(w.id)) and wanted in map(normal_name, link.names)
        ]
        return _only(found, setting, f'Picqer has no warehouse "{entry}"', entry)


def find_to_adopt(shop: Sequence[ShopWarehouse], entry: str) -> ShopWarehouse:
    """Return the warehouse with the pk, slug or name.

    Raises SettingsError for the setting `adopted_warehouses` if there is none, or several.
    """
    wanted = normal_name(entry)
    found = [w for w in shop if entry in (w.pk, w.slug)] or [
        w for w in shop if normal_name(w.name) == wanted
    ]
    return _only(found, "adopted_warehouses", f'Saleor has no warehouse "{entry}"', entry)


def why_not_deleted(warehouse: ShopWarehouse) -> str:
    """Return why a warehouse must not be deleted; empty if nothing speaks against it."""
    if warehouse.has_allocations:
        return "Goods in it are allocated to orders."
    if warehouse.in_other_channels:
        return "Another channel uses it."
    return ""


def _why_not_selling(warehouse: RemoteWarehouse | None, *, replaced: bool) -> str:
    if replaced:
        return "Another warehouse takes its place."
    if warehouse is None:
        return "Picqer no longer has the warehouse."
    if not warehouse.active:
        return "The warehouse is inactive in Picqer."
    if not warehouse.accepts_orders:
        return "The warehouse accepts no orders in Picqer."
    return "The setting Warehouses that sell does not name it."


def _only[W](found: Sequence[W], setting: str, missing: str, entry: str) -> W:
    label = _LABELS[setting]
    if not found:
        raise SettingsError(setting, f"{label}: {missing}.")
    if len(found) > 1:
        problem = f'{label}: several warehouses are called "{entry}". Enter the id of one.'
        raise SettingsError(setting, problem)
    return found[0]


_LABELS = {
    "selling_warehouses": "Warehouses that sell",
    "adopted_warehouses": "Adopted warehouses",
}
