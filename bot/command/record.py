"""The audit chain for what is done on the command line, where nobody is signed in."""

from collections.abc import Awaitable, Callable

from bot.audit.anchor import Anchor
from bot.audit.journal import Journal
from bot.engine.logs import configure_logs
from bot.settings import Settings
from bot.store.verbs import Store

COMMAND = "command"
"""The role under which it stands; who sat at the server is for the server's own log to say."""


def record_of(store: Store, settings: Settings) -> Callable[..., Awaitable[None]]:
    """A function of a verb, an object and the verb's fields."""
    configure_logs(settings.log_level)
    journal = Journal(store.audit, Anchor(settings.var / settings.anchor))

    async def note(verb: str, object_: str = "", **fields: str | int | bool) -> None:
        await journal.note("", COMMAND, verb, object_, **fields)

    return note
