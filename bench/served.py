"""One server process: started, waited for, weighed, stopped. It listens on 127.0.0.1 only."""

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
BETWEEN_LOOKS = 0.02
READY_WITHIN = 180.0
STOPPED_WITHIN = 20.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Program:
    """What to start, where, and the path that answers 200 once it serves."""

    command: tuple[str, ...]
    folder: Path
    environment: Mapping[str, str]
    health: str
    port: int
    log: Path


@dataclass(frozen=True)
class Served:
    """A process that has answered its health path; `ready` is seconds from its start to that answer."""

    program: Program
    process: subprocess.Popen[bytes]
    ready: float

    def memory_mb(self) -> float:
        """Resident memory (VmRSS) of the process and its children, in MB of 2**20 bytes."""
        return sum(_resident_kb(pid) for pid in _family(self.process.pid)) / 1024

    def shared_memory_mb(self) -> float:
        """As above, but what several of them share is counted once (Pss)."""
        return sum(_number_in(f"/proc/{pid}/smaps_rollup", "Pss:") for pid in _family(self.process.pid)) / 1024

    def processor_seconds(self) -> float:
        """That the process and its children have used."""
        ticks = sum(_ticks(pid) for pid in _family(self.process.pid))
        return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(program: Program) -> Iterator[Served]:
    """Started and ready; stopped at the end, whatever happens."""
    begun = time.monotonic()
    with program.log.open("ab") as log:
        process = subprocess.Popen(program.command, cwd=program.folder, env=program.environment, stdout=log, stderr=log)
    try:
        yield Served(program, process, _wait(program, process, begun))
    finally:
        _stop(process)


def _wait(program: Program, process: subprocess.Popen[bytes], begun: float) -> float:
    while time.monotonic() - begun < READY_WITHIN:
        if process.poll() is not None:
            break
        if _answers(program):
            return time.monotonic() - begun
        time.sleep(BETWEEN_LOOKS)
    raise TimeoutError(
        f"{program.command[0]} does not serve; the end of {program.log}:\n{program.log.read_text()[-2000:]}"
    )


def _answers(program: Program) -> bool:
    connection = http.client.HTTPConnection(HOST, program.port, timeout=5)
    try:
        connection.request("GET", program.health)
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOPPED_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _family(pid: int) -> Iterator[int]:
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in children.read_text().split():
            yield from _family(int(child))


def _resident_kb(pid: int) -> int:
    return _number_in(f"/proc/{pid}/status", "VmRSS")


def _number_in(path: str, name: str) -> int:
    return next(int(line.split()[1]) for line in Path(path).read_text().splitlines() if line.startswith(name))


def _ticks(pid: int) -> int:
    """Its own and those of children that have ended; `proc(5)`, fields 14 to 17."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, after_name[11:15]))
