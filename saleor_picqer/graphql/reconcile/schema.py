"""The mutation of the reconcile."""

from __future__ import annotations

import graphene

from saleor_picqer.graphql.reconcile.mutations import PicqerReconcile


class PicqerReconcileMutations(graphene.ObjectType):
    picqer_reconcile = PicqerReconcile.Field()
