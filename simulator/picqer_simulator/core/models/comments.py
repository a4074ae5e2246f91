"""The record of a comment."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Comment:
    idcomment: int
    owner: str
    idowner: int
    body: str
    show_at_related: bool
    is_visible_fulfilment: bool
    iduser: int
    created_at: str
