"""Parcels are read back from a fulfilment, also after edits by staff."""

from __future__ import annotations

import pytest

from saleor_picqer.domain.parcels import Parcel, TrackingField, shown_parcels, tracking_of

PARCELS = (Parcel("PostNL", "3S1", "https://postnl.test/3S1"), Parcel(code="3S2"))


def test_parcels_are_read_as_they_were_written() -> None:
    tracking = tracking_of(PARCELS, TrackingField.NUMBER)

    assert shown_parcels(tracking.metadata["parcels"], tracking.text) == PARCELS


@pytest.mark.parametrize("metadata", ["", "{}", "[", "null", "[1, null, {}]", '[{"code": 7}]'])
def test_tracking_number_is_shown_when_the_metadata_says_nothing(metadata: str) -> None:
    assert shown_parcels(metadata, "3S1") == (Parcel(code="3S1"),)
    assert shown_parcels(metadata, "") == ()
