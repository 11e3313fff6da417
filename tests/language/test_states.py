"""In what state a translation is, for every combination of what an entry may record."""

import itertools
import re

import pytest
from babel.messages.catalog import Message

from bot.language.states import State, source_mark, state_of, state_of_message

SOURCE = "Learn Danish"
REVIEW = f"reviewed by a colleague, 2026-11-22, of {source_mark(SOURCE)}"
OF_ANOTHER = f"reviewed by a colleague, 2026-11-22, of {source_mark('Learn danish')}"
NO_REVIEWS: tuple[list[str], ...] = (
    [],
    ["a remark"],
    [OF_ANOTHER],
    ["reviewed"],
    ["reviewed by a colleague, 2026-11-22"],
    [f"reviewed by a colleague, yesterday, of {source_mark(SOURCE)}"],
    [f"reviewed by , 2026-11-22, of {source_mark(SOURCE)}"],
    [f"reviewed by a colleague, 2026-11-22, of {source_mark(SOURCE)[:11]}"],
)
REVIEWS = ([REVIEW], ["a remark", REVIEW], [OF_ANOTHER, REVIEW], [REVIEW, OF_ANOTHER])


@pytest.mark.parametrize("comments", [*NO_REVIEWS, *REVIEWS], ids=str)
@pytest.mark.parametrize("fuzzy", [True, False])
def test_without_a_translation_it_is_missing_whatever_else_is_recorded(comments: list[str], fuzzy: bool) -> None:
    assert state_of(SOURCE, "", fuzzy=fuzzy, comments=comments) is State.MISSING


@pytest.mark.parametrize("comments", [*NO_REVIEWS, *REVIEWS], ids=str)
def test_a_translation_of_a_changed_source_is_outdated_even_if_it_was_reviewed(comments: list[str]) -> None:
    assert state_of(SOURCE, "Lær dansk", fuzzy=True, comments=comments) is State.OUTDATED


@pytest.mark.parametrize("comments", NO_REVIEWS, ids=str)
def test_a_translation_that_nobody_read_is_unreviewed(comments: list[str]) -> None:
    assert state_of(SOURCE, "Lær dansk", fuzzy=False, comments=comments) is State.UNREVIEWED


@pytest.mark.parametrize("comments", REVIEWS, ids=str)
def test_a_review_of_the_present_source_counts(comments: list[str]) -> None:
    assert state_of(SOURCE, "Lær dansk", fuzzy=False, comments=comments) is State.REVIEWED


def test_every_state_can_be_reached_and_no_other() -> None:
    reached = {
        state_of(SOURCE, translation, fuzzy=fuzzy, comments=comments)
        for translation, fuzzy, comments in itertools.product(["", "x"], [True, False], [*NO_REVIEWS, *REVIEWS])
    }
    assert reached == set(State)


def test_an_entry_of_a_catalogue_says_the_same() -> None:
    assert state_of_message(Message(SOURCE, "Lær dansk", user_comments=[REVIEW])) is State.REVIEWED
    assert state_of_message(Message(SOURCE, "Lær dansk")) is State.UNREVIEWED
    assert state_of_message(Message(SOURCE, "Lær dansk", flags=["fuzzy"], user_comments=[REVIEW])) is State.OUTDATED
    assert state_of_message(Message(SOURCE)) is State.MISSING


def test_a_mark_names_one_source_text() -> None:
    assert re.fullmatch("[0-9a-f]{12}", source_mark(SOURCE))
    assert source_mark(SOURCE) == source_mark(SOURCE)
    assert source_mark(SOURCE) != source_mark(SOURCE + " ")
