"""The mutations of runs."""

from __future__ import annotations

import graphene

from saleor_picqer.graphql.sync.mutations import (
    PicqerPullStock,
    PicqerPushProducts,
    TriggerPicqerFullSync,
)


class PicqerSyncMutations(graphene.ObjectType):
    trigger_picqer_full_sync = TriggerPicqerFullSync.Field()
    picqer_pull_stock = PicqerPullStock.Field()
    picqer_push_products = PicqerPushProducts.Field()
