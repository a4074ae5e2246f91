"""`manage.py picqer doctor`: what it prints, and how it ends."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import CommandError
from django.utils import timezone

from saleor_picqer.domain.doctor.checks import CHECKS
from saleor_picqer.models import AlarmState, PeriodicTask
from tests.integration.doctor.conftest import Patient, call_doctor
from tests.integration.support.commands import manage_picqer
from tests.integration.support.shop import Shop


def break_the_sweeper() -> None:
    PeriodicTask.objects.update(finished_at=timezone.now() - timedelta(minutes=11))


def give_a_warning(patient: Patient) -> None:
    shop = patient.connected
    shop.picqer_api("POST", f"/products/{shop.product('BEANS')['idproduct']}/inactivate")


def test_prints_every_check_by_channel_when_all_is_well(patient: Patient) -> None:
    told = call_doctor()

    assert told.code == 0
    assert told.complaint == ""
    assert told.out.startswith("Shop\n----\nok        Installation: ")
    assert f"\nChannel {patient.connected.shop.channel_slug}\n" in told.out
    assert all(f"   {check.title}: " in told.out for check in CHECKS.values())
    assert "API key belongs to" in told.out
    assert patient.connected.server.api_key not in told.out
    assert max(map(len, told.out.splitlines())) <= 100


def test_says_what_to_do_and_fails_when_there_is_an_error(patient: Patient) -> None:
    break_the_sweeper()

    told = call_doctor("--channel", patient.connected.shop.channel_slug)

    assert told.code == 1
    assert told.complaint == "The doctor found 1 error and no warning."
    assert "ERROR     Workers: The sweeper last finished 11 min" in told.out
    assert 'schedule "picqer-sweep"' in " ".join(told.out.split())


def test_warnings_fail_with_strict_only(patient: Patient) -> None:
    give_a_warning(patient)

    assert call_doctor().code == 0
    told = call_doctor("--strict")

    assert told.code == 1
    assert told.complaint == "The doctor found no error and 1 warning."
    assert "WARNING   Products in Picqer: " in told.out


def test_json_has_the_documented_shape(patient: Patient) -> None:
    give_a_warning(patient)

    told = json.loads(call_doctor("--json").out)

    assert (told["version"], told["level"]) == (1, "warning")
    assert sorted(told) == ["findings", "level", "version"]
    for finding in told["findings"]:
        assert sorted(finding) == ["advice", "channel", "check", "count", "level", "text"]
        assert (finding["advice"] == "") == (finding["level"] == "ok")
    channels = {finding["channel"] for finding in told["findings"]}
    assert channels == {None, patient.connected.shop.channel_slug}
    assert {finding["check"] for finding in told["findings"]} == {*map(str, CHECKS)}


def test_json_is_printed_and_the_command_fails_when_there_is_an_error(patient: Patient) -> None:
    break_the_sweeper()

    told = call_doctor("--json")

    assert told.code == 1
    assert json.loads(told.out)["level"] == "error"


def test_says_that_the_plugin_is_on_nowhere(patient: Patient) -> None:
    patient.connected.shop.configure_plugin(active=False)
    patient.connected.run_until_idle()

    told = call_doctor()

    assert "The Picqer plugin is not switched on in any channel." in told.out
    assert "Channel" not in told.out


def test_alarms_are_raised_and_told_although_no_sweeper_runs(patient: Patient) -> None:
    """Failure mode F112: the doctor may run from cron, elsewhere."""
    patient.connected.connect(alarm_recipients="ops@shop.example")
    patient.connected.run_until_idle()
    break_the_sweeper()

    call_doctor()

    assert AlarmState.objects.get(key="no_worker").cleared_at is None
    (message,) = mail.outbox
    assert "The sweeper has not finished" in message.subject


def test_unknown_channel_is_refused(shop: Shop) -> None:
    with pytest.raises(CommandError, match='There is no channel "nowhere"'):
        manage_picqer("doctor", "--channel", "nowhere")
