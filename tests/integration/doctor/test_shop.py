"""The doctor's checks of the whole shop, each with the fault made."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache.backends.filebased import FileBasedCache
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from saleor_picqer import doctor
from saleor_picqer.graphql import api
from saleor_picqer.hosts import host
from saleor_picqer.models import PeriodicTask
from saleor_picqer.store.readings import database_clock
from tests.integration.doctor.conftest import Patient, call_doctor
from tests.integration.support.public_address import move_to


def test_finds_that_the_schema_lacks_the_plugin(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F88."""
    monkeypatch.setattr(api, "is_served", lambda: False)

    finding = patient.finding("installation")

    assert finding.level == "warning"
    assert "lacks the queries and mutations" in finding.text
    assert "INSTALLED_APPS" in finding.advice


def test_finds_a_wrong_django_setting(patient: Patient, settings: Any) -> None:
    settings.SALEOR_PICQER = {"order_fields": "shop.missing"}

    assert patient.findings("installation")[0].level == "error"


def test_is_quiet_about_a_silenced_message(
    patient: Patient, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(api, "is_served", lambda: False)
    settings.SILENCED_SYSTEM_CHECKS = ["saleor_picqer.W002"]

    assert patient.finding("installation").level == "ok"


def test_finds_a_pending_migration_and_reads_no_table_then(patient: Patient) -> None:
    MigrationRecorder(connection).record_unapplied("saleor_picqer", "0001_initial")

    told = call_doctor("--json")

    (installation, finding) = json.loads(told.out)["findings"]
    assert (installation["check"], finding["check"]) == ("installation", "migrations")
    assert finding["level"] == "error"
    assert '"0001_initial"' in finding["text"]
    assert "manage.py migrate" in finding["advice"]
    assert told.code == 1


def test_finds_that_no_sweep_has_ever_finished(patient: Patient) -> None:
    """Failure mode F112."""
    PeriodicTask.objects.all().delete()

    finding = patient.finding("sweeper")

    assert finding.level == "error"
    assert "never finished" in finding.text
    assert 'schedule "picqer-sweep"' in finding.advice


def test_finds_that_no_sweep_has_finished_for_minutes(patient: Patient) -> None:
    """Failure mode F112."""
    PeriodicTask.objects.update(
        finished_at=timezone.now() - timedelta(minutes=11), enqueued_at=timezone.now()
    )

    assert "last finished 11 min" in patient.finding("sweeper").text


@pytest.mark.parametrize("backend", ["locmem.LocMemCache", "dummy.DummyCache"])
def test_finds_a_cache_that_processes_do_not_share(
    patient: Patient, settings: Any, backend: str
) -> None:
    settings.CACHES = {"default": {"BACKEND": f"django.core.cache.backends.{backend}"}}

    finding = patient.finding("cache")

    assert finding.level == "warning"
    assert "not shared between processes" in finding.text
    assert "CACHE_URL" in finding.advice


def test_finds_a_cache_that_fails(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FileBasedCache, "set", lambda *_, **__: 1 // 0)

    finding = patient.finding("cache")

    assert finding.level == "error"
    assert "does not keep what is written" in finding.text


@pytest.mark.parametrize(("seconds", "words"), [(60, "60 seconds ahead"), (-7, "7 seconds behind")])
def test_finds_that_the_clock_of_the_database_differs(
    patient: Patient, monkeypatch: pytest.MonkeyPatch, seconds: int, words: str
) -> None:
    """Failure mode F82."""
    monkeypatch.setattr(
        "saleor_picqer.doctor.shop_readings.database_clock",
        lambda: database_clock() + timedelta(seconds=seconds),
    )

    finding = patient.finding("database_clock")

    assert finding.level == "warning"
    assert words in finding.text


ADDRESSES = {
    "http://localhost:8000": ("error", "cannot reach"),
    "https://10.0.0.7": ("error", "cannot reach"),
    "https://saleor": ("error", "cannot reach"),
    "https://example.com": ("error", "cannot reach"),
    "http://shop.nl": ("warning", "not encrypted"),
    "https://shop.nl": ("ok", "https://shop.nl"),
}


@pytest.mark.parametrize("public", ADDRESSES)
def test_judges_the_public_address(patient: Patient, settings: Any, public: str) -> None:
    level, words = ADDRESSES[public]
    move_to(public, settings)
    # A test account on this machine may reach this machine.
    set_endpoint("https://shop.picqer.com")

    (finding,) = [one.finding for one in doctor.examine_shop() if one.check == "public_address"]

    assert finding.level == level
    assert words in finding.text


def set_endpoint(endpoint: str) -> None:
    """Change the stored address of the Picqer account, without a check."""
    (row,) = host().channels.configurations()
    for item in row.configuration:
        if item["name"] == "endpoint":
            item["value"] = endpoint
    row.save()
