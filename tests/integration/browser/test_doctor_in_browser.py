"""The doctor's page in Chromium."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from saleor.account.models import User

from saleor_picqer import tasks
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.host import IS_SALEOR_3

if TYPE_CHECKING:
    from tests.integration.browser.visitor import Visitor

pytest.importorskip("selenium")

from tests.integration.browser.staff_access import hire, open_overview, open_page
from tests.integration.browser.visitor import CARD


def manager(shop: ConnectedShop) -> User:
    """Return staff who may manage plugins."""
    return hire(shop.shop, "manage_plugins", email="manager@example.com")


def test_channel_is_checked_from_the_overview(
    visitor: Visitor, running_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The findings are named in words, and the check is repeated by keyboard."""
    tasks.sweep()
    staff, slug = manager(running_shop), running_shop.shop.channel_slug
    open_overview(visitor, staff)
    visitor.wait_for_text("Check everything")

    visitor.follow("Check everything")
    if not IS_SALEOR_3:
        visitor.sign_in(staff.email)

    visitor.wait_for(lambda: visitor.result == "The check is finished.", "the result")
    assert "0 errors, 1 warning." in visitor.text
    assert visitor.heading == f"Check of Picqer in {slug}"
    assert "Warning Cache: Django's cache (LocMemCache) is not shared" in visitor.text
    assert "Set CACHE_URL to a Redis" in visitor.text
    assert "API key belongs to" not in visitor.text, "what is well is folded away"
    visitor.unfold("What is well: 22")
    visitor.wait_for_text("A request to Saleor's public address reaches the plugin")
    assert visitor.origins() == {visitor.saleor}
    assert visitor.barriers("dark") == []
    assert visitor.barriers("light") == []
    assert not visitor.scrolls_sideways(CARD)

    with monkeypatch.context() as patch:
        patch.setattr(running_shop.server.runtime, "api_key", "another")
        visitor.press_by_keyboard("Check again")
        visitor.wait_for_text("Error API key: Picqer does not accept the API key.")
    assert visitor.script("document.activeElement.tagName") == "H1"


def test_staff_of_orders_are_told_what_they_lack(
    visitor: Visitor, running_shop: ConnectedShop
) -> None:
    clerk = hire(running_shop.shop, "manage_orders")

    open_page(visitor, clerk, "/doctor")

    visitor.wait_for_text('The check of Picqer needs the permission "Manage plugins".')
