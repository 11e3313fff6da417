"""Pending reviews: one a text, in order, and dropped only as they were read."""

import asyncio
import datetime as dt
from dataclasses import replace

import pytest

from bot.store.review_verbs import ReviewRow
from bot.store.tables.store import TableStore
from tests.store.kept import Kept

RIGHT = ReviewRow("pl", "replies", "utter_greet", "0" * 12, "1" * 12, None, "amina", dt.date(2026, 12, 1))
CORRECTED = replace(RIGHT, corrected="Dzień dobry", by_whom="piotr", on_day=dt.date(2026, 12, 2))


def noted(store: TableStore, *rows: ReviewRow) -> None:
    for row in rows:
        asyncio.run(store.reviews.note(row))


def pending(store: TableStore, language: str | None = None) -> list[ReviewRow]:
    return asyncio.run(store.reviews.pending(language))


def dropped(store: TableStore, *rows: ReviewRow) -> int:
    return asyncio.run(store.reviews.drop(list(rows)))


def test_a_review_is_kept_as_it_was_noted_until_it_is_dropped(kept: Kept) -> None:
    store = kept.store
    noted(store, RIGHT)
    assert pending(kept.again()) == [RIGHT]
    assert dropped(store, RIGHT) == 1
    assert pending(store) == []
    assert dropped(store, RIGHT) == 0


def test_a_later_review_of_the_same_text_takes_the_place_of_the_earlier(store: TableStore) -> None:
    noted(store, RIGHT, CORRECTED)
    assert pending(store) == [CORRECTED]


def test_texts_of_one_name_with_different_sources_are_reviewed_by_themselves(store: TableStore) -> None:
    other = replace(RIGHT, source="2" * 12)
    noted(store, other, RIGHT)
    assert pending(store) == [RIGHT, other]


def test_reviews_stand_in_the_order_of_languages_catalogues_and_names(store: TableStore) -> None:
    page, persian, later = replace(RIGHT, catalogue="pages"), replace(RIGHT, language="fa"), replace(RIGHT, context="z")
    noted(store, later, RIGHT, persian, page)
    assert pending(store) == [persian, page, RIGHT, later]
    assert pending(store, "pl") == [page, RIGHT, later]
    assert pending(store, "xx") == []


@pytest.mark.parametrize("change", [{"corrected": "Witaj"}, {"by_whom": "piotr"}, {"read": "9" * 12}])
def test_what_was_said_anew_since_it_was_read_is_not_dropped(store: TableStore, change: dict[str, str]) -> None:
    anew = replace(RIGHT, **change)
    noted(store, RIGHT, anew)
    assert dropped(store, RIGHT) == 0
    assert pending(store) == [anew]
    assert dropped(store, replace(RIGHT, language="fa"), anew) == 1


def test_two_processes_that_note_at_once_both_keep_theirs(kept: Kept) -> None:
    store, other = kept.store, kept.again()

    async def both() -> None:
        rows = [replace(RIGHT, context=f"utter_{number:02}") for number in range(40)]
        await asyncio.gather(
            *(side.reviews.note(row) for side, row in zip([store, other] * 20, rows, strict=True)),
        )

    asyncio.run(both())
    assert len(pending(store)) == len(pending(other)) == 40
