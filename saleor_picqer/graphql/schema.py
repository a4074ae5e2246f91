"""How our types join Saleor's schema: nothing of Saleor's own changes."""

from __future__ import annotations

import sys

from saleor.graphql.plugins import schema

from saleor_picqer.graphql.mutations import PicqerMutations
from saleor_picqer.graphql.queries import PicqerQueries


def join() -> None:
    """Widens the mixins of which Saleor composes its schema, before it does.

    Raises RuntimeError when it is too late.
    """
    if "saleor.graphql.api" in sys.modules:
        raise RuntimeError("saleor_picqer must be set up before Saleor's GraphQL schema is built")
    schema.PluginsQueries = type("PluginsQueries", (schema.PluginsQueries, PicqerQueries), {})
    schema.PluginsMutations = type(
        "PluginsMutations", (schema.PluginsMutations, PicqerMutations), {}
    )
