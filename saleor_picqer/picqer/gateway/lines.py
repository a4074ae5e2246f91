"""Lines of orders in Picqer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from saleor_picqer.domain.mapping.line_changes import LineChange
from saleor_picqer.domain.mapping.lines import LineRequest
from saleor_picqer.domain.remote_orders import RemoteLine
from saleor_picqer.domain.skus import compare_key, normalize
from saleor_picqer.picqer.client import PicqerClient
from saleor_picqer.picqer.objects import orders as picqer_orders
from saleor_picqer.picqer.objects.picklists import PicklistLine


class Lines:
    """`sync.ports.picqer.RemoteLines`."""

    def __init__(self, client: PicqerClient) -> None:
        self._client = client

    def list(self, order_id: int) -> Sequence[RemoteLine]:
        return [_remote_line(line) for line in ordered_lines(self._client.orders.get(order_id))]

    def add(self, order_id: int, line: LineRequest) -> None:
        body = picqer_orders.OrderLineCreate.model_validate(line.body)
        self._client.orders.add_line(order_id, body)

    def update(self, order_id: int, line_id: int, change: LineChange) -> None:
        body = picqer_orders.OrderLineUpdate.model_validate(change.body)
        self._client.orders.update_line(order_id, line_id, body)

    def delete(self, order_id: int, line_id: int) -> None:
        self._client.orders.delete_line(order_id, line_id)


def ordered_lines(order: picqer_orders.Order) -> Iterator[picqer_orders.OrderLine]:
    """Yield the ordered lines, without the parts of compositions added by Picqer."""
    return (line for line in order.products if line.partof_idorder_product is None)


def with_codes[Line: picqer_orders.OrderLine | PicklistLine](
    lines: Iterable[Line],
) -> list[tuple[str, Line]]:
    """Return the lines with a different product code for each product.

    A line may keep its product's former code, now the code of another product: the product's id is
    added to the code.
    """
    owners: dict[str, int] = {}
    found = []
    for line in lines:
        code, id_ = normalize(line.productcode), line.idproduct
        is_first = id_ is None or owners.setdefault(compare_key(code), id_) == id_
        found.append((code if is_first else f"{code} #{id_}", line))
    return found


def product_ids(
    lines: Iterable[tuple[str, picqer_orders.OrderLine | PicklistLine]],
) -> dict[str, int]:
    """Return the ids of ordered or picked products by code."""
    return {code: line.idproduct for code, line in lines if line.idproduct is not None}


def open_amount(line: picqer_orders.OrderLine) -> int:
    """Return the amount without what was cancelled."""
    return line.amount - line.amount_cancelled


def _remote_line(line: picqer_orders.OrderLine) -> RemoteLine:
    return RemoteLine(
        id=line.idorder_product,
        sku=normalize(line.productcode),
        amount=open_amount(line),
        price=line.price,
        vat_group=line.idvatgroup,
        remarks=line.remarks,
        product_id=line.idproduct,
    )
