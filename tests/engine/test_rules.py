"""Asking fewer rules changes no prediction."""

import json
import random
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rasa.core.policies.rule_policy import RulePolicy

from bot.engine.rules import IndexedRulePolicy

SEED, MIXED = 7, 2_000


@pytest.fixture(scope="module")
def rules(model: Path) -> dict[str, dict[str, str]]:
    """{kind: {the rule's states as JSON: what it leads to}} as training kept them."""
    with tarfile.open(model) as archive:
        name = next(name for name in archive.getnames() if name.endswith("rule_policy.json"))
        file = archive.extractfile(name)
        assert file
        kept: dict[str, Any] = json.load(file)["lookup"]
    return {kind: told for kind, told in kept.items() if isinstance(told, dict)}


def bare[Policy: RulePolicy](kind: type[Policy]) -> Policy:
    """A policy that only compares: `_get_possible_keys` needs nothing that training or a domain gives."""
    policy = kind.__new__(kind)
    policy._kept = {}  # type: ignore[attr-defined]
    return policy


def conversations(rules: dict[str, str]) -> Iterator[list[dict[str, Any]]]:
    """Each rule as it stands and cut off at every state, and states of different rules behind one another."""
    chance = random.Random(SEED)  # noqa: S311 - the same conversations each time
    told = [json.loads(key) for key in rules]
    states = [state for rule in told for state in rule]
    yield []
    for rule in told:
        for length in range(1, len(rule) + 1):
            yield rule[:length]
    for _ in range(MIXED if states else 0):
        yield [{**chance.choice(states), **chance.choice(states)} for _ in range(chance.randint(1, 4))]


def test_the_same_rules_hold_whether_all_are_asked_or_those_that_can(rules: dict[str, dict[str, str]]) -> None:
    quick, plain = bare(IndexedRulePolicy), bare(RulePolicy)
    held = 0
    for lookup in rules.values():
        for states in conversations(lookup):
            found = plain._get_possible_keys(lookup, states)
            assert quick._get_possible_keys(lookup, states) == found
            held += bool(found)
    assert held > len(rules["rules"])


def test_a_rule_that_is_added_later_is_asked_too() -> None:
    policy, lookup = bare(IndexedRulePolicy), {}
    for name in ("a", "b"):
        states = [{"prev_action": {"action_name": "action_listen"}, "user": {"intent": name}}]
        lookup[json.dumps(states)] = name
        assert policy._get_possible_keys(lookup, states) == {json.dumps(states)}
        assert policy._get_possible_keys({}, states) == set()
