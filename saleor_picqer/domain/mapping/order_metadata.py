"""The mapping of an outbox entry to metadata of the shop's order."""

from __future__ import annotations

from saleor_picqer.domain.outbox import Entry


def order_metadata(entry: Entry) -> dict[str, str]:
    """Return what the shop's order shows of the order in Picqer, to people and to programs."""
    return {
        "idorder": str(entry.remote_id or ""),
        "number": entry.remote_number,
        "status_page": entry.status_page,
        "status": entry.remote_status or entry.stage.value,
        "attention": entry.attention,
    }
