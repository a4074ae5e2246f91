"""How far a full sync has come."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Phase(enum.StrEnum):
    """Part of a full sync; the parts follow each other in this order."""

    START = "start"
    # Picqer's products are listed, the active ones first.
    ACTIVE_PRODUCTS = "active products"
    INACTIVE_PRODUCTS = "inactive products"
    # Saleor's products are compared with the list, and differences sent.
    PUSH = "push"
    WAREHOUSES = "warehouses"
    STOCK = "stock"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Position:
    """Where a full sync goes on."""

    phase: Phase = Phase.START
    # Rows of the present list that have been read.
    offset: int = 0
    # Primary key of the last variant that was compared.
    after: str = ""
    # Warehouses whose stock is still to be read: Picqer's id and the mirror's primary key.
    warehouses: tuple[tuple[int, str], ...] = ()
