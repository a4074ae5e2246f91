"""Messages to the Celery broker: a caller waits a second at most, and only once."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextvars import ContextVar
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest
from kombu.exceptions import OperationalError

from saleor_picqer import publishing
from saleor_picqer.publishing import Publisher

CALLER = ContextVar("CALLER", default="")


class FakeConnection:
    def __init__(self, broker: FakeBroker) -> None:
        self.broker = broker
        self.transport = SimpleNamespace(driver_type="redis")
        self.transport_options: dict[str, Any] = {"global_keyprefix": "shop:"}

    def ensure_connection(self, *, max_retries: int) -> None:
        assert max_retries == 0

    def collapse(self) -> None:
        self.broker.connections.remove(self)


class FakeBroker:
    """Stands in for a Celery task, its application and the broker behind both."""

    def __init__(self) -> None:
        self.answers = Event()
        self.answers.set()
        self.errors: list[Exception] = []
        self.connections: list[FakeConnection] = []
        self.received: list[Any] = []
        self.callers: list[str] = []
        self.app = self

    def connection_for_write(self, *, connect_timeout: float) -> FakeConnection:
        assert connect_timeout == publishing.MAX_WAIT
        self.connections.append(FakeConnection(self))
        return self.connections[-1]

    def apply_async(self, args: Any, *, retry: bool, connection: FakeConnection) -> None:
        assert not retry
        assert connection in self.connections
        if self.errors:
            raise self.errors.pop()
        self.answers.wait()
        self.received.append(args)
        self.callers.append(CALLER.get())


@pytest.fixture
def broker() -> Iterator[FakeBroker]:
    broker = FakeBroker()
    yield broker
    broker.answers.set()


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "MAX_WAIT", 0.1)
    monkeypatch.setattr(publishing, "PAUSE", 0.0)


def threads() -> int:
    return sum(thread.name == "picqer-publisher" for thread in threading.enumerate())


def test_messages_share_a_thread_and_a_connection(broker: FakeBroker) -> None:
    publisher, others = Publisher(), threads()

    for number in range(3):
        publisher.send(broker, (number,))

    assert broker.received == [(0,), (1,), (2,)]
    assert (len(broker.connections), threads() - others) == (1, 1)


def test_message_sees_the_callers_context(broker: FakeBroker) -> None:
    CALLER.set("checkout 7")

    Publisher().send(broker, (1,))

    assert broker.callers == ["checkout 7"]


def test_options_of_the_shop_are_kept_beside_the_time_limits(broker: FakeBroker) -> None:
    Publisher().send(broker, (1,))

    options = broker.connections[0].transport_options
    assert options.keys() == {"global_keyprefix", "socket_timeout", "socket_connect_timeout"}


def test_caller_goes_on_when_the_broker_hangs(broker: FakeBroker) -> None:
    broker.answers.clear()
    started = time.monotonic()

    with pytest.raises(TimeoutError, match="did not answer within"):
        Publisher().send(broker, (1,))

    assert time.monotonic() - started < 5


def test_next_messages_are_skipped_at_once_when_one_is_stuck(broker: FakeBroker) -> None:
    publisher, others = Publisher(), threads()
    broker.answers.clear()
    with pytest.raises(TimeoutError):
        publisher.send(broker, (1,))

    for number in range(2, 1000):
        with pytest.raises(TimeoutError, match="a moment ago"):
            publisher.send(broker, (number,))

    assert threads() - others == 1


def test_messages_are_sent_again_when_the_broker_answers_again(broker: FakeBroker) -> None:
    publisher = Publisher()
    broker.answers.clear()
    with pytest.raises(TimeoutError):
        publisher.send(broker, (1,))

    broker.answers.set()
    while publisher._is_stuck():
        time.sleep(0.001)
    publisher.send(broker, (2,))

    assert broker.received == [(1,), (2,)]


def test_message_is_skipped_when_another_one_has_waited_in_vain(
    broker: FakeBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "PAUSE", 60.0)
    publisher = Publisher()
    broker.errors = [TimeoutError("of the client library")]
    with pytest.raises(TimeoutError):
        publisher.send(broker, (1,))

    with pytest.raises(TimeoutError, match="a moment ago"):
        publisher.send(broker, (2,))


def test_waiting_message_is_dropped_when_its_caller_goes_on(broker: FakeBroker) -> None:
    publisher = Publisher()
    broker.answers.clear()

    def send(number: int) -> None:
        with pytest.raises(TimeoutError):
            publisher.send(broker, (number,))

    callers = [threading.Thread(target=send, args=(number,)) for number in range(5)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    broker.answers.set()
    while publisher._is_stuck():
        time.sleep(0.001)
    publisher.send(broker, ("later",))

    assert broker.received[1:] == [("later",)]


def test_message_goes_through_a_new_connection_when_the_old_one_is_closed(
    broker: FakeBroker,
) -> None:
    publisher = Publisher()
    publisher.send(broker, (1,))
    (old,) = broker.connections

    broker.errors = [OperationalError("closed")]
    publisher.send(broker, (2,))

    assert broker.received == [(1,), (2,)]
    assert len(broker.connections) == 1
    assert broker.connections[0] is not old


def test_error_reaches_the_caller_when_the_broker_is_down(broker: FakeBroker) -> None:
    broker.errors = [OperationalError("refused")]

    with pytest.raises(OperationalError, match="refused"):
        Publisher().send(broker, (1,))


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_forked_process_gets_a_publisher_of_its_own(broker: FakeBroker) -> None:
    publishing.publish(broker, 1)
    before = publishing.publisher

    child = os.fork()
    if child == 0:
        os._exit(0 if publishing.publisher is not before else 1)
    _, status = os.waitpid(child, 0)

    assert status == 0
    assert broker.received == [(1,)]
