"""The mutations that start a run."""

from __future__ import annotations

from typing import Any, ClassVar, Final, Self

import graphene
from django.core.exceptions import ValidationError

from saleor_picqer import run_actions
from saleor_picqer.domain.runs import Kind
from saleor_picqer.graphql.core.channels import active_channel
from saleor_picqer.graphql.core.enums import INVALID
from saleor_picqer.graphql.core.mutations import PicqerMutation
from saleor_picqer.graphql.sync.types import PicqerSyncRun
from saleor_picqer.hosts import host

_CHANNEL: Final = "Slug of the channel; needed only if the plugin is active in several."
_DRY_RUN: Final = "Write nothing in Picqer or Saleor: the run only tells what would change."
_CONFIRM_ZERO: Final = (
    "Sell out the SKUs that Picqer has no stock of, however many there are. Without this, a run"
    " that would sell out more than a tenth of the SKUs on offer (and more than 3), or all that a"
    " channel has sold from warehouses of its own, leaves their stock unchanged and fails."
)


class RunMutation(PicqerMutation):
    """Start a run of a kind."""

    kind: ClassVar[Kind]
    run = graphene.Field(
        PicqerSyncRun, description="The new run, or the channel's run that has not ended yet."
    )

    class Meta:
        abstract = True

    @classmethod
    def perform_mutation(cls, _root: Any, _info: Any, **data: Any) -> Self:
        channel = active_channel(data.get("channel"))
        try:
            run = run_actions.start_run(
                channel,
                cls.kind,
                dry_run=bool(data.get("dry_run")),
                confirm_zero=bool(data.get("confirm_zero")),
            )
        except run_actions.RunUnderWayError as error:
            problem = ValidationError({"channel": ValidationError(str(error), code=INVALID)})
            return cls.handle_errors(problem, run=error.run)
        return cls(run=run)


class TriggerPicqerFullSync(RunMutation):
    kind = Kind.FULL

    class Arguments:
        channel = graphene.String(description=_CHANNEL)
        dry_run = graphene.Boolean(description=_DRY_RUN)
        confirm_zero = graphene.Boolean(description=_CONFIRM_ZERO)

    class Meta:
        description = (
            "Writes all products of the channel to Picqer, and Picqer's warehouses and stock to"
            " Saleor."
        )
        permission = host().access.manage_plugins()


class PicqerPullStock(RunMutation):
    kind = Kind.STOCK

    class Arguments:
        channel = graphene.String(description=_CHANNEL)
        dry_run = graphene.Boolean(description=_DRY_RUN)
        confirm_zero = graphene.Boolean(description=_CONFIRM_ZERO)

    class Meta:
        description = "Writes Picqer's warehouses and stock to Saleor."
        permission = host().access.manage_plugins()


class PicqerPushProducts(RunMutation):
    kind = Kind.PRODUCTS

    class Arguments:
        channel = graphene.String(description=_CHANNEL)
        dry_run = graphene.Boolean(description=_DRY_RUN)

    class Meta:
        description = "Writes all products of the channel to Picqer."
        permission = host().access.manage_plugins()
