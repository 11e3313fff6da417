"""Numbers that only their holder knows: the receipt of a report, the code of a slip; and what is stored of them."""

import asyncio
import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from nacl.pwhash import argon2id

from bot.errors import NotSavedError
from bot.language.figures import in_ascii_digits

DIGITS, SLIP_DIGITS = 20, 12
LONGEST_NUMBER = 200
"""Letters of a number with all that people put between its digits; a longer text is not looked through."""
OPERATIONS, MEMORY = argon2id.OPSLIMIT_INTERACTIVE, argon2id.MEMLIMIT_INTERACTIVE
"""Two passes over 64 MiB: 0.09 s here, for each receipt that is made, tried or guessed."""
_stretching = ThreadPoolExecutor(max_workers=1, thread_name_prefix="argon2")
"""One at a time, so that guesses cannot fill the memory."""


@dataclass(frozen=True)
class ReceiptKeys:
    """What is derived from a receipt, slowly; neither half leads to the other or back to the receipt."""

    lookup: str
    """Under this its report is found."""
    secret: bytes
    """Opens the key of its report."""


def receipt_for(server_key: bytes, conversation_secret: bytes, attempt: str) -> str:
    """Twenty digits (66 bits), the same whenever the same attempt of the same conversation is filed again.

    Derived, not drawn: a resend after a crash gets the receipt of the row that is already stored. Without the
    session token, which is stored nowhere, and the server's key nobody can derive it.
    """
    digest = _keyed(server_key, b"receipt", conversation_secret + attempt.encode())
    return _digits(digest, DIGITS)


async def stretch(server_key: bytes, receipt: str) -> ReceiptKeys:
    """The keys of a receipt, by Argon2id. Wrong and right receipts take the same time here.

    Raises NotSavedError where the machine has not the memory for it: nothing can be kept, or found, under it then.
    """
    try:
        return await asyncio.get_running_loop().run_in_executor(_stretching, stretched, server_key, receipt)
    except (MemoryError, RuntimeError) as error:  # of libsodium, or of a thread that cannot start, for no other reason
        raise NotSavedError("too little memory for a receipt") from error


def stretched(server_key: bytes, receipt: str) -> ReceiptKeys:
    """The same, at once. Who copies the database and the server's key still pays Argon2id for every guess."""
    salt = _keyed(server_key, b"receipt-salt", b"")[: argon2id.SALTBYTES]
    slow = argon2id.kdf(64, receipt.encode(), salt, OPERATIONS, MEMORY)
    return ReceiptKeys(_keyed(server_key, b"receipt-lookup", slow[:32]).hex(), slow[32:])


def referral_mark(server_key: bytes, conversation_secret: bytes, need: str, service: str) -> str:
    """Tells the same referral of the same conversation again, and nothing else."""
    return _keyed(server_key, b"referral", conversation_secret + f"{need}/{service}".encode()).hex()


def visit_mark(server_key: bytes, conversation_secret: bytes) -> str:
    """Tells that referrals are of one conversation, and nothing else; without its session token none leads to it."""
    return _keyed(server_key, b"visit", conversation_secret).hex()


def slip_code(server_key: bytes, conversation_secret: bytes, need: str) -> str:
    """Twelve digits (40 bits) on a printed slip; the same whenever the same slip is made again.

    Who guesses one can say that somebody went to a class, and see nothing but places of the directory.
    """
    digest = _keyed(server_key, b"slip", conversation_secret + need.encode())
    return _digits(digest, SLIP_DIGITS)


def slip_hash(server_key: bytes, code: str) -> str:
    """What is stored of a slip's code."""
    return _keyed(server_key, b"slip-hash", code.encode()).hex()


def poll_mark(server_key: bytes, code: str, poll: str) -> str:
    """Tells that a statement was answered with a slip's code; without the code none leads from it to the slip."""
    return _keyed(server_key, b"poll", f"{poll}/{code}".encode()).hex()


def useful_mark(server_key: bytes, conversation_secret: bytes, need: str) -> str:
    """Tells that a conversation said if the answer to a need was useful; without its session token none leads to it."""
    return _keyed(server_key, b"useful", conversation_secret + need.encode()).hex()


def in_groups(receipt: str) -> str:
    """`1234 5678 9012 3456 7890`, to read aloud and to write down."""
    return " ".join(receipt[start : start + 4] for start in range(0, len(receipt), 4))


def digits_of(number: str, count: int) -> str:
    """The digits of a receipt or code, written in any digits and groups; empty where there are not `count`."""
    if len(number) > LONGEST_NUMBER:
        return ""
    digits = "".join(char for char in in_ascii_digits(number) if char not in _BETWEEN)
    return digits if len(digits) == count and digits.isascii() and digits.isdigit() else ""


_BETWEEN = " \t\n\u00a0\u202f-–—.·/\u200e\u200f\u2066\u2067\u2068\u2069"
"""What people, and pages in two directions, put between the groups of a number."""


def _digits(digest: bytes, count: int) -> str:
    return f"{int.from_bytes(digest) % 10**count:0{count}}"


def _keyed(key: bytes, purpose: bytes, data: bytes) -> bytes:
    return hashlib.blake2b(data, key=key, person=purpose, digest_size=32).digest()
