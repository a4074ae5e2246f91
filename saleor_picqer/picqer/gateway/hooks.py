"""Webhooks registered in Picqer."""

from __future__ import annotations

from collections.abc import Iterator

from saleor_picqer.domain.hooks import RemoteHook
from saleor_picqer.picqer.client import PicqerClient
from saleor_picqer.picqer.objects.hooks import HookCreate


class Hooks:
    """`sync.ports.picqer.RemoteHooks`."""

    def __init__(self, client: PicqerClient) -> None:
        self._client = client

    def list(self) -> Iterator[RemoteHook]:
        for hook in self._client.hooks.list():
            yield RemoteHook(hook.idhook, hook.name, hook.event, hook.address, hook.active)

    def create(self, name: str, event: str, address: str, secret: str) -> int:
        hook = {"name": name, "event": event, "address": address, "secret": secret}
        return self._client.hooks.create(HookCreate.model_validate(hook)).idhook

    def deactivate(self, hook_id: int) -> None:
        self._client.hooks.deactivate(hook_id)

    def reactivate(self, hook_id: int) -> bool:
        hook = self._client.hooks.reactivate(hook_id)
        # What Picqer sends after an action is not documented; the next check tells.
        return hook is None or hook.active
