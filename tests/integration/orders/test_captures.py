"""The payment of a shipped order is captured once."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import F
from saleor.order.models import Order
from saleor.payment.gateways import dummy
from saleor.payment.models import Payment, Transaction

from saleor_picqer import capturing, tasks
from saleor_picqer.domain.payments import ANSWER_TIME, LONGEST_PENDING
from saleor_picqer.models import PaymentCapture
from tests.integration.support.checkouts import AUTHORISED
from tests.integration.support.commands import manage_picqer
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.host import IS_SALEOR_3

NOT_CAPTURED = "The payment of this shipped order was not captured."
UNCLEAR = "Whether the payment of this shipped order was captured is not known."
only_saleor_3 = pytest.mark.skipif(not IS_SALEOR_3, reason="Saleor 2.10 has no transactions")


class Killed(BaseException):
    """Stands for a killed worker."""


@pytest.fixture
def capturing_shop(stocked_shop: ConnectedShop) -> ConnectedShop:
    """Return a shop with payments captured after the last shipment."""
    stocked_shop.connect(capture_payment="all_shipped")
    stocked_shop.run_until_idle()
    return stocked_shop


def authorised(shop: ConnectedShop, beans: int = 2) -> str:
    order = shop.shop.begin({"BEANS": beans}).deliver().pay(AUTHORISED).complete()
    shop.run_until_idle()
    return order


def ship(shop: ConnectedShop, order: str, **options: Any) -> None:
    shop.ship(order, **options)
    shop.run_until_idle()


def sweep(shop: ConnectedShop) -> None:
    tasks.sweep()
    shop.run_until_idle()


def captured(order: str) -> list[Any]:
    """Return the amounts of successful captures of plugins' payments."""
    done = Transaction.objects.filter(payment__order=order, kind="capture", is_success=True)
    return list(done.values_list("amount", flat=True))


def attention(shop: ConnectedShop, order: str) -> str:
    return shop.shop.order(order).picqer.get("attention", "")


def age() -> None:
    """Let the time pass in which an answer may come."""
    later = ANSWER_TIME + LONGEST_PENDING
    PaymentCapture.objects.update(look_at=F("look_at") - later, asked_at=F("asked_at") - later)


def test_payment_is_captured_once_when_everything_is_shipped(
    capturing_shop: ConnectedShop,
) -> None:
    order = authorised(capturing_shop, beans=3)
    total = Order.objects.get(pk=order).total_gross_amount
    ship(capturing_shop, order, lines={"BEANS": 1})
    sweep(capturing_shop)
    assert captured(order) == []

    capturing_shop.picqer_api("POST", "/backorders/process")
    ship(capturing_shop, order)
    assert capturing_shop.shop.order(order).status == "FULFILLED"
    sweep(capturing_shop)
    sweep(capturing_shop)

    assert captured(order) == [total]
    assert Payment.objects.get(order=order).captured_amount == total
    notes = capturing_shop.shop.order(order).notes
    assert len([note for note in notes if note.startswith("Picqer has shipped the order, so")]) == 1
    assert attention(capturing_shop, order) == ""


def test_payment_is_captured_with_the_first_shipment_when_the_setting_says_so(
    capturing_shop: ConnectedShop,
) -> None:
    capturing_shop.connect(capture_payment="first_shipment")
    order = authorised(capturing_shop, beans=3)

    ship(capturing_shop, order, lines={"BEANS": 1})
    manage_picqer("sweep")
    capturing_shop.picqer_api("POST", "/backorders/process")
    ship(capturing_shop, order)
    sweep(capturing_shop)

    assert captured(order) == [Order.objects.get(pk=order).total_gross_amount]


def test_payment_stays_authorised_by_default(stocked_shop: ConnectedShop) -> None:
    order = authorised(stocked_shop)

    ship(stocked_shop, order)
    sweep(stocked_shop)

    assert captured(order) == []
    assert not PaymentCapture.objects.exists()


def test_nothing_is_captured_again_when_the_order_is_paid(capturing_shop: ConnectedShop) -> None:
    order = capturing_shop.order(BEANS=2)
    before = captured(order)

    ship(capturing_shop, order)
    sweep(capturing_shop)

    assert captured(order) == before
    assert attention(capturing_shop, order) == ""


