"""Problems of the app in Saleor's dashboard: one for each alarm and each cause of failures."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence

from saleor_picqer import extensions
from saleor_picqer.domain.alarms import Alarm
from saleor_picqer.domain.problems import find_problems
from saleor_picqer.hosts import host
from saleor_picqer.store import orders

logger = logging.getLogger(__name__)


class DashboardProblems:
    """Lists problems in the dashboard: implements `sync.ports.alarms.AlarmReceiver`."""

    # The comparison finds every change, whatever has been missed before.

    def raised(self, alarm: Alarm) -> None:
        """Do nothing: the comparison follows."""

    def cleared(self, alarm: Alarm) -> None:
        """Do nothing: the comparison follows."""

    def evaluated(self, channels: Collection[str], holding: Sequence[Alarm]) -> None:
        """Bring the list in step: 4 statements while nothing differs."""
        apps = host().apps
        if apps is None or not apps.has_problems or not extensions.is_dashboard_on():
            return
        try:
            stopped = orders.stopped(channels)
            apps.show_problems(find_problems(holding, stopped, host().channels.slugs()))
        except Exception:  # whatever is wrong with Saleor's tables, the sweep goes on
            logger.exception("The problems in Saleor's dashboard could not be written.")
