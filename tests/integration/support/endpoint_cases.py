"""Security cases, inherited by the tests of each endpoint of the plugin.

A test module makes a subclass whose fixture `endpoint` returns an `Endpoint`.
"""

from __future__ import annotations

import base64
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any, ClassVar, Final, cast

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from saleor_picqer import webhooks
from saleor_picqer.picqer import signature
from tests.integration.support.api import commit_hooks

WRONG_SECRETS: Final = (None, "", "x", "c2hvcnQ=", "ünïcode", "\x00", "A" * 44, "=" * 5000)
# Bodies that are no event: broken, no object, deeply nested, of odd bytes, long.
BODIES: Final = (b"{", b"[]", b"[" * 100_000, b"\x00\xff\xfe", b"{}", b" " * 6_000_000)
_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_LIMIT: Final = webhooks.MAX_BODY


@dataclass(frozen=True)
class Endpoint(ABC):
    """An endpoint of the plugin that asks for a secret."""

    path: str
    # Returns the present secret.
    secret: Callable[[], str]
    # Returns the number of requests that had an effect.
    effects: Callable[[], int]
    methods: ClassVar[Sequence[str]]
    # The status of the answer to an authentic request.
    accepted: ClassVar[int]

    @abstractmethod
    def ask(self, *, secret: str | None = None, **headers: Any) -> HttpResponse:
        """Send an authentic request, or one with another secret."""

    @abstractmethod
    def ask_with(self, proof: str | None, **headers: Any) -> HttpResponse:
        """Send a request with the given proof of the secret in its header, or without it."""


@dataclass(frozen=True)
class BearerEndpoint(Endpoint):
    """An endpoint with a token in the header `Authorization`."""

    methods = ("GET", "POST")
    accepted = 202

    def ask(self, *, secret: str | None = None, **headers: Any) -> HttpResponse:
        return self.ask_with(f"Bearer {secret or self.secret()}", **headers)

    def ask_with(self, proof: str | None, **headers: Any) -> HttpResponse:
        return self.send(b"", proof, **headers)

    def send(
        self, body: bytes, proof: str | None, method: str = "POST", **headers: Any
    ) -> HttpResponse:
        """Send a body, which has no meaning."""
        if proof is not None:
            headers["HTTP_AUTHORIZATION"] = proof
        return _send(method, self.path, body, **headers)


@dataclass(frozen=True)
class SignedEndpoint(Endpoint):
    """An endpoint that takes signed bodies."""

    # An authentic body: JSON, an object.
    body: bytes
    # Replaces the secret; requests with the one before are still accepted.
    rotate: Callable[[], None]
    methods = ("POST",)
    accepted = 200

    def ask(self, *, secret: str | None = None, **headers: Any) -> HttpResponse:
        return self.send(self.body, secret=secret, **headers)

    def ask_with(self, proof: str | None, **headers: Any) -> HttpResponse:
        return self.send_with(self.body, proof, **headers)

    def send(self, body: bytes, *, secret: str | None = None, **headers: Any) -> HttpResponse:
        """Post a signed body."""
        signed = signature.sign(body, secret or self.secret())
        return self.send_with(body, signed, **headers)

    def send_with(self, body: bytes, signed: str | None, **headers: Any) -> HttpResponse:
        """Post a body with the given value of the signature header, or without the header."""
        if signed is not None:
            headers["HTTP_X_PICQER_SIGNATURE"] = signed
        return _send("POST", self.path, body, **headers)


def _send(method: str, path: str, body: bytes, **headers: Any) -> HttpResponse:
    client = Client(raise_request_exception=False)
    with commit_hooks():
        response = client.generic(method, path, body, content_type="application/json", **headers)
    return cast(HttpResponse, response)


class AccessCases:
    """Cases of every endpoint: the right and wrong secrets, methods and hosts."""

    def test_request_is_accepted_when_it_is_authentic(self, endpoint: Endpoint) -> None:
        assert endpoint.ask().status_code == endpoint.accepted

        assert endpoint.effects() == 1

    @pytest.mark.parametrize("proof", WRONG_SECRETS)
    def test_request_is_refused_when_the_proof_is_wrong(
        self, endpoint: Endpoint, proof: str | None
    ) -> None:
        """Failure modes F5 and F6."""
        assert endpoint.ask_with(proof).status_code == 401

        assert endpoint.effects() == 0

    @pytest.mark.parametrize("secret", [secret for secret in WRONG_SECRETS if secret])
    def test_request_is_refused_when_the_secret_is_wrong(
        self, endpoint: Endpoint, secret: str
    ) -> None:
        assert endpoint.ask(secret=secret).status_code == 401

        assert endpoint.effects() == 0

    def test_request_is_refused_when_it_has_the_secret_in_its_address(
        self, endpoint: Endpoint
    ) -> None:
        path = f"{endpoint.path}?token={endpoint.secret()}&signature={endpoint.secret()}"

        assert replace(endpoint, path=path).ask_with(None).status_code == 401

        assert endpoint.effects() == 0

    def test_host_header_makes_no_difference(self, endpoint: Endpoint, settings: Any) -> None:
        settings.ALLOWED_HOSTS = ["*"]

        answers = [
            endpoint.ask(HTTP_HOST="elsewhere.example").status_code,
            endpoint.ask_with("x", HTTP_HOST="elsewhere.example").status_code,
        ]

        assert answers == [endpoint.accepted, 401]

    @pytest.mark.parametrize("method", _METHODS)
    def test_request_is_refused_when_the_method_is_wrong(
        self, endpoint: Endpoint, method: str
    ) -> None:
        if method in endpoint.methods:
            pytest.skip("the right method")

        response = Client().generic(method, endpoint.path)

        assert (response.status_code, response["Allow"]) == (405, ", ".join(endpoint.methods))


