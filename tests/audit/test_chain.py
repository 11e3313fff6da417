"""Whatever is done to the chain before its last anchor is found; what comes after it is not called proven."""

import dataclasses
import datetime as dt
import hashlib
import random
from collections.abc import Callable
from typing import Any

import pytest

from bot.audit.anchor import Anchored, Anchors
from bot.audit.chain import Fault, Kind, check
from bot.audit.journal import EVERY
from bot.store.audit_verbs import NOTHING_BEFORE, EventRow, canonical, hash_of
from tests.audit.chains import BEGINNING, LATER, a_chain, anchors_of, chained_again, faults

LENGTH = 230
ROWS = a_chain(LENGTH)
ANCHORS = anchors_of(ROWS)
LAST = 201
"""The last anchored row."""
TIMES = 1_000
SEED = 20261129


# The form that is hashed


def test_the_form_and_the_hash_are_those_that_anybody_can_compute() -> None:
    """Written out by hand: a change of it would make every chain that is kept look edited."""
    row = dataclasses.replace(ROWS[0], actor="Åse", detail='{"to":"x"}')
    form = (
        b'[1,"2026-11-02T08:00:10+00:00","\\u00c5se","lead","report_viewed","00000000000000000000000000000001",'
        b'"{\\"to\\":\\"x\\"}","' + b"0" * 64 + b'"]'
    )
    assert canonical(row) == form
    assert hash_of(row) == hashlib.sha256(form).hexdigest()


def test_no_two_rows_have_the_same_form() -> None:
    """Text that moves from one field to the next, or looks like the border between two, changes the form."""
    row = ROWS[0]
    alike = [
        dataclasses.replace(row, actor=actor, role=role)
        for actor, role in [("ab", "c"), ("a", "bc"), ('a","b', "c"), ("a", 'b","c'), ("", "abc"), ("ab\\", "c")]
    ]
    assert len({canonical(it) for it in alike}) == len(alike)


@pytest.mark.parametrize("field", [field.name for field in dataclasses.fields(EventRow) if field.name != "hash"])
def test_each_field_is_in_the_hash(field: str) -> None:
    assert hash_of(edited(ROWS[9], field)) != hash_of(ROWS[9])


# What is found


def test_a_whole_chain_has_no_fault() -> None:
    assert faults(ROWS, ANCHORS) == []
    assert faults([], Anchors()) == []
    assert faults(ROWS[:1], anchors_of(ROWS[:1])) == []


def edited(row: EventRow, field: str) -> EventRow:
    value: Any = getattr(row, field)
    changed = {int: lambda: value + 1, dt.datetime: lambda: value + dt.timedelta(seconds=1)}
    return dataclasses.replace(row, **{field: changed.get(type(value), lambda: value[::-1] + "x")()})


def edit(rows: list[EventRow], place: int, chance: random.Random) -> list[EventRow]:
    """One field; half of the times with the row's own hash made anew."""
    field = chance.choice(dataclasses.fields(EventRow)).name
    row = edited(rows[place], field)
    if field != "hash" and chance.random() < 0.5:
        row = dataclasses.replace(row, hash=hash_of(row))
    return [*rows[:place], row, *rows[place + 1 :]]


def delete(rows: list[EventRow], place: int, chance: random.Random) -> list[EventRow]:
    until = place + chance.randint(1, 3)
    left = rows[:place] + rows[until:]
    return chained_again(left) if chance.random() < 0.5 else left


def insert(rows: list[EventRow], place: int, chance: random.Random) -> list[EventRow]:
    """With right hashes, the numbers of all that follow moved by one."""
    forged = dataclasses.replace(chance.choice(rows), actor="nobody")
    return chained_again([*rows[:place], forged, *rows[place:]])


def reorder(rows: list[EventRow], place: int, chance: random.Random) -> list[EventRow]:
    """Two rows change places: as they are, with each other's numbers, or with all hashes made anew."""
    other = chance.choice([it for it in range(min(LAST, len(rows))) if it != place])
    swapped = list(rows)
    swapped[place], swapped[other] = rows[other], rows[place]
    way = chance.randrange(3)
    if way == 1:
        for it in (place, other):
            swapped[it] = dataclasses.replace(swapped[it], seq=rows[it].seq)
    return chained_again(swapped) if way == 2 else swapped


def cut(rows: list[EventRow], place: int, _: random.Random) -> list[EventRow]:
    return rows[:place]


def rewrite(rows: list[EventRow], place: int, chance: random.Random) -> list[EventRow]:
    """Another history from a point on, as long as the true one."""
    forged = [dataclasses.replace(row, object=f"{chance.getrandbits(64):x}") for row in rows[place:]]
    return chained_again([*rows[:place], *forged])


WAYS = (edit, delete, insert, reorder, cut, rewrite)


def test_a_thousand_tamperings_before_the_last_anchor_are_a_thousand_found() -> None:
    chance = random.Random(SEED)  # noqa: S311 - the same each time
    missed = []
    for number in range(TIMES):
        way, place = WAYS[number % len(WAYS)], chance.randrange(LAST)
        tampered = way(ROWS, place, chance)
        assert tampered != ROWS
        if not faults(tampered, ANCHORS):
            missed.append((number, way.__name__, place))
    assert missed == []


@pytest.mark.parametrize("place", range(LAST))
def test_a_rewritten_history_is_found_from_whatever_row_it_begins(place: int) -> None:
    chance = random.Random(SEED)  # noqa: S311 - the same each time
    found = faults(rewrite(ROWS, place, chance), ANCHORS)
    assert {fault.kind for fault in found} == {Kind.REWRITTEN}
    assert found[0].seq == min(line.seq for line in ANCHORS.lines if line.seq > place)


