"""Invented conversations: what somebody asked for, which places were shown, and what was said of a slip later."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.casework.vocabulary import STEPS
from bot.directory.check import UNSAID
from bot.directory.services import Directory, Service
from bot.simulation.assumptions import Assumptions
from bot.simulation.counts import Counts
from bot.simulation.dice import Dice, Ids
from bot.simulation.years import Years
from bot.store.simulation_verbs import Invented, ToldSlipRow
from bot.store.verbs import ReferralRow

LONG_ID, SHORT_ID = 64, 32
"""Digits of a keyed hash and of an id, as the desk makes them."""
NEAR, RESIDENCE, CPR = "near", "residence", "cpr"
NOT_WENT = STEPS[0]
TRUST = ("trust", "community", "influence")


@dataclass
class Conversation:
    day: dt.date
    language: str
    residence: str
    district: str
    """Theirs, told or not."""
    names_district: bool
    visit: str
    told: dict[str, str] = field(default_factory=dict)
    """{question: answer}, of what was asked."""


@dataclass
class Visits:
    """Everything that residents do but reporting."""

    dice: Dice
    directory: Directory
    entries: Mapping[str, str]
    """{code of a sign: need}."""
    assumed: Assumptions
    years: Years
    counts: Counts

    def __post_init__(self) -> None:
        self._days = self.years.shares()
        self._depends = {
            need: sorted({name for it in self.directory.services.values() for line in it.serves if line.need == need
                          for name in line.when})
            for need in self.directory.needs
        }  # fmt: skip
        self._found: dict[tuple[str, ...], list[Service]] = {}

    def batch(self, count: int, ids: Ids) -> Invented:
        """So many referrals, in the order of their ids."""
        referrals: list[ReferralRow] = []
        slips: list[ToldSlipRow] = []
        while len(referrals) < count:
            for rows, places in self._talk(self._begin(), ids):
                referrals += rows
                slips += places
        return Invented(
            referrals=sorted(referrals[:count], key=lambda row: row.id),
            slips=sorted(slips, key=lambda row: row.code_hash),
        )

    def _begin(self) -> Conversation:
        dice, assumed = self.dice, self.assumed
        language = dice.code(assumed.shares("language"))
        return Conversation(
            day=dice.code(self._days),
            language=language,
            residence=dice.code(assumed.shares("residence", language)),
            district=dice.code(assumed.shares("district")),
            names_district=dice.chance(assumed.number("names_district")),
            visit=dice.hex(LONG_ID),
        )

    def _talk(self, talk: Conversation, ids: Ids) -> Iterator[tuple[list[ReferralRow], list[ToldSlipRow]]]:
        self._count_beside(talk)
        for need in self._needs(talk):
            self._ask(talk, need)
            if self.dice.chance(self.assumed.number("unmet", need)):
                self.counts.tally(talk.day, "unmet", need, talk.language)
                continue
            services = self._services(need, talk.told)
            yield [self._referral(talk, need, it, ids) for it in services], self._slip(talk, need, services, ids)

    def _count_beside(self, talk: Conversation) -> None:
        if self.dice.chance(self.assumed.of("unknown_words", talk.language)):
            self.counts.tally(talk.day, "unknown_words", "", talk.language)
        if useful := self.dice.code(self.assumed.shares("useful")):
            self.counts.tally(talk.day, "useful", useful, talk.language)

    # What is asked for

    def _needs(self, talk: Conversation) -> list[str]:
        """Different ones; the first perhaps that of a sign, the others mostly what was offered after the one before."""
        needs = [self._first_need(talk)]
        for _ in range(1, int(self.dice.code(self.assumed.shares("needs")))):
            offered = self._offered(needs[-1])
            if offered and self.dice.chance(self.assumed.number("follows")):
                needs.append(offered[self.dice.between(0, len(offered) - 1)])
            else:
                needs.append(self._need(talk))
        return list(dict.fromkeys(needs))

    def _offered(self, need: str) -> list[str]:
        """Needs that may be counted; what is offered may be no need, such as another language."""
        known = self.directory.needs
        return [name for name in known[need].next or () if name in known and known[name].counted]

    def _first_need(self, talk: Conversation) -> str:
        if not self.dice.chance(self.assumed.number("entered")):
            return self._need(talk)
        code = self.dice.code(self.assumed.shares("entry"))
        self.counts.enter(talk.day, code, talk.language)
        return self.entries[code]

    def _need(self, talk: Conversation) -> str:
        return self.dice.code(self.assumed.shares("need", talk.residence))

    def _ask(self, talk: Conversation, need: str) -> None:
        """What the need depends on and was not told yet."""
        for question in self.directory.needs[need].asks:
            if question not in talk.told:
                talk.told[question] = self._answer(talk, question)
        talk.names_district = talk.names_district or NEAR in talk.told

    def _answer(self, talk: Conversation, question: str) -> str:
        if question == RESIDENCE:
            return talk.residence
        if question == NEAR:
            return talk.district
        return self.dice.code(self.assumed.shares(question, talk.residence))

    def _services(self, need: str, told: Mapping[str, str]) -> list[Service]:
        key = (need, *(told.get(question, UNSAID) for question in self._depends[need]))
        if key not in self._found:
            self._found[key] = self.directory.find(need, told)
        return self._found[key]

    # What is stored

    def _referral(self, talk: Conversation, need: str, service: Service, ids: Ids) -> ReferralRow:
        return ReferralRow(
            id=ids.new(SHORT_ID),
            mark=ids.new(LONG_ID),
            made_on=talk.day,
            service=service.id,
            effort=service.effort,
            need=need,
            language=talk.language,
            residence=talk.told.get(RESIDENCE),
            cpr=talk.told.get(CPR),
            district=talk.district if talk.names_district else None,
            mode=self.dice.code(self.assumed.shares("mode")),
            visit=talk.visit,
        )

    def _slip(self, talk: Conversation, need: str, services: list[Service], ids: Ids) -> list[ToldSlipRow]:
        if not self.dice.chance(self.assumed.number("slip")):
            return []
        code = ids.new(LONG_ID)
        places = [self._place(talk, need, it, code) for it in services]
        if said := [it.said_on for it in places if it.said_on]:
            self._poll(min(said), talk.language)
        return places

    def _place(self, talk: Conversation, need: str, service: Service, code: str) -> ToldSlipRow:
        row = ToldSlipRow(code, service.id, need, talk.language, talk.day)
        said_on = talk.day + dt.timedelta(days=self.dice.between(1, int(self.assumed.number("told_within"))))
        if not self.dice.chance(self.assumed.number("told_of")) or said_on > self.years.until:
            return row
        step = self.dice.code(self.assumed.shares("step", service.effort or ""))
        says_met = step != NOT_WENT and self.dice.chance(self.assumed.number("says_met"))
        met = int(self.dice.code(self.assumed.shares("met", service.effort or ""))) if says_met else None
        return ToldSlipRow(**{**vars(row), "step": step, "met": met, "said_on": said_on})

    def _poll(self, day: dt.date, language: str) -> None:
        """Once a slip, after its holder has said how it went."""
        for word in TRUST:
            if self.dice.chance(self.assumed.number("polled")):
                self.counts.tally(day, f"poll.{word}", self.dice.code(self.assumed.shares(word)), language)