class BearerCases(AccessCases):
    """Cases of endpoints that take a token and read no body."""

    @pytest.mark.parametrize("method", ["GET", "POST"])
    @pytest.mark.parametrize("body", BODIES)
    def test_body_makes_no_difference(
        self, endpoint: BearerEndpoint, body: bytes, method: str
    ) -> None:
        """Failure modes F7 and F95."""
        token = f"Bearer {endpoint.secret()}"

        assert endpoint.send(body, token, method).status_code == endpoint.accepted
        assert endpoint.send(body, "Bearer x", method).status_code == 401


class SignatureCases(AccessCases):
    """Cases of endpoints with signed bodies."""

    def test_request_is_refused_when_the_signature_is_hexadecimal(
        self, endpoint: SignedEndpoint
    ) -> None:
        """Failure mode F5."""
        signed = b64_to_hex(signature.sign(endpoint.body, endpoint.secret()))

        assert endpoint.send_with(endpoint.body, signed).status_code == 401

        assert endpoint.effects() == 0

    def test_request_is_refused_when_the_json_was_rewritten(self, endpoint: SignedEndpoint) -> None:
        """Failure mode F5."""
        signed = signature.sign(endpoint.body, endpoint.secret())
        rewritten = json.dumps(json.loads(endpoint.body), indent=1).encode()

        assert endpoint.send_with(rewritten, signed).status_code == 401

        assert endpoint.effects() == 0

    def test_former_secret_is_accepted_when_the_secret_was_rotated(
        self, endpoint: SignedEndpoint
    ) -> None:
        former = endpoint.secret()
        endpoint.rotate()

        assert endpoint.send(endpoint.body, secret=former).status_code == 200

        assert former != endpoint.secret()
        assert endpoint.effects() == 1


class BodyCases:
    """Cases of signed bodies that are large, in chunks or cut off."""

    def test_body_is_refused_when_it_is_too_large(self, endpoint: SignedEndpoint) -> None:
        """Failure mode F7."""
        assert endpoint.send(b" " * (_LIMIT + 1)).status_code == 413

        assert endpoint.effects() == 0

    def test_body_is_refused_unread_when_its_announced_length_is_too_large(
        self, endpoint: SignedEndpoint
    ) -> None:
        """Failure mode F7."""
        request = RequestFactory().generic("POST", endpoint.path, b"")
        request.META["CONTENT_LENGTH"] = str(_LIMIT + 1)

        assert webhooks.receive(request, endpoint.path).status_code == 413

    @pytest.mark.parametrize("server", ["WSGI", "ASGI"])
    def test_body_is_refused_when_it_comes_in_chunks_and_is_too_large(
        self, endpoint: SignedEndpoint, server: str
    ) -> None:
        """Failure mode F7: a body in chunks announces no length."""
        assert _in_chunks(endpoint, b" " * (_LIMIT + 1), server).status_code == 413

        assert endpoint.effects() == 0

    @pytest.mark.parametrize("server", ["WSGI", "ASGI"])
    def test_body_is_accepted_when_it_comes_in_chunks(
        self, endpoint: SignedEndpoint, server: str
    ) -> None:
        assert _in_chunks(endpoint, endpoint.body, server).status_code == 200

        assert endpoint.effects() == 1

    def test_body_is_refused_when_it_comes_in_chunks_and_the_server_does_not_tell_its_end(
        self, endpoint: SignedEndpoint
    ) -> None:
        assert _in_chunks(endpoint, endpoint.body, "old WSGI").status_code == 411

        assert endpoint.effects() == 0

    def test_request_is_refused_when_the_body_is_cut_off(self, endpoint: SignedEndpoint) -> None:
        class CutOff(BytesIO):
            def read(self, *_: Any) -> bytes:
                raise OSError("the client has gone")

        request = RequestFactory().generic("POST", endpoint.path, b"")
        request._stream = CutOff()

        assert webhooks.receive(request, endpoint.path).status_code == 400


def _in_chunks(endpoint: SignedEndpoint, body: bytes, server: str) -> HttpResponse:
    """Hand a signed body over as a server does for "Transfer-Encoding: chunked"."""
    request = RequestFactory().generic("POST", endpoint.path, b"")
    request.META.pop("CONTENT_LENGTH", None)
    request.META["HTTP_TRANSFER_ENCODING"] = "chunked"
    request.META["HTTP_X_PICQER_SIGNATURE"] = signature.sign(body, endpoint.secret())
    if server == "ASGI":
        request._stream = BytesIO(body)
        del request.environ
    else:
        request.environ["wsgi.input"] = BytesIO(body)
        request.environ["wsgi.input_terminated"] = server == "WSGI"
    with commit_hooks():
        return webhooks.receive(request, endpoint.path)


def b64_to_hex(text: str) -> str:
    """Return a signature as hexadecimal digits."""
    return base64.b64decode(text).hex()
