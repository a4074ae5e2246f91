"""Signs of life of a channel, as GraphQL types."""

from __future__ import annotations

import graphene

from saleor_picqer.hosts import host

DateTime = host().access.graphql_datetime()


class PicqerWebhooks(graphene.ObjectType):
    alive = graphene.Boolean(
        required=True,
        description="Whether all webhooks were active in Picqer when they were last looked at.",
    )
    checked_at = DateTime(
        description="When Picqer's list last showed that all are right; null before that."
    )
    wrong_since = DateTime(
        description="Since when the webhooks may differ from the settings; null if they do not."
    )
    problem = graphene.String(
        required=True, description="Why the webhooks could not be checked; empty if they could."
    )

    class Meta:
        description = "The webhooks of a channel in its Picqer account."


class PicqerBudget(graphene.ObjectType):
    limit = graphene.Int(
        required=True, description="Requests that Picqer allows in a minute, as it last told."
    )
    remaining = graphene.Int(required=True, description="Requests that are left of them.")
    paused_seconds = graphene.Int(
        required=True,
        description="Seconds for which all requests wait, because the limit was exceeded.",
    )

    class Meta:
        description = (
            "The rate limit of the channel's API key, as the plugin's workers know it without a"
            " request."
        )


class PicqerStockDrift(graphene.ObjectType):
    count = graphene.Int(
        required=True,
        description="Number of stocks in Saleor that differed from what was last read from Picqer.",
    )
    repaired = graphene.Boolean(required=True, description="Whether they were repaired.")
    checked_at = DateTime(required=True, description="When the reconcile that found them ended.")

    class Meta:
        description = "Stock in Saleor that differed from Picqer in the last reconcile."
