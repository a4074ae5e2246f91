"""Apps whose pages Saleor's dashboard shows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from saleor_picqer.domain.problems import Problem

# Name of the plugin's app for programs: Saleor's `App.identifier`.
APP_IDENTIFIER: Final = "saleor-picqer"


@dataclass(frozen=True)
class AppExtension:
    """A place in the dashboard where a page of the app is shown.

    `mount` and `target` as in Saleor's database, in lower case. `url` is absolute, but for the
    target `app_page` relative to the app. `permissions` are Saleor's, "order.manage_orders": a
    person who lacks one of them gets no token.
    """

    identifier: str
    label: str
    mount: str
    target: str
    url: str
    permissions: frozenset[str] = frozenset()
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class DashboardApp:
    """The app as it is to stand in Saleor's tables."""

    name: str
    about: str
    author: str
    version: str
    url: str
    # What the app may let people do, as far as they may do it themselves.
    permissions: frozenset[str]
    extensions: tuple[AppExtension, ...]


class Apps(ABC):
    """The rows of apps in Saleor's tables."""

    # Whether the page of an order or of a product can show a card.
    has_cards: ClassVar[bool]
    # Whether the home page can show a card, and the search (Ctrl+K) an action. An older dashboard
    # of the line ignores both.
    has_home_and_search: ClassVar[bool]
    # Whether the dashboard can list problems of the app.
    has_problems: ClassVar[bool]

    @abstractmethod
    def public_url(self, path: str) -> str:
        """Return the absolute address of a path below Saleor's public address."""

    @abstractmethod
    def find(self) -> str | None:
        """Return the pk of the plugin's app, removed or not."""

    @abstractmethod
    def create(self, app: DashboardApp) -> str:
        """Create the app without a token, which could sign in; return the pk."""

    @abstractmethod
    def update(self, pk: str, app: DashboardApp) -> bool:
        """Write differing addresses, version and extensions; True after a change.

        An app that its owner has removed is left alone, and so are its name, its permissions and
        whether it is active, which the owner may change.
        """

    @abstractmethod
    def delete(self, pk: str) -> bool:
        """Delete the app; False for an app removed by the owner."""

    @abstractmethod
    def show_problems(self, problems: Collection[Problem]) -> bool:
        """Have exactly these problems listed; True after a change.

        Takes 2 statements while nothing differs. A problem that staff have dismissed stays
        dismissed until it is gone. An app that was removed or deactivated has no problems.
        """
