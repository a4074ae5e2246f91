"""What changes in the shop after an order was sent goes to Picqer as long as it can."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from saleor_picqer.domain.mapping.header_changes import HeaderChanges
from saleor_picqer.domain.mapping.line_changes import line_changes
from saleor_picqer.domain.mapping.lines import LineRequest
from saleor_picqer.domain.mapping.request import LINES_DIGEST, OrderRequest
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
    if header := request.changes(claimed.entry.sent_digests):
        _send_header(claimed, header)
    lines = request.digests()[LINES_DIGEST]
    if lines != claimed.entry.sent_digests.get(LINES_DIGEST):
        _send_lines(claimed, order, lines)
    _send_tags(claimed, request)


def _unsure(claimed: ClaimedOrder, names: Iterable[str]) -> None:
    """What Picqer has of these is not known until it has answered: even if they are changed back
    meanwhile, they are sent again.
    """
    claimed.save(sent_digests={**claimed.entry.sent_digests, **dict.fromkeys(names, "")})


def _sent(claimed: ClaimedOrder, digests: Mapping[str, str]) -> None:
    claimed.save(sent_digests={**claimed.entry.sent_digests, **digests})


def _send_header(claimed: ClaimedOrder, header: HeaderChanges) -> None:
    """When the warehouse has begun, a refusal is final and said once."""
    _unsure(claimed, header.digests)
    try:
        claimed.context.picqer.orders.update(claimed.remote_id, header)
    except RefusedError:
        if claimed.entry.stage is not Stage.PROCESSED:
            raise
        claimed.flag(texts.too_late(header.labels))
    else:
        late = claimed.entry.stage is Stage.PROCESSED
        claimed.note(texts.header_changed(header.labels, late=late))
    _sent(claimed, header.digests)


def _send_lines(claimed: ClaimedOrder, order: Order, digest: str) -> None:
    """Lines can be changed until the order is processed; nothing is lost when this is cut short:
    the next attempt compares again. An order is never left without lines: see `domain.steps`.
    """
    lines = claimed.request(order).lines
    if claimed.entry.stage is Stage.PROCESSED:
        claimed.flag(texts.LINES_CHANGED_LATE)
    elif not lines:
        return
    elif _change_lines_with_products(claimed, order, lines):
        claimed.note(texts.LINES_CHANGED)
    _sent(claimed, {LINES_DIGEST: digest})


def _change_lines_with_products(
    claimed: ClaimedOrder, order: Order, lines: Sequence[LineRequest]
) -> bool:
    """What Picqer lacks is created, and the lines are compared again."""
    try:
        return _change_lines(claimed, lines)
    except UnknownProductError as error:
        missing_products.create(claimed.context, order, error)
    return _change_lines(claimed, lines)


def _change_lines(claimed: ClaimedOrder, lines: Iterable[LineRequest]) -> bool:
    """False where there was nothing to change."""
    picqer, remote_id = claimed.context.picqer, claimed.remote_id
    changes = line_changes(lines, picqer.lines.list(remote_id))
    if changes:
        _unsure(claimed, [LINES_DIGEST])
        claimed.save(stage=Stage.CREATED)  # what is allocated changes with the first of them
    for wanted in changes.add:
        line = _with_id(claimed.context, wanted)
        claimed.save()  # still ours: a line that two workers add is there twice
        picqer.lines.add(remote_id, line)
    for line_id, changed in changes.update.items():
        picqer.lines.update(remote_id, line_id, changed)
    for line_id in changes.delete:
        picqer.lines.delete(remote_id, line_id)
    return bool(changes)


def _with_id(context: Context, line: LineRequest) -> LineRequest:
    """Whether a line can be added by its product code is not documented."""
    known = context.links.products.ids([line.sku]).get(line.sku)
    if known is None:
        product = context.picqer.products.find(line.sku)
        known = None if product is None else product.id
    return replace(line, product_id=known)


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
