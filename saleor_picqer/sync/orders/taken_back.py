"""Flag orders with goods taken back in Saleor, because Picqer is not told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Final

from saleor_picqer.domain.orders import Order
from saleor_picqer.domain.outbox import LIVE_STAGES, Stage
from saleor_picqer.domain.skus import describe_amounts
from saleor_picqer.domain.taken_back import TakenBack
from saleor_picqer.sync.orders.claim import ClaimedOrder

_WATCHED: Final = LIVE_STAGES | {Stage.COMPLETED}


def flag(claimed: ClaimedOrder, order: Order) -> None:
    """Flag an order in Picqer of which staff have taken goods back; once for the same goods."""
    if claimed.entry.stage not in _WATCHED:
        return
    found = _find(claimed, order)
    news = found.beyond(TakenBack(**claimed.entry.taken_back))
    if not news:
        return
    is_shipped = claimed.entry.stage is Stage.COMPLETED
    number = claimed.entry.remote_number
    sentences = [
        _came_back(number, news.returned, is_shipped=is_shipped) if news.returned else "",
        # Of a shipped order, the state machine flags what is open again.
        _reopened(number, news.reopened) if news.reopened and not is_shipped else "",
    ]
    text = " ".join(filter(None, sentences))
    shown = {"attention": text} if text else {}
    claimed.save(taken_back=asdict(found), **shown)
    if text:
        claimed.note(text)


def remember(claimed: ClaimedOrder, order: Order) -> None:
    """Save what was taken back before the open goods are sent: no news for staff."""
    # A new order without any fulfilment costs nothing.
    if claimed.entry.requested or any(line.fulfilled for line in order.lines):
        claimed.save(taken_back=asdict(_find(claimed, order)))


def _find(claimed: ClaimedOrder, order: Order) -> TakenBack:
    context = claimed.context
    ended = context.shop.fulfilments.ended(order.pk)
    if not ended:
        return TakenBack()
    recorded = context.links.fulfilments.of_order(order.pk)
    own = {pk for picklist in recorded for pk in picklist.created}
    return TakenBack.of(ended, own, order.lines)


# --- texts


def _came_back(number: str, amounts: Mapping[str, int], *, is_shipped: bool) -> str:
    goods = describe_amounts(amounts)
    if is_shipped:
        return (
            f"{_CAME_BACK} after Picqer had shipped order {number}: {goods}. Picqer is not told:"
            " book goods that come back into stock in Picqer. Push this order to end this message;"
            " goods that came back are not sent again."
        )
    return (
        f"{_CAME_BACK} while Picqer still has order {number}: {goods}. Picqer is not told: cancel"
        " in Picqer what it is not to ship any more, and book goods that come back into stock."
        " Push this order to end this message."
    )


def is_return(text: str) -> bool:
    """Return whether a flag tells of returned goods, which staff end by a push."""
    return text.startswith(_CAME_BACK)


_CAME_BACK: Final = "Goods were returned, refunded or replaced in Saleor"


def _reopened(number: str, amounts: Mapping[str, int]) -> str:
    return (
        f"A fulfilment was cancelled in Saleor: {describe_amounts(amounts)} open again. Picqer has"
        f" shipped these, and still has the rest of order {number}. Once the rest is shipped, push"
        " this order to have the open goods sent once more, or fulfil or cancel them in Saleor."
    )
