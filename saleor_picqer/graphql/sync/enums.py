"""Enums of the full sync."""

from __future__ import annotations

from typing import Final

import graphene

from saleor_picqer.graphql.core.enums import describe
from saleor_picqer.store.runs import RunStatus

_TEXTS: Final = {
    RunStatus.QUEUED: "The run waits for a worker.",
    RunStatus.RUNNING: "A worker is carrying out the run.",
    RunStatus.DONE: "The run reached its end; single products may have failed.",
    RunStatus.FAILED: "The run was stopped; its problems say why.",
}

PicqerSyncStatus = graphene.Enum(
    "PicqerSyncStatus",
    [(status.name, status.value) for status in RunStatus],
    description=describe("How far a full sync has come.", _TEXTS),
)
