"""The round trip of a webhook: a signed request to the plugin's own public address."""

from __future__ import annotations

import hmac
import json
from typing import Any

from django.utils import timezone

from saleor_picqer import address_probe
from saleor_picqer.doctor.examination import Examination
from saleor_picqer.domain.doctor.address import Reply, RoundTrip
from saleor_picqer.hosts import host
from saleor_picqer.picqer import probe
from saleor_picqer.store import inbox


def read_round_trip(one: Examination) -> RoundTrip:
    """Send one request to the channel's webhook address, through the internet if it must."""
    address = host().channels.webhook_url(one.channel)
    with address_probe.begin() as begun:
        headers = {address_probe.HEADER: "1"}
        response = probe.send(address, begun.body, begun.signature, headers)
    return RoundTrip(
        address=address,
        now=timezone.now(),
        status=response.status,
        reply=_judge_body(response, begun.answer),
        location=response.location,
        failure=response.failure,
        reason=response.reason,
        heard_at=inbox.last_received(one.channel),
    )


def _judge_body(response: probe.ProbeResponse, answer: str) -> Reply:
    if "html" in response.content_type.lower():
        return Reply.HTML
    told = _decoded(response.body)
    if isinstance(told.get("probe"), str):
        right = hmac.compare_digest(told["probe"].encode(), answer.encode())
        return Reply.RIGHT if right else Reply.OTHER_SHOP
    messages = (address_probe.WRONG_METHOD, address_probe.WRONG_SIGNATURE)
    return Reply.PLUGIN if told.get("message") in messages else Reply.OTHER


def _decoded(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
