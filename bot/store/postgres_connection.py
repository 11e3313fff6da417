"""A connection to PostgreSQL, and for how long a server that is gone, or says nothing, is waited for."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow

from bot.store.schema.postgres import CONVERSATIONS, STORE

LINK: Mapping[str, Any] = {
    "connect_timeout": 5, "keepalives_idle": 30, "keepalives_interval": 5, "keepalives_count": 3,
    "tcp_user_timeout": 10_000, "application_name": "vejviser",
}  # fmt: skip
"""Unless the address says otherwise: a server that is gone is noticed in seconds."""
SESSION = (
    "SET search_path TO {schema}; SET default_transaction_read_only TO on; "
    "SET lock_timeout TO '5s'; SET idle_in_transaction_session_timeout TO '30s'"
)
"""Who forgets `at_once` cannot write. A writer waits for others as long as with SQLite; one that hangs is cut off."""
SILENCE = {STORE: 20.0, CONVERSATIONS: 10.0}
"""Seconds for one statement, by schema; a turn that meets a silent server must end before its client gives up."""


class Connection(psycopg.Connection[TupleRow]):
    """Whose server may be silent for `patience` seconds at most; then it is closed, and that is an OperationalError.

    A line that is gone is noticed by the system (LINK); a server that is there and does nothing would be waited for
    for ever, and its own limits do not hold then.
    """

    patience: float | None = None

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        try:
            return super().wait(gen, interval, timeout or self.patience)
        except psycopg.OperationalError:
            if not self.closed and self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.close()
            raise

    @contextmanager
    def unhurried(self) -> Iterator[None]:
        """For what may take long on a server that is well."""
        hurried, self.patience = self.patience, None
        try:
            yield
        finally:
            self.patience = hurried
