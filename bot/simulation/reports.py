"""Invented reports as rows: told, sealed as a real one is, and handled up to the last day."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from bot.casework.clocks import Clocks
from bot.casework.consents import keys_for_staff, may
from bot.casework.desk import columns_of
from bot.casework.keyring import PublicKeys
from bot.casework.report import Report
from bot.casework.retention import keep_until
from bot.casework.sealing import ReportKey
from bot.casework.vocabulary import READ
from bot.simulation.assumptions import Assumptions
from bot.simulation.counts import Counts
from bot.simulation.dice import Dice, Ids, Shares
from bot.simulation.handling import SPAM, Handled, Handling
from bot.simulation.tellings import WORDS, Tellings
from bot.simulation.years import Years
from bot.store.report_verbs import MESSAGE, REPORTER, STAFF, ConsentRow, FiledReport, PieceRow, ReportRow
from bot.store.simulation_verbs import Invented, InventedReport

VERSION = "simulated"
"""Of a consent's text: nobody read one."""


@dataclass
class Reports:
    dice: Dice
    assumed: Assumptions
    years: Years
    counts: Counts
    public: PublicKeys

    def __post_init__(self) -> None:
        self._days = self.years.shares()
        self._bursts = Shares(
            dict.fromkeys((self.dice.code(self._days) for _ in range(int(self.assumed.number("bursts")))), 1)
        )
        self._tellings = Tellings(self.dice, self.assumed, self.counts)
        self._handling = Handling(self.dice, self.assumed, self.counts, Clocks(), self.years.until)

    def batch(self, count: int, ids: Ids) -> Invented:
        """So many that were sent, and with them those that were begun only."""
        reports = [self._report(ids) for _ in range(count)]
        for _ in range(round(count * (self.assumed.number("begun_a_sent_one") - 1))):
            self._tellings.count_begun(self.dice.code(self._days), self._language())
        return Invented(reports=sorted(reports, key=lambda it: it.filed.row.id))

    def _report(self, ids: Ids) -> InventedReport:
        triage = self.dice.code(self.assumed.shares("triage"))
        day, language = self._day(triage), self._language()
        report = Handled(ids.new(32), day, language, self._tellings.told(day), triage)
        self._tellings.count_sent(day, language, report.telling)
        self._handling.handle(report)
        return InventedReport(self._filed(report), tuple(report.handovers))

    def _day(self, triage: str) -> dt.date:
        """Much of what is spam comes at once."""
        at_once = triage == SPAM and self.dice.chance(self.assumed.number("in_burst"))
        return self.dice.code(self._bursts if at_once else self._days)

    def _language(self) -> str:
        return self.dice.code(self.assumed.shares("language"))

    # As the desk files it

    def _filed(self, report: Handled) -> FiledReport:
        told = report.telling.report(report.language)
        key = ReportKey.new(report.id)
        return FiledReport(
            row=self._row(report, told),
            answers=tuple((question, code) for question, codes in told.several.items() for code in codes),
            pieces=tuple(self._pieces(report, told, key)),
            keys=tuple(keys_for_staff(key, self.public)) if may(told.consents, READ) else (),
            consents=tuple(
                ConsentRow(report.id, consent, answer, VERSION, report.language, report.came)
                for consent, answer in told.consents.items()
            ),
        )

    def _row(self, report: Handled, told: Report) -> ReportRow:
        row = ReportRow(
            id=report.id,
            receipt_hash=self.dice.hex(64),
            received_on=self.years.until,
            keep_until=self.years.until,
            **columns_of(told),
            clock_from=report.came,
        )
        # Kept as if it had come on the last day: the daily run deletes nothing of a demonstration for two years.
        kept_until = keep_until(row)
        return ReportRow(**{**vars(row), "received_on": report.came, "keep_until": kept_until, **report.changes})

    def _pieces(self, report: Handled, told: Report, key: ReportKey) -> Iterator[PieceRow]:
        """Each with the one sentence that there is."""
        for part in told.texts:
            yield self._piece(report, key, part, REPORTER, report.came)
        for day in report.messages:
            yield self._piece(report, key, MESSAGE, STAFF, day)

    def _piece(self, report: Handled, key: ReportKey, kind: str, sender: str, day: dt.date) -> PieceRow:
        piece_id = self.dice.hex(32)
        sealed = key.seal(f"{kind}/{piece_id}", WORDS)
        return PieceRow(piece_id, report.id, kind, sender, report.language, day, sealed)
