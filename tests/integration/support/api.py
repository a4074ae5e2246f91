"""Clients of Saleor's GraphQL API, through Saleor's real view."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.test import Client

Json = dict[str, Any]


class ApiError(AssertionError):
    """Carries the errors of a GraphQL response in `errors`."""

    def __init__(self, errors: list[Json]) -> None:
        super().__init__("\n".join(map(str, errors)))
        self.errors = errors

    @property
    def codes(self) -> list[str]:
        return [error["code"] for error in self.errors if "code" in error]


class Api:
    """Calls /graphql/, anonymously unless an authorization is given."""

    def __init__(self, authorization: str = "") -> None:
        self._headers: dict[str, Any] = (
            {"HTTP_AUTHORIZATION": authorization} if authorization else {}
        )

    def query(self, document: str, **variables: Any) -> Json:
        """Return the response's `data`.

        Raises `ApiError` for errors of the request and of a mutation's payload. The document has to
        ask for the latter under a name that ends in "errors".
        """
        answer = self.raw(document, **variables)
        if errors := [*answer.get("errors", ()), *_payload_errors(answer.get("data") or {})]:
            raise ApiError(errors)
        return answer["data"]

    def raw(self, document: str, **variables: Any) -> Json:
        """Return the whole response, errors included."""
        with commit_hooks():
            response = Client().post(
                "/graphql/",
                {"query": document, "variables": variables},
                content_type="application/json",
                **self._headers,
            )
        return response.json()


@contextmanager
def commit_hooks() -> Iterator[None]:
    """Run the callbacks that the block registers for the commit.

    A test's transaction is rolled back and never commits. Callbacks of those callbacks run too. In
    a test with real transactions no callback is left to run.
    """
    done = len(connection.run_on_commit)
    yield
    while done < len(connection.run_on_commit):
        callback: Callable[[], object] = connection.run_on_commit[done][1]
        done += 1
        callback()


def to_global_id(type_name: str, pk: object) -> str:
    return base64.b64encode(f"{type_name}:{pk}".encode()).decode()


def to_pk(global_id: str) -> str:
    return base64.b64decode(global_id).decode().partition(":")[2]


def _payload_errors(data: Json) -> Iterator[Json]:
    for payload in data.values():
        if isinstance(payload, dict):
            for name, value in payload.items():
                if name.lower().endswith("errors"):
                    yield from value or ()
