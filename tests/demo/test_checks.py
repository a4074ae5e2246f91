"""The verdict of the demo: it must not say that all is well when something is off."""

from io import StringIO

from rich.console import Console

from example_project.demo.checks import Checks


def shown(checks: Checks) -> str:
    console = Console(file=StringIO(), width=120)
    console.print(checks.table())
    return console.file.getvalue()


def test_passes_when_found_is_expected() -> None:
    checks = Checks()
    checks.equal("Order in Picqer", "processing", "processing")
    assert checks.failed == []


def test_fails_and_shows_both_when_found_is_not_expected() -> None:
    checks = Checks()
    checks.equal("Order in Picqer", "processing", "concept")
    assert [check.what for check in checks.failed] == ["Order in Picqer"]
    row = next(line for line in shown(checks).splitlines() if "Order in Picqer" in line)
    assert "processing" in row
    assert "concept" in row
    assert "OFF" in row


def test_keeps_text_in_brackets_when_it_looks_like_markup() -> None:
    checks = Checks()
    checks.equal("Hooks", "[bold]", "[red]")
    assert "[bold]" in shown(checks)


def test_shows_what_was_skipped_without_failing() -> None:
    checks = Checks()
    checks.skip("Fulfilment in Saleor", "no way in")
    assert checks.failed == []
    assert "skipped" in shown(checks)
