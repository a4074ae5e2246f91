"""CI on a forge runs the same commands as .ci/run."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]


def commands_of_workflow() -> set[str]:
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())
    return set(workflow["jobs"]["check"]["strategy"]["matrix"]["command"])


def commands_of_script() -> set[str]:
    script = (ROOT / ".ci/run").read_text()
    return set(re.findall(r"^ *check (.+)$", script, re.MULTILINE))


def test_workflow_runs_the_commands_of_the_script() -> None:
    assert commands_of_workflow() == commands_of_script()
