"""Changes while orders are on the way: people, settings, lost hooks."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import pytest

from saleor_picqer import wiring
from saleor_picqer.plugin import PicqerPlugin
from tests.integration.delivery.running_shop import RunningShop
from tests.integration.support import order_edits
from tests.integration.support.channel_edits import rename_channel
from tests.integration.support.host import IS_SALEOR_3
from tests.integration.support.order_copies import copy_order, give_own_address

# Shares.
PAID_AT_ONCE = 0.7
MESSAGE_LOST = 0.1
# Actions of staff for each order that is placed; the other unpaid orders are never paid.
PAYMENTS = 0.2
CANCELLATIONS = 0.05
EDITS = 0.1
# Staff act on one of so many orders placed last.
RECENT = 100


# --- hooks


@contextmanager
def _lost() -> Iterator[None]:
    """Lose the plugin's hooks, as when the process dies between the commit and the hook."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PicqerPlugin, "_record", lambda *_: None)
        yield


@contextmanager
def _failing() -> Iterator[None]:
    """Let the database refuse what the plugin's hooks write."""

    def refuse(*_: object, **__: object) -> int:
        raise RuntimeError

    with pytest.MonkeyPatch.context() as patch:
        for name in ("record", "touch"):
            patch.setattr(wiring.outbox, name, refuse)
        yield


@contextmanager
def _repeated() -> Iterator[None]:
    """Run each of the plugin's hooks twice."""
    once = PicqerPlugin._record

    def twice(plugin: PicqerPlugin, capture: Callable[[str], list[str]]) -> None:
        for _ in range(2):
            once(plugin, capture)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PicqerPlugin, "_record", twice)
        yield


# How hooks run, and how often in a hundred.
HOOKS: Mapping[str, tuple[Callable[[], AbstractContextManager[None]], int]] = {
    "told": (nullcontext, 89),
    "hook lost": (_lost, 5),
    "hook failed": (_failing, 3),
    "hook repeated": (_repeated, 3),
}
SILENT = ("hook lost", "hook failed")


# --- people and settings


class Motions:
    """Changes orders and settings at random; `happened` counts the changes by kind."""

    def __init__(self, running_shop: RunningShop, dice: random.Random) -> None:
        self.running_shop = running_shop
        self.dice = dice
        self.happened: Counter[str] = Counter()
        self.placed: list[str] = []
        self.paid: set[str] = set()
        self._unpaid: list[str] = []
        self._cancelled: set[str] = set()
        self._is_on = True

    # Customers

    def place(self, count: int) -> None:
        """Place orders, most of them paid at once."""
        original = self.running_shop.original
        share = sum(self.dice.random() < PAID_AT_ONCE for _ in range(count))
        paid, unpaid = copy_order(original, share, paid=True), copy_order(original, count - share)
        orders = [*paid, *unpaid]
        self.placed += orders
        self.paid.update(paid)
        self._unpaid += unpaid
        told = [pk for pk in orders if not (self._is_on and self.dice.random() < MESSAGE_LOST)]
        self.running_shop.record(*set(orders) - set(told))
        self.happened["message lost"] += len(orders) - len(told)
        for pk in told:
            with self._hooks():
                self.running_shop.place(pk)

    # Staff

    def work(self, orders: int) -> None:
        """Pay, cancel and edit the usual share of orders."""
        edits = (self._change_address, self._change_email, self._change_quantity)
        actions = [
            *[self._pay] * self._round(PAYMENTS * orders),
            *[self._cancel] * self._round(CANCELLATIONS * orders),
            *self.dice.choices(edits, k=self._round(EDITS * orders)),
        ]
        self.dice.shuffle(actions)
        for act in actions:
            act()

    def _pay(self) -> None:
        open_orders = [pk for pk in self._unpaid[-RECENT:] if pk not in self._cancelled]
        if not open_orders:
            return
        pk = self.dice.choice(open_orders)
        self._unpaid.remove(pk)
        self.paid.add(pk)
        with self._hooks():
            self.running_shop.connected_shop.shop.pay(pk)
        self.happened["paid later"] += 1

    def _cancel(self) -> None:
        pk = self._recent()
        self._cancelled.add(pk)
        with self._hooks():
            self.running_shop.connected_shop.shop.cancel(pk)
        self.happened["cancelled"] += 1

    def _change_address(self) -> None:
        pk = self._recent()
        give_own_address(pk)
        street = f"Other street {self.dice.randrange(1000)}"
        with self._edit("address", pk):
            order_edits.change_address(self._shop, pk, streetAddress1=street)

    def _change_email(self) -> None:
        pk = self._recent()
        address = f"other{self.dice.randrange(1000)}@example.com"
        with self._edit("e-mail address", pk):
            order_edits.change_email(self._shop, pk, address)

    def _change_quantity(self) -> None:
        pk = self._recent()
        with self._edit("quantity", pk):
            order_edits.change_quantity_directly(pk, "BEANS", self.dice.randint(2, 9))

    @contextmanager
    def _edit(self, what: str, pk: str) -> Iterator[None]:
        with self._hooks() as how:
            yield
            if how in SILENT:
                # Saleor 2.10 keeps no time of an order's last change, only events.
                order_edits.add_note(self._shop, pk, f"The {what} has changed.")
        self.happened[f"{what} changed"] += 1

    # Settings

    def rename_channel(self) -> None:
        """Give the channel another slug; Saleor 2.10 has no channels."""
        if not IS_SALEOR_3:
            return
        rename_channel(self._shop, f"webshop-{self.dice.randrange(10**6)}")
        self.happened["renamed"] += 1

    def switch_off(self) -> None:
        self._shop.configure_plugin(active=False)
        self._is_on = False

    def switch_on(self) -> None:
        self._shop.configure_plugin(active=True)
        self._is_on = True
        self.happened["off and on"] += 1

    def move(self, present: RunningShop) -> None:
        """Move the channel to another Picqer account."""
        self.running_shop = present
        present.connected_shop.connect(process_when="paid")
        self.happened["moved"] += 1

    # Inner workings

    @property
    def _shop(self) -> Any:
        return self.running_shop.connected_shop.shop

    def _recent(self) -> str:
        """Choose a recent order that is not cancelled."""
        recent = self.placed[-RECENT:]
        return self.dice.choice([pk for pk in recent if pk not in self._cancelled])

    def _round(self, number: float) -> int:
        """Round up or down at random, so that the mean is right."""
        return int(number + self.dice.random())

    @contextmanager
    def _hooks(self) -> Iterator[str]:
        """Lose, break or repeat the hooks of the block, or let them run."""
        kinds = list(HOOKS)
        (how,) = self.dice.choices(kinds, [HOOKS[kind][1] for kind in kinds])
        self.happened[how] += 1
        with HOOKS[how][0]():
            yield how
