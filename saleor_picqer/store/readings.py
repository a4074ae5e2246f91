"""Readings of Picqer's stock."""

from __future__ import annotations

from datetime import datetime

from django.db import connection


class StockReadings:
    """Readings of Picqer's stock: implements `sync.ports.state.StockReadings`."""

    def clock(self) -> datetime:
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            found: datetime = cursor.fetchone()[0]
            return found
