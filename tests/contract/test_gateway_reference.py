"""Look-ups in Picqer's small lists by name."""

from decimal import Decimal
from typing import Any

import pytest
from picqer_simulator import SimulatorServer, seeds
from picqer_simulator.core.models import ShippingProfile, ShippingProvider, Template
from picqer_simulator.rules import reference, tags

from saleor_picqer.errors import AccountSetupError
from saleor_picqer.picqer.client import PicqerClient
from saleor_picqer.picqer.gateway import Gateway
from tests.contract.gateways import Memory


@pytest.fixture
def memory() -> Any:
    return Memory()


@pytest.fixture
def gateway(simulated: PicqerClient, memory: Any) -> Any:
    return Gateway(simulated, memory)


@pytest.fixture
def requests(server: SimulatorServer) -> Any:
    """Return a function for the number of requests so far."""
    return lambda: server.runtime.log.summary()["total"]


def add_profile(account: Any, provider: Any, name: Any) -> Any:
    state = account.state
    carrier = ShippingProvider(state.new_id("shippingprovider"), provider, provider.lower())
    carrier.profiles.append(ShippingProfile(state.new_id("profile"), name))
    state.shippingproviders[carrier.idshippingprovider] = carrier
    return carrier.profiles[0].idshippingprovider_profile


def add_template(account: Any, name: Any) -> Any:
    template = Template(account.state.new_id("template"), name)
    account.state.templates[template.idtemplate] = template
    return template.idtemplate


def add_tag(account: Any, title: Any) -> Any:
    return tags.create(account, {"title": title, "color": "#000000", "inherit": False})["idtag"]


def add_vat_group(account: Any, name: Any) -> Any:
    return reference.add_vatgroup(account.state, name, float(name)).idvatgroup


ADDERS = {
    "shipping_profile": lambda account, name: add_profile(account, "DHL", name),
    "template": add_template,
    "tag": add_tag,
}


@pytest.fixture(params=ADDERS)
def look_up(request: pytest.FixtureRequest) -> Any:
    """Return the gateway's method for one of the lists."""
    return lambda gateway, name: getattr(gateway.reference, request.param)(name)


@pytest.fixture
def add(look_up: Any, request: pytest.FixtureRequest, server: SimulatorServer) -> Any:
    """Return a function to add an entry to the list, with the id as result."""
    adder = ADDERS[request.node.callspec.params["look_up"]]
    return lambda name: server.account.run(adder, name)


def test_entry_is_found_whatever_its_case(gateway: Gateway, add: Any, look_up: Any) -> None:
    wanted = add("Same day")
    add("Same day 2")

    assert look_up(gateway, " same  DAY") == wanted


def test_entry_is_found_when_it_is_not_on_the_first_page(
    gateway: Gateway, add: Any, look_up: Any
) -> None:
    """Failure mode F21."""
    for number in range(250):
        add(f"Entry {number}")
    last = add("Last")

    assert look_up(gateway, "Last") == last


def test_list_is_read_once_when_a_name_is_in_it(
    gateway: Gateway, requests: Any, memory: Any, add: Any, look_up: Any
) -> None:
    first = add("First")

    assert [look_up(gateway, "First"), look_up(gateway, "first")] == [first, first]

    assert requests() == 1
    assert set(memory.timeouts.values()) == {3600}


def test_list_is_read_again_when_a_name_is_not_in_it(
    gateway: Gateway, requests: Any, add: Any, look_up: Any
) -> None:
    add("First")
    look_up(gateway, "First")

    second = add("Second")

    assert look_up(gateway, "Second") == second
    assert requests() == 2


def test_list_is_remembered_for_all_processes(
    simulated: PicqerClient, memory: Any, requests: Any, add: Any, look_up: Any
) -> None:
    wanted = add("Express")
    look_up(Gateway(simulated, memory), "Express")

    assert look_up(Gateway(simulated, memory), "Express") == wanted
    assert requests() == 1


def test_error_says_what_to_add_when_an_entry_is_missing(gateway: Gateway, look_up: Any) -> None:
    with pytest.raises(AccountSetupError, match=r'^Picqer has no [a-z ]+ "Overnight"\. Add it'):
        look_up(gateway, "Overnight")


def test_id_takes_no_request(gateway: Gateway, requests: Any) -> None:
    assert (gateway.reference.shipping_profile("88"), gateway.reference.template("3")) == (88, 3)
    assert requests() == 0


def test_tag_is_found_when_its_title_is_a_number(gateway: Gateway, server: SimulatorServer) -> None:
    wanted = server.account.run(add_tag, "2026")

    assert gateway.reference.tag("2026") == wanted


def test_id_is_asked_for_when_several_carriers_have_a_profile_of_that_name(
    gateway: Gateway, server: SimulatorServer
) -> None:
    one = server.account.run(add_profile, "DHL", "Overnight")
    other = server.account.run(add_profile, "DPD", "overnight")

    with pytest.raises(AccountSetupError, match=f"Enter the id of one: {one}, {other}"):
        gateway.reference.shipping_profile("Overnight")


def test_vat_group_is_found_by_its_rate_and_looked_up_again_when_it_is_new(
    gateway: Gateway, server: SimulatorServer, requests: Any
) -> None:
    """Failure mode F36."""
    with pytest.raises(AccountSetupError, match=r"no VAT group of 19 %\. Add it in Picqer"):
        gateway.reference.vat_group(Decimal("19.000"))
    wanted = server.account.run(add_vat_group, "19")

    assert gateway.reference.vat_group(Decimal("19.000")) == wanted
    assert gateway.reference.vat_group(Decimal(19)) == wanted
    assert requests() == 2


def test_first_vat_group_counts_when_several_have_one_rate(
    gateway: Gateway, server: SimulatorServer
) -> None:
    first = server.account.run(add_vat_group, "19")
    server.account.run(add_vat_group, "19")

    assert gateway.reference.vat_group(Decimal(19)) == first


def test_lists_are_told_apart_when_entries_have_the_same_name(
    gateway: Gateway, server: SimulatorServer
) -> None:
    for number in range(10):
        server.account.run(add_template, f"Template {number}")
    profile = server.account.run(add_profile, "DHL", "Presents")
    template = server.account.run(add_template, "Presents")

    found = gateway.reference.shipping_profile("Presents"), gateway.reference.template("Presents")

    assert found == (profile, template)
    assert profile != template


MANY = 250


def test_all_warehouses_are_found_when_there_are_more_than_a_page(
    gateway: Gateway, server: SimulatorServer
) -> None:
    """Failure mode F21."""
    names = [f"Warehouse {number}" for number in range(MANY)]
    server.account.run(seeds.seed, {"warehouses": [{"name": name} for name in names]})

    found = gateway.stock.warehouses()

    assert {warehouse.name for warehouse in found} >= {*names}
    assert len({warehouse.id for warehouse in found}) == len(found)


def test_all_webhooks_are_found_when_there_are_more_than_a_page(gateway: Gateway) -> None:
    """Failure mode F21."""
    ids = {
        gateway.hooks.create("Hook", "orders.completed", f"https://shop.test/{number}", "s" * 20)
        for number in range(MANY)
    }

    assert {hook.id for hook in gateway.hooks.list()} >= ids


def test_vat_group_is_found_when_there_are_more_than_a_page(
    gateway: Gateway, server: SimulatorServer
) -> None:
    """Failure mode F21."""
    for number in range(MANY):
        server.account.run(add_vat_group, f"{30 + number / 10}")

    assert gateway.reference.vat_group(Decimal("54.9")) is not None
