"""The checks of the demo: what was expected and what was found."""

from __future__ import annotations

from dataclasses import dataclass, field

from rich import box
from rich.table import Column, Table
from rich.text import Text


@dataclass(frozen=True)
class Check:
    """A comparison and its result."""

    what: str
    expected: str
    found: str
    passed: bool


@dataclass
class Checks:
    """The results so far. A failed check does not stop the demo."""

    done: list[Check] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)

    def equal(self, what: str, expected: object, found: object) -> bool:
        """Record whether both are equal, and return the result."""
        return self.record(what, str(expected), str(found), passed=expected == found)

    def record(self, what: str, expected: str, found: str, *, passed: bool) -> bool:
        """Record the caller's result, and return the result."""
        self.done.append(Check(what, expected, found, passed))
        return passed

    def skip(self, what: str, reason: str) -> None:
        """List a check that cannot be made, with the reason."""
        self.skipped.append((what, reason))

    @property
    def failed(self) -> list[Check]:
        return [check for check in self.done if not check.passed]

    def table(self) -> Table:
        """Return the table of all checks for the terminal."""
        table = Table(Column("Check", no_wrap=True), "Expected", "Found", "", box=box.SIMPLE_HEAD)
        for check in self.done:
            verdict = Text("passed", "green") if check.passed else Text("FAILED", "bold red")
            table.add_row(Text(check.what), Text(check.expected), Text(check.found), verdict)
        for what, reason in self.skipped:
            table.add_row(Text(what), Text("-"), Text(reason), Text("skipped", "yellow"))
        return table
