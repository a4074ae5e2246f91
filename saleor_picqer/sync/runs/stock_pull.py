"""Write the stock read by a run, and withhold SKUs about to fall to zero."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final

from saleor_picqer.domain.products import RemoteProduct
from saleor_picqer.domain.runs import (
    Phase,
    Position,
    SoldOut,
    are_many,
    is_sold_out,
    next_phase,
    sells_out,
)
from saleor_picqer.domain.skus import compare_key
from saleor_picqer.domain.stock import Reading
from saleor_picqer.sync import stock, warehouses
from saleor_picqer.sync.ports import Context, Run
from saleor_picqer.sync.runs import dry_run

# What staff do to let a run sell out many SKUs.
HOW_TO_CONFIRM: Final = (
    "press the button on Picqer's page, run `manage.py picqer sync --only stock --confirm-zero`, or"
    " the mutation picqerPullStock with confirmZero."
)
# Warehouses that a message names.
_NAMED: Final = 5


def mirror_warehouses(context: Context, run: Run) -> Position:
    """Mirror Picqer's warehouses, and count what the shop offers in them."""
    if run.dry_run:
        dry_run.mirror_warehouses(context, run)
    else:
        warehouses.mirror_warehouses(context)
    since, mirrors = context.readings.clock(), _selling_mirrors(context)
    run.count("on_offer", context.shop.offers.count(list(mirrors.values())))
    known = replace(run.position, since=since, mirrors=tuple(mirrors.items()))
    return known.enter(next_phase(run.kind, Phase.WAREHOUSES))


def _selling_mirrors(context: Context) -> dict[int, str]:
    """Return the mirrors that a channel sells from, by Picqer's id."""
    links = context.links.warehouses.read()
    return {id_: link.pk for id_, link in links.items() if link.zones}


def retire_warehouses(context: Context, run: Run) -> None:
    """Stop selling from other warehouses, once the mirrors have their stock."""
    # Where stock is withheld, nothing proves yet that Picqer has the shop's goods.
    if run.dry_run or run.numbers["withheld"]:
        return
    mirrors = _selling_mirrors(context)
    for report in warehouses.retire_warehouses(context, partial(_may_leave, context, run)):
        run.problem(report)
    staying = mirrors.keys() & _selling_mirrors(context)
    if left := mirrors.keys() - staying:
        pks = [mirrors[id_] for id_ in left], [mirrors[id_] for id_ in staying]
        _report_lost(context, run, *pks)


def _report_lost(
    context: Context, run: Run, left: Collection[str], staying: Collection[str]
) -> None:
    """Report if many SKUs were on offer only from mirrors that sell no more."""
    on_offer = context.shop.offers.count([*left, *staying])
    lost = context.shop.offers.count([*left], besides=[*staying])
    if are_many(lost, on_offer):
        run.problem(
            f"{lost} of the {on_offer} SKUs that the shop offered are sold out now: their stock is"
            " in warehouses of Picqer that sell no more. If that is a mistake, let the warehouses"
            " sell again, in Picqer or in the setting Warehouses that sell, and pull the stock."
        )


def _may_leave(
    context: Context, run: Run, leaving: Mapping[str, str], staying: Collection[str]
) -> bool:
    """Return whether warehouses may leave the channel; report too many SKUs sold out by that.

    Warehouses are given as in `sync.warehouses.retire_warehouses`. Takes 2 statements.
    """
    sold_out = context.shop.offers.count([*leaving], besides=staying)
    on_offer = context.shop.offers.count([*leaving, *staying])
    if run.zero_is_confirmed or not sells_out(sold_out, on_offer, run.numbers["read"]):
        return True
    run.count("withheld", sold_out)
    named = ", ".join(f'"{name}"' for name in sorted(leaving.values())[:_NAMED])
    run.problem(
        f"Picqer has no stock of {sold_out} of the {on_offer} SKUs that the channel sells. They"
        f" stay on sale from Saleor's own warehouses, such as {named}, until you confirm that they"
        f" are sold no more: {HOW_TO_CONFIRM}"
    )
    return False


def write_page(
    context: Context, run: Run, products: Sequence[RemoteProduct], read_at: datetime
) -> None:
    """Write the stock of products, and withhold SKUs on offer without stock in Picqer.

    Withheld SKUs fall to zero after the last page, unless too many.
    """
    mirrors = dict(run.position.mirrors)
    offered = _on_offer(
        context, list(mirrors.values()), [each for each in products if is_sold_out(each, mirrors)]
    )
    withheld = [product for product in products if product.sku in offered]
    # Their readings stay as they are, and do not show that they were read.
    run.products.keep(withheld)
    run.products.withhold([SoldOut(each.sku, read_at, each.levels) for each in withheld])
    _write_products(context, run, [each for each in products if each.sku not in offered], read_at)


