"""Invented reports as they are told: which answers go together, and where people stop before the end."""

import datetime as dt
from dataclasses import dataclass

from bot.casework.telling import BY_NAME, CONSENT_OF, QUESTIONS, Telling
from bot.casework.vocabulary import FORWARD, NO, READ, REPLY, YES
from bot.simulation.assumptions import Assumptions
from bot.simulation.counts import Counts
from bot.simulation.dice import Dice

WORDS = "Opdigtet. / Simulated."
"""All that anybody says in own words."""
STEP, BEGUN, SENT, GONE = "step", "begun", "sent", "gone"
_WHEN_BACK = {"this_month": (0, 0), "last_month": (1, 1), "before": (2, 5)}
_ALLOWED = {"count_only": (), READ: ("read",), REPLY: ("read", "reply"), FORWARD: ("read", "reply", "forward")}


@dataclass
class Tellings:
    dice: Dice
    assumed: Assumptions
    counts: Counts

    def told(self, day: dt.date) -> Telling:
        """Answers to every question, as if it was told to its end."""
        area = self._one("area")
        ground = self._several("ground", "grounds", area)
        form = self._several("form", "forms", area, *ground)
        wish = self._several("wish", "wishes", *form)
        answers = {
            "safe": [YES],
            "role": [self._one("role")],
            "narrative": [WORDS],
            "when": [self._when(day)],
            "district": [self._one("district", area)],
            "relation": [self._one("relation", area)],
            "ground": ground,
            "area": [area],
            "form": form,
            "worse": [self._one("worse")],
            "reason": [self._one("reason")],
            "fair": [self._one("fair")],
            "harm": self._several("harm", "harms"),
            "proof": self._several("proof", "proofs"),
            "wish": wish,
            "contact": [self._one("contact")],
            **self._consents(area, form, wish),
        }
        return Telling(self.dice.hex(32), answers, [it.name for it in QUESTIONS])

    def _one(self, name: str, *cases: str) -> str:
        return self.dice.code(self.assumed.shares(name, *cases))

    def _several(self, name: str, how_many: str, *cases: str) -> list[str]:
        """What says nothing stands alone."""
        codes = self.dice.several(self.assumed.shares(name, *cases), int(self._one(how_many)))
        return [code for code in codes if code != BY_NAME[name].skip] or codes

    def _when(self, day: dt.date) -> str:
        when = self._one("when")
        if when not in _WHEN_BACK:
            return when
        month = day.year * 12 + day.month - 1 - self.dice.between(*_WHEN_BACK[when])
        return f"{month // 12}-{month % 12 + 1:02}"

    def _consents(self, area: str, form: list[str], wish: list[str]) -> dict[str, list[str]]:
        allowed = _ALLOWED[self._one("consent", *wish)]
        body = self._one("forward", area, *form)
        return {
            question: [(body if question == "forward" else YES) if question in allowed else NO]
            for question in CONSENT_OF
        }

    # How far people come

    def count_sent(self, day: dt.date, language: str, telling: Telling) -> None:
        self._reach(day, BEGUN, language)
        for question in _asked(telling):
            self._reach(day, question, language)
        self._reach(day, SENT, language)

    def count_begun(self, day: dt.date, language: str) -> None:
        """One that is never sent: it ends at one of the questions, or when it is read back."""
        self._reach(day, BEGUN, language)
        for question in _asked(self.told(day)):
            self._reach(day, question, language)
            if self.dice.chance(self.assumed.of("stops", question) * self.assumed.of("stops_in", language)):
                break
        if (end := self._one("ends")) != GONE:
            self._reach(day, end, language)

    def _reach(self, day: dt.date, step: str, language: str) -> None:
        self.counts.tally(day, STEP, step, language)


def _asked(telling: Telling) -> list[str]:
    return [it.name for it in QUESTIONS if it.asked_if(telling)]
