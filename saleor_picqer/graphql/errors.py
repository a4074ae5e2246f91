"""How our mutations say no."""

from __future__ import annotations

from enum import Enum

import graphene
from saleor.graphql.core.types.common import Error

from saleor_picqer.hosts import host


class PicqerErrorCode(Enum):
    """Every code that a mutation of ours can answer with; each `RefusalReason` is one of them."""

    BUSY = "busy"
    CANCELLED = "cancelled"
    DRAFT = "draft"
    FULFILLED = "fulfilled"
    GRAPHQL_ERROR = "graphql_error"
    INVALID = "invalid"
    IN_PICQER = "in_picqer"
    NOTHING_TO_RETRY = "nothing_to_retry"
    NOT_ACTIVE = "not_active"
    NOT_FOUND = "not_found"
    REQUIRED = "required"
    UNIQUE = "unique"


host().access.register_error_codes(code.value for code in PicqerErrorCode)

PicqerErrorCodeEnum = graphene.Enum.from_enum(PicqerErrorCode)


class PicqerError(Error):
    code = PicqerErrorCodeEnum(required=True, description="The error code.")
    order = graphene.ID(description="ID of the order that it is about, where it is about one.")
