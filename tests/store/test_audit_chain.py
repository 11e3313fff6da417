"""The audit chain in every engine: one whole chain whoever appends, and what other hands did to it is found."""

import asyncio

import pytest

from bot.audit.chain import Fault, Kind, check
from bot.store.audit_verbs import EventRow
from bot.store.tables.store import TableStore
from tests.audit.chains import LATER, a_chain, an_event, anchors_of
from tests.store.kept import Kept


def appended(store: TableStore, times: int) -> None:
    for number in range(1, times + 1):
        asyncio.run(store.audit.append(an_event(number)))


def rows(kept: Kept) -> list[EventRow]:
    return asyncio.run(kept.store.audit.since(0, 1_000))


def test_what_is_appended_is_the_chain_and_is_read_both_ways(kept: Kept) -> None:
    appended(kept.store, 30)
    assert rows(kept) == a_chain(30)
    assert [row.seq for row in asyncio.run(kept.store.audit.newest(3, before=28))] == [27, 26, 25]
    assert [row.seq for row in asyncio.run(kept.store.audit.newest(9, object_=f"{5:032x}"))] == [22, 5]


def test_of_many_that_append_at_once_each_stands_behind_another(kept: Kept) -> None:
    stores = [kept.store, *(kept.again() for _ in range(3))]

    async def all_at_once() -> None:
        await asyncio.gather(*(store.audit.append(an_event(number)) for number in range(20) for store in stores))

    asyncio.run(all_at_once())
    found = rows(kept)
    assert [row.seq for row in found] == list(range(1, 81))
    assert list(check(found, anchors_of(found), LATER)) == []


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE event SET actor = 'nobody' WHERE seq = 5", Fault(5, Kind.EDITED)),
        ("UPDATE event SET at = 'yesterday' WHERE seq = 5", Fault(5, Kind.EDITED)),
        ("DELETE FROM event WHERE seq = 5", Fault(5, Kind.MISSING, 5)),
        ("UPDATE event SET seq = 99 WHERE seq = 5", Fault(5, Kind.MISSING, 5)),
        ("INSERT INTO event SELECT 99, at, actor, role, verb, object, detail, previous, hash FROM event WHERE seq = 9",
         Fault(10, Kind.MISSING, 98)),
    ],
)  # fmt: skip
def test_what_other_hands_did_is_found(kept: Kept, statement: str, told: Fault) -> None:
    appended(kept.store, 9)
    before = anchors_of(rows(kept))
    kept.by_other_hands(statement)
    assert told in list(check(rows(kept), before, LATER))
