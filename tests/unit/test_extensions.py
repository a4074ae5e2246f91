"""The Django setting `SALEOR_PICQER`."""

from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import Any

import pytest

from saleor_picqer import extensions
from saleor_picqer.domain.alarms import LIMITS
from saleor_picqer.errors import Remedy, SettingsError

ORDER = SimpleNamespace(pk="o-1", email="jan@example.com")


def configure(monkeypatch: pytest.MonkeyPatch, value: Any) -> None:
    monkeypatch.setattr(extensions, "settings", SimpleNamespace(SALEOR_PICQER=value))


def test_limits_of_alarms_are_the_shops_own(monkeypatch: pytest.MonkeyPatch) -> None:
    configure(monkeypatch, {"alarm_limits": {"hooks_minutes": 5}})
    assert extensions.alarm_limits() == {**LIMITS, "hooks_minutes": 5}

    configure(monkeypatch, {"alarm_limits": {"hooks_minutes": "soon"}})
    assert extensions.alarm_limits() == LIMITS


def gift_wrap(order: Any) -> dict[str, Any]:
    return {"customer_remarks": f"wrap {order.pk}"}


def broken(order: Any) -> dict[str, Any]:
    raise ValueError(f"no postcode for {order.email}")


NOT_CALLABLE = "a text"


def test_nothing_is_added_when_there_is_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extensions, "settings", SimpleNamespace())

    assert extensions.order_fields(ORDER) == {}
    assert extensions.order_line_fields(ORDER) == {}
    assert extensions.metadata_prefix() == "picqer."
    assert extensions.plain_http_hosts() == frozenset()
    assert extensions.gather_seconds() == 2
    assert extensions.alarm_limits() == LIMITS
    assert list(extensions.validate()) == []


@pytest.mark.parametrize("named", [gift_wrap, f"{__name__}.gift_wrap"])
def test_callable_adds_fields_whether_it_is_named_or_given(
    monkeypatch: pytest.MonkeyPatch, named: Any
) -> None:
    configure(monkeypatch, {"order_fields": named})

    assert extensions.order_fields(ORDER) == {"customer_remarks": "wrap o-1"}
    assert extensions.order_line_fields(ORDER) == {}
    assert list(extensions.validate()) == []


def test_prefix_is_the_shops_own(monkeypatch: pytest.MonkeyPatch) -> None:
    configure(monkeypatch, {"metadata_prefix": "wms_"})

    assert extensions.metadata_prefix() == "wms_"


def test_hosts_without_encryption_are_those_of_the_setting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    configure(monkeypatch, {"plain_http_hosts": ["Picqer-Simulator", "10.0.0.7"]})

    assert extensions.plain_http_hosts() == {"picqer-simulator", "10.0.0.7"}
    assert list(extensions.validate()) == []


@pytest.mark.parametrize(
    ("value", "code", "words"),
    [
        ("shop.picqer", "E001", "dict"),
        (["order_fields"], "E001", "dict"),
        ({"order_feilds": gift_wrap}, "E002", "order_feilds"),
        ({"order_fields": "no.such.module"}, "E003", "no.such.module"),
        ({"order_fields": "nodots"}, "E003", "nodots"),
        ({"order_fields": 7}, "E003", "7"),
        ({"order_line_fields": f"{__name__}.nothing"}, "E003", "nothing"),
        ({"order_line_fields": f"{__name__}.NOT_CALLABLE"}, "E003", "is not callable"),
        ({"metadata_prefix": ""}, "E004", "metadata_prefix"),
        ({"metadata_prefix": 7}, "E004", "metadata_prefix"),
        ({"queue": " "}, "E005", "queue"),
        ({"queue": 7}, "E005", "queue"),
        ({"inbox_retention_days": 0}, "E009", "days"),
        ({"inbox_retention_days": True}, "E009", "days"),
        ({"inbox_retention_days": "14"}, "E009", "days"),
        ({"plain_http_hosts": "picqer-simulator"}, "E006", "plain_http_hosts"),
        ({"plain_http_hosts": ["http://picqer-simulator"]}, "E006", "plain_http_hosts"),
        ({"plain_http_hosts": [7]}, "E006", "plain_http_hosts"),
        ({"plain_http_hosts": None}, "E006", "plain_http_hosts"),
        ({"gather_stock_seconds": -1}, "E007", "gather_stock_seconds"),
        ({"gather_stock_seconds": "2"}, "E007", "gather_stock_seconds"),
        ({"alarm_limits": 30}, "E009", "alarm_limits"),
        ({"alarm_limits": {"hooks_hours": 1}}, "E009", "hooks_hours"),
        ({"alarm_limits": {"hooks_minutes": 0}}, "E009", "hooks_minutes"),
        ({"gather_stock_seconds": True}, "E007", "gather_stock_seconds"),
        ({"dashboard": "off"}, "E008", "dashboard"),
    ],
)
def test_problem_is_named_when_the_setting_is_wrong(
    monkeypatch: pytest.MonkeyPatch, value: Any, code: str, words: str
) -> None:
    configure(monkeypatch, value)

    (problem,) = extensions.validate()

    assert problem.code == code
    assert words in problem.message


