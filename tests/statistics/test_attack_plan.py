"""Nobody gets a count of 1 to 4 out of the tables of the real plan, over two editions and in both tiers."""

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from tqdm import tqdm

from bot.statistics.plan import TABLE
from bot.statistics.thresholds import is_small
from tests.statistics.plan_attacks import KINDS, LATE, attack
from tests.statistics.planned import plan

QUICK, LONG = 100, 10_000
DONE = Path(os.environ.get("VEJVISER_TEST_ATTACKS", "var/plan_attacks.jsonl"))
"""Data sets of the long run that are done, a line each: it goes on where it stopped. Without it, it begins anew."""
NOTHING = ("narrowed", "wrong", "differing", "told", "redrawn")
"""What no data set may have one of."""


def test_no_small_count_is_narrowed_in_a_hundred_data_sets() -> None:
    """The plan's tables of referrals or of reports; 0, 1 to 4, or 5 and more records come between two editions."""
    counted, refused = _sums(asdict(attack(seed)) for seed in range(QUICK))
    assert {name: counted[name] for name in NOTHING} == dict.fromkeys(NOTHING, 0)
    assert counted["hidden"] > 20 * QUICK
    assert counted["public"] > 5 * QUICK
    assert counted["released"] > 15 * QUICK
    assert counted["barred"] == sum(map(_to_be_barred, range(QUICK))), "R9"
    assert refused["thin"] > 0, "R4"
    assert refused["unsafe"] > 0, "R5 and R7"
    assert refused["differs"] > 0, "R9"


def _to_be_barred(seed: int) -> int:
    """All tables of the kind, where 1 to 4 of its records come between the editions."""
    kind = KINDS[seed % len(KINDS)]
    late = LATE[seed // len(KINDS) % len(LATE)]
    return sum(it.kind == TABLE and it.source == kind for it in plan().of(kind)) if is_small(late, late) else 0


@pytest.mark.long
def test_no_small_count_is_narrowed_in_ten_thousand_data_sets() -> None:
    done = {line["seed"]: line for line in _done()}
    DONE.parent.mkdir(exist_ok=True)
    with DONE.open("a") as file:
        for seed in tqdm(range(LONG), desc="data sets attacked"):
            if seed not in done:
                done[seed] = asdict(attack(seed))
                print(json.dumps(done[seed]), file=file, flush=True)
    counted, _ = _sums(done.values())
    assert {name: counted[name] for name in NOTHING} == dict.fromkeys(NOTHING, 0)


def _done() -> Iterator[dict[str, Any]]:
    if DONE.exists():
        yield from map(json.loads, DONE.read_text().splitlines())


def _sums(outcomes: Iterable[Mapping[str, Any]]) -> tuple[Counter[str], Counter[str]]:
    counted: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    for outcome in outcomes:
        refused.update(outcome["refused"])
        for name in ("hidden", "barred", "released", "public"):
            counted[name] += outcome[name]
        for name in NOTHING:
            counted[name] += len(outcome[name])
    return counted, refused
