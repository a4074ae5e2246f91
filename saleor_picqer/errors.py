"""Errors of the integration. An error's class decides: retry, give up, or wait for new settings.

`RULES` declares which response of Picqer becomes which error: Picqer's own code decides first, then
the HTTP status. Texts are ignored: Picqer may change or translate any text.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from typing import ClassVar, NamedTuple, Self


class Remedy(enum.Enum):
    """What helps against an error."""

    RETRY = "retry"
    GIVE_UP = "give up"
    FIX_SETTINGS = "fix settings"


class IntegrationError(Exception):
    """Base class of all errors raised on purpose by the package."""

    remedy: ClassVar[Remedy] = Remedy.GIVE_UP

    @property
    def maybe_executed(self) -> bool:
        """True where Picqer may have carried out a write, or may still carry out the write.

        The write must not be repeated before a look-up.
        """
        return False

    def explain(self) -> str:
        """Return what happened and what to do, in words for staff."""
        return str(self)


class SettingsError(IntegrationError):
    """A setting has to change before the plugin can work."""

    remedy = Remedy.FIX_SETTINGS

    def __init__(self, setting: str, message: str) -> None:
        super().__init__(setting, message)
        self.setting = setting
        self.message = message

    def __str__(self) -> str:
        return f"{self.setting}: {self.message}"

    def explain(self) -> str:
        # A message about a setting of the dashboard contains the setting's label.
        return str(self) if self.setting.isupper() else self.message


class AccountSetupError(IntegrationError):
    """Staff have to add in Picqer what the message names."""

    remedy = Remedy.FIX_SETTINGS


class DataError(IntegrationError):
    """An order or product cannot be sent as it is; the message names the SKU or the field."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class TryLaterError(IntegrationError):
    """Another worker's lease, for example, has to end first; `delay` in seconds."""

    remedy = Remedy.RETRY

    def __init__(self, message: str, delay: float | None = None) -> None:
        super().__init__(message, delay)
        self.message = message
        self.delay = delay

    def __str__(self) -> str:
        return self.message


class PicqerApiError(IntegrationError):
    """A failed request to Picqer.

    `path` has no query and `text` is redacted by the client: an error carries neither the API key
    nor personal data. `attempt` counts from 1; 0 means the request was never sent.
    """

    # What staff read: what happened, and what to do about it (empty where nothing helps).
    title: ClassVar[str] = "A request to Picqer failed."
    advice: ClassVar[str] = ""

    # True where Picqer may or may not have carried out the request.
    outcome_unknown: ClassVar[bool] = False

    # False where nothing came from Picqer itself: the circuit breaker counts only such failures.
    answered = True

    def __init__(
        self,
        method: str,
        path: str,
        *,
        status: int | None = None,
        code: int | None = None,
        text: str = "",
        attempt: int = 1,
        retry_after: float | None = None,
    ) -> None:
        # Unpickling calls the class with these two arguments and restores the attributes.
        super().__init__(method, path)
        self.method = method
        self.path = path
        self.status = status
        self.code = code
        self.text = text
        self.attempt = attempt
        self.retry_after = retry_after
        self.earlier_unknown = False

    @property
    def maybe_executed(self) -> bool:
        return self.method != "GET" and (self.outcome_unknown or self.earlier_unknown)

    def after(self, earlier: PicqerApiError | None) -> Self:
        """Return the error, with the outcome of the earlier attempt at the same request."""
        self.earlier_unknown = earlier is not None and earlier.maybe_executed
        return self

    def __str__(self) -> str:
        return f"{self.method} {self.path}: {self._details() or self.title}"

    def explain(self) -> str:
        details = self._details()
        request = f"({self.method} {self.path}{f': {details}' if details else ''})"
        return " ".join(filter(None, (self.title, self.advice, request)))

    def _details(self) -> str:
        details = (
            self.text,
            f"HTTP {self.status}" if self.status is not None else "",
            f"Picqer code {self.code}" if self.code is not None else "",
            f"attempt {self.attempt}" if self.attempt > 1 else "",
        )
        return ", ".join(filter(None, details))


# --- retry


class TransientError(PicqerApiError):
    """Picqer gave no usable response just now."""

    title = "Picqer could not be asked just now."
    remedy = Remedy.RETRY


class UnreachableError(TransientError):
    """No connection was made: the request was not sent."""

    title = "No connection to Picqer could be made; the request was not sent."
    answered = False


class UnusableAddressError(UnreachableError):
    """No connection to the address can be made: its name, port or TLS certificate is at fault."""

    title = "No connection can be made to the address of Picqer; the request was not sent."
    advice = "Check Picqer's address in the plugin's settings."


class ResponseLostError(TransientError):
    """The request was sent, but the response was not read completely."""

    title = "The connection to Picqer ended or timed out before the answer had arrived."
    outcome_unknown = True
    answered = False


class ServerError(TransientError):
    title = "Picqer reports a fault of its own."
    outcome_unknown = True


class InvalidResponseError(TransientError):
    """The response is not the expected JSON: truncated, HTML, or of another shape."""

    title = "Picqer's answer could not be read."
    outcome_unknown = True


class RateLimitedError(TransientError):
    """Picqer ignored the request, or the plugin's own limiter did not send it.

    `retry_after` has the seconds until the next request.
    """

    title = "Picqer received too many requests and ignored this one."


# --- give up


class RefusedError(PicqerApiError):
    """Picqer refuses the request, and would refuse a repetition."""

    title = "Picqer refuses this request."


class InvalidRequestError(RefusedError):
    title = "Picqer refuses a field of this request, or misses one."


