"""A shop in good health, and what an examination costs."""

from __future__ import annotations

from tests.integration.doctor.conftest import Patient


def test_all_is_well_in_a_shop_in_good_health(patient: Patient) -> None:
    found = patient.examine()

    assert [one for one in found if one.finding.level != "ok"] == []
