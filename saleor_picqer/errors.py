"""The error tree. Its class decides what becomes of the work: retry, give up or fix settings.

`RULES` is the one place where an answer of Picqer becomes an error: Picqer's own code decides first
(texts are not stable and can be Dutch), then the HTTP status.
"""

import enum
from collections.abc import Iterator
from typing import ClassVar, NamedTuple, Self


class Remedy(enum.Enum):
    """What helps against an error."""

    RETRY = "retry"
    GIVE_UP = "give up"
    FIX_SETTINGS = "fix settings"


class IntegrationError(Exception):
    """Root of everything this package raises on purpose."""

    remedy: ClassVar[Remedy] = Remedy.GIVE_UP
    advice: ClassVar[str] = ""
    """What to do about it, in words that staff understand; empty where nothing is to be done."""

    @property
    def maybe_executed(self) -> bool:
        """True: Picqer may have carried a write out, or may still do so; look before repeating."""
        return False

    def explain(self) -> str:
        """What happened and what to do, in words that staff understand."""
        return str(self)


class SettingsError(IntegrationError):
    """Nothing works until somebody changes `setting`."""

    remedy = Remedy.FIX_SETTINGS

    def __init__(self, setting: str, message: str) -> None:
        super().__init__(setting, message)
        self.setting = setting
        self.message = message

    def __str__(self) -> str:
        return f"{self.setting}: {self.message}"


class AccountSetupError(IntegrationError):
    """Nothing of this kind works until somebody adds in Picqer what the message names."""

    remedy = Remedy.FIX_SETTINGS


class DataError(IntegrationError):
    """This order or product cannot be sent as it is; the message names the SKU or the field."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class TryLaterError(IntegrationError):
    """Not possible yet (a lock is held, a picklist is not there); `delay` in seconds, if known."""

    remedy = Remedy.RETRY

    def __init__(self, message: str, delay: float | None = None) -> None:
        super().__init__(message, delay)
        self.message = message
        self.delay = delay

    def __str__(self) -> str:
        return self.message


class PicqerApiError(IntegrationError):
    """A request to Picqer that did not end well.

    `path` has no query and `text` is redacted by the client, so that neither the API key nor a
    customer's data is carried. `attempt` counts from 1; 0 means the request never left.
    """

    # True where nobody knows whether Picqer carried the request out.
    outcome_unknown: ClassVar[bool] = False

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
        # Exceptions are unpickled from these two and their attributes.
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

    def after(self, earlier: "PicqerApiError | None") -> Self:
        """This error, of a request that had failed with `earlier` before it was repeated."""
        self.earlier_unknown = earlier is not None and earlier.maybe_executed
        return self

    def __str__(self) -> str:
        facts = (
            self.text,
            f"HTTP {self.status}" if self.status is not None else "",
            f"Picqer code {self.code}" if self.code is not None else "",
            f"attempt {self.attempt}" if self.attempt > 1 else "",
        )
        return f"{self.method} {self.path}: {', '.join(filter(None, facts)) or self.summary()}"

    def explain(self) -> str:
        advice = f" {self.advice}." if self.advice else ""
        return f"{self.summary()}.{advice} ({self})"

    @classmethod
    def summary(cls) -> str:
        """First sentence of the class' docstring: what happened, in words for staff."""
        return (cls.__doc__ or cls.__name__).strip().splitlines()[0].rstrip(".")


class TransientError(PicqerApiError):
    """Picqer could not be asked just now."""

    remedy = Remedy.RETRY


class UnreachableError(TransientError):
    """No connection to Picqer was made; the request was not sent."""


class ResponseLostError(TransientError):
    """The request was sent, but the connection ended or timed out before the answer was read."""

    outcome_unknown = True


class ServerError(TransientError):
    """Picqer reports a fault of its own."""

    outcome_unknown = True


class InvalidResponseError(TransientError):
    """The answer is not the JSON that was expected (truncated, HTML, another shape)."""

    outcome_unknown = True


class RateLimitedError(TransientError):
    """Too many requests; Picqer ignored this one. `retry_after` says in how many seconds to ask."""


class RefusedError(PicqerApiError):
    """Picqer refuses this request; repeating it changes nothing."""


class InvalidRequestError(RefusedError):
    """A field of the request is missing or not valid."""


class NotFoundError(RefusedError):
    """The object does not exist in Picqer."""


class AddressError(InvalidRequestError):
    """Picqer does not accept the country or the address of this order."""

    advice = "Correct the address in Saleor; the order is then tried again by itself"


