"""Numbers that only their holder knows: the receipt of a report, the code of a slip; and the hashes that are stored."""

import hashlib

DIGITS, SLIP_DIGITS = 20, 12


def receipt_for(server_key: bytes, conversation_secret: bytes, attempt: str) -> str:
    """Twenty digits (66 bits), the same whenever the same attempt of the same conversation is filed again.

    Derived, not drawn: a resend after a crash gets the receipt of the row that is already stored. Without the
    session token, which is stored nowhere, and the server's key nobody can derive it.
    """
    digest = _keyed(server_key, b"receipt", conversation_secret + attempt.encode())
    return _digits(digest, DIGITS)


def receipt_hash(server_key: bytes, receipt: str) -> str:
    """What is stored of a receipt: a keyed hash, useless without the key outside the database."""
    return _keyed(server_key, b"receipt-hash", receipt.encode()).hex()


def referral_mark(server_key: bytes, conversation_secret: bytes, need: str, service: str) -> str:
    """Tells the same referral of the same conversation again, and nothing else."""
    return _keyed(server_key, b"referral", conversation_secret + f"{need}/{service}".encode()).hex()


def slip_code(server_key: bytes, conversation_secret: bytes, need: str) -> str:
    """Twelve digits (40 bits) on a printed slip; the same whenever the same slip is made again.

    Who guesses one can say that somebody went to a class, and see nothing but places of the directory.
    """
    digest = _keyed(server_key, b"slip", conversation_secret + need.encode())
    return _digits(digest, SLIP_DIGITS)


def slip_hash(server_key: bytes, code: str) -> str:
    """What is stored of a slip's code."""
    return _keyed(server_key, b"slip-hash", code.encode()).hex()


def in_groups(receipt: str) -> str:
    """`1234 5678 9012 3456 7890`, to read aloud and to write down."""
    return " ".join(receipt[start : start + 4] for start in range(0, len(receipt), 4))


def _digits(digest: bytes, count: int) -> str:
    return f"{int.from_bytes(digest) % 10**count:0{count}}"


def _keyed(key: bytes, purpose: bytes, data: bytes) -> bytes:
    return hashlib.blake2b(data, key=key, person=purpose, digest_size=32).digest()
