"""The error codes of the plugin's mutations, and how enums get their descriptions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import Any, Final

import graphene

from saleor_picqer.domain.delivery_actions import REPLAY_REFUSAL_TEXTS
from saleor_picqer.domain.order_actions import REFUSAL_TEXTS
from saleor_picqer.domain.product_situation import PRODUCT_REFUSALS, ProductRefusal

# An error of the arguments; every other code is a reason to refuse an order or a delivery.
INVALID: Final = "invalid"

_ERROR_TEXTS: Final[Mapping[str, str]] = {
    INVALID: "An argument is invalid, or the arguments contradict each other.",
    **{reason.value: text for reason, text in REFUSAL_TEXTS.items()},
    **{reason.value: text for reason, text in REPLAY_REFUSAL_TEXTS.items()},
    **{
        reason.value: text
        for reason, text in PRODUCT_REFUSALS.items()
        if reason not in (ProductRefusal.NOT_FOUND, ProductRefusal.SWITCHED_OFF)
    },
}


def describe(enum: str, values: Mapping[Any, str]) -> Callable[[Any], str]:
    """Return graphene's description function, with a text for the enum and for each value."""
    return lambda value: enum if value is None else values[value.value]


def described_enum(
    name: str, members: Iterable[Enum], description: str, texts: Mapping[Any, str]
) -> Any:
    """Return the GraphQL enum of a Python enum; `texts` describes each member."""
    values = [(member.name, member.value) for member in members]
    return graphene.Enum(name, values, description=describe(description, texts))


PicqerErrorCode = graphene.Enum(
    "PicqerErrorCode",
    [(code.upper(), code) for code in _ERROR_TEXTS],
    description=describe("Why a mutation of the Picqer plugin refused a request.", _ERROR_TEXTS),
)
