"""A cache in memory, for gateways under test."""

from collections.abc import Mapping
from typing import Any


class Memory:
    """Django's cache API; `timeouts` has the timeout of each key."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.timeouts: dict[str, float | None] = {}

    def add(self, key: str, value: Any, timeout: float | None = None) -> bool:
        is_new = key not in self.values
        if is_new:
            self.set(key, value, timeout)
        return is_new

    def get(self, key: str) -> Any:
        return self.values.get(key)

    def get_many(self, keys: list[str]) -> Mapping[str, Any]:
        return {key: self.values[key] for key in keys if key in self.values}

    def set(self, key: str, value: Any, timeout: float | None = None) -> None:
        self.values[key], self.timeouts[key] = value, timeout

    def delete(self, key: str) -> bool:
        return self.values.pop(key, None) is not None
