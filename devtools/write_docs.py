"""Write the tables in docs/ that are generated from code; `--check` only compares them."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from saleor_picqer.config import SETTINGS, Setting
from saleor_picqer.domain.alarms import LIMITS, RULES
from saleor_picqer.domain.doctor.checks import CHECKS, Scope
from saleor_picqer.domain.explanations import CODE_TEXTS
from saleor_picqer.domain.mapping.fields import Field, WritableBy
from saleor_picqer.domain.mapping.header import HEADER
from saleor_picqer.domain.mapping.lines import LINES
from saleor_picqer.domain.mapping.product_fields import PRODUCT, ProductField
from saleor_picqer.domain.order_actions import REFUSAL_TEXTS, STAGE_TEXTS, RefusalReason
from saleor_picqer.domain.outbox import Stage
from saleor_picqer.domain.reconcile import KINDS

ROOT = Path(__file__).resolve().parent.parent

_WRITERS: Final = {
    WritableBy.PLUGIN: "-",
    WritableBy.CALLABLE: "callable",
    WritableBy.STAFF: "callable, private metadata",
    WritableBy.VISITORS: "callable, private and public metadata",
}


def settings_table() -> str:
    return _table(("Setting", "Name", "Default", "What it does"), map(_setting, SETTINGS))


def _setting(setting: Setting) -> Sequence[str]:
    default = str(setting.default).lower() if isinstance(setting.default, bool) else setting.default
    shown = "required" if setting.required else f"`{default}`" if default else "none"
    return setting.label, f"`{setting.name}`", shown, setting.help


def header_table() -> str:
    return _fields_table(HEADER)


def lines_table() -> str:
    return _fields_table(LINES)


def _fields_table(fields: Iterable[Field[Any]]) -> str:
    columns = ("Picqer's field", "Where it comes from", "Also set by", "Value in metadata")
    return _table(columns, map(_field, fields))


def _field(field: Field[Any]) -> Sequence[str]:
    written = field.kind.description if field.writable_by >= WritableBy.STAFF else ""
    if field.appends:
        written += ", added on a new line"
    return f"`{field.name}`", field.origin, _WRITERS[field.writable_by], written


def product_table() -> str:
    columns = ("Picqer's field", "Where it comes from", "Also set by", "Value in metadata")
    return _table((*columns, "Sent", "Compared"), map(_product_field, PRODUCT))


def _product_field(field: ProductField) -> Sequence[str]:
    # Only staff and apps write the metadata of products, private or not.
    name, origin, writers, written = _field(field)
    writers = writers.replace("private metadata", "metadata")
    return name, origin, writers, written, field.sent, field.comparison.value


def stages_table() -> str:
    return _table(("Stage", "Meaning"), ((f"`{stage}`", STAGE_TEXTS[stage]) for stage in Stage))


def refusals_table() -> str:
    rows = ((f"`{refusal.name}`", REFUSAL_TEXTS[refusal]) for refusal in RefusalReason)
    return _table(("Code", "Why not"), rows)


def explanations_table() -> str:
    rows = ((f"`{code.name}`", text.title, text.advice or "-") for code, text in CODE_TEXTS.items())
    return _table(("Code", "Where the order is", "What to do"), rows)


def differences_table() -> str:
    rows = ((f"`{kind.name}`", text) for kind, text in KINDS.items())
    return _table(("Difference", "What it means, and what a reconcile with `apply` does"), rows)


def alarms_table() -> str:
    rows = (
        (f"`{key.name}`", _with_defaults(rule.text), rule.advice) for key, rule in RULES.items()
    )
    return _table(("Alarm", "What is wrong", "What to do"), rows)


def checks_table() -> str:
    rows = (
        (
            f"`{key}`",
            check.title,
            "the shop" if check.scope is Scope.SHOP else "each channel",
            check.examines,
        )
        for key, check in CHECKS.items()
    )
    return _table(("Check", "Title", "Of", "What it examines"), rows)


def _with_defaults(text: str) -> str:
    return text.format(n="n", **{name: f"{value} (`{name}`)" for name, value in LIMITS.items()})


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    ruler = ["---"] * len(columns)
    return "\n".join(f"| {' | '.join(row)} |" for row in (columns, ruler, *rows))


TABLES: Final[dict[str, tuple[Path, Callable[[], str]]]] = {
    "settings": (ROOT / "docs/settings.md", settings_table),
    "stages": (ROOT / "docs/orders.md", stages_table),
    "refusals": (ROOT / "docs/orders.md", refusals_table),
    "explanations": (ROOT / "docs/orders.md", explanations_table),
    "alarms": (ROOT / "docs/operating.md", alarms_table),
    "checks": (ROOT / "docs/operating.md", checks_table),
    "differences": (ROOT / "docs/operating.md", differences_table),
    "order": (ROOT / "docs/mapping.md", header_table),
    "product": (ROOT / "docs/mapping.md", product_table),
    "lines": (ROOT / "docs/mapping.md", lines_table),
}


def main(*, check: bool) -> int:
    """Write or check all tables. Return 1 if a check has found an outdated table."""
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
