"""What changes in the shop after an order was sent goes to Picqer as long as it can."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from saleor_picqer.domain.mapping.line_changes import line_changes
from saleor_picqer.domain.mapping.request import OrderRequest
from saleor_picqer.domain.orders import Order, OrderState
from saleor_picqer.domain.outbox import Stage
from saleor_picqer.errors import AccountSetupError, RefusedError, UnknownProductError
from saleor_picqer.sync.orders import missing_products, texts
from saleor_picqer.sync.orders.claim import ClaimedOrder
from saleor_picqer.sync.ports import Context

_CHANGEABLE: Final = frozenset({Stage.CREATED, Stage.ALLOCATED, Stage.PROCESSED})
_OVER: Final = frozenset({OrderState.CANCELLED, OrderState.CLOSED})


def send(claimed: ClaimedOrder, order: Order) -> None:
    """No request where nothing changed since the last time, or nothing can be changed any more."""
    if claimed.entry.stage not in _CHANGEABLE or order.state in _OVER:
        return
    request = claimed.whole_request(order)
    digests = request.digests()
    if header := request.changes(claimed.entry.sent_digests):
        _send_header(claimed, header, digests)
    if digests["products"] != claimed.entry.sent_digests.get("products"):
        _send_lines(claimed, order, digests["products"])
    _send_tags(claimed, request)


def _unsure(claimed: ClaimedOrder, names: Iterable[str]) -> None:
    """What Picqer has of these is not known until it has answered: even if they are changed back
    meanwhile, they are sent again.
    """
    claimed.save(sent_digests={**claimed.entry.sent_digests, **dict.fromkeys(names, "")})


def _sent(claimed: ClaimedOrder, digests: Mapping[str, str]) -> None:
    claimed.save(sent_digests={**claimed.entry.sent_digests, **digests})


def _send_header(
    claimed: ClaimedOrder, header: Mapping[str, Any], digests: Mapping[str, str]
) -> None:
    """When the warehouse has begun, a refusal is final and said once."""
    _unsure(claimed, header)
    try:
        claimed.context.picqer.orders.update(claimed.remote_id, header)
    except RefusedError:
        if claimed.entry.stage is not Stage.PROCESSED:
            raise
        claimed.flag(texts.too_late(words(header)))
    else:
        late = claimed.entry.stage is Stage.PROCESSED
        claimed.note(texts.header_changed(words(header), late=late))
    _sent(claimed, {name: digests[name] for name in header})


def _send_lines(claimed: ClaimedOrder, order: Order, digest: str) -> None:
    """Lines can be changed until the order is processed; nothing is lost when this is cut short:
    the next attempt compares again. An order is never left without lines: see `domain.steps`.
    """
    products = claimed.request(order).products
    if claimed.entry.stage is Stage.PROCESSED:
        claimed.flag(texts.LINES_CHANGED_LATE)
    elif not products:
        return
    elif _change_lines_with_products(claimed, order, products):
        claimed.note(texts.LINES_CHANGED)
    _sent(claimed, {"products": digest})


def _change_lines_with_products(
    claimed: ClaimedOrder, order: Order, products: Sequence[Mapping[str, Any]]
) -> bool:
    """What Picqer lacks is created, and the lines are compared again."""
    try:
        return _change_lines(claimed, products)
    except UnknownProductError as error:
        missing_products.create(claimed.context, order, error)
    return _change_lines(claimed, products)


def _change_lines(claimed: ClaimedOrder, products: Iterable[Mapping[str, Any]]) -> bool:
    """False where there was nothing to change."""
    picqer, remote_id = claimed.context.picqer, claimed.remote_id
    changes = line_changes(products, picqer.lines.list(remote_id))
    wanted = bool(changes.add or changes.update or changes.delete)
    if wanted:
        _unsure(claimed, ["products"])
        claimed.save(stage=Stage.CREATED)  # what is allocated changes with the first of them
    for line in changes.add:
        body = _with_id(claimed.context, line)
        claimed.save()  # still ours: a line that two workers add is there twice
        picqer.lines.add(remote_id, body)
    for line_id, changed in changes.update.items():
        picqer.lines.update(remote_id, line_id, changed)
    for line_id in changes.delete:
        picqer.lines.delete(remote_id, line_id)
    return wanted


def _with_id(context: Context, line: Mapping[str, Any]) -> dict[str, Any]:
    """Whether a line can be added by its product code is not documented."""
    sku = line["productcode"]
    known = context.links.products.ids([sku]).get(sku)
    if known is None:
        product = context.picqer.products.find(sku)
        known = None if product is None else product.id
    named = {"productcode": sku} if known is None else {"idproduct": known}
    return {name: value for name, value in line.items() if name != "productcode"} | named


def _send_tags(claimed: ClaimedOrder, request: OrderRequest) -> None:
    """One request each; tags that are taken off an order stay in Picqer. None is worth holding an
    order back for.
    """
    tags = ", ".join(request.tags)
    if not tags or tags == claimed.entry.sent_digests.get("tags"):
        return
    try:
        for title in request.tags:
            claimed.context.picqer.orders.tag(claimed.remote_id, title)
    except AccountSetupError as error:
        claimed.flag(error.explain())
    else:
        _sent(claimed, {"tags": tags})


_WORDS: Final[Mapping[str, str]] = {
    "invoiced": "whether it is invoiced",
    "delivery": "delivery address",
    "invoice": "invoice address",
    "emailaddress": "e-mail address",
    "telephone": "telephone number",
    "customer_remarks": "customer's note",
    "preferred_delivery_date": "preferred delivery date",
    "pickup_point_data": "pick-up point",
    "idshippingprovider_profile": "shipping profile",
    "idtemplate": "template",
}
"""Beginnings of Picqer's field names, in words."""


def words(fields: Iterable[str]) -> str:
    """Picqer's fields in words, each once."""
    return ", ".join(dict.fromkeys(map(_word, fields)))


def _word(field: str) -> str:
    return next((word for start, word in _WORDS.items() if field.startswith(start)), field)
