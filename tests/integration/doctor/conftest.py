"""Fixtures of the doctor's tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from saleor_picqer import doctor, tasks
from saleor_picqer.domain.doctor.findings import Diagnosis, Finding
from saleor_picqer.hosts import host
from tests.integration.support.connected_shop import ConnectedShop
from tests.integration.support.public_address import Address, public_address, settle_at


@dataclass
class Patient:
    """A connected shop at a public address that leads to Saleor, and its doctor."""

    connected: ConnectedShop
    address: Address
    settings: Any

    def examine(self) -> list[Diagnosis]:
        """Examine the shop and the channel."""
        configuration = host().channels.configuration(self.connected.shop.channel_pk)
        return [*doctor.examine_shop(), *doctor.examine_channel(configuration)]

    def findings(self, check: str) -> list[Finding]:
        """Return what the doctor finds in one check."""
        found = [one.finding for one in self.examine() if one.check == check]
        assert found, "every check has a finding"
        return found

    def finding(self, check: str) -> Finding:
        """Return the only finding of a check."""
        (found,) = self.findings(check)
        return found


@pytest.fixture
def address() -> Iterator[Address]:
    """Return a public address that leads to Saleor."""
    with public_address() as address:
        yield address


@pytest.fixture
def patient(stocked_shop: ConnectedShop, address: Address, settings: Any) -> Patient:
    """Return a shop in good health."""
    settle_at(stocked_shop, address.url, settings)
    # A cache that processes share, as far as the doctor can see.
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": settings.MEDIA_ROOT,
        }
    }
    stocked_shop.run_until_idle()
    tasks.sweep()
    return Patient(stocked_shop, address, settings)


@dataclass(frozen=True)
class Told:
    """What the command has printed, and its exit code."""

    out: str
    complaint: str
    code: int


def call_doctor(*arguments: str) -> Told:
    out = StringIO()
    try:
        call_command("picqer", "doctor", *arguments, stdout=out, stderr=out)
    except CommandError as error:
        return Told(out.getvalue(), str(error), error.returncode)
    return Told(out.getvalue(), "", 0)
