"""Each file that is not taken is refused with the reason that helps who sent it."""

from collections.abc import Callable

import pytest

from bot.evidence.cleaner import Refusal
from tests.evidence.here import reason_for
from tests.evidence.refusals import BOMBS, CASES


@pytest.mark.parametrize(
    ("reason", "name", "make"),
    [
        pytest.param(reason, name, make, id=what, marks=[pytest.mark.slow] if case in BOMBS else [])
        for case in CASES
        for reason, what, name, make in [case]
    ],
)
def test_it_is_refused_with_its_reason(reason: Refusal, name: str, make: Callable[[], bytes]) -> None:
    assert reason_for(make(), name) is reason


def test_every_reason_but_a_crash_is_in_the_table() -> None:
    assert {case[0] for case in CASES} == set(Refusal) - {Refusal.FAILED}
