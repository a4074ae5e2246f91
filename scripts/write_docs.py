"""Writes the tables in docs/ that are made from code; `--check` only says if they are right."""

import re
import sys
from pathlib import Path

from saleor_picqer.config import SETTINGS, Setting

ROOT = Path(__file__).resolve().parent.parent


def settings_table() -> str:
    rows = ["| Setting | Name | Default | What it does |", "| --- | --- | --- | --- |"]
    return "\n".join([*rows, *map(_row, SETTINGS)])


def _row(setting: Setting) -> str:
    default = str(setting.default).lower() if isinstance(setting.default, bool) else setting.default
    shown = "required" if setting.required else f"`{default}`" if default else "none"
    return f"| {setting.label} | `{setting.name}` | {shown} | {setting.help} |"


TABLES = {"settings": (ROOT / "docs/operating.md", settings_table)}


def _with_table(text: str, name: str, table: str) -> str:
    between = re.compile(rf"(<!-- {name}: .*? -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    return between.sub(lambda marks: f"{marks[1]}\n{table}\n\n{marks[2]}", text)


def main(*, check: bool) -> int:
    """0 when every table was right or has been written."""
    outdated = [name for name in TABLES if not _is_written(name, check=check)]
    for name in outdated:
        sys.stderr.write(f"{'outdated' if check else 'written'}: {name}\n")
    return int(check and bool(outdated))


def _is_written(name: str, *, check: bool) -> bool:
    path, render = TABLES[name]
    text = path.read_text()
    head, rest = re.split(rf"(?<=<!-- {name}: )", text, maxsplit=1)
    comment, _, rest = rest.partition("-->\n")
    _, end, tail = rest.partition(f"<!-- /{name} -->")
    written = f"{head}{comment}-->\n\n{render()}\n\n{end}{tail}"
    if written != text and not check:
        path.write_text(written)
    return written == text


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv))
