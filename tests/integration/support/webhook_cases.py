"""Security cases of an endpoint with signed requests, inherited by the tests of each endpoint.

A test module makes a subclass whose fixture `endpoint` returns a `SignedEndpoint`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final, cast

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from saleor_picqer import webhooks
from saleor_picqer.picqer import signature
from tests.integration.support.api import commit_hooks

WRONG_SIGNATURES: Final = (None, "", "x", "c2hvcnQ=", "ünïcode", "\x00", "A" * 44, "=" * 5000)
_LIMIT: Final = webhooks.MAX_BODY


@dataclass(frozen=True)
class SignedEndpoint:
    """An endpoint of the plugin that takes signed bodies."""

    path: str
    # An authentic body: JSON, an object.
    body: bytes
    # Returns the present secret of the channel.
    secret: Callable[[], str]
    # Replaces the secret; requests with the one before are still accepted.
    rotate: Callable[[], None]
    # Returns the number of requests that had an effect.
    effects: Callable[[], int]

    def send(self, body: bytes, *, secret: str | None = None, **headers: Any) -> HttpResponse:
        """Post a signed body."""
        signed = signature.sign(body, secret or self.secret())
        return self.send_with(body, signed, **headers)

    def send_with(self, body: bytes, signed: str | None, **headers: Any) -> HttpResponse:
        """Post a body with the given value of the signature header, or without the header."""
        if signed is not None:
            headers["HTTP_X_PICQER_SIGNATURE"] = signed
        with commit_hooks():
            client = Client(raise_request_exception=False)
            response = client.post(self.path, body, content_type="application/json", **headers)
        return cast(HttpResponse, response)


class SignatureCases:
    """Cases of good, bad and missing signatures."""

    def test_request_is_accepted_when_it_is_signed(self, endpoint: SignedEndpoint) -> None:
        assert endpoint.send(endpoint.body).status_code == 200

        assert endpoint.effects() == 1

    @pytest.mark.parametrize("signed", WRONG_SIGNATURES)
    def test_request_is_refused_when_the_signature_is_wrong(
        self, endpoint: SignedEndpoint, signed: str | None
    ) -> None:
        """Failure modes F5 and F6."""
        assert endpoint.send_with(endpoint.body, signed).status_code == 401

        assert endpoint.effects() == 0

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

    def test_request_is_refused_when_it_is_signed_with_another_channels_secret(
        self, endpoint: SignedEndpoint
    ) -> None:
        assert endpoint.send(endpoint.body, secret="of another channel").status_code == 401

        assert endpoint.effects() == 0

    def test_host_header_makes_no_difference(self, endpoint: SignedEndpoint, settings: Any) -> None:
        settings.ALLOWED_HOSTS = ["*"]

        answers = [
            endpoint.send(endpoint.body, HTTP_HOST="elsewhere.example").status_code,
            endpoint.send_with(endpoint.body, "x", HTTP_HOST="elsewhere.example").status_code,
        ]

        assert answers == [200, 401]


class RequestCases:
    """How requests may look."""

    @pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "options"])
    def test_request_is_refused_when_the_method_is_wrong(
        self, endpoint: SignedEndpoint, method: str
    ) -> None:
        response = getattr(Client(), method)(endpoint.path)

        assert (response.status_code, response["Allow"]) == (405, "POST")

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
