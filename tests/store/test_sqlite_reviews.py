"""Pending reviews: one a text, in order, and dropped only as they were read."""

import asyncio
import datetime as dt
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import NotSavedError
from bot.store.review_verbs import ReviewRow
from bot.store.sqlite_store import SqliteStore

RIGHT = ReviewRow("pl", "replies", "utter_greet", "0" * 12, "1" * 12, None, "amina", dt.date(2026, 12, 1))
CORRECTED = replace(RIGHT, corrected="Dzień dobry", by_whom="piotr", on_day=dt.date(2026, 12, 2))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "store.db")
    yield store
    store.close()


def noted(store: SqliteStore, *rows: ReviewRow) -> None:
    for row in rows:
        asyncio.run(store.reviews.note(row))


def pending(store: SqliteStore, language: str | None = None) -> list[ReviewRow]:
    return asyncio.run(store.reviews.pending(language))


def dropped(store: SqliteStore, *rows: ReviewRow) -> int:
    return asyncio.run(store.reviews.drop(list(rows)))


def test_a_review_is_kept_as_it_was_noted_until_it_is_dropped(store: SqliteStore, tmp_path: Path) -> None:
    noted(store, RIGHT)
    again = SqliteStore(tmp_path / "store.db")
    assert pending(again) == [RIGHT]
    again.close()
    assert dropped(store, RIGHT) == 1
    assert pending(store) == []
    assert dropped(store, RIGHT) == 0


def test_a_later_review_of_the_same_text_takes_the_place_of_the_earlier(store: SqliteStore) -> None:
    noted(store, RIGHT, CORRECTED)
    assert pending(store) == [CORRECTED]


def test_texts_of_one_name_with_different_sources_are_reviewed_by_themselves(store: SqliteStore) -> None:
    other = replace(RIGHT, source="2" * 12)
    noted(store, other, RIGHT)
    assert pending(store) == [RIGHT, other]


def test_reviews_stand_in_the_order_of_languages_catalogues_and_names(store: SqliteStore) -> None:
    page, persian, later = replace(RIGHT, catalogue="pages"), replace(RIGHT, language="fa"), replace(RIGHT, context="z")
    noted(store, later, RIGHT, persian, page)
    assert pending(store) == [persian, page, RIGHT, later]
    assert pending(store, "pl") == [page, RIGHT, later]
    assert pending(store, "xx") == []


@pytest.mark.parametrize("change", [{"corrected": "Witaj"}, {"by_whom": "piotr"}, {"read": "9" * 12}])
def test_what_was_said_anew_since_it_was_read_is_not_dropped(store: SqliteStore, change: dict[str, str]) -> None:
    anew = replace(RIGHT, **change)
    noted(store, RIGHT, anew)
    assert dropped(store, RIGHT) == 0
    assert pending(store) == [anew]
    assert dropped(store, replace(RIGHT, language="fa"), anew) == 1


def test_two_processes_that_note_at_once_both_keep_theirs(store: SqliteStore, tmp_path: Path) -> None:
    other = SqliteStore(tmp_path / "store.db")

    async def both() -> None:
        rows = [replace(RIGHT, context=f"utter_{number:02}") for number in range(40)]
        await asyncio.gather(
            *(side.reviews.note(row) for side, row in zip([store, other] * 20, rows, strict=True)),
        )

    asyncio.run(both())
    assert len(pending(store)) == len(pending(other)) == 40
    other.close()


def test_a_review_that_cannot_be_written_is_an_error_with_a_name(store: SqliteStore, tmp_path: Path) -> None:
    store._worker.database.execute("PRAGMA busy_timeout=50")
    other = sqlite3.connect(tmp_path / "store.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(NotSavedError):
        noted(store, RIGHT)
    other.execute("ROLLBACK")
    other.close()
    assert pending(store) == []
