"""The state of an account: all records by id, and their file format."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter

from picqer_simulator.core.models import (
    Backorder,
    Comment,
    Customer,
    CustomField,
    Hook,
    Order,
    Packaging,
    Picklist,
    Product,
    Shipment,
    ShippingProvider,
    StockChange,
    Tag,
    Template,
    User,
    VatGroup,
    Warehouse,
)


@dataclass
class State:
    """All records of an account by id."""

    last_ids: dict[str, int] = field(default_factory=Counter)
    users: dict[int, User] = field(default_factory=dict)
    vatgroups: dict[int, VatGroup] = field(default_factory=dict)
    warehouses: dict[int, Warehouse] = field(default_factory=dict)
    templates: dict[int, Template] = field(default_factory=dict)
    shippingproviders: dict[int, ShippingProvider] = field(default_factory=dict)
    packagings: dict[int, Packaging] = field(default_factory=dict)
    orderfields: dict[int, CustomField] = field(default_factory=dict)
    customerfields: dict[int, CustomField] = field(default_factory=dict)
    productfields: dict[int, CustomField] = field(default_factory=dict)
    tags: dict[int, Tag] = field(default_factory=dict)
    products: dict[int, Product] = field(default_factory=dict)
    stockhistory: dict[int, StockChange] = field(default_factory=dict)
    customers: dict[int, Customer] = field(default_factory=dict)
    orders: dict[int, Order] = field(default_factory=dict)
    backorders: dict[int, Backorder] = field(default_factory=dict)
    picklists: dict[int, Picklist] = field(default_factory=dict)
    shipments: dict[int, Shipment] = field(default_factory=dict)
    comments: dict[int, Comment] = field(default_factory=dict)
    hooks: dict[int, Hook] = field(default_factory=dict)

    def new_id(self, kind: str) -> int:
        """Return the next id; ids are never used twice."""
        self.last_ids[kind] = self.last_ids.get(kind, 0) + 1
        return self.last_ids[kind]


_ADAPTER = TypeAdapter(State)


def dump(state: State) -> bytes:
    """Encode a state as JSON, with the secrets of hooks."""
    return _ADAPTER.dump_json(state, indent=1)


def parse(raw: bytes) -> State:
    """Decode a state; raise ValueError for anything else."""
    return _ADAPTER.validate_json(raw)


def save(state: State, path: Path) -> None:
    """Replace the file in one step; only the owner may read the file."""
    # The file contains the secrets of hooks.
    new = path.with_name(f"{path.name}.new")
    new.touch(mode=0o600)
    new.write_bytes(dump(state))
    new.replace(path)


def load(path: Path) -> State:
    """Return the state in a file; raise ValueError for any other content."""
    return parse(path.read_bytes())
