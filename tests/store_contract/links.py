"""What the use cases may expect of the links between objects of Saleor and Picqer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saleor_picqer.domain.outbox import UNSURE
from saleor_picqer.sync.ports import Links
from tests.unit.sync.fakes.clock import Clock


class LinksContract:
    """Subclasses provide `links`, the links of one account, none yet, and their `clock`."""

    def test_product_ids_returns_the_known_ones(self, links: Links) -> None:
        links.products.link({"MUG": 1, "CUP": 2})

        assert links.products.ids(["MUG", "POT"]) == {"MUG": 1}

    def test_product_link_replaces_an_id_that_has_changed(self, links: Links) -> None:
        links.products.link({"MUG": 1, "CUP": 2})

        links.products.link({"MUG": 3})

        assert links.products.ids(["MUG", "CUP"]) == {"MUG": 3, "CUP": 2}

    def test_customer_is_linked_and_unlinked(self, links: Links) -> None:
        assert links.customers.get("7") is None

        assert links.customers.link("7", 21)
        assert links.customers.get("7") == 21

        links.customers.unlink("7")
        links.customers.unlink("7")
        assert links.customers.get("7") is None

    def test_customer_is_reserved_by_one_caller_at_a_time(self, links: Links) -> None:
        assert links.customers.reserve("7")
        assert not links.customers.reserve("7")
        assert links.customers.get("7") is None

        links.customers.unlink("7")
        assert links.customers.reserve("7")

        links.customers.link("7", 21)
        assert not links.customers.reserve("7")
        assert links.customers.get("7") == 21

    def test_reservation_ends_when_picqer_cannot_create_the_record_any_more(
        self, links: Links, clock: Clock
    ) -> None:
        links.customers.reserve("7")

        clock.advance(UNSURE + timedelta(seconds=1))

        assert links.customers.reserve("7")
        assert not links.customers.reserve("7")

    def test_customer_link_is_replaced(self, links: Links) -> None:
        links.customers.link("7", 21)

        assert links.customers.link("7", 22)

        assert links.customers.get("7") == 22

    def test_customer_is_not_linked_when_the_record_belongs_to_another_customer(
        self, links: Links
    ) -> None:
        """Failure mode F41."""
        links.customers.link("6", 21)

        assert not links.customers.link("7", 21)

        assert links.customers.get("7") is None

    def test_picklist_is_new_to_the_first_caller_only(self, links: Links) -> None:
        with links.fulfilments.once("1", 501) as first:
            pass
        with links.fulfilments.once("1", 501) as second:
            pass

        assert (first, second) == (True, False)
        assert links.fulfilments.recorded([501, 502]) == {501}

    def test_picklist_stays_new_when_its_fulfilment_has_failed(self, links: Links) -> None:
        with pytest.raises(ZeroDivisionError), links.fulfilments.once("1", 501):
            raise ZeroDivisionError

        assert links.fulfilments.recorded([501]) == set()
        with links.fulfilments.once("1", 501) as first:
            assert first
