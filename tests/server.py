"""A process as `make run` starts two of, on a port and a folder of its own."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from bot.casework.keyring import FirstPassphrases
from bot.settings import ROOT
from tests.keys import make_keys_in

READY_WITHIN = 180.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """The chat, or the console, with keys of its own. `url` answers from `__enter__` on; what it prints is in `log`."""

    def __init__(self, var: Path, part: str = "chat", **environment: str) -> None:
        self.var = var
        self.part = part
        self.log = var / f"{part}.log"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        ports = {"VEJVISER_PORT": str(self.port), "VEJVISER_CONSOLE_PORT": str(self.port)}
        self._environment = {**os.environ, "VEJVISER_VAR": str(var), **ports, **environment}
        self._process: subprocess.Popen[bytes] | None = None
        self.passphrases: FirstPassphrases | None = None
        """Of the team's keys; made at the first start."""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.stop()

    def start(self) -> float:
        """Start and wait until it is ready; the seconds that took."""
        if self.part == "chat":
            self.passphrases = self.passphrases or make_keys_in(self.var)
        begun = time.monotonic()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot.command.main", "serve", "--only", self.part],
                cwd=ROOT, env=self._environment, stdout=log, stderr=log,
            )  # fmt: skip
        while time.monotonic() - begun < READY_WITHIN:
            assert self._process.poll() is None, self.log.read_text()
            try:
                if httpx.get(self.url + "/health", timeout=1).status_code == httpx.codes.OK:
                    return time.monotonic() - begun
            except httpx.TransportError:
                time.sleep(0.02)
        self.kill()
        raise TimeoutError(self.log.read_text())

    def kill(self) -> None:
        """As a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self._process and self._process.poll() is None:
            self._process.send_signal(how)
            self._process.wait(timeout=20)

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows of a table of the store, read beside the running server."""
        with sqlite3.connect(f"file:{self.var / 'store.db'}?mode=ro", uri=True) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]  # noqa: S608 - a test's own name
