"""The contents of the two wheels: what an installation gets, and what stays out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]


class Wheel:
    """The files of a built wheel."""

    def __init__(self, path: Path) -> None:
        self.archive = ZipFile(path)
        self.names = self.archive.namelist()
        self.packages = {name.split("/")[0] for name in self.names if ".dist-info/" not in name}

    def metadata(self, name: str) -> str:
        """Return the text of a file in the metadata folder, or an empty text."""
        found = [entry for entry in self.names if entry.endswith(f".dist-info/{name}")]
        return self.archive.read(found[0]).decode() if found else ""


def build(project: Path, folder: Path) -> Wheel:
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
    subprocess.run([*command, "--directory", str(folder)], cwd=project, check=True)  # noqa: S603 - our own command
    [path] = folder.glob("*.whl")
    return Wheel(path)


@pytest.fixture(scope="module")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Wheel:
    return build(ROOT, tmp_path_factory.mktemp("plugin"))


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Wheel:
    return build(ROOT / "simulator", tmp_path_factory.mktemp("simulator"))


def test_plugin_s_wheel_contains_the_plugin_only(plugin: Wheel) -> None:
    assert plugin.packages == {"saleor_picqer"}
    assert "saleor_picqer/py.typed" in plugin.names
    pages = (ROOT / "saleor_picqer" / "dashboard" / "static").iterdir()
    assert {str(page.relative_to(ROOT)) for page in pages} <= set(plugin.names)
    assert not [name for name in plugin.names if "/tests/" in name or "simulator" in name]


def test_plugin_s_wheel_adds_nothing_to_pytest(plugin: Wheel) -> None:
    assert "[saleor.plugins]" in plugin.metadata("entry_points.txt")
    assert "pytest11" not in plugin.metadata("entry_points.txt")
    assert "simulator" not in plugin.metadata("METADATA").split("\n\n", 1)[0]


def test_simulator_s_wheel_contains_the_simulator_only(simulator: Wheel) -> None:
    assert simulator.packages == {"picqer_simulator"}
    assert not [name for name in simulator.names if "/tests/" in name or "saleor" in name]


@pytest.mark.parametrize(
    "name", ["py.typed", "pages/style.css", "pages/templates/base.html", "pytest_plugin.py"]
)
def test_simulator_s_wheel_contains_the_file(simulator: Wheel, name: str) -> None:
    assert f"picqer_simulator/{name}" in simulator.names


def test_simulator_s_wheel_brings_a_command_and_a_pytest_plugin(simulator: Wheel) -> None:
    entry_points = simulator.metadata("entry_points.txt")

    assert "[console_scripts]\npicqer-simulator = picqer_simulator.__main__:main" in entry_points
    assert "[pytest11]\npicqer_simulator = picqer_simulator.pytest_plugin" in entry_points


def test_simulator_needs_nothing_of_saleor(simulator: Wheel) -> None:
    needed = [
        line for line in simulator.metadata("METADATA").splitlines() if "Requires-Dist" in line
    ]

    assert needed
    assert not [line for line in needed if "saleor" in line or "django" in line.lower()]
