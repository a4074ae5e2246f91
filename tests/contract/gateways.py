"""A cache in memory, for gateways under test."""

from typing import Any


class Memory:
    """Django's cache API, as far as the gateway uses it; `timeouts` has the timeout of each key."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.timeouts: dict[str, int] = {}

    def get(self, key: str) -> Any:
        return self.values.get(key)

    def set(self, key: str, value: Any, timeout: int) -> None:
        self.values[key], self.timeouts[key] = value, timeout
