"""Gives a file to the cleaner of its form. This is what the child does; what goes wrong in it is a reason to refuse."""

from collections.abc import Callable
from functools import partial

from bot.evidence.formats import Form
from bot.evidence.kinds import Cleaned, Kind, Refusal, RefusedError
from bot.evidence.trailers import hides_another

type Cleaner = Callable[[bytes], Cleaned]


def cleaner_of(form: Form) -> Cleaner:
    """Loads the one library that is needed, and no other: each reads hostile bytes in C."""
    match form.kind:
        case Kind.PHOTO:
            from bot.evidence import photo  # noqa: PLC0415 - see above

            return partial(photo.clean, form=form)
        case Kind.DOCUMENT:
            from bot.evidence import document  # noqa: PLC0415 - see above

            return document.clean
        case Kind.AUDIO:
            from bot.evidence import sound  # noqa: PLC0415 - see above

            return partial(sound.clean, form=form)
        case Kind.TEXT:
            from bot.evidence import text  # noqa: PLC0415 - see above

            return text.clean


def wash(content: bytes, form: Form, clean: Cleaner) -> Cleaned:
    """Raises RefusedError, whatever the libraries raise."""
    if hides_another(content, form):
        raise RefusedError(Refusal.HIDES_ANOTHER)
    try:
        return clean(content)
    except RefusedError:
        raise
    except MemoryError:
        raise RefusedError(Refusal.BOMB) from None
    except Exception:  # noqa: BLE001 - readers of hostile bytes raise whatever they like, and all of it means one thing
        raise RefusedError(Refusal.BROKEN) from None
