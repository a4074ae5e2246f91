"""Enums of the doctor's findings."""

from __future__ import annotations

from typing import Final

from saleor_picqer.domain.doctor.checks import CHECKS
from saleor_picqer.domain.doctor.findings import CheckKey, Level
from saleor_picqer.graphql.core.enums import described_enum

_LEVELS: Final = {
    Level.OK: "All is well.",
    Level.WARNING: "Something may be wrong, or will be.",
    Level.ERROR: "Something is wrong.",
}
_CHECKS: Final = {
    key: f"{check.title}: {check.examines}.".replace("`", "") for key, check in CHECKS.items()
}

PicqerFindingLevel = described_enum(
    "PicqerFindingLevel", Level, "How bad a finding of the doctor is.", _LEVELS
)
PicqerDoctorCheck = described_enum(
    "PicqerDoctorCheck", CheckKey, "What the doctor examines.", _CHECKS
)
