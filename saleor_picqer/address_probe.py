"""Probe of the public address: a request of the plugin to its own webhook endpoint.

The probe is a POST like Picqer's, signed in the same header, so that it meets what Picqer's
deliveries meet. Its body is a nonce, used once. The key of its signature is derived from Django's
`SECRET_KEY` and signs nothing else. The endpoint stores nothing, and looks the nonce up in its
database: only the database in which the probe began has it, and a copy has not.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from django.utils.crypto import salted_hmac

from saleor_picqer.picqer import signature
from saleor_picqer.store import probes

# Tells the endpoint that the request is a probe; its value does not matter.
HEADER: Final = "X-Picqer-Probe"
# Messages of the endpoint, by which the doctor recognises the plugin.
WRONG_METHOD: Final = "Use the method POST."
WRONG_SIGNATURE: Final = "The signature is wrong."
# Bytes: a nonce has far fewer.
MAX_BODY: Final = 1024


@dataclass(frozen=True, slots=True)
class Probe:
    """A probe under way."""

    body: bytes
    signature: str

    @property
    def answer(self) -> str:
        """The answer that this shop's plugin alone can give."""
        return signature.sign(b"answer to " + self.body, _key())


@contextmanager
def begin() -> Iterator[Probe]:
    """Yield a new probe, which is answered until the context ends."""
    nonce = secrets.token_hex(16)
    body = json.dumps({"probe": nonce}).encode()
    probes.begin(nonce)
    try:
        yield Probe(body, signature.sign(body, _key()))
    finally:
        probes.end(nonce)


def answer(raw: bytes, signed: str | None) -> str | None:
    """Return the answer to a probe; empty in another database, None for a wrong signature."""
    if len(raw) > MAX_BODY or not signature.verify(raw, signed, _key()):
        return None
    # Signed by the plugin itself, so the body is as `begin` has made it.
    is_ours = probes.is_under_way(json.loads(raw)["probe"])
    return Probe(raw, signed or "").answer if is_ours else ""


def _key() -> str:
    return salted_hmac("saleor_picqer.address_probe", "", algorithm="sha256").hexdigest()
