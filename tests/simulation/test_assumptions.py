"""What is assumed names only codes that there are, and all needs that are counted."""

from collections.abc import Iterator
from typing import Any

import pytest

from bot.casework import vocabulary as known
from bot.casework.consents import COUNT_ONLY
from bot.casework.telling import QUESTIONS
from bot.directory.entries import read_entries
from bot.directory.services import read_directory
from bot.language.languages import find_languages
from bot.settings import Settings
from bot.simulation.assumptions import REPORTS, VISITS, YEARS, Assumptions, read_assumptions
from bot.statistics.codes import GRADES, MODES

SETTINGS = Settings()
DIRECTORY = read_directory(SETTINGS.content)
LANGUAGES = set(find_languages(SETTINGS.locales, SETTINGS.data / "nlu"))
COUNTED = {need.name for need in DIRECTORY.needs.values() if need.counted}
IN_CITY = set(known.DISTRICTS) - {"outside", "online", known.UNSAID}
STEPS = {it.name for it in QUESTIONS}
LISTS: dict[str, set[str]] = {
    "language": LANGUAGES, "unknown_words": LANGUAGES, "district": IN_CITY, "need": COUNTED, "mode": set(MODES),
    "entry": set(read_entries(SETTINGS.content / "entries.yml")), "step": set(known.STEPS), "met": set(GRADES),
    "trust": set(GRADES), "community": set(GRADES), "influence": set(GRADES),
    **{question: set(DIRECTORY.questions[question]) for question in DIRECTORY.questions if question != "near"},
}  # fmt: skip
OF_REPORTS: dict[str, set[str]] = {
    "language": LANGUAGES, "stops_in": LANGUAGES, "stops": STEPS, "role": set(known.ROLES), "area": set(known.AREAS),
    "ground": set(known.GROUNDS), "form": set(known.FORMS), "relation": set(known.RELATIONS),
    "district": set(known.DISTRICTS), "harm": set(known.HARMS), "proof": set(known.PROOFS), "wish": set(known.WISHES),
    "consent": {COUNT_ONLY, *known.CONSENTS}, "forward": set(known.FORWARD_TO), "contact": set(known.CONTACTS),
    "triage": set(known.TRIAGES) - {"unseen"}, "serious": set(GRADES),
    "handover_outcome": set(known.HANDOVER_OUTCOMES) - {"pending"},
}  # fmt: skip


@pytest.mark.parametrize(("path", "lists"), [(VISITS, LISTS), (REPORTS, OF_REPORTS)], ids=["visits", "reports"])
def test_a_list_holds_the_codes_that_there_are(path: Any, lists: dict[str, set[str]]) -> None:
    values = read_assumptions(path).values
    wrong = {name: sorted(set(values[name]) ^ codes) for name, codes in lists.items() if set(values[name]) != codes}
    assert wrong == {}


def _cases(assumed: Assumptions) -> Iterator[tuple[str, str]]:
    for name, cases in assumed.values.items():
        if name.endswith("_in") and name != "stops_in":
            yield from ((name.removesuffix("_in"), case) for case in cases)


@pytest.mark.parametrize("path", [YEARS, VISITS, REPORTS], ids=lambda path: path.stem)
def test_a_case_changes_the_weight_of_codes_that_are_in_the_list(path: Any) -> None:
    assumed = read_assumptions(path)
    for name, case in _cases(assumed):
        if isinstance(assumed.values[name], dict):
            assert assumed.shares(name, case).sums != assumed.shares(name).sums, (name, case)
        else:
            assert assumed.number(name, case) != assumed.number(name), (name, case)


def test_a_name_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        read_assumptions(VISITS).shares("weather")