def with_own_hash(row: EventRow) -> EventRow:
    return dataclasses.replace(row, hash=hash_of(row))


@pytest.mark.parametrize(
    ("tamper", "told"),
    [
        (lambda it: [*it[:49], edited(it[49], "detail"), *it[50:]], [Fault(50, Kind.EDITED)]),
        (lambda it: [*it[:49], with_own_hash(edited(it[49], "actor")), *it[50:]], [Fault(51, Kind.DISPLACED)]),
        (lambda it: [*it[:49], *it[52:]], [Fault(50, Kind.MISSING, 52)]),
        (lambda it: it[9:], [Fault(1, Kind.MISSING, 9)]),
        (lambda it: [dataclasses.replace(it[0], seq=0), *it], [Fault(0, Kind.EDITED), Fault(0, Kind.DISPLACED)]),
        (lambda it: [*it[:50], it[49], *it[50:]], [Fault(50, Kind.DISPLACED)]),
        (lambda it: [*it[:9], it[10], it[9], *it[11:]], [Fault(10, Kind.MISSING, 10), Fault(10, Kind.DISPLACED)]),
        (lambda it: it[:150], [Fault(151, Kind.CUT, 201)]),
        (lambda it: it[:200], [Fault(201, Kind.CUT, 201)]),
        (lambda _: [], [Fault(1, Kind.CUT, 201)]),
        (lambda it: chained_again([*it[:120], *it[121:]]), [Fault(201, Kind.REWRITTEN)]),
        (
            lambda it: [with_own_hash(edited(it[0], "previous")), *it[1:]],
            [Fault(1, Kind.DISPLACED), Fault(1, Kind.REWRITTEN), Fault(2, Kind.DISPLACED)],
        ),
    ],
)
def test_a_fault_names_the_place_and_the_kind(
    tamper: Callable[[list[EventRow]], list[EventRow]], told: list[Fault]
) -> None:
    assert faults(tamper(ROWS), ANCHORS) == told


def test_a_row_is_judged_by_every_anchor_that_names_it() -> None:
    """Two processes may anchor the same head; one that says something else is a fault, whichever came first."""
    twice = Anchors((*ANCHORS.lines, ANCHORS.lines[1]))
    assert faults(ROWS, twice) == []
    for lines in ((other_hash(ANCHORS.lines[1]), *ANCHORS.lines), (*ANCHORS.lines, other_hash(ANCHORS.lines[1]))):
        assert faults(ROWS, Anchors(lines)) == [Fault(101, Kind.REWRITTEN)]


def other_hash(line: Anchored) -> Anchored:
    return dataclasses.replace(line, hash=line.hash[::-1])


def test_anchors_may_stand_in_any_order() -> None:
    assert faults(ROWS, Anchors(ANCHORS.lines[::-1])) == []
    assert faults(ROWS[:150], Anchors(ANCHORS.lines[::-1])) == [Fault(151, Kind.CUT, 201)]


# What is not


@pytest.mark.parametrize("way", WAYS)
def test_what_is_rewritten_or_cut_off_after_the_last_anchor_is_not_called_proven(way: Any) -> None:
    """With right hashes nothing is out of order: this is why the last anchor is told."""
    chance = random.Random(SEED)  # noqa: S311 - the same each time
    tampered = chained_again([*ROWS[:LAST], *way(ROWS[LAST:], 3, chance)])
    assert tampered != ROWS
    assert tampered[:LAST] == ROWS[:LAST]
    assert faults(tampered, ANCHORS) == []
    last = ANCHORS.last
    assert last
    assert last.seq == LAST


# Anchors that should be there


def anchored_at(at: dt.datetime) -> Anchors:
    return Anchors((Anchored(LAST, ROWS[LAST - 1].hash, at),))


@pytest.mark.parametrize(("late", "told"), [(EVERY, 202), (EVERY - dt.timedelta(seconds=1), 203)])
def test_events_an_hour_after_the_last_anchor_that_are_not_anchored_are_told(late: dt.timedelta, told: int) -> None:
    """The journal anchors the first event that comes so late, whatever process notes it."""
    assert faults(ROWS, anchored_at(ROWS[LAST].at - late)) == [Fault(told, Kind.NOT_ANCHORED)]


def test_what_was_not_anchored_in_time_and_is_by_now_is_no_fault() -> None:
    last = Anchored(LENGTH, ROWS[-1].hash, ROWS[-1].at)
    assert faults(ROWS, Anchors((ANCHORS.lines[0], last))) == []


def test_a_chain_without_any_anchor_is_told() -> None:
    assert faults(ROWS, Anchors()) == [Fault(1, Kind.NOT_ANCHORED)]


def test_an_event_of_this_minute_may_still_be_anchored() -> None:
    (row,) = rows = a_chain(1)
    assert list(check(rows, Anchors(), row.at + dt.timedelta(seconds=59))) == []
    assert list(check(rows, Anchors(), row.at + dt.timedelta(seconds=60))) == [Fault(1, Kind.NOT_ANCHORED)]


def test_a_clock_that_was_set_back_is_no_fault() -> None:
    """Times may go back; numbers may not."""
    back = chained_again([*ROWS[:120], *(dataclasses.replace(row, at=BEGINNING) for row in ROWS[120:])])
    assert faults(back, anchors_of(back)) == []


def test_one_row_is_kept_at_a_time() -> None:
    """Faults come as soon as they are read, so that a chain need not fit into the memory."""
    read = []

    def rows() -> Any:
        for row in [ROWS[0], edited(ROWS[1], "role"), *ROWS[2:]]:
            read.append(row.seq)
            yield row

    assert next(check(rows(), ANCHORS, LATER)) == Fault(2, Kind.EDITED)
    assert read == [1, 2]
    assert ROWS[0].previous == NOTHING_BEFORE
