"""Django signals of the plugin, for the shop's own monitoring.

`alarm_raised` and `alarm_cleared` are sent once for each change, with the sender `AlarmKey` and the
argument `alarm`, a `saleor_picqer.domain.alarms.Alarm`:

    @receiver(alarm_raised)
    def page_the_operator(alarm, **kwargs):
        pager.send(f"{alarm.key}: {alarm.message}")

Receivers run in the sweeper's task. An exception of a receiver is logged, and stops nothing else.
"""

from __future__ import annotations

from django.dispatch import Signal

alarm_raised = Signal()
alarm_cleared = Signal()
