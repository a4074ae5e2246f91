"""The base of the plugin's mutations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Self

import graphene
from django.core.exceptions import ValidationError
from saleor.graphql.core.mutations import BaseMutation
from saleor.graphql.core.utils import snake_to_camel_case

from saleor_picqer.config.table import LABELS
from saleor_picqer.graphql.core.permissions import describe_permission
from saleor_picqer.graphql.core.types import PicqerError


class PicqerMutation(BaseMutation):
    """A mutation with one permission and with typed errors on every line of Saleor."""

    class Meta:
        abstract = True

    @classmethod
    def __init_subclass_with_meta__(
        cls, *, description: str, permission: Any, **options: Any
    ) -> None:
        super().__init_subclass_with_meta__(
            description=describe_permission(description, permission),
            permissions=(permission,),
            error_type_class=PicqerError,
            auto_permission_message=False,  # Saleor 2.10 has no such message
            **options,
        )
        # Saleor 2.10 declares a field without codes, Saleor 3 the same field as this.
        cls._meta.fields.pop("errors")
        cls._meta.fields["errors"] = graphene.Field(
            graphene.NonNull(graphene.List(graphene.NonNull(PicqerError))),
            description="List of errors that occurred executing the mutation.",
        )

    @classmethod
    def handle_errors(cls, error: ValidationError, **fields: Any) -> Self:
        """Return a payload with the errors, each with its code and what it concerns."""
        return cls(errors=list(_typed(error.error_dict)), **fields)


def _typed(errors: Mapping[str, list[ValidationError]]) -> Iterator[PicqerError]:
    for field, found in errors.items():
        for error in found:
            yield PicqerError(
                field=snake_to_camel_case(field),
                message=error.messages[0],
                code=error.code,
                setting=field if field in LABELS else None,
                order=(error.params or {}).get("order"),
                delivery=(error.params or {}).get("delivery"),
            )
