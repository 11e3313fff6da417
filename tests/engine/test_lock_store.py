"""One turn at a time in a conversation, in the order in which the messages came."""

import asyncio

import pytest

from bot.engine.lock_store import TurnLockStore, Turns
from bot.errors import ConversationEndedError, NotOursError
from bot.store.opening import open_locks
from tests.engine.turns import a_turn
from tests.store.kept import Kept
from tests.store.test_locks import Holder, holding


async def take_turns(turns: Turns, count: int, told: list[str], conversation: str = "a") -> None:
    async def turn(number: int) -> None:
        async with turns.one_at_a_time(conversation):
            told.append(f"{conversation}{number} begins")
            await asyncio.sleep(0.001 * (count - number))
            told.append(f"{conversation}{number} ends")

    tasks = []
    for number in range(count):
        tasks.append(asyncio.create_task(turn(number)))
        await asyncio.sleep(0)
    await asyncio.gather(*tasks)


def test_turns_of_a_conversation_follow_each_other_in_the_order_they_came() -> None:
    told: list[str] = []
    asyncio.run(take_turns(Turns(), 20, told))
    assert told == [f"a{number} {what}" for number in range(20) for what in ("begins", "ends")]


def test_another_conversation_does_not_wait() -> None:
    async def both() -> list[str]:
        told: list[str] = []
        turns = Turns()
        async with asyncio.timeout(5):
            async with turns.one_at_a_time("a"), turns.one_at_a_time("b"):
                told.append("both at once")
        return told

    assert asyncio.run(both()) == ["both at once"]


def test_nothing_is_kept_of_a_conversation_that_nobody_waits_for() -> None:
    turns = Turns()
    told: list[str] = []
    asyncio.run(take_turns(turns, 5, told))
    asyncio.run(take_turns(turns, 5, told, "b"))
    assert turns._locks == {}


def test_a_turn_that_fails_makes_room_for_the_next() -> None:
    turns = Turns()

    async def fail_then_go_on() -> str:
        with pytest.raises(ZeroDivisionError):
            async with turns.one_at_a_time("a"):
                _ = 1 // 0
        async with asyncio.timeout(5), turns.one_at_a_time("a"):
            return "went on"

    assert asyncio.run(fail_then_go_on()) == "went on"
    assert turns._locks == {}


def test_somebody_who_gives_up_waiting_leaves_the_order_as_it_was() -> None:
    turns = Turns()
    told: list[str] = []

    async def turn(name: str) -> None:
        async with turns.one_at_a_time("a"):
            await asyncio.sleep(0.01)
            told.append(name)

    async def one_gives_up() -> None:
        first, second, third = (asyncio.create_task(turn(name)) for name in ("first", "second", "third"))
        await asyncio.sleep(0.001)
        second.cancel()
        await asyncio.gather(first, second, third, return_exceptions=True)

    asyncio.run(one_gives_up())
    assert told == ["first", "third"]
    assert turns._locks == {}


def test_a_turn_waits_for_one_in_another_process_and_others_do_not(kept: Kept) -> None:
    turns = Turns(open_locks(kept.settings))
    told: list[str] = []

    async def while_another_holds_a(other: Holder) -> None:
        waiting = asyncio.create_task(take_turns(turns, 2, told))
        await take_turns(turns, 1, told, "b")
        await asyncio.sleep(0.2)
        told.append("another lets go")
        other.goes_on()
        await waiting

    with holding(kept.settings, "a") as other:
        asyncio.run(while_another_holds_a(other))
    assert told == ["b0 begins", "b0 ends", "another lets go", "a0 begins", "a0 ends", "a1 begins", "a1 ends"]
    turns.close()


def test_rasa_gets_the_lock_of_the_turn_under_way_and_no_other() -> None:
    async def lock(conversation_id: str) -> str:
        async with TurnLockStore().lock(conversation_id):
            return "held"

    with a_turn("mine"):
        assert asyncio.run(lock("mine")) == "held"
        with pytest.raises(NotOursError):
            asyncio.run(lock("another"))
    with pytest.raises(ConversationEndedError):
        asyncio.run(lock("mine"))
