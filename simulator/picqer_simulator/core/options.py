"""The options: one for every behaviour that Picqer's documentation leaves open.

Each default is the likeliest behaviour. Tests set options to show that a client copes with the
other behaviours too. The README's table of options is generated from this module.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError


def option[T](default: T, help_text: str) -> T:
    """Declare an option with its default and its line in the README."""
    value: T = field(default=default, metadata={"help": help_text})
    return value


def _retry_delays() -> tuple[float, ...]:
    """Return 15 growing pauses in seconds, together about 17 hours."""
    return tuple(30 * 1.608**attempt for attempt in range(15))


@dataclass(frozen=True, kw_only=True)
class Options:
    """Choices for all behaviour that Picqer's documentation leaves open."""

    # Requests
    time_zone: str = option("Europe/Amsterdam", "Time zone of all timestamps")
    missing_user_agent: Literal["accept", "refuse"] = option(
        "accept", "Response to a request without User-Agent (refuse: 400, code 5)"
    )
    unauthorised_body: Literal["json", "html"] = option(
        "json", "Kind of body of a response with status 401"
    )
    key_scope: Literal["account", "fulfilment"] = option(
        "account", "fulfilment: most endpoints answer 403, as to the key of a fulfilment customer"
    )
    rate_limit: int = option(500, "Requests per window and API key")
    rate_limit_window: float = option(60.0, "Length of that window in seconds")
    rate_limit_kind: Literal["fixed", "sliding"] = option(
        "fixed",
        "fixed: a window starts at the first request; sliding: each request counts for a window",
    )
    retry_after: bool = option(
        False, "Whether a response with status 429 has the header Retry-After"
    )
    error_statuses: dict[int, int] = field(
        default_factory=dict,
        metadata={"help": "HTTP status by error code, in place of the defaults"},
    )
    unknown_fields: Literal["ignore", "refuse"] = option(
        "ignore", "Treatment of unknown fields in a body (refuse: 400, code 5)"
    )
    list_order: Literal["oldest_first", "newest_first"] = option(
        "oldest_first", "Order of all lists by id"
    )
    action_body: Literal["object", "empty"] = option(
        "object", "Body of the response to an action such as POST /orders/{idorder}/process"
    )
    action_status: Literal[200, 201, 204] = option(200, "HTTP status of the response to an action")
    cancel_body: Literal["object", "empty"] = option(
        "empty", "Response to DELETE /orders/{idorder} (object: 200, empty: 204)"
    )
    empty_tags: Literal["object", "array"] = option(
        "object", "Shape of an empty tags object: {} or []"
    )
    picklist_tags: Literal["array", "object"] = option(
        "array", "Shape of the tags of a picklist (object before October 2025)"
    )

    # Products and stock
    product_without_vatgroup: Literal["refuse", "default"] = option(
        "refuse", "Response to a new product without idvatgroup"
    )
    duplicate_productcode_code: int = option(5, "Error code for a product code that is in use")
    productcode_case_sensitive: bool = option(
        False, "Whether mug and MUG are different product codes"
    )
    orders_inactive_products: bool = option(True, "Whether an inactive product can be ordered")
    stock_too_low_code: int = option(
        5, "Error code for a stock level below the amount on picklists"
    )
    stock_change_body: Literal["row", "empty"] = option(
        "row", "Body of the response to a stock change"
    )
    idproducts_separator: str = option(",", "Separator of the ids in the filter idproducts")
    negative_freestock: Literal["shown", "zero"] = option(
        "shown", "How negative free stock is shown; reservations are shown unchanged"
    )
    freepickablestock: bool = option(True, "Whether stock rows have freepickablestock")
    unlimited_stock_rows: Literal["zeros", "empty"] = option(
        "zeros", "Stock rows of a product of type unlimited_stock"
    )
    backorder_reserves: Literal["available", "wanted"] = option(
        "available", "Which amount of a backorder counts in reservedbackorders"
    )
    allocate_beyond_stock: bool = option(False, "Whether allocations can exceed the free stock")
    allocate_on_create: bool = option(
        False, "Whether an order created through the API is allocated at once"
    )
    stock_lowered_at: Literal["close", "pick"] = option(
        "close", "When picked goods leave the physical stock"
    )

    # Orders
    auto_split: bool = option(True, "Default of auto_split for new orders")
    partialdelivery: bool = option(True, "Default of partialdelivery for new orders")
    empty_invoicename: Literal["accept", "refuse"] = option(
        "refuse", "Response to an empty invoicename (refuse: 400, code 5)"
    )
    reference_max_length: int = option(255, "Maximum length of a reference (longer: 400, code 5)")
    reference_case_sensitive: bool = option(
        False, "Whether the filter reference distinguishes upper and lower case"
    )
    reference_lists_cancelled: bool = option(
        True, "Whether the filter reference also finds cancelled orders"
    )
    new_order_hidden_seconds: float = option(
        0.0, "Seconds for which lists do not contain a new order, as on a replica that lags behind"
    )
    merge_duplicate_lines: bool = option(False, "Whether lines of one product are merged")
    line_by_productcode: bool = option(
        True, "Whether POST /orders/{idorder}/products takes a productcode"
    )
    monthly_order_limit: int | None = option(
        None, "Number of orders per month above which a new order is refused with code 29"
    )
    processing_seconds: float = option(
        0.0, "Seconds after process until picklists and backorders appear"
    )
    cancel_refused_code: int = option(21, "Error code for a cancellation that needs force=true")
    header_after_processing: Literal["accept", "refuse"] = option(
        "accept", "Response to PUT on an order in processing or paused (refuse: code 30)"
    )
    pause_concept: bool = option(True, "Whether a concept order can be paused")
    status_after_reopen: Literal["concept", "expected"] = option("concept", "Status after reopen")
    status_after_undo: Literal["concept", "expected"] = option(
        "concept", "Status after undo-cancellation"
    )

    # Picklists and shipments
    order_picklists: bool = option(
        True, "Whether orders have the field picklists, as in current accounts"
    )
    close_unpicked: Literal["refuse", "backorder"] = option(
        "refuse", "Response to closing a picklist with unpicked products (refuse: code 21)"
    )
    close_automatically: bool = option(
        True, "Whether a picklist with a shipment closes when all products are picked"
    )
    shipment_body: Literal["shipment", "empty"] = option(
        "shipment", "Body of the response to POST …/shipments without return=shipment"
    )
    shipment_cancel_seconds: float = option(300.0, "Seconds for which a shipment can be cancelled")
    flat_tracking_fields: bool = option(
        True, "Whether shipments have trackingcode and labelurl beside parcels"
    )

    # Webhooks
    duplicate_hook_code: int = option(
        5, "Error code for a second active hook with the same address and event"
    )
    unknown_event: Literal["accept", "refuse"] = option(
        "refuse", "Response to a hook on an unknown event"
    )
    reactivate_duplicate: Literal["refuse", "accept"] = option(
        "refuse", "Response to reactivating a hook whose address and event are in use"
    )
    webhook_timeout: float = option(
        10.0, "Seconds that a receiver may take; not affected by webhook_time_scale"
    )
    webhook_retry_delays: tuple[float, ...] = option(
        _retry_delays(), "Seconds before each retry; the number of values is the number of retries"
    )
    webhook_time_scale: float = option(
        1.0, "Factor on the pauses between deliveries; 0.0001 suits tests"
    )
    webhook_failures: int = option(5, "Number of failed events that switches a hook off")
    webhook_failure_hours: float = option(24.0, "Hours within which failed events count")
    webhook_redirects: Literal["failure", "follow"] = option(
        "failure", "Treatment of a redirect by the receiver"
    )
    webhook_user_agent: str = option("Picqer/1.0 (simulator)", "User-Agent of deliveries")


