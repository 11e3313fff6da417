"""Values are numbered for PostgreSQL where they stand as values, and nowhere else."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store.numbered import NOWHERE, bound, numbered


@pytest.mark.parametrize(
    ("statement", "query", "names"),
    [
        ("SELECT 1", "SELECT 1", ()),
        ("SELECT * FROM a WHERE b = ? AND c = ?", "SELECT * FROM a WHERE b = $1 AND c = $2", ("?0", "?1")),
        ("x = :x AND y = :y AND z = :x", "x = $1 AND y = $2 AND z = $1", ("x", "y")),
        ("a = '?' AND b = ?", "a = '?' AND b = $1", ("?0",)),
        ("a = ':a''?' AND b = :b", "a = ':a''?' AND b = $1", ("b",)),
        ('"wh?t" = ? AND ":a" = 1', '"wh?t" = $1 AND ":a" = 1', ("?0",)),
        ("a = ? -- is it?\nAND b = ?", "a = $1 -- is it?\nAND b = $2", ("?0", "?1")),
        ("a = ? /* is\nit? :no */ AND b = ?", "a = $1 /* is\nit? :no */ AND b = $2", ("?0", "?1")),
        ("a::text = ?", "a::text = $1", ("?0",)),
        ("a LIKE '100 %' AND b = ? || '%s'", "a LIKE '100 %' AND b = $1 || '%s'", ("?0",)),
        (r"a = '\' AND b = ?", r"a = '\' AND b = $1", ("?0",)),
        ("a = '' AND b = ? AND c = ''''", "a = '' AND b = $1 AND c = ''''", ("?0",)),
        ("f(?,?)", "f($1,$2)", ("?0", "?1")),
    ],
)
def test_values_are_numbered_and_what_is_quoted_stays(statement: str, query: str, names: tuple[str, ...]) -> None:
    assert numbered(statement) == (query.encode(), names)


HARMLESS = st.text(st.characters(blacklist_characters="'\"\0", blacklist_categories=["Cs"]))


@given(st.lists(HARMLESS, max_size=5))
def test_whatever_is_quoted_is_no_value(texts: list[str]) -> None:
    quoted = [f"'{text}'" for text in texts]
    query, names = numbered(" = ? AND ".join([*quoted, "a"]))
    assert len(names) == len(texts)
    assert re.split(r" = \$\d+ AND ", query.decode())[:-1] == quoted


def test_values_come_in_the_order_of_their_numbers() -> None:
    assert bound("INSERT INTO a VALUES (:b, :a, :b)", {"a": 1, "b": b"2"}) == (
        b"INSERT INTO a VALUES ($1, $2, $1)", [b"2", 1],
    )  # fmt: skip
    assert bound("UPDATE a SET b = ?, c = ?", [None, "x"])[1] == [None, "x"]
    assert bound("SELECT 1", ()) == (b"SELECT 1", None)


def test_flags_are_numbers() -> None:
    values = bound("UPDATE a SET b = ?, c = ?", [True, False])[1]
    assert values == [1, 0]
    assert not any(isinstance(value, bool) for value in values or [])


def test_a_text_that_cannot_be_stored_is_sought_as_one_that_is_nowhere() -> None:
    assert bound("SELECT * FROM a WHERE b = ?", ["x\0y"])[1] == [f"x{NOWHERE}y"]
    assert bound("UPDATE a SET b = ?", ["x\0y"])[1] == ["x\0y"]
