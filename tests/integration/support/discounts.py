"""What makes an order cheaper, or pays for it, the same on every line of Saleor."""

from __future__ import annotations

from abc import ABC, abstractmethod

WHOLE_ORDER = "entire_order"
PRODUCT = "specific_product"
SHIPPING = "shipping"


class Discounts(ABC):
    """Made by staff; customers enter the codes."""

    @abstractmethod
    def voucher(
        self,
        code: str,
        *,
        percent: int | None = None,
        amount: str = "",
        on: str = WHOLE_ORDER,
        sku: str = "",
        cheapest_only: bool = False,
    ) -> None:
        """`percent` or `amount` off; `cheapest_only` is what Saleor calls apply once per order."""

    @abstractmethod
    def sale(self, sku: str, *, percent: int) -> None:
        """The product's price is reduced for everybody."""

    @abstractmethod
    def gift_card(self, code: str, amount: str) -> None: ...
