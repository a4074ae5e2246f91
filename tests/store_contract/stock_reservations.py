"""What the use cases may expect of what Picqer has reserved for orders."""

from __future__ import annotations

import pytest

from tests.store_contract.stock_case import CUP_ID, MUG_ID, ORDER, StockUnderTest


class ReservationsContract:
    """Subclasses provide the fixture `stock`, a StockUnderTest."""

    def test_reservation_is_found_in_any_spelling(self, stock: StockUnderTest) -> None:
        before = stock.moment()
        stock.reserve(3, "Mug")

        found = stock.reservation(" mUG")

        assert (found.order_pk, found.sku, found.amount, found.remaining) == ("1", "Mug", 3, 3)
        assert before < found.reserved_at <= stock.moment()
        assert stock.reservations.of_goods(["CUP"]) == []
        assert stock.reservations.skus_of(["1", "2"]) == ["Mug"]

    def test_reservation_is_found_by_its_product(self, stock: StockUnderTest) -> None:
        since, products = stock.moment(), {"mug": MUG_ID}
        stock.reservations.record("1", ORDER, {"MUG": 2, "CUP": 1}, since, products=products)

        (found,) = stock.reservations.of_goods([], [MUG_ID, CUP_ID])

        assert (found.sku, found.product_id, found.remaining) == ("MUG", MUG_ID, 2)

    @pytest.mark.parametrize("bound", [True, False])
    def test_sku_is_read_again_when_its_product_was_read_meanwhile_under_another_sku(
        self, stock: StockUnderTest, bound: bool
    ) -> None:
        stock.keep(8)
        stock.keep(8, sku="MUG-NEW")
        record, products = stock.reservations.record, {"MUG": MUG_ID}
        assert record("1", ORDER, {"MUG": 1}, stock.moment(), bound=bound, products=products) == []

        since = stock.moment()
        stock.keep(7, sku="MUG-NEW")

        if bound:
            again = record("1", ORDER, {"MUG": 1}, since, products=products)
        else:
            again = stock.reservations.bind(ORDER, since)
        assert again == ["MUG"]

    def test_spellings_of_one_sku_are_added_up(self, stock: StockUnderTest) -> None:
        stock.reservations.record("1", ORDER, {"MUG": 2, " mug": 3}, stock.moment())

        assert stock.reserved() == (5, 5)

    def test_what_was_shipped_stays_part_of_the_amount_when_the_rest_is_reserved_anew(
        self, stock: StockUnderTest
    ) -> None:
        stock.reserve(5)
        stock.reservations.ship(ORDER, {"mug": 2})
        assert stock.reserved() == (5, 3)

        stock.reserve(4)

        assert stock.reserved() == (6, 4)

    def test_no_more_is_shipped_than_reserved(self, stock: StockUnderTest) -> None:
        stock.reserve(3)

        stock.reservations.ship(ORDER, {"MUG": 5, "CUP": 1})

        assert stock.reserved() == (3, 0)
        assert not stock.reservations.holds(ORDER)

    def test_rest_is_shipped_when_the_order_is_closed(self, stock: StockUnderTest) -> None:
        stock.reserve(3)
        assert stock.reservations.holds(ORDER)

        stock.reservations.close(ORDER)

        assert (stock.reserved(), stock.reservations.holds(ORDER)) == ((3, 0), False)

    def test_rest_is_free_again_when_the_order_is_released(self, stock: StockUnderTest) -> None:
        stock.reserve(5)
        stock.reservations.ship(ORDER, {"MUG": 2})

        assert stock.reservations.release(ORDER)
        assert not stock.reservations.release(ORDER)

        assert (stock.reserved(), stock.reservations.holds(ORDER)) == ((2, 0), False)

    def test_nothing_is_left_when_all_is_released(self, stock: StockUnderTest) -> None:
        stock.reserve(5)

        stock.reservations.release(ORDER)

        assert stock.reserved() is None
        assert stock.reservations.skus_of(["1"]) == ["MUG"]

    def test_orders_are_apart(self, stock: StockUnderTest) -> None:
        stock.reserve(5)
        stock.reservations.record("2", ORDER + 1, {"MUG": 1}, stock.moment())

        stock.reservations.release(ORDER)

        assert stock.reserved() == (1, 1)
        assert stock.reservations.holds(ORDER + 1)

    # --- which SKUs are to be read again

    def test_sku_is_read_again_when_it_has_no_reading(self, stock: StockUnderTest) -> None:
        stock.keep(8)

        assert stock.reserve(1, "CUP") == ["CUP"]
        assert stock.reserve(1, "mug") == []

    def test_sku_is_read_again_when_a_reading_was_written_meanwhile(
        self, stock: StockUnderTest
    ) -> None:
        """Failure mode F121: the reading may know the reservation already."""
        since = stock.moment()
        stock.keep(8)

        again = stock.reservations.record("1", ORDER, {"MUG": 3}, since)

        assert again == ["MUG"]

    def test_sku_is_read_again_when_nobody_knows_since_when_it_is_reserved(
        self, stock: StockUnderTest
    ) -> None:
        stock.keep(8)

        assert stock.reservations.record("1", ORDER, {"MUG": 3}, None) == ["MUG"]

    # --- allocated, and processed later

    def test_allocated_goods_are_bound_once(self, stock: StockUnderTest) -> None:
        stock.keep(8)
        stock.reserve(3, bound=False)
        allocated = stock.reservation()
        assert allocated.bound_at is None

        assert stock.reservations.bind(ORDER, stock.moment()) == []
        bound = stock.reservation()
        stock.reservations.bind(ORDER, stock.moment())

        assert bound.bound_at is not None
        assert bound.reserved_at == allocated.reserved_at < bound.bound_at
        assert stock.reservation() == bound

    def test_sku_is_read_again_when_a_reading_was_written_while_picqer_processed(
        self, stock: StockUnderTest
    ) -> None:
        stock.reserve(3, bound=False)
        since = stock.moment()
        stock.keep(8)

        assert stock.reservations.bind(ORDER, since) == ["MUG"]
        assert stock.reservations.bind(ORDER, since) == []

    def test_processed_goods_are_bound_from_the_beginning(self, stock: StockUnderTest) -> None:
        stock.keep(8)
        stock.reserve(3)

        assert stock.reservation().bound_at == stock.reservation().reserved_at
        assert stock.reservations.bind(ORDER, None) == []

    def test_goods_are_only_allocated_again_when_the_order_is_reserved_anew(
        self, stock: StockUnderTest
    ) -> None:
        stock.reserve(3)

        stock.reserve(2, bound=False)

        assert stock.reservation().bound_at is None

    # --- Picqer's order has less than before

    def test_reservation_is_lowered_to_what_the_order_still_has(
        self, stock: StockUnderTest
    ) -> None:
        stock.reserve(5)

        assert stock.reservations.lower({ORDER: {"mug": 2, " MUG": 1}}) == {ORDER: ["MUG"]}
        assert stock.reservations.lower({ORDER: {"MUG": 3}}) == {}

        assert stock.reserved() == (3, 3)

    def test_reservation_is_not_raised(self, stock: StockUnderTest) -> None:
        stock.reserve(3)

        assert stock.reservations.lower({ORDER: {"MUG": 5}}) == {}

        assert stock.reserved() == (3, 3)

    def test_what_was_shipped_is_not_reserved_when_the_order_has_less(
        self, stock: StockUnderTest
    ) -> None:
        stock.reserve(5)
        stock.reservations.ship(ORDER, {"MUG": 2})

        assert stock.reservations.lower({ORDER: {"MUG": 3}}) == {ORDER: ["MUG"]}
        assert stock.reserved() == (3, 1)

        stock.reservations.lower({ORDER: {"MUG": 1}})
        assert stock.reserved() == (2, 0)

    def test_nothing_stays_reserved_of_a_line_that_the_order_lacks(
        self, stock: StockUnderTest
    ) -> None:
        stock.reserve(5)
        stock.reserve(1, "CUP")
        stock.reservations.record("2", ORDER + 1, {"POT": 1}, stock.moment())

        assert stock.reservations.lower({ORDER: {"MUG": 5}}) == {ORDER: ["CUP"]}

        assert stock.reserved() == (5, 5)
        assert stock.reserved("CUP") is None
        assert stock.reserved("POT") == (1, 1)

    def test_reservations_of_several_orders_are_lowered_at_once(
        self, stock: StockUnderTest
    ) -> None:
        stock.reserve(5)
        stock.reservations.record("2", ORDER + 1, {"POT": 3, "CUP": 1}, stock.moment())
        stock.reservations.record("3", ORDER + 2, {"PAN": 1}, stock.moment())

        lowered = stock.reservations.lower({ORDER: {"MUG": 4}, ORDER + 1: {"POT": 3}})

        assert lowered == {ORDER: ["MUG"], ORDER + 1: ["CUP"]}
        assert (stock.reserved(), stock.reserved("PAN")) == ((4, 4), (1, 1))
        assert stock.reservations.lower({}) == {}
