"""The page of the request log."""

from __future__ import annotations

from collections import Counter

from picqer_simulator.core.models import Wire
from picqer_simulator.core.queries import PAGE_SIZE, Query
from picqer_simulator.http.runtime import Runtime


def show(runtime: Runtime, _query: Query) -> Wire:
    """Return the data of the request log: latest requests and most frequent routes first."""
    summary = runtime.log.summary()
    return {
        "total": summary["total"],
        "routes": Counter(summary["by_route"]).most_common(),
        "requests": summary["requests"][: -PAGE_SIZE - 1 : -1],
    }
