"""Owns every answer that Picqer's documentation does not give: one table of knobs.

A default is the likeliest reading; a test turns a knob to see that a client copes with the
other readings too. The documentation of the knobs is generated from this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError


def knob[T](default: T, help_text: str) -> T:
    value: T = field(default=default, metadata={"help": help_text})
    return value


def _retry_delays() -> tuple[float, ...]:
    """15 growing pauses of together about 17 hours, in seconds."""
    return tuple(30 * 1.608**attempt for attempt in range(15))


@dataclass(frozen=True, kw_only=True)
class Knobs:
    """How the simulated account answers where the documentation is silent."""

    # Requests
    time_zone: str = knob("Europe/Amsterdam", "Zone of all timestamps")
    missing_user_agent: Literal["accept", "refuse"] = knob(
        "accept", "Answer to a request without User-Agent (refuse: 400, code 5)"
    )
    unauthorised_body: Literal["json", "html"] = knob("json", "Kind of body of a 401")
    key_scope: Literal["account", "fulfilment"] = knob(
        "account", "fulfilment: endpoints outside of the fulfilment list answer 403"
    )
    rate_limit: int = knob(500, "Requests per window and API key")
    rate_limit_window: float = knob(60.0, "Length of that window in seconds")
    rate_limit_kind: Literal["fixed", "sliding"] = knob(
        "fixed", "fixed: starts at the first request and then empties at once"
    )
    retry_after: bool = knob(False, "Whether a 429 carries Retry-After")
    error_statuses: dict[int, int] = field(
        default_factory=dict, metadata={"help": "HTTP status by error code, over the defaults"}
    )
    unknown_fields: Literal["ignore", "refuse"] = knob(
        "ignore", "What happens to unknown fields of a body (refuse: 400, code 5)"
    )
    list_order: Literal["oldest_first", "newest_first"] = knob(
        "oldest_first", "Order of all lists by id"
    )
    action_body: Literal["object", "empty"] = knob(
        "object", "Body of an answered action such as POST /orders/{idorder}/process"
    )
    action_status: Literal[200, 201, 204] = knob(200, "HTTP status of an answered action")
    cancel_body: Literal["object", "empty"] = knob(
        "empty", "Answer to DELETE /orders/{idorder} (object: 200, empty: 204)"
    )
    empty_tags: Literal["object", "array"] = knob("object", "An empty tags object: {} or []")
    picklist_tags: Literal["array", "object"] = knob(
        "array", "Shape of the tags of a picklist (object before October 2025)"
    )

    # Products and stock
    product_without_vatgroup: Literal["refuse", "default"] = knob(
        "refuse", "A product created without idvatgroup"
    )
    duplicate_productcode_code: int = knob(5, "Error code of a product code that is taken")
    productcode_case_sensitive: bool = knob(False, "Whether mug and MUG are two product codes")
    orders_inactive_products: bool = knob(True, "Whether an inactive product can be ordered")
    stock_too_low_code: int = knob(5, "Error code of a stock level below what is on picklists")
    stock_change_body: Literal["row", "empty"] = knob("row", "Answer to a stock change")
    idproducts_separator: str = knob(",", "What separates the ids in the filter idproducts")
    negative_freestock: Literal["shown", "zero"] = knob(
        "shown", "How free stock below zero is told; what is reserved is told as it is"
    )
    freepickablestock: bool = knob(True, "Whether stock rows carry freepickablestock")
    unlimited_stock_rows: Literal["zeros", "empty"] = knob(
        "zeros", "Stock rows of an unlimited_stock product"
    )
    backorder_reserves: Literal["available", "wanted"] = knob(
        "available", "What of a backorder counts in reservedbackorders"
    )
    allocate_beyond_stock: bool = knob(False, "Whether more can be allocated than is free")
    allocate_on_create: bool = knob(False, "Whether an order made by API is allocated at once")
    stock_lowered_at: Literal["close", "pick"] = knob(
        "close", "When picked goods leave the physical stock"
    )

    # Orders
    auto_split: bool = knob(True, "auto_split of an order that does not say")
    partialdelivery: bool = knob(True, "partialdelivery of an order that does not say")
    empty_invoicename: Literal["accept", "refuse"] = knob(
        "refuse", "An invoicename that is an empty text (refuse: 400, code 5)"
    )
    reference_max_length: int = knob(255, "Longest reference (longer: 400, code 5)")
    reference_case_sensitive: bool = knob(False, "How the filter reference compares")
    reference_lists_cancelled: bool = knob(
        True, "Whether the filter reference also finds cancelled orders"
    )
    new_order_hidden_seconds: float = knob(
        0.0, "How long a new order is missing in lists, as on a replica that lags"
    )
    merge_duplicate_lines: bool = knob(False, "Whether lines of one product are merged")
    line_by_productcode: bool = knob(
        True, "Whether POST /orders/{idorder}/products takes a productcode"
    )
    monthly_order_limit: int | None = knob(None, "Orders after which creating gives code 29")
    processing_seconds: float = knob(
        0.0, "How long after process the picklists and backorders appear"
    )
    cancel_refused_code: int = knob(21, "Error code of a cancel that needs force=true")
    header_after_processing: Literal["accept", "refuse"] = knob(
        "accept", "PUT on an order in processing or paused (refuse: code 30)"
    )
    pause_concept: bool = knob(True, "Whether a concept order can be paused")
    status_after_reopen: Literal["concept", "expected"] = knob("concept", "Status after reopen")
    status_after_undo: Literal["concept", "expected"] = knob(
        "concept", "Status after undo-cancellation"
    )

    # Picklists and shipments
    close_unpicked: Literal["refuse", "backorder"] = knob(
        "refuse", "Closing a picklist with unpicked products (refuse: code 21)"
    )
    close_automatically: bool = knob(
        True, "Whether a picklist closes once all is picked and a shipment exists"
    )
    shipment_body: Literal["shipment", "empty"] = knob(
        "shipment", "Answer to POST …/shipments without return=shipment"
    )
    shipment_cancel_seconds: float = knob(300.0, "How long a shipment can be cancelled")
    flat_tracking_fields: bool = knob(
        True, "Whether shipments carry trackingcode and labelurl beside parcels"
    )

    # Webhooks
    duplicate_hook_code: int = knob(5, "Error code of a second active hook on address and event")
    unknown_event: Literal["accept", "refuse"] = knob("refuse", "A hook on an unknown event")
    reactivate_duplicate: Literal["refuse", "accept"] = knob(
        "refuse", "Reactivating a hook whose address and event are taken"
    )
    webhook_timeout: float = knob(10.0, "Seconds a receiver may take; never scaled")
    webhook_retry_delays: tuple[float, ...] = knob(
        _retry_delays(), "Seconds before each retry; their number is the number of retries"
    )
    webhook_time_scale: float = knob(
        1.0, "Factor on all waiting between deliveries, 0.0001 for tests"
    )
    webhook_failures: int = knob(5, "Exhausted events that switch a hook off")
    webhook_failure_hours: float = knob(24.0, "… within so many hours")
    webhook_redirects: Literal["failure", "follow"] = knob(
        "failure", "What a redirect by the receiver counts as"
    )
    webhook_user_agent: str = knob("Picqer/1.0 (simulator)", "User-Agent of deliveries")


class UnknownKnobError(ValueError):
    """No such knob, or a value it cannot take."""


def turn(knobs: Knobs, changes: Mapping[str, Any]) -> Knobs:
    """A copy with `changes`, which may come as text or JSON; UnknownKnobError if impossible."""
    hints = get_type_hints(Knobs)
    return replace(knobs, **{name: _read(hints, name, value) for name, value in changes.items()})


def _read(hints: Mapping[str, Any], name: str, value: object) -> Any:
    if name not in hints:
        raise UnknownKnobError(f"There is no knob {name!r}")
    adapter = TypeAdapter(hints[name])
    try:
        if isinstance(value, str) and not _is_textual(hints[name]):
            return adapter.validate_json(value)
        return adapter.validate_python(value)
    except ValidationError as error:
        raise UnknownKnobError(f"{name} cannot be {value!r}") from error


def _is_textual(hint: Any) -> bool:
    return hint is str or (get_origin(hint) is Literal and isinstance(get_args(hint)[0], str))


class KnobEntry(NamedTuple):
    """One row of the generated documentation."""

    name: str
    values: str
    default: str
    help_text: str


def table() -> list[KnobEntry]:
    hints = get_type_hints(Knobs)
    defaults = Knobs()
    return [
        KnobEntry(
            name=entry.name,
            values=_values(hints[entry.name]),
            default=_text(getattr(defaults, entry.name)),
            help_text=entry.metadata["help"],
        )
        for entry in fields(Knobs)
    ]


def _values(hint: Any) -> str:
    if get_origin(hint) is Literal:
        return ", ".join(str(choice) for choice in get_args(hint))
    if isinstance(hint, type) and get_origin(hint) is None:
        return hint.__name__
    return str(hint).replace(" | ", " or ")


def _text(value: object) -> str:
    return f"{len(value)} values" if isinstance(value, tuple) else str(value)
