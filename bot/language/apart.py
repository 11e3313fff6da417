"""Which training messages are kept apart: nothing is fitted to them but how sure a reading is."""

import hashlib

ONE_IN = 16


def is_kept_apart(text: str) -> bool:
    """The same one in sixteen for every program that trains something; by the text alone."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=4).digest()) % ONE_IN == 0
