"""A report while it is told: which question comes next, what was answered, and how a part is taken back."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Self

from bot.casework import report as parts
from bot.casework import vocabulary as codes
from bot.casework.report import CODED, SEVERAL, NotAnAnswerError, Report, is_when
from bot.language.figures import Kind, masked

LONGEST_TELLING = 20_000
"""Letters of all that is told in own words to one question."""
DAY = re.compile(r"20\d\d-\d\d-\d\d")
MONTH = len("2026-11")


@dataclass(frozen=True)
class Question:
    name: str
    answers: tuple[str, ...] = ()
    """Codes that a button says; empty where it is answered in own words."""
    skip: str | None = None
    """The answer that says nothing: not sure, or rather not; None where there is no way around."""
    many: bool = False
    asked_if: Callable[["Telling"], bool] = lambda _: True

    @property
    def own_words(self) -> bool:
        return not self.answers


def _answered(question: str, *wanted: str) -> Callable[["Telling"], bool]:
    return lambda telling: telling.has(question, *wanted)


READABLE = _answered("read", codes.YES)
REACHABLE = _answered("contact", "phone", "email")
SKIPPED = "skip"

QUESTIONS = (
    Question("safe", codes.YES_NO, codes.UNSURE),
    Question("role", codes.ROLES, codes.UNSAID),
    Question("narrative"),
    Question("when", codes.WHEN, "unknown"),
    Question("district", codes.DISTRICTS, codes.UNSAID),
    Question("relation", codes.RELATIONS, codes.UNSURE),
    Question("organisation", skip=SKIPPED),
    Question("ground", codes.GROUNDS, codes.UNSURE, many=True),
    Question("area", codes.AREAS, codes.UNSURE),
    Question("form", codes.FORMS, codes.UNSURE, many=True),
    Question("worse", codes.YES_NO, codes.UNSURE),
    Question("reason", codes.REASONS, codes.UNSURE),
    Question("fair", codes.YES_NO, codes.UNSURE, asked_if=_answered("reason", "given")),
    Question("harm", codes.HARMS, codes.UNSURE, many=True),
    Question("proof", codes.PROOFS, codes.UNSURE, many=True),
    Question("wish", codes.WISHES, "not_sure", many=True),
    Question("read", codes.YES_NO, codes.UNSURE),
    Question("reply", codes.YES_NO, codes.UNSURE, asked_if=READABLE),
    Question("forward", (*codes.FORWARD_TO, codes.NO), codes.NO, asked_if=READABLE),
    Question(
        "contact", codes.CONTACTS, "receipt_only", asked_if=lambda telling: READABLE(telling) and telling.may_reply
    ),
    Question("value", skip=SKIPPED, asked_if=lambda telling: telling.asks("contact") and REACHABLE(telling)),
    Question("times", skip=SKIPPED, asked_if=lambda telling: telling.asks("contact") and REACHABLE(telling)),
)
"""In the order of a careful interview: the free account before the codes, the consents last."""
BY_NAME = {question.name: question for question in QUESTIONS}
CONSENT_OF = {"read": codes.READ, "reply": codes.REPLY, "forward": codes.FORWARD}


def hidden_in(text: str, question: str) -> str:
    """`text` as it is kept while it is told, with dots in numbers that say who somebody is.

    How somebody wants to be reached stays as it is, and in what happened a phone does until it is read back.
    """
    if question in {"value", "times"}:
        return text
    return masked(text, keep={Kind.PHONE} if question == "narrative" else ())


@dataclass
class Telling:
    """All that was answered so far; its fields go through JSON as they are."""

    attempt: str
    """Names this filing, so that a report that is sent twice is stored once."""
    answers: dict[str, list[str]] = field(default_factory=dict)
    """Question → codes, or the pieces of a text."""
    done: list[str] = field(default_factory=list)
    first: str | None = None
    """What somebody wrote that began the report, offered as the beginning of what happened."""
    receipt: str | None = None
    """The receipt under which it was paused; the report keeps it."""
    keeps_phone: bool = False
    """Whether a phone number in what happened stays readable there."""
    steps: dict[str, bool] = field(default_factory=dict)
    """Each question and other step that was reached, and whether it is counted."""

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Self:
        return cls(**kept)

    # What is asked

    @property
    def open(self) -> Question | None:
        """The question that waits for an answer; None where all that is left is to read it back."""
        return next((it for it in QUESTIONS if it.name not in self.done and it.asked_if(self)), None)

    def asks(self, name: str) -> bool:
        return name not in BY_NAME or BY_NAME[name].asked_if(self)

    def has(self, name: str, *wanted: str) -> bool:
        return bool(set(self.answers.get(name, ())) & set(wanted))

    @property
    def may_reply(self) -> bool:
        return self.has("reply", codes.YES)

    @property
    def is_told(self) -> bool:
        """Whether there is anything worth keeping: what happened, in own words."""
        return "narrative" in self.done

    # Where people stop

    def paused(self) -> Self:
        """As it is kept for later: gone on with, it is not counted as paused once more."""
        return replace(self, steps=self.steps | {codes.PAUSED: True})

    def reach(self, step: str) -> None:
        self.steps.setdefault(step, False)

    def steps_to_count(self) -> list[str]:
        """The steps that are not counted yet; from here on they are."""
        found = [step for step, is_counted in self.steps.items() if not is_counted]
        self.steps.update(dict.fromkeys(found, True))
        return found

    # What is answered

    def answer(self, name: str, code: str) -> None:
        """Take a code to the open question; of several a second press takes it back. Raises NotAnAnswerError."""
        question = self.open
        if question is None or question.name != name or not self._fits(question, code):
            raise NotAnAnswerError(name)
        chosen = self.answers.setdefault(name, [])
        if question.many and not (code == question.skip and not chosen):
            chosen[:] = [each for each in chosen if each != code] if code in chosen else [*chosen, code]
            return
        chosen[:] = [code]
        if name == "when":
            self._note_day(code)
        self.done.append(name)

    def _fits(self, question: Question, code: str) -> bool:
        if question.name == "when":
            return is_when(code[:MONTH] if DAY.fullmatch(code) else code)
        return code in question.answers

    def _note_day(self, code: str) -> None:
        """A report keeps the month in clear; the day is sealed."""
        self.answers["day"] = [code] if DAY.fullmatch(code) else []
        self.answers["when"] = [code[:MONTH]] if DAY.fullmatch(code) else [code]

    def tell(self, text: str) -> bool:
        """Take own words to the open question; False where it would become too long. Raises NotAnAnswerError."""
        question = self.open
        if question is None or not question.own_words:
            raise NotAnAnswerError("no words are asked for")
        pieces = self.answers.setdefault(question.name, [])
        if sum(map(len, pieces)) + len(text) > LONGEST_TELLING:
            return False
        pieces.append(text)
        if question.skip:  # a short answer is one message; what happened may take several
            self.done.append(question.name)
        return True

    def finish(self) -> None:
        """The open question, of several answers or in own words, is answered. Raises NotAnAnswerError if it is not."""
        question = self.open
        if question is None or not self.answers.get(question.name):
            raise NotAnAnswerError(question.name if question else "")
        self.done.append(question.name)

    def skip(self) -> None:
        """Say nothing to the open question. Raises NotAnAnswerError where that is not possible."""
        question = self.open
        if question is None or question.skip is None:
            raise NotAnAnswerError(question.name if question else "")
        self.answers[question.name] = [] if question.own_words else [question.skip]
        self.done.append(question.name)

    def skip_to_consents(self) -> None:
        """Say nothing to all that is left up to what may be done with it. Raises NotAnAnswerError before it is told."""
        if not self.is_told:
            raise NotAnAnswerError("narrative")
        while (question := self.open) and question.name not in CONSENT_OF:
            if self.answers.get(question.name):
                self.finish()
            else:
                self.skip()

    def use_first(self) -> None:
        """Begin what happened with the words that began the report."""
        if self.first and self.is_open("narrative"):
            self.tell(self.first)
            self.first = None

    def keep_phone(self) -> None:
        """Let a phone number in what happened stay readable."""
        self.keeps_phone = True

    def is_open(self, name: str) -> bool:
        return self.open is not None and self.open.name == name

    def reopen(self, name: str) -> None:
        """Ask a part anew; what happened keeps its words, to be gone on with or written anew."""
        if name not in self.done:
            raise NotAnAnswerError(name)
        self.done.remove(name)
        if name != "narrative":
            self.answers[name] = []

    def write_anew(self) -> None:
        """Forget what happened as it was written so far, while it is asked for."""
        if self.is_open("narrative"):
            self.answers["narrative"] = []

    # What was answered

    def code(self, name: str) -> str | None:
        """The one code of a question that is asked and answered, else None."""
        return next(iter(self.codes(name)), None)

    def codes(self, name: str) -> tuple[str, ...]:
        return tuple(self.answers.get(name, ())) if self.asks(name) else ()

    def words(self, name: str) -> str:
        """What was told in own words, each message a paragraph; empty for nothing."""
        return "\n".join(self.codes(name))

    def consents(self) -> dict[str, str]:
        """{consent: `no`, `yes` or the body}; only a clear yes is one."""
        said = {consent: self.code(question) or codes.NO for question, consent in CONSENT_OF.items()}
        return {consent: codes.NO if answer == codes.UNSURE else answer for consent, answer in said.items()}

    def report(self, language: str) -> Report:
        """What is to be kept. Numbers that say who somebody is are hidden, but for a phone the person wants to keep."""
        texts = {
            parts.NARRATIVE: masked(self.words("narrative"), keep={Kind.PHONE} if self.keeps_phone else set()),
            parts.ORGANISATION: masked(self.words("organisation")),
            parts.DAY: self.words("day"),
            parts.CONTACT: self._contact(),
        }
        return Report(
            codes={name: self.code(name) for name in CODED},
            several={name: self.codes(name) for name in SEVERAL},
            texts={part: text for part, text in texts.items() if text},
            consents=self.consents(),
            language=language,
        )

    def _contact(self) -> str:
        value = self.words("value")
        told = {"method": self.code("contact"), "value": value, "times": self.words("times")}
        return json.dumps(told, ensure_ascii=False) if value else ""
