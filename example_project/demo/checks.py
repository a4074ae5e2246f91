"""What the story has found, beside what it expected: the table at its end."""

from dataclasses import dataclass, field

from rich import box
from rich.table import Column, Table
from rich.text import Text


@dataclass(frozen=True)
class Check:
    what: str
    expected: str
    found: str
    ok: bool


@dataclass
class Checks:
    """Collects findings; a finding that is off does not end the story."""

    done: list[Check] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)

    def equal(self, what: str, expected: object, found: object) -> bool:
        return self.that(what, str(expected), str(found), ok=expected == found)

    def that(self, what: str, expected: str, found: str, *, ok: bool) -> bool:
        self.done.append(Check(what, expected, found, ok))
        return ok

    def skip(self, what: str, reason: str) -> None:
        """Leave something out, visibly."""
        self.skipped.append((what, reason))

    @property
    def failed(self) -> list[Check]:
        return [check for check in self.done if not check.ok]

    def table(self) -> Table:
        table = Table(Column("Checked", no_wrap=True), "Expected", "Found", "", box=box.SIMPLE_HEAD)
        for check in self.done:
            verdict = Text("ok", "green") if check.ok else Text("OFF", "bold red")
            table.add_row(Text(check.what), Text(check.expected), Text(check.found), verdict)
        for what, reason in self.skipped:
            table.add_row(Text(what), Text("-"), Text(reason), Text("skipped", "yellow"))
        return table
