"""Every situation that a need's questions can tell, with and without a district that matters."""

import itertools
from collections.abc import Iterator

from bot.directory.needs import Need
from bot.directory.services import Directory


def situations_of(need: Need, directory: Directory) -> Iterator[dict[str, str]]:
    """One for every combination of answers; of conditions that the need itself does not ask (a district) too."""
    conditions = {
        question for service in directory.services.values() for line in service.serves if line.need == need.name
        for question in line.when
    }  # fmt: skip
    asked = [*need.asks, *sorted(conditions - set(need.asks))]
    for answers in itertools.product(*(directory.questions[question] for question in asked)):
        yield dict(zip(asked, answers, strict=True))


def named(situation: dict[str, str]) -> str:
    """`residence=eu, cpr=no`, as the table writes it."""
    return ", ".join(f"{question}={answer}" for question, answer in situation.items()) or "always"