class UnknownCustomerError(InvalidRequestError):
    """The order's customer does not exist in Picqer."""


class UnknownProductError(RefusedError):
    """A product of this order does not exist in Picqer."""

    advice = (
        "Create the product in Picqer or list it in this channel of Saleor, then retry the order"
    )


class WrongStatusError(RefusedError):
    """The object's status does not allow this; read it again."""


class AlreadyProcessedError(WrongStatusError):
    """The order has been processed before; success for `process` and `allocate`."""


class AccountError(PicqerApiError):
    """The Picqer account or the plugin's settings have to change first."""

    remedy = Remedy.FIX_SETTINGS


class AuthenticationError(AccountError):
    """Picqer does not accept the API key."""

    advice = "Give a valid key in the plugin's settings; orders that wait are then sent"


class AccessDeniedError(AccountError):
    """The API key may not do this."""

    advice = "Allow it for this API key in Picqer, or use another key"


class PlanLimitError(AccountError):
    """The monthly order limit of the Picqer plan is reached."""

    advice = "Upgrade the plan in Picqer or wait for the next month; orders that wait are then sent"


class UnknownVatGroupError(AccountError):
    """A VAT group of this order does not exist in Picqer."""

    advice = "Add it in Picqer; orders that wait are then sent"


class EndpointError(AccountError):
    """What answers at the endpoint is not Picqer's API."""

    advice = "Correct Picqer's address in the plugin's settings"


class Rule(NamedTuple):
    """An answer with this code or one of these statuses is this error, because of `reason`."""

    error: type[PicqerApiError]
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
    _code(6, RefusedError, "company domain taken: not about our objects"),
    _code(7, InvalidRequestError, "resource id found where none belongs"),
    _code(8, RefusedError, "not implemented at Picqer"),
    _code(9, AddressError, "country code"),
    _code(10, AddressError, "address"),
    _code(12, UnknownCustomerError, "the order's customer is not valid"),
    _code(13, InvalidRequestError, "order without products"),
    _code(14, UnknownVatGroupError, "a person maps or creates the VAT group, then all orders pass"),
    _code(15, InvalidRequestError, "pick without product"),
    _code(16, InvalidRequestError, "pick with a wrong amount"),
    _code(17, InvalidRequestError, "pick of a product not on the picklist"),
    _code(18, InvalidRequestError, "pick of more than there is to pick"),
    _code(19, RefusedError, "company domain reserved: not about our objects"),
    _code(20, NotFoundError, "item not found"),
    _code(21, WrongStatusError, "not found or in the wrong status: reading it again tells which"),
    _code(22, InvalidRequestError, "our body was not JSON"),
    _code(23, InvalidRequestError, "order line without product or amount"),
    _code(24, UnknownProductError, "create the product, then repeat the order"),
    _code(25, UnknownCustomerError, "the order's customer does not exist"),
    _code(26, RefusedError, "shipment cannot be created"),
    _code(27, RefusedError, "product is not on the purchase order"),
    _code(28, RateLimitedError, "request ignored, so even a POST may be repeated"),
    _code(29, PlanLimitError, "no order passes until the month ends or the plan grows"),
    _code(30, WrongStatusError, "order cannot be changed any more"),
    _code(31, RefusedError, "undocumented; clients take it as final"),
    _code(32, AlreadyProcessedError, "order was processed before"),
    _code(33, WrongStatusError, "lines of a processed order are locked"),
    _status(300, 399, EndpointError, "the API never redirects: the endpoint names another host"),
    _status(400, 400, InvalidRequestError, "malformed body or invalid arguments"),
    _status(401, 401, AuthenticationError, "wrong key, or a right it lacks"),
    _status(403, 403, AccessDeniedError, "no access to this object or feature"),
    _status(404, 404, NotFoundError, "object not found"),
    _status(408, 408, ServerError, "a proxy gave up waiting: nobody knows how far it came"),
    _status(429, 429, RateLimitedError, "request ignored, so even a POST may be repeated"),
    _status(400, 499, RefusedError, "any other refusal is final"),
    _status(500, 599, ServerError, "a fault at Picqer"),
)


def error_class(status: int, code: int | None) -> type[PicqerApiError]:
    """The class for an answer that is no success: first matching row, codes before statuses."""
    return next(_matches(status, code), InvalidResponseError)


def _matches(status: int, code: int | None) -> Iterator[type[PicqerApiError]]:
    yield from (rule.error for rule in RULES if code is not None and rule.code == code)
    yield from (rule.error for rule in RULES if status in rule.statuses)
