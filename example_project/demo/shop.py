"""The example shop as its visitors and its staff see it: Saleor's GraphQL, over HTTP."""

from dataclasses import dataclass
from typing import Any, Self

import requests

from example_project.demo import documents
from example_project.demo.errors import StoryStoppedError
from example_project.people import Person

TIMEOUT_SECONDS = 60
DUMMY_GATEWAY = "mirumee.payments.dummy"


class ShopError(StoryStoppedError):
    """The shop could not answer, or refused; the message is its own."""


@dataclass(frozen=True)
class Refusal:
    """What a mutation has against its input."""

    field: str | None
    message: str

    def __str__(self) -> str:
        return f"{self.field}: {self.message}" if self.field else self.message


class Shop:
    """One visitor's view; `url` is the shop's root, without a slash at the end."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._session = requests.Session()

    @classmethod
    def signed_in(cls, url: str, person: Person) -> Self:
        shop = cls(url)
        answer = shop.mutate(documents.SIGN_IN, email=person.email, password=person.password)
        shop._session.headers["Authorization"] = f"JWT {answer['token']}"
        return shop

    def query(self, document: str, **variables: Any) -> dict[str, Any]:
        """Return `data`; raises ShopError for anything but a plain answer."""
        response = self._session.post(
            f"{self.url}/graphql/",
            json={"query": document, "variables": variables},
            timeout=TIMEOUT_SECONDS,
        )
        answer = _json(response)
        if errors := answer.get("errors"):
            raise ShopError("; ".join(error["message"] for error in errors))
        data: dict[str, Any] = answer["data"]
        return data

    def variant_ids(self) -> dict[str, str]:
        """Of every variant on sale, by SKU."""
        edges = self.query(documents.VARIANT_IDS)["productVariants"]["edges"]
        return {edge["node"]["sku"]: edge["node"]["id"] for edge in edges}

    def attempt(self, document: str, **variables: Any) -> tuple[dict[str, Any], list[Refusal]]:
        """Run the only mutation of `document`; return its answer and what it was refused for."""
        [answer] = self.query(document, **variables).values()
        return answer, [Refusal(error["field"], error["message"]) for error in answer["errors"]]

    def mutate(self, document: str, **variables: Any) -> dict[str, Any]:
        """Like `attempt`, but a refusal raises ShopError."""
        answer, refusals = self.attempt(document, **variables)
        if refusals:
            raise ShopError("; ".join(map(str, refusals)))
        return answer


def _json(response: requests.Response) -> dict[str, Any]:
    """Saleor answers errors with 400 and JSON; anything else comes from below it."""
    try:
        answer: dict[str, Any] = response.json()
    except requests.JSONDecodeError as error:
        raise ShopError(f"the shop answered {response.status_code} without JSON") from error
    return answer
