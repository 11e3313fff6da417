"""Processes that serve one address together: started, watched, replaced when they die, and one by one when asked to.

All of them accept on one socket, which their parent holds: so none of them is missed while it is replaced.
"""

import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

from bot.engine.logs import log

GRACE = 35.0
"""Seconds in which a worker may end its turns: a client waits no longer for its answer."""
START = 120.0
"""Seconds in which a worker must be ready; the first one may have to train."""
PAUSE = 0.2
SOON = 5.0
"""A worker that dies within so many seconds of being ready is not replaced at once for ever."""


@dataclass
class Worker:
    """One process; `ready` is the end of a pipe into which it writes once it serves."""

    process: subprocess.Popen[bytes]
    ready: int
    since: float = field(default_factory=time.monotonic)
    serves: bool = False

    def look(self) -> bool:
        """Whether it serves by now."""
        if not self.serves and select.select([self.ready], [], [], 0)[0] and os.read(self.ready, 1):
            self.serves, self.since = True, time.monotonic()
        return self.serves

    def end(self) -> None:
        self.process.terminate()

    def close(self) -> int:
        """Wait for its end, at most GRACE seconds; its exit code."""
        try:
            code = self.process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        os.close(self.ready)
        return code


def listening(host: str, port: int) -> socket.socket:
    """Raises OSError where the address is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    opened.bind((host, port))
    opened.listen(2048)
    opened.set_inheritable(True)
    return opened


class Workers:
    """`ended`: told of each process that is gone. SIGHUP replaces all of them, one after the other, none too few."""

    def __init__(
        self, options: Sequence[str], number: int, opened: socket.socket, ended: Callable[[int], None]
    ) -> None:
        self._command = [sys.executable, "-m", "bot.command.main", "serve", *options, "--only", "chat"]
        self._number = number
        self._socket = opened
        self._ended = ended
        self._running: list[Worker] = []
        self._renew = False

    def run(self) -> int:
        """Serve until a signal ends it; 1 where the first worker never came to serve."""
        signal.signal(signal.SIGTERM, _stop)
        signal.signal(signal.SIGHUP, self._asked_to_renew)
        try:
            if not self._started():  # alone: it may train, and a fault is told once
                return 1
            self._fill()
            while True:
                self._replace_the_dead()
                if self._renew:
                    self._renew = False
                    self._roll()
                time.sleep(PAUSE)
        except KeyboardInterrupt:
            return 0
        finally:
            for worker in self._running:
                worker.end()
            for worker in self._running:
                self._close(worker)

    def _asked_to_renew(self, _: int, __: FrameType | None) -> None:
        self._renew = True

    def _start(self) -> Worker:
        reading, writing = os.pipe()
        given = [self._socket.fileno(), writing]
        process = subprocess.Popen(  # noqa: S603 - our own program
            [*self._command, "--on", ",".join(map(str, given))], pass_fds=given
        )
        os.close(writing)
        worker = Worker(process, reading)
        self._running.append(worker)
        return worker

    def _started(self) -> bool:
        """Start one more and wait until it serves; False where it does not, and then it is gone."""
        worker = self._start()
        while worker.process.poll() is None and time.monotonic() < worker.since + START:
            if worker.look():
                return True
            time.sleep(PAUSE)
        self._drop(worker)
        return False

    def _fill(self) -> None:
        while len(self._running) < self._number:
            self._start()

    def _replace_the_dead(self) -> None:
        for worker in [it for it in self._running if it.process.poll() is not None]:
            died_soon = not worker.look() or time.monotonic() < worker.since + SOON
            log.error("worker_died", count=worker.process.returncode)
            self._drop(worker)
            if died_soon:
                time.sleep(SOON)
            self._start()
        for worker in self._running:
            worker.look()

    def _roll(self) -> None:
        """One new worker that serves, then one old worker less; where the new one fails, the old ones stay."""
        for old in list(self._running):
            if not self._started():
                log.error("renewal_failed")
                return
            old.end()
            self._drop(old)
        log.info("renewed", count=len(self._running))

    def _drop(self, worker: Worker) -> None:
        self._running.remove(worker)
        worker.end()
        self._close(worker)

    def _close(self, worker: Worker) -> None:
        worker.close()
        self._ended(worker.process.pid)


def _stop(_: int, __: FrameType | None) -> None:
    raise KeyboardInterrupt
