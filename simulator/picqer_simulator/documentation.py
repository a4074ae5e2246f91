"""The generated parts of the README: endpoints, events and options.

`python -m picqer_simulator.documentation` rewrites the README of a source checkout.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from picqer_simulator.core import options
from picqer_simulator.core.events import EVENTS
from picqer_simulator.http.routes import NOT_SIMULATED, ROUTES

README = Path(__file__).parents[1] / "README.md"


def endpoints() -> str:
    """Return the table of endpoints."""
    rows = [
        (f"`{route.name}`", "partly" if route.note else "simulated", route.note) for route in ROUTES
    ]
    rows += [(f"`{name}`", "not", "") for name in NOT_SIMULATED]
    return _table(("Endpoint", "Coverage", "What is missing"), rows)


def events() -> str:
    """Return the table of events."""
    rows = [(f"`{name}`", "sent" if sent else "never sent") for name, sent in EVENTS.items()]
    return _table(("Event", "Coverage"), rows)


def option_table() -> str:
    """Return the table of options."""
    rows = [
        (f"`{entry.name}`", entry.help_text, entry.values, f"`{entry.default}`")
        for entry in options.table()
    ]
    return _table(("Option", "What it decides", "Values", "Default"), rows)


PARTS: dict[str, Callable[[], str]] = {
    "endpoints": endpoints,
    "events": events,
    "options": option_table,
}


def render(text: str) -> str:
    """Return the README's text with all generated parts replaced."""
    for name, part in PARTS.items():
        start, end = f"<!-- {name} -->\n", f"\n<!-- /{name} -->"
        before, rest = text.split(start)
        text = before + start + part() + end + rest.split(end)[1]
    return text


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    README.write_text(render(README.read_text()))
