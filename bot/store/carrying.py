"""Makes one store hold what another holds, whatever their engines: again and again, until nothing is left to do.

One pass reads both in the order of their keys, as two sorted lists are merged, and writes the difference. So a pass
that was cut off is gone on with by the next, what changed in the meantime is found, and the last one proves that both
are equal by a hash over all rows.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.store.database import Database
from bot.store.shape import Shape, shapes

BATCH = 1_000
"""Rows that are read, and written in one transaction, at a time."""
type Row = tuple[Any, ...]
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
        for theirs, ours in _both(source, target, shape):
            for row in theirs:
                _add(digest, shape, row)
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
            _add(digest, shape, row)
    return digest.hexdigest()


def rows_of(database: Database, shape: Shape) -> Iterator[Row]:
    """In the order of their keys, so many at a time."""
    after: tuple[object, ...] = ()
    while page := _page(database, shape, after, BATCH):
        yield from page
        after = shape.key_of(page[-1])


def _page(database: Database, shape: Shape, after: tuple[object, ...], most: int) -> list[Row]:
    key, marks = ", ".join(shape.key), ", ".join("?" * len(shape.key))
    later = f"WHERE ({key}) > ({marks})" if after else ""
    found = f"SELECT {', '.join(shape.columns)} FROM {shape.name} {later} ORDER BY {key} LIMIT ?"  # noqa: S608 - names of the schema
    return [_plain(row) for row in database.execute(found, [*after, most]).fetchall()]


def _plain(row: Row) -> Row:
    """Bytes as bytes: some drivers give a view of their memory."""
    return tuple(bytes(it) if isinstance(it, memoryview) else it for it in row)


def _both(
    source: Database, target: Database, shape: Shape
) -> Iterator[tuple[list[Row], dict[tuple[object, ...], Row]]]:
    """Pages of the source, each with the rows of the target whose keys lie in it."""
    after: tuple[object, ...] = ()
    while page := _page(source, shape, after, BATCH):
        last = shape.key_of(page[-1])
        yield page, {shape.key_of(row): row for row in _between(target, shape, after, last)}
        after = last


def _between(database: Database, shape: Shape, after: tuple[object, ...], last: tuple[object, ...]) -> Iterator[Row]:
    key, marks = ", ".join(shape.key), ", ".join("?" * len(shape.key))
    later = f"({key}) > ({marks}) AND " if after else ""
    found = f"SELECT {', '.join(shape.columns)} FROM {shape.name} WHERE {later}({key}) <= ({marks})"  # noqa: S608 - names of the schema
    yield from map(_plain, database.execute(found, [*after, *last]).fetchall())


def _take_out(source: Database, target: Database, shape: Shape) -> None:
    """Rows of the target that the source does not hold."""
    after: tuple[object, ...] = ()
    while page := _page(target, shape, after, BATCH):
        last = shape.key_of(page[-1])
        there = {shape.key_of(row) for row in _between(source, shape, after, last)}
        gone = [shape.key_of(row) for row in page if shape.key_of(row) not in there]
        if gone:
            where = " AND ".join(f"{name} = ?" for name in shape.key)
            with target.at_once():
                for key in gone:
                    target.execute(f"DELETE FROM {shape.name} WHERE {where}", list(key))  # noqa: S608 - names of the schema
        after = last


def _add(digest: Any, shape: Shape, row: Row) -> None:
    digest.update(line_of(shape, row))


def line_of(shape: Shape, row: Row) -> bytes:
    """A row as one line of JSON, the same in every engine; bytes as {"": hexadecimal}."""
    values = [{"": it.hex()} if isinstance(it, bytes) else it for it in row]
    text = json.dumps([shape.name, *values], ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass") + b"\n"
