"""Compares two releases of one period whose records are not the same, as somebody would who has both (R9)."""

from bot.statistics.lines import Seen, dimensions_of, seen, source_of
from bot.statistics.table import Released
from bot.statistics.thresholds import SMALL


def tells_of_changes(now: Seen, before: Seen) -> bool:
    """Whether both together tell of 1 to 4 records that came, went or changed their codes.

    Some figure of both differs by so many; or one hides what the other shows, so that whoever knows how many records
    came narrows what is hidden; or the lines of the same table are not the same, so that it cannot be compared.
    """
    if now.released.name == before.released.name and now.lines != before.lines:
        return True
    return any(_differ(*both) or _shows_hidden(*both) for both in ((now, before), (before, now)))


def _differ(one: Seen, other: Seen) -> bool:
    for place, value in one.figures().items():
        codes = one.codes_at(place)
        same = other.told(codes) if codes or one.released.name == other.released.name else None
        if value is not None and same is not None and 0 < abs(value - same) < SMALL:
            return True
    return False


def _shows_hidden(one: Seen, other: Seen) -> bool:
    hidden = (one.codes_at(place) for place, value in one.figures().items() if value is None)
    return any(other.told(codes) is not None for codes in hidden)


def says_otherwise(now: Released, before: Released) -> bool:
    """Whether a public figure is not as it was: the same table, or the same codes of one source in another."""
    if source_of(now.name) != source_of(before.name) or not {*dimensions_of(now.name)} & {*dimensions_of(before.name)}:
        return False
    as_now, as_before = seen(now), seen(before)
    if now.name == before.name:
        return as_now.lines != as_before.lines or as_now.figures() != as_before.figures()
    was = {frozenset(as_before.codes_at(at).items()): value for at, value in as_before.figures().items()}
    told = ((frozenset(as_now.codes_at(at).items()), value) for at, value in as_now.figures().items())
    return any(was.get(codes, value) != value for codes, value in told if codes)
