"""In what state a translation is, computed from what its entry records."""

import datetime as dt
import hashlib
import re
from collections.abc import Iterable
from enum import StrEnum

from babel.messages.catalog import Message

_REVIEWED = re.compile(r"reviewed by (?P<who>[^,]+), (?P<on>\d{4}-\d\d-\d\d), of (?P<source>[0-9a-f]{12})")


class State(StrEnum):
    MISSING = "missing"
    OUTDATED = "outdated"
    UNREVIEWED = "unreviewed"
    REVIEWED = "reviewed"


def source_mark(source: str) -> str:
    """Twelve hex digits that name a source text, so that a review is bound to what was read."""
    return hashlib.blake2b(source.encode(), digest_size=6).hexdigest()


def review_of(source: str, who: str, on: dt.date) -> str:
    """What an entry records when somebody who speaks its language has read it; raises ValueError for no plain name."""
    if not who.strip() or "," in who or "\n" in who:
        raise ValueError("a name without commas")
    return f"reviewed by {who.strip()}, {on.isoformat()}, of {source_mark(source)}"


def state_of(source: str, translation: str, *, fuzzy: bool, comments: Iterable[str]) -> State:
    """A review counts only for the source text that was reviewed."""
    if not translation:
        return State.MISSING
    if fuzzy:
        return State.OUTDATED
    for comment in comments:
        review = _REVIEWED.search(comment)
        if review and review["source"] == source_mark(source):
            return State.REVIEWED
    return State.UNREVIEWED


def state_of_message(message: Message) -> State:
    return state_of(str(message.id), str(message.string or ""), fuzzy=message.fuzzy, comments=message.user_comments)
