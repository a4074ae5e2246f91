"""A column whose text can be read with Saleor's `SECRET_KEY` only."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]  # not subscriptable
    """Text that is encrypted in the database; a text that no key fits reads as an empty text.

    The key is derived from `SECRET_KEY`; keys in `SECRET_KEY_FALLBACKS` can still read. Two equal
    texts have different ciphers, so the only text to filter by is the empty one.
    """

    def from_db_value(self, value: str | None, *_: Any) -> str:
        return decrypt(value or "")

    def get_prep_value(self, value: Any) -> str:
        return encrypt(str(value or ""))


def encrypt(text: str) -> str:
    """Return the text's cipher; an empty text stays empty."""
    return _box().encrypt(text.encode()).decode() if text else ""


def decrypt(cipher: str) -> str:
    """Return the text of a cipher, or an empty text where no key of the shop fits."""
    try:
        return _box().decrypt(cipher.encode()).decode() if cipher else ""
    except InvalidToken:
        return ""


def _box() -> MultiFernet:
    # Django 3.2, which Saleor 2.10 runs on, has no fallbacks.
    keys = [settings.SECRET_KEY, *getattr(settings, "SECRET_KEY_FALLBACKS", ())]
    return MultiFernet([Fernet(_derived(str(key))) for key in keys])


def _derived(key: str) -> bytes:
    # Django's secret is random and long, so that a single hash is as good as a slow one. The
    # purpose keeps the result apart from what Django itself derives.
    digest = hashlib.sha256(b"saleor_picqer.EncryptedTextField:" + key.encode()).digest()
    return base64.urlsafe_b64encode(digest)
