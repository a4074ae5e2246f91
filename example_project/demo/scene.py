"""What every part of the story works with."""

from collections.abc import Callable
from dataclasses import dataclass

from example_project.demo.checks import Checks
from example_project.demo.dashboard import Dashboard
from example_project.demo.narration import Narrator, Step
from example_project.demo.stage import Stage

SOON = 90.0
"""Seconds that a change may take to reach the other side: usually one, or until the next sweep."""


@dataclass(frozen=True)
class Scene:
    stage: Stage
    narrator: Narrator
    checks: Checks
    dashboard: Dashboard

    def wait[T](
        self, step: Step, probe: Callable[[], T], done: Callable[[T], bool], seconds: float = SOON
    ) -> T:
        return self.narrator.wait(step, probe, done, seconds)
