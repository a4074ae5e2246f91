"""Problems that Saleor's dashboard lists for an app: from Saleor 3.22.36 on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from saleor.app import models
from saleor.app.models import App

from saleor_picqer.domain.problems import Problem

_AppProblem: Final[Any] = getattr(models, "AppProblem", None)
IS_SUPPORTED: Final = _AppProblem is not None
# Columns that may change while the cause, and with it the key, stays the same.
_CHANGING: Final = ("message", "count", "is_critical")


def show(app: App, problems: Iterable[Problem]) -> bool:
    """Have exactly these problems listed; True after a change."""
    wanted = {problem.key: problem for problem in problems}
    if not _differ(_rows(app), wanted):
        return False
    with transaction.atomic():
        # The lock that Saleor takes as well. Without it, two workers could list a problem twice.
        list(App.objects.select_for_update(of=("self",)).filter(pk=app.pk).values_list("pk"))
        _write(app, wanted)
    return True


def _rows(app: App) -> list[Any]:
    return list(_AppProblem.objects.filter(app=app).order_by("pk"))


def _differ(rows: list[Any], wanted: Mapping[str, Problem]) -> bool:
    shown = sorted((row.key, *_values(row)) for row in rows)
    return shown != sorted((key, *_values(problem)) for key, problem in wanted.items())


def _write(app: App, wanted: Mapping[str, Problem]) -> None:
    """Delete, update and create rows, in one statement each."""
    rows = _rows(app)
    kept = {row.key: row for row in rows if row.key in wanted}
    gone = [row.pk for row in rows if kept.get(row.key) is not row]
    if gone:
        _AppProblem.objects.filter(pk__in=gone).delete()
    changed = [row for key, row in kept.items() if _values(row) != _values(wanted[key])]
    for row in changed:
        row.updated_at = timezone.now()
        for name in _CHANGING:
            setattr(row, name, getattr(wanted[row.key], name))
    if changed:
        _AppProblem.objects.bulk_update(changed, [*_CHANGING, "updated_at"])
    new = [wanted[key] for key in wanted if key not in kept]
    values = ({name: getattr(problem, name) for name in ("key", *_CHANGING)} for problem in new)
    if new:
        _AppProblem.objects.bulk_create([_AppProblem(app=app, **one) for one in values])


def _values(shown: Any) -> tuple[Any, ...]:
    return tuple(getattr(shown, name) for name in _CHANGING)
