"""Conversations on SQLite: nothing of one that was deleted stays in its files, and what cannot be written is said."""

import asyncio
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.engine.conversation import Conversation, SessionKeys, new_token
from bot.engine.conversation_store import ConversationStore
from bot.errors import NotSavedError
from bot.store.sqlite import SqliteEngine
from tests.engine.test_conversation_store import CANARY, IDLE_MINUTES, a_conversation, created, is_ended, keys, telling

__all__ = ["keys"]
"""A fixture of the contract's tests."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "conversations.db"


@pytest.fixture
def store(path: Path) -> Iterator[ConversationStore]:
    store = ConversationStore(SqliteEngine(path.parent).conversations(), IDLE_MINUTES)
    yield store
    store.close()


def sealed_rows(path: Path, table: str = "conversation") -> dict[str, bytes]:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    rows = dict(connection.execute(f"SELECT id, sealed FROM {table}"))  # noqa: S608 - a test's own name
    connection.close()
    return rows


def pieces(sealed: bytes, length: int = 16) -> list[bytes]:
    """Parts of a sealed row, each as unlikely to stand anywhere else as a key; a page may end in one or the other."""
    return [sealed[place : place + length] for place in range(0, len(sealed) - length, 256)]


def on_disk(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(path.parent.iterdir()))


def remains(path: Path, sealed: bytes) -> int:
    """How many parts of a sealed row can still be found in the database's files."""
    everything = on_disk(path)
    return sum(piece in everything for piece in pieces(sealed))


def ages(store: ConversationStore, keys: SessionKeys, minutes: int) -> None:
    """As if nobody had written for so long."""
    older = "UPDATE conversation SET last_minute = last_minute - ? WHERE id = ?"
    asyncio.run(store._worker.do(lambda database: database.execute(older, [minutes, keys.conversation_id])))


def test_the_files_hold_no_word_and_no_token(store: ConversationStore, path: Path) -> None:
    token = new_token()
    keys = SessionKeys.of(token)
    created(store, keys)
    everything = on_disk(path)
    assert keys.conversation_id.encode() in everything
    for secret in (CANARY.encode(), token.encode(), bytes.fromhex(token), keys.seal, keys.secret):
        assert secret not in everything


def test_of_the_time_only_the_minute_is_kept(store: ConversationStore, keys: SessionKeys, path: Path) -> None:
    created(store, keys)
    connection = sqlite3.connect(path)
    columns = [row[1] for row in connection.execute("PRAGMA table_info(conversation)")]
    (minute,) = connection.execute("SELECT last_minute FROM conversation").fetchone()
    (seconds,) = connection.execute("SELECT unixepoch()").fetchone()
    connection.close()
    assert columns == ["id", "last_minute", "sealed"]
    assert seconds // 60 - minute in {0, 1}


# Without a trace


def test_a_deleted_conversation_leaves_no_bytes_in_the_database_or_its_log(
    store: ConversationStore, keys: SessionKeys, path: Path
) -> None:
    created(store, keys)
    sealed = sealed_rows(path)[keys.conversation_id]
    assert remains(path, sealed) >= len(pieces(sealed)) - 5 > 50
    asyncio.run(store.delete(keys))
    assert remains(path, sealed) == 0
    assert keys.conversation_id.encode() not in on_disk(path)
    assert path.with_name("conversations.db-wal").stat().st_size == 0


def test_every_earlier_state_of_a_deleted_conversation_is_gone_too(
    store: ConversationStore, keys: SessionKeys, path: Path
) -> None:
    created(store, keys)
    states = []
    for number in range(5):
        states.append(sealed_rows(path)[keys.conversation_id])
        asyncio.run(store.save(keys, a_conversation(f"turn {number}")))
    asyncio.run(store.delete(keys))
    assert [remains(path, sealed) for sealed in states] == [0] * 5


def test_an_idle_conversation_has_ended_and_leaves_no_bytes_when_swept(
    store: ConversationStore, keys: SessionKeys, path: Path
) -> None:
    living = SessionKeys.of(new_token())
    created(store, keys)
    created(store, living)
    sealed = sealed_rows(path)[keys.conversation_id]
    ages(store, keys, IDLE_MINUTES + 1)
    assert is_ended(store, keys)
    assert asyncio.run(store.delete_idle()) == 1
    assert remains(path, sealed) == 0
    assert list(sealed_rows(path)) == [living.conversation_id]
    assert asyncio.run(store.delete_idle()) == 0


def test_what_another_reader_held_in_the_log_is_gone_with_the_next_sweep(
    store: ConversationStore, keys: SessionKeys, path: Path
) -> None:
    asyncio.run(store._worker.do(lambda database: database.execute("PRAGMA busy_timeout=50").fetchall()))
    created(store, keys)
    sealed = sealed_rows(path)[keys.conversation_id]
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM conversation").fetchone()
    asyncio.run(store.delete(keys))
    with pytest.raises(NotSavedError):
        asyncio.run(store.delete_idle())
    reader.close()
    asyncio.run(store.delete_idle())
    assert remains(path, sealed) == 0


def test_a_report_that_is_forgotten_leaves_no_bytes(store: ConversationStore, keys: SessionKeys, path: Path) -> None:
    conversation = telling(created(store, keys))
    asyncio.run(store.save(keys, conversation))
    sealed = sealed_rows(path, "report_under_way")[keys.conversation_id]
    assert remains(path, sealed) >= len(pieces(sealed)) - 5 > 40
    conversation.forget_report()
    asyncio.run(store.save(keys, conversation))
    assert remains(path, sealed) == 0


def test_of_a_report_that_goes_with_its_conversation_no_bytes_are_left(
    store: ConversationStore, keys: SessionKeys, path: Path
) -> None:
    asyncio.run(store.save(keys, telling(created(store, keys))))
    sealed = sealed_rows(path, "report_under_way")[keys.conversation_id]
    ages(store, keys, IDLE_MINUTES + 1)
    asyncio.run(store.delete_idle())
    assert remains(path, sealed) == 0


# When it cannot be written


def test_what_cannot_be_written_is_said_and_the_last_state_stays(store: ConversationStore, keys: SessionKeys) -> None:
    conversation = created(store, keys)
    asyncio.run(store._worker.do(lambda database: database.execute("PRAGMA query_only=ON").fetchall()))
    for attempt in (
        store.save(keys, Conversation("da")),
        store.create(SessionKeys.of(new_token()), conversation),
        store.delete(keys),
    ):
        with pytest.raises(NotSavedError):
            asyncio.run(attempt)
    assert asyncio.run(store.load(keys)) == conversation