class NotFoundError(RefusedError):
    title = "The object does not exist in Picqer."


class AddressError(InvalidRequestError):
    title = "Picqer does not accept the country or the address of this order."
    advice = "Correct the address in Saleor; the order is then sent again automatically."


class UnknownCustomerError(InvalidRequestError):
    title = "The customer of this order does not exist in Picqer."


class UnknownProductError(RefusedError):
    title = "A product of this order does not exist in Picqer."
    advice = (
        "Create the product in Picqer, or list it in this channel of Saleor, then retry the order."
    )


class WrongStatusError(RefusedError):
    """The object's status in Picqer forbids the request; read the object again."""

    title = "The status in Picqer does not allow this."


class AlreadyProcessedError(WrongStatusError):
    """The order was processed before: the goal of `process` and `allocate` is reached."""

    title = "The order has been processed in Picqer before."


# --- fix settings


class AccountError(PicqerApiError):
    """The Picqer account or the plugin's settings have to change first."""

    title = "The Picqer account or the plugin's settings have to change first."
    remedy = Remedy.FIX_SETTINGS


class AuthenticationError(AccountError):
    title = "Picqer does not accept the API key."
    advice = "Enter a valid key in the plugin's settings; waiting orders are then sent."


class AccessDeniedError(AccountError):
    title = "Picqer does not allow this to the API key."
    advice = "Allow it for this API key in Picqer, or use another key."


class PlanLimitError(AccountError):
    title = "The monthly order limit of the Picqer plan is reached."
    advice = "Upgrade the plan in Picqer, or wait for the next month; waiting orders are then sent."


class UnknownVatGroupError(AccountError):
    title = "A VAT group of this order does not exist in Picqer."
    advice = "Add the VAT group in Picqer; waiting orders are then sent."


class EndpointError(AccountError):
    title = "What answers at the address of Picqer is not Picqer's API."
    advice = "Correct Picqer's address in the plugin's settings."


# --- responses


class Rule(NamedTuple):
    """The error for a response with the code, or with any of the statuses."""

    error: type[PicqerApiError]
    # What Picqer means by the code or status.
    reason: str
    code: int | None = None
    statuses: range = range(0)


def _code(code: int, error: type[PicqerApiError], reason: str) -> Rule:
    return Rule(error, reason, code=code)


def _status(first: int, last: int, error: type[PicqerApiError], reason: str) -> Rule:
    return Rule(error, reason, statuses=range(first, last + 1))


RULES: tuple[Rule, ...] = (
    _code(1, ServerError, "unknown application error: a fault at Picqer"),
    _code(5, InvalidRequestError, "a parameter is missing"),
    _code(6, RefusedError, "company domain taken: not about orders or products"),
    _code(7, InvalidRequestError, "resource id found where none belongs"),
    _code(8, RefusedError, "not implemented at Picqer"),
    _code(9, AddressError, "country code"),
    _code(10, AddressError, "address"),
    _code(12, UnknownCustomerError, "the order's customer is not valid"),
    _code(13, InvalidRequestError, "order without products"),
    _code(14, UnknownVatGroupError, "VAT group unknown until staff create it"),
    _code(15, InvalidRequestError, "pick without product"),
    _code(16, InvalidRequestError, "pick with a wrong amount"),
    _code(17, InvalidRequestError, "pick of a product not on the picklist"),
    _code(18, InvalidRequestError, "pick of more than there is to pick"),
    _code(19, RefusedError, "company domain reserved: not about orders or products"),
    _code(20, NotFoundError, "item not found"),
    _code(21, WrongStatusError, "not found or in the wrong status; reading the object tells which"),
    _code(22, InvalidRequestError, "body is not JSON"),
    _code(23, InvalidRequestError, "order line without product or amount"),
    _code(24, UnknownProductError, "product of the order unknown until it is created"),
    _code(25, UnknownCustomerError, "the order's customer does not exist"),
    _code(26, RefusedError, "shipment cannot be created"),
    _code(27, RefusedError, "product is not on the purchase order"),
    _code(28, RateLimitedError, "request ignored, so that even a POST can be repeated"),
    _code(29, PlanLimitError, "no order is accepted until the month ends or the plan grows"),
    _code(30, WrongStatusError, "order cannot be changed any more"),
    _code(31, RefusedError, "undocumented; other clients take the code as final"),
    _code(32, AlreadyProcessedError, "order was processed before"),
    _code(33, WrongStatusError, "lines of a processed order are locked"),
    _status(300, 399, EndpointError, "the API never redirects, so the address is another host's"),
    _status(400, 400, InvalidRequestError, "malformed body or invalid arguments"),
    _status(401, 401, AuthenticationError, "wrong key, or a key without the right"),
    _status(403, 403, AccessDeniedError, "no access to the object or feature"),
    _status(404, 404, NotFoundError, "object not found"),
    _status(408, 408, ServerError, "a proxy gave up waiting, and the outcome is unknown"),
    _status(429, 429, RateLimitedError, "request ignored, so that even a POST can be repeated"),
    _status(400, 499, RefusedError, "any other refusal is final"),
    _status(500, 599, ServerError, "a fault at Picqer"),
)


def error_class(status: int, code: int | None) -> type[PicqerApiError]:
    """Return the class for an unsuccessful response: the first matching rule, codes first."""
    return next(_matches(status, code), InvalidResponseError)


def _matches(status: int, code: int | None) -> Iterator[type[PicqerApiError]]:
    yield from (rule.error for rule in RULES if code is not None and rule.code == code)
    yield from (rule.error for rule in RULES if status in rule.statuses)
