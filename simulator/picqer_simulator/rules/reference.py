"""Owns the small lists of an account, and what a new account starts with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from picqer_simulator.core.models import (
    CustomField,
    Packaging,
    ShippingProfile,
    ShippingProvider,
    Template,
    User,
    VatGroup,
    Warehouse,
    Wire,
    public,
)
from picqer_simulator.core.queries import Query, page
from picqer_simulator.core.state import State

if TYPE_CHECKING:
    from picqer_simulator.core.account import Simulator


def new_account(now: str) -> State:
    """One user, template, carrier, box and the three Dutch VAT groups; no warehouse or product."""
    state = State()
    user = User(
        iduser=state.new_id("user"),
        username="simulator",
        firstname="Sim",
        lastname="Ulator",
        emailaddress="simulator@picqer.example",
        created_at=now,
        updated_at=now,
    )
    state.users[user.iduser] = user
    _add_vatgroups(state)
    _add_shipping(state)
    return state


def add_warehouse(state: State, name: str, **attributes: object) -> Warehouse:
    priority = len(state.warehouses) + 1
    values = {"priority": priority, **attributes}
    warehouse = Warehouse(state.new_id("warehouse"), name, **values)  # type: ignore[arg-type]
    state.warehouses[warehouse.idwarehouse] = warehouse
    return warehouse


def add_vatgroup(state: State, name: str, percentage: float, *, standard: bool = False) -> VatGroup:
    vatgroup = VatGroup(state.new_id("vatgroup"), name, percentage, standard)
    state.vatgroups[vatgroup.idvatgroup] = vatgroup
    return vatgroup


def add_customfield(state: State, kind: str, title: str, **attributes: object) -> CustomField:
    """`kind` is orderfield, customerfield or productfield. The API itself cannot define fields."""
    entry = CustomField(state.new_id(kind), title, **attributes)  # type: ignore[arg-type]
    registry: dict[int, CustomField] = getattr(state, f"{kind}s")
    registry[entry.id] = entry
    return entry


def list_warehouses(simulator: Simulator, query: Query) -> list[Wire]:
    """Inactive ones too."""
    warehouses = simulator.state.warehouses.values()
    return [public(warehouse) for warehouse in page(simulator.knobs, warehouses, query)]


def get_warehouse(simulator: Simulator, idwarehouse: int) -> Wire:
    return public(simulator.find(simulator.state.warehouses, idwarehouse))


def list_vatgroups(simulator: Simulator, query: Query) -> list[Wire]:
    vatgroups = simulator.state.vatgroups.values()
    return [public(vatgroup) for vatgroup in page(simulator.knobs, vatgroups, query)]


def get_vatgroup(simulator: Simulator, idvatgroup: int) -> Wire:
    return public(simulator.find(simulator.state.vatgroups, idvatgroup))


def list_templates(simulator: Simulator, query: Query) -> list[Wire]:
    templates = simulator.state.templates.values()
    return [public(template) for template in page(simulator.knobs, templates, query)]


def list_packagings(simulator: Simulator, query: Query) -> list[Wire]:
    packagings = simulator.state.packagings.values()
    return [public(packaging) for packaging in page(simulator.knobs, packagings, query)]


def list_shippingproviders(simulator: Simulator, query: Query) -> list[Wire]:
    providers = simulator.state.shippingproviders.values()
    return [
        public(provider) | {"profiles": [public(profile) for profile in provider.profiles]}
        for provider in page(simulator.knobs, providers, query)
    ]


def list_orderfields(simulator: Simulator, query: Query) -> list[Wire]:
    return _list_fields(simulator, "orderfield", query)


def list_customerfields(simulator: Simulator, query: Query) -> list[Wire]:
    return _list_fields(simulator, "customerfield", query)


def list_productfields(simulator: Simulator, query: Query) -> list[Wire]:
    return _list_fields(simulator, "productfield", query)


def get_orderfield(simulator: Simulator, idorderfield: int) -> Wire:
    return field_wire("orderfield", simulator.find(simulator.state.orderfields, idorderfield))


def get_productfield(simulator: Simulator, idproductfield: int) -> Wire:
    return field_wire("productfield", simulator.find(simulator.state.productfields, idproductfield))


def field_wire(kind: str, entry: CustomField) -> Wire:
    attributes = public(entry)
    return {f"id{kind}": attributes.pop("id"), **attributes}


def default_template(state: State) -> int | None:
    return next((entry.idtemplate for entry in state.templates.values() if entry.default), None)


def _list_fields(simulator: Simulator, kind: str, query: Query) -> list[Wire]:
    entries: dict[int, CustomField] = getattr(simulator.state, f"{kind}s")
    return [field_wire(kind, entry) for entry in page(simulator.knobs, entries.values(), query)]


def _add_vatgroups(state: State) -> None:
    add_vatgroup(state, "Hoog tarief", 21, standard=True)
    add_vatgroup(state, "Laag tarief", 9)
    add_vatgroup(state, "Geen BTW", 0)


def _add_shipping(state: State) -> None:
    template = Template(state.new_id("template"), "Standaard", default=True)
    state.templates[template.idtemplate] = template
    box = Packaging(state.new_id("packaging"), "Doos A4", length=31, width=22, height=12)
    state.packagings[box.idpackaging] = box
    provider = ShippingProvider(state.new_id("shippingprovider"), "PostNL", "postnl")
    for name in ("Standaard", "Brievenbus"):
        provider.profiles.append(ShippingProfile(state.new_id("profile"), name))
    state.shippingproviders[provider.idshippingprovider] = provider
