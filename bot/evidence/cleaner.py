"""The door of the evidence room: a file comes in with its name, and goes on clean, or is refused with a reason."""

from bot.evidence.child import washed_apart
from bot.evidence.claims import contradiction
from bot.evidence.formats import Form, recognise
from bot.evidence.kinds import LARGEST, Cleaned, Kind, Refusal, RefusedError
from bot.evidence.limits import Limits
from bot.evidence.trailers import holds_late_pdf

__all__ = ["LARGEST", "Cleaned", "Kind", "Refusal", "RefusedError", "clean"]


async def clean(content: bytes, name: str) -> Cleaned:
    """What may be kept of `content`. Raises RefusedError; nothing is written to disk or to a log.

    `name` is compared with what the file is, and forgotten.
    """
    return await washed_apart(content, checked(content, name), Limits())


def checked(content: bytes, name: str) -> Form:
    """What the file is by its first bytes, within a moment. Raises RefusedError."""
    if not content:
        raise RefusedError(Refusal.EMPTY)
    if len(content) > LARGEST:
        raise RefusedError(Refusal.TOO_LARGE)
    found = recognise(content)
    if isinstance(found, Refusal):
        raise RefusedError(found)
    if found is None and holds_late_pdf(content):
        raise RefusedError(Refusal.HIDES_ANOTHER)
    reason = contradiction(name, found)
    if reason or found is None:
        raise RefusedError(reason or Refusal.UNKNOWN_KIND)
    return found
