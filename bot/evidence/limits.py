"""What the child may use up. It binds itself before it loads a library, and shuts the doors before one reads."""

import os
import resource
from dataclasses import dataclass

from bot.evidence.kinds import LARGEST

_LONGEST_ANSWER = LARGEST + 64
"""Bytes, with the media type before the content."""
_NICENESS = 10
"""Conversations go first."""


@dataclass(frozen=True)
class Limits:
    memory: int = 1536 * 1024 * 1024
    """Bytes of addresses, the libraries included."""
    work: int = 20
    """Seconds of the processor."""
    patience: float = 40
    """Seconds by the clock, which the parent keeps."""


def bind(memory: int, work: int) -> None:
    """No more is taken than this, no more answered than may be, and no core dumped."""
    os.nice(_NICENESS)
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, work),
        (resource.RLIMIT_FSIZE, _LONGEST_ANSWER),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def shut_the_doors(*, but_for_threads: bool) -> None:
    """From here on neither a file nor a connection can be opened, for there is no number left to give it.

    Nor can a process be started; a thread counts as one, and one of the libraries cannot do without.
    """
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    if not but_for_threads:
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
