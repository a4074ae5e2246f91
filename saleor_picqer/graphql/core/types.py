"""The error type of the plugin's mutations."""

from __future__ import annotations

import graphene
from saleor.graphql.core.types.common import Error

from saleor_picqer.graphql.core.enums import PicqerErrorCode


class PicqerError(Error):
    code = PicqerErrorCode(required=True, description="The error code.")
    order = graphene.ID(description="ID of the Saleor order that was refused, if it was one.")
    delivery = graphene.ID(description="ID of the delivery that was refused, if it was one.")

    setting = graphene.String(description="Name of the setting that was refused, if it was one.")

    class Meta:
        description = "An error that a mutation of the Picqer plugin reports."
