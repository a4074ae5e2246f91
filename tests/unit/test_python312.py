"""The script devtools/python312, on machines with version managers and without uv."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SYSTEM = "/usr/bin:/bin"

REFUSING_SHIM = """#!/bin/sh
echo "pyenv: $(basename "$0"): command not found" >&2
echo "The $(basename "$0") command exists in these Python versions: 3.11.9" >&2
exit 127
"""

# A Python whose `-m venv` creates a folder with a program `uv`, without any download.
FAKE_PYTHON = """#!/bin/sh
[ "$2" = venv ] || exit 0
mkdir -p "$3/bin"
printf '#!/bin/sh\\nexit 0\\n' >"$3/bin/python"
printf '#!/bin/sh\\necho "uv runs: $*"\\n' >"$3/bin/uv"
chmod +x "$3/bin/python" "$3/bin/uv"
"""


def write_program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a folder with a copy of the script and nothing installed."""
    folder = tmp_path / "checkout"
    for name in ("devtools/python312", "requirements/uv.txt"):
        (folder / name).parent.mkdir(parents=True)
        shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture
def shims(tmp_path: Path) -> Path:
    """Return a folder of shims that refuse to run."""
    folder = tmp_path / "shims"
    for name in ("python3.12", "python3", "python", "uv"):
        write_program(folder / name, REFUSING_SHIM)
    return folder


def run_script(
    checkout: Path, *arguments: str, path: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    variables = {"PATH": path, "HOME": str(checkout / "home"), **environment}
    command: list[str | Path] = [checkout / "devtools" / "python312", *arguments]
    return subprocess.run(  # noqa: S603 - our own script
        command, env=variables, capture_output=True, text=True, check=False
    )


def test_prints_only_the_path_when_a_shim_refuses_to_run(checkout: Path, shims: Path) -> None:
    folder = checkout / "home/.pyenv/versions/3.12.4/bin"
    write_program(folder / "python3.12", f'#!/bin/sh\nexec {sys.executable} "$@"\n')

    result = run_script(checkout, path=f"{shims}:{SYSTEM}")

    assert result.returncode == 0
    assert result.stderr == ""
    assert result.stdout == f"{folder / 'python3.12'}\n"


def test_installs_uv_in_silence_when_a_shim_refuses_to_run(
    checkout: Path, shims: Path, tmp_path: Path
) -> None:
    write_program(tmp_path / "bin" / "python3", FAKE_PYTHON)

    result = run_script(checkout, "uv", "--version", path=f"{shims}:{tmp_path / 'bin'}:{SYSTEM}")

    assert result.stderr == ""
    assert result.stdout == "uv runs: --version\n"


def test_shows_the_attempts_when_no_python_can_install_uv(
    checkout: Path, shims: Path, tmp_path: Path
) -> None:
    for name in ("sh", "dirname", "mkdir", "cat", "rm", "basename"):
        (shims / name).symlink_to(shutil.which(name) or name)
    broken = '#!/bin/sh\n[ "$1" = -c ] || { echo "No module named $2" >&2; exit 1; }\n'
    write_program(tmp_path / "bin" / "python3", broken)

    result = run_script(checkout, "uv", path=f"{shims}:{tmp_path / 'bin'}")

    assert result.returncode == 1
    assert "No module named pip" in result.stderr
    assert "install uv, or pip" in result.stderr
    assert "command not found" not in result.stderr
