"""Base classes of wire objects: Picqer's are read leniently, bodies are written strictly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Self

from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PlainSerializer,
    ValidationError,
    model_validator,
)

from saleor_picqer.errors import DataError


class PicqerObject(BaseModel):
    """An object from Picqer, with unknown fields kept.

    An absent field, null or "" reads as the default: "" for texts, None for numbers and ids.
    """

    model_config = ConfigDict(
        extra="allow", frozen=True, coerce_numbers_to_str=True, protected_namespaces=()
    )

    # The field that tells objects of a list apart.
    id_field: ClassVar[str]

    @model_validator(mode="before")
    @classmethod
    def _drop_blanks(cls, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        return {name: value for name, value in data.items() if value is not None and value != ""}

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Show the id only: the other fields can be personal data."""
        name = getattr(type(self), "id_field", None)
        return iter([(name, getattr(self, name))] if name else [])


class Body(BaseModel):
    """A request body with documented fields only; unset fields are not sent.

    Raises DataError, naming the field but not the value, for a body that Picqer would refuse.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    @model_validator(mode="wrap")
    @classmethod
    def _refuse(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(data)
        except ValidationError as failure:
            refusal = cls.refusal(complaints(failure))
        # Outside the `except`, so that the values do not travel along as the error's context.
        raise refusal

    @classmethod
    def refusal(cls, complaint: str) -> DataError:
        """Return the error for a body that Picqer would refuse."""
        return DataError(f"{cls.__name__} cannot be sent to Picqer: {complaint}")

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Show names only: the values can be personal data or a secret."""
        return ((None, name) for name in sorted(self.model_fields_set))

    def encode(self) -> bytes:
        """Return the JSON of the set fields; a field set to None is sent as null."""
        try:
            return self.model_dump_json(exclude_unset=True).encode()
        except ValueError as failure:
            problem = type(failure).__name__
        raise self.refusal(f"a text or value that JSON cannot hold ({problem})")


def complaints(failure: ValidationError) -> str:
    """Return what is wrong with which fields, without the values, which may be personal data."""
    errors = failure.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(f"{'.'.join(map(str, error['loc']))}: {error['msg']}" for error in errors[:5])


def twins(*names: str, default: object = None) -> Any:
    """Declare a field with several names in Picqer; the first name present is read."""
    return Field(default=default, validation_alias=AliasChoices(*names))


def _listed(value: Any) -> Any:
    # Picqer's PHP sends a keyed collection as an object, and an empty one as either.
    return list(value.values()) if isinstance(value, dict) else value


def _keyed(value: Any) -> Any:
    return {} if value == [] else value


# An object that PHP sends as a list when it is empty.
Keyed = BeforeValidator(_keyed)

# A list that may arrive as an object keyed by title or index.
Listed = BeforeValidator(_listed)

# An amount in major units: exact in Python, a plain number in JSON (8.26, never 8.2599999).
Money = Annotated[Decimal, PlainSerializer(float, return_type=float, when_used="json")]

Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Filled = Annotated[str, Field(min_length=1, pattern=r"\S")]
Positive = Annotated[int, Field(ge=1)]
