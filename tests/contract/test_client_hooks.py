from collections.abc import Iterator
from typing import Any

import pytest

from saleor_picqer.errors import NotFoundError, RefusedError
from saleor_picqer.picqer.client import PicqerClient
from saleor_picqer.picqer.objects.hooks import HookCreate


@pytest.fixture
def hook(writable: PicqerClient, name: str) -> Iterator[Any]:
    made = writable.hooks.create(new_hook(name))
    yield made
    writable.hooks.deactivate(made.idhook)


def new_hook(name: Any) -> Any:
    return HookCreate(
        name=name,
        event="orders.completed",
        address=f"https://shop.example/{name}",
        secret="long-random-string",
    )


def test_hook_is_registered(writable: PicqerClient, hook: Any, name: str) -> None:
    read = writable.hooks.get(hook.idhook)

    assert (read.name, read.event, read.active) == (name, "orders.completed", True)
    assert read.address == f"https://shop.example/{name}"


def test_hook_stays_listed_when_it_is_off(writable: PicqerClient, hook: Any) -> None:
    writable.hooks.deactivate(hook.idhook)

    listed = {entry.idhook: entry.active for entry in writable.hooks.list()}
    assert listed[hook.idhook] is False


def test_hook_is_switched_on_again(writable: PicqerClient, hook: Any) -> None:
    writable.hooks.deactivate(hook.idhook)

    writable.hooks.reactivate(hook.idhook)

    assert writable.hooks.get(hook.idhook).active is True


def test_second_hook_on_address_and_event_is_refused(
    writable: PicqerClient, hook: Any, name: str
) -> None:
    with pytest.raises(RefusedError):
        writable.hooks.create(new_hook(name))


def test_hook_is_not_found_when_there_is_none(picqer: PicqerClient) -> None:
    with pytest.raises(NotFoundError):
        picqer.hooks.get(2_000_000_000)


def test_all_hooks_are_listed_when_there_are_more_than_a_page(simulated: PicqerClient) -> None:
    for number in range(250):
        simulated.hooks.create(new_hook(f"hook-{number}"))

    assert len(list(simulated.hooks.list())) == 250
