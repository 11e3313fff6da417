"""Staff's work on the coded side of reports, for which no key is needed: the queue, whose a report is, its state."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.casework.clocks import CLOSED, IN_REVIEW, REFERRED, Clocks
from bot.casework.consents import newest
from bot.casework.own_report import by_question
from bot.casework.retention import kept
from bot.casework.vocabulary import CLOSINGS, HOLDS, JOURNAL, STATUSES, TRIAGES
from bot.errors import ConversationEndedError
from bot.language.dates import today
from bot.store.case_verbs import Page, Sought
from bot.store.report_verbs import ConsentRow, ReportRow
from bot.store.verbs import Store

MOST_LABELS, LONGEST_LABEL = 10, 40
OPEN_STATUSES = tuple(status for status in STATUSES if status != CLOSED)


@dataclass(frozen=True)
class Facts:
    """A report without anything that its person wrote."""

    row: ReportRow
    answers: Mapping[str, tuple[str, ...]]
    labels: tuple[str, ...]
    consents: Mapping[str, str]
    said: tuple[ConsentRow, ...]
    """Every consent in the order it was given or taken back."""


class Caseload:
    def __init__(self, store: Store, clocks: Clocks) -> None:
        self._reports = store.reports
        self._cases = store.cases
        self._clocks = clocks

    async def seek(self, sought: Sought) -> Page:
        return await self._cases.seek(sought)

    async def count_by_status(self) -> dict[str, int]:
        return await self._cases.count_by_status()

    async def labels_in_use(self) -> list[str]:
        return await self._cases.labels_in_use()

    async def row(self, report_id: str) -> ReportRow | None:
        return await self._reports.report(report_id)

    async def facts(self, report_id: str) -> Facts:
        """Raises ConversationEndedError where it is gone."""
        row = await self._row(report_id)
        said = await self._reports.consents(report_id)
        return Facts(
            row=row,
            answers=by_question(await self._reports.answers(report_id)),
            labels=tuple(await self._cases.labels(report_id)),
            consents=newest(said),
            said=tuple(said),
        )

    # Whose it is

    async def take(self, report_id: str, name: str) -> bool:
        """A report that is nobody's becomes somebody's; False where another was quicker."""
        return await self._cases.assign(report_id, name, only_from="")

    async def assign(self, report_id: str, name: str | None) -> None:
        await self._cases.assign(report_id, name)

    # Its state

    async def set_status(self, report_id: str, status: str) -> None:
        """Of an open report; closing and opening again have their own ways."""
        _check(status in OPEN_STATUSES)
        row = await self._row(report_id)
        await self._change(report_id, kept(row, self._clocks.moved(row, status)))

    async def close(self, report_id: str, outcome: str) -> None:
        _check(outcome in CLOSINGS)
        row = await self._row(report_id)
        changed = self._clocks.moved(row, CLOSED) | {"outcome": outcome, "closed_on": today()}
        await self._change(report_id, kept(row, changed))

    async def reopen(self, report_id: str) -> None:
        row = await self._row(report_id)
        await self._change(report_id, kept(row, self._clocks.started(IN_REVIEW, today())))

    async def comes_back(self, report_id: str) -> None:
        """A body does not take it, or could not be reached: it is staff's again, and their clock runs from today."""
        row = await self._reports.report(report_id)
        if row and row.status == REFERRED:
            await self._change(report_id, self._clocks.started(IN_REVIEW, today()))

    async def set_triage(self, report_id: str, triage: str) -> None:
        _check(triage in TRIAGES)
        await self._change(report_id, kept(await self._row(report_id), {"triage": triage}))

    async def set_labels(self, report_id: str, typed: str) -> list[str]:
        """From words with commas between; those that are kept."""
        labels = labels_in(typed)
        await self._row(report_id)
        await self._cases.set_labels(report_id, labels)
        return labels

    async def set_translator(self, report_id: str, *, needed: bool) -> None:
        await self._change(report_id, {"translator": needed})

    async def set_journal(self, report_id: str, journal: str) -> None:
        _check(journal in JOURNAL)
        await self._change(report_id, {"journal": journal})

    async def hold(self, report_id: str, reason: str | None) -> None:
        """Keep a report from being deleted, for a reason of law; None lets it go."""
        _check(reason is None or reason in HOLDS)
        await self._change(report_id, {"hold": reason})

    async def _change(self, report_id: str, values: Mapping[str, Any]) -> None:
        await self._cases.change(report_id, values)

    async def _row(self, report_id: str) -> ReportRow:
        row = await self._reports.report(report_id)
        if row is None:
            raise ConversationEndedError("the report is gone")
        return row


def labels_in(typed: str) -> list[str]:
    """Words with commas between, each once; raises ValueError for too many or too long ones."""
    labels = list(dict.fromkeys(each for it in typed.split(",") if (each := " ".join(it.split()))))
    _check(len(labels) <= MOST_LABELS, all(len(each) <= LONGEST_LABEL for each in labels))
    return labels


def days_left(row: ReportRow, day: dt.date) -> int | None:
    """Until its clock runs out: negative once it has; None while nobody waits for staff."""
    return (row.clock_due - day).days if row.clock_due else None


def _check(*rights: bool) -> None:
    if not all(rights):
        raise ValueError("not a code of the vocabulary")
