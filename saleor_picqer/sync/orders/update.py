"""Send changes of an order to Picqer, as long as Picqer accepts changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from saleor_picqer.domain.mapping.header_changes import HeaderChanges
from saleor_picqer.domain.mapping.line_changes import line_changes
from saleor_picqer.domain.mapping.lines import LineRequest
from saleor_picqer.domain.mapping.request import LINES_DIGEST, OrderRequest
from saleor_picqer.domain.orders import Order, OrderState
from saleor_picqer.domain.outbox import LIVE_STAGES, Stage
from saleor_picqer.errors import (
    AccountError,
    AccountSetupError,
    IntegrationError,
    RefusedError,
    UnknownProductError,
)
from saleor_picqer.sync.orders import missing_products, reserve, texts
from saleor_picqer.sync.orders.claim import ClaimedOrder
from saleor_picqer.sync.orders.line_products import check_codes, with_products
from saleor_picqer.sync.ports import Context

_OVER: Final = frozenset({OrderState.CANCELLED, OrderState.CLOSED})
_TAGS_DIGEST: Final = "tags"
_REFUSED: Final = "refused: "


def send_changes(claimed: ClaimedOrder, order: Order) -> None:
    """Send changed header fields and lines; no request without a change.

    Tags follow once Picqer has processed the order, because an order must not wait for a tag.
    """
    if claimed.entry.stage not in LIVE_STAGES or order.state in _OVER:
        return
    request = claimed.build_whole_request(order)
    if header := request.changes(claimed.entry.sent_digests):
        _send_header(claimed, header)
    lines = request.digests()[LINES_DIGEST]
    if lines != claimed.entry.sent_digests.get(LINES_DIGEST):
        _send_lines(claimed, order, lines)
    if claimed.entry.stage is Stage.PROCESSED:
        send_tags(claimed, request)


def without_refusals(digests: Mapping[str, str]) -> dict[str, str]:
    """Return the digests without those of refused tags, which are then sent again."""
    return {name: text for name, text in digests.items() if not text.startswith(_REFUSED)}


def changed_details(claimed: ClaimedOrder, order: Order) -> str:
    """Name the changed addresses and contacts of an order; empty for none."""
    if claimed.entry.stage not in LIVE_STAGES or order.state in _OVER:
        return ""
    try:
        request = claimed.build_whole_request(order)
    except IntegrationError:
        # The channel's present account may lack a profile that the former one has.
        return ""
    return request.changes(claimed.entry.sent_digests).of_people.labels


def _mark_uncertain(claimed: ClaimedOrder, names: Iterable[str]) -> None:
    """Have fields sent again by the next attempt in case of a lost answer."""
    # Even if they are changed back in Saleor meanwhile.
    _save_digests(claimed, dict.fromkeys(names, ""))


def _save_digests(claimed: ClaimedOrder, digests: Mapping[str, str]) -> None:
    claimed.save(sent_digests={**claimed.entry.sent_digests, **digests})


def _send_header(claimed: ClaimedOrder, header: HeaderChanges) -> None:
    """Send changed header fields; a refusal after the order was processed is only flagged."""
    _mark_uncertain(claimed, header.digests)
    try:
        claimed.context.picqer.orders.update(claimed.remote_id, header)
    except RefusedError:
        if claimed.entry.stage is not Stage.PROCESSED:
            raise
        claimed.flag(texts.too_late(header.labels))
    else:
        late = claimed.entry.stage is Stage.PROCESSED
        claimed.note(texts.header_changed(header.labels, late=late))
    _save_digests(claimed, header.digests)


def _send_lines(claimed: ClaimedOrder, order: Order, digest: str) -> None:
    """Send changed lines, or flag the order when Picqer has processed the order."""
    order = with_products(claimed.context, order)
    lines = claimed.build_request(order).lines
    if claimed.entry.stage is Stage.PROCESSED:
        claimed.flag(texts.LINES_CHANGED_LATE)
    elif not lines:
        # An order without lines cannot be told from a broken one: the state machine holds it.
        return
    elif _change_lines_and_repair(claimed, order, lines):
        claimed.note(texts.LINES_CHANGED)
    _save_digests(claimed, {LINES_DIGEST: digest})


def _change_lines_and_repair(
    claimed: ClaimedOrder, order: Order, lines: Sequence[LineRequest]
) -> bool:
    check_codes(claimed.context, order)
    try:
        return _change_lines(claimed, lines)
    except UnknownProductError as error:
        lines = missing_products.create_suspects(claimed.context, lines, error)
    return _change_lines(claimed, lines)


def _change_lines(claimed: ClaimedOrder, lines: Sequence[LineRequest]) -> bool:
    """Make Picqer's lines equal to Saleor's; False when already equal.

    After an interrupted attempt, the next attempt compares the lines again.
    """
    picqer, remote_id = claimed.context.picqer, claimed.remote_id
    remote = (
        replace(line, sku=claimed.skus.get(line.product_id or 0, line.sku))
        for line in picqer.lines.list(remote_id)
    )
    changes = line_changes(lines, [*remote])
    if changes:
        claimed.in_picqer = {}
        _mark_uncertain(claimed, [LINES_DIGEST])
        if claimed.entry.stage is Stage.ALLOCATED:
            # The first change of a line ends the allocation in Picqer.
            claimed.save(stage=Stage.CREATED)
            reserve.released(claimed)
    for wanted in changes.add:
        line = _with_product_id(claimed.context, wanted)
        # Renews the lease: a line that two workers add would be in the order twice.
        claimed.save(products={**claimed.entry.products, **_products_of([*lines, line])})
        picqer.lines.add(remote_id, line)
    for line_id, changed in changes.update.items():
        picqer.lines.update(remote_id, line_id, changed)
    for line_id in changes.delete:
        picqer.lines.delete(remote_id, line_id)
    return bool(changes)


def _with_product_id(context: Context, line: LineRequest) -> LineRequest:
    # Whether Picqer lets a line be added by its product code is not documented.
    if line.product_id is not None:
        return line
    known = context.links.products.ids([line.sku]).get(line.sku)
    if known is None:
        product = context.picqer.products.find(line.sku)
        known = None if product is None else product.id
    return replace(line, product_id=known)


def _products_of(lines: Iterable[LineRequest]) -> dict[str, int]:
    return {line.sku: line.product_id for line in lines if line.product_id is not None}


def send_tags(claimed: ClaimedOrder, request: OrderRequest) -> None:
    """Add tags, 1 request each; a refusal is only flagged.

    Tags removed in Saleor stay in Picqer. Refused tags are sent again once they have changed, or
    once staff push the order.
    """
    tags = ", ".join(request.tags)
    if not tags or claimed.entry.sent_digests.get(_TAGS_DIGEST) in (tags, _REFUSED + tags):
        return
    try:
        for title in request.tags:
            claimed.context.picqer.orders.tag(claimed.remote_id, title)
    except (AccountSetupError, AccountError, RefusedError) as error:
        claimed.flag(texts.not_tagged(error.explain()))
        _save_digests(claimed, {_TAGS_DIGEST: _REFUSED + tags})
    else:
        _save_digests(claimed, {_TAGS_DIGEST: tags})
