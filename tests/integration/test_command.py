"""`manage.py picqer …`."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.integration.support.connected_shop import Connected


def picqer(*arguments: str) -> str:
    """What the command prints."""
    out = StringIO()
    call_command("picqer", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def test_sync_says_what_it_did(connected: Connected) -> None:
    connected.shop.products(2)

    assert "2 created" in picqer("sync")
    assert "2 unchanged" in picqer("sync", "--channel", connected.shop.channel_slug)


def test_sync_fails_saying_why_when_a_product_has_no_rate(connected: Connected) -> None:
    connected.shop.product("BEANS")
    groups = connected.api("GET", "/vatgroups")
    strange = [{"name": group["name"], "percentage": 13} for group in groups]
    connected.picqer("POST", "/seed", vatgroups=strange)

    with pytest.raises(CommandError, match=connected.shop.channel_slug):
        picqer("sync")


def test_sync_fails_when_the_plugin_is_off(connected: Connected) -> None:
    connected.shop.configure_plugin(active=False)

    with pytest.raises(CommandError, match="not switched on"):
        picqer("sync")


def test_sweep_pushes_what_no_worker_has_pushed(connected: Connected) -> None:
    connected.offer(BEANS=5)
    order = connected.shop.checkout({"BEANS": 1})
    connected.worker.queue.clear()

    assert picqer("sweep").startswith("1 orders")
    assert connected.order_of(order)["status"] == "processing"


def test_sweep_tries_each_order_once(connected: Connected) -> None:
    connected.shop.product("BEANS", stock=1)
    connected.shop.checkout({"BEANS": 1})
    connected.connect(create_missing_products=False)

    assert picqer("sweep").startswith("1 orders")
    assert picqer("sweep").startswith("0 orders")


def test_check_tells_who_the_key_is_when_all_is_well(connected: Connected) -> None:
    told = picqer("check")

    assert "key of" in told
    assert "500 requests per minute" in told
    assert "all there" in told
    assert "all active" in told
    assert connected.server.api_key not in told


def test_check_names_the_hook_when_it_is_off(connected: Connected) -> None:
    hook = connected.api("GET", "/hooks")[0]
    connected.api("DELETE", f"/hooks/{hook['idhook']}")

    with pytest.raises(CommandError, match="Not in order"):
        picqer("check")


def test_check_names_the_key_when_picqer_refuses_it(
    connected: Connected, capsys: pytest.CaptureFixture[str]
) -> None:
    connected.server.runtime.api_key = "another"

    with pytest.raises(CommandError):
        call_command("picqer", "check")

    assert "does not accept the API key" in capsys.readouterr().err
