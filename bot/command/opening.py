"""Opens the guide for a command: logs without words, a model of the present sources, then the engine."""

import asyncio
import ctypes
import gc

from bot.command.look_through import look_through
from bot.engine.guide import Guide
from bot.engine.logs import configure_logs
from bot.engine.training import train_if_needed
from bot.settings import Settings


def open_guide(settings: Settings) -> Guide:
    """Trains if needed, with progress on the terminal. Raises ContentError for a broken file of words or facts."""
    configure_logs("WARNING")
    look_through(settings)
    guide = Guide(settings, train_if_needed(settings))
    asyncio.run(guide.engine.warm_up())
    # What is loaded now stays for good: looking through it for garbage again and again took up to 90 ms of a turn.
    gc.collect()
    gc.freeze()
    _give_back_memory()
    return guide


def _give_back_memory() -> None:
    """What reading the model needed for a moment, 17 MB; only GNU's C library can be asked."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim:
        trim(0)
