"""What becomes of an invented report: how it is sorted, answered, handed over and closed, up to the last day."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from bot.casework.clocks import CLOSED, IN_REVIEW, NEW, REFERRED, Clocks
from bot.casework.consents import COUNT_ONLY, level_of
from bot.casework.handover_rules import ACCEPTED, DECLINED, SENT
from bot.casework.telling import Telling
from bot.casework.vocabulary import AUTHORITIES, BY_DOWNLOAD, DUTY, FORWARD, READ, WITH_CONSENT
from bot.simulation.assumptions import Assumptions
from bot.simulation.counts import Counts
from bot.simulation.dice import Dice
from bot.store.case_verbs import HandoverRow

BY_WHOM = "simulated"
"""In the place of a name."""
GENUINE, SPAM = "genuine", "spam"
NOT_A_REPORT, COUNTED, NO_CONTACT, ANSWERED, HANDED_OVER = (
    "not_a_report", "counted", "no_contact", "answered", "handed_over",
)  # fmt: skip
PENDING = "pending"
SERIOUSLY, MOST_DAYS = "poll.taken_seriously", 20


@dataclass
class Handled:
    """A report as it came, and what had become of it on the last day."""

    id: str
    came: dt.date
    language: str
    telling: Telling
    triage: str
    """What staff take it for once they have seen it."""
    changes: dict[str, Any] = field(default_factory=dict)
    """Columns of `report` that are no longer as they were when it came."""
    messages: list[dt.date] = field(default_factory=list)
    """Days on which staff wrote."""
    handovers: list[HandoverRow] = field(default_factory=list)


@dataclass
class Handling:
    dice: Dice
    assumed: Assumptions
    counts: Counts
    clocks: Clocks
    until: dt.date

    def handle(self, report: Handled) -> None:
        """Everything that staff do with it in its time."""
        seen, level = self._later(report.came, "triage_days"), level_of(report.telling.consents())
        self._change(report, seen, triage=report.triage)
        if report.triage != GENUINE:
            self._close(report, seen, NOT_A_REPORT)
        elif level == COUNT_ONLY:
            self._close(report, seen, COUNTED)
        elif level == READ:
            self._change(report, seen, status=IN_REVIEW)
            self._close(report, self._later(seen, "after_days"), NO_CONTACT)
        else:
            self._work_on(report, seen, level)
        report.changes["clock_due"] = self.clocks.due(report.changes.get("status", NEW), report.came)

    def _work_on(self, report: Handled, seen: dt.date, level: str) -> None:
        """One whose person may be answered."""
        if self.dice.chance(self.assumed.number("never_answered")):
            self._change(report, seen, status=IN_REVIEW)
            return
        answered = self._later(seen, "answer_days")
        self._write(report, answered)
        self._change(report, answered, status=self._one("after_answer"))
        if body := self._body(level, report.telling):
            self._hand_over(report, answered, *body)
        if not report.handovers:
            end = self._later(answered, "after_days")
            self._write(report, end)
            self._close(report, end, ANSWERED)
        self._ask_how_seriously(report, answered)

    def _ask_how_seriously(self, report: Handled, answered: dt.date) -> None:
        day = answered + dt.timedelta(days=self.dice.between(0, MOST_DAYS))
        is_late = (answered - report.came).days > self.clocks.acknowledge_days
        grade = self._one("serious", "late" if is_late else "")
        if self.dice.chance(self.assumed.number("taken_seriously")) and day <= self.until:
            self.counts.tally(day, SERIOUSLY, grade, report.language)

    # Handing over

    def _body(self, level: str, telling: Telling) -> tuple[str, str] | None:
        """To whom it is handed over, and why it may be."""
        if level == FORWARD:
            return telling.codes("forward")[0], WITH_CONSENT
        if self.dice.chance(self.assumed.number("by_duty")):
            return AUTHORITIES[self.dice.between(0, len(AUTHORITIES) - 1)], DUTY
        return None

    def _hand_over(self, report: Handled, answered: dt.date, body: str, mode: str) -> None:
        """An empty package that nobody can open: only that there was one."""
        made = self._later(answered, "handover_days")
        said = self._later(made, "answered_by_body_days")
        if made > self.until:
            return
        state, outcome, changed = self._answer_of_body(made, said)
        report.handovers.append(
            HandoverRow(
                id=self.dice.hex(32), report_id=report.id, body=body, mode=mode, way=BY_DOWNLOAD, state=state,
                outcome=outcome, made_on=made, by_whom=BY_WHOM, changed_on=changed, sealed=b"",
            )
        )  # fmt: skip
        self._change(report, made, status=REFERRED)
        if state == DECLINED:
            self._change(report, said, status=IN_REVIEW)
        end = self._later(said, "after_days")
        self._close(report, end, ANSWERED if state == DECLINED else HANDED_OVER)

    def _answer_of_body(self, made: dt.date, said: dt.date) -> tuple[str, str | None, dt.date]:
        """State, outcome and the day of the last change."""
        state, outcome_on = self._one("state"), self._later(said, "outcome_days")
        if said > self.until:
            return SENT, None, made
        if state != ACCEPTED:
            return state, None, said
        return (ACCEPTED, PENDING, said) if outcome_on > self.until else (ACCEPTED, self._outcome(), outcome_on)

    def _outcome(self) -> str:
        return self._one("handover_outcome")

    # What happens on a day, if that day comes

    def _change(self, report: Handled, day: dt.date, **columns: Any) -> None:
        if day <= self.until:
            report.changes.update(columns)

    def _close(self, report: Handled, day: dt.date, outcome: str) -> None:
        self._change(report, day, status=CLOSED, outcome=outcome, closed_on=day)

    def _write(self, report: Handled, day: dt.date) -> None:
        if day <= self.until:
            report.messages.append(day)

    def _later(self, day: dt.date, median: str) -> dt.date:
        return self.dice.after(day, self.assumed.number(median))

    def _one(self, name: str, *cases: str) -> str:
        return self.dice.code(self.assumed.shares(name, *cases))
