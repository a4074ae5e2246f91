"""The real client and gateway on a simulated Picqer account in this process."""

from __future__ import annotations

from typing import Any, Final

import requests
from picqer_simulator import Options, Runtime, SimulatorAdapter, SimulatorApp, new_account, seeds

from saleor_picqer.picqer.account import PicqerAccount
from saleor_picqer.picqer.client import PicqerClient
from saleor_picqer.picqer.gateway import Gateway
from tests.contract.gateways import Memory

CODES: Final = ("MUG", "CUP")
ENDPOINT: Final = "https://demo.picqer.test"


def simulated_picqer(session: requests.Session | None = None) -> Gateway:
    """Return a gateway to an account with two products; `session` replaces the default one."""
    session = session or requests.Session()
    simulator = new_account(Options(header_after_processing="accept"))
    products = [
        {"productcode": code, "name": code, "price": 9, "stock": {"Utrecht": 100}} for code in CODES
    ]
    simulator.run(seeds.seed, {"warehouses": [{"name": "Utrecht"}], "products": products})
    session.mount(ENDPOINT, SimulatorAdapter(SimulatorApp(Runtime(simulator, "key"))))
    account = PicqerAccount(ENDPOINT, "key", "shop.test", "ops@shop.test")
    # The gateway uses only a part of Django's cache API.
    cache: Any = Memory()
    return Gateway(PicqerClient(account, session=session), cache)
