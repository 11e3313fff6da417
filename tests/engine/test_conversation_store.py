"""Where conversations lie, in every engine: for their holder alone, and no longer than was said."""

import asyncio
import secrets
from collections.abc import Iterator

import pytest

from bot.engine.conversation import Conversation, Part, SessionKeys, new_token
from bot.engine.conversation_store import ConversationStore
from bot.errors import ConversationEndedError, NotSavedError, SealBrokenError
from bot.store.opening import open_conversations
from tests.store.kept import CONVERSATIONS, Kept

IDLE_MINUTES = 30
CANARY = "canary-in-clear"


def opened(kept: Kept) -> ConversationStore:
    return ConversationStore(open_conversations(kept.settings), IDLE_MINUTES)


@pytest.fixture
def store(kept: Kept) -> Iterator[ConversationStore]:
    store = opened(kept)
    yield store
    store.close()


@pytest.fixture
def keys() -> SessionKeys:
    return SessionKeys.of(new_token())


def a_conversation(words: str = CANARY) -> Conversation:
    """Long enough to fill pages of its own."""
    return Conversation(
        "ar", main=Part(transcript=[{"text": f"{words} {number} {secrets.token_hex(200)}"} for number in range(500)])
    )


def created(store: ConversationStore, keys: SessionKeys, conversation: Conversation | None = None) -> Conversation:
    conversation = conversation or a_conversation()
    asyncio.run(store.create(keys, conversation))
    return conversation


def sealed_rows(kept: Kept, table: str = "conversation") -> dict[str, bytes]:
    return {row["id"]: row["sealed"] for row in kept.rows(table)}


def ages(kept: Kept, keys: SessionKeys, minutes: int) -> None:
    """As if nobody had written for so long."""
    older = "UPDATE conversation SET last_minute = last_minute - %s WHERE id = %s"
    kept.by_other_hands(older, minutes, keys.conversation_id, of=CONVERSATIONS)


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


def test_any_worker_can_take_a_conversation_up(store: ConversationStore, keys: SessionKeys, kept: Kept) -> None:
    conversation = created(store, keys)
    other = opened(kept)
    assert asyncio.run(other.load(keys)) == conversation
    other.close()


def test_another_token_reads_nothing(store: ConversationStore, keys: SessionKeys) -> None:
    created(store, keys)
    with pytest.raises(ConversationEndedError):
        asyncio.run(store.load(SessionKeys.of(new_token())))


def test_rows_that_were_swapped_open_for_nobody(store: ConversationStore, keys: SessionKeys, kept: Kept) -> None:
    others = SessionKeys.of(new_token())
    created(store, keys)
    created(store, others)
    rows = sealed_rows(kept)
    one, other = keys.conversation_id, others.conversation_id
    for conversation, sealed in ((one, rows[other]), (other, rows[one])):
        exchanged = "UPDATE conversation SET sealed = %s WHERE id = %s"
        kept.by_other_hands(exchanged, sealed, conversation, of=CONVERSATIONS)
    for holder in (keys, others):
        with pytest.raises(SealBrokenError):
            asyncio.run(store.load(holder))


# Until it is deleted


def test_an_idle_conversation_has_ended_and_goes_when_it_is_swept(
    store: ConversationStore, keys: SessionKeys, kept: Kept
) -> None:
    living = SessionKeys.of(new_token())
    created(store, keys)
    created(store, living)
    ages(kept, keys, IDLE_MINUTES + 1)
    assert is_ended(store, keys)
    assert asyncio.run(store.delete_idle()) == 1
    assert list(sealed_rows(kept)) == [living.conversation_id]
    assert asyncio.run(store.delete_idle()) == 0


def test_a_conversation_is_kept_as_long_as_was_said(store: ConversationStore, keys: SessionKeys, kept: Kept) -> None:
    created(store, keys)
    ages(kept, keys, IDLE_MINUTES - 1)
    assert asyncio.run(store.delete_idle()) == 0
    assert not is_ended(store, keys)


