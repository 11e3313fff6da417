"""The codes of every dimension, from where each is kept: the directory, the vocabulary of reports, the plan."""

from collections.abc import Iterable, Mapping

from bot.casework import vocabulary
from bot.casework.telling import QUESTIONS
from bot.directory.entries import read_entries
from bot.directory.services import Directory
from bot.settings import Settings
from bot.statistics.plan import TablePlan
from bot.statistics.plan_file import read_plan
from bot.statistics.targets_file import read_targets

SEVERAL, UNSAID, OPEN, PENDING, NO_PILOT = "several", "not_said", "open", "pending", "no_pilot"
GRADES = tuple(str(grade) for grade in vocabulary.MET)
MARKS = ("begun", "sent", "paused", "cancelled")
"""Of a report on its way, beside the questions it reached."""
MODES = ("info_given", "warm_handover", "forwarded", "declined")


def plan_of(settings: Settings, directory: Directory, languages: Iterable[str]) -> TablePlan:
    """The table plan over the codes that are in use; raises ContentError."""
    parents = {
        "service": {it.id: f"category_{it.category}" for it in directory.services.values()},
        "need": {it.name: f"topic_{it.topic}" for it in directory.needs.values()},
    }
    return read_plan(settings.content, _codes(settings, directory, languages), parents)


def _codes(settings: Settings, directory: Directory, languages: Iterable[str]) -> Mapping[str, Iterable[str]]:
    return {
        "effort": tuple(read_targets(settings.content).efforts),
        "need": tuple(directory.needs),
        "service": tuple(directory.services),
        "language": tuple(languages),
        "district": vocabulary.DISTRICTS,
        "pilot": (*(it.id for it in directory.services.values() if it.project.pilot), NO_PILOT),
        "mode": MODES,
        "step": (*vocabulary.STEPS, UNSAID),
        "grade": GRADES,
        "answer": vocabulary.USEFUL_ANSWERS,
        "code": tuple(read_entries(settings.content / "entries.yml")),
        **dict.fromkeys(("trust", "community", "influence", "taken_seriously"), GRADES),
        "ground": (*vocabulary.GROUNDS, SEVERAL, UNSAID),
        "area": vocabulary.AREAS,
        "form": (*vocabulary.FORMS, SEVERAL, UNSAID),
        "wish": (*vocabulary.WISHES, SEVERAL, UNSAID),
        "outcome": (OPEN, *vocabulary.CLOSINGS),
        "body": (*vocabulary.FORWARD_TO, SEVERAL),
        "result": (*vocabulary.HANDOVER_OUTCOMES, SEVERAL),
        "question": (MARKS[0], *(it.name for it in QUESTIONS), *MARKS[1:]),
    }
