"""What reviewers who speak a language say of its texts in the console, and the way from there to the catalogues."""

import datetime as dt
import os
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from babel.messages.catalog import Catalog, Message

from bot.language.catalogue import messages_of
from bot.language.dates import today
from bot.language.exchange import Review, faults, take, with_states
from bot.language.kinds import Kind, kind_of
from bot.language.sources import STAFF, SourceText
from bot.language.states import State, review_of, source_mark
from bot.store.review_verbs import ReviewRow, Reviews

UNREAD = frozenset(State) - {State.REVIEWED}
MOST = 20
LONGEST_NAME = 35
"""Letters; Babel folds a longer comment into two lines, and the review would not be found in them."""
GONE = "this text has changed or is gone; read it anew"
CHANGED = "the translation was changed meanwhile; read it anew"
NOTHING = "there is no translation yet; write one"
EMPTY = "a correction needs words"
UNPRINTED = "a character that nobody can read"
NO_ENTRY = "not in the catalogue yet: vejviser languages --update"

type Key = tuple[str, str, str]
"""Catalogue, name and mark of the source of a text."""


@dataclass(frozen=True)
class ToRead:
    """A text as a reviewer reads it."""

    catalogue: str
    context: str
    kind: Kind
    source: str
    """In English."""
    danish: str | None
    """Beside it, where Danish is not what is read."""
    translation: str
    state: State
    pending: ReviewRow | None = None
    """What somebody said of just this; what was said of an earlier wording is not shown."""

    @property
    def source_mark(self) -> str:
        return source_mark(self.source)

    @property
    def read_mark(self) -> str:
        """Goes out with the page and comes back with what is said, so that it is bound to what was read."""
        return source_mark(self.translation)


@dataclass(frozen=True)
class Reading:
    rows: tuple[ToRead, ...]
    total: int


@dataclass(frozen=True)
class Said:
    """What comes back from the page of one text; `corrected` is None where it is right."""

    catalogue: str
    context: str
    source: str
    read: str
    """Marks, as in ToRead."""
    corrected: str | None = None


@dataclass(frozen=True)
class Applied:
    """What became of pending reviews. All but what was refused can be dropped from the store then."""

    taken: tuple[ReviewRow, ...] = ()
    outdated: tuple[ReviewRow, ...] = ()
    refused: tuple[tuple[ReviewRow, str], ...] = ()
    """Each with its first fault."""


def texts_to_review(
    code: str,
    locales: Path,
    texts: Collection[SourceText],
    pending: Iterable[ReviewRow],
    *,
    kind: Kind | None = None,
    states: Collection[State] = UNREAD,
    most: int = MOST,
    first: int = 0,
) -> Reading:
    """Texts in one of `states`: what nobody has read first, of that what harms most if it is wrong (kinds.Kind)."""
    said = {_key_of(row): row for row in pending if row.language == code}
    danish = _danish(locales) if code != STAFF else {}
    found = [_to_read(text, message, state, danish) for text, message, state in with_states(code, locales, texts)]
    wanted = [_with_pending(it, said) for it in found if it.state in states and kind in {None, it.kind}]
    order = list(Kind)
    wanted.sort(key=lambda it: (it.pending is not None, order.index(it.kind)))
    return Reading(tuple(wanted[first : first + most]), len(wanted))


async def entered(
    reviews: Reviews, code: str, locales: Path, texts: Collection[SourceText], said: Said, *, by_whom: str
) -> list[str]:
    """Note what a reviewer says, or tell every fault of it and note nothing. Raises NotSavedError."""
    name, corrected = by_whom.strip(), _plain(said.corrected)
    row = ReviewRow(code, said.catalogue, said.context, said.source, said.read, corrected, name, today())
    found = _texts(code, locales, texts).get(_key_of(row))
    wrong = list(_faults(row, found[0] if found else None))
    if not wrong:
        await reviews.note(row)
    return wrong


def applied(code: str, locales: Path, texts: Collection[SourceText], rows: Iterable[ReviewRow]) -> Applied:
    """Write the reviews of a language into its catalogues. Done again, it changes nothing more.

    Only what is still there as it was read counts. The rest is outdated and can be dropped: it can never count again,
    and its text stands among those to review anew.
    """
    known = _texts(code, locales, texts)
    taken, outdated, refused = [], [], []
    for row in rows:
        found = known.get(_key_of(row))
        if found is None or not _is_of(row, found[0]):
            outdated.append(row)
        elif wrong := next(_faults(row, found[0]), None if found[1] else NO_ENTRY):
            refused.append((row, wrong))
        else:
            taken.append(row)
    _write(code, locales, texts, taken, {key: text for key, (text, _) in known.items()})
    return Applied(tuple(taken), tuple(outdated), tuple(refused))


