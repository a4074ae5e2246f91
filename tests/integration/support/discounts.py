"""Vouchers, sales and gift cards, the same on every line of Saleor."""

from __future__ import annotations

from abc import ABC, abstractmethod

WHOLE_ORDER = "entire_order"
PRODUCT = "specific_product"
SHIPPING = "shipping"


class Discounts(ABC):
    """Creates discounts as staff do; customers enter the codes."""

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
        """Create a voucher; `cheapest_only` is Saleor's "apply once per order"."""

    @abstractmethod
    def delete_voucher(self, code: str) -> None: ...

    @abstractmethod
    def sale(self, sku: str, *, percent: int) -> None:
        """Reduce the product's price for all customers."""

    @abstractmethod
    def gift_card(self, code: str, amount: str) -> None: ...
