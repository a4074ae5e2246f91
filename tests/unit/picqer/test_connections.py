"""Which failed connections are the fault of the address, and which may pass."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from saleor_picqer.errors import (
    EndpointError,
    InvalidResponseError,
    PicqerApiError,
    ResponseLostError,
    UnreachableError,
    UnusableAddressError,
)
from saleor_picqer.picqer.client import PicqerClient
from tests.unit.picqer.builders import account
from tests.unit.picqer.conftest import RawServer
from tests.unit.picqer.tls import TlsServer, write_certificate


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return write_certificate(tmp_path / "picqer.pem")


@pytest.fixture
def tls_server(certificate: Path) -> Iterator[TlsServer]:
    server = TlsServer(certificate)
    yield server
    server.close()


def failure(endpoint: str, **options: Any) -> PicqerApiError:
    """Send one request to the address, and return the error."""
    options.setdefault("max_wait", 0)
    with (
        PicqerClient(account(endpoint=endpoint), **options) as client,
        pytest.raises(PicqerApiError) as info,
    ):
        client.stats.get()
    return info.value


def test_address_is_at_fault_when_the_certificate_is_self_signed(tls_server: TlsServer) -> None:
    """Failure mode F113."""
    error = failure(f"https://127.0.0.1:{tls_server.port}")

    assert type(error) is UnusableAddressError
    assert "TLS certificate" in error.text
    assert "self-signed" in error.text
    assert not error.answered


def test_address_is_at_fault_when_the_certificate_is_of_another_host(
    tls_server: TlsServer, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F113."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))

    error = failure(f"https://localhost:{tls_server.port}")

    assert type(error) is UnusableAddressError
    assert "TLS certificate" in error.text


def test_address_is_at_fault_when_the_certificate_has_expired(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure mode F113."""
    expired = write_certificate(tmp_path / "expired.pem", valid_days=-1)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(expired))
    server = TlsServer(expired)

    error = failure(f"https://127.0.0.1:{server.port}")

    server.close()
    assert type(error) is UnusableAddressError
    assert "expired" in error.text


def test_certificate_is_accepted_when_the_machine_trusts_it(
    tls_server: TlsServer, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))

    with PicqerClient(account(endpoint=f"https://127.0.0.1:{tls_server.port}")) as client:
        assert client.stats.get()


def test_address_is_at_fault_when_https_meets_a_port_of_http(raw_server: RawServer) -> None:
    """Failure mode F113."""
    raw_server.answer = b"HTTP/1.1 400 Bad Request\r\n\r\n"

    error = failure(raw_server.url.replace("http://", "https://"))

    assert type(error) is UnusableAddressError
    assert "TLS" in error.text


def test_answer_is_invalid_when_http_meets_a_port_of_tls(raw_server: RawServer) -> None:
    """Failure mode F113."""
    raw_server.answer = b"\x15\x03\x01\x00\x02\x02\x16"  # TLS: unexpected message

    error = failure(raw_server.url)

    assert type(error) is InvalidResponseError
    assert not error.answered


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 2"])
def test_response_is_lost_when_the_connection_ends_early(
    raw_server: RawServer, answer: bytes
) -> None:
    raw_server.answer = answer

    assert type(failure(raw_server.url)) is ResponseLostError


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (socket.EAI_NONAME, UnusableAddressError),
        (socket.EAI_AGAIN, UnreachableError),
        (socket.EAI_FAIL, UnreachableError),
    ],
)
def test_address_is_at_fault_when_the_host_name_does_not_exist(
    monkeypatch: pytest.MonkeyPatch, code: int, kind: type
) -> None:
    """Failure mode F113: a resolver's failure for a moment is no verdict on the address."""

    def fail(*_: Any, **__: Any) -> None:
        raise socket.gaierror(code, "cannot resolve")

    monkeypatch.setattr(socket, "getaddrinfo", fail)

    assert type(failure("https://shop.picqer.invalid")) is kind


@pytest.mark.parametrize("host", ["a..b.picqer.com", "-.picqer.com", "x" * 64 + ".picqer.com"])
def test_address_is_at_fault_when_it_is_no_host_name(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    def fail(name: str, *_: Any, **__: Any) -> None:
        name.encode("idna")
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", fail)

    assert type(failure(f"https://{host}")) is UnusableAddressError


def test_address_is_at_fault_when_nothing_listens() -> None:
    """Failure mode F113."""
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]

    error = failure(f"http://127.0.0.1:{port}")

    assert type(error) is UnusableAddressError
    assert str(port) in error.text


def test_next_address_of_the_host_is_used_when_the_first_refuses(
    raw_server: RawServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw_server.answer = b"HTTP/1.1 401 Unauthorized\r\n\r\n"
    port = int(raw_server.url.rpartition(":")[2])
    with socket.create_server(("127.0.0.1", 0)) as unused:
        closed = unused.getsockname()
    stream = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
    found = [(*stream, closed), (*stream, ("127.0.0.1", port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)

    assert failure(f"http://127.0.0.1:{port}").status == 401


def test_connection_is_unreachable_when_tls_never_begins() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        error = failure(f"https://127.0.0.1:{silent.getsockname()[1]}", timeout=(0.2, 5))

    assert type(error) is UnreachableError
    assert not error.maybe_executed


@pytest.mark.parametrize("leads_to", ["169.254.169.254", "fe80::1%eth0", "::ffff:169.254.1.1"])
def test_connection_is_refused_when_the_name_leads_to_a_link_local_address(
    monkeypatch: pytest.MonkeyPatch, leads_to: str
) -> None:
    """Failure mode F108: not even a single address, and no request is sent."""
    public = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 1))
    local = (socket.AF_INET, socket.SOCK_STREAM, 6, "", (leads_to, 443))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [public, local])
    opened: list[Any] = []
    monkeypatch.setattr(socket, "socket", lambda *arguments: opened.append(arguments))

    error = failure("https://shop.picqer.com")

    assert type(error) is UnusableAddressError
    assert "link-local" in error.text
    assert opened == []


@pytest.mark.parametrize("number", ["2852039166", "0xa9fea9fe", "169.16689662"])
def test_connection_is_refused_when_a_link_local_address_is_written_as_a_number(
    number: str,
) -> None:
    """Failure mode F108."""
    assert "link-local" in failure(f"https://{number}").text


def test_redirect_is_not_followed(raw_server: RawServer) -> None:
    """Failure mode F108."""
    raw_server.answer = (
        b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n"
    )

    error = failure(raw_server.url)

    assert type(error) is EndpointError
    assert raw_server.connections == 1
