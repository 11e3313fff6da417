"""The two steps of a log-in as the console takes them, and how they fail."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from bot.accounts.sign_on import Departure, Identity, SignOn
from bot.errors import SignOnError


def begin(sign_on: SignOn) -> Departure:
    return asyncio.run(sign_on.begin())


def finish(sign_on: SignOn, departure: Departure, query: dict[str, str] | None = None) -> Identity:
    return asyncio.run(sign_on.finish(departure, query or {"state": departure.state, "code": "a code"}))


def code_of(step: Callable[..., Any], *args: Any, **named: Any) -> str:
    """Of a step that fails; nothing of what the provider wrote hangs on to the failure."""
    with pytest.raises(SignOnError) as failure:
        step(*args, **named)
    error = failure.value
    assert error.__cause__ is None
    assert error.__context__ is None or error.__suppress_context__
    return str(error)
