"""Build wheels and source distributions in dist/, and check metadata and contents of each."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from packaging.metadata import Metadata

ROOT: Final = Path(__file__).resolve().parent.parent
DIST: Final = ROOT / "dist"
# A file in one of these places is a test or a test tool.
TEST_NAMES: Final = frozenset({"tests", "conftest.py"})


@dataclass(frozen=True)
class Distribution:
    """A distribution of this repository and the contents that its wheel must have."""

    name: str
    folder: Path
    package: str
    required: tuple[str, ...]
    entry_points: tuple[str, ...]

    def build(self) -> None:
        """Build the wheel and the source distribution."""
        command = (sys.executable, "-m", "hatchling", "build", "--directory", DIST)
        subprocess.run(command, cwd=self.folder, check=True)


DISTRIBUTIONS: Final = (
    Distribution(
        name="saleor-picqer",
        folder=ROOT,
        package="saleor_picqer",
        required=(
            "py.typed",
            "plugin.py",
            "migrations/0001_initial.py",
            "dashboard/static/page.html",
        ),
        entry_points=("[saleor.plugins]",),
    ),
    Distribution(
        name="picqer-simulator",
        folder=ROOT / "simulator",
        package="picqer_simulator",
        required=("py.typed", "__main__.py"),
        entry_points=("[console_scripts]", "[pytest11]"),
    ),
)


def check_wheel(wheel: Path, expected: Distribution) -> list[str]:
    """Return the problems of a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        folder = next(name for name in names if name.endswith("/METADATA")).split("/")[0]
        problems = _metadata_problems(archive.read(f"{folder}/METADATA"), expected)
        entry_points = archive.read(f"{folder}/entry_points.txt").decode()
    allowed = {expected.package, folder}
    problems += [f"unexpected file {name}" for name in names if name.split("/")[0] not in allowed]
    problems += _test_files(names)
    required = [f"{expected.package}/{name}" for name in expected.required]
    required.append(f"{folder}/licenses/LICENSE")
    problems += [f"missing file {name}" for name in required if name not in names]
    sections = [line for line in entry_points.splitlines() if line.startswith("[")]
    if sorted(sections) != sorted(expected.entry_points):
        problems.append(f"entry points are {sections}, not {list(expected.entry_points)}")
    return problems


def check_sdist(sdist: Path, expected: Distribution) -> list[str]:
    """Return the problems of a source distribution."""
    with tarfile.open(sdist) as archive:
        names = [str(PurePosixPath(*PurePosixPath(name).parts[1:])) for name in archive.getnames()]
        member = archive.extractfile(f"{sdist.name.removesuffix('.tar.gz')}/PKG-INFO")
        metadata = member.read() if member else b""
    required = ("pyproject.toml", "README.md", "LICENSE", f"{expected.package}/py.typed")
    problems = [f"missing file {name}" for name in required if name not in names]
    return problems + _metadata_problems(metadata, expected)


def _test_files(names: list[str]) -> list[str]:
    return [f"test in {name}" for name in names if TEST_NAMES & set(PurePosixPath(name).parts)]


def _metadata_problems(text: bytes, expected: Distribution) -> list[str]:
    """Return the problems of core metadata that a package index would refuse or show badly."""
    # Raises an exception group if a field is invalid.
    metadata = Metadata.from_email(text, validate=True)
    problems = []
    if metadata.name != expected.name:
        problems.append(f"the name is {metadata.name}")
    if not metadata.description or metadata.description_content_type != "text/markdown":
        problems.append("the README is not the description")
    if any(requirement.name == "saleor" for requirement in metadata.requires_dist or ()):
        problems.append("it would install saleor")
    return problems


def main() -> int:
    """Build and check everything. Return 1 if there is a problem."""
    shutil.rmtree(DIST, ignore_errors=True)
    failed = False
    for distribution in DISTRIBUTIONS:
        distribution.build()
        [wheel] = DIST.glob(f"{distribution.package}-*.whl")
        [sdist] = DIST.glob(f"{distribution.package}-*.tar.gz")
        for path, problems in (
            (wheel, check_wheel(wheel, distribution)),
            (sdist, check_sdist(sdist, distribution)),
        ):
            print(f"{path.name}: {'; '.join(problems) or 'all right'}")
            failed = failed or bool(problems)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
