"""Opens what the settings name: SQLite files in `var`, or PostgreSQL. Nobody else knows which engines there are."""

from typing import Protocol

from bot.settings import Settings
from bot.store.database import Worker
from bot.store.locks import Locks
from bot.store.sqlite import SqliteEngine
from bot.store.tables.store import TableStore


class Engine(Protocol):
    """What a module of an engine offers; what cannot be opened raises SettingError."""

    def store(self) -> TableStore: ...

    def conversations(self) -> Worker: ...

    def locks(self) -> Locks: ...

    def is_there(self) -> bool:
        """Whether a store was ever made."""

    @property
    def place(self) -> str:
        """For people, without a password."""


def _engine(settings: Settings) -> Engine:
    if not settings.database:
        return SqliteEngine(settings.var)
    from bot.store.postgres import PostgresEngine  # noqa: PLC0415 - libpq takes 0.1 s, which SQLite need not wait for

    return PostgresEngine(settings.database)


def open_store(settings: Settings) -> TableStore:
    """Made where it is missing, and brought up to the schema of this release."""
    return _engine(settings).store()


def open_conversations(settings: Settings) -> Worker:
    """For the engine's conversation store."""
    return _engine(settings).conversations()


def open_locks(settings: Settings) -> Locks:
    """For turns, over all processes."""
    return _engine(settings).locks()


def store_is_there(settings: Settings) -> bool:
    """Whether it was ever made; it is not made now."""
    return _engine(settings).is_there()


def place_of_store(settings: Settings) -> str:
    """Where it is, for people."""
    return _engine(settings).place
