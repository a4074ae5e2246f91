"""Permissions in the words that Saleor's own schema uses."""

from __future__ import annotations

from typing import Any


def describe_permission(text: str, permission: Any) -> str:
    """Append the required permission to the description of a field or mutation."""
    return f"{text}\n\nRequires one of the following permissions: {permission.name}."
