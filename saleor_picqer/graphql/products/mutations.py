"""The mutation that tries products again."""

from __future__ import annotations

from typing import Any

import graphene

from saleor_picqer import tasks, wiring
from saleor_picqer.graphql.core.channels import active_channel
from saleor_picqer.graphql.core.mutations import PicqerMutation
from saleor_picqer.hosts import host
from saleor_picqer.store import catalogue


class PicqerRetryProducts(PicqerMutation):
    count = graphene.Int(required=True, description="Number of products that are tried again.")

    class Arguments:
        channel = graphene.String(
            description="Slug of the channel; needed only if the plugin is active in several."
        )

    class Meta:
        description = (
            "Tries products again that could not be sent to the channel's Picqer account, without"
            " delay."
        )
        permission = host().access.manage_plugins()

    @classmethod
    def perform_mutation(cls, _root: Any, _info: Any, **data: Any) -> PicqerRetryProducts:
        account = wiring.account_of(active_channel(data.get("channel")))
        count = catalogue.retry(account) if account else 0
        if account and count:
            tasks.enqueue_products([account])
        return cls(count=count)
