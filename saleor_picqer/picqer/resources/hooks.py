"""Webhooks: a hook cannot be changed, only switched off and on; off it stays in the list."""

from collections.abc import Iterator

from saleor_picqer.picqer.objects.hooks import Hook, HookCreate
from saleor_picqer.picqer.resources.base import Resource


class HooksResource(Resource):
    def list(self) -> Iterator[Hook]:
        """All hooks of the account, other programs' and deactivated ones too."""
        return self._list(Hook, "/hooks")

    def get(self, idhook: int) -> Hook:
        return self._get(Hook, f"/hooks/{idhook}")

    def create(self, hook: HookCreate) -> Hook:
        """Address and event together must be new among the active hooks."""
        return self._write(Hook, "POST", "/hooks", hook)

    def deactivate(self, idhook: int) -> None:
        self._send("DELETE", f"/hooks/{idhook}")

    def reactivate(self, idhook: int) -> Hook | None:
        return self._act(Hook, "POST", f"/hooks/{idhook}/reactivate")
