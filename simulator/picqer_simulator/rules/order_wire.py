"""The JSON of orders, picklists, backorders and shipments.

Picqer has two names for several fields; both are returned.
"""

from __future__ import annotations

from picqer_simulator.core.account import Account
from picqer_simulator.core.models import (
    Backorder,
    Order,
    OrderLine,
    Parcel,
    Picklist,
    PicklistLine,
    Shipment,
    Wire,
    public,
)
from picqer_simulator.rules import comments, tags
from picqer_simulator.rules.users import OWNER

# The site of labels and tracking pages. The name is reserved, so no server answers.
PUBLIC_SITE = "https://picqer.example"


def order(account: Account, record: Order) -> Wire:
    """Return an order as JSON, with a summary of each picklist."""
    picklists = {
        "picklists": [_picklist_head(entry) for entry in picklists_of(account, record.idorder)]
    }
    return public(record) | {
        "full_delivery_address": _full_address(record, "delivery"),
        "full_invoice_address": _full_address(record, "invoice"),
        "warehouses": list(record.warehouses),
        "products": [line(entry) for entry in record.products],
        # Resources without a simulation are empty.
        "pricelists": [],
        "tags": tags.tags_wire(account, record.tags),
        "orderfields": orderfields(account, record),
        "comment_count": comments.count(account, "order", record.idorder),
        **(picklists if account.options.order_picklists else {}),
    }


def line(record: OrderLine) -> Wire:
    """Return an order line as JSON."""
    return public(record)


def orderfields(account: Account, record: Order) -> list[Wire]:
    """Return the custom fields of an order as JSON."""
    definitions = account.state.orderfields
    return [
        {"idorderfield": key, "title": definitions[key].title, "value": value}
        for key, value in record.orderfields.items()
    ]


def picklists_of(account: Account, idorder: int) -> list[Picklist]:
    """Return the picklists of an order."""
    return [entry for entry in account.state.picklists.values() if entry.idorder == idorder]


def backorder(account: Account, record: Backorder) -> Wire:
    """Return a backorder as JSON."""
    available = available_of(account, record)
    return public(record) | {"amount_available": available, "amountavailable": available}


def available_of(account: Account, record: Backorder) -> int:
    """Return the available amount; for a composition, the amount that the parts allow."""
    if not record.has_parts:
        return record.amount_available
    children = (
        entry
        for entry in account.state.backorders.values()
        if entry.part_of_idbackorder == record.idbackorder
    )
    possible = (available_of(account, child) // (child.parts_per_parent or 1) for child in children)
    return min(possible, default=record.amount)


def picklist(account: Account, record: Picklist) -> Wire:
    """Return a picklist as JSON, with the order's present address and reference."""
    source = account.state.orders[record.idorder]
    # Picqer changed the shape of these tags in October 2025.
    labels = tags.tags_wire(account, source.tags)
    if account.options.picklist_tags == "array":
        labels = tags.list_on(account, source)
    return public(record) | {
        "idreturn": None,
        # Returns and batches are not simulated.
        "idpicklist_batch": None,
        "deliveryname": source.deliveryname,
        "deliverycontact": source.deliverycontactname or "",
        "deliveryaddress": source.deliveryaddress,
        "deliveryaddress2": source.deliveryaddress2,
        "deliveryzipcode": source.deliveryzipcode,
        "deliverycity": source.deliverycity,
        "deliveryregion": source.deliveryregion,
        "deliverycountry": source.deliverycountry,
        "telephone": source.telephone,
        "emailaddress": source.emailaddress,
        "reference": source.reference,
        "preferred_delivery_date": source.preferred_delivery_date,
        "totalproducts": total_products(record),
        "totalpicked": total_picked(record),
        "weight": sum(entry.weight * entry.amount for entry in record.lines_to_pick),
        "tags": labels,
        "comment_count": comments.count(account, "picklist", record.idpicklist),
        "products": [_picklist_line(record, entry) for entry in record.products],
    }


def total_products(record: Picklist) -> int:
    """Return the number of pieces on a picklist."""
    return sum(entry.amount for entry in record.lines_to_pick)


def total_picked(record: Picklist) -> int:
    """Return the number of picked pieces on a picklist."""
    return sum(entry.amount_picked for entry in record.lines_to_pick)


def amount_picked(record: Picklist, entry: PicklistLine) -> int:
    """Return the picked amount of a line; for a composition, the complete pieces."""
    if not entry.has_parts:
        return entry.amount_picked
    parts = (
        part
        for part in record.products
        if part.partof_idpicklist_product == entry.idpicklist_product
    )
    complete = (amount_picked(record, part) // part.per_parent for part in parts)
    return min(complete, default=entry.amount)


def shipment(account: Account, record: Shipment) -> Wire:
    """Return a shipment as JSON."""
    described = public(record) | {
        "idreturn": None,
        "idcompany_shippingprovider": record.idshippingprovider,
        "idcompany_shippingprovider_profile": record.profile.idshippingprovider_profile,
        "idfulfilment_customer": None,
        "providername": record.provider,
        "public_providername": record.provider,
        "profile_name": record.profile.name,
        "created_by_iduser": OWNER,
        "parcels": [_parcel(entry) for entry in record.parcels],
    }
    if account.options.flat_tracking_fields:
        described |= _flat_tracking(record.parcels[0])
    return described


def _picklist_head(record: Picklist) -> Wire:
    """Return the summary of a picklist as JSON."""
    return {
        "idpicklist": record.idpicklist,
        "picklistid": record.picklistid,
        "idwarehouse": record.idwarehouse,
        "status": record.status,
        "totalproducts": total_products(record),
        "totalpicked": total_picked(record),
        "closed_at": record.closed_at,
        "created": record.created,
        "updated": record.updated,
    }


def _picklist_line(record: Picklist, entry: PicklistLine) -> Wire:
    """Return a picklist line as JSON."""
    picked = amount_picked(record, entry)
    return public(entry) | {
        "idreturn_product_replacement": None,
        "amount_picked": picked,
        "amountpicked": picked,
        "stocklocation": None,
        "stock_location": None,
        # Without locations, the place of the goods is unknown.
        "pick_locations": [],
    }


def _parcel(record: Parcel) -> Wire:
    """Return a parcel as JSON."""
    label = {
        "idparcel_document": record.idparcel,
        "type": "label",
        "size": "A6",
        "format": "pdf",
        "url": _label_url(record),
    }
    return public(record) | {"documents": [label]}


def _flat_tracking(record: Parcel) -> Wire:
    """Return the tracking fields that older shipments carry."""
    return {
        "labelurl": _label_url(record),
        "labelurl_pdf": _label_url(record),
        "labelurl_zpl": None,
        "trackingcode": record.tracking_code,
        "trackingurl": record.tracking_url,
        "tracktraceurl": record.tracking_url,
    }


def _label_url(record: Parcel) -> str:
    return f"{PUBLIC_SITE}/labels/{record.idparcel}.pdf"


def _full_address(record: Order, kind: str) -> str:
    """Return an address as text with line breaks."""

    def part(name: str) -> str:
        return getattr(record, f"{kind}{name}") or ""

    lines = (
        part("name"),
        part("contactname"),
        part("address"),
        part("address2"),
        f"{part('zipcode')} {part('city')}".strip(),
        part("country"),
    )
    return "\n".join(entry for entry in lines if entry)
