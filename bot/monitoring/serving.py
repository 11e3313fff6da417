"""Where operators' figures can be fetched: an address of its own, never one of the chat's or the console's.

prometheus_client decides when it is imported whether its figures are shared by several processes, so it is imported
here only once the folder for that is named.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""Environment variable under which prometheus_client finds the folder in which processes put their figures."""


@contextmanager
def served(port: int, host: str, var: Path) -> Iterator[None]:
    """The figures of this process and all it starts, and of the backups noted in `var`, at `http://host:port/metrics`.

    Nothing for port 0, and nothing where a parent serves them.
    """
    if not port or SHARED in os.environ:
        yield
        return
    folder = Path(tempfile.mkdtemp(prefix="vejviser-figures-"))
    os.environ[SHARED] = str(folder)
    try:
        from prometheus_client import start_http_server  # noqa: PLC0415

        server, thread = start_http_server(port, host, _of_all(folder, var))
        yield
        server.shutdown()
        thread.join()
    finally:
        del os.environ[SHARED]
        shutil.rmtree(folder, ignore_errors=True)


def _of_all(folder: Path, var: Path) -> Any:
    from prometheus_client import CollectorRegistry, multiprocess  # noqa: PLC0415

    from bot.monitoring.backups import Backups  # noqa: PLC0415

    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry, str(folder))  # type: ignore[no-untyped-call]
    registry.register(Backups(var))
    return registry


def ended(process: int) -> None:
    """A process that has ended has no figures that stand for now."""
    if SHARED in os.environ:
        from prometheus_client import multiprocess  # noqa: PLC0415

        multiprocess.mark_process_dead(process)  # type: ignore[no-untyped-call]
