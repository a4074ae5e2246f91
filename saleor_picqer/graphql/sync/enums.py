"""Enums of runs."""

from __future__ import annotations

from typing import Final

from saleor_picqer.domain.runs import Kind
from saleor_picqer.graphql.core.enums import described_enum
from saleor_picqer.store.runs import RunStatus

_STATUS_TEXTS: Final = {
    RunStatus.QUEUED: "The run waits for a worker.",
    RunStatus.RUNNING: "A worker is carrying out the run.",
    RunStatus.DONE: "The run reached its end; single products may have failed.",
    RunStatus.FAILED: "The run was stopped, or left stock unchanged; its problems say why.",
}
_KIND_TEXTS: Final = {
    Kind.FULL: "Products, warehouses and stock.",
    Kind.PRODUCTS: "Products, from Saleor to Picqer.",
    Kind.STOCK: "Warehouses and stock, from Picqer to Saleor.",
}

PicqerSyncStatus = described_enum(
    "PicqerSyncStatus", RunStatus, "How far a run has come.", _STATUS_TEXTS
)
PicqerSyncKind = described_enum("PicqerSyncKind", Kind, "What a run brings in step.", _KIND_TEXTS)
