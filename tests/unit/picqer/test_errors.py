import inspect
import pickle
from typing import Any

import pytest

from saleor_picqer import errors
from saleor_picqer.errors import (
    RULES,
    AccessDeniedError,
    AccountError,
    AddressError,
    AlreadyProcessedError,
    AuthenticationError,
    DataError,
    EndpointError,
    IntegrationError,
    InvalidRequestError,
    InvalidResponseError,
    NotFoundError,
    PicqerApiError,
    PlanLimitError,
    RateLimitedError,
    RefusedError,
    Remedy,
    ResponseLostError,
    ServerError,
    SettingsError,
    TryLaterError,
    UnknownCustomerError,
    UnknownProductError,
    UnknownVatGroupError,
    UnreachableError,
    WrongStatusError,
    error_class,
)

CLASSES = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, PicqerApiError)
]

BY_CODE = {
    1: ServerError,
    5: InvalidRequestError,
    6: RefusedError,
    7: InvalidRequestError,
    8: RefusedError,
    9: AddressError,
    10: AddressError,
    12: UnknownCustomerError,
    13: InvalidRequestError,
    14: UnknownVatGroupError,
    15: InvalidRequestError,
    16: InvalidRequestError,
    17: InvalidRequestError,
    18: InvalidRequestError,
    19: RefusedError,
    20: NotFoundError,
    21: WrongStatusError,
    22: InvalidRequestError,
    23: InvalidRequestError,
    24: UnknownProductError,
    25: UnknownCustomerError,
    26: RefusedError,
    27: RefusedError,
    28: RateLimitedError,
    29: PlanLimitError,
    30: WrongStatusError,
    31: RefusedError,
    32: AlreadyProcessedError,
    33: WrongStatusError,
}

BY_STATUS = {
    301: EndpointError,
    400: InvalidRequestError,
    401: AuthenticationError,
    403: AccessDeniedError,
    404: NotFoundError,
    408: ServerError,
    409: RefusedError,
    418: RefusedError,
    429: RateLimitedError,
    500: ServerError,
    502: ServerError,
    599: ServerError,
    200: InvalidResponseError,
    101: InvalidResponseError,
}


@pytest.mark.parametrize(("code", "expected"), BY_CODE.items())
def test_code_decides_when_the_status_says_otherwise(code: Any, expected: Any) -> None:
    assert error_class(400, code) is expected
    assert error_class(500, code) is expected


@pytest.mark.parametrize(("status", "expected"), BY_STATUS.items())
@pytest.mark.parametrize("code", [None, 0, 2, 11, 34, 9999])
def test_status_decides_when_the_code_is_missing_or_unknown(
    status: Any, expected: Any, code: Any
) -> None:
    """Failure mode F63: Picqer gives an error another code."""
    assert error_class(status, code) is expected


def test_every_documented_code_has_a_row_with_a_reason() -> None:
    assert {rule.code for rule in RULES if rule.code is not None} == set(BY_CODE)
    assert all(rule.reason for rule in RULES)


@pytest.mark.parametrize(
    ("family", "remedy"),
    [
        (errors.TransientError, Remedy.RETRY),
        (RefusedError, Remedy.GIVE_UP),
        (AccountError, Remedy.FIX_SETTINGS),
        (SettingsError, Remedy.FIX_SETTINGS),
        (DataError, Remedy.GIVE_UP),
        (TryLaterError, Remedy.RETRY),
    ],
)
def test_family_has_its_remedy(family: Any, remedy: Any) -> None:
    assert {kind.remedy for kind in (family, *family.__subclasses__())} == {remedy}


@pytest.mark.parametrize("kind", CLASSES)
def test_every_error_is_an_integration_error_that_can_say_what_happened(kind: Any) -> None:
    assert issubclass(kind, IntegrationError)
    assert kind.title in str(kind("GET", "/orders"))


UNKNOWN_OUTCOME = {ResponseLostError, ServerError, InvalidResponseError}


@pytest.mark.parametrize("kind", CLASSES)
def test_write_may_have_happened_only_when_the_outcome_is_unknown(kind: Any) -> None:
    assert kind("POST", "/orders").maybe_executed is (kind in UNKNOWN_OUTCOME)
    assert kind("GET", "/orders").maybe_executed is False


def test_unreachable_is_no_unknown_outcome() -> None:
    assert not UnreachableError("POST", "/orders").maybe_executed


@pytest.mark.parametrize("kind", CLASSES)
def test_error_survives_pickling(kind: Any) -> None:
    error = kind("PUT", "/orders/1", status=400, code=5, text="x", attempt=2, retry_after=1.5)

    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes

    assert type(copy) is kind
    assert vars(copy) == vars(error)
    assert str(copy) == str(error)


@pytest.mark.parametrize(
    "error",
    [
        SettingsError("api_key", "is empty"),
        DataError("MUG-RED has no price"),
        TryLaterError("picklist is not there yet", delay=3),
    ],
)
def test_own_error_survives_pickling(error: Any) -> None:
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes

    assert vars(copy) == vars(error)
    assert str(copy) == str(error)


def test_text_names_request_status_code_and_attempt() -> None:
    error = NotFoundError("GET", "/orders/7", status=404, code=20, text="Niet gevonden", attempt=3)

    assert str(error) == ("GET /orders/7: Niet gevonden, HTTP 404, Picqer code 20, attempt 3")


def test_text_falls_back_to_the_title_when_picqer_says_nothing() -> None:
    error = UnreachableError("GET", "/orders")

    assert str(error) == f"GET /orders: {UnreachableError.title}"


def test_explanation_has_title_advice_and_request() -> None:
    error = AuthenticationError("GET", "/users/me", status=401)

    assert error.explain() == (
        "Picqer does not accept the API key."
        " Enter a valid key in the plugin's settings; waiting orders are then sent."
        " (GET /users/me: HTTP 401)"
    )


@pytest.mark.parametrize("kind", CLASSES)
def test_texts_for_staff_are_sentences(kind: Any) -> None:
    sentences = [text for text in (kind.title, kind.advice) if text]

    assert all(text[0].isupper() and text.endswith(".") for text in sentences)
    assert kind.title != PicqerApiError.title or kind is PicqerApiError
