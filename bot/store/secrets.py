"""The server's own secret, made at first start and readable by its owner only."""

import contextlib
import hashlib
import hmac
import os
import secrets
import tempfile
from pathlib import Path

from bot.errors import SettingError

KEY_BYTES = 32


def server_key(folder: Path) -> bytes:
    """32 random bytes of `<folder>/server.key`; made (mode 0600) if missing. A damaged one raises SettingError."""
    path = folder / "server.key"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            _make(path)
        key = path.read_bytes()
    except OSError as error:
        raise SettingError(f"{path} cannot be made or read: {error.strerror}") from error
    if len(key) != KEY_BYTES:
        raise SettingError(f"{path} is damaged: it must hold {KEY_BYTES} bytes")
    return key


def rounding_key(folder: Path) -> bytes:
    """The secret by which figures for the public are rounded (R8); the same as long as the server's key is."""
    return hmac.digest(server_key(folder), b"rounding", hashlib.sha256)


def _make(path: Path) -> None:
    """A whole key or none: of several processes that make one at a time, the first to link its own wins."""
    with tempfile.NamedTemporaryFile(dir=path.parent) as file:  # mode 0600
        file.write(secrets.token_bytes(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(file.name, path)
