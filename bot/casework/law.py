"""Which rules may fit what somebody has met, and who can be asked: content/law as values. Never a verdict."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import product

from bot.casework.vocabulary import AREAS, FORMS, GROUNDS, UNSURE

MOST = 4
"""How many rules are shown at once."""


class Wording(StrEnum):
    """In the order in which rules are shown. No value says that it did not happen."""

    CAN_HELP = "can_help"
    MAY_HELP = "may_help"
    OTHER_RULE = "other_rule"
    NOT_HERE_YET = "not_here_yet"


class Confidence(StrEnum):
    OFFICIAL = "official"
    SECONDARY = "secondary"
    UNCONFIRMED = "unconfirmed"


class Fee(StrEnum):
    FREE = "free"
    PAYS = "pays"
    UNKNOWN = "unknown"


class Anonymous(StrEnum):
    """`anonymous.<value>` is what is said of it."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Start(StrEnum):
    """The day from which a time limit runs."""

    INCIDENT = "incident"
    DECISION = "decision"


WORDINGS = tuple(Wording)


@dataclass(frozen=True)
class Source:
    urls: tuple[str, ...]
    date: str
    """The age of each source, verbatim, in the order of `urls`."""
    checked_on: dt.date | None
    confidence: Confidence
    note: str | None
    """For whoever checks it; never shown."""

    @property
    def asks_for_care(self) -> bool:
        """Whether it must be said that the fact wants checking: nobody has, or its source does not carry it."""
        return self.checked_on is None or self.confidence is Confidence.UNCONFIRMED


@dataclass(frozen=True)
class TimeLimit:
    id: str
    body: str
    start: Start
    hours: int
    days: int
    months: int
    years: int
    exceptions: str
    """`exceptions.<this>` is said once the time has passed."""
    source: Source


@dataclass(frozen=True)
class Body:
    id: str
    name_da: str
    service: str | None
    """The record of content/services whose card is shown; None where there is none yet."""
    fee: Fee
    anonymous: Anonymous
    takes_forwarded: bool
    safety: bool
    """Never shown with a caution, so that no doubt keeps anyone from calling."""
    source: Source


@dataclass(frozen=True)
class Line:
    """One line of `covers`: for these grounds in these areas and forms the rule has this wording."""

    grounds: frozenset[str]
    areas: frozenset[str]
    forms: frozenset[str]
    wording: Wording
    bodies: tuple[str, ...]
    limits: tuple[str, ...]
    note: str | None
    unconfirmed: bool

    def meets(self, ground: str, area: str, form: str) -> bool:
        return ground in self.grounds and area in self.areas and form in self.forms


@dataclass(frozen=True)
class Rule:
    """An act, a way to complain, the general answer, or a gap between the acts."""

    id: str
    name_da: str | None
    name_en: str
    number: str | None
    """As the act was last promulgated, where the sources say it."""
    is_gap: bool
    caution: bool
    """False where a doubt could keep somebody from calling for help, or where nothing is claimed."""
    lines: tuple[Line, ...] = field(repr=False)
    keep: tuple[str, ...]
    source: Source

    @property
    def plain(self) -> str:
        """The name of the text that says in plain words what the rule is."""
        return f"gap.{self.id}" if self.is_gap else f"law.{self.id}.plain"


@dataclass(frozen=True)
class Fit:
    """What may be shown of one rule."""

    wording: Wording
    rule: str
    """The id of a law or a gap; `general` where no rule is known yet."""
    bodies: tuple[str, ...]
    """Whom to ask, the first for {body} in its texts; at least one has a card."""
    limits: tuple[str, ...]
    keep: tuple[str, ...]
    """`keep.<this>`: what is worth writing down or saving."""
    unconfirmed: bool
    """Derived, or general knowledge: the source does not say it for this case."""
    texts: tuple[str, ...]
    """Names in words.yml, in the order in which they are said; a caution is the last where one is due."""

    @property
    def rank(self) -> tuple[int, bool]:
        return WORDINGS.index(self.wording), self.unconfirmed

    def joined(self, other: "Fit") -> "Fit":
        """The better of two fits of one rule, with the bodies and time limits of both."""
        best, rest = (self, other) if self.rank <= other.rank else (other, self)
        return replace(best, bodies=_once(best.bodies + rest.bodies), limits=_once(best.limits + rest.limits))


@dataclass(frozen=True)
class Law:
    rules: Mapping[str, Rule]
    bodies: Mapping[str, Body]
    limits: Mapping[str, TimeLimit]
    words: Mapping[str, str]
    """{name: text in the source language}, as every text a resident reads is named for translation."""

    def fits(self, grounds: Iterable[str], area: str, forms: Iterable[str], most: int = MOST) -> list[Fit]:
        """The rules that may fit, best wording first, each once; always at least one.

        What is not a code, and an empty answer, count as unsure: nobody is left without somebody to ask.
        """
        found: dict[str, Fit] = {}
        for cell in product(_codes(grounds, GROUNDS), _codes((area,), AREAS), _codes(forms, FORMS)):
            for fit in self.fits_of(*cell):
                found[fit.rule] = found[fit.rule].joined(fit) if fit.rule in found else fit
        order = list(self.rules)
        return sorted(found.values(), key=lambda fit: (fit.rank[0], order.index(fit.rule)))[:most]

    def limits_of(self, body: str) -> list[TimeLimit]:
        return [limit for limit in self.limits.values() if limit.body == body]

    def fits_of(self, ground: str, area: str, form: str) -> Iterator[Fit]:
        """One for each line that fits, unsorted: a rule may come more than once."""
        for rule in self.rules.values():
            for line in rule.lines:
                if line.meets(ground, area, form):
                    yield _fit(rule, line)


def _fit(rule: Rule, line: Line) -> Fit:
    unconfirmed = line.unconfirmed or rule.source.confidence is Confidence.UNCONFIRMED
    texts = [f"wording.{line.wording}", rule.plain]
    if line.note:
        texts.append(f"note.{line.note}")
    if rule.caution and (unconfirmed or rule.source.asks_for_care):
        texts.append("law.check")
    return Fit(line.wording, rule.id, line.bodies, line.limits, rule.keep, unconfirmed, tuple(texts))


def _codes(answers: Iterable[str], known: tuple[str, ...]) -> list[str]:
    """In the vocabulary's order, so that the order of pressing changes nothing."""
    given = {answer if answer in known else UNSURE for answer in answers} or {UNSURE}
    return [code for code in known if code in given]


def _once(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
