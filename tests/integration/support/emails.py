"""The e-mails about shipments that Saleor sends to customers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from saleor.order.models import Fulfillment

from tests.integration.support.host import IS_SALEOR_3

CONFIRMATION = "confirmation"
UPDATE = "update"
# (kind, tracking number of the fulfilment)
Email = tuple[str, str]


@contextmanager
def recorded_emails() -> Iterator[list[Email]]:
    """Yield a list of the e-mails that Saleor hands over for sending."""
    sent: list[Email] = []
    with pytest.MonkeyPatch.context() as patch:
        (_record_on_saleor_3 if IS_SALEOR_3 else _record_on_saleor_2)(patch, sent)
        yield sent


def _record_on_saleor_3(patch: pytest.MonkeyPatch, sent: list[Email]) -> None:
    from saleor.plugins.manager import PluginsManager

    kinds = {
        "order_fulfillment_confirmation": CONFIRMATION,
        "order_fulfillment_update": UPDATE,
    }

    def notify(_self: Any, event: str, payload_func: Any, **_: Any) -> None:
        if event in kinds:
            sent.append((kinds[event], payload_func()["fulfillment"]["tracking_number"]))

    patch.setattr(PluginsManager, "notify", notify)


def _record_on_saleor_2(patch: pytest.MonkeyPatch, sent: list[Email]) -> None:
    from saleor.order import emails

    def record(kind: str) -> Any:
        def delay(_order: Any, fulfilment: Any) -> None:
            sent.append((kind, Fulfillment.objects.get(pk=fulfilment).tracking_number))

        return delay

    patch.setattr(emails.send_fulfillment_confirmation, "delay", record(CONFIRMATION))
    patch.setattr(emails.send_fulfillment_update, "delay", record(UPDATE))
