"""What the use cases may expect of kept stock readings, and of requests to read again."""

from __future__ import annotations

from saleor_picqer.domain.stock import Reading, StockLevel
from tests.store_contract.stock_case import CUP_ID, MUG_ID, NORTH, SOUTH, StockUnderTest, levels


class StockReadingsContract:
    """Subclasses provide the fixture `stock`, a StockUnderTest."""

    def test_clock_never_goes_back(self, stock: StockUnderTest) -> None:
        assert stock.readings.clock() <= stock.readings.clock()

    def test_levels_are_kept_by_warehouse(self, stock: StockUnderTest) -> None:
        """Failure mode F29: the numbers 1, 10 and 12 are three warehouses."""
        read_at = stock.moment()
        rows = [{"warehouse": number, "free": number * 2} for number in (1, 10, 12)]

        assert stock.readings.keep(levels(rows), read_at, ["MUG"]) == {}

        found = {each.warehouse_id: each.free for each in stock.readings.of_skus(["MUG"])}
        assert found == {1: 2, 10: 20, 12: 24}

    def test_reading_has_all_that_was_read(self, stock: StockUnderTest) -> None:
        """Failure mode F25: a negative level is kept as it is."""
        read_at = stock.moment()

        stock.readings.keep(levels([{"free": -3, "claimed": 2}]), read_at, ["MUG"])

        assert stock.readings.of_skus(["MUG"]) == [Reading(NORTH, "MUG", -3, MUG_ID, read_at, 2)]

    def test_newer_reading_replaces_an_older_one(self, stock: StockUnderTest) -> None:
        stock.keep(8)
        stock.keep(3)

        assert stock.free("MUG") == {"MUG": 3}

    def test_older_reading_is_ignored_when_it_is_written_last(self, stock: StockUnderTest) -> None:
        """Failure mode F72."""
        older = stock.moment()
        newer = stock.keep(3)

        stock.keep(8, at=older)
        stock.keep(9, at=newer)

        assert stock.free("MUG") == {"MUG": 3}

    def test_readings_are_found_in_any_spelling(self, stock: StockUnderTest) -> None:
        """Failure mode F103."""
        stock.keep(3, sku="Mug")

        assert stock.free(" mUG ", "CUP") == {"Mug": 3}

    def test_level_spelled_as_in_saleor_counts_when_codes_differ_in_case(
        self, stock: StockUnderTest
    ) -> None:
        both = [StockLevel(NORTH, "MUG", 1, MUG_ID), StockLevel(NORTH, "mug", 2, CUP_ID)]

        stock.readings.keep(both, stock.moment(), ["MUG"])
        assert stock.free("MUG") == {"MUG": 1}

        stock.readings.keep(both[1:], stock.moment(), ["MUG"])
        assert stock.free("MUG") == {"MUG": 1}

        stock.readings.keep(both[1:], stock.moment(), ["mug"])
        assert stock.free("MUG") == {"mug": 2}

    def test_former_sku_is_empty_when_a_product_gets_another_code(
        self, stock: StockUnderTest
    ) -> None:
        stock.keep(5)

        read_at = stock.moment()
        former = stock.readings.keep([StockLevel(NORTH, "CUP", 5, MUG_ID)], read_at, ["CUP"])

        assert former == {"MUG": MUG_ID}
        assert stock.free("MUG", "CUP") == {"MUG": 0, "CUP": 5}
        (given_up,) = stock.readings.of_skus(["MUG"])
        assert (given_up.product_id, given_up.read_at) == (None, read_at)

    def test_product_with_another_code_is_left_alone_when_its_sku_is_not_given_up(
        self, stock: StockUnderTest
    ) -> None:
        stock.keep(5)
        found = [StockLevel(NORTH, "CUP", 5, MUG_ID), StockLevel(NORTH, "POT", 2, CUP_ID)]

        former = stock.readings.keep(found, stock.moment(), ["CUP", "POT"], give_up=False)

        assert former == {"MUG": MUG_ID}
        assert stock.free("MUG", "CUP", "POT") == {"MUG": 5, "POT": 2}

    def test_former_code_does_not_come_back_when_an_older_reading_is_written_last(
        self, stock: StockUnderTest
    ) -> None:
        older = stock.moment()
        stock.keep(5, sku="CUP")

        stock.keep(9, at=older, sku="MUG")

        assert stock.free("MUG", "CUP") == {"CUP": 5}

    def test_sku_absent_from_picqer_is_empty_until_a_product_has_it(
        self, stock: StockUnderTest
    ) -> None:
        stock.keep(5)

        stock.readings.keep([StockLevel(NORTH, "MUG", 0)], stock.moment(), ["MUG"])
        assert stock.free("MUG") == {"MUG": 0}

        stock.keep(4, product_id=CUP_ID)
        assert stock.free("MUG") == {"MUG": 4}

    def test_products_without_stock_are_forgotten(self, stock: StockUnderTest) -> None:
        stock.readings.keep(
            [StockLevel(NORTH, "MUG", 1, MUG_ID), StockLevel(SOUTH, "CUP", 2, CUP_ID)],
            stock.moment(),
            ["MUG", "CUP"],
        )

        stock.readings.forget([MUG_ID], stock.moment())

        assert stock.free("MUG", "CUP") == {"CUP": 2}

    def test_product_without_stock_keeps_a_later_reading(self, stock: StockUnderTest) -> None:
        older = stock.moment()
        stock.keep(5)

        stock.readings.forget([MUG_ID], older)

        assert stock.free("MUG") == {"MUG": 5}

    # --- requests

    def test_requests_are_returned_in_sequence_and_announced(self, stock: StockUnderTest) -> None:
        stock.readings.request([])
        assert (stock.readings.requested(5), stock.announced) == ([], 0)

        stock.readings.request([CUP_ID])
        stock.moment()
        stock.readings.request([MUG_ID])

        assert (stock.readings.requested(5), stock.announced) == ([CUP_ID, MUG_ID], 2)
        assert stock.readings.requested(1) == [CUP_ID]

    def test_repeated_request_is_one_request_of_a_later_moment(self, stock: StockUnderTest) -> None:
        stock.readings.request([CUP_ID, MUG_ID])
        stock.moment()
        stock.readings.request([CUP_ID])

        assert stock.readings.requested(5) == [MUG_ID, CUP_ID]

    def test_request_is_settled_by_a_reading_that_began_later(self, stock: StockUnderTest) -> None:
        stock.readings.request([CUP_ID, MUG_ID])
        read_at = stock.moment()
        stock.readings.request([MUG_ID])

        stock.readings.settle([CUP_ID, MUG_ID], read_at)
        assert stock.readings.requested(5) == [MUG_ID]

        stock.readings.settle([CUP_ID], stock.moment())
        assert stock.readings.requested(5) == [MUG_ID]
