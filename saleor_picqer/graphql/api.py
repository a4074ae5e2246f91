"""Joins the plugin's queries and mutations to Saleor's schema."""

from __future__ import annotations

import importlib
import logging
import sys
from typing import Any, Final

from django.urls import resolve, reverse
from saleor.graphql.plugins import schema

from saleor_picqer.graphql.channels.schema import PicqerChannelQueries
from saleor_picqer.graphql.deliveries.schema import (
    PicqerDeliveryMutations,
    PicqerDeliveryQueries,
)
from saleor_picqer.graphql.doctor.schema import PicqerDoctorQueries
from saleor_picqer.graphql.orders.schema import PicqerOrderMutations, PicqerOrderQueries
from saleor_picqer.graphql.products.schema import PicqerProductMutations, PicqerProductQueries
from saleor_picqer.graphql.reconcile.schema import PicqerReconcileMutations
from saleor_picqer.graphql.settings.schema import (
    PicqerSettingsMutations,
    PicqerSettingsQueries,
)
from saleor_picqer.graphql.shipping.schema import (
    PicqerShippingMutations,
    PicqerShippingQueries,
)
from saleor_picqer.graphql.status.schema import PicqerStatusQueries
from saleor_picqer.graphql.sync.schema import PicqerSyncMutations
from saleor_picqer.graphql.warehouses.schema import PicqerWarehouseQueries

QUERIES: Final = (
    PicqerStatusQueries,
    PicqerChannelQueries,
    PicqerOrderQueries,
    PicqerDeliveryQueries,
    PicqerProductQueries,
    PicqerWarehouseQueries,
    PicqerDoctorQueries,
    PicqerSettingsQueries,
    PicqerShippingQueries,
)
MUTATIONS: Final = (
    PicqerSyncMutations,
    PicqerOrderMutations,
    PicqerDeliveryMutations,
    PicqerProductMutations,
    PicqerReconcileMutations,
    PicqerSettingsMutations,
    PicqerShippingMutations,
)

# The module that composes and builds Saleor's schema when it is imported.
_BUILDER: Final = "saleor.graphql.api"

logger = logging.getLogger(__name__)


def join() -> None:
    """Add the plugin's fields to the classes of which Saleor composes its schema.

    If another app has had the schema built before, it is built again. If that fails, Saleor starts
    without the plugin's fields.
    """
    schema.PluginsQueries = type("PluginsQueries", (schema.PluginsQueries, *QUERIES), {})
    schema.PluginsMutations = type("PluginsMutations", (schema.PluginsMutations, *MUTATIONS), {})
    if (builder := sys.modules.get(_BUILDER)) is None:
        return
    try:
        _rebuild(builder)
    except Exception:  # whatever another app has done, the shop must start
        logger.exception(
            "Another app had Saleor's GraphQL schema built before saleor_picqer was set up, and it"
            " could not be built again. Saleor starts without the plugin's queries and mutations."
        )


def is_served() -> bool:
    """Return whether the plugin's fields are in the schema of Saleor's GraphQL endpoint."""
    view = resolve(reverse("api")).func
    served = getattr(view, "view_initkwargs", {}).get("schema")
    if served is None:
        served = importlib.import_module(_BUILDER).schema
    return "picqerStatus" in served.get_query_type().fields


def _rebuild(builder: Any) -> None:
    """Build the schema again, inside the object that other modules have imported."""
    before = dict(vars(builder))
    try:
        rebuilt = importlib.reload(builder).schema
    except BaseException:
        vars(builder).update(before)
        raise
    attributes, slots = rebuilt.__getstate__()
    for name, value in {**attributes, **slots}.items():
        setattr(before["schema"], name, value)
    builder.schema = before["schema"]
