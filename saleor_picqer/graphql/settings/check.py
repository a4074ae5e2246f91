"""`picqerCheckConnection`."""

from __future__ import annotations

from time import monotonic
from typing import Any, Final

import graphene
from django.core.exceptions import ValidationError

from saleor_picqer import connection, wiring
from saleor_picqer.domain.mapping.events import EVENTS
from saleor_picqer.errors import IntegrationError, SettingsError
from saleor_picqer.graphql.core.channels import any_channel
from saleor_picqer.graphql.core.enums import INVALID
from saleor_picqer.graphql.core.mutations import PicqerMutation
from saleor_picqer.graphql.settings.types import ChannelSettings
from saleor_picqer.hosts import host
from saleor_picqer.picqer.account import PicqerAccount
from saleor_picqer.picqer.client import PicqerClient, Priority, RateLimiter
from saleor_picqer.picqer.inspection import Inspection, LimitReader, inspect

# Seconds after which no further request is sent to Picqer: a person waits for the answer.
_PATIENCE: Final = 15.0
# Seconds to connect, and for the complete answer to one request.
_TIMEOUT: Final = (3, 5)
# Seconds that a request may wait for the rate limit.
_MAX_WAIT: Final = 3


class PicqerConnection(graphene.ObjectType):
    account = graphene.String(required=True, description="Host name of the Picqer account.")
    user = graphene.String(
        description="Owner of the API key; null for a key that may not read this."
    )
    missing_rights = graphene.List(
        graphene.NonNull(graphene.String),
        required=True,
        description="What the plugin needs to read and the key may not.",
    )
    limit = graphene.Int(description="Requests per minute that Picqer allows the key.")
    remaining = graphene.Int(description="Requests left in this minute.")
    events = graphene.List(
        graphene.NonNull(graphene.String),
        required=True,
        description="Events for which Picqer has an active webhook of the channel.",
    )
    missing_events = graphene.List(
        graphene.NonNull(graphene.String),
        required=True,
        description="Events for which an active webhook is missing.",
    )

    class Meta:
        description = "What a test of the connection found."


class PicqerCheckConnection(PicqerMutation):
    connection = graphene.Field(PicqerConnection, description="What was found.")

    class Arguments:
        channel = graphene.String(
            description="Slug of the channel; needed only if the shop has several."
        )

    class Meta:
        description = (
            "Tests the saved address and API key of a channel with about ten requests to Picqer"
            " that only read."
        )
        permission = host().access.manage_plugins()

    @classmethod
    def perform_mutation(cls, _root: Any, _info: Any, **data: Any) -> PicqerCheckConnection:
        channel = any_channel(data.get("channel"))
        stored = ChannelSettings.of(channel).stored
        if problem := connection.copy_problem(stored):
            raise _error(problem.setting, problem.message)
        try:
            account = wiring.build_account(wiring.load_settings(channel))
            found = _inspect(account)
        except SettingsError as error:
            raise _error(error.setting, error.message) from error
        except IntegrationError as error:
            raise _error("channel", error.explain()) from error
        return cls(connection=_connection(channel, account.name, found))


def _inspect(account: PicqerAccount) -> Inspection:
    limits = LimitReader(RateLimiter(wiring.cache, account))
    with PicqerClient(
        account,
        rate_limiter=limits,
        priority=Priority.STOCK,
        timeout=_TIMEOUT,
        max_wait=_MAX_WAIT,
    ) as client:
        return inspect(client, limits, monotonic() + _PATIENCE)


def _connection(channel: str, account: str, found: Inspection) -> PicqerConnection:
    address = host().channels.webhook_url(channel)
    active = {hook.event for hook in found.hooks if hook.address == address and hook.active}
    return PicqerConnection(
        account=account,
        user=found.user,
        missing_rights=found.missing,
        limit=found.limit,
        remaining=found.remaining,
        events=[event for event in EVENTS if event in active],
        missing_events=[event for event in EVENTS if event not in active],
    )


def _error(field: str, message: str) -> ValidationError:
    return ValidationError({field: ValidationError(message, code=INVALID)})
