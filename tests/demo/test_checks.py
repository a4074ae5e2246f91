"""The checks of the demo: a difference must never be reported as a success."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from example_project.demo.checks import Checks


def printed_table(checks: Checks) -> str:
    output = StringIO()
    Console(file=output, width=120).print(checks.table())
    return output.getvalue()


def test_passes_when_found_equals_expected() -> None:
    checks = Checks()

    checks.equal("Order in Picqer", "processing", "processing")

    assert checks.failed == []


def test_fails_and_shows_both_values_when_found_differs() -> None:
    checks = Checks()

    checks.equal("Order in Picqer", "processing", "concept")

    assert [check.what for check in checks.failed] == ["Order in Picqer"]
    row = next(line for line in printed_table(checks).splitlines() if "Order in Picqer" in line)
    assert "processing" in row
    assert "concept" in row
    assert "FAILED" in row


def test_prints_brackets_unchanged_when_text_looks_like_markup() -> None:
    checks = Checks()

    checks.equal("Hooks", "[bold]", "[red]")

    assert "[bold]" in printed_table(checks)


def test_lists_a_skipped_check_without_failing() -> None:
    checks = Checks()

    checks.skip("Fulfilment in Saleor", "no public address")

    assert checks.failed == []
    assert "skipped" in printed_table(checks)
