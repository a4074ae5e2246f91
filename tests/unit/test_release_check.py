"""The check of wheels before a release."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from devtools.release_check import Distribution, check_wheel

EXPECTED = Distribution(
    name="shop-plugin",
    folder=Path(),
    package="shop_plugin",
    required=("py.typed",),
    entry_points=("[saleor.plugins]",),
)
METADATA = """\
Metadata-Version: 2.4
Name: {name}
Version: 1.0
Description-Content-Type: text/markdown
{requirement}
The README.
"""


def build_wheel(
    folder: Path, *extra: str, name: str = "shop-plugin", requirement: str = "", group: str = ""
) -> Path:
    wheel = folder / "shop_plugin-1.0-py3-none-any.whl"
    files = {
        "shop_plugin/py.typed": "",
        "shop_plugin-1.0.dist-info/METADATA": METADATA.format(name=name, requirement=requirement),
        "shop_plugin-1.0.dist-info/entry_points.txt": f"[{group or 'saleor.plugins'}]\na = b:c\n",
        "shop_plugin-1.0.dist-info/licenses/LICENSE": "MIT",
        **dict.fromkeys(extra, ""),
    }
    with zipfile.ZipFile(wheel, "w") as archive:
        for file, text in files.items():
            archive.writestr(file, text)
    return wheel


def test_accepts_a_wheel_when_it_holds_the_package_only(tmp_path: Path) -> None:
    assert check_wheel(build_wheel(tmp_path), EXPECTED) == []


@pytest.mark.parametrize(
    "file", ["picqer_simulator/__init__.py", "shop_plugin/tests/test_a.py", "conftest.py"]
)
def test_refuses_a_wheel_when_it_holds_foreign_files(tmp_path: Path, file: str) -> None:
    assert check_wheel(build_wheel(tmp_path, file), EXPECTED)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"name": "other"}, "the name is other"),
        ({"requirement": "Requires-Dist: saleor>=3\n"}, "it would install saleor"),
        ({"group": "pytest11"}, "entry points are"),
    ],
)
def test_refuses_a_wheel_when_its_metadata_is_wrong(
    tmp_path: Path, change: dict[str, str], problem: str
) -> None:
    [found] = check_wheel(build_wheel(tmp_path, **change), EXPECTED)

    assert problem in found
