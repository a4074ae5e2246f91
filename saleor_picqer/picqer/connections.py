"""Connections to Picqer: a time limit for the complete answer, and the reasons of failures."""

from __future__ import annotations

import io
import socket
import ssl
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from http.client import HTTPResponse
from time import monotonic
from typing import Any, Final

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util.ssl_match_hostname import CertificateError

from saleor_picqer.picqer.addresses import is_link_local

# What a resolver reports for a name that does not exist. Others, such as EAI_AGAIN, pass.
_UNKNOWN_NAME: Final = frozenset(
    {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}
)


# The query of the request under way, which only the socket sees. Logs and errors of urllib3, and
# the breadcrumbs of error reports, which hook into http.client, would show a customer's e-mail
# address.
_QUERY: Final[ContextVar[str]] = ContextVar("query", default="")


class ImpossibleConnectionError(urllib3.exceptions.NewConnectionError):
    """No connection can be made to the address; `reason` says why, in words for staff."""

    def __init__(self, connection: Any, reason: str) -> None:
        super().__init__(connection, reason)
        self.reason = reason


class LinkLocalError(Exception):
    """A host name leads to a link-local address."""


class ClientSession(requests.Session):
    """A session without redirects, whose failed connections tell staff the reason."""

    def __init__(self) -> None:
        super().__init__()
        self.mount("https://", _Adapter())
        self.mount("http://", _Adapter())

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Return no target: requests would read the whole body of a redirect."""


def causes(problem: BaseException) -> Iterator[BaseException]:
    """Yield an exception of requests, then the exceptions of urllib3 and Python behind it."""
    waiting: list[object] = [problem]
    seen: set[int] = set()
    while waiting:
        found = waiting.pop()
        if not isinstance(found, BaseException) or id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        waiting += [*found.args, getattr(found, "reason", None), found.__cause__]


def _timed_response(_: Any, connection: socket.socket, **options: Any) -> HTTPResponse:
    """Return a response that ends, headers included, when the read timeout is over."""
    # By itself the timeout begins again with every byte.
    timed: Any = _TimedSocket(connection)
    return HTTPResponse(timed, **options)


class _Connecting:
    """Both kinds of connection of urllib3, 1.26 and 2."""

    host: Any
    port: Any
    timeout: Any
    socket_options: Any

    response_class: Any = _timed_response

    def _encode_request(self, request: str) -> bytes:
        """Return the first line of a request, with the query."""
        method, path, version = request.split(" ")
        query = _QUERY.get()
        line = f"{method} {path}?{query} {version}" if query else request
        encoded: bytes = super()._encode_request(line)  # type: ignore[misc]
        return encoded

    def connect(self) -> None:
        try:
            super().connect()  # type: ignore[misc]
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError) as problem:
            raise _not_made(self, problem) from problem
        except ssl.SSLCertVerificationError as problem:
            reason = f"its TLS certificate is not accepted ({problem.verify_message})"
            raise ImpossibleConnectionError(self, reason) from problem
        except CertificateError as problem:  # urllib3 1.26, for a certificate of another host
            reason = f"its TLS certificate is not accepted ({problem})"
            raise ImpossibleConnectionError(self, reason) from problem
        except ssl.SSLError as problem:
            reason = f"it does not speak TLS as https requires ({problem.reason})"
            raise ImpossibleConnectionError(self, reason) from problem
        except OSError as problem:
            raise _not_made(self, problem) from problem

    def _new_conn(self) -> socket.socket:
        try:
            return _open_socket(self.host, self.port, self.timeout, self.socket_options)
        except socket.gaierror as problem:
            if problem.errno in _UNKNOWN_NAME:
                raise ImpossibleConnectionError(self, "this host name does not exist") from problem
            raise _not_made(self, problem) from problem
        except UnicodeError as problem:
            raise ImpossibleConnectionError(self, "this is no host name") from problem
        except LinkLocalError as problem:
            reason = "it leads to a link-local address, which is never Picqer's"
            raise ImpossibleConnectionError(self, reason) from problem
        except ConnectionRefusedError as problem:
            reason = f"nothing accepts connections at port {self.port}"
            raise ImpossibleConnectionError(self, reason) from problem
        except OSError as problem:
            raise _not_made(self, problem) from problem


class _Connection(_Connecting, HTTPConnection):
    pass


class _TlsConnection(_Connecting, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls: Any = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls: Any = _TlsConnection


class _Adapter(HTTPAdapter):
    def request_url(self, request: requests.PreparedRequest, proxies: Any) -> str:
        """Return what urllib3 asks for: the address without the query."""
        url, _, query = super().request_url(request, proxies).partition("?")
        _QUERY.set(query)
        return url

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        _use_pools(self.poolmanager)

    def proxy_manager_for(self, *arguments: Any, **options: Any) -> Any:
        return _use_pools(super().proxy_manager_for(*arguments, **options))


class _TimedSocket:
    """Gives `HTTPResponse` a file whose reads share the socket's timeout."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_TimedReader(self._connection))


class _TimedReader(io.RawIOBase):
    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._raw = connection.makefile("rb", buffering=0)
        self._timeout = connection.gettimeout()
        self._deadline = None if self._timeout is None else monotonic() + self._timeout

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self._deadline is None:
            return self._raw.readinto(buffer)
        left = self._deadline - monotonic()
        if left <= 0:
            raise TimeoutError
        self._connection.settimeout(left)
        try:
            return self._raw.readinto(buffer)
        finally:
            # The next request uses the same connection.
            self._connection.settimeout(self._timeout)

    def close(self) -> None:
        self._raw.close()
        super().close()


def _use_pools(manager: Any) -> Any:
    manager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
    return manager


def _not_made(connection: Any, problem: Exception) -> urllib3.exceptions.NewConnectionError:
    return urllib3.exceptions.NewConnectionError(connection, type(problem).__name__)


def _open_socket(
    host: str, port: int, seconds: float, options: Iterable[tuple[int, int, int]]
) -> socket.socket:
    """Connect to the first address of the host that accepts, in `seconds` for all of them."""
    deadline = monotonic() + seconds
    found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    # Checked where the connection is made: a name may resolve to another address each time.
    if any(is_link_local(str(address[0])) for *_, address in found):
        raise LinkLocalError(host)
    failure: OSError = socket.gaierror("no address")
    for position, (family, kind, protocol, _, address) in enumerate(found):
        # An address that does not answer leaves time for the others.
        share = (deadline - monotonic()) / (len(found) - position)
        connection = socket.socket(family, kind, protocol)
        try:
            for option in options:
                connection.setsockopt(*option)
            connection.settimeout(max(share, 0.001))
            connection.connect(address)
        except OSError as problem:
            connection.close()
            failure = problem
        else:
            return connection
    raise failure
