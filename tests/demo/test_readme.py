"""The README's command, as the demo runs it."""

from __future__ import annotations

from example_project.demo import readme


def test_command_is_found_when_the_demo_needs_it() -> None:
    command = readme.pull_command()

    assert command.startswith("curl ")
    assert all(name in command for name in ("$SALEOR_URL", "$CHANNEL", "$PICQER_API_KEY"))
