"""Rasa's RulePolicy, asked only about the rules that can hold."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from rasa.core.policies.rule_policy import SHOULD_NOT_BE_SET, RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import PREVIOUS_ACTION, USER
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

type Ending = tuple[str | None, str | None]
"""What a conversation, or a rule, ends with: the last action and the last intent."""
ANY: Ending = (None, None)
"""Of a rule whose ending says too little to leave it out."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class IndexedRulePolicy(RulePolicy):
    """The same predictions: `RulePolicy` compares each of 180 rules with the conversation, two to four times a turn.

    A rule can hold only where its last state is part of the conversation's last one, so rules are kept by that.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._kept: dict[int, tuple[dict[str, str], int, dict[Ending, dict[str, str]]]] = {}

    def _get_possible_keys(self, lookup: dict[str, str], states: list[Mapping[str, Any]]) -> set[str]:
        if states:
            kept, ending = self._by_ending(lookup), _ending(states)
            endings = {ending, (ending[0], None), ANY}
            lookup = {key: told for ending in endings for key, told in kept.get(ending, {}).items()}
        found: set[str] = super()._get_possible_keys(lookup, states)
        return found

    def _by_ending(self, lookup: dict[str, str]) -> dict[Ending, dict[str, str]]:
        """Made anew where rules were added, as training does."""
        of, size, kept = self._kept.get(id(lookup), ({}, -1, {}))
        if of is not lookup or size != len(lookup):
            sorted_out: defaultdict[Ending, dict[str, str]] = defaultdict(dict)
            for key, told in lookup.items():
                sorted_out[_ending(self._rule_key_to_state(key))][key] = told
            kept = dict(sorted_out)
            self._kept[id(lookup)] = lookup, len(lookup), kept
        return kept


def _ending(states: list[Mapping[str, Any]]) -> Ending:
    if not states:
        return ANY
    action, intent = _value(states[-1], PREVIOUS_ACTION, ACTION_NAME), _value(states[-1], USER, INTENT)
    return ANY if action is None else (action, intent)


def _value(state: Mapping[str, Any], kind: str, name: str) -> str | None:
    found = (state.get(kind) or {}).get(name)
    return found if isinstance(found, str) and found not in {"", SHOULD_NOT_BE_SET} else None
