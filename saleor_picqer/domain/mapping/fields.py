"""What a row of the mapping is: one field of Picqer's, where it comes from, who may set it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final, Protocol

from saleor_picqer.domain.mapping.metadata import TEXT, Kind, private_value, public_value
from saleor_picqer.errors import SettingsError

CALLABLES: Final = "SALEOR_PICQER"
"""The Django setting that names the shop's own callables."""


class WritableBy(IntEnum):
    """Who may set a field to something else than the mapping does; each includes those above."""

    PLUGIN = 0
    """Nobody else."""
    CALLABLE = 1
    """The shop's own code."""
    STAFF = 2
    """Private metadata: staff and apps."""
    VISITORS = 3
    """Public metadata, which anybody can write in the checkout."""


class Owner(Protocol):
    """An order or a line: where metadata and the callable's fields are."""

    @property
    def metadata(self) -> Mapping[str, str]: ...

    @property
    def private_metadata(self) -> Mapping[str, str]: ...

    @property
    def extra(self) -> Mapping[str, Any]: ...


class MappingInput(Protocol):
    """What a field's value is made from."""

    @property
    def owner(self) -> Owner: ...

    @property
    def label(self) -> str:
        """The owner in words, such as "the order"."""


def _nothing(_facts: object) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Field[F: MappingInput]:
    """One row.

    `origin` says in words what `value` gives. Metadata takes its place, or `appends` a line to it.
    `sticky`: what was sent stays in Picqer when the shop takes it back, because it is not
    documented how to clear the field. `in_address`: Picqer fills a blank one from the customer.
    `required`: never blank, so that None from a callable does not count.
    """

    name: str
    origin: str
    value: Callable[[F], Any] = _nothing
    writable_by: WritableBy = WritableBy.STAFF
    kind: Kind = TEXT
    appends: bool = False
    sticky: bool = False
    in_address: bool = False
    required: bool = False

    def fill(self, source: F) -> Any:
        """The field's value, or None: the callable's before private before public metadata.

        Raises DataError for private metadata that makes no sense, and whatever `value` raises.
        """
        given = _tidy(source.owner.extra.get(self.name))
        if given is not None or (self.name in source.owner.extra and not self.required):
            return given
        written = self._written(source)
        if written is None:
            return _tidy(self.value(source))
        own = _tidy(self.value(source)) if self.appends else None
        return written if own is None else f"{own}\n{written}"

    def _written(self, source: F) -> Any:
        owner, value = source.owner, None
        if self.writable_by >= WritableBy.STAFF:
            value = private_value(self.kind, self.name, owner.private_metadata, source.label)
        if value is None and self.writable_by >= WritableBy.VISITORS:
            value = public_value(self.kind, self.name, owner.metadata)
        return value


def _tidy(value: Any) -> Any:
    """A text without surrounding blanks; None for a blank one."""
    return value.strip() or None if isinstance(value, str) else value


def check_callable[F: MappingInput](
    extra: Iterable[str], fields: Iterable[Field[F]], label: str, *also: str
) -> None:
    """Raises SettingsError naming a field that the shop's callable gives but may not set."""
    allowed = {field.name for field in fields if field.writable_by >= WritableBy.CALLABLE} | {*also}
    for name in extra:
        if name not in allowed:
            raise SettingsError(CALLABLES, f'"{name}" of {label} is not for a callable to set')
