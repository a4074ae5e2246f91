"""Settings, as GraphQL types."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Self

import graphene

from saleor_picqer import connection
from saleor_picqer.config import SETTINGS, Setting, configuration_values, default_configuration
from saleor_picqer.config.form import (
    SettingKind,
    Source,
    fixed_choices,
    group_of,
    kind_of,
    source_of,
    source_of_keys,
)
from saleor_picqer.domain.shipping import MARKED
from saleor_picqer.graphql.core.channels import slug_of
from saleor_picqer.graphql.settings.enums import PicqerSettingKind
from saleor_picqer.hosts import host
from saleor_picqer.setting_choices import ChoiceList, Choices, SettingChoice

_OTHER_METHODS: Final = SettingChoice("*", "All other shipping methods", "*")
_MAY_NOT_BE_KNOWN: Final = " Null where they are not known; `choicesProblem` says why."


@dataclass(frozen=True)
class ChannelSettings:
    """The root value of `PicqerSettings`: the settings of a channel, stored or by default."""

    stored: connection.StoredSettings
    choices: Choices

    @classmethod
    def of(cls, channel: str, using: str = "default") -> Self:
        """Read the settings of a channel, in which the plugin need not be set up."""
        rows = host().channels.configurations(using)
        row = next((row for row in rows if host().channels.pk_of(row) == channel), None)
        if row is not None:
            stored = connection.StoredSettings.of(row)
        else:
            values = configuration_values(default_configuration())
            stored = connection.StoredSettings(channel, active=False, values=values)
        return cls(stored, Choices(stored))


@dataclass(frozen=True)
class SettingOfChannel:
    """The root value of `PicqerSetting`."""

    setting: Setting
    root: ChannelSettings

    @property
    def value(self) -> str:
        value = self.root.stored.values.get(self.setting.name)
        return _usable(self.setting.default if value is None else value)


class PicqerSettingChoice(graphene.ObjectType):
    value = graphene.String(required=True, description="What the setting stores.")
    label = graphene.String(required=True, description="What staff read.")
    name = graphene.String(
        required=True, description="The entry's name, which the setting may store instead."
    )
    alone = graphene.Boolean(
        required=True, description="Whether other choices cannot be added to a list with this one."
    )

    class Meta:
        description = "A value that a setting can have."

    @staticmethod
    def resolve_alone(root: Any, _info: Any) -> bool:
        return bool(getattr(root, "alone", False))


@dataclass(frozen=True, slots=True)
class _FixedChoice(SettingChoice):
    alone: bool = True


class PicqerSetting(graphene.ObjectType):
    name = graphene.String(required=True, description="Name, for `picqerUpdateSettings`.")
    label = graphene.String(required=True, description="What staff read in front of the setting.")
    help = graphene.String(required=True, description="What the setting does.")
    group = graphene.String(required=True, description="Heading under which a form shows it.")
    kind = graphene.Field(
        PicqerSettingKind, required=True, description="The notation of the value."
    )
    required = graphene.Boolean(
        required=True, description="Whether the plugin cannot be switched on without it."
    )
    value = graphene.String(description="The present value; null for a secret.")
    is_set = graphene.Boolean(required=True, description="Whether there is a value.")
    default = graphene.String(required=True, description="The value in a new channel.")
    choices = graphene.List(
        graphene.NonNull(PicqerSettingChoice),
        description=(
            "The values that can be chosen; none for a text. Picqer's own take one request for"
            f" each of its lists.{_MAY_NOT_BE_KNOWN}"
        ),
    )
    keys = graphene.List(
        graphene.NonNull(PicqerSettingChoice),
        description=f"The keys of pairs; none for other settings.{_MAY_NOT_BE_KNOWN}",
    )
    choices_problem = graphene.String(
        description="Why choices are not known, for example because Picqer does not answer."
    )

    class Meta:
        description = "A setting of the plugin in one channel."

    @staticmethod
    def resolve_name(root: SettingOfChannel, _info: Any) -> str:
        return root.setting.name

    @staticmethod
    def resolve_label(root: SettingOfChannel, _info: Any) -> str:
        return root.setting.label

    @staticmethod
    def resolve_help(root: SettingOfChannel, _info: Any) -> str:
        return root.setting.help

    @staticmethod
    def resolve_group(root: SettingOfChannel, _info: Any) -> str:
        return group_of(root.setting)

    @staticmethod
    def resolve_kind(root: SettingOfChannel, _info: Any) -> SettingKind:
        return kind_of(root.setting)

    @staticmethod
    def resolve_required(root: SettingOfChannel, _info: Any) -> bool:
        return root.setting.required

    @staticmethod
    def resolve_value(root: SettingOfChannel, _info: Any) -> str | None:
        return None if kind_of(root.setting) is SettingKind.SECRET else root.value

    @staticmethod
    def resolve_is_set(root: SettingOfChannel, _info: Any) -> bool:
        return bool(root.value.strip())

    @staticmethod
    def resolve_default(root: SettingOfChannel, _info: Any) -> str:
        return _usable(root.setting.default)

    @staticmethod
    def resolve_choices(root: SettingOfChannel, _info: Any) -> list[SettingChoice] | None:
        found = _entries(root, source_of(root.setting))
        if found.problem:
            return None
        return [*_fixed(root.setting), *found.entries]

    @staticmethod
    def resolve_keys(root: SettingOfChannel, _info: Any) -> list[SettingChoice] | None:
        source = source_of_keys(root.setting)
        found = _entries(root, source)
        if found.problem:
            return None
        others = [_OTHER_METHODS] if source is Source.SHIPPING_METHODS else []
        return [*found.entries, *others]

    @staticmethod
    def resolve_choices_problem(root: SettingOfChannel, _info: Any) -> str | None:
        sources = source_of(root.setting), source_of_keys(root.setting)
        problems = (_entries(root, source).problem for source in sources)
        return next(filter(None, problems), None)


class PicqerSettings(graphene.ObjectType):
    channel = graphene.String(required=True, description="Slug of the channel.")
    active = graphene.Boolean(
        required=True, description="Whether the plugin is switched on in the channel."
    )
    webhook_address = graphene.String(
        required=True, description="Where Picqer's webhooks arrive; the plugin registers them."
    )
    state = graphene.String(
        required=True,
        description="How the connection is, in words, as far as Saleor knows without a request.",
    )
    settings = graphene.List(
        graphene.NonNull(PicqerSetting),
        names=graphene.List(
            graphene.NonNull(graphene.String), description="Names of settings; all by default."
        ),
        required=True,
        description="Every setting, or those with the names.",
    )

    class Meta:
        description = "The plugin's settings in one channel."

    @staticmethod
    def resolve_channel(root: ChannelSettings, info: Any) -> str:
        return slug_of(info, root.stored.channel)

    @staticmethod
    def resolve_active(root: ChannelSettings, _info: Any) -> bool:
        return root.stored.active

    @staticmethod
    def resolve_webhook_address(root: ChannelSettings, _info: Any) -> str:
        return host().channels.webhook_url(root.stored.channel)

    @staticmethod
    def resolve_state(root: ChannelSettings, _info: Any) -> str:
        with host().access.allow_db():
            return connection.describe(root.stored)

    @staticmethod
    def resolve_settings(
        root: ChannelSettings, _info: Any, names: list[str] | None = None
    ) -> list[SettingOfChannel]:
        wanted = [one for one in SETTINGS if names is None or one.name in names]
        return [SettingOfChannel(setting, root) for setting in wanted]


def _entries(root: SettingOfChannel, source: Source | None) -> ChoiceList:
    if source is None:
        return ChoiceList()
    with host().access.allow_db():
        return root.root.choices.of(source)


def _fixed(setting: Setting) -> Iterator[SettingChoice]:
    for value in fixed_choices(setting):
        if _usable(value):
            yield _FixedChoice(value, value.capitalize(), value)


def _usable(value: object) -> str:
    """Return a value as text; an empty text where the line of Saleor does not have the value."""
    if value == MARKED and not host().has_shipping_metadata:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
