"""Webhooks to create and to deactivate."""

from saleor_picqer.domain.hooks import RemoteHook, hook_changes, hook_name
from saleor_picqer.domain.mapping.events import EVENTS

ADDRESS = "https://shop.example/plugins/global/picqer-global/webhooks/default"
NAME = hook_name("default", "s3cret")


def hook(event: str, **changes: object) -> RemoteHook:
    values = {"id": 1, "name": NAME, "event": event, "address": ADDRESS, "active": True}
    return RemoteHook(**values | changes)  # type: ignore[arg-type]


def test_all_are_created_when_there_are_none() -> None:
    assert hook_changes([], ADDRESS, NAME).create == EVENTS


def test_nothing_changes_when_all_are_right() -> None:
    wanted = hook_changes([hook(event) for event in EVENTS], ADDRESS, NAME)

    assert (wanted.create, wanted.deactivate) == ((), ())


def test_hook_is_created_when_the_old_one_is_inactive() -> None:
    hooks = [hook(event, active=event != EVENTS[0]) for event in EVENTS]

    wanted = hook_changes(hooks, ADDRESS, NAME)

    assert (wanted.create, wanted.deactivate) == ((EVENTS[0],), ())


def test_hook_is_replaced_when_its_secret_is_another() -> None:
    hooks = [hook(event) for event in EVENTS[1:]]
    old = hook(EVENTS[0], id=9, name=hook_name("default", "older"))

    wanted = hook_changes([*hooks, old], ADDRESS, NAME)

    assert (wanted.create, wanted.deactivate) == ((EVENTS[0],), (9,))


def test_hooks_stay_when_they_have_another_address() -> None:
    other = hook(EVENTS[0], address="https://other.example/hooks")

    assert hook_changes([other], ADDRESS, NAME).deactivate == ()


def test_known_hooks_are_replaced_when_the_address_is_a_new_one() -> None:
    old = [hook(event, id=number, address="https://old") for number, event in enumerate(EVENTS)]

    wanted = hook_changes(old, ADDRESS, NAME, known=range(len(EVENTS)))

    assert (wanted.create, wanted.deactivate) == (EVENTS, tuple(range(len(EVENTS))))


def test_one_hook_is_kept_when_there_are_two_for_an_event() -> None:
    hooks = [hook(event, id=number) for number, event in enumerate(EVENTS)]

    wanted = hook_changes([*hooks, hook(EVENTS[0], id=99)], ADDRESS, NAME)

    assert (wanted.create, wanted.deactivate) == ((), (99,))


def test_name_does_not_show_the_secret() -> None:
    assert "s3cret" not in NAME
