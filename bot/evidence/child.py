"""Cleans a file in a process of its own: libraries in C read it, and what they may break must not be the service."""

import asyncio
import io
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from bot.evidence import worker
from bot.evidence.formats import Form
from bot.evidence.kinds import MEDIA, Cleaned, Refusal, RefusedError
from bot.evidence.limits import Limits

_AT_ONCE = 2
"""Children: as many as the smallest host has processors. Who comes third waits."""
_hands = ThreadPoolExecutor(_AT_ONCE, "evidence")
"""A thread waits for each child. The event loop must not start one: uvloop forks, which with threads can hang for ever;
`subprocess` does not (vfork)."""


async def washed_apart(content: bytes, form: Form, limits: Limits) -> Cleaned:
    """Raises RefusedError. The child is gone when this returns; if nobody waits any more it ends within its limits."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_hands, _washed, content, form, limits)


def _washed(content: bytes, form: Form, limits: Limits) -> Cleaned:
    """Question and answer lie in memory that has the form of a file, so that the system keeps the answer short."""
    with _in_memory() as question, _in_memory() as answer:
        question.write(content)
        question.seek(0)
        try:
            child = subprocess.run(  # noqa: S603 - our own module, and an enum's word
                (sys.executable, "-I", "-B", "-m", worker.__name__, form, str(limits.memory), str(limits.work)),
                stdin=question,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                env={},
                cwd="/",
                timeout=limits.patience,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise RefusedError(Refusal.FAILED) from None
        answer.seek(0)
        return _understood(child.returncode, answer.read())


def _in_memory() -> io.FileIO:
    return io.FileIO(os.memfd_create("evidence"), "r+")


def _understood(code: int, answer: bytes) -> Cleaned:
    """The child's answer is taken for what hostile bytes may have made of it."""
    media_type, _, content = answer.partition(b"\n")
    word = media_type.decode("ascii", "replace")
    if code == worker.REFUSED and word in Refusal:
        raise RefusedError(Refusal(word))
    if code or word not in MEDIA or not content:
        raise RefusedError(Refusal.FAILED)
    return Cleaned(word, content)
