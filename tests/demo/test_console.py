"""Steps and waiting on a console that is no terminal."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from example_project.demo import console as console_module
from example_project.demo.console import DemoConsole


@pytest.fixture
def output() -> StringIO:
    return StringIO()


@pytest.fixture
def rich_console(monkeypatch: pytest.MonkeyPatch, output: StringIO) -> Console:
    monkeypatch.setattr(console_module, "PROBE_SECONDS", 0.01)
    monkeypatch.setattr(console_module, "FRAME_SECONDS", 0.01)
    return Console(file=output, width=100)


def all_services_run() -> None:
    pass


def test_wait_returns_the_result_when_it_is_done(rich_console: Console) -> None:
    results = iter([1, 2, 3, 4])
    console = DemoConsole(rich_console, all_services_run)

    with console.step("Counting") as step:
        found = console.wait(step, lambda: next(results), lambda n: n == 3, seconds=5)

    assert found == 3


def test_wait_returns_the_last_result_when_time_is_over(rich_console: Console) -> None:
    console = DemoConsole(rich_console, all_services_run)

    with console.step("Waiting in vain") as step:
        assert console.wait(step, lambda: "concept", lambda _: False, seconds=0.05) == "concept"


def test_wait_stops_when_a_service_has_ended(rich_console: Console) -> None:
    errors = iter([None, RuntimeError("the worker is dead")])

    def check() -> None:
        if error := next(errors):
            raise error

    console = DemoConsole(rich_console, check)

    with pytest.raises(RuntimeError, match="dead"), console.step("Waiting") as step:
        console.wait(step, lambda: None, lambda _: False, seconds=5)


def test_step_is_marked_as_failed_and_keeps_notes_when_it_raises(
    rich_console: Console, output: StringIO
) -> None:
    def ship() -> None:
        with DemoConsole(rich_console, all_services_run).step("Shipping [now]") as step:
            step.note("picked")
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        ship()

    assert "✗ Shipping [now]" in output.getvalue()
    assert "picked" in output.getvalue()
