"""What stands in a backup: lines of JSON, one a row, in an order in which they can be put in; packed small.

The first line says what follows; the last how many rows and which hash they have together, so that a backup without it
is none. Beside the rows stand the server's key, without which no receipt finds its report, and the audit chain's
anchor. Conversations are not in it: the chat forgets.
"""

import base64
import hashlib
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.errors import BackupError
from bot.store.carrying import BATCH, line_of, rows_of
from bot.store.database import Database
from bot.store.shape import Shape, shapes

VERSION = 1
type Progress = Callable[[int], None]


@dataclass(frozen=True)
class Content:
    """What a backup says of itself, at its two ends."""

    made_at: str
    rows: int
    hash: str
    """As `carrying.hash_of` of the store that it was made of, and of one into which it was brought back."""
    files: Mapping[str, bytes]
    """{name in the folder `var`: what it holds}."""


def packed(database: Database, made_at: str, files: Mapping[str, bytes], progress: Progress) -> Iterator[bytes]:
    """All of a store on one snapshot, as bytes to be sealed."""
    small = zlib.compressobj(1)
    for line in _lines(database, made_at, files, progress):
        if piece := small.compress(line):
            yield piece
    yield small.flush()


def _lines(database: Database, made_at: str, files: Mapping[str, bytes], progress: Progress) -> Iterator[bytes]:
    columns = {shape.name: shape.columns for shape in shapes()}
    kept = {name: base64.b64encode(held).decode("ascii") for name, held in files.items()}
    yield _line({"backup": VERSION, "made_at": made_at, "tables": columns, "files": kept})
    number, digest = 0, hashlib.sha256()
    for shape in shapes():
        for row in rows_of(database, shape):
            line = line_of(shape, row)
            digest.update(line)
            yield line
            number += 1
            if number % BATCH == 0:
                progress(BATCH)
    yield _line({"rows": number, "hash": digest.hexdigest()})


def _line(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8") + b"\n"


type Put = Callable[[Shape, list[dict[str, Any]]], None]
"""Takes rows of one table, a batch at a time."""


def unpacked(pieces: Iterable[bytes], put: Put) -> Content:
    """Reads a backup to its end and gives its rows to `put`; raises BackupError for one that is not whole.

    Rows are given before the end is known to be right: whoever stores them lets go of them where this raises.
    """
    lines = _unpacked(pieces)
    head = json.loads(next(lines, b"{}"))
    if head.get("backup") != VERSION:
        raise BackupError("this backup was made by another release, which reads it")
    known = {shape.name: shape for shape in shapes()}
    if {name: tuple(columns) for name, columns in head["tables"].items()} != {
        it.name: it.columns for it in known.values()
    }:
        raise BackupError("this backup has other tables: bring it back with the release that made it, then upgrade")
    number, digest, last = 0, hashlib.sha256(), None
    waiting: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        if last is not None:
            raise BackupError("the backup goes on behind its end")
        content = json.loads(line)
        if isinstance(content, dict):
            last = content
            continue
        digest.update(line)
        number += 1
        _gather(known[content[0]], content[1:], waiting, put)
    for name, rows in waiting.items():
        put(known[name], rows)
    if last != {"rows": number, "hash": digest.hexdigest()}:
        raise BackupError("the backup does not hold what it says at its end")
    files = {name: base64.b64decode(held) for name, held in head["files"].items()}
    return Content(head["made_at"], number, digest.hexdigest(), files)


def _gather(shape: Shape, values: list[Any], waiting: dict[str, list[dict[str, Any]]], put: Put) -> None:
    """Rows of one table come together, so a row of another says that those before are all."""
    for name in [it for it in waiting if it != shape.name or len(waiting[it]) >= BATCH]:
        put(next(it for it in shapes() if it.name == name), waiting.pop(name))
    plain = [bytes.fromhex(it[""]) if isinstance(it, dict) else it for it in values]
    waiting.setdefault(shape.name, []).append(dict(zip(shape.columns, plain, strict=True)))


def _unpacked(pieces: Iterable[bytes]) -> Iterator[bytes]:
    large, rest = zlib.decompressobj(), b""
    for piece in pieces:
        *whole, rest = (rest + large.decompress(piece)).split(b"\n")
        yield from (line + b"\n" for line in whole)
    *whole, rest = (rest + large.flush()).split(b"\n")
    yield from (line + b"\n" for line in whole)
    if rest or not large.eof:
        raise BackupError("the backup ends in the middle of a row")
