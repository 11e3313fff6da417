"""The command line in this process: what it prints, without a log that outlives the test's own standard error."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass

from bot.command.main import main


@dataclass(frozen=True)
class Told:
    code: int
    out: str
    error: str


def vejviser(*arguments: str, lines: str = "") -> Told:
    """`lines` are typed; VEJVISER_VAR and the like are the test's to set."""
    out, error = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(error), _typed(lines):
        code = main(list(arguments))
    return Told(code, out.getvalue(), error.getvalue())


@contextmanager
def _typed(lines: str) -> Iterator[None]:
    before, sys.stdin = sys.stdin, io.StringIO(lines)
    try:
        yield
    finally:
        sys.stdin = before
