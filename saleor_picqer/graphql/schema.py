"""How our types join Saleor's schema: nothing of Saleor's own changes."""

from __future__ import annotations

import sys
from typing import Final

from saleor.graphql.plugins import schema

from saleor_picqer.graphql.mutations import PicqerMutations
from saleor_picqer.graphql.order_list import PicqerOrderQueries
from saleor_picqer.graphql.orders import PicqerOrderMutations
from saleor_picqer.graphql.queries import PicqerQueries

QUERIES: Final = (PicqerQueries, PicqerOrderQueries)
MUTATIONS: Final = (PicqerMutations, PicqerOrderMutations)


def join() -> None:
    """Widens the mixins of which Saleor composes its schema, before it does.

    Raises RuntimeError when it is too late.
    """
    if "saleor.graphql.api" in sys.modules:
        raise RuntimeError("saleor_picqer must be set up before Saleor's GraphQL schema is built")
    schema.PluginsQueries = type("PluginsQueries", (schema.PluginsQueries, *QUERIES), {})
    schema.PluginsMutations = type("PluginsMutations", (schema.PluginsMutations, *MUTATIONS), {})
