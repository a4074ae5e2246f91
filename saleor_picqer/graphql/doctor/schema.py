"""The query that examines a channel."""

from __future__ import annotations

from typing import Any

import graphene
from graphql.error import GraphQLError
from saleor.graphql.decorators import one_of_permissions_required

from saleor_picqer import doctor
from saleor_picqer.graphql.core.channels import find_channel
from saleor_picqer.graphql.core.permissions import describe_permission
from saleor_picqer.graphql.doctor.types import PicqerDoctorReport, Report
from saleor_picqer.hosts import host


class PicqerDoctorQueries(graphene.ObjectType):
    picqer_doctor = graphene.Field(
        PicqerDoctorReport,
        channel=graphene.String(
            description="Slug of the channel; needed only if the plugin is active in several."
        ),
        description=describe_permission(
            "Examine the shop and a channel in which the plugin is set up, and say what to do; null"
            " if the plugin is not set up for the channel. Sends about ten requests to Picqer and"
            " one to Saleor's own public address, so it takes seconds, and half a minute at most"
            " while Picqer is slow; once in each request. Changes nothing.",
            host().access.manage_plugins(),
        ),
    )

    @staticmethod
    @one_of_permissions_required([host().access.manage_plugins()])
    def resolve_picqer_doctor(_root: Any, info: Any, channel: str | None = None) -> Report | None:
        with host().access.allow_db():
            found = find_channel(channel, host().channels.configurations())
            if found is None:
                return None
            # Aliases could have a web process wait for Picqer many times.
            if getattr(info.context, "picqer_examined", False):
                raise GraphQLError("Ask for one examination in each request.")
            info.context.picqer_examined = True
            shop = doctor.examine_shop()
            if doctor.lacks_migrations(shop):
                return Report(shop)
            return Report([*shop, *doctor.examine_channel(found)])
