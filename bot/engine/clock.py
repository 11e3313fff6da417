"""Notices that the machine's clock was set, which no conversation may be deleted for."""

import time

from bot.engine.logs import log

JUMP = 300.0
"""Seconds by which a clock that runs differs never from one that only goes on; one that is set does."""
ONLY_GOES_ON = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""With the time that a laptop slept, where the system can tell."""


class Clock:
    """The time of day against the time since the machine started."""

    def __init__(self) -> None:
        self._ahead = _ahead()

    @property
    def has_jumped(self) -> bool:
        """Whether it was set, forth or back, since it was believed last."""
        return abs(_ahead() - self._ahead) >= JUMP

    def believe(self) -> None:
        """From here on it counts as right."""
        ahead = _ahead()
        log.error("clock_jumped", where="conversations", count=round(ahead - self._ahead))
        self._ahead = ahead


def _ahead() -> float:
    return time.time() - time.clock_gettime(ONLY_GOES_ON)
