"""A shop in good health, and what an examination costs."""

from __future__ import annotations

from saleor_picqer.doctor.channel_readings import CHANNEL_READINGS
from saleor_picqer.doctor.shop_readings import SHOP_READINGS
from saleor_picqer.domain.doctor.checks import CHECKS
from tests.integration.doctor.conftest import Patient


def test_all_is_well_in_a_shop_in_good_health(patient: Patient) -> None:
    found = patient.examine()

    assert [one for one in found if one.finding.level != "ok"] == []


def test_every_check_of_the_table_is_read_and_has_a_finding(patient: Patient) -> None:
    assert {*SHOP_READINGS, *CHANNEL_READINGS} == {*CHECKS}
    assert {one.check for one in patient.examine()} == {*CHECKS}
