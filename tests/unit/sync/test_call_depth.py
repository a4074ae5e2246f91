"""The calls from a push to the HTTP request stay few enough to follow."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Any, Final

import requests

import saleor_picqer
from saleor_picqer.sync.orders.push import Outcome
from tests.unit.sync.scenario import Scenario
from tests.unit.sync.simulated import simulated_picqer

PLUGIN: Final = str(Path(saleor_picqer.__file__).parent)
MAX_FRAMES: Final = 10


class RecordingSession(requests.Session):
    """Keep the plugin's frames of each request, outermost first."""

    def __init__(self) -> None:
        super().__init__()
        self.frames: dict[str, list[str]] = {}

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> Any:
        stack = traceback.extract_stack()
        frames = [frame.name for frame in stack if frame.filename.startswith(PLUGIN)]
        self.frames[f"{method!s} {url!s}"] = frames
        return super().request(method, url, *args, **kwargs)


def test_create_request_is_few_calls_away_from_push() -> None:
    session = RecordingSession()
    scenario = Scenario()
    scenario.picqer = simulated_picqer(session)  # type: ignore[assignment]
    scenario.place()

    assert scenario.push() is Outcome.DONE

    frames = session.frames["POST https://demo.picqer.test/api/v1/orders"]
    assert frames[0] == "push"
    assert len(frames) <= MAX_FRAMES, " -> ".join(frames)