def test_refused_capture_asks_for_attention_until_the_order_is_paid(
    capturing_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = authorised(capturing_shop)
    with monkeypatch.context() as broken:
        broken.setattr(dummy, "dummy_success", lambda: False)
        ship(capturing_shop, order)
        sweep(capturing_shop)
        sweep(capturing_shop)

    assert capturing_shop.shop.order(order).status == "FULFILLED"
    assert attention(capturing_shop, order).startswith(NOT_CAPTURED)
    failed = Transaction.objects.filter(payment__order=order, kind="capture", is_success=False)
    assert failed.count() == 1
    capturing_shop.shop.capture(order)
    sweep(capturing_shop)
    assert attention(capturing_shop, order) == ""


def test_capture_is_never_repeated_when_the_gateway_does_not_answer(
    capturing_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plugin cannot tell whether the payment was captured."""
    order = authorised(capturing_shop)
    asked = break_gateway(monkeypatch, TimeoutError("no answer"))

    ship(capturing_shop, order)
    sweep(capturing_shop)
    age()
    sweep(capturing_shop)

    assert len(asked) == 1
    assert attention(capturing_shop, order).startswith(UNCLEAR)
    assert capturing_shop.row(order).stage == "completed"


def test_capture_is_never_repeated_when_the_worker_is_killed_meanwhile(
    capturing_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = authorised(capturing_shop)
    ship(capturing_shop, order)
    asked = break_gateway(monkeypatch, Killed())
    with pytest.raises(Killed):
        capturing.work_off()
    sweep(capturing_shop)
    assert attention(capturing_shop, order) == ""

    age()
    sweep(capturing_shop)

    assert len(asked) == 1
    assert attention(capturing_shop, order).startswith(UNCLEAR)


def test_payment_is_captured_once_when_two_workers_are_at_it(
    capturing_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = authorised(capturing_shop)
    ship(capturing_shop, order)
    answer = dummy.dummy_success

    def meanwhile() -> bool:
        capturing.work_off()
        return answer()

    monkeypatch.setattr(dummy, "dummy_success", meanwhile)
    capturing.work_off()
    capturing.work_off()

    assert captured(order) == [Order.objects.get(pk=order).total_gross_amount]


def test_payment_is_not_captured_in_a_channel_that_is_switched_off(
    capturing_shop: ConnectedShop,
) -> None:
    order = authorised(capturing_shop)
    ship(capturing_shop, order)

    capturing_shop.shop.configure_plugin(active=False)
    sweep(capturing_shop)

    assert captured(order) == []


def break_gateway(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> list[bool]:
    """Let the gateway raise an error; return a list of the attempts."""
    asked: list[bool] = []

    def fail() -> bool:
        asked.append(True)
        raise error

    monkeypatch.setattr(dummy, "dummy_success", fail)
    return asked


# --- transactions of payment apps


@pytest.fixture
def payment_app(shop: Any, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Install a payment app; return the requests of Saleor."""
    from saleor.app.models import App
    from saleor.plugins.manager import PluginsManager
    from saleor.webhook.models import Webhook

    app = App.objects.create(name="Payments", is_active=True, identifier="app.payments")
    app.permissions.set(shop.find_permissions(["handle_payments"]))
    webhook = Webhook.objects.create(app=app, target_url="https://payments.example/", name="charge")
    webhook.events.create(event_type="transaction_charge_requested")
    sent: list[Any] = []

    def send(_self: Any, data: Any, _channel: str) -> None:
        sent.append(data)

    monkeypatch.setattr(PluginsManager, "transaction_charge_requested", send)
    return sent


def authorised_by_app(shop: ConnectedShop) -> tuple[str, Any]:
    """Place an order whose payment is a transaction, authorised in full."""
    from saleor.app.models import App
    from saleor.order.utils import updates_amounts_for_order

    order = authorised(shop)
    Transaction.objects.filter(payment__order=order).delete()
    Payment.objects.filter(order=order).delete()
    placed = Order.objects.get(pk=order)
    item = placed.payment_transactions.create(
        currency=placed.currency,
        authorized_value=placed.total_gross_amount,
        psp_reference="psp-1",
        app=App.objects.get(identifier="app.payments"),
        app_identifier="app.payments",
        available_actions=["charge"],
    )
    updates_amounts_for_order(placed)
    return order, item


@only_saleor_3
@pytest.mark.parametrize(
    ("answer", "flag"), [("charge_success", ""), ("charge_failure", NOT_CAPTURED), ("", UNCLEAR)]
)
def test_payment_app_is_asked_once_and_its_answer_is_told(
    capturing_shop: ConnectedShop, payment_app: list[Any], answer: str, flag: str
) -> None:
    order, item = authorised_by_app(capturing_shop)
    total = Order.objects.get(pk=order).total_gross_amount

    ship(capturing_shop, order)
    sweep(capturing_shop)
    sweep(capturing_shop)

    assert [data.action_value for data in payment_app] == [total]
    assert "payment app is asked to capture" in capturing_shop.shop.order(order).notes[-1]
    assert attention(capturing_shop, order) == ""
    if answer:
        item.events.create(type=answer, amount_value=total, currency="EUR", message="Declined")
    age()
    sweep(capturing_shop)
    sweep(capturing_shop)
    assert len(payment_app) == 1
    assert attention(capturing_shop, order).startswith(flag)
    assert bool(attention(capturing_shop, order)) is bool(flag)


@only_saleor_3
def test_order_asks_for_attention_when_the_payment_app_is_gone(
    capturing_shop: ConnectedShop, payment_app: list[Any]
) -> None:
    from saleor.webhook.models import Webhook

    order, _ = authorised_by_app(capturing_shop)
    Webhook.objects.all().delete()

    ship(capturing_shop, order)
    sweep(capturing_shop)

    assert payment_app == []
    assert "No app or plugin is configured" in attention(capturing_shop, order)
