"""Reference data: warehouses, VAT groups, templates, carriers, packagings, custom fields."""

from __future__ import annotations

from picqer_simulator.core.account import Account
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


def initial_state(now: str) -> State:
    """Return the state of a new account.

    The account has one user, one template, one carrier, one box and the three Dutch VAT groups, but
    no warehouse and no product.
    """
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
    """Add a warehouse with the lowest priority."""
    # Lower numbers come first.
    priority = len(state.warehouses) + 1
    values = {"priority": priority, **attributes}
    warehouse = Warehouse(state.new_id("warehouse"), name, **values)  # type: ignore[arg-type]
    state.warehouses[warehouse.idwarehouse] = warehouse
    return warehouse


def add_vatgroup(state: State, name: str, percentage: float, *, standard: bool = False) -> VatGroup:
    """Add a VAT group."""
    vatgroup = VatGroup(state.new_id("vatgroup"), name, percentage, standard)
    state.vatgroups[vatgroup.idvatgroup] = vatgroup
    return vatgroup


def add_customfield(state: State, kind: str, title: str, **attributes: object) -> CustomField:
    """Add a custom field; `kind` is orderfield, customerfield or productfield."""
    entry = CustomField(state.new_id(kind), title, **attributes)  # type: ignore[arg-type]
    registry: dict[int, CustomField] = getattr(state, f"{kind}s")
    registry[entry.id] = entry
    return entry


def list_warehouses(account: Account, query: Query) -> list[Wire]:
    """List warehouses, also inactive warehouses."""
    warehouses = account.state.warehouses.values()
    return [public(warehouse) for warehouse in page(account.options, warehouses, query)]


def get_warehouse(account: Account, idwarehouse: int) -> Wire:
    return public(account.find(account.state.warehouses, idwarehouse))


def list_vatgroups(account: Account, query: Query) -> list[Wire]:
    vatgroups = account.state.vatgroups.values()
    return [public(vatgroup) for vatgroup in page(account.options, vatgroups, query)]


def get_vatgroup(account: Account, idvatgroup: int) -> Wire:
    return public(account.find(account.state.vatgroups, idvatgroup))


def list_templates(account: Account, query: Query) -> list[Wire]:
    templates = account.state.templates.values()
    return [public(template) for template in page(account.options, templates, query)]


def list_packagings(account: Account, query: Query) -> list[Wire]:
    packagings = account.state.packagings.values()
    return [public(packaging) for packaging in page(account.options, packagings, query)]


def list_shippingproviders(account: Account, query: Query) -> list[Wire]:
    providers = account.state.shippingproviders.values()
    return [
        public(provider) | {"profiles": [public(profile) for profile in provider.profiles]}
        for provider in page(account.options, providers, query)
    ]


def list_orderfields(account: Account, query: Query) -> list[Wire]:
    return _list_fields(account, "orderfield", query)


def list_customerfields(account: Account, query: Query) -> list[Wire]:
    return _list_fields(account, "customerfield", query)


def list_productfields(account: Account, query: Query) -> list[Wire]:
    return _list_fields(account, "productfield", query)


def get_orderfield(account: Account, idorderfield: int) -> Wire:
    return field_wire("orderfield", account.find(account.state.orderfields, idorderfield))


def get_productfield(account: Account, idproductfield: int) -> Wire:
    return field_wire("productfield", account.find(account.state.productfields, idproductfield))


def field_wire(kind: str, entry: CustomField) -> Wire:
    """Return a custom field as JSON."""
    attributes = public(entry)
    return {f"id{kind}": attributes.pop("id"), **attributes}


def default_template(state: State) -> int | None:
    """Return the id of the default template."""
    return next((entry.idtemplate for entry in state.templates.values() if entry.default), None)


def _list_fields(account: Account, kind: str, query: Query) -> list[Wire]:
    """List the custom fields of one kind."""
    entries: dict[int, CustomField] = getattr(account.state, f"{kind}s")
    return [field_wire(kind, entry) for entry in page(account.options, entries.values(), query)]


def _add_vatgroups(state: State) -> None:
    """Add the three Dutch VAT groups."""
    add_vatgroup(state, "Hoog tarief", 21, standard=True)
    add_vatgroup(state, "Laag tarief", 9)
    add_vatgroup(state, "Geen BTW", 0)


def _add_shipping(state: State) -> None:
    """Add a template, a box and a carrier with two profiles."""
    template = Template(state.new_id("template"), "Standaard", default=True)
    state.templates[template.idtemplate] = template
    box = Packaging(state.new_id("packaging"), "Doos A4", length=31, width=22, height=12)
    state.packagings[box.idpackaging] = box
    provider = ShippingProvider(state.new_id("shippingprovider"), "PostNL", "postnl")
    for name in ("Standaard", "Brievenbus"):
        provider.profiles.append(ShippingProfile(state.new_id("profile"), name))
    state.shippingproviders[provider.idshippingprovider] = provider