class UnknownOptionError(ValueError):
    """An option with an unknown name or an invalid value."""


def with_changes(options: Options, changes: Mapping[str, Any]) -> Options:
    """Return a copy with `changes`, given as text or as JSON values."""
    hints = get_type_hints(Options)
    return replace(options, **{name: _read(hints, name, value) for name, value in changes.items()})


def _read(hints: Mapping[str, Any], name: str, value: object) -> Any:
    """Convert a value to the option's type; raise UnknownOptionError if that is impossible."""
    if name not in hints:
        raise UnknownOptionError(f"There is no option {name!r}")
    adapter = TypeAdapter(hints[name])
    try:
        # On the command line, all values are texts; JSON covers numbers, lists and null.
        if isinstance(value, str) and not _is_textual(hints[name]):
            return adapter.validate_json(value)
        return adapter.validate_python(value)
    except ValidationError as error:
        raise UnknownOptionError(f"{name} cannot be {value!r}") from error


def _is_textual(hint: Any) -> bool:
    """Return whether the option's values are texts."""
    return hint is str or (get_origin(hint) is Literal and isinstance(get_args(hint)[0], str))


class OptionEntry(NamedTuple):
    """One row of the README's table of options."""

    name: str
    values: str
    default: str
    help_text: str


def table() -> list[OptionEntry]:
    """Return the rows of the README's table of options."""
    hints = get_type_hints(Options)
    defaults = Options()
    return [
        OptionEntry(
            name=entry.name,
            values=_values(hints[entry.name]),
            default=_text(getattr(defaults, entry.name)),
            help_text=entry.metadata["help"],
        )
        for entry in fields(Options)
    ]


def _values(hint: Any) -> str:
    """Return the text for an option's possible values."""
    if get_origin(hint) is Literal:
        return ", ".join(str(choice) for choice in get_args(hint))
    if isinstance(hint, type) and get_origin(hint) is None:
        return hint.__name__
    return str(hint).replace(" | ", " or ")


def _text(value: object) -> str:
    """Return the text for an option's default."""
    return f"{len(value)} values" if isinstance(value, tuple) else str(value)
