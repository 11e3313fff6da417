"""Rounds a table for the public (tier public, R8): each figure on its own, to a multiple of five, by a secret."""

import hashlib
import hmac
import json

from bot.errors import SettingError
from bot.statistics.lines import Place, behind, merges, source_of
from bot.statistics.shaping import Draft, Levels, shape, summed
from bot.statistics.table import Refused, Released, Table
from bot.statistics.thresholds import THIN

BASE = 5
NOTES = ("rounded_to_base_5", "figures_do_not_add_up")
_SHORTEST_KEY = 16
_DRAWS = 2**64


def rounded(table: Table, key: bytes, levels: Levels | None = None) -> Released | Refused:
    """The table as the public may read it; refused where its total is below 10, or where R4 or R5 leave nothing.

    Unbiased: a figure goes up as often as it is near the next multiple of five. The same records at the same place
    of the same period always give the same figure, in whatever table, so that repeats do not average out.
    """
    if len(key) < _SHORTEST_KEY:
        raise SettingError("the key for rounding statistics needs 16 bytes or more")
    if min(sum(table.counts.values()), behind(table.people.values())) < THIN:
        return Refused(table.name, table.period, "too_few")
    draft = shape(table, levels or {})
    return draft if isinstance(draft, Refused) else _written(draft, key)


def _written(draft: Draft, key: bytes) -> Released:
    records = summed({cell: draft.table.record_keys[cell] for cell in draft.table.counts}, draft.lines)
    public = {place: _public(draft, place, _draw(draft, place, records[place] % _DRAWS, key)) for place in draft.counts}
    merged = merges(draft.dimensions, draft.lines)
    return Released(
        draft.table.name,
        draft.table.period,
        "public",
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
    below, over = divmod(count, BASE)
    return BASE * (below + (draw * BASE < over * _DRAWS))


def _draw(draft: Draft, place: Place, records: int, key: bytes) -> int:
    """Evenly from 0 to 2**64 - 1, by the place of a figure and the records behind it (cell key method)."""
    table = draft.table
    codes = {
        dimension: sorted(lines[label])
        for dimension, label, lines in zip(draft.dimensions, place, draft.lines, strict=False)
        if label is not None
    }
    where = json.dumps([source_of(table.name), table.period, codes], sort_keys=True)
    message = f"{records:016x} {where}".encode()
    return int.from_bytes(hmac.digest(key, message, hashlib.sha256)[:8])


def rounded_count(number: int, name: str, period: str, key: bytes) -> int | None:
    """A single count for the public; None from 1 to 9. The same count of a period is always rounded the same way."""
    if 0 < number < THIN:
        return None
    below, over = divmod(number, BASE)
    drawn = hmac.digest(key, json.dumps([name, period, number]).encode(), hashlib.sha256)
    return BASE * (below + (int.from_bytes(drawn[:8]) * BASE < over * _DRAWS))


def record_key(record: str) -> int:
    """A record's part in `Table.record_keys`: no secret, but useless without the key of `rounded`."""
    return int.from_bytes(hashlib.sha256(record.encode()).digest()[:8])
