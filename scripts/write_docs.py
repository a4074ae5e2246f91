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


def main(*, check: bool) -> int:
    """0 when every table was right or has been written."""
    outdated = []
    for name, (path, render) in TABLES.items():
        text = path.read_text()
        between = rf"(<!-- {name}: .*? -->\n).*?(<!-- /{name} -->)"
        written = re.sub(
            between, lambda m, r=render: f"{m[1]}\n{r()}\n\n{m[2]}", text, flags=re.DOTALL
        )
        if written != text:
            outdated.append(f"{path.relative_to(ROOT)}: {name}")
            if not check:
                path.write_text(written)
    for table in outdated:
        sys.stderr.write(f"{'outdated' if check else 'written'}: {table}\n")
    return int(check and bool(outdated))


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv))
