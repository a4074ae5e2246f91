"""Picqer's error codes, each with its HTTP status and default text."""

from __future__ import annotations

from typing import NamedTuple


class ErrorEntry(NamedTuple):
    """One error code: HTTP status and default text."""

    status: int
    message: str


# The codes are documented. Most statuses are not, so the option `error_statuses` can change them.
ERRORS: dict[int, ErrorEntry] = {
    1: ErrorEntry(500, "Unknown application error"),
    5: ErrorEntry(400, "A required parameter is missing or invalid"),
    6: ErrorEntry(400, "This company domain is already taken"),
    7: ErrorEntry(400, "Resource id found"),
    8: ErrorEntry(400, "This function is not implemented"),
    9: ErrorEntry(400, "Invalid country code"),
    10: ErrorEntry(400, "Invalid address"),
    12: ErrorEntry(400, "The customer of this order is invalid"),
    13: ErrorEntry(400, "This order has no products"),
    14: ErrorEntry(400, "Unknown VAT group"),
    15: ErrorEntry(400, "No product given to pick"),
    16: ErrorEntry(400, "The amount to pick is not valid"),
    17: ErrorEntry(400, "The product to pick was not found"),
    18: ErrorEntry(400, "The amount to pick is too high"),
    19: ErrorEntry(400, "This domain is reserved"),
    20: ErrorEntry(404, "Item not found"),
    21: ErrorEntry(404, "Item not found or not in the right status"),
    22: ErrorEntry(400, "The body is not valid JSON"),
    23: ErrorEntry(400, "A product of this order lacks idproduct or amount"),
    24: ErrorEntry(400, "A product of this order does not exist"),
    25: ErrorEntry(400, "The customer of this order does not exist"),
    26: ErrorEntry(400, "The shipment cannot be created"),
    27: ErrorEntry(400, "This product is not on the purchase order"),
    28: ErrorEntry(429, "Rate limit exceeded"),
    29: ErrorEntry(400, "The monthly order limit of this plan is reached"),
    30: ErrorEntry(400, "This order cannot be changed"),
    31: ErrorEntry(400, "This request was refused"),
    32: ErrorEntry(400, "This order is already processed"),
    33: ErrorEntry(400, "The products of a processed order cannot be changed"),
}

MISSING_PARAMETER = 5
NOT_IMPLEMENTED = 8
INVALID_COUNTRY = 9
INVALID_CUSTOMER = 12
NO_PRODUCTS = 13
UNKNOWN_VATGROUP = 14
PICK_WITHOUT_PRODUCT = 15
PICK_INVALID_AMOUNT = 16
PICK_UNKNOWN_PRODUCT = 17
PICK_AMOUNT_TOO_HIGH = 18
NOT_FOUND = 20
WRONG_STATUS = 21
INVALID_JSON = 22
INCOMPLETE_LINE = 23
UNKNOWN_PRODUCT = 24
UNKNOWN_CUSTOMER = 25
SHIPMENT_REFUSED = 26
RATE_LIMITED = 28
ORDER_LIMIT_REACHED = 29
ORDER_LOCKED = 30
ALREADY_PROCESSED = 32
LINES_LOCKED = 33


class ApiError(Exception):
    """A request that Picqer refuses with an error code."""

    def __init__(self, code: int, message: str | None = None) -> None:
        self.code = code
        self.message = message or ERRORS[code].message
        super().__init__(f"{code}: {self.message}")

    @property
    def status(self) -> int:
        """Return the HTTP status of the error code."""
        return ERRORS[self.code].status


class AuthenticationError(Exception):
    """A request with a missing or wrong API key."""
