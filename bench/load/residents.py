"""Residents who type, press and report over HTTP, each on a connection of their own, and what every turn took.

What they type are training messages of every need, each with an ending of its own, so that no reading is remembered.
"""

import random
import statistics
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from bench.clients import CUT, Connection
from bot.engine.turn import RECEIPT
from bot.language.figures import Kind, figures_in, masked
from bot.language.languages import find_languages
from bot.settings import Settings
from tests.reports import SEND, Step, way
from tests.training_messages import all_messages

BEGUN, TYPED, PRESSED, TELLING, SENT = KINDS = ("begun", "typed", "pressed", "telling", "sent")
"""A conversation's beginning; a message; a button; any turn of a report before it is sent; the sending."""
REPORTS, TURNS = 0.1, 8
"""Share of conversations that are reports; turns of one that is none."""
NOT_PRESSED = ("delete", "language_", "need_report", "leave")
CANCEL = "report_cancel"
"""Offered while a report is told, when what is said does not stay in the chat."""
PATIENCE, BETWEEN = 60.0, 0.25
"""Seconds in which a message is sent again and again, and between two times."""


@dataclass(frozen=True, slots=True)
class Took:
    kind: str
    seconds: float


@dataclass
class Found:
    """What one resident met."""

    turns: list[Took] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    """What went missing: a message without an answer, or that does not stand once in the chat; a receipt not given."""
    receipts: list[str] = field(default_factory=list)

    @classmethod
    def together(cls, found: Iterable["Found"]) -> "Found":
        """What all of them met."""
        all_of_them = cls()
        for one in found:
            all_of_them.turns += one.turns
            all_of_them.errors += one.errors
            all_of_them.lost += one.lost
            all_of_them.receipts += one.receipts
        return all_of_them

    def seconds(self, *kinds: str) -> list[float]:
        """Of each turn; of these kinds, or of all."""
        return [it.seconds for it in self.turns if it.kind in (kinds or KINDS)]


class Resident(Connection):
    """Talks until told to stop; `pause` is the mean of the seconds in which they read and write."""

    def __init__(self, port: int, number: int, pause: float) -> None:
        super().__init__(port)
        self.found = Found()
        self._chance = random.Random(number)  # noqa: S311 - the same residents each time
        self._language = LANGUAGES[number % len(LANGUAGES)]
        self._pause = pause
        self._offered: list[str] = []
        self._ended = False
        self._typed: list[str] = []

    def live(self, goes_on: Callable[[], bool]) -> Found:
        """Conversation after conversation, as long as it goes on."""
        time.sleep(self._chance.uniform(0, self._pause))
        while goes_on():
            self._cookie = ""
            self._typed = []
            self._send(BEGUN, "/api/chat/session", {"lang": self._language})
            steps = self._report() if self._chance.random() < REPORTS else self._questions()
            for kind, step in steps:
                if self._ended or not goes_on():
                    break
                self._rest()
                self._say(kind, step)
            self._look_back()
        self._connection.close()
        return self.found

    def _rest(self) -> None:
        if self._pause:
            time.sleep(self._chance.expovariate(1 / self._pause))

    def _questions(self) -> Iterator[tuple[str, Step]]:
        for _ in range(TURNS):
            offered = [it for it in self._offered if not it.startswith(NOT_PRESSED)]
            if offered and self._chance.random() < 0.5:
                yield PRESSED, Step(button=self._chance.choice(offered))
            else:
                yield TYPED, Step(text=f"{self._chance.choice(MESSAGES[self._language])} {self._number()}")

    def _report(self) -> Iterator[tuple[str, Step]]:
        words = " ".join(self._chance.choices(MESSAGES[self._language], k=12))
        for step in way(words, short=self._chance.random() < 0.5):
            yield TELLING, step
        yield SENT, Step(button=SEND)

    def _number(self) -> str:
        """Of a house, say: short, and most likely never said before."""
        return str(self._chance.randrange(10_000))

    def _say(self, kind: str, step: Step) -> None:
        said = {"button": step.button} if step.button else {"text": step.text}
        reply = self._send(kind, "/api/chat/messages", {"id": uuid.uuid4().hex, **said})
        if step.text and CANCEL not in self._offered:
            self._typed.append(masked(step.text))
        # Whoever presses this and that may tell and send a report as well.
        texts = [message["text"] for message in reply.get("messages", ()) if message["reply"] == RECEIPT]
        self.found.receipts += [it.digits for text in texts for it in figures_in(text) if it.kind is Kind.RECEIPT]
        if kind == SENT and reply and not texts:
            self.found.lost.append("no receipt")

    def _send(self, kind: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """As the page does: again under the same id where no answer came; every such time is an error."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                seconds, reply = self._post(path, body)
            except CUT as error:
                self._failed(kind, error)
                time.sleep(BETWEEN)
            else:
                self.found.turns.append(Took(kind, seconds))
                self._ended = bool(reply.get("ended"))
                self._offered = [button["id"] for message in reply["messages"] for button in message["buttons"]]
                return dict(reply)
        self.found.lost.append(f"no answer: {kind}")
        return {}

    def _failed(self, kind: str, error: Exception) -> None:
        self.found.errors.append(f"{kind}: {error}"[:120])
        self._connection.close()

    def _look_back(self) -> None:
        """Each message that was typed stands once in the chat, in its order; of a chat that was deleted none."""
        if self._ended:
            return
        try:
            _, told = self._ask("GET", "/api/chat/messages")
        except CUT as error:
            self._failed("looking back", error)
            return
        there = [it["text"] for it in told["messages"] if it["from"] == "resident" and it["text"] in self._typed]
        if there != self._typed:
            self.found.lost.append(f"{len(there)} of {len(self._typed)} messages")


def live(port: int, residents: int, seconds: float, pause: float) -> Found:
    """So many at once, and what they met together."""
    goes_on = for_seconds(seconds)
    with ThreadPoolExecutor(residents) as threads:
        lives = threads.map(lambda number: Resident(port, number, pause).live(goes_on), range(residents))
        return Found.together(lives)


def spread(seconds: Sequence[float]) -> str:
    """p50, p95 and p99 in milliseconds."""
    if len(seconds) < 2:
        return "–"
    cuts = statistics.quantiles((1000 * it for it in seconds), n=100, method="inclusive")
    return " / ".join(f"{cuts[at - 1]:.0f}" for at in (50, 95, 99))


def for_seconds(seconds: float) -> Callable[[], bool]:
    """From now on."""
    until = time.monotonic() + seconds
    return lambda: time.monotonic() < until


def _messages() -> dict[str, list[str]]:
    by_language: dict[str, list[str]] = {code: [] for code in LANGUAGES}
    for text, _need, language, _path in all_messages():
        if language in by_language:
            by_language[language].append(text)
    return by_language


SETTINGS = Settings()
LANGUAGES = list(find_languages(SETTINGS.locales, SETTINGS.data / "nlu"))
MESSAGES = _messages()
