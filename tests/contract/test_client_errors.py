import time
from typing import Any

import pytest
from picqer_simulator import SimulatorServer
from picqer_simulator.core.errors import ERRORS, ApiError
from picqer_simulator.rules import orders as simulated_orders

from saleor_picqer.errors import (
    AccessDeniedError,
    AddressError,
    AlreadyProcessedError,
    AuthenticationError,
    InvalidRequestError,
    InvalidResponseError,
    NotFoundError,
    PicqerApiError,
    PlanLimitError,
    RateLimitedError,
    RefusedError,
    ResponseLostError,
    ServerError,
    UnknownCustomerError,
    UnknownProductError,
    UnknownVatGroupError,
    UnusableAddressError,
    WrongStatusError,
)
from saleor_picqer.picqer import transport
from saleor_picqer.picqer.client import PicqerClient
from saleor_picqer.picqer.objects.orders import OrderUpdate
from tests.contract import samples
from tests.contract.conftest import build_account


@pytest.fixture(autouse=True)
def short_naps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "sleep", lambda seconds: time.sleep(min(seconds, 0.01)))


@pytest.fixture
def code(simulated: PicqerClient, name: str) -> Any:
    """Return the code of a product that exists."""
    return simulated.products.create(samples.product(simulated, name)).productcode


def caught(call: Any, *arguments: Any, **keywords: Any) -> PicqerApiError:
    with pytest.raises(PicqerApiError) as info:
        call(*arguments, **keywords)
    return info.value


def fault(server: SimulatorServer, kind: Any, times: Any = 1, **changes: Any) -> None:
    server.runtime.faults.add({"fault": kind, "times": times, **changes})


def requests_of(server: SimulatorServer, route: Any) -> Any:
    return server.runtime.log.summary()["by_route"].get(route, 0)


@pytest.mark.parametrize("body", ["json", "html"])
def test_wrong_key_is_an_authentication_error(server: SimulatorServer, body: Any) -> None:
    server.account.set_options(unauthorised_body=body)
    client = PicqerClient(build_account(server.url, "wrong"))

    assert type(caught(client.users.me)) is AuthenticationError


def test_missing_right_is_an_access_denied_error(
    simulated: PicqerClient, server: SimulatorServer
) -> None:
    server.account.set_options(key_scope="fulfilment")

    assert type(caught(simulated.stats.get)) is AccessDeniedError


def test_missing_object_is_a_not_found_error(simulated: PicqerClient) -> None:
    assert type(caught(simulated.orders.get, 4711)) is NotFoundError


def test_unknown_product_is_an_unknown_product_error(simulated: PicqerClient) -> None:
    assert type(caught(simulated.orders.create, samples.order("S", "404"))) is UnknownProductError


def test_order_limit_is_a_plan_limit_error(
    simulated: PicqerClient, server: SimulatorServer, code: Any
) -> None:
    server.account.set_options(monthly_order_limit=0)

    assert type(caught(simulated.orders.create, samples.order("S", code))) is PlanLimitError


def test_unknown_vat_group_is_an_error_of_the_settings(simulated: PicqerClient) -> None:
    body = samples.product(simulated, "NEW", idvatgroup=4711)

    assert type(caught(simulated.products.create, body)) is UnknownVatGroupError


def test_locked_header_is_a_wrong_status_error(
    simulated: PicqerClient, server: SimulatorServer, code: Any
) -> None:
    idorder = simulated.orders.create(samples.order("S", code)).idorder
    simulated.orders.cancel(idorder)

    error = caught(simulated.orders.update, idorder, OrderUpdate(reference="T"))

    assert type(error) is WrongStatusError


def test_second_process_is_an_already_processed_error(simulated: PicqerClient, code: Any) -> None:
    idorder = simulated.orders.create(samples.order("S", code)).idorder
    simulated.orders.process(idorder)

    assert type(caught(simulated.orders.process, idorder)) is AlreadyProcessedError


EXPECTED = {
    1: ServerError,
    14: UnknownVatGroupError,
    20: NotFoundError,
    21: WrongStatusError,
    24: UnknownProductError,
    28: RateLimitedError,
    29: PlanLimitError,
    30: WrongStatusError,
    32: AlreadyProcessedError,
    33: WrongStatusError,
    **dict.fromkeys((6, 8, 19, 26, 27, 31), RefusedError),
    **dict.fromkeys((9, 10), AddressError),
    **dict.fromkeys((12, 25), UnknownCustomerError),
}


