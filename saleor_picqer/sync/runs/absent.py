"""Set SKUs without stock in Picqer to zero, after a second look."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import batched
from typing import Final

from saleor_picqer.domain.products import RemoteProduct
from saleor_picqer.domain.runs import (
    PAGE_SIZE,
    Position,
    SoldOut,
    needs_confirmation,
    sells_out,
)
from saleor_picqer.domain.skus import BySku, compare_key
from saleor_picqer.sync.ports import Context, Run
from saleor_picqer.sync.runs import listing, stock_pull

# SKUs without a known product that one run looks up by their code, with up to 2 requests each.
_MOST_FINDS: Final = 20
# SKUs that a message names.
_NAMED: Final = 5


def look_up(context: Context, run: Run) -> Position | None:
    """Look up the next SKUs on offer missing from all pages, 100 a request."""
    mirrors = [pk for _, pk in run.position.mirrors]
    rows = context.shop.offers.after(mirrors, run.position.after)
    if not rows:
        return None
    for batch in batched(_unread(context, run, [sku for _, sku in rows]), PAGE_SIZE):
        _look_up(context, run, batch)
    last, _ = rows[-1]
    return replace(run.position, after=last)


def _unread(context: Context, run: Run, skus: Collection[str]) -> list[str]:
    """Return the SKUs missing from all pages."""
    since = run.position.since
    fresh = {
        compare_key(reading.sku)
        for reading in context.readings.of_skus(skus)
        if since is None or reading.read_at >= since
    }
    rest = [sku for sku in skus if compare_key(sku) not in fresh]
    kept = {*run.products.get(rest), *run.products.withheld(rest)} if rest else ()
    return [sku for sku in rest if sku not in kept]


def _product_ids(context: Context, skus: Collection[str]) -> dict[str, int]:
    """Return the known products of SKUs, from links and from earlier readings."""
    readings = context.readings.of_skus(skus)
    read = BySku({each.sku: each.product_id for each in readings if each.product_id is not None})
    known = {sku: id_ for sku in skus if (id_ := read.get(sku)) is not None}
    return known | context.links.products.ids(skus)


def _look_up(context: Context, run: Run, skus: Collection[str]) -> None:
    """Read products missing from the lists, and withhold SKUs unknown to Picqer."""
    read_at = context.readings.clock()
    known = _product_ids(context, skus)
    found = context.picqer.stock.of_products(list(known.values())) if known else []
    absent = [*known.keys() - _spelled(context, run, known, found)]
    absent += _unlinked(context, run, {*skus} - known.keys(), found)
    listing.take(context, run, found)
    stock_pull.write_page(context, run, found, read_at)
    run.products.withhold([SoldOut(sku, read_at) for sku in sorted(absent)])


def _spelled(
    context: Context, run: Run, known: Mapping[str, int], found: Iterable[RemoteProduct]
) -> set[str]:
    """Return the SKUs whose product was found, and report products with another code."""
    codes = {product.id: product.sku for product in found}
    spelled = {sku: codes[id_] for sku, id_ in known.items() if id_ in codes}
    for sku, code in spelled.items():
        if compare_key(sku) != compare_key(code):
            stock_pull.report_code(context, run, sku, code)
    return set(spelled)


def _unlinked(
    context: Context, run: Run, skus: Collection[str], found: list[RemoteProduct]
) -> Iterator[str]:
    """Look up SKUs without a link; add products to `found`, and yield unknown SKUs."""
    for sku in sorted(skus):
        if run.numbers["looked_up"] >= _MOST_FINDS:
            run.problem(
                "The product is not in Picqer's lists of products. Its stock in Saleor is"
                " unchanged.",
                sku,
            )
            continue
        run.count("looked_up")
        product = context.picqer.products.find(sku)
        if product is None:
            yield sku
        else:
            found += context.picqer.stock.of_products([product.id])


def write_sold_out(context: Context, run: Run) -> Position | None:
    """Set the next withheld SKUs to zero; none of too many."""
    position = run.position
    if not position.after and not _may_write(context, run):
        return None
    rows = run.products.sold_out(position.after, PAGE_SIZE)
    if not rows:
        return None
    for read_at in sorted({row.read_at for row in rows.values()}):
        together = [row for row in rows.values() if row.read_at == read_at]
        stock_pull.write_sold_out(context, run, together, read_at)
    run.count("zeroed", len(rows))
    return replace(position, after=max(rows, key=int))


def _may_write(context: Context, run: Run) -> bool:
    """Return whether the withheld SKUs may be written; report too many of them."""
    sold_out, on_offer = run.products.count_sold_out(), run.numbers["on_offer"]
    skus = [row.sku for row in run.products.sold_out("", _NAMED).values()]
    # Without a reading, the stock of an adopted warehouse was entered in Saleor.
    is_too_many = needs_confirmation if context.readings.of_skus(skus) else sells_out
    if run.zero_is_confirmed or not is_too_many(sold_out, on_offer, run.numbers["read"]):
        return True
    run.count("withheld", sold_out)
    named = ", ".join(skus)
    run.problem(
        f"Picqer has no stock of {sold_out} of the {on_offer} SKUs that the shop offers, such as"
        f" {named}. Their stock is not set to zero until you confirm it:"
        f" {stock_pull.HOW_TO_CONFIRM}"
    )
    return run.dry_run
