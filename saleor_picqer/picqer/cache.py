"""The cache shared by all processes of a shop, which may fail at any moment."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any, Protocol

logger = logging.getLogger(__name__)

# Seconds without the cache after a failure: a cache that hangs must not delay every request.
REST = 30.0


class Cache(Protocol):
    """The part of Django's cache API used by the client and the gateway."""

    def add(self, key: str, value: Any, timeout: float | None = ...) -> bool: ...
    def get(self, key: str) -> Any: ...
    def get_many(self, keys: list[str]) -> Mapping[str, Any]: ...
    def set(self, key: str, value: Any, timeout: float | None = ...) -> None: ...
    def delete(self, key: str) -> bool: ...


class SafeCache:
    """A cache that is empty while the cache behind it fails: no order waits for a cache."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._failed_at: float | None = None

    @classmethod
    def around(cls, cache: Cache) -> SafeCache:
        return cache if isinstance(cache, SafeCache) else cls(cache)

    def add(self, key: str, value: Any, timeout: float | None = None) -> bool:
        return bool(self._try(lambda: self._cache.add(key, value, timeout), True))

    def get(self, key: str) -> Any:
        return self._try(lambda: self._cache.get(key), None)

    def get_many(self, keys: list[str]) -> Mapping[str, Any]:
        return self._try(lambda: self._cache.get_many(keys), {})

    def set(self, key: str, value: Any, timeout: float | None = None) -> None:
        self._try(lambda: self._cache.set(key, value, timeout), None)

    def delete(self, key: str) -> bool:
        return bool(self._try(lambda: self._cache.delete(key), False))

    def _try[T](self, operation: Callable[[], T], otherwise: T) -> T:
        if self._failed_at is not None and monotonic() < self._failed_at + REST:
            return otherwise
        try:
            found = operation()
        except Exception as error:  # noqa: BLE001 - each cache raises errors of its own
            self._failed_at = monotonic()
            # Without the error's text, which may contain the address and password of the cache.
            logger.warning(
                "The cache failed (%s): Picqer's rate limit is not shared", type(error).__name__
            )
            return otherwise
        self._failed_at = None
        return found
