"""Problems of a run: one for each cause, with the SKUs it concerns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Self

# Causes that a run keeps, and SKUs that are named for each.
MAX_CAUSES: Final = 500
MAX_NAMED: Final = 50


@dataclass(slots=True)
class RunProblem:
    """A cause, and the first SKUs of the `count` products that it concerns."""

    cause: str
    skus: list[str] = field(default_factory=list)
    count: int = 1

    def __str__(self) -> str:
        named = ", ".join(f'"{sku}"' for sku in self.skus)
        if not named:
            return self.cause
        if self.count > len(self.skus):
            return f"{self.count} SKUs, such as {named}: {self.cause}"
        return f"{'SKU' if self.count == 1 else 'SKUs'} {named}: {self.cause}"


class RunProblems:
    """The problems of a run in the order of their first product."""

    def __init__(self, problems: Iterable[RunProblem] = ()) -> None:
        self._by_cause = {problem.cause: problem for problem in problems}

    @classmethod
    def load(cls, saved: Iterable[Mapping[str, Any]]) -> Self:
        """Return the problems from what `dump` returned."""
        return cls(RunProblem(**fields) for fields in saved)

    def __iter__(self) -> Iterator[RunProblem]:
        return iter(self._by_cause.values())

    def add(self, cause: str, sku: str = "") -> bool:
        """Keep a problem, up to a limit of causes; return whether its cause is new."""
        skus = [sku] if sku else []
        known = self._by_cause.get(cause)
        if known is not None:
            known.count += 1
            known.skus += skus[: MAX_NAMED - len(known.skus)]
        elif len(self._by_cause) < MAX_CAUSES:
            self._by_cause[cause] = RunProblem(cause, skus)
        return known is None

    def dump(self) -> list[dict[str, Any]]:
        """Return the problems for a JSON column."""
        return [asdict(problem) for problem in self]
