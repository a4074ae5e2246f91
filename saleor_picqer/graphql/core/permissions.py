"""Permissions in the words that Saleor's own schema uses."""

from __future__ import annotations

from typing import Any


def describe_permission(text: str, permission: Any) -> str:
    """Append the permission that a field or mutation requires to its description."""
    return f"{text}\n\nRequires one of the following permissions: {permission.name}."
