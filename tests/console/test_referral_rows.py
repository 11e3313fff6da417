"""Referrals row by row: made-up names, harmless in a sheet, streamed, on record before the first byte."""

import asyncio
import csv
import datetime as dt
import io
import re
import sqlite3
import tracemalloc
from collections.abc import AsyncGenerator, Iterator
from typing import Any

import httpx
import pytest
import time_machine

from bot.errors import NotSavedError
from bot.language.dates import today
from bot.settings import Settings
from bot.statistics.releasing import Quarter
from bot.store.verbs import ReferralRow
from bot.web.console.app import make_console
from bot.web.console.desk import Console
from bot.web.console.referral_rows import A_PIECE, HEADING, MOST_WAITING, Pieces, Written, ended_quarters
from tests.console.conftest import events
from tests.console.member import Member
from tests.console.office import check
from tests.keys import make_keys

PERIOD = "2026Q3"
DAY = dt.datetime(2026, 11, 29, 12, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def kim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Member]:
    with time_machine.travel(DAY, tick=True):
        app: Any = make_console(Settings(var=tmp_path_factory.mktemp("rows")))
        app.state.console.first = make_keys(app.state.console.store)
        yield Member(app, "kim", "coordinator").signs_in()
    app.state.console.close()


@pytest.fixture
def room(kim: Member) -> Iterator[Console]:
    """Without referrals before and after each test."""
    room = kim.console
    yield room
    with sqlite3.connect(room.settings.var / "store.db", timeout=10) as connection:
        connection.execute("DELETE FROM referral")


def newest(room: Console) -> tuple[str, str, str]:
    """Verb, object and detail of the last event."""
    row = asyncio.run(room.store.audit.newest(1))[0]
    return row.verb, row.object, row.detail


def referral(number: int, made_on: dt.date = dt.date(2026, 8, 17), **more: str | None) -> ReferralRow:
    """Two of a conversation."""
    given: dict[str, Any] = {
        "id": f"{number:032x}", "mark": f"mark {number}", "made_on": made_on, "service": "jobnet", "effort": "danish",
        "need": "danish_start", "language": "pl", "residence": "eu", "cpr": "yes", "district": "valby",
        "visit": f"visit {number // 2}",
    }  # fmt: skip
    return ReferralRow(**{**given, **more})


def log(room: Console, *rows: ReferralRow) -> None:
    asyncio.run(room.store.log_referrals(list(rows)))


def fill(console: Console, count: int) -> None:
    """As `log`, of many at once."""
    rows = (vars(referral(number)) for number in range(count))
    with sqlite3.connect(console.settings.var / "store.db", timeout=10) as connection:
        names = list(vars(referral(0)))
        into = f"INSERT INTO referral ({', '.join(names)}) VALUES ({', '.join('?' for _ in names)})"  # noqa: S608
        connection.executemany(into, ([str(row[name]) for name in names] for row in rows))


def asked_for(kim: Member, quarter: str = PERIOD) -> httpx.Response:
    answer = kim.orders("/statistics/rows", quarter=quarter)
    check(answer)
    return answer


def rows_of(kim: Member) -> list[dict[str, str]]:
    """As a sheet reads them."""
    answer = asked_for(kim)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8", answer.text
    assert answer.headers["content-disposition"] == 'attachment; filename="vejviser-referrals-2026Q3-rows.csv"'
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def test_rows_hold_months_codes_and_made_up_names(kim: Member, room: Console) -> None:
    log(room, referral(1), referral(2, cpr=None, district=None), referral(3, dt.date(2026, 9, 30), cpr="no"))
    log(room, referral(4, dt.date(2026, 6, 30)), referral(5, dt.date(2026, 10, 1)))
    found = sorted(rows_of(kim), key=lambda it: it["cpr"])
    assert list(found[0]) == list(HEADING)
    assert [it["cpr"] for it in found] == ["no", "unsaid", "yes"]
    assert [it["month"] for it in found] == ["2026-09", "2026-08", "2026-08"]
    assert found[2] == {
        **found[2], "service": "jobnet", "need": "danish_start", "effort": "danish", "language": "pl",
        "residence": "eu", "district": "valby", "mode": "info_given",
    }  # fmt: skip
    assert found[1]["district"] == ""
    assert newest(room) == ("rows_downloaded", "", '{"quarter":"2026Q3"}')


