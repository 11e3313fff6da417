"""What is stored comes back as it was, in every engine, whatever it is."""

import asyncio
import os

import pytest

from bot.store.staff_verbs import AccountRow, Staff
from bot.store.tables.store import TableStore
from tests.store.rows import DAY, a_piece, a_report
from tests.store.test_store import files


def hired(staff: Staff, name: str) -> None:
    row = AccountRow(name, "lead", None, None, "argon", b"sealed", 0, must_change=False, active=True, made_on=DAY)
    assert asyncio.run(staff.add_account(row, []))


ODD = [
    "'", "''; DROP TABLE account; --", "\\", "\\x41", "\\'", "%", "%s", "%%", "?", ":name", "$1", "$$", "::text", '"',
    "`", "a\nb\tc\rd", "--", "/*", "NULL", "", " ", "Å ø ß ي ї ł ğ", "\u202e\u200d\ufeff\ufffd", "🦊", "x" * 100_000,
]  # fmt: skip


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_a_text_comes_back_as_it_was_and_is_found_by_itself_alone(store: TableStore, text: str) -> None:
    hired(store.staff, "amina")
    for name in {text[:100], "another"}:
        asyncio.run(store.staff.save_view("amina", name, text))
    assert asyncio.run(store.staff.views("amina")) == {text[:100]: text, "another": text}
    asyncio.run(store.staff.drop_view("amina", text[:100]))
    assert asyncio.run(store.staff.views("amina")) == {"another": text}


@pytest.mark.parametrize("sealed", [b"", b"\\", b"\\x41'", bytes(range(256)) * 5, os.urandom(5_000_000)], ids=range(5))
def test_bytes_come_back_as_they_were(store: TableStore, sealed: bytes) -> None:
    report = a_report("a")
    piece = a_piece(report.row.id, sealed=sealed)
    files(store, report)
    asyncio.run(store.reports.add_piece(piece))
    assert asyncio.run(store.reports.piece(report.row.id, piece.id)) == piece


def test_texts_stand_in_the_order_of_their_bytes(store: TableStore) -> None:
    names = ["å", "a", "Z", "aa", "z", "A", "æ", "Å", "_", "-b", "ø"]
    for name in names:
        hired(store.staff, name)
    assert [row.name for row in asyncio.run(store.staff.accounts())] == sorted(names, key=str.encode)


def test_a_text_that_the_engine_cannot_hold_is_found_nowhere(store: TableStore) -> None:
    hired(store.staff, "amina")
    for name in ("\0", "amina\0", "\0amina"):
        assert asyncio.run(store.staff.account(name)) is None
        assert asyncio.run(store.staff.account_of(name)) is None
        assert asyncio.run(store.staff.views(name)) == {}
