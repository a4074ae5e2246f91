"""The command of the README that has the stock pulled."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from example_project.demo.errors import DemoStoppedError

README = Path(__file__).resolve().parents[2] / "README.md"
_PULL = re.compile(r"<!-- pull: [^>]*-->\n```console\n(?P<command>.*?)```", re.DOTALL)


def pull_command() -> str:
    """Return the command, which takes its values from the environment."""
    found = _PULL.search(README.read_text())
    if found is None:
        raise DemoStoppedError("The README has no command that pulls the stock.")
    return found["command"]


def run_pull_command(values: Mapping[str, str]) -> dict[str, Any]:
    """Run the command with the values in its environment, and return Saleor's answer."""
    done = subprocess.run(
        ["bash", "-c", pull_command()],
        env={**os.environ, **values},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    if done.returncode:
        raise DemoStoppedError(
            f"The command of the README failed: curl ended with {done.returncode}."
        )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