def fault_of_name(name: str) -> str | None:
    """Why a name cannot stand in a review (states.review_of)."""
    try:
        review_of("", name, today())
    except ValueError as error:
        return f"a reviewer needs {error}"
    if not name.isprintable() or len(name.strip()) > LONGEST_NAME:
        return f"a reviewer's name has at most {LONGEST_NAME} letters, in one line"
    return None


def states_of(code: str, locales: Path, texts: Iterable[SourceText]) -> dict[str, dict[State, int]]:
    """{kind: {state: how many texts}}; a text without an entry is missing."""
    counted = {kind.value: dict.fromkeys(State, 0) for kind in Kind}
    for text, _, state in with_states(code, locales, texts):
        counted[kind_of(text.catalogue, text.context)][state] += 1
    return counted


def _faults(row: ReviewRow, text: ToRead | None) -> Iterator[str]:
    """What keeps a review from counting; the wording is checked as that of a file that comes back (exchange)."""
    if text is None or not _is_of(row, text):
        yield CHANGED if text else GONE
        return
    if wrong := fault_of_name(row.by_whom):
        yield wrong
    wording = text.translation if row.corrected is None else row.corrected
    if not wording:
        yield NOTHING if row.corrected is None else EMPTY
        return
    if any(unicodedata.category(char) in {"Cc", "Cs"} for char in wording if char != "\n"):
        yield UNPRINTED
    yield from faults(row.context, text.source, wording)


def _is_of(row: ReviewRow, text: ToRead) -> bool:
    """Whether what was read still stands; or what was written already does, where the command was cut short."""
    return row.read == text.read_mark or row.corrected == text.translation


def _write(
    code: str, locales: Path, texts: Collection[SourceText], rows: Collection[ReviewRow], known: Mapping[Key, ToRead]
) -> None:
    by_review: dict[tuple[str, dt.date], Catalog] = defaultdict(lambda: Catalog(locale=code))
    for row in rows:
        text = known[_key_of(row)]
        wording = text.translation if row.corrected is None else row.corrected
        by_review[row.by_whom, row.on_day].add(text.source, wording, context=text.context)
    for (who, on), catalog in by_review.items():
        take(code, locales, catalog, texts, Review(who, on))
    for name in {row.catalogue for row in rows}:
        _onto_disk(locales / code / "LC_MESSAGES" / f"{name}.po")


def _onto_disk(path: Path) -> None:
    """Before the review is dropped from the store, which is on the disk at once."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _texts(code: str, locales: Path, texts: Iterable[SourceText]) -> dict[Key, tuple[ToRead, bool]]:
    """Every text of a language, and whether its catalogue has an entry for it."""
    found = ((_to_read(*each, {}), each[1] is not None) for each in with_states(code, locales, texts))
    return {(text.catalogue, text.context, text.source_mark): (text, has_entry) for text, has_entry in found}


def _to_read(text: SourceText, message: Message | None, state: State, danish: Mapping[tuple[str, str], str]) -> ToRead:
    return ToRead(
        catalogue=text.catalogue,
        context=text.context,
        kind=kind_of(text.catalogue, text.context),
        source=text.text,
        danish=danish.get((text.context, text.text)),
        translation=str(message.string or "") if message else "",
        state=state,
    )


def _with_pending(text: ToRead, said: Mapping[Key, ReviewRow]) -> ToRead:
    row = said.get((text.catalogue, text.context, text.source_mark))
    return replace(text, pending=row) if row and _is_of(row, text) else text


def _danish(locales: Path) -> dict[tuple[str, str], str]:
    return {
        (message.context or "", str(message.id)): str(message.string)
        for message in messages_of(STAFF, locales)
        if message.string and not message.fuzzy
    }


def _key_of(row: ReviewRow) -> Key:
    return row.catalogue, row.context, row.source


def _plain(corrected: str | None) -> str | None:
    """What was typed, as a browser sends it, with lines that end as those of a catalogue do."""
    return None if corrected is None else "\n".join(line.rstrip() for line in corrected.strip().splitlines())
