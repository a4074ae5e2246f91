"""The docs say what the code says."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_generated_tables_are_up_to_date() -> None:
    command = [sys.executable, "-m", "devtools.write_docs", "--check"]

    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)  # noqa: S603

    assert result.returncode == 0, f"{result.stderr}run: make docs"
