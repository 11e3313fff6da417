"""One-tap questions on pages: a statement, five answers and one that says nothing; no words."""

from collections.abc import Mapping

from bot.casework.sealing import ReportKey
from bot.casework.vocabulary import GRADES
from bot.engine.guide import Guide
from bot.errors import Problem

NOTHING_SAID = "0"
"""What "I'd rather not say" sends."""
THANKS = "poll.thanks"
"""It does not say that it is counted: where that failed the person is thanked all the same."""


def grade_of(said: str | None, grades: tuple[int, ...]) -> int | None:
    """The grade that was pressed, None for nothing said; anything else raises Problem."""
    if said in {None, "", NOTHING_SAID}:
        return None
    if said not in {str(grade) for grade in grades}:
        raise Problem(422, "problem.unreadable")
    return int(str(said))


async def taken_seriously(guide: Guide, key: ReportKey, fields: Mapping[str, str], _: str) -> str:
    """The answer of a report's person; the word that the page says then."""
    grade = grade_of(fields.get("grade"), GRADES)
    await guide.counting.answer_seriously(key, await guide.visits.own.look(key), grade)
    return THANKS
