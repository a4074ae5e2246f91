"""Reading of response bodies within a limit, so that no answer can fill the memory."""

from __future__ import annotations

from typing import Final

import requests

# Bytes of a decoded body. A page of 100 orders with 100 lines each has about 8 MB; decoded JSON
# takes several times the room of its text.
MAX_BODY_SIZE: Final = 16 * 1024 * 1024
# Bytes that are unpacked at a time: gzip turns them into at most a thousand times as many.
_CHUNK: Final = 8192
# Others, and gzip inside gzip, pack far more densely. Requests offer only these.
_ENCODINGS: Final = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})
ACCEPT_ENCODING: Final = "gzip, deflate"


class BodyRefusedError(ValueError):
    """A body that is not read; the text says why."""


def read_body(response: requests.Response) -> bytes:
    """Return the decoded body of a response that was requested with `stream=True`.

    Raises BodyRefusedError, and whatever requests raises when the connection fails.
    """
    with response:
        encoding = response.headers.get("Content-Encoding", "").strip().lower()
        if encoding not in _ENCODINGS:
            raise BodyRefusedError("compressed in a way that was not offered")
        body = bytearray()
        for chunk in response.iter_content(_CHUNK):
            body += chunk
            if len(body) > MAX_BODY_SIZE:
                raise BodyRefusedError(f"larger than {MAX_BODY_SIZE // 1024 // 1024} MB")
    return bytes(body)
