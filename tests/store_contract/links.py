"""What the use cases may expect of the links between objects of Saleor and Picqer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from saleor_picqer.domain.fulfilments import ShippedPicklist
from saleor_picqer.domain.outbox import UNSURE
from saleor_picqer.domain.parcels import Parcel, Shipment
from saleor_picqer.sync.ports import Links
from tests.store_contract.outbox_case import ACCOUNT
from tests.unit.sync.fakes.clock import Clock

PARCEL = Parcel("PostNL", "3S1", "https://t.example/1")
SHIPPED = ShippedPicklist(501, "1", 24035, {"MUG": 2}, (Shipment(7, (PARCEL,)),))
REPLACED = (Shipment(8, (Parcel("DHL", "JD1"), Parcel("DHL", "JD2"))),)


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
        with links.fulfilments.once(SHIPPED) as first:
            pass
        with links.fulfilments.once(SHIPPED) as second:
            pass

        assert (first, second) == (True, False)
        assert links.fulfilments.recorded([501, 502]) == {501}

    def test_picklist_stays_new_when_its_fulfilment_has_failed(self, links: Links) -> None:
        with pytest.raises(ZeroDivisionError), links.fulfilments.once(SHIPPED):
            raise ZeroDivisionError

        assert links.fulfilments.recorded([501]) == set()
        with links.fulfilments.once(SHIPPED) as first:
            assert first

    def test_picklist_is_returned_with_its_parcels_and_fulfilments(self, links: Links) -> None:
        with links.fulfilments.once(SHIPPED):
            links.fulfilments.attach(501, created=["11"], adopted=["12"], hold=None)

        expected = replace(SHIPPED, created=("11",), adopted=("12",))
        assert links.fulfilments.get(501) == expected
        assert links.fulfilments.of_order("1") == [expected]
        assert (links.fulfilments.get(502), links.fulfilments.of_order("2")) == (None, [])

    def test_shipments_are_replaced_by_the_caller_that_has_read_the_latest(
        self, links: Links
    ) -> None:
        with links.fulfilments.once(SHIPPED):
            pass

        with links.fulfilments.replace_shipments(SHIPPED, REPLACED) as first:
            pass
        with links.fulfilments.replace_shipments(SHIPPED, ()) as second:
            pass

        assert (first, second) == (True, False)
        assert links.fulfilments.get(501) == replace(SHIPPED, shipments=REPLACED)

    def test_shipments_stay_when_the_fulfilment_was_not_corrected(self, links: Links) -> None:
        with links.fulfilments.once(SHIPPED):
            pass

        with (
            pytest.raises(ZeroDivisionError),
            links.fulfilments.replace_shipments(SHIPPED, REPLACED),
        ):
            raise ZeroDivisionError

        assert links.fulfilments.get(501) == SHIPPED

    def test_email_is_released_once_when_its_time_has_come(
        self, links: Links, clock: Clock
    ) -> None:
        with links.fulfilments.once(SHIPPED):
            links.fulfilments.attach(501, created=["11"], adopted=[], hold=timedelta(minutes=5))
        with links.fulfilments.release(ACCOUNT, 501) as too_early:
            assert too_early is None

        clock.advance(timedelta(minutes=5))
        with links.fulfilments.release(ACCOUNT, 501) as due:
            assert due is not None
            assert (due.id, due.is_held) == (501, True)

        with links.fulfilments.release(ACCOUNT, 501) as again:
            assert again is None
        held = links.fulfilments.get(501)
        assert held is not None
        assert not held.is_held

    def test_email_stays_due_when_it_was_not_sent(self, links: Links, clock: Clock) -> None:
        with links.fulfilments.once(SHIPPED):
            links.fulfilments.attach(501, created=["11"], adopted=[], hold=timedelta(0))

        with pytest.raises(ZeroDivisionError), links.fulfilments.release(ACCOUNT, 501):
            raise ZeroDivisionError

        with links.fulfilments.release(ACCOUNT, 501) as due:
            assert due is not None