def test_a_message_keeps_a_conversation_alive(store: ConversationStore, keys: SessionKeys, kept: Kept) -> None:
    conversation = created(store, keys)
    ages(kept, keys, IDLE_MINUTES - 1)
    asyncio.run(store.save(keys, conversation))
    ages(kept, keys, IDLE_MINUTES - 1)
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


def test_a_token_cannot_begin_two_conversations(store: ConversationStore, keys: SessionKeys) -> None:
    first = created(store, keys)
    with pytest.raises(NotSavedError):
        asyncio.run(store.create(keys, Conversation("da")))
    assert asyncio.run(store.load(keys)) == first


# A report apart


def telling(conversation: Conversation) -> Conversation:
    apart = conversation.set_apart()
    apart.transcript += [{"text": f"what happened {number} {secrets.token_hex(200)}"} for number in range(500)]
    apart.telling = {"attempt": "a", "answers": {}, "done": []}
    return conversation


def test_a_report_that_is_told_comes_back_and_one_that_is_forgotten_does_not(
    store: ConversationStore, keys: SessionKeys, kept: Kept
) -> None:
    conversation = telling(created(store, keys))
    asyncio.run(store.save(keys, conversation))
    assert asyncio.run(store.load(keys)) == conversation
    assert list(sealed_rows(kept, "report_under_way")) == [keys.conversation_id]
    conversation.forget_report()
    asyncio.run(store.save(keys, conversation))
    assert sealed_rows(kept, "report_under_way") == {}
    assert asyncio.run(store.load(keys)) == conversation


def test_a_report_goes_with_its_conversation(store: ConversationStore, keys: SessionKeys, kept: Kept) -> None:
    asyncio.run(store.save(keys, telling(created(store, keys))))
    ages(kept, keys, IDLE_MINUTES + 1)
    asyncio.run(store.delete_idle())
    assert sealed_rows(kept, "report_under_way") == {}


@pytest.mark.parametrize("filed", [True, False])
def test_a_report_that_was_being_filed_at_a_crash_is_forgotten_if_it_was_stored_and_else_told_on(
    store: ConversationStore, keys: SessionKeys, kept: Kept, filed: bool
) -> None:
    asyncio.run(store.save(keys, telling(created(store, keys)), "look-up"))
    assert asyncio.run(store.being_filed()) == {keys.conversation_id: "look-up"}
    asyncio.run(store.settle(keys.conversation_id, filed=filed))
    assert asyncio.run(store.being_filed()) == {}
    assert (asyncio.run(store.load(keys)).apart is None) is filed


# Of two that save at once


def test_what_somebody_else_saved_meanwhile_is_not_written_over(
    store: ConversationStore, keys: SessionKeys, kept: Kept
) -> None:
    created(store, keys)
    other = opened(kept)
    mine, theirs = asyncio.run(store.load(keys)), asyncio.run(other.load(keys))
    theirs.language = "uk"
    asyncio.run(other.save(keys, telling(theirs), "look-up"))
    with pytest.raises(NotSavedError, match="somebody else"):
        asyncio.run(store.save(keys, mine))
    assert asyncio.run(store.load(keys)) == theirs
    assert asyncio.run(store.being_filed()) == {keys.conversation_id: "look-up"}
    other.close()


def test_a_conversation_is_saved_time_after_time(store: ConversationStore, keys: SessionKeys) -> None:
    conversation = created(store, keys)
    for language in ("uk", "pl", "so"):
        conversation.language = language
        asyncio.run(store.save(keys, conversation))
    assert asyncio.run(store.load(keys)).language == "so"


def test_a_report_that_was_let_go_on_meanwhile_is_not_settled(
    store: ConversationStore, keys: SessionKeys, kept: Kept
) -> None:
    conversation = telling(created(store, keys))
    asyncio.run(store.save(keys, conversation, "look-up"))
    asyncio.run(store.save(keys, conversation))
    asyncio.run(store.settle(keys.conversation_id, filed=True))
    assert asyncio.run(store.load(keys)) == conversation
