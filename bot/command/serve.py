"""`vejviser serve`: the chat and the console as two processes; with `--only` one of them."""

import argparse
import asyncio
import dataclasses
import faulthandler
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType

import uvicorn
from starlette.applications import Starlette

from bot.casework.keyring import Keyring
from bot.command.connections import BoundedConnection
from bot.command.keys import shown
from bot.command.simulated import refuse_simulated
from bot.command.workers import Workers, listening
from bot.engine.logs import configure_logs, log
from bot.errors import NoTeamKeyError, SettingError
from bot.monitoring.serving import ended, served
from bot.settings import Settings
from bot.store.opening import open_store

PARTS = ("chat", "console")
GRACE = 10.0
"""Seconds in which a process may end by itself."""
HANGS = 60.0
"""Seconds after which a process that does nothing any more ends itself: it would never come back."""
TICKS = 50
"""Of uvicorn, ten a second, between two signs of life."""


class Server(uvicorn.Server):
    """Says where it can be reached once it can be, and does not outlive its own work.

    A thread of Python's that needs none of its memory ends a process that hangs: without memory a thread that is just
    starting can stop all others for good. Who watches the process then starts another.
    """

    what = "Vejviser"
    ready: int | None = None
    """Where a byte is written then; with it nothing is printed."""

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup(sockets)  # type: ignore[arg-type]
        if self.started and self.ready is not None:
            os.write(self.ready, b".")
            os.close(self.ready)
        elif self.started:
            address = f"http://{self.config.host}:{self.config.port}/"
            print(f"{self.what} is ready: {address}", flush=True)  # noqa: T201 - the command's result
            log.info("ready", port=self.config.port)

    async def on_tick(self, counter: int) -> bool:
        if counter % TICKS == 0:
            with suppress(RuntimeError):  # no thread could be started: the next tick tries again
                faulthandler.dump_traceback_later(HANGS, exit=True)  # names of functions, and no values
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        faulthandler.cancel_dump_traceback_later()
        await super().shutdown(sockets)  # type: ignore[arg-type]


def serve(settings: Settings, given: argparse.Namespace) -> int:
    settings = dataclasses.replace(settings, host=given.host or settings.host, port=given.port or settings.port)
    own_port = settings.metrics_port + 1 if given.only == "console" and settings.metrics_port else settings.metrics_port
    with served(own_port, settings.host, settings.var):
        return _served(settings, given)


def _served(settings: Settings, given: argparse.Namespace) -> int:
    if given.only == "console":
        return _serve_console(settings)
    refuse_simulated(settings)
    if given.only == "chat":
        return _workers(settings, given) if given.workers != 1 else _serve_chat(settings, given.on)
    _make_first_keys(settings)
    return _both(given)


def _serve_chat(settings: Settings, given_files: str | None) -> int:
    from bot.command.opening import open_guide  # noqa: PLC0415 - Rasa takes three seconds, and the console needs none
    from bot.web.app import make_app  # noqa: PLC0415

    _check_keys(settings)
    guide = open_guide(settings)
    return _run(make_app(guide), Address(settings.host, settings.port, given_files), settings.log_level, "Vejviser")


def _workers(settings: Settings, given: argparse.Namespace) -> int:
    """Several processes on one address; docs/operations.md says how they are renewed."""
    if given.workers < 1:
        raise SettingError("--workers: must be at least 1")
    configure_logs(settings.log_level)
    try:
        opened = listening(settings.host, settings.port)
    except OSError as error:
        raise SettingError(f"{settings.host}:{settings.port} cannot be listened on: {error.strerror}") from error
    with opened:
        return Workers(_options(given), given.workers, opened, ended).run()


def _serve_console(settings: Settings) -> int:
    from bot.web.console.app import make_console  # noqa: PLC0415 - the chat's process never imports what opens a key

    _check_keys(settings)
    app = make_console(settings)
    address = Address(settings.console_host, settings.console_port)
    return _run(app, address, settings.log_level, "The console for staff")


@dataclass(frozen=True)
class Address:
    host: str
    port: int
    given: str | None = None
    """Of the parent of workers: the socket to serve on, and the pipe to write to once that is so."""


def _run(app: Starlette, address: Address, log_level: str, what: str) -> int:
    configure_logs(log_level)
    listened, ready = map(int, address.given.split(",")) if address.given else (None, None)
    config = uvicorn.Config(
        app,
        host=address.host,
        port=address.port,
        fd=listened,
        http=BoundedConnection,
        ws="none",  # uvicorn's WebSocket half needs a newer `websockets` than Rasa allows; nothing here needs one
        access_log=False,  # it would hold addresses
        log_config=None,
        server_header=False,
        timeout_keep_alive=30,
        proxy_headers=False,  # nothing here may know who calls
    )
    server = Server(config)
    server.what, server.ready = what, ready
    server.run()
    return 0 if server.started else 1


# The team's keys


def _make_first_keys(settings: Settings) -> None:
    store = open_store(settings)
    made = asyncio.run(Keyring(store).make_first())
    store.close()
    if made:
        print(shown(made), flush=True)  # noqa: T201 - shown here, once, and nowhere else


def _check_keys(settings: Settings) -> None:
    """A service that cannot seal must not take reports."""
    store = open_store(settings)
    try:
        asyncio.run(Keyring(store).public_keys())
    except NoTeamKeyError:
        raise SettingError("no key was made yet: run `vejviser keys make` first") from None
    finally:
        store.close()


# Two processes


def _both(given: argparse.Namespace) -> int:
    """Start both, and end both when one ends or a signal comes; the exit code of the one that ended first."""
    command = [sys.executable, "-m", "bot.command.main", "serve", *_options(given)]
    several = ["--workers", str(given.workers)]
    running = [subprocess.Popen([*command, *several, "--only", part]) for part in PARTS]  # noqa: S603 - our own program

    def end(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, end)
    code = 0
    try:
        while all(process.poll() is None for process in running):
            time.sleep(0.2)
        code = next(process.returncode for process in running if process.returncode is not None)
    except KeyboardInterrupt:
        pass
    finally:
        _end(running)
    return code


def _options(given: argparse.Namespace) -> list[str]:
    return [option for name in ("host", "port") if (it := getattr(given, name)) for option in (f"--{name}", str(it))]


def _end(running: list[subprocess.Popen[bytes]]) -> None:
    for process in running:
        process.terminate()
    for process in running:
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
