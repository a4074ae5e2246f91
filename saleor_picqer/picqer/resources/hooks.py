"""Webhooks. A hook cannot be changed, only switched off and on; the list has both."""

from __future__ import annotations

from collections.abc import Iterator

from saleor_picqer.picqer.objects.hooks import Hook, HookCreate
from saleor_picqer.picqer.resources.base import Resource


class HooksResource(Resource):
    def list(self) -> Iterator[Hook]:
        """Yield all hooks of the account, also deactivated hooks and other programs' hooks."""
        return self._list(Hook, "/hooks")

    def get(self, idhook: int) -> Hook:
        return self._get(Hook, f"/hooks/{idhook}")

    def create(self, hook: HookCreate) -> Hook:
        """Register a hook; no active hook may have the same address and event."""
        return self._write(Hook, "POST", "/hooks", hook)

    def deactivate(self, idhook: int) -> None:
        self._send("DELETE", f"/hooks/{idhook}")

    def reactivate(self, idhook: int) -> Hook | None:
        return self._act(Hook, "POST", f"/hooks/{idhook}/reactivate")
