"""`vejviser backup` and `vejviser restore`: what is kept elsewhere, and whether it comes back."""

import argparse
import asyncio
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nacl.encoding import HexEncoder
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey
from tqdm import tqdm

from bot.backup.content import Content
from bot.backup.making import Made, look_at, make
from bot.backup.making import restore as bring_back
from bot.backup.noted import note_begun, note_made
from bot.command.audit import verify
from bot.engine.logs import configure_logs, log
from bot.errors import BackupError, SettingError, VejviserError
from bot.settings import Settings
from bot.store.opening import open_store, place_of_store
from bot.store.tables.store import TableStore

PUBLIC = "backup.pub"
"""File in `var`: the key to which backups are sealed."""
SHOWN_ONCE = """
  This key opens all backups from now on. It is shown once, and kept nowhere on this machine. Write it into a file on
  another one, or on paper in a safe, apart from the backups:

    {secret}
"""


def backup(settings: Settings, given: argparse.Namespace) -> int:
    """0 only where a backup was read back and is whole; whatever else happens is not 0 and stands in the log."""
    configure_logs(settings.log_level)
    if given.what == "key":
        return _make_key(settings)
    if not given.to:
        raise SettingError("backup make: into which folder? --to DIR")
    try:
        note_begun(settings.var)
        made = asyncio.run(_make(settings, Path(given.to).resolve()))
        note_made(settings.var, made.content.made_at, made.content.rows, made.content.hash)
    except VejviserError as error:
        log.error("backup_failed", error=type(error).__name__)
        raise
    log.info("backup_made", count=made.content.rows, hash=made.content.hash)
    print(f"OK: {made.content.rows} rows, {made.size} bytes, read back and whole: {made.path}")  # noqa: T201 - the command's result
    return 0


async def _make(settings: Settings, folder: Path) -> Made:
    public = _public_key(settings)
    if not folder.is_dir():
        raise BackupError(f"{folder} is no folder")
    store = open_store(settings)
    try:
        with tqdm(unit=" rows", desc="written and read back", disable=None, leave=False) as bar:
            return await make(store.worker, _files(settings), public, folder, counts_on(bar))
    finally:
        store.close()


def counts_on(bar: Any) -> Callable[[int], None]:
    def count(rows: int) -> None:
        bar.update(rows)

    return count


def _files(settings: Settings) -> dict[str, bytes]:
    """What the rows are of no use without: the server's key; and the anchor of the audit chain."""
    paths = {"server.key": settings.var / "server.key", "audit.anchor": settings.var / settings.anchor}
    try:
        return {name: path.read_bytes() for name, path in paths.items() if name == "server.key" or path.exists()}
    except OSError as error:
        raise BackupError(f"{error.filename} cannot be read: {error.strerror}") from error


def _make_key(settings: Settings) -> int:
    path = settings.var / PUBLIC
    secret = PrivateKey.generate()
    public = secret.public_key.encode(HexEncoder)
    try:
        settings.var.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(public + b"\n")
    except FileExistsError:
        raise SettingError(
            f"{path} is there already: move it away first, and keep its secret key for old backups"
        ) from None
    except OSError as error:
        raise SettingError(f"{path} cannot be written: {error.strerror}") from error
    print(SHOWN_ONCE.format(secret=secret.encode(HexEncoder).decode("ascii")))  # noqa: T201 - shown here, once
    return 0


def _public_key(settings: Settings) -> PublicKey:
    path = settings.var / PUBLIC
    try:
        return PublicKey(path.read_bytes().strip(), HexEncoder)
    except FileNotFoundError:
        raise BackupError("there is no key to seal backups to: run `vejviser backup key` first") from None
    except (OSError, ValueError, CryptoError, TypeError):
        raise BackupError(f"{path} holds no key") from None


# Bringing back


def restore(settings: Settings, given: argparse.Namespace) -> int:
    """Into an empty store; `--look` only reads it to its end; `--drill` brings it back into a folder that goes."""
    path, opener = Path(given.file), _secret_key(given.key)
    if given.look:
        _tell("The backup is whole", look_at(path, opener))
        return 0
    if given.drill:
        with tempfile.TemporaryDirectory(prefix="vejviser-drill-") as folder:
            content = _brought_back(_of_drill(Path(folder)), path, opener)
        _tell("The drill went well: all of it came back, the audit chain too", content)
        return 0
    content = _brought_back(settings, path, opener)
    _tell(f"Brought back into {place_of_store(settings)}", content)
    return 0


def _of_drill(folder: Path) -> Settings:
    return Settings(var=folder)


def _brought_back(settings: Settings, path: Path, opener: PrivateKey) -> Content:
    """With the audit chain proven, up to its last anchor."""
    expected = look_at(path, opener)
    _check_files(settings, expected)
    store = open_store(settings)
    try:
        content = asyncio.run(_restored(store, path, opener, expected))
        _put_files(settings, content)
        if verify(store.audit, settings):
            raise BackupError("the audit chain of the backup has faults; they were in the store when it was made")
    finally:
        store.close()
    return content


async def _restored(store: TableStore, path: Path, opener: PrivateKey, expected: Content) -> Content:
    with tqdm(unit=" rows", total=2 * expected.rows, desc="read and brought back", disable=None, leave=False) as bar:
        return await bring_back(store.worker, path, opener, counts_on(bar))


def _check_files(settings: Settings, content: Content) -> None:
    """Another key would open no report by its receipt, so it is not written over and not lived with."""
    for name, held in content.files.items():
        path = settings.var / name
        if path.exists() and path.read_bytes() != held:
            raise BackupError(f"{path} is another than that of the backup: move it away first")


def _put_files(settings: Settings, content: Content) -> None:
    settings.var.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, held in content.files.items():
        with open(settings.var / name, "wb", opener=lambda named, flags: os.open(named, flags, 0o600)) as file:
            file.write(held)
            file.flush()
            os.fsync(file.fileno())


def _secret_key(given: str | None) -> PrivateKey:
    """Of a file, so that it stands in no list of processes and no history."""
    if not given:
        raise SettingError("restore: which key opens it? --key FILE")
    try:
        return PrivateKey(Path(given).read_bytes().strip(), HexEncoder)
    except OSError as error:
        raise SettingError(f"{given} cannot be read: {error.strerror}") from error
    except (ValueError, CryptoError, TypeError):
        raise SettingError(f"{given} holds no key as `vejviser backup key` shows it") from None


def _tell(what: str, content: Content) -> None:
    print(f"{what}: {content.rows} rows of {content.made_at}, hash {content.hash}")  # noqa: T201 - the command's result
