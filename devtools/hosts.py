"""Run tests/integration and look for missing migrations in every Saleor 3 on this machine.

A host is a folder named after a Saleor line, with `src` (a Saleor checkout) and `venv` (a Python
3.12 environment). Both stay unmodified: an overlay environment in `.local/hosts` adds our wheels
and the test tools to the host's packages, in the versions of the host.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path

from packaging.utils import canonicalize_name

LINES = ("3.21", "3.22", "3.23")
SITE_PACKAGES = Path("lib", "python3.12", "site-packages")
SETTINGS = "tests.integration.django_settings"
ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"
TOOLS = ("test.in", "browser.in")
UNPINNED = {"selenium", "wsproto"}
OVERLAYS = ROOT / ".local" / "hosts"
UV = (str(ROOT / "devtools" / "python312"), "uv")


@dataclass(frozen=True)
class Host:
    """An installed Saleor 3."""

    line: str
    folder: Path

    @property
    def src(self) -> Path:
        return self.folder / "src"

    @property
    def packages(self) -> Path:
        return self.folder / "venv" / SITE_PACKAGES

    def exists(self) -> bool:
        return (self.src / "saleor").is_dir() and self.packages.is_dir()

    def versions(self) -> dict[str, str]:
        found = distributions(path=[str(self.packages)])
        return {canonicalize_name(one.name): one.version for one in found}


@dataclass(frozen=True)
class Overlay:
    """An environment on top of a host's environment, and the folder in which pytest runs.

    The folder holds a copy of the tests but not our sources, so that the wheels are tested.
    """

    host: Host
    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / "venv" / "bin" / "python"

    @property
    def run(self) -> Path:
        return self.folder / "run"

    def build(self, wheels: Sequence[Path]) -> None:
        """Create the environment and the folder again."""
        shutil.rmtree(self.folder, ignore_errors=True)
        for tests in ("tests", "simulator/tests/simulator_support"):
            shutil.copytree(ROOT / tests, self.run / tests)
        _call(*UV, "venv", "--quiet", "--python", sys.executable, self.folder / "venv")
        self._see_packages_of_host()
        constraints = self.folder / "constraints.txt"
        constraints.write_text(self._constraints())
        install = (*UV, "pip", "install", "--quiet", "--python", self.python)
        tools = (part for name in TOOLS for part in ("--requirements", REQUIREMENTS / name))
        _call(*install, *tools, "--constraints", constraints, *wheels)

    @property
    def log(self) -> Path:
        return self.folder / "output.log"

    def passes(self, module: str, *arguments: str) -> bool:
        """Run a module in the overlay. Return True if the exit status is 0."""
        environment = {
            "PYTHONPATH": str(self.host.src),
            # Without the prefix, bytecode would be written to the host's folders.
            "PYTHONPYCACHEPREFIX": str(OVERLAYS / "pycache"),
        }
        command = [str(self.python), "-m", module, *arguments]
        with self.log.open("ab") as log:
            result = subprocess.run(
                command,
                cwd=self.run,
                env=os.environ | environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                check=False,
            )
        return result.returncode == 0

    def _see_packages_of_host(self) -> None:
        """Add the host's packages to the import path, after the overlay's own."""
        # `addsitedir` also runs their .pth files, on which setuptools' distutils depends.
        line = f"import site; site.addsitedir({str(self.host.packages)!r})\n"
        (self.folder / "venv" / SITE_PACKAGES / "host.pth").write_text(line)

    def _constraints(self) -> str:
        """Return the host's version of every package, or our version if the host has none."""
        pins = _pins(REQUIREMENTS / "development.txt")
        # Their newest releases need newer libraries than Saleor 3.21 has.
        ours = {name: version for name, version in pins.items() if name not in UNPINNED}
        versions = ours | self.host.versions()
        return "\n".join(f"{name}=={version}" for name, version in versions.items())


def main() -> int:
    """Test the hosts and print a line for each. Return 1 if a host has failed."""
    parser = argparse.ArgumentParser(
        description="Test the plugin in every Saleor 3. Further arguments go to pytest."
    )
    parser.add_argument(
        "--line", action="append", choices=LINES, help="test only this line; may be repeated"
    )
    parser.add_argument(
        "--jobs", type=int, default=len(LINES), help="number of lines to test at the same time"
    )
    parser.add_argument("--path", action="append", help="run only these tests; may be repeated")
    options, arguments = parser.parse_known_args()
    arguments += options.path or ["tests/integration"]
    hosts = [Host(line, hosts_folder() / line) for line in options.line or LINES]
    results = run_all([host for host in hosts if host.exists()], arguments, options.jobs)
    print(f"\nHosts in {hosts_folder()}:")
    for host in hosts:
        print(f"  Saleor {host.line}  {results.get(host.line, 'not found, not tested')}")
    return int(any(result.startswith("FAILED") for result in results.values()))


def hosts_folder() -> Path:
    """Return the folder in SALEOR_HOSTS, or the default one in the user's cache."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get("SALEOR_HOSTS") or cache / "saleor-picqer" / "hosts").absolute()


def run_all(hosts: Sequence[Host], arguments: Sequence[str], jobs: int) -> dict[str, str]:
    """Test the hosts and print the output of each. Return the results by line."""
    if not hosts:
        return {}
    overlays = [Overlay(host, OVERLAYS / host.line) for host in hosts]
    wheels = build_wheels()
    for overlay in overlays:
        overlay.build(wheels)
    results = {}
    with ThreadPoolExecutor(jobs) as pool:
        runs = {pool.submit(run, overlay, arguments): overlay for overlay in overlays}
        for ended in as_completed(runs):
            overlay = runs[ended]
            results[overlay.host.line] = ended.result()
            print(f"\n=== Saleor {overlay.host.line}\n{overlay.log.read_text()}", flush=True)
    return results


def build_wheels() -> list[Path]:
    """Build the wheels of the plugin and of the simulator."""
    folder = OVERLAYS / "wheel"
    shutil.rmtree(folder, ignore_errors=True)
    for project in (ROOT, ROOT / "simulator"):
        build = (sys.executable, "-m", "hatchling", "build", "--target", "wheel")
        subprocess.run([*build, "--directory", folder], cwd=project, check=True)
    return sorted(folder.glob("*.whl"))


def run(overlay: Overlay, arguments: Sequence[str]) -> str:
    """Check migrations and run the tests in an overlay; return the result as text."""
    start = time.monotonic()
    check = ("makemigrations", "saleor_picqer", "--check", "--dry-run", f"--settings={SETTINGS}")
    passed = overlay.passes("django", *check)
    passed &= overlay.passes("pytest", "--timeout=300", *arguments)
    return f"{'passed' if passed else 'FAILED'} in {time.monotonic() - start:.0f} s"


def _pins(requirements: Path) -> dict[str, str]:
    """Return the pinned versions in a requirements file."""
    lines = requirements.read_text().splitlines()
    return dict(line.split("==") for line in lines if line[:1].isalnum())


def _call(*command: str | Path) -> None:
    subprocess.run(command, cwd=ROOT, check=True)


if __name__ == "__main__":
    sys.exit(main())
