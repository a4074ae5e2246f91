"""The account: state, options, seeds and statistics."""

from __future__ import annotations

from pathlib import Path

import pytest
from picqer_simulator import Options, new_account, seeds
from picqer_simulator.core import state
from picqer_simulator.core.options import UnknownOptionError, with_changes
from picqer_simulator.rules import orders, reference, staff, users
from simulator_support import builders
from simulator_support.builders import add_product, order_body, process_order, refusal_of


class TestState:
    def test_is_the_same_when_saved_and_loaded(self, tmp_path: Path) -> None:
        account = builders.build_account()
        add_product(account, stock=5)
        process_order(account, {"MUG": 7})
        account.run(staff.ship, 1, {})

        state.save(account.state, tmp_path / "users.json")

        assert state.load(tmp_path / "users.json") == account.state

    def test_file_is_private_when_saved(self, tmp_path: Path) -> None:
        state.save(new_account().state, tmp_path / "users.json")

        assert (tmp_path / "users.json").stat().st_mode & 0o077 == 0

    def test_never_reuses_ids_when_an_account_is_loaded(self, tmp_path: Path) -> None:
        account = builders.build_account()
        add_product(account)
        process_order(account)
        state.save(account.state, tmp_path / "users.json")

        loaded = new_account(state=state.load(tmp_path / "users.json"))

        assert loaded.run(orders.create, order_body())["idorder"] == 2

    def test_is_refused_when_the_file_holds_no_account(self) -> None:
        with pytest.raises(ValueError, match="State"):
            state.parse(b'{"orders": {"one": {}}}')


class TestOptions:
    def test_retry_webhooks_for_about_17_hours_when_unchanged(self) -> None:
        delays = Options().webhook_retry_delays

        assert len(delays) == 15
        assert 16.5 < sum(delays) / 3600 < 17.5
        assert sorted(delays) == list(delays)

    def test_are_set_when_given_as_text_or_value(self) -> None:
        options = with_changes(
            Options(),
            {
                "rate_limit": "20",
                "retry_after": True,
                "list_order": "newest_first",
                "error_statuses": '{"20": 410}',
                "action_status": "204",
            },
        )

        assert (options.rate_limit, options.retry_after, options.action_status) == (20, True, 204)
        assert (options.list_order, options.error_statuses) == ("newest_first", {20: 410})

    @pytest.mark.parametrize(
        "changes", [{"warp": 9}, {"list_order": "random"}, {"rate_limit": "many"}]
    )
    def test_are_refused_when_name_or_value_is_unknown(self, changes: dict[str, object]) -> None:
        with pytest.raises(UnknownOptionError):
            with_changes(Options(), changes)

    def test_apply_to_later_requests_when_set_on_a_running_account(self) -> None:
        account = builders.build_account()
        add_product(account, "MUG")

        account.set_options(productcode_case_sensitive=True)

        assert refusal_of(account, orders.create, order_body({"mug": 1})) == 24


class TestSeeds:
    def test_emit_no_events_when_records_are_added(self) -> None:
        account = new_account()

        account.run(seeds.seed, seeds.DEMO)

        assert len(account.state.products) == 6
        assert not account.events

    def test_change_a_record_when_its_name_exists(self) -> None:
        account = builders.build_account()
        add_product(account, stock=5)
        warehouse = {"name": "Utrecht", "accept_orders": False}
        product = {"productcode": "mug", "name": "Cup", "price": 1, "stock": {"Utrecht": 2}}

        account.run(seeds.seed, {"warehouses": [warehouse], "products": [product]})

        assert account.state.warehouses[1].accept_orders is False
        assert (len(account.state.products), account.state.products[1].name) == (1, "Cup")
        assert builders.row(account).stock == 2

    def test_are_refused_when_a_warehouse_does_not_exist(self) -> None:
        product = {"productcode": "MUG", "name": "Mug", "price": 1, "stock": {"Nowhere": 2}}

        assert refusal_of(new_account(), seeds.seed, {"products": [product]}) == 20

    def test_define_custom_fields_when_described(self) -> None:
        account = new_account()

        account.run(seeds.seed, {"orderfields": [{"title": "Gift", "type": "radio"}]})

        assert account.run(reference.list_orderfields, {})[0]["idorderfield"] == 1


class TestStatistics:
    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("open-orders", 1),
            ("open-picklists", 1),
            ("backorders", 1),
            ("new-orders-today", 2),
            ("closed-picklists-today", 1),
            ("total-orders", 2),
            ("active-products", 1),
            ("inactive-products", 0),
        ],
    )
    def test_count_matching_records_when_asked_for(self, key: str, value: int) -> None:
        account = builders.build_account()
        add_product(account, stock=3)
        account.run(staff.ship, process_order(account, {"MUG": 2}), {})
        process_order(account, {"MUG": 2})

        assert account.run(users.get_stat, key)["value"] == value

    def test_have_a_description_when_listed(self) -> None:
        assert users.list_stats(new_account())["backorders"] == {
            "description": "Number of backorders"
        }


def test_list_has_100_records_when_there_are_more() -> None:
    account = new_account()
    for number in range(250):
        reference.add_vatgroup(account.state, f"Rate {number}", number)

    pages = [
        [entry["idvatgroup"] for entry in account.run(reference.list_vatgroups, {"offset": text})]
        for text in ("0", "100", "200", "300", "none")
    ]

    assert [len(page) for page in pages] == [100, 100, 53, 0, 100]
    assert len({idvatgroup for page in pages for idvatgroup in page}) == 253
