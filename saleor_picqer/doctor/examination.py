"""One channel under examination: what several checks read, read once."""

from __future__ import annotations

from contextlib import ExitStack
from functools import cached_property
from time import monotonic
from typing import Any, Final

from saleor_picqer import wiring
from saleor_picqer.config import Settings
from saleor_picqer.domain.doctor.account import Origin
from saleor_picqer.domain.doctor.goods import Zone
from saleor_picqer.errors import IntegrationError, SettingsError
from saleor_picqer.hosts import host
from saleor_picqer.picqer.client import PicqerClient, Priority, RateLimiter
from saleor_picqer.picqer.inspection import Inspection, LimitReader, inspect
from saleor_picqer.store.links import Links

# Seconds after which no further request is sent to Picqer: a person waits for the answer.
_PATIENCE: Final = 15.0
# Seconds to connect, and for the complete answer to one request.
_TIMEOUT: Final = (3, 5)
# Seconds that a request may wait for the rate limit.
_MAX_WAIT: Final = 3


class NotExaminedError(Exception):
    """A check needs what another check reports as missing; the text says what."""


class Examination:
    """A channel in which the plugin is set up. To be closed after use."""

    def __init__(self, configuration: Any) -> None:
        self.configuration = configuration
        self.channel = host().channels.pk_of(configuration)
        self._open = ExitStack()

    def close(self) -> None:
        """Close the connections to Picqer."""
        self._open.close()

    @cached_property
    def origin(self) -> Origin:
        known = wiring.watermark.addresses().get(self.channel)
        return Origin(known, host().channels.public_address())

    @cached_property
    def settings(self) -> Settings:
        """The settings; raises NotExaminedError if they are not valid."""
        try:
            return wiring.load_settings(self.channel)
        except SettingsError:
            raise NotExaminedError("the settings are not valid") from None

    @cached_property
    def account(self) -> str:
        """The name of the Picqer account."""
        return self.client.account.name

    @cached_property
    def client(self) -> PicqerClient:
        try:
            account = wiring.build_account(self.settings)
        except SettingsError:
            raise NotExaminedError("the settings are not valid") from None
        self._limits = LimitReader(RateLimiter(wiring.cache, account))
        client = PicqerClient(
            account,
            rate_limiter=self._limits,
            priority=Priority.STOCK,
            timeout=_TIMEOUT,
            max_wait=_MAX_WAIT,
        )
        return self._open.enter_context(client)

    @cached_property
    def inspected(self) -> Inspection | IntegrationError:
        """Facts about the account, or the error of the request for them.

        Raises NotExaminedError in a copied database, which sends nothing to Picqer.
        """
        if self.origin.known not in (None, self.origin.present):
            raise NotExaminedError("a copied database sends nothing to Picqer")
        deadline = monotonic() + _PATIENCE
        try:
            return inspect(self.client, self._limits, deadline)
        except IntegrationError as error:
            return error

    @property
    def inspection(self) -> Inspection:
        """Facts about the account; raises NotExaminedError if Picqer could not be asked."""
        if isinstance(self.inspected, IntegrationError):
            raise NotExaminedError("Picqer could not be asked")
        return self.inspected

    def require(self, right: str) -> None:
        """Raise NotExaminedError if the key may not read what is named."""
        if right in self.inspection.missing:
            raise NotExaminedError(f"the API key may not read {right}")

    @cached_property
    def zones(self) -> list[Zone]:
        return host().survey.zones(self.channel)

    @cached_property
    def mirrors(self) -> list[str]:
        """The primary keys of Saleor's mirrors of the account's warehouses."""
        return sorted({*Links(self.account).warehouses.all().values()})
