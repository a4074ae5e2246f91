"""Fields that the shop takes from a product in Picqer into a variant of Saleor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from saleor_picqer.errors import SettingsError

# The key of the callable in the Django setting `SALEOR_PICQER`.
PULL_FIELDS: Final = "pull_fields"


def _texts(value: Any) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(key, str) and isinstance(text, str) for key, text in value.items()
    )


def _whole(least: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, int) and value is not True and value >= least


# Field -> whether a value fits. Metadata is merged; None removes weight and limit.
_FITS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "name": lambda value: isinstance(value, str) and len(value) <= 255,
    "weight": lambda value: value is None or _whole(0)(value),
    "track_inventory": lambda value: isinstance(value, bool),
    "quantity_limit": lambda value: value is None or _whole(1)(value),
    "metadata": _texts,
    "private_metadata": _texts,
}


def check_pulled(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the fields; raise SettingsError for an unknown one, or a value that does not fit."""
    for name, value in fields.items():
        if name not in _FITS:
            raise SettingsError(
                "SALEOR_PICQER",
                f'{PULL_FIELDS} must not return "{name}". Fields are {", ".join(_FITS)}.',
            )
        if not _FITS[name](value):
            raise SettingsError(
                "SALEOR_PICQER", f'{PULL_FIELDS} returned a value for "{name}" that does not fit.'
            )
    return fields
