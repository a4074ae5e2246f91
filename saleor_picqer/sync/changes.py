"""What changes in the shop after an order was sent goes to Picqer as long as it can."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from saleor_picqer.domain.line_changes import line_changes
from saleor_picqer.domain.order_request import OrderRequest
from saleor_picqer.domain.orders import Order, OrderState
from saleor_picqer.domain.outbox import Stage
from saleor_picqer.errors import AccountSetupError, RefusedError, UnknownProductError
from saleor_picqer.sync import missing_products
from saleor_picqer.sync.ports import Context
from saleor_picqer.sync.work import Work

_CHANGEABLE: Final = frozenset({Stage.CREATED, Stage.ALLOCATED, Stage.PROCESSED})
_OVER: Final = frozenset({OrderState.CANCELLED, OrderState.CLOSED})


def send(work: Work, order: Order) -> None:
    """No request where nothing changed since the last time, or nothing can be changed any more."""
    if work.entry.stage not in _CHANGEABLE or order.state in _OVER:
        return
    request = work.whole_request(order)
    digests = request.digests()
    if header := request.changes(work.entry.sent):
        _send_header(work, header, digests)
    if digests["products"] != work.entry.sent.get("products"):
        _send_lines(work, order, digests["products"])
    _send_tags(work, request)


def _unsure(work: Work, names: Iterable[str]) -> None:
    """What Picqer has of these is not known until it has answered: even if they are changed back
    meanwhile, they are sent again.
    """
    work.save(sent={**work.entry.sent, **dict.fromkeys(names, "")})


def _sent(work: Work, digests: Mapping[str, str]) -> None:
    work.save(sent={**work.entry.sent, **digests})


def _send_header(work: Work, header: Mapping[str, Any], digests: Mapping[str, str]) -> None:
    """When the warehouse has begun, a refusal is final and said once."""
    _unsure(work, header)
    try:
        work.context.picqer.update_order(work.remote_id, header)
    except RefusedError:
        if work.entry.stage is not Stage.PROCESSED:
            raise
        work.flag(f"too late to change there: {words(header)}")
    else:
        late = work.entry.stage is Stage.PROCESSED
        hint = " The warehouse had it already: check the picklist." if late else ""
        work.note(f"changed there too: {words(header)}.{hint}")
    _sent(work, {name: digests[name] for name in header})


def _send_lines(work: Work, order: Order, digest: str) -> None:
    """Lines can be changed until the order is processed; nothing is lost when this is cut short:
    the next attempt compares again. An order is never left without lines: see `domain.steps`.
    """
    products = work.request(order).products
    if work.entry.stage is Stage.PROCESSED:
        work.flag("its lines were changed in Saleor when the warehouse had them already")
    elif not products:
        return
    elif _change_lines_with_products(work, order, products):
        work.note("its lines were changed there too.")
    _sent(work, {"products": digest})


def _change_lines_with_products(
    work: Work, order: Order, products: Sequence[Mapping[str, Any]]
) -> bool:
    """What Picqer lacks is created, and the lines are compared again."""
    try:
        return _change_lines(work, products)
    except UnknownProductError as error:
        missing_products.create(work.context, order, error)
    return _change_lines(work, products)


def _change_lines(work: Work, products: Iterable[Mapping[str, Any]]) -> bool:
    """False where there was nothing to change."""
    picqer, remote_id = work.context.picqer, work.remote_id
    changes = line_changes(products, picqer.order_lines(remote_id))
    wanted = bool(changes.add or changes.update or changes.delete)
    if wanted:
        _unsure(work, ["products"])
        work.save(stage=Stage.CREATED)  # what is allocated changes with the first of them
    for line in changes.add:
        body = _with_id(work.context, line)
        work.save()  # still ours: a line that two workers add is there twice
        picqer.add_line(remote_id, body)
    for line_id, changed in changes.update.items():
        picqer.update_line(remote_id, line_id, changed)
    for line_id in changes.delete:
        picqer.delete_line(remote_id, line_id)
    return wanted


def _with_id(context: Context, line: Mapping[str, Any]) -> dict[str, Any]:
    """Whether a line can be added by its product code is not documented."""
    sku = line["productcode"]
    known = context.links.products([sku]).get(sku)
    if known is None:
        product = context.picqer.product_by_code(sku)
        known = None if product is None else product.id
    named = {"productcode": sku} if known is None else {"idproduct": known}
    return {name: value for name, value in line.items() if name != "productcode"} | named


def _send_tags(work: Work, request: OrderRequest) -> None:
    """One request each; tags that are taken off an order stay in Picqer. None is worth holding an
    order back for.
    """
    tags = ", ".join(request.tags)
    if not tags or tags == work.entry.sent.get("tags"):
        return
    try:
        for title in request.tags:
            work.context.picqer.tag_order(work.remote_id, title)
    except AccountSetupError as error:
        work.flag(error.explain())
    else:
        _sent(work, {"tags": tags})


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
