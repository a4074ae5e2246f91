"""Joins the plugin's queries and mutations to Saleor's schema."""

from __future__ import annotations

import sys
from typing import Final

from saleor.graphql.plugins import schema

from saleor_picqer.graphql.orders.schema import PicqerOrderMutations, PicqerOrderQueries
from saleor_picqer.graphql.status.schema import PicqerStatusQueries
from saleor_picqer.graphql.sync.schema import PicqerSyncMutations

QUERIES: Final = (PicqerStatusQueries, PicqerOrderQueries)
MUTATIONS: Final = (PicqerSyncMutations, PicqerOrderMutations)


def join() -> None:
    """Add the plugin's fields to the classes of which Saleor composes its schema.

    Raises RuntimeError when Saleor has already built the schema.
    """
    if "saleor.graphql.api" in sys.modules:
        raise RuntimeError("saleor_picqer must be set up before Saleor's GraphQL schema is built")
    schema.PluginsQueries = type("PluginsQueries", (schema.PluginsQueries, *QUERIES), {})
    schema.PluginsMutations = type("PluginsMutations", (schema.PluginsMutations, *MUTATIONS), {})
