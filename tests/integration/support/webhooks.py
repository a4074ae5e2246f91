"""Delivers Picqer's webhooks to Saleor within the test's own thread and transaction."""

from __future__ import annotations

from collections import deque
from typing import Any, cast
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.test import Client
from picqer_simulator.core.events import Delivery

from tests.integration.support.api import commit_hooks


class WebhookQueue:
    """Holds the simulator's deliveries until the test sends them."""

    def __init__(self) -> None:
        self.pending: deque[Delivery] = deque()

    def take(self, delivery: Delivery) -> None:
        """Queue a delivery on behalf of the simulator."""
        self.pending.append(delivery)

    def keep(self, event: str) -> None:
        """Lose all queued deliveries but those of an event."""
        self.pending = deque(one for one in self.pending if one.event == event)

    def deliver(self) -> list[HttpResponse]:
        """Post the queued deliveries, oldest first, and return Saleor's responses."""
        answers = []
        while self.pending:
            answers.append(post(self.pending.popleft()))
        return answers


def post(delivery: Delivery) -> HttpResponse:
    """Post one delivery unchanged; a test may repeat it."""
    headers: dict[str, Any] = (
        {"HTTP_X_PICQER_SIGNATURE": delivery.signature} if delivery.signature else {}
    )
    with commit_hooks():
        response = Client().post(
            urlsplit(delivery.address).path,
            delivery.body,
            content_type="application/json",
            **headers,
        )
    return cast(HttpResponse, response)
