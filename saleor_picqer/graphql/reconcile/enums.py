"""Enums of the reconcile."""

from __future__ import annotations

from typing import Final

from saleor_picqer.domain.reconcile import KINDS, Kind
from saleor_picqer.graphql.core.enums import described_enum
from saleor_picqer.store.reconcile import Cause, RunStatus

_STATUS_TEXTS: Final = {
    RunStatus.QUEUED: "The reconcile waits for a worker.",
    RunStatus.RUNNING: "A worker is carrying out the reconcile.",
    RunStatus.DONE: "The reconcile reached its end.",
    RunStatus.FAILED: "The reconcile was stopped; its problem says why.",
}
_CAUSE_TEXTS: Final = {
    Cause.SCHEDULE: "The nightly schedule.",
    Cause.HOOKS: "Webhooks were missing in Picqer, or off, and told of nothing.",
    Cause.REQUEST: "Staff, an app or the command line.",
}

PicqerReconcileStatus = described_enum(
    "PicqerReconcileStatus", RunStatus, "How far a reconcile has come.", _STATUS_TEXTS
)
PicqerReconcileCause = described_enum(
    "PicqerReconcileCause", Cause, "Why a reconcile was started.", _CAUSE_TEXTS
)
PicqerDifferenceKind = described_enum(
    "PicqerDifferenceKind", Kind, "What differs between Saleor and Picqer.", KINDS
)