@pytest.mark.parametrize("code", ERRORS)
@pytest.mark.parametrize("status", [None, 400])
def test_every_code_has_its_error_whatever_its_status(
    server: SimulatorServer, monkeypatch: pytest.MonkeyPatch, code: Any, status: Any
) -> None:
    run = server.account.run

    def refuse(operation: Any, *arguments: Any) -> Any:
        if operation is simulated_orders.get:
            raise ApiError(code, "Nee")
        return run(operation, *arguments)

    if status is not None:
        server.account.set_options(error_statuses={code: status})
    monkeypatch.setattr(server.account, "run", refuse)
    client = PicqerClient(build_account(server.url, server.api_key), max_wait=0)

    error = caught(client.orders.get, 1)

    assert type(error) is EXPECTED.get(code, InvalidRequestError)
    assert (error.code, error.text) == (code, "Nee")


@pytest.mark.parametrize("kind", ["drop-before", "drop-after", "500", "truncate", "html"])
def test_read_survives_two_faults_in_a_row(
    simulated: PicqerClient, server: SimulatorServer, kind: Any
) -> None:
    fault(server, kind, times=2)

    assert simulated.users.me().iduser
    assert requests_of(server, "GET /users/me") == 3


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("drop-before", ResponseLostError),
        ("drop-after", ResponseLostError),
        ("500", ServerError),
        ("html", InvalidResponseError),
    ],
)
def test_read_fails_with_the_last_fault_when_they_do_not_end(
    simulated: PicqerClient, server: SimulatorServer, kind: Any, expected: Any
) -> None:
    fault(server, kind, times=99)

    assert type(caught(simulated.users.me)) is expected


@pytest.mark.parametrize("kind", ["drop-before", "drop-after", "500", "truncate", "html"])
def test_order_is_posted_once_when_the_outcome_is_unknown(
    simulated: PicqerClient, server: SimulatorServer, code: Any, kind: Any
) -> None:
    fault(server, kind, method="POST", route="/orders")

    error = caught(simulated.orders.create, samples.order("S", code))

    assert error.maybe_executed
    assert requests_of(server, "POST /orders") == 1
    assert len(simulated.orders.find("S")) == (1 if kind in ("drop-after", "truncate") else 0)


def test_order_is_posted_again_when_the_rate_limit_refused_it(
    simulated: PicqerClient, server: SimulatorServer, code: Any
) -> None:
    fault(server, "429", method="POST", route="/orders")

    simulated.orders.create(samples.order("S", code))

    assert len(simulated.orders.find("S")) == 1
    assert requests_of(server, "POST /orders") == 2


def test_response_is_lost_when_picqer_is_too_slow(server: SimulatorServer, code: Any) -> None:
    fault(server, "slow", method="POST", seconds=0.5)
    hasty = PicqerClient(build_account(server.url, server.api_key), timeout=(1, 0.1))

    error = caught(hasty.orders.create, samples.order("S", code))

    assert type(error) is ResponseLostError
    assert error.maybe_executed


def test_rate_limit_is_told_with_the_seconds_to_wait(
    simulated: PicqerClient, server: SimulatorServer
) -> None:
    server.account.set_options(rate_limit=1, retry_after=True)
    simulated.users.me()
    impatient = PicqerClient(build_account(server.url, server.api_key), max_wait=0)

    error = caught(impatient.users.me)

    assert type(error) is RateLimitedError
    assert error.code == 28
    assert error.retry_after
    assert 0 < error.retry_after <= 60


def test_stopped_server_is_unreachable(server: SimulatorServer) -> None:
    client = PicqerClient(build_account("http://127.0.0.1:9", server.api_key))

    assert type(caught(client.orders.create, samples.order("S", "A"))) is UnusableAddressError


@pytest.mark.parametrize("status", [200, 201, 204])
@pytest.mark.parametrize("body", ["object", "empty"])
def test_action_is_done_whatever_its_answer_looks_like(
    simulated: PicqerClient, server: SimulatorServer, code: Any, status: Any, body: Any
) -> None:
    server.account.set_options(action_status=status, action_body=body)
    idorder = simulated.orders.create(samples.order("S", code)).idorder

    done = simulated.orders.process(idorder)

    assert done is None or done.status == "processing"
    assert simulated.orders.get(idorder).status == "processing"


@pytest.mark.parametrize("body", ["object", "empty"])
def test_cancel_is_done_whatever_its_answer_looks_like(
    simulated: PicqerClient, server: SimulatorServer, code: Any, body: Any
) -> None:
    server.account.set_options(cancel_body=body)
    idorder = simulated.orders.create(samples.order("S", code)).idorder

    simulated.orders.cancel(idorder)

    assert simulated.orders.get(idorder).status == "cancelled"
