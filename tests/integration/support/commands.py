"""`manage.py picqer …` as tests call it."""

from __future__ import annotations

from io import StringIO

from django.core.management import call_command


def manage_picqer(*arguments: str) -> str:
    """Run `manage.py picqer` with these arguments and return what it prints."""
    out = StringIO()
    call_command("picqer", *arguments, stdout=out, stderr=out)
    return out.getvalue()
