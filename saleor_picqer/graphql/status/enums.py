"""Enums of the state of a channel."""

from __future__ import annotations

import re
from typing import Final

from saleor_picqer.domain.alarms import RULES, AlarmKey
from saleor_picqer.graphql.core.enums import described_enum
from saleor_picqer.store.inbox import EventStatus

_TEXTS: Final = {
    EventStatus.RECEIVED: "The delivery waits for a worker, or for its next attempt.",
    EventStatus.HANDLING: "A worker acts on the delivery.",
    EventStatus.DONE: "The plugin acted on the delivery.",
    EventStatus.IGNORED: "The delivery concerned nothing that the plugin handles.",
    EventStatus.FAILED: "The plugin could not act on the delivery and gave up.",
}

_ALARM_TEXTS: Final = {key: re.sub(r"\{\w+\}", "n", rule.text) for key, rule in RULES.items()}

PicqerAlarmKey = described_enum(
    "PicqerAlarmKey", AlarmKey, "What an alarm of the integration is about.", _ALARM_TEXTS
)
PicqerEventStatus = described_enum(
    "PicqerEventStatus", EventStatus, "What became of a webhook delivery from Picqer.", _TEXTS
)
