"""The server's own secret, made at first start and readable by its owner only."""

import os
import secrets
from pathlib import Path

from bot.errors import SettingError

KEY_BYTES = 32


def server_key(folder: Path) -> bytes:
    """32 random bytes of `<folder>/server.key`; made (mode 0600) if missing, refused if damaged."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / "server.key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise SettingError(f"{path} is damaged: it must hold {KEY_BYTES} bytes")
    return key
