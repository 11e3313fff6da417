"""A plain .po for a translator, and the way back: nothing that would break a reply is taken."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import write_po

from bot.language.catalogue import CATALOGUES, PLACEHOLDER, messages_of, placeholders, read_file
from bot.language.extract import HEADER, write_catalogue
from bot.language.figures import in_ascii_digits
from bot.language.kinds import kind_of
from bot.language.sources import SourceText
from bot.language.states import State, review_of, state_of_message

BUTTON = "button_"
LONGEST_BUTTON = 3.0
"""So many times as long as the English title, and ten letters more, a button may be: it stands on a phone."""
TELLING = 10
"""A smaller number may be a word: "two offices"."""
_HELP = "Keep {placeholders}, every number, and as many lines as the source has. Danish names of offices stay Danish."


@dataclass(frozen=True)
class Refusal:
    """What a returned file has wrong, and where."""

    line: int
    name: str
    what: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.name}: {self.what}"


def with_states(
    code: str, locales: Path, texts: Iterable[SourceText]
) -> Iterator[tuple[SourceText, Message | None, State]]:
    """Each text with its entry in a language and the state of that; one without an entry is missing."""
    known = {(message.context, message.id): message for message in messages_of(code, locales)}
    for text in texts:
        message = known.get((text.context, text.text))
        yield text, message, state_of_message(message) if message else State.MISSING


def export(code: str, locales: Path, texts: Iterable[SourceText], states: set[State]) -> Catalog:
    """The texts of a language that are in one of `states`, each with its kind and state as a comment."""
    catalog = Catalog(locale=code, project="vejviser", fuzzy=False)
    for text, message, state in with_states(code, locales, texts):
        if state in states:
            catalog.add(
                text.text,
                message.string if message else "",
                context=text.context,
                auto_comments=[f"{text.catalogue}, {kind_of(text.catalogue, text.context)}, {state}"],
                flags=["fuzzy"] if state is State.OUTDATED else [],
            )
    return catalog


def write_export(path: Path, code: str, catalog: Catalog) -> None:
    with path.open("wb") as file:
        file.write(f"# {_HELP}\n{HEADER.format(code=code, plural=catalog.plural_forms)}".encode())
        write_po(file, catalog, width=0, omit_header=True, sort_output=False)


def refusals(returned: Catalog, texts: Iterable[SourceText]) -> Iterator[Refusal]:
    """Everything that keeps a returned file from being taken, by line."""
    wanted = {(text.context, text.text) for text in texts}
    for message in _translated(returned):
        line, name = message.lineno or 0, message.context or ""
        if (name, message.id) not in wanted:
            yield Refusal(line, name, "no text of this name has this source any more; export anew")
            continue
        for what in faults(name, str(message.id), str(message.string)):
            yield Refusal(line, name, what)


def faults(name: str, source: str, translation: str) -> Iterator[str]:
    """What a translation loses or breaks."""
    lost, added = placeholders(source) - placeholders(translation), placeholders(translation) - placeholders(source)
    if lost or added:
        yield f"placeholders differ: lost {sorted(lost)}, added {sorted(added)}"
    elif "{" in PLACEHOLDER.sub("", translation):
        yield "a brace without a placeholder"
    if translation.count("\n") != source.count("\n"):
        yield f"{source.count(chr(10)) + 1} lines became {translation.count(chr(10)) + 1}"
    lost_numbers = [number for number in _numbers(source) - _numbers(translation) if number >= TELLING]
    if lost_numbers:
        yield f"numbers are missing: {', '.join(map(str, sorted(lost_numbers)))}"
    if name.startswith(BUTTON) and len(translation) > LONGEST_BUTTON * len(source) + 10:
        yield "too long for a button"


@dataclass(frozen=True)
class Review:
    """Who has read a file that came back, and when: then all of it counts as reviewed."""

    who: str
    on: dt.date


def take(code: str, locales: Path, returned: Catalog, texts: Iterable[SourceText], review: Review | None = None) -> int:
    """Write what a checked file brings into the language's catalogues; how many texts changed."""
    home = {(text.context, text.text): text.catalogue for text in texts}
    brought: dict[str, dict[tuple[str, str], Message]] = {name: {} for name in CATALOGUES}
    for message in _translated(returned):
        key = (message.context or "", str(message.id))
        brought[home[key]][key] = message
    folder = locales / code / "LC_MESSAGES"
    return sum(_merge(folder / f"{name}.po", code, new, review) for name, new in brought.items() if new)


def _merge(path: Path, code: str, new: Mapping[tuple[str, str], Message], review: Review | None) -> int:
    catalog, changed = read_file(path, code), 0
    for message in catalog:
        found = new.get((message.context or "", str(message.id)))
        if not found:
            continue
        if found.string != message.string or message.fuzzy:
            message.string = found.string
            message.flags.discard("fuzzy")
            message.user_comments = []
            changed += 1
        if review:
            message.user_comments = [review_of(str(message.id), review.who, review.on)]
    write_catalogue(path, code, catalog)
    return changed


def _translated(returned: Catalog) -> Iterator[Message]:
    """What was translated: an entry that is empty, or still marked fuzzy, brings nothing."""
    return (message for message in returned if message.id and message.string and not message.fuzzy)


def _numbers(text: str) -> Counter[int]:
    """Every number outside placeholders, in any digits and with any separator of thousands."""
    plain = PLACEHOLDER.sub("", in_ascii_digits(text)).replace("24/7", "")  # "day and night" has no number
    whole = re.sub(r"(?<=\d)[.,٬ \u00a0\u202f](?=\d{3}(?!\d))", "", plain)
    return Counter(int(digits) for digits in re.findall(r"\d+", whole))
