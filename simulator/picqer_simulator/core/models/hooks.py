"""The record of a hook."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Hook:
    idhook: int
    name: str
    event: str
    address: str
    secret: str | None = None
    active: bool = True
    failures: list[str] = field(default_factory=list)
