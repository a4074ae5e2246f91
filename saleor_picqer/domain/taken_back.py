"""Goods taken back in Saleor: cancelled fulfilments, returns and refunds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

from saleor_picqer.domain.orders import OrderLine


@dataclass(frozen=True, slots=True)
class EndedFulfilment:
    """A fulfilment of cancelled, returned, refunded or replaced goods.

    `quantities` is by pk of the order line.
    """

    pk: str
    is_cancelled: bool
    quantities: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Amounts by SKU, added up over the life of an order."""

    # Open again, because a fulfilment that the plugin had made was cancelled.
    reopened: Mapping[str, int] = field(default_factory=dict)
    # Returned, refunded or replaced.
    returned: Mapping[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.reopened or self.returned)

    @classmethod
    def of(
        cls, ended: Iterable[EndedFulfilment], own: Collection[str], lines: Iterable[OrderLine]
    ) -> Self:
        """Add up the amounts taken back of the goods on the lines.

        `own` are the pks of the plugin's fulfilments. Staff's own cancelled
        fulfilments do not count.
        """
        skus = {line.pk: line.sku for line in lines if line.ships}
        reopened: Counter[str] = Counter()
        returned: Counter[str] = Counter()
        for fulfilment in ended:
            if fulfilment.is_cancelled and fulfilment.pk not in own:
                continue
            total = reopened if fulfilment.is_cancelled else returned
            for line_pk, quantity in fulfilment.quantities.items():
                if line_pk in skus:
                    total[skus[line_pk]] += quantity
        return cls(dict(reopened), dict(returned))

    def beyond(self, known: Self) -> Self:
        """Return the amounts above the known amounts."""
        return type(self)(
            dict(Counter(self.reopened) - Counter(known.reopened)),
            dict(Counter(self.returned) - Counter(known.returned)),
        )
