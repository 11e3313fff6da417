"""PostgreSQL, through psycopg: a few connections a process, and writers that pass one after the other."""

import asyncio
import select
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import TupleRow, dict_row

from bot.errors import NotSavedError, SettingError
from bot.monitoring.figures import not_saved
from bot.store.database import Database, Record, Row, Values
from bot.store.locks import Locks
from bot.store.numbered import bound, numbered, plain
from bot.store.postgres_connection import LINK, SESSION, SILENCE, Connection
from bot.store.schema.postgres import CONVERSATIONS, STEPS_TAKEN, STORE, steps_taken, take_steps
from bot.store.tables.store import TableStore

READING = b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL idle_in_transaction_session_timeout TO '5min'"
"""Whoever downloads rows may be slow."""
BEGIN = b"BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
WRITING = (0x76656A, 0)
"""The advisory lock of writers: two numbers, where those of turns have one (`AdvisoryLocks`)."""
CONNECTIONS = 4
"""Of the store, a process: so many verbs run side by side, and slow reads hold up no others before they are as many."""
BATCH = 2_000
"""Rows of a long reading that are in memory at a time."""


class PostgresDatabase(Database):
    """`serialised`: one writer at a time in all processes, as with SQLite."""

    def __init__(self, connect: Callable[[], Connection], *, serialised: bool) -> None:
        self._connect = connect
        self._connection = connect()
        self._begin = BEGIN + (b"; SELECT pg_advisory_xact_lock(%d, %d)" % WRITING if serialised else b"")

    def execute(self, statement: str, values: Values = ()) -> psycopg.Cursor[TupleRow]:
        return self._connection.execute(*bound(statement, values))

    def execute_each(self, statement: str, records: Sequence[Record]) -> None:
        query, names = numbered(statement)
        with self._connection.cursor() as cursor:
            cursor.executemany(query, ([plain(record[name]) for name in names] for record in records))

    def query(self, statement: str, values: Values = ()) -> Iterator[dict[str, Any]]:
        with self._connection.cursor(row_factory=dict_row) as cursor:
            return iter(cursor.execute(*bound(statement, values)).fetchall())

    def query_damaged(self, statement: str, values: Values = ()) -> list[Row]:
        """PostgreSQL lets nobody store in a column what it does not hold."""
        return self.execute(statement, values).fetchall()

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """What was committed before is seen in it, because the lock is waited for before the first statement."""
        try:
            self._connection.execute(self._begin)
            yield
            if self._connection.execute(b"COMMIT").statusmessage != "COMMIT":
                raise psycopg.InternalError("a statement of the transaction had failed")
        except BaseException:
            with suppress(psycopg.Error):
                self._connection.execute(b"ROLLBACK")
            raise

    def emptied(self, *tables: str) -> bool:
        """VACUUM: what was deleted may be written over. docs/privacy.md says what stays until then."""
        try:
            with self._connection.unhurried():
                self._connection.execute(f"VACUUM {', '.join(tables)}".encode())
        except psycopg.errors.LockNotAvailable:
            return False
        return True

    def kept_tables(self) -> list[str]:
        found = (
            "SELECT tablename FROM pg_tables WHERE schemaname = current_schema AND tablename != ? ORDER BY tablename"
        )
        return [name for (name,) in self.execute(found, [STEPS_TAKEN])]

    def close_for_good(self) -> None:
        """Only the embedded store is left behind; a database of a server is moved by the server's own means."""
        raise NotSavedError("a store on PostgreSQL is not closed from here")

    def renew(self) -> None:
        """A connection that was lost while nobody used it is replaced, and nobody is told."""
        self._connection = _renewed(self._connection, self._connect)

    def unhurried(self) -> AbstractContextManager[None]:
        return self._connection.unhurried()

    def close(self) -> None:
        self._connection.close()


@dataclass(frozen=True)
class Server:
    """`url`: as libpq takes it; it may hold a password, so it is told to nobody."""

    url: str = field(repr=False)

    def connect(self, schema: str) -> Connection:
        """Values are sent beside statements, so that the server's log shows none of them where it shows a statement."""
        link: dict[str, Any] = {**LINK, **conninfo_to_dict(self.url), "client_encoding": "utf8"}
        connection = Connection.connect(
            **link, autocommit=True, prepare_threshold=None, cursor_factory=psycopg.RawCursor
        )
        connection.patience = SILENCE[schema]
        connection.execute(SESSION.format(schema=schema).encode())
        return connection

    def open(self, schema: str) -> None:
        """Bring a schema up to this release; what cannot be raises SettingError."""
        try:
            with closing(self.connect(schema)) as connection, connection.unhurried():
                take_steps(connection, schema)
        except psycopg.Error as error:
            raise _unusable(error) from None

    def has(self, schema: str) -> bool:
        """Whether it was ever made."""
        try:
            with closing(self.connect(schema)) as connection:
                return bool(steps_taken(connection, schema))
        except psycopg.Error as error:
            raise _unusable(error) from None


def _unusable(error: psycopg.Error) -> SettingError:
    """What libpq says of an address holds no password of it."""
    return SettingError(f"VEJVISER_DATABASE cannot be used: {str(error).strip().splitlines()[0]}")


