"""A client of the example shop: Saleor's GraphQL API over HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import requests

from example_project.demo import documents
from example_project.demo.errors import DemoStoppedError
from example_project.people import Person

TIMEOUT_SECONDS = 60
DUMMY_GATEWAY = "mirumee.payments.dummy"


class ShopError(DemoStoppedError):
    """The shop did not answer, or refused a mutation. The message is Saleor's."""


@dataclass(frozen=True)
class InputError:
    """An error of a mutation's input."""

    field: str | None
    message: str

    def __str__(self) -> str:
        return f"{self.field}: {self.message}" if self.field else self.message


class Shop:
    """A visitor's session; `url` is the shop's root, without a slash at the end."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._session = requests.Session()

    @classmethod
    def signed_in(cls, url: str, person: Person) -> Self:
        """Sign in and return the session. Raises ShopError."""
        shop = cls(url)
        result = shop.mutate(documents.SIGN_IN, email=person.email, password=person.password)
        shop._session.headers["Authorization"] = f"JWT {result['token']}"
        return shop

    def read(self, path: str) -> str:
        """Return what the shop serves at a path, an error page included."""
        return self._session.get(self.url + path, timeout=TIMEOUT_SECONDS).text

    def query(self, document: str, **variables: Any) -> dict[str, Any]:
        """Run the document and return its `data`. Raises ShopError when GraphQL reports errors."""
        response = self._session.post(
            f"{self.url}/graphql/",
            json={"query": document, "variables": variables},
            timeout=TIMEOUT_SECONDS,
        )
        body = _json(response)
        if errors := body.get("errors"):
            raise ShopError("; ".join(error["message"] for error in errors))
        data: dict[str, Any] = body["data"]
        return data

    def variant_ids(self) -> dict[str, str]:
        """Return the ids of all variants on sale, by SKU."""
        edges = self.query(documents.VARIANT_IDS)["productVariants"]["edges"]
        return {edge["node"]["sku"]: edge["node"]["id"] for edge in edges}

    def attempt(self, document: str, **variables: Any) -> tuple[dict[str, Any], list[InputError]]:
        """Run the document's only mutation; return the result and the errors in it."""
        [result] = self.query(document, **variables).values()
        return result, [InputError(error["field"], error["message"]) for error in result["errors"]]

    def mutate(self, document: str, **variables: Any) -> dict[str, Any]:
        """Run the document's only mutation; return the result. Raises ShopError if refused."""
        result, errors = self.attempt(document, **variables)
        if errors:
            raise ShopError("; ".join(map(str, errors)))
        return result


def _json(response: requests.Response) -> dict[str, Any]:
    """Decode a response. Raises ShopError if the body is not JSON."""
    # Saleor itself answers JSON even for errors; other bodies come from the web server.
    try:
        body: dict[str, Any] = response.json()
    except requests.JSONDecodeError as error:
        raise ShopError(f"The shop answered {response.status_code} without JSON.") from error
    return body
