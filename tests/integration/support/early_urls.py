"""A GraphQL endpoint with a schema that another app has composed of Saleor's parts."""

from typing import Any

import graphene
from django.urls import path, resolve
from saleor.graphql.api import Mutation, Query

SALEORS_VIEW: Any = resolve("/graphql/", urlconf="saleor.urls").func
OWN_SCHEMA = graphene.Schema(query=Query, mutation=Mutation)
OPTIONS = SALEORS_VIEW.view_initkwargs | {"schema": OWN_SCHEMA}

urlpatterns = [path("graphql/", SALEORS_VIEW.view_class.as_view(**OPTIONS), name="api")]