def _write_products(
    context: Context, run: Run, products: Sequence[RemoteProduct], read_at: datetime
) -> None:
    """Write the stock of products, and withhold products whose former SKU is on offer."""
    with _writing(context, run, {product.sku for product in products}) as count:
        changed, former = stock.record_page(context, products, read_at)
        count(changed)
    if not former:
        return
    offered = _offered_in_any_spelling(context, [pk for _, pk in run.position.mirrors], former)
    by_id = {product.id: product for product in products}
    renamed = {sku: by_id[id_] for sku, id_ in former.items() if sku in offered}
    for sku, product in renamed.items():
        report_code(context, run, sku, product.sku)
    run.products.keep(list(renamed.values()))
    run.products.withhold([SoldOut(sku, read_at, each.levels) for sku, each in renamed.items()])
    ids = {*former.values()} - {product.id for product in renamed.values()}
    others = [by_id[id_] for id_ in ids]
    with _writing(context, run, {product.sku for product in others}) as count:
        count(stock.record_products(context, others, read_at))


def report_code(context: Context, run: Run, sku: str, code: str) -> None:
    """Report a SKU on offer whose product has another code in Picqer."""
    if run.kind.pushes_products and context.sends_products:
        # The run sends the SKU, and Picqer takes it back.
        return
    run.problem(
        f'Picqer calls the product "{code}". Give it the same SKU in Saleor: until then, the shop'
        " does not get its stock.",
        sku,
    )


@contextmanager
def _writing(context: Context, run: Run, skus: Set[str]) -> Iterator[Callable[[int], None]]:
    """Count changed stocks with the function that is yielded; in a dry run, undo and tell them."""
    if run.dry_run:
        with dry_run.told_stock(context, run, skus):
            yield lambda _: None
    else:
        yield partial(run.count, "stock_changed")


def _offered_in_any_spelling(
    context: Context, mirrors: Sequence[str], skus: Collection[str]
) -> Set[str]:
    """Return which of the SKUs the shop offers: 2 statements."""
    offers = context.shop.offers
    offered = offers.among(mirrors, skus)
    rest = {*skus} - offered
    return offered | offers.among_others(mirrors, rest) if rest else offered


def _on_offer(
    context: Context, mirrors: Sequence[str], products: Sequence[RemoteProduct]
) -> Set[str]:
    """Return the SKUs of products that the shop offers, in whatever spelling.

    Takes 2 statements, and 1 for SKUs that Saleor may spell differently.
    """
    if not products:
        return frozenset()
    offers = context.shop.offers
    offered = offers.among(mirrors, {product.sku for product in products})
    rest = [product for product in products if product.sku not in offered]
    others = _maybe_respelled(context, rest)
    return offered | offers.among_others(mirrors, others) if others else offered


def _maybe_respelled(context: Context, products: Sequence[RemoteProduct]) -> set[str]:
    """Return the SKUs that Saleor may spell differently: those never read, or last in stock."""
    kept: dict[str, list[Reading]] = defaultdict(list)
    for reading in context.readings.of_skus([product.sku for product in products]):
        kept[compare_key(reading.sku)].append(reading)
    return {
        product.sku
        for product in products
        if not (rows := kept[compare_key(product.sku)])
        # Another product may have the other spelling, and then its stock counts.
        or any(row.free > 0 and row.product_id in (None, product.id) for row in rows)
    }


def write_sold_out(
    context: Context, run: Run, sold_out: Sequence[SoldOut], read_at: datetime
) -> None:
    """Write SKUs without stock in Picqer, all read at the same moment."""
    skus = {each.sku for each in sold_out}
    codes = {level.sku for each in sold_out for level in each.levels}
    with _writing(context, run, skus | codes) as count:
        count(_write(context, sold_out, read_at))


def _write(context: Context, sold_out: Sequence[SoldOut], read_at: datetime) -> int:
    levels = [level for each in sold_out for level in each.levels]
    absent = [each.sku for each in sold_out if not each.levels]
    changed = stock.record_levels(context, levels, read_at)
    return changed + stock.record_absent(context, absent, read_at)