def test_names_join_a_conversation_within_a_file_and_nothing_across_two(kim: Member, room: Console) -> None:
    log(room, *(referral(number) for number in range(2, 10)))
    one, other = rows_of(kim), rows_of(kim)
    assert len({it["referral"] for it in one}) == 8
    assert len({it["conversation"] for it in one}) == 4
    for name in ("referral", "conversation"):
        assert not {it[name] for it in one} & {it[name] for it in other}
    text = asked_for(kim).text
    assert f"{2:032x}" not in text
    assert "visit" not in text
    assert "2026-08-17" not in text


@pytest.mark.parametrize("hostile", ["=1+1", "+45", "-2", "@SUM(A1)", "\t=1", "\r=1", 'a","b', "a\r\nb", "æøå"])
def test_a_sheet_takes_no_row_for_a_formula(kim: Member, room: Console, hostile: str) -> None:
    log(room, referral(1, service=hostile, district=hostile))
    (row,) = rows_of(kim)
    for name in ("service", "district"):
        assert row[name].removeprefix("'") == hostile
        assert not row[name].startswith(("=", "+", "-", "@", "\t", "\r"))


def test_a_quarter_without_referrals_has_a_heading_alone(kim: Member) -> None:
    assert asked_for(kim).text == ",".join(HEADING) + "\r\n"


@pytest.mark.parametrize("quarter", ["", "2026Q4", "2020Q1", "2026Q5", "x", "2026Q3'; --", "../2026Q3"])
def test_only_quarters_that_are_over_have_rows(kim: Member, room: Console, quarter: str) -> None:
    before = events(room).count("rows_downloaded")
    assert asked_for(kim, quarter).status_code == 422
    assert events(room).count("rows_downloaded") == before


def test_a_year_of_quarters_crosses_the_year() -> None:
    assert list(ended_quarters(dt.date(2026, 2, 1)))[:5] == ["2025Q4", "2025Q3", "2025Q2", "2025Q1", "2024Q4"]


def test_invented_rows_say_so_in_name_and_column(kim: Member, room: Console) -> None:
    log(room, referral(1))
    with sqlite3.connect(room.settings.var / "store.db") as connection:
        connection.execute("INSERT INTO simulation VALUES ('1', '2026-11-29')")
    answer = asked_for(kim)
    with sqlite3.connect(room.settings.var / "store.db") as connection:
        connection.execute("DELETE FROM simulation")
    assert 'filename="SIMULATED-' in answer.headers["content-disposition"]
    (row,) = csv.DictReader(io.StringIO(answer.text, newline=""))
    assert row["simulated"] == "yes"


# Rows on their way


async def length_of(stream: AsyncGenerator[bytes]) -> int:
    return sum([len(piece) async for piece in stream])


def pieces_of(room: Console) -> Pieces:
    return Pieces(room.store.statistics, Quarter.of(PERIOD), Written(simulated=False))


def test_the_whole_never_stands_in_memory(room: Console) -> None:
    fill(room, 20_000)

    async def taken() -> tuple[int, int]:
        pieces = pieces_of(room)
        tracemalloc.start()
        await pieces.begin()
        length = await length_of(pieces.rest())
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return length, peak

    length, peak = asyncio.run(taken())
    assert length > 2_000_000
    assert peak < length / 3


def test_a_reader_who_goes_away_stops_the_reading(room: Console) -> None:
    fill(room, 8 * MOST_WAITING * A_PIECE)

    async def leaves() -> None:
        pieces = pieces_of(room)
        await pieces.begin()
        stream = pieces.rest()
        await anext(stream)
        await stream.aclose()
        assert pieces.reading
        await asyncio.wait_for(pieces.reading, timeout=5)

    asyncio.run(leaves())


def test_what_breaks_on_the_way_breaks_the_download_off(console: Console) -> None:
    """Pages in the middle of the table are overwritten, as a dying disk would."""
    fill(console, 8_000)
    path = console.settings.var / "store.db"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = path.read_bytes()
    with path.open("r+b") as file:
        for place in (it.start() for it in re.finditer(f"{6_000:032x}".encode(), whole)):
            file.seek(place // 4096 * 4096)
            file.write(b"\xff" * 4096)

    async def taken() -> None:
        pieces = pieces_of(console)
        await pieces.begin()
        with pytest.raises(NotSavedError):
            await length_of(pieces.rest())

    asyncio.run(taken())


def test_a_store_that_cannot_be_read_is_a_page_in_words(coordinator: Member, console: Console) -> None:
    store = console.settings.var / "store.db"
    store.rename(store.with_name("elsewhere.db"))
    answer = coordinator.orders("/statistics/rows", quarter=next(ended_quarters(today())))
    assert answer.status_code == 503
    assert answer.headers["content-type"].startswith("text/html")
    assert "csv" not in answer.headers.get("content-disposition", "")
