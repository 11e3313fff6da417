"""A turn under way, for tests of the parts that ask for it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.casework.desk import Desk
from bot.casework.law_file import read_law
from bot.casework.own_report import OwnReports
from bot.directory.services import read_directory
from bot.engine.conversation import Conversation
from bot.engine.turn import Turn, under_way
from bot.settings import Settings
from bot.store.sqlite import SqliteStore
from tests.reports import VERSIONS

KEY = b"k" * 32


async def _kept_nowhere(_: str) -> None:
    """A turn of its own has no conversation store."""


@contextmanager
def a_turn(conversation_id: str = "conversation", conversation: Conversation | None = None) -> Iterator[Turn]:
    """With a real desk on a store of its own."""
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder) / "store.db")
        turn = Turn(
            conversation_id=conversation_id,
            message_id="message",
            conversation=conversation or Conversation("en"),
            secret=b"s" * 32,
            desk=Desk(store, KEY),
            directory=read_directory(Settings().content),
            law=read_law(Settings().content / "law"),
            own=OwnReports(store, KEY),
            versions=lambda _: VERSIONS,
            keep=_kept_nowhere,
        )
        try:
            with under_way(turn):
                yield turn
        finally:
            store.close()
