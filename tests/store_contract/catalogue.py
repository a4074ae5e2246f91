"""What the use cases may expect of the products on their way to Picqer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from saleor_picqer.domain.catalogue import CatalogueEntry, Inactivate
from saleor_picqer.sync.ports import Catalogue

SENT = CatalogueEntry("7", "MUG", 21, sent_digests={"name": "a"}, image="mug.png")


class CatalogueContract:
    """Subclasses provide `catalogue`, the products of one account, none yet."""

    def test_entry_is_saved_and_replaced(self, catalogue: Catalogue) -> None:
        catalogue.save(SENT)
        catalogue.save(replace(SENT, sku="CUP"))

        assert catalogue.get(["7", "8"]) == {"7": replace(SENT, sku="CUP")}
        assert catalogue.owners([21, 22]) == {21: "7"}

    def test_row_is_claimed_once_with_its_changes(self, catalogue: Catalogue) -> None:
        catalogue.save(SENT)
        catalogue.touch(["7", "8"])

        claimed = catalogue.claim(1)
        rest = catalogue.claim(5)

        assert {entry.variant_pk for entry in [*claimed, *rest]} == {"7", "8"}
        assert all(entry.lease for entry in [*claimed, *rest])
        assert catalogue.claim(5) == []

    def test_change_during_the_lease_is_due_after_it(self, catalogue: Catalogue) -> None:
        catalogue.touch(["7"])
        (entry,) = catalogue.claim(5)

        catalogue.touch(["7"])
        catalogue.save(replace(SENT, lease=entry.lease))
        assert catalogue.claim(5) == []
        catalogue.release(entry.lease)

        assert [again.variant_pk for again in catalogue.claim(5)] == ["7"]

    def test_undone_row_stays_due(self, catalogue: Catalogue) -> None:
        catalogue.touch(["7", "8"])
        claimed = catalogue.claim(5)

        catalogue.release(claimed[0].lease, undone=["8"])

        assert [again.variant_pk for again in catalogue.claim(5)] == ["8"]

    def test_postponed_row_waits_until_it_is_touched(self, catalogue: Catalogue) -> None:
        catalogue.touch(["7"])
        (entry,) = catalogue.claim(5)

        catalogue.postpone(entry, "refused", timedelta(hours=1), sku="MUG")
        assert catalogue.claim(5) == []
        assert catalogue.get(["7"])["7"].attempts == 1

        catalogue.touch(["7"])
        (again,) = catalogue.claim(5)
        assert (again.sku, again.attempts) == ("MUG", 0)

    def test_retired_row_is_live_again_when_it_is_saved(self, catalogue: Catalogue) -> None:
        catalogue.save(SENT)

        catalogue.retire(SENT, Inactivate.UNPUBLISHED)
        assert catalogue.get(["7"])["7"].retired == "unpublished"

        catalogue.save(SENT)
        assert catalogue.get(["7"])["7"].retired == ""

    def test_forgotten_row_is_gone(self, catalogue: Catalogue) -> None:
        catalogue.save(SENT)

        catalogue.forget("7")

        assert catalogue.get(["7"]) == {}
        assert catalogue.owners([21]) == {}
