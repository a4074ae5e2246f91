"""Rows of the mapping tables: Picqer's field, the value's origin, and who may override it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final, Protocol

from saleor_picqer.domain.mapping.metadata import TEXT, Kind, private_value, public_value
from saleor_picqer.errors import SettingsError

# The Django setting that names the shop's own callables.
CALLABLES: Final = "SALEOR_PICQER"


class WritableBy(IntEnum):
    """Who may override a field's value; each member includes the members above."""

    # Only the mapping itself.
    PLUGIN = 0
    # The shop's own callable.
    CALLABLE = 1
    # Staff and apps, by private metadata.
    STAFF = 2
    # The shop's visitors, by public metadata, which a checkout can set.
    VISITORS = 3


class Owner(Protocol):
    """The order or line that has the metadata and the fields from the shop's callable."""

    @property
    def metadata(self) -> Mapping[str, str]: ...

    @property
    def private_metadata(self) -> Mapping[str, str]: ...

    @property
    def extra(self) -> Mapping[str, Any]: ...


class MappingInput(Protocol):
    """The source of a row's value."""

    @property
    def owner(self) -> Owner: ...

    @property
    def label(self) -> str:
        """Return what people call the owner, for example "the order"."""


def _nothing(_facts: object) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Field[F: MappingInput]:
    """A row of a mapping table."""

    # Picqer's name of the field.
    name: str
    # What `value` returns, in words, for the docs.
    origin: str
    value: Callable[[F], Any] = _nothing
    writable_by: WritableBy = WritableBy.STAFF
    kind: Kind = TEXT
    # Metadata adds a line to the value instead of replacing it.
    appends: bool = False
    # A value that was sent stays in Picqer when the shop has none any more, because it is not
    # documented how to clear the field.
    sticky: bool = False
    # Picqer fills a blank field of an address from the customer's record.
    in_address: bool = False
    # The field is never blank, so that None from a callable does not count.
    required: bool = False

    def fill(self, source: F) -> Any:
        """Return the field's value, None for a blank value.

        The callable counts first, then private metadata, then public metadata, then `value`.
        Raises DataError for invalid private metadata, and the errors of `value`.
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
    """Return a text without surrounding blanks, None for a blank text."""
    return value.strip() or None if isinstance(value, str) else value


def check_callable[F: MappingInput](
    extra: Iterable[str], fields: Iterable[Field[F]], label: str, *also: str
) -> None:
    """Raise SettingsError for a field that the shop's callable may not set."""
    allowed = {field.name for field in fields if field.writable_by >= WritableBy.CALLABLE} | {*also}
    for name in extra:
        if name not in allowed:
            raise SettingsError(
                CALLABLES, f'A callable must not set the field "{name}" of {label}.'
            )
