"""Referrals row by row, for coordinators only (tier T0): one quarter, streamed, under names of this file alone."""

import asyncio
import csv
import datetime as dt
import hashlib
import hmac
import io
import secrets
import threading
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from itertools import batched

from starlette.responses import Response, StreamingResponse

from bot.errors import Problem
from bot.language.dates import today
from bot.statistics.releasing import Quarter
from bot.store.statistics_verbs import COLUMNS, REFERRALS, Row, Statistics
from bot.web.console.frame import UNREADABLE, Visit

HEADING = (
    "referral", "conversation", "month", "service", "need", "effort", "language", "residence", "cpr", "district",
    "mode",
)  # fmt: skip
MOST_QUARTERS = 8
"""Of which rows can be asked for: what is older is deleted (docs/privacy.md)."""
A_PIECE, MOST_WAITING = 250, 4
"""Rows written at once, and pieces that wait for a slow reader: the whole never stands in memory."""
PATIENCE_SECONDS = 60.0
"""A reader that takes nothing for so long is gone: an open look at the store would keep its log from being emptied."""
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
PSEUDONYM_LETTERS = 20


def ended_quarters(day: dt.date) -> Iterator[str]:
    """Calendar quarters that are over, the newest first."""
    year, number = day.year, (day.month - 1) // 3
    for _ in range(MOST_QUARTERS):
        if number == 0:
            year, number = year - 1, 4
        yield f"{year}Q{number}"
        number -= 1


async def download_rows(visit: Visit) -> Response:
    """A CSV file; on record before its first byte, and an error in words where the store cannot be read."""
    name = visit.fields.get("quarter", "")
    if name not in ended_quarters(today()):
        raise Problem(UNREADABLE, "problem.unreadable")
    await visit.note("rows_downloaded", quarter=name)
    statistics = visit.console.store.statistics
    simulated = await statistics.simulated()
    pieces = Pieces(statistics, Quarter.of(name), Written(simulated=simulated))
    await pieces.begin()
    mark = "SIMULATED-" if simulated else ""
    headers = {"Content-Disposition": f'attachment; filename="{mark}vejviser-referrals-{name}-rows.csv"'}
    return StreamingResponse(pieces.rest(), media_type="text/csv; charset=utf-8", headers=headers)


class Written:
    """Rows as lines of CSV, under pseudonyms by a key that nobody keeps: two downloads cannot be joined."""

    def __init__(self, *, simulated: bool) -> None:
        self._key = secrets.token_bytes(32)
        self._mark = ("simulated",) if simulated else ()

    def heading(self) -> bytes:
        return _lines([(*HEADING, *self._mark)])

    def piece(self, rows: Iterable[Row]) -> bytes:
        return _lines(self._cells(row) for row in rows)

    def _cells(self, row: Row) -> tuple[str, ...]:
        given = dict(zip(COLUMNS[REFERRALS], ("" if it is None else str(it) for it in row), strict=True))
        given["cpr"] = given["cpr"] if given["cpr"] in {"yes", "no"} else "unsaid"
        names = self._name("referral", given["id"]), self._name("conversation", given["visit"])
        codes = [_harmless(given[it]) for it in HEADING[3:]]
        return (*names, given["made_on"][:7], *codes, *("yes" for _ in self._mark))

    def _name(self, of: str, id_: str) -> str:
        return hmac.digest(self._key, f"{of} {id_}".encode(), hashlib.sha256).hex()[:PSEUDONYM_LETTERS]


def _harmless(cell: str) -> str:
    """A sheet takes a cell that begins so for a formula."""
    return f"'{cell}" if cell.startswith(STARTS_A_FORMULA) else cell


def _lines(rows: Iterable[tuple[str, ...]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode()


class Pieces:
    """A file on its way from a thread that reads the store to whoever downloads it."""

    def __init__(self, statistics: Statistics, quarter: Quarter, written: Written) -> None:
        self._statistics = statistics
        self._quarter = quarter
        self._written = written
        self._queue: asyncio.Queue[bytes | None] = asyncio.Queue(MOST_WAITING)
        self._is_over = threading.Event()
        self.reading: asyncio.Task[None] | None = None
        self._first: bytes | None = None

    async def begin(self) -> None:
        """Reads the first piece; raises NotSavedError where there is none to be had."""
        loop = asyncio.get_running_loop()

        def put(piece: bytes | None) -> None:
            asyncio.run_coroutine_threadsafe(self._queue.put(piece), loop).result(PATIENCE_SECONDS)

        self.reading = asyncio.create_task(self._read(put))
        self.reading.add_done_callback(
            lambda task: task.cancelled() or task.exception()
        )  # looked at, if by nobody else
        self._first = await self._next(self.reading)

    async def _read(self, put: Callable[[bytes | None], None]) -> None:
        await self._statistics.read(
            REFERRALS, self._quarter.first, self._quarter.last, lambda rows: self._put_all(rows, put)
        )

    def _put_all(self, rows: Iterable[Row], put: Callable[[bytes | None], None]) -> None:
        for piece in self._all(rows):
            if self._is_over.is_set():
                return
            put(piece)
        put(None)

    def _all(self, rows: Iterable[Row]) -> Iterator[bytes]:
        heading = self._written.heading()
        for some in batched(rows, A_PIECE):
            yield heading + self._written.piece(some)
            heading = b""
        if heading:
            yield heading

    async def rest(self) -> AsyncGenerator[bytes]:
        """What breaks on the way breaks the download off, so that half a file is not taken for a whole one."""
        assert self.reading  # noqa: S101 - `begin` came first
        piece = self._first
        try:
            while piece is not None:
                yield piece
                piece = await self._next(self.reading)
        finally:
            self._is_over.set()
            while not self._queue.empty():
                self._queue.get_nowait()

    async def _next(self, reading: asyncio.Task[None]) -> bytes | None:
        """Raises what broke the reading."""
        waiting = asyncio.create_task(self._queue.get())
        await asyncio.wait({reading, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if waiting.done():
            return waiting.result()
        if reading.done() and (error := reading.exception()):
            waiting.cancel()
            raise error
        return await waiting
