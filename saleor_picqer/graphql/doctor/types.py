"""What the doctor finds, as GraphQL types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import graphene

from saleor_picqer.domain.doctor.checks import CHECKS
from saleor_picqer.domain.doctor.findings import Diagnosis, worst
from saleor_picqer.graphql.core.channels import slug_of
from saleor_picqer.graphql.doctor.enums import PicqerDoctorCheck, PicqerFindingLevel


@dataclass(frozen=True)
class Report:
    """Root value of `PicqerDoctorReport`."""

    findings: Sequence[Diagnosis]


class PicqerFinding(graphene.ObjectType):
    check = graphene.Field(PicqerDoctorCheck, required=True, description="What was examined.")
    title = graphene.String(required=True, description="Name of the check, for people.")
    channel = graphene.String(
        description="Slug of the channel; null for a check of the whole shop."
    )
    level = graphene.Field(PicqerFindingLevel, required=True, description="How bad it is.")
    text = graphene.String(required=True, description="What was found.")
    advice = graphene.String(required=True, description="What to do; empty where all is well.")
    count = graphene.Int(
        required=True, description="Number of things concerned; 0 where the finding has none."
    )

    class Meta:
        description = "A finding of the doctor."

    @staticmethod
    def resolve_title(root: Diagnosis, _info: Any) -> str:
        return CHECKS[root.check].title

    @staticmethod
    def resolve_channel(root: Diagnosis, info: Any) -> str | None:
        return slug_of(info, root.channel) if root.channel else None

    @staticmethod
    def resolve_level(root: Diagnosis, _info: Any) -> str:
        return root.finding.level

    @staticmethod
    def resolve_text(root: Diagnosis, _info: Any) -> str:
        return root.finding.text

    @staticmethod
    def resolve_advice(root: Diagnosis, _info: Any) -> str:
        return root.finding.advice

    @staticmethod
    def resolve_count(root: Diagnosis, _info: Any) -> int:
        return root.finding.count


class PicqerDoctorReport(graphene.ObjectType):
    level = graphene.Field(
        PicqerFindingLevel, required=True, description="The worst level of all findings."
    )
    findings = graphene.List(
        graphene.NonNull(PicqerFinding),
        required=True,
        description=(
            "The findings, first those of the whole shop: at least one of each check, unless"
            " migrations are missing."
        ),
    )

    class Meta:
        description = "What the doctor finds in the shop and in one channel."

    @staticmethod
    def resolve_level(root: Report, _info: Any) -> str:
        return worst(root.findings)
