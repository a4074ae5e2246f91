"""Parcels of a shipment, and what a fulfilment shows of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Final

# The longest text in Saleor's field for the tracking number.
_LONGEST: Final = 255


class TrackingField(StrEnum):
    """What Saleor's field for the tracking number contains."""

    NUMBER = "number"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel on the way to the customer; each of the texts may be empty.

    `carrier` is the name for customers, `code` the tracking code, `link` the carrier's page.
    """

    carrier: str = ""
    code: str = field(default="", repr=False)
    link: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Shipment:
    """A shipment of a picklist that is not cancelled."""

    id: int
    parcels: tuple[Parcel, ...] = ()


@dataclass(frozen=True, slots=True)
class ListedShipment:
    """A shipment in Picqer's list of all shipments, with the picklist that it belongs to."""

    picklist_id: int
    shipment: Shipment
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Tracking:
    """What a fulfilment shows of its parcels.

    `text` is for Saleor's tracking number. `metadata` is public, its keys are without the plugin's
    prefix, and an empty value removes the key.
    """

    text: str = field(default="", repr=False)
    metadata: Mapping[str, str] = field(default_factory=dict, repr=False)


def parcels_of(shipments: Iterable[Shipment]) -> tuple[Parcel, ...]:
    """Return the parcels of all shipments."""
    return tuple(parcel for shipment in shipments for parcel in shipment.parcels)


def tracking_of(parcels: Iterable[Parcel], tracking_field: TrackingField) -> Tracking:
    """Return what a fulfilment shows of these parcels."""
    known = tuple(parcels)
    text = codes(known, _LONGEST)
    if tracking_field is TrackingField.LINK:
        # The field holds one link; the metadata has the links of all parcels.
        links = (parcel.link for parcel in known if 0 < len(parcel.link) <= _LONGEST)
        text = next(links, text)
    content = json.dumps([asdict(parcel) for parcel in known], ensure_ascii=False)
    return Tracking(text, {"parcels": content if known else ""})


def shown_parcels(metadata: str, text: str) -> tuple[Parcel, ...]:
    """Return the parcels that a fulfilment shows: `metadata` as written by `tracking_of`.

    Staff may have written both, so that anything may be in there; `text` is the tracking number.
    """
    try:
        found = json.loads(metadata)
    except (TypeError, ValueError):
        found = None
    entries = found if isinstance(found, list) else []
    parcels = (
        Parcel(*(_text(entry.get(name)) for name in ("carrier", "code", "link")))
        for entry in entries
        if isinstance(entry, dict)
    )
    known = tuple(parcel for parcel in parcels if parcel != Parcel())
    return known or ((Parcel(code=text),) if text else ())


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def codes(parcels: Iterable[Parcel], longest: int = 1000) -> str:
    """Return the different tracking codes, as many as fit in `longest` characters."""
    text = ""
    for code in dict.fromkeys(parcel.code for parcel in parcels if parcel.code):
        longer = f"{text}, {code}" if text else code
        if len(longer) <= longest:
            text = longer
    return text
