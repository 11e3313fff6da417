"""Makes one store hold what another holds, whatever their engines: again and again, until nothing is left to do.

One pass reads both in the order of their keys, as two sorted lists are merged, and writes the difference. So a pass
that was cut off is gone on with by the next, what changed in the meantime is found, and the last one proves that both
are equal by a hash over all rows.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.store.database import Database
from bot.store.shape import Shape, shapes

BATCH = 1_000
"""Rows that are read, and written in one transaction, at a time."""
type Row = tuple[Any, ...]
type Key = tuple[object, ...]
type Between = tuple[Key, Key]
"""Behind the first, up to the last."""
type Progress = Callable[[str, int], None]
"""Told of a table and how many of its rows were looked at since it was told last."""


@dataclass(frozen=True)
class Passed:
    """One pass over all tables."""

    rows: int
    written: int
    """Put in, replaced or taken out."""
    hash: str
    """Of all rows of the source as they were read."""


def carry(source: Database, target: Database, progress: Progress = lambda _, __: None) -> Passed:
    """One pass: what `source` holds and `target` does not, or holds otherwise, is written; what only it holds goes.

    What is deleted goes first, children before those to which they refer, so that no row loses what it refers to.
    """
    for shape in reversed(shapes()):
        _take_out(source, target, shape)
    total, written, digest = 0, 0, hashlib.sha256()
    for shape in shapes():
        for theirs, keys in _pages(source, shape):
            ours = _between(target, shape, keys)
            for row in theirs:
                digest.update(line_of(shape, row))
            other = [row for row in theirs if ours.get(shape.key_of(row)) != row]
            if other:
                with target.at_once():
                    target.replace(shape.name, [dict(zip(shape.columns, row, strict=True)) for row in other], shape.key)
            total, written = total + len(theirs), written + len(other)
            progress(shape.name, len(theirs))
    return Passed(total, written, digest.hexdigest())


def hash_of(database: Database) -> str:
    """Of all rows: the same for two stores that hold the same, whatever their engines."""
    digest = hashlib.sha256()
    for shape in shapes():
        for row in rows_of(database, shape):
            digest.update(line_of(shape, row))
    return digest.hexdigest()


def rows_of(database: Database, shape: Shape) -> Iterator[Row]:
    """In the order of their keys."""
    for page, _ in _pages(database, shape):
        yield from page


def _pages(database: Database, shape: Shape) -> Iterator[tuple[list[Row], Between]]:
    """BATCH rows at a time in the order of their keys, each time with the keys between which they are all there is."""
    after: Key = ()
    while page := _selected(database, shape, after, f"ORDER BY {shape.named} LIMIT ?", [BATCH]):
        last = shape.key_of(page[-1])
        yield page, (after, last)
        after = last


def _between(database: Database, shape: Shape, keys: Between) -> dict[Key, Row]:
    after, last = keys
    rows = _selected(database, shape, after, f"AND ({shape.named}) <= ({shape.marks})", last)
    return {shape.key_of(row): row for row in rows}


def _selected(database: Database, shape: Shape, after: Key, which: str, values: Sequence[object]) -> list[Row]:
    """Rows behind a key; bytes as bytes, where a driver gives a view of its memory."""
    behind = f"({shape.named}) > ({shape.marks})" if after else "true"
    found = f"SELECT {', '.join(shape.columns)} FROM {shape.name} WHERE {behind} {which}"  # noqa: S608 - names of the schema
    rows = database.execute(found, [*after, *values]).fetchall()
    return [tuple(bytes(it) if isinstance(it, memoryview) else it for it in row) for row in rows]


def _take_out(source: Database, target: Database, shape: Shape) -> None:
    """Rows of the target that the source does not hold."""
    for page, keys in _pages(target, shape):
        there = _between(source, shape, keys)
        gone = [key for key in map(shape.key_of, page) if key not in there]
        if gone:
            where = " AND ".join(f"{name} = ?" for name in shape.key)
            with target.at_once():
                for key in gone:
                    target.execute(f"DELETE FROM {shape.name} WHERE {where}", list(key))  # noqa: S608 - names of the schema


def line_of(shape: Shape, row: Row) -> bytes:
    """A row as one line of JSON, the same in every engine; bytes as {"": hexadecimal}."""
    values = [{"": it.hex()} if isinstance(it, bytes) else it for it in row]
    text = json.dumps([shape.name, *values], ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass") + b"\n"