def test_every_problem_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    configure(monkeypatch, {"a": 1, "b": 2, "order_fields": "x.y", "metadata_prefix": " "})

    assert [problem.code for problem in extensions.validate()] == ["E002", "E002", "E003", "E004"]


@pytest.mark.parametrize(
    "value", ["text", {"order_feilds": gift_wrap}, {"order_fields": "no.such.module"}]
)
def test_orders_wait_when_the_setting_is_wrong(monkeypatch: pytest.MonkeyPatch, value: Any) -> None:
    configure(monkeypatch, value)

    with pytest.raises(SettingsError) as failure:
        extensions.order_fields(ORDER)

    assert failure.value.setting == "SALEOR_PICQER"
    assert failure.value.remedy is Remedy.FIX_SETTINGS


@pytest.mark.parametrize(
    ("value", "queue"),
    [({"queue": "picqer"}, "picqer"), ({}, None), ({"queue": 7}, None), ("text", None)],
)
def test_queue_is_the_shops_own_when_it_is_named(
    monkeypatch: pytest.MonkeyPatch, value: Any, queue: str | None
) -> None:
    configure(monkeypatch, value)

    assert extensions.queue() == queue


def test_prefix_is_refused_when_it_is_blank(monkeypatch: pytest.MonkeyPatch) -> None:
    configure(monkeypatch, {"metadata_prefix": " "})

    with pytest.raises(SettingsError, match="metadata_prefix"):
        extensions.metadata_prefix()


def test_failure_names_the_callable_but_not_what_it_said(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    configure(monkeypatch, {"order_fields": broken})

    with caplog.at_level(logging.ERROR), pytest.raises(SettingsError) as failure:
        extensions.order_fields(ORDER)

    assert f"{__name__}.broken" in str(failure.value)
    assert "ValueError" in str(failure.value)
    assert "jan@example.com" not in str(failure.value)
    assert failure.value.__context__ is None
    assert "no postcode" in caplog.text, "the traceback is in the log"
    assert "o-1" in caplog.text


@pytest.mark.parametrize("returned", [None, "text", ["a"], 7])
def test_failure_names_what_was_returned_when_that_is_no_mapping(
    monkeypatch: pytest.MonkeyPatch, returned: Any
) -> None:
    configure(monkeypatch, {"order_line_fields": lambda _: returned})

    with pytest.raises(SettingsError, match=f"returned {type(returned).__name__}"):
        extensions.order_line_fields(ORDER)


@pytest.mark.parametrize(
    ("value", "days"),
    [({"inbox_retention_days": 3}, 3), ({}, 14), ({"inbox_retention_days": -1}, 14), ("text", 14)],
)
def test_retention_is_the_shops_own_when_it_is_valid(
    monkeypatch: pytest.MonkeyPatch, value: Any, days: int
) -> None:
    configure(monkeypatch, value)

    assert extensions.inbox_retention_days() == days
