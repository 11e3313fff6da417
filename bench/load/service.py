"""The service under load: the chat in N processes on a folder of its own, on SQLite or a PostgreSQL of this run."""

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import ENVIRONMENT
from bench.load.filling import fill
from bench.served import Program, Served, free_port, serving
from bot.settings import ROOT, Settings
from bot.store.opening import open_store
from tests.postgres import Cluster

SQLITE, POSTGRES = ENGINES = ("sqlite", "postgresql")
COMMAND = (sys.executable, "-m", "bot.command.main")
IDLE = 0.2
"""Of a second, by all processes together."""


@dataclass(frozen=True)
class Service:
    """Ready in all its processes."""

    served: Served
    settings: Settings
    cluster: Cluster | None

    @property
    def port(self) -> int:
        return self.served.program.port

    def complaints(self) -> list[str]:
        """Errors in its log."""
        lines = (self.settings.var / "log").read_text(encoding="utf-8", errors="replace").splitlines()
        return [line for line in lines if "level='error'" in line]

    def reports(self) -> int:
        """Rows in the store."""
        store = open_store(self.settings)
        try:
            return asyncio.run(store.counts())["report"]
        finally:
            store.close()


@contextmanager
def service(engine: str, workers: int, rows: int = 0) -> Iterator[Service]:
    """With `rows`: on a store that holds so many reports and referrals."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="vejviser-load-")))
        cluster = Cluster(durable=True) if engine == POSTGRES else None
        if cluster:
            stack.callback(cluster.remove)
        settings = Settings(var=folder, database=cluster.url(cluster.database()) if cluster else "")
        if rows:
            asyncio.run(fill(settings, rows))
        yield stack.enter_context(serving_on(settings, workers, cluster))


@contextmanager
def serving_on(settings: Settings, workers: int, cluster: Cluster | None = None) -> Iterator[Service]:
    """On a store that may be there already."""
    environment = environment_of(settings)
    subprocess.run([*COMMAND, "keys", "make"], cwd=ROOT, env=environment, capture_output=True, check=False)
    port = free_port()
    options = ("serve", "--only", "chat", "--port", str(port), "--workers", str(workers))
    program = Program((*COMMAND, *options), ROOT, environment, "/health", port, settings.var / "log")
    with serving(program) as served:
        _wait_until_idle(served)
        yield Service(served, settings, cluster)


NAMED = ("var", "database", "data", "locales", "models")


def environment_of(settings: Settings) -> dict[str, str]:
    """These settings, and none of whoever calls."""
    others = {name: value for name, value in ENVIRONMENT.items() if not name.startswith("VEJVISER_")}
    named = {f"VEJVISER_{name.upper()}": str(getattr(settings, name)) for name in NAMED}
    return others | {name: value for name, value in named.items() if value}


def _wait_until_idle(served: Served) -> None:
    """A process that still loads its model uses the processor all the time."""
    while True:
        used = served.processor_seconds()
        time.sleep(1)
        if served.processor_seconds() - used < IDLE:
            return
