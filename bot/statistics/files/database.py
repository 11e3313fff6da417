"""An SQLite file with keys to lists of codes, and what Datasette says beside it."""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from decimal import Decimal
from typing import Any

from sqlite_utils import Database

from bot.statistics.files.sheet import SIMULATED, Book, Column, Kind, Pack, Sheet, Value
from bot.statistics.files.words import word

TYPES = {Kind.TEXT: str, Kind.WHOLE: int, Kind.NUMBER: float, Kind.DATE: str, Kind.YEAR: int}
ABOUT = "about"
MOST_FACETS = 3


def as_sqlite(pack: Pack, book: Book) -> bytes:
    """The same pages in the same order for the same sheets; hidden and missing are NULL."""
    database = Database(memory=True)
    with closing(database.conn):
        names = {it.name for it in (*book.sheets, *book.code_lists)}
        for one in _in_order(book):
            _create(database, one, names)
        database.table(ABOUT).create({"number": int, "name": str, "da": str, "en": str}, pk="number")
        database.table(ABOUT).insert_all(
            {"number": number, "name": f"{name.da} / {name.en}", "da": text.da, "en": text.en}
            for number, (name, text) in enumerate(pack.about, 1)
        )
        database.vacuum()
        return bytes(database.conn.serialize())


def _in_order(book: Book) -> Iterator[Sheet]:
    """What others refer to comes first."""
    yield from book.code_lists
    referred = {column.refers_to[0] for it in book.sheets for column in it.columns if column.refers_to}
    yield from sorted(book.sheets, key=lambda it: it.name not in referred)


def _create(database: Database, sheet: Sheet, names: set[str]) -> None:
    """Without the words for codes that a list of codes says."""
    kept = _kept(sheet, names)
    name = table_name(sheet.name)
    keys = [
        (it.name, table_name(it.refers_to[0]), it.refers_to[1])
        for it in kept
        if it.refers_to and it.refers_to[0] in names
    ]
    database.table(name).create(
        {it.name: TYPES[it.kind] for it in kept},
        pk=sheet.key if len(sheet.key) > 1 else sheet.key[0],
        foreign_keys=keys,
        not_null={it.name for it in kept if not it.may_be_empty},
    )
    places = [(it.name, sheet.places[it.name]) for it in kept]
    database.table(name).insert_all({column: _cell(row[at]) for column, at in places} for row in sheet.rows)


def _kept(sheet: Sheet, names: set[str]) -> list[Column]:
    listed = {it.name for it in sheet.columns if it.refers_to and it.refers_to[0] in names}
    return [it for it in sheet.columns if it.label_of not in listed]


def table_name(sheet: str) -> str:
    """Datasette's addresses want no point."""
    return sheet.replace(".", "_")


def _cell(value: Value) -> str | int | float | None:
    return float(value) if isinstance(value, Decimal) else value


def as_datasette(pack: Pack, stems: Mapping[str, Book]) -> bytes:
    """`stems`: {file name of a database without its ending: what is in it}."""
    warning = f"{SIMULATED}: " if pack.simulated else ""
    return (
        json.dumps(
            {
                "title": warning + f"{pack.title.da} / {pack.title.en}",
                "description": f"{' '.join(it.da for it in pack.caveats)} / {' '.join(it.en for it in pack.caveats)}",
                "source": pack.source,
                **({"license": pack.licence} if pack.licence else {}),
                "databases": {stem: {"tables": dict(_tables(book, warning))} for stem, book in stems.items()},
            },
            ensure_ascii=False,
            indent=1,
        )
        + "\n"
    ).encode()


def _tables(book: Book, warning: str) -> Iterator[tuple[str, dict[str, Any]]]:
    names = {it.name for it in (*book.sheets, *book.code_lists)}
    for one in book.sheets:
        kept = _kept(one, names)
        facets = list(one.grid or (it.name for it in kept if it.among))[:MOST_FACETS]
        label = next((it.name for it in kept if it.label_of == one.key[0]), None)
        yield (
            table_name(one.name),
            {
                **({"label_column": label} if label else {}),
                "title": f"{warning}{one.title.da} / {one.title.en}",
                "description": f"{one.text.da} / {one.text.en}",
                "columns": {it.name: f"{it.title.da} / {it.title.en}" for it in kept},
                "facets": [*facets, *(["status"] if "status" in one.places and "status" not in facets else [])],
            },
        )
    for one in book.code_lists:
        yield table_name(one.name), {"title": f"{one.title.da} / {one.title.en}", "label_column": "label"}
    yield ABOUT, {"title": f"{word('about.title').da} / {word('about.title').en}"}
