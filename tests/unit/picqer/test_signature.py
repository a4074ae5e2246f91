import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_picqer.picqer.signature import sign, verify

RAW = b'{"idhook": 41007, "event": "orders.status_changed"}'


def test_signature_is_the_base64_of_the_hmac_sha256() -> None:
    # Computed with: printf '%s' "$RAW" | openssl dgst -sha256 -hmac geheim -binary | base64
    assert sign(RAW, "geheim") == "BTKByajdn+z/QhVMRXTCOlcH3Z9BDFAngiArDUVhuwg="


def test_signature_fits_when_made_with_the_secret() -> None:
    assert verify(RAW, sign(RAW, "geheim"), "geheim")


def test_signature_fits_when_made_with_the_previous_secret() -> None:
    assert verify(RAW, sign(RAW, "old"), "new", "old")


def test_signature_may_be_surrounded_by_blanks() -> None:
    assert verify(RAW, f" {sign(RAW, 'geheim')} ", "geheim")


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "   ",
        "x",
        "☃",
        "\ud800",
        sign(RAW, "other"),
        sign(RAW + b" ", "geheim"),
        sign(RAW, "geheim")[:-1],
        sign(RAW, "geheim") + "A",
        sign(RAW, "geheim").swapcase(),
        hmac.new(b"geheim", RAW, hashlib.sha256).hexdigest(),
        base64.b64encode(RAW).decode(),
    ],
)
def test_signature_is_refused_when_it_is_not_exactly_right(header: Any) -> None:
    assert verify(RAW, header, "geheim") is False


def test_signature_is_refused_when_the_json_was_written_anew() -> None:
    rewritten = json.dumps(json.loads(RAW), separators=(",", ":")).encode()

    assert not verify(rewritten, sign(RAW, "geheim"), "geheim")


@pytest.mark.parametrize("secrets", [(), ("",), ("", "")])
def test_signature_is_refused_when_there_is_no_secret(secrets: Any) -> None:
    assert not verify(RAW, sign(RAW, ""), *secrets)


@given(raw=st.binary(), header=st.text() | st.none())
def test_any_header_is_answered_by_yes_or_no(raw: Any, header: Any) -> None:
    assert verify(raw, header, "geheim") is (
        header is not None and header.strip() == sign(raw, "geheim")
    )
