"""The steps of the set-up of a channel."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from saleor_picqer.domain.shipping import ShippingPolicy
from saleor_picqer.graphql.core.enums import described_enum
from saleor_picqer.graphql.shipping.types import text_of_policy
from saleor_picqer.settings_check.shipping import shipping_warning
from saleor_picqer.store import runs


class SetUpStep(StrEnum):
    """What has to be done before orders go to Picqer."""

    CONNECT = "connect"
    SHIPPING_METHODS = "shipping_methods"
    FULL_SYNC = "full_sync"


_TEXTS: Final = {
    SetUpStep.CONNECT: "Save settings that work, and switch the plugin on.",
    SetUpStep.SHIPPING_METHODS: "Choose a shipping method whose orders go to Picqer.",
    SetUpStep.FULL_SYNC: "Run a full sync: products to Picqer, warehouses and stock to Saleor.",
}

PicqerSetUpStep = described_enum(
    "PicqerSetUpStep", SetUpStep, "A step of the set-up of a channel.", _TEXTS
)


def open_steps(channel: str, *, active: bool, account: str | None, using: str) -> list[SetUpStep]:
    """Return the steps that are not done."""
    policy = ShippingPolicy.parse(text_of_policy(channel, using))
    to_do = {
        SetUpStep.CONNECT: not (active and account),
        SetUpStep.SHIPPING_METHODS: shipping_warning(channel, {"shipping_methods": policy}),
        SetUpStep.FULL_SYNC: not runs.has_synced(channel, using),
    }
    return [step for step, is_open in to_do.items() if is_open]
