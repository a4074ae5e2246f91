"""Registering and removing webhooks."""

from __future__ import annotations

from collections.abc import Collection

from saleor_picqer.domain.mapping.events import EVENTS
from saleor_picqer.sync import hooks
from tests.unit.sync.scenario import Scenario


def active(scenario: Scenario) -> list[str]:
    return sorted(hook.event for hook in scenario.picqer.hooks.list() if hook.active)


def registered() -> tuple[Scenario, list[int]]:
    scenario = Scenario()
    return scenario, register(scenario, "s3cret")[0]


def register(
    scenario: Scenario, secret: str, known: Collection[int] = ()
) -> tuple[list[int], tuple[str, ...]]:
    """Register the hooks; return their ids, and the events whose deliveries were lost."""
    context = scenario.context()
    due = hooks.find_changes(context, secret, known)
    return hooks.register(context, secret, due), due.lost


def test_nothing_is_lost_when_hooks_are_registered_for_the_first_time() -> None:
    scenario = Scenario()

    _, lost = register(scenario, "s3cret")

    assert (active(scenario), lost) == (sorted(EVENTS), ())


def test_hook_is_switched_on_again_when_picqer_has_switched_it_off() -> None:
    """Failure mode F1."""
    scenario, known = registered()
    scenario.picqer.hooks.deactivate(known[0])

    hook_ids, lost = register(scenario, "s3cret", known)

    assert (sorted(hook_ids), lost) == (known, (EVENTS[0],))
    assert active(scenario) == sorted(EVENTS)


def test_hook_is_replaced_when_picqer_does_not_switch_it_on_again() -> None:
    """Failure mode F1: accounts without the newer way to switch a hook on."""
    scenario, known = registered()
    scenario.picqer.hooks.deactivate(known[0])
    scenario.picqer.hooks.may_reactivate = False

    register(scenario, "s3cret", known)

    assert active(scenario) == sorted(EVENTS)
    assert len(scenario.picqer.hooks.stored) == len(EVENTS) + 1


def test_hook_with_an_old_secret_stays_off() -> None:
    scenario, known = registered()
    for hook_id in known:
        scenario.picqer.hooks.deactivate(hook_id)

    hook_ids, _ = register(scenario, "another", known)

    assert not {*hook_ids} & {*known}


def test_nothing_is_lost_when_the_secret_is_replaced() -> None:
    scenario, known = registered()

    _, lost = register(scenario, "another", known)

    assert (active(scenario), lost) == (sorted(EVENTS), ())
