"""Rounds a table for the public (tier public, R8): each figure on its own, to a multiple of five, by a secret."""

import hashlib
import hmac
import json
from collections.abc import Sequence

from bot.errors import SettingError
from bot.statistics.attacker import told
from bot.statistics.changes import says_otherwise
from bot.statistics.facts import NOTHING, Facts
from bot.statistics.lines import Place, behind, merges, seen, source_of
from bot.statistics.release import PUBLIC
from bot.statistics.shaping import Draft, Levels, coarser, shape, summed
from bot.statistics.table import Refused, Released, Table
from bot.statistics.thresholds import BASE, THIN

NOTES = ("rounded_to_base_5", "figures_do_not_add_up")
_SHORTEST_KEY = 16
_DRAWS = 2**64


def publish(
    tables: Sequence[Table], earlier: Sequence[Released], levels: Levels, key: bytes, facts: Facts = NOTHING
) -> list[Released | Refused]:
    """One answer for each table, in their order, as `protect` has it; `earlier` are the public ones of the period."""
    out: list[Released] = [*earlier]
    answers: list[Released | Refused] = []
    for table in tables:
        answers.append(answer := rounded(table, key, levels, out, facts))
        out += [answer] if isinstance(answer, Released) else []
    return answers


def rounded(
    table: Table, key: bytes, levels: Levels | None = None, earlier: Sequence[Released] = (), facts: Facts = NOTHING
) -> Released | Refused:
    """The table as the public may read it; refused where its total is below 10, or where R4 or R5 leave nothing.

    Unbiased: a figure goes up as often as it is near the next multiple of five. The same records of a period always
    give the same figure, in whatever table, so that repeats do not average out; and where `earlier` has a figure of
    the period, there is no other: a table of records that have changed since is refused (R2). Nobody can tell of a
    count of 1 to 4 that it is one, by all the sums in the table and in `earlier`, and by what `facts` derives. (Which
    codes can meet is left to the tests: it takes minutes, and rounding blurs it.)
    """
    if len(key) < _SHORTEST_KEY:
        raise SettingError("the key for rounding statistics needs 16 bytes or more")
    if min(sum(table.counts.values()), behind(table.people.values())) < THIN:
        return Refused(table.name, table.period, "too_few")
    own = (PUBLIC, table.period, source_of(table.name))
    before = [one for one in earlier if (one.tier, one.period, source_of(one.name)) == own]
    draft = shape(table, levels or {})
    while isinstance(draft, Draft):
        written = _written(draft, key)
        if any(says_otherwise(written, one) for one in before):
            return Refused(table.name, table.period, "differs")
        if not _tells([*before, written], Facts(facts.derived)):
            return written
        draft = coarser(draft, levels or {})
    return draft


def _tells(group: Sequence[Released], facts: Facts) -> bool:
    """Whether a count of 1 to 4 can be told from none and from five, which takes several rounded the same way.

    What is rounded to more than five is more than that; of the others, each that can be neither is such a count.
    """
    small = {
        (one.name, one.period, *at)
        for one in group
        for at, value in seen(one).figures().items()
        if value is not None and value <= BASE
    }
    return bool(small and told(group, small, facts))


def _written(draft: Draft, key: bytes) -> Released:
    records = summed({cell: draft.table.record_keys[cell] for cell in draft.table.counts}, draft.lines)
    public = {place: _public(draft, place, _draw(draft, records[place] % _DRAWS, key)) for place in draft.counts}
    merged = merges(draft.dimensions, draft.lines)
    return Released(
        draft.table.name,
        draft.table.period,
        PUBLIC,
        draft.rows,
        draft.columns,
        {cell: public[cell] for cell in draft.cells()},
        {row: _of_ten(draft, (row, None), public[row, None]) for row in draft.rows},
        {column: _of_ten(draft, (None, column), public[None, column]) for column in draft.columns},
        public[None, None],
        merged,
        NOTES + (("lines_merged",) if merged else ()),
    )


def _of_ten(draft: Draft, place: Place, figure: int) -> int | None:
    """Totals below 10 are not published; an empty line's zero is."""
    return None if 0 < min(draft.counts[place], draft.people[place]) < THIN else figure


def _public(draft: Draft, place: Place, draw: int) -> int:
    """Where few people stand behind a figure, they are what is rounded (R0)."""
    count = draft.counts[place] if not draft.primary(place) else min(draft.counts[place], draft.people[place])
    return _nearest(count, draw)


def _nearest(count: int, draw: int) -> int:
    """The multiple of five below or above, as often as it is near."""
    below, over = divmod(count, BASE)
    return BASE * (below + (draw * BASE < over * _DRAWS))


def _draw(draft: Draft, records: int, key: bytes) -> int:
    """Evenly from 0 to 2**64 - 1, by the records behind a figure and by nothing else (cell key method).

    Where the same records stand in a cell and in its line, both figures are the same; two would tell more than one.
    """
    return _drawn(key, source_of(draft.table.name), draft.table.period, f"{records:016x}")


def _drawn(key: bytes, *about: str | int) -> int:
    """The same for the same; without the key nobody can tell it."""
    return int.from_bytes(hmac.digest(key, json.dumps(about).encode(), hashlib.sha256)[:8])


def rounded_count(number: int, name: str, period: str, key: bytes) -> int | None:
    """A single count for the public; None from 1 to 9. The same count of a period is always rounded the same way."""
    if 0 < number < THIN:
        return None
    return _nearest(number, _drawn(key, name, period, number))


def record_key(record: str) -> int:
    """A record's part in `Table.record_keys`: no secret, but useless without the key of `rounded`."""
    return int.from_bytes(hashlib.sha256(record.encode()).digest()[:8])
