"""How long staff have to say that a report has come, and to answer it: norms of the project's own, as settings."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from dateutil.relativedelta import relativedelta

from bot.settings import Settings
from bot.store.report_verbs import ReportRow

NEW, ACKNOWLEDGED, IN_REVIEW, AWAITING, REFERRED, CLOSED = (
    "new", "acknowledged", "in_review", "awaiting_reporter", "referred", "closed",
)  # fmt: skip


@dataclass(frozen=True)
class Clocks:
    """Seven days and three months are those of the whistle-blower act (L 1436/2021 § 20), which does not bind here."""

    acknowledge_days: int = 7
    answer_months: int = 3

    @classmethod
    def of(cls, settings: Settings) -> "Clocks":
        return cls(settings.acknowledge_days, settings.answer_months)

    def due(self, status: str, since: dt.date) -> dt.date | None:
        """The last day in time; None while nobody waits for staff."""
        if status == NEW:
            return since + dt.timedelta(days=self.acknowledge_days)
        if status in {ACKNOWLEDGED, IN_REVIEW}:
            due: dt.date = since + relativedelta(months=self.answer_months)
            return due
        return None

    def started(self, status: str, since: dt.date) -> dict[str, Any]:
        """Columns of a report whose clock runs from a day on; one that is open is not closed at the same time."""
        still_closed = {} if status == CLOSED else {"outcome": None, "closed_on": None}
        return {"status": status, "clock_from": since, "clock_due": self.due(status, since), **still_closed}

    def moved(self, row: ReportRow, status: str) -> dict[str, Any]:
        """Columns of a report that comes into a status; its clock runs on from where it began."""
        return self.started(status, row.clock_from or row.received_on)
