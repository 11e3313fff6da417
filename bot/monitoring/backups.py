"""When the last backup was begun, and when the last good one was made: read anew for each scrape."""

from collections.abc import Iterator
from pathlib import Path

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.backup.noted import noted


class Backups(Collector):
    """One that failed, was killed or never ran is older than it should be: deploy/alerts.yml says so to somebody."""

    def __init__(self, var: Path) -> None:
        self._var = var

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Seconds since 1970; 0 where there was none."""
        seen = noted(self._var)
        for name, time, told in (
            ("begun", seen.begun_at, "When the last backup was begun"),
            ("made", seen.made_at, "When the last backup that was read back whole was begun"),
        ):
            yield GaugeMetricFamily(
                f"vejviser_backup_{name}_timestamp_seconds", told, time.timestamp() if time else 0.0
            )