class PostgresWorker:
    """`database.Worker` with a few threads, each of which owns a connection."""

    def __init__(self, server: Server, schema: str, *, connections: int, serialised: bool) -> None:
        self._connect = partial(server.connect, schema)
        self._serialised = serialised
        self._threads = ThreadPoolExecutor(connections, thread_name_prefix=schema)
        self._of_thread = threading.local()
        self._opened: list[PostgresDatabase] = []

    async def do[Result](self, work: Callable[[Database], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, _guarded, lambda: work(self._database()))

    def _database(self) -> PostgresDatabase:
        database: PostgresDatabase | None = getattr(self._of_thread, "database", None)
        if database is None:
            database = PostgresDatabase(self._connect, serialised=self._serialised)
            self._of_thread.database = database
            self._opened.append(database)
        database.renew()
        return database

    async def read[Result](self, statement: str, values: Values, work: Callable[[Iterable[Row]], Result]) -> Result:
        """On a connection of its own, in a transaction that sees what was there at its beginning."""

        def on_snapshot() -> Result:
            with closing(self._connect()) as connection, connection.unhurried():
                connection.execute(READING)
                with psycopg.RawServerCursor(connection, "reading") as cursor:
                    cursor.itersize = BATCH
                    return work(cursor.execute(*bound(statement, values)))

        return await asyncio.to_thread(_guarded, on_snapshot)

    async def look[Result](self, work: Callable[[Database], Result]) -> Result:
        def on_snapshot() -> Result:
            with closing(PostgresDatabase(self._connect, serialised=False)) as database, database.unhurried():
                database.execute(READING.decode())
                return work(database)

        return await asyncio.to_thread(_guarded, on_snapshot)

    def now[Result](self, work: Callable[[Database], Result]) -> Result:
        return self._threads.submit(_guarded, lambda: work(self._database())).result()

    def close(self) -> None:
        self._threads.shutdown(wait=True)
        for database in self._opened:
            database.close()


def _guarded[Result](work: Callable[[], Result]) -> Result:
    try:
        return work()
    except (psycopg.Error, OSError, MemoryError) as error:
        not_saved.inc()
        raise NotSavedError(_kind(error)) from error


def _kind(error: Exception) -> str:
    """As Python's database interface (PEP 249) calls it, in every engine alike: `UniqueViolation` is IntegrityError."""
    return next((kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "psycopg"), type(error).__name__)


def _renewed(connection: Connection, connect: Callable[[], Connection]) -> Connection:
    """Where the server closed it there is something to read, unasked for; only then it is asked."""
    poll = select.poll()
    if not connection.closed:
        poll.register(connection.fileno(), select.POLLIN)
        if not poll.poll(0):
            return connection
        with suppress(psycopg.Error):
            connection.execute(b"")
    if connection.closed:
        connection = connect()
    return connection


class AdvisoryLocks(Locks):
    """Locks of one session of the server, which gives them back when the process or the connection ends."""

    def __init__(self, server: Server) -> None:
        self._connect = partial(server.connect, CONVERSATIONS)
        self._connection = self._connect()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="turns")

    async def take(self, number: int) -> bool:
        return await asyncio.get_running_loop().run_in_executor(self._thread, _guarded, lambda: self._try(number))

    def _try(self, number: int) -> bool:
        self._connection = _renewed(self._connection, self._connect)
        ((taken,),) = self._connection.execute(b"SELECT pg_try_advisory_lock($1)", [number])
        return bool(taken)

    def give_back(self, number: int) -> None:
        """On the same thread: behind a `take` that was cancelled, and before the next."""
        self._thread.submit(self._let_go, number)

    def _let_go(self, number: int) -> None:
        with suppress(psycopg.Error):  # then the server has given it back already
            self._connection.execute(b"SELECT pg_advisory_unlock($1)", [number])

    def close(self) -> None:
        self._thread.shutdown(wait=True)
        self._connection.close()


class PostgresStore(TableStore):
    """Several machines may work on it. A commit is on the server's disk when a verb returns."""

    def __init__(self, url: str) -> None:
        server = Server(url)
        server.open(STORE)
        super().__init__(PostgresWorker(server, STORE, connections=CONNECTIONS, serialised=True))


@dataclass(frozen=True)
class PostgresEngine:
    """`opening.Engine` on one database of a server."""

    url: str = field(repr=False)

    def store(self) -> PostgresStore:
        return PostgresStore(self.url)

    def conversations(self) -> PostgresWorker:
        """Turns of different conversations do not wait for each other; those of one do for its lock."""
        server = Server(self.url)
        server.open(CONVERSATIONS)
        return PostgresWorker(server, CONVERSATIONS, connections=CONNECTIONS, serialised=False)

    def locks(self) -> AdvisoryLocks:
        server = Server(self.url)
        server.open(CONVERSATIONS)
        return AdvisoryLocks(server)

    def is_there(self) -> bool:
        return Server(self.url).has(STORE)

    @property
    def place(self) -> str:
        named = conninfo_to_dict(self.url)
        return f"database {named.get('dbname')} at {named.get('host')}"
