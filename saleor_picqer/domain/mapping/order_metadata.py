"""The mapping of an outbox entry to metadata of the shop's order."""

from __future__ import annotations

from saleor_picqer.domain.outbox import Entry


def order_metadata(entry: Entry) -> dict[str, str]:
    """Return what the shop's order shows of the order in Picqer, to staff and their programs."""
    return {
        "idorder": str(entry.remote_id or ""),
        "number": entry.remote_number,
        "status": entry.remote_status or entry.stage.value,
        "attention": entry.attention,
    }


def public_order_metadata(entry: Entry) -> dict[str, str]:
    """Return what the shop's order shows of the order in Picqer to everybody."""
    return {"status_page": entry.status_page}
