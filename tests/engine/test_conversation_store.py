"""Where conversations lie: for their holder alone, and without a trace when they are deleted."""

import asyncio
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.engine.conversation import Conversation, Part, SessionKeys, new_token
from bot.engine.conversation_store import ConversationStore
from bot.errors import ConversationEndedError, NotSavedError, SealBrokenError

IDLE_MINUTES = 30
CANARY = "canary-in-clear"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "conversations.db"


@pytest.fixture
def store(path: Path) -> Iterator[ConversationStore]:
    store = ConversationStore(path, IDLE_MINUTES)
    yield store
    store.close()


@pytest.fixture
def keys() -> SessionKeys:
    return SessionKeys.of(new_token())


def a_conversation(words: str = CANARY) -> Conversation:
    """Long enough to fill pages of its own."""
    return Conversation("ar", main=Part(transcript=[{"text": f"{words} {number}"} for number in range(500)]))


def created(store: ConversationStore, keys: SessionKeys, conversation: Conversation | None = None) -> Conversation:
    conversation = conversation or a_conversation()
    asyncio.run(store.create(keys, conversation))
    return conversation


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
    asyncio.run(
        store._worker.do(
            lambda database: database.execute(
                "UPDATE conversation SET last_minute = last_minute - ? WHERE id = ?", [minutes, keys.conversation_id]
            )
        )
    )


def is_ended(store: ConversationStore, keys: SessionKeys) -> bool:
    try:
        asyncio.run(store.load(keys))
    except ConversationEndedError:
        return True
    return False


# For their holder alone


def test_a_conversation_is_kept_as_it_was_saved_last(store: ConversationStore, keys: SessionKeys) -> None:
    first = created(store, keys)
    assert asyncio.run(store.load(keys)) == first
    asyncio.run(store.save(keys, Conversation("da")))
    assert asyncio.run(store.load(keys)) == Conversation("da")


def test_any_worker_can_take_a_conversation_up(store: ConversationStore, keys: SessionKeys, path: Path) -> None:
    conversation = created(store, keys)
    other = ConversationStore(path, IDLE_MINUTES)
    assert asyncio.run(other.load(keys)) == conversation
    other.close()


def test_another_token_reads_nothing(store: ConversationStore, keys: SessionKeys) -> None:
    created(store, keys)
    with pytest.raises(ConversationEndedError):
        asyncio.run(store.load(SessionKeys.of(new_token())))


def test_rows_that_were_swapped_open_for_nobody(store: ConversationStore, keys: SessionKeys, path: Path) -> None:
    others = SessionKeys.of(new_token())
    created(store, keys)
    created(store, others)
    rows = sealed_rows(path)
    one, other = keys.conversation_id, others.conversation_id
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE conversation SET sealed = ? WHERE id = ?", [rows[other], one])
        connection.execute("UPDATE conversation SET sealed = ? WHERE id = ?", [rows[one], other])
    connection.close()
    for holder in (keys, others):
        with pytest.raises(SealBrokenError):
            asyncio.run(store.load(holder))


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


def test_a_conversation_is_kept_as_long_as_was_said(store: ConversationStore, keys: SessionKeys) -> None:
    created(store, keys)
    ages(store, keys, IDLE_MINUTES - 1)
    assert asyncio.run(store.delete_idle()) == 0
    assert not is_ended(store, keys)


def test_a_message_keeps_a_conversation_alive(store: ConversationStore, keys: SessionKeys) -> None:
    conversation = created(store, keys)
    ages(store, keys, IDLE_MINUTES - 1)
    asyncio.run(store.save(keys, conversation))
    ages(store, keys, IDLE_MINUTES - 1)
    assert not is_ended(store, keys)


def test_a_conversation_deleted_during_its_turn_stays_deleted(store: ConversationStore, keys: SessionKeys) -> None:
    conversation = created(store, keys)
    asyncio.run(store.delete(keys))
    with pytest.raises(ConversationEndedError):
        asyncio.run(store.save(keys, conversation))
    assert is_ended(store, keys)


def test_deleting_twice_is_no_error(store: ConversationStore, keys: SessionKeys) -> None:
    created(store, keys)
    asyncio.run(store.delete(keys))
    asyncio.run(store.delete(keys))


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


def test_a_token_cannot_begin_two_conversations(store: ConversationStore, keys: SessionKeys) -> None:
    first = created(store, keys)
    with pytest.raises(NotSavedError):
        asyncio.run(store.create(keys, Conversation("da")))
    assert asyncio.run(store.load(keys)) == first


# A report apart


def telling(conversation: Conversation) -> Conversation:
    apart = conversation.set_apart()
    apart.transcript = [{"text": f"what happened {number}"} for number in range(500)]
    apart.telling = {"attempt": "a", "answers": {}, "done": []}
    return conversation


def test_a_report_that_is_told_comes_back_and_one_that_is_forgotten_leaves_no_bytes(
    store: ConversationStore, keys: SessionKeys, path: Path
) -> None:
    conversation = telling(created(store, keys))
    asyncio.run(store.save(keys, conversation))
    assert asyncio.run(store.load(keys)) == conversation
    sealed = sealed_rows(path, "report_under_way")[keys.conversation_id]
    assert remains(path, sealed) >= len(pieces(sealed)) - 5 > 40
    conversation.forget_report()
    asyncio.run(store.save(keys, conversation))
    assert sealed_rows(path, "report_under_way") == {}
    assert remains(path, sealed) == 0
    assert asyncio.run(store.load(keys)) == conversation


def test_a_report_goes_with_its_conversation(store: ConversationStore, keys: SessionKeys, path: Path) -> None:
    asyncio.run(store.save(keys, telling(created(store, keys))))
    sealed = sealed_rows(path, "report_under_way")[keys.conversation_id]
    ages(store, keys, IDLE_MINUTES + 1)
    asyncio.run(store.delete_idle())
    assert sealed_rows(path, "report_under_way") == {}
    assert remains(path, sealed) == 0


@pytest.mark.parametrize("filed", [True, False])
def test_a_report_that_was_being_filed_at_a_crash_is_forgotten_if_it_was_stored_and_else_told_on(
    store: ConversationStore, keys: SessionKeys, path: Path, filed: bool
) -> None:
    asyncio.run(store.save(keys, telling(created(store, keys)), "look-up"))
    assert asyncio.run(store.being_filed()) == {keys.conversation_id: "look-up"}
    asyncio.run(store.settle(keys.conversation_id, filed=filed))
    assert asyncio.run(store.being_filed()) == {}
    assert (asyncio.run(store.load(keys)).apart is None) is filed
