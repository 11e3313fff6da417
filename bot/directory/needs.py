"""How the guide leads through each need: what it asks, and what it offers next. content/needs.yml."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.directory.check import Fault, Questions
from bot.language.yaml_file import read_yaml

FIELDS: dict[str, type] = {"topic": str, "asks": list, "next": list, "deadlines": bool, "counted": bool}


@dataclass(frozen=True)
class Need:
    """A need that ends in services; `utter_<name>` is its reply and `utter_<name>_next` what comes after."""

    name: str
    topic: str
    """Where it stands in the menu, `utter_topic_<topic>`."""
    asks: tuple[str, ...] = ()
    """Questions on which the answer depends, in their order."""
    next: tuple[str, ...] | None = None
    """Needs offered afterwards; None where nothing comes after."""
    deadlines: bool = False
    """Whether a deadline may matter, so that counting it is offered too."""
    counted: bool = True
    """Whether it may be counted as a referral: a cry for help never is."""


def read_needs(path: Path) -> Mapping[str, Need]:
    """The needs of a file that has no faults, in its order."""
    return {
        name: Need(
            name,
            line["topic"],
            tuple(line.get("asks", ())),
            tuple(line["next"]) if "next" in line else None,
            line.get("deadlines", False),
            line.get("counted", True),
        )
        for name, line in read_yaml(path).items()
    }


def faults_of_needs(path: Path, questions: Questions) -> Iterator[Fault]:
    """Every fault of the file by need and field."""
    for name, line in read_yaml(path).items():
        if not isinstance(line, dict) or "topic" not in line:
            yield Fault(path.name, name, "topic", "is missing")
            continue
        for field, value in line.items():
            if field not in FIELDS:
                yield Fault(path.name, name, str(field), "is not a known field")
            elif not isinstance(value, FIELDS[field]):
                yield Fault(path.name, name, field, f"must be a {FIELDS[field].__name__}")
        for question in set(line.get("asks") or []) - set(questions):
            yield Fault(path.name, name, "asks", f"{question} is no question of questions.yml")
