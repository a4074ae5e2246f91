"""`picqerUpdateSettings`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

import graphene
from django.core.exceptions import ValidationError
from django.db import transaction

from saleor_picqer.config import SETTINGS
from saleor_picqer.config.form import SettingKind, kind_of
from saleor_picqer.graphql.core.channels import any_channel
from saleor_picqer.graphql.core.enums import INVALID
from saleor_picqer.graphql.core.mutations import PicqerMutation
from saleor_picqer.graphql.settings.types import ChannelSettings, PicqerSettings
from saleor_picqer.hosts import host
from saleor_picqer.settings_check import SettingsSummaryError, find_warning

_SETTINGS: Final = {setting.name: setting for setting in SETTINGS}
# Characters of a value.
_LONGEST: Final = 10_000
_MARKS: Final = frozenset("*•")


class PicqerSettingInput(graphene.InputObjectType):
    name = graphene.String(required=True, description="Name of the setting.")
    value = graphene.String(
        required=True, description="The new value; an empty text removes the present one."
    )


class PicqerSettingsInput(graphene.InputObjectType):
    active = graphene.Boolean(description="Switch the plugin on or off in the channel.")
    settings = graphene.List(
        graphene.NonNull(PicqerSettingInput),
        description="Settings to change; the others stay as they are.",
    )


class PicqerUpdateSettings(PicqerMutation):
    settings = graphene.Field(PicqerSettings, description="The settings after the change.")
    warning = graphene.String(
        description="What is odd about the saved settings; null if nothing is."
    )

    class Arguments:
        channel = graphene.String(
            description="Slug of the channel; needed only if the shop has several."
        )
        input = PicqerSettingsInput(required=True, description="What to change.")

    class Meta:
        description = (
            "Changes the plugin's settings in a channel, as Saleor's own form does. While the"
            " plugin is switched on they are checked in Saleor and in Picqer, and either all are"
            " saved or none."
        )
        permission = host().access.manage_plugins()

    @classmethod
    def perform_mutation(cls, _root: Any, _info: Any, **data: Any) -> PicqerUpdateSettings:
        channel = any_channel(data.get("channel"))
        wanted = data["input"]
        items = [(item["name"], item["value"]) for item in wanted.get("settings") or ()]
        _check(items)
        update_settings(channel, dict(items), active=wanted.get("active"))
        row = host().channels.configuration(channel)
        warning = find_warning(row) if row is not None and row.active else None
        return cls(settings=ChannelSettings.of(channel), warning=warning)


def update_settings(channel: str, values: Mapping[str, str], *, active: bool | None = None) -> None:
    """Save settings through Saleor's plugin manager; raise ValidationError for refused ones."""
    data: dict[str, Any] = {
        "configuration": [{"name": name, "value": value} for name, value in values.items()]
    }
    try:
        with transaction.atomic():  # a refused first save leaves no row
            # Saleor 2.10 would switch on what is saved for the first time.
            is_new = host().channels.configuration(channel) is None
            if active is not None or is_new:
                data["active"] = bool(active)
            is_saved = host().channels.save_configuration(channel, data)
    except ValidationError as error:
        raise _without_summary(error) from error
    if not is_saved:
        raise ValidationError({"channel": _error("The channel no longer exists.")})


def _without_summary(error: ValidationError) -> ValidationError:
    """Return the errors of Saleor's form as those of a mutation, which shows all of them."""
    kept = {
        name: [one for one in found if not isinstance(one, SettingsSummaryError)]
        for name, found in error.error_dict.items()
    }
    return ValidationError(
        {name: [_error(str(one.message)) for one in found] for name, found in kept.items()}
    )


def _check(items: Iterable[tuple[str, str]]) -> None:
    """Raise ValidationError for what Saleor would ignore or store as something else."""
    items = list(items)
    problems: dict[str, ValidationError] = {}
    for name, count in Counter(name for name, _ in items).items():
        if name not in _SETTINGS:
            problems["settings"] = _error(f'The plugin has no setting "{name[:80]}".')
        elif count > 1:
            problems[name] = _error(f"{_SETTINGS[name].label}: give one value only.")
    for name, value in items:
        if name in _SETTINGS and (problem := _problem(name, value)):
            problems[name] = _error(f"{_SETTINGS[name].label}: {problem}")
    if problems:
        raise ValidationError(problems)


def _problem(name: str, value: str) -> str:
    kind = kind_of(_SETTINGS[name])
    if len(value) > _LONGEST:
        return f"write at most {_LONGEST} characters."
    if "\x00" in value:
        return "the value must not hold a null character."
    if kind is SettingKind.BOOLEAN and value.strip().lower() not in {"true", "false"}:
        return "write true or false."
    if kind is SettingKind.SECRET and value and set(value) <= _MARKS:
        return "enter the secret itself, not the marks that stand for it."
    return ""


def _error(message: str) -> ValidationError:
    return ValidationError(message, code=INVALID)
