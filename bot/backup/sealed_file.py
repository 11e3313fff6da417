"""A file that only the holder of the backup's secret key opens; a byte that was changed, or an end cut off, is refused.

libsodium's secretstream (XChaCha20-Poly1305) under a key of the file's own, which is sealed to the public key. So the
machine that makes backups cannot open those of yesterday, and neither can whoever breaks into it.
"""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from nacl import bindings
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from bot.errors import BackupError

MAGIC = b"vejviser backup 1\n"
CHUNK = 65_536
_OVERHEAD = bindings.crypto_secretstream_xchacha20poly1305_ABYTES
_HEADER = bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES
_KEY = bindings.crypto_secretstream_xchacha20poly1305_KEYBYTES
_SEALED_KEY = _KEY + bindings.crypto_box_SEALBYTES
_MORE = bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
_LAST = bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL
DAMAGED = "the backup is damaged: it was changed, or its end is missing"


def write(file: BinaryIO, pieces: Iterable[bytes], to: PublicKey) -> bytes:
    """Write all pieces sealed; the key of this one file, with which it can be read back while the process lives."""
    key = bindings.crypto_secretstream_xchacha20poly1305_keygen()
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    header = bindings.crypto_secretstream_xchacha20poly1305_init_push(state, key)
    file.write(MAGIC + SealedBox(to).encrypt(key) + header)
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        while len(waiting) > CHUNK:
            file.write(_pushed(state, bytes(waiting[:CHUNK]), _MORE))
            del waiting[:CHUNK]
    file.write(_pushed(state, bytes(waiting), _LAST))
    return key


def _pushed(state: bindings.crypto_secretstream_xchacha20poly1305_state, plain: bytes, tag: int) -> bytes:
    return bytes(bindings.crypto_secretstream_xchacha20poly1305_push(state, plain, None, tag))


def read(file: BinaryIO, opener: PrivateKey | bytes) -> Iterator[bytes]:
    """The plain pieces, by the secret key or by that of `write`; raises BackupError before any that is wrong."""
    if file.read(len(MAGIC)) != MAGIC:
        raise BackupError("this is no backup of Vejviser")
    sealed, header = file.read(_SEALED_KEY), file.read(_HEADER)
    try:
        key = opener if isinstance(opener, bytes) else SealedBox(opener).decrypt(sealed)
    except CryptoError:
        raise BackupError("this key does not open the backup") from None
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    try:
        bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, header, key)
        tag = _MORE
        while tag != _LAST:
            chunk = file.read(CHUNK + _OVERHEAD)
            if len(chunk) < _OVERHEAD:
                raise BackupError(DAMAGED)
            plain, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(state, chunk, None)
            yield bytes(plain)
    except (CryptoError, RuntimeError, ValueError):
        raise BackupError(DAMAGED) from None
    if file.read(1):
        raise BackupError(DAMAGED)
