"""Waiting and telling, without a terminal."""

from io import StringIO

import pytest
from rich.console import Console

from example_project.demo import narration
from example_project.demo.narration import Narrator


@pytest.fixture
def console(monkeypatch: pytest.MonkeyPatch) -> Console:
    monkeypatch.setattr(narration, "PROBE_SECONDS", 0.01)
    monkeypatch.setattr(narration, "FRAME_SECONDS", 0.01)
    return Console(file=StringIO(), width=100)


def nothing_died() -> None:
    pass


def test_waits_until_done(console: Console) -> None:
    findings = iter([1, 2, 3, 4])
    with Narrator(console, nothing_died).step("Counting") as step:
        found = Narrator(console, nothing_died).wait(
            step, lambda: next(findings), lambda n: n == 3, seconds=5
        )
    assert found == 3


def test_returns_last_finding_when_time_is_over(console: Console) -> None:
    narrator = Narrator(console, nothing_died)
    with narrator.step("Waiting in vain") as step:
        assert narrator.wait(step, lambda: "concept", lambda _: False, seconds=0.05) == "concept"


def test_stops_waiting_when_a_process_has_died(console: Console) -> None:
    deaths = iter([None, RuntimeError("the worker is dead")])

    def check() -> None:
        if death := next(deaths):
            raise death

    narrator = Narrator(console, check)
    with pytest.raises(RuntimeError, match="dead"), narrator.step("Waiting") as step:
        narrator.wait(step, lambda: None, lambda _: False, seconds=5)


def test_marks_step_as_failed_and_keeps_its_notes_when_it_raises(console: Console) -> None:
    def ship() -> None:
        with Narrator(console, nothing_died).step("Shipping [now]") as step:
            step.note("so far so good")
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        ship()
    told = console.file.getvalue()
    assert "✗ Shipping [now]" in told
    assert "so far so good" in told
