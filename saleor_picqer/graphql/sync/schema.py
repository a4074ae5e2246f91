"""The mutation of the full sync."""

from __future__ import annotations

import graphene

from saleor_picqer.graphql.sync.mutations import TriggerPicqerFullSync


class PicqerSyncMutations(graphene.ObjectType):
    trigger_picqer_full_sync = TriggerPicqerFullSync.Field()
