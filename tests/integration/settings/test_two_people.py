"""Two people who save settings at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Barrier, Thread

import pytest
from django.db import connections

from tests.integration.support.host import create_shop
from tests.integration.support.settings_api import SettingsApi
from tests.integration.support.shop import Shop


def together(*actions: Callable[[], object]) -> None:
    """Carry out actions at once, each on a connection of its own."""
    barrier = Barrier(len(actions))

    def act(action: Callable[[], object]) -> None:
        barrier.wait()
        try:
            action()
        finally:
            connections.close_all()

    threads = [Thread(target=act, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)


@pytest.fixture
def people(transactional_db: None) -> tuple[Shop, SettingsApi]:
    shop = create_shop()
    return shop, SettingsApi(shop.admin_api, shop.channel_slug)


def test_different_settings_are_both_kept(people: tuple[Shop, SettingsApi]) -> None:
    shop, api = people
    names = ("storefront", "contact_email", "reference_prefix", "order_tags")
    for text in ("first", "second", "third"):
        values = {name: f"{text} {name}"[:20] for name in names}

        together(*(partial(api.update, {name: value}) for name, value in values.items()))

        after = shop.plugin().settings
        assert {name: after[name] for name in names} == values


def test_saleors_form_keeps_what_the_page_saves(people: tuple[Shop, SettingsApi]) -> None:
    shop, api = people
    for text in ("first", "second", "third"):
        together(
            partial(shop.configure_plugin, active=False, storefront=text),
            partial(api.update, {"reference_prefix": text}),
        )

        after = shop.plugin().settings
        assert (after["storefront"], after["reference_prefix"]) == (text, text)
