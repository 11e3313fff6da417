"""Questions that were not understood: staff read them with the team's key, sort them, and take them to the editors."""

import datetime as dt
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from nacl.exceptions import CryptoError

from bot.casework.keyring import TeamKey
from bot.errors import SealBrokenError
from bot.language.dates import today
from bot.store.report_verbs import QuestionRow
from bot.store.verbs import Store

GAP, OTHER = "gap", "other"
"""Not a need: one that the directory does not answer yet; or nothing for it, such as a greeting or nonsense."""
_NOT_IN_YAML = re.compile(r"[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What YAML 1.1, 5.1, allows in no text."""
_HEAD = """\
# Candidates for training from kept questions. Look at each; then merge into data/nlu/{code}/ by hand.
version: "3.1"
nlu:
"""
_NEED = """\
- intent: {need}
  metadata:
    language: {code}
    provenance: kept questions, asked by residents and sorted by staff
  examples: |
"""
_GAP_HEAD = "# What residents asked and the directory does not answer yet.\n"


@dataclass(frozen=True)
class Asked:
    id: str
    language: str
    on_day: dt.date
    text: str = field(repr=False)
    sorted_as: str | None
    sorted_by: str | None
    sorted_on: dt.date | None


@dataclass(frozen=True)
class Export:
    candidates: Mapping[str, str]
    """{language: a file as those of data/nlu/<code>/}."""
    gaps: str
    """YAML, {language: questions}; empty where there are none."""


class Questions:
    def __init__(self, store: Store, needs: Collection[str]) -> None:
        """`needs`: the ids of content/needs.yml, in its order."""
        self._reports = store.reports
        self._needs = tuple(needs)
        self._known = {*self._needs, GAP, OTHER}

    async def listed(
        self,
        team: TeamKey,
        language: str | None = None,
        *,
        sorted: bool | None = False,
    ) -> list[Asked]:
        """By language, then by day; with `sorted` those that were, with None all. A need that is gone counts for none.

        Raises SealBrokenError where the key at hand was replaced meanwhile.
        """
        rows = [row for row in await self._reports.questions() if language in {None, row.language}]
        wanted = [row for row in rows if sorted in {None, row.sorted_as in self._known}]
        wanted.sort(key=lambda row: row.language)
        return [_opened(team, row) for row in wanted]

    async def sort(self, question_id: str, as_what: str, by_whom: str) -> bool:
        """As a need, GAP or OTHER; sorting again corrects it. False where it is gone. Raises NotSavedError."""
        if as_what not in self._known:
            raise ValueError("neither a need nor a gap")
        return await self._reports.sort_question(question_id, as_what, by_whom, today())

    async def drop(self, question_id: str) -> bool:
        """Delete it for good; False where it was gone. Raises NotSavedError."""
        return await self._reports.drop_question(question_id)

    async def export(self, team: TeamKey, language: str | None = None) -> Export:
        """What was sorted as a need, by language and need, and the gaps; it stays in the store until it is dropped."""
        asked = await self.listed(team, language, sorted=True)
        gaps = [it for it in asked if it.sorted_as == GAP]
        fitting = [it for it in asked if it.sorted_as in self._needs]
        return Export({code: self._candidates(code, group) for code, group in _by_language(fitting)}, _gaps(gaps))

    def _candidates(self, code: str, asked: Iterable[Asked]) -> str:
        of_need: dict[str, list[Asked]] = {need: [] for need in self._needs}
        for it in asked:
            of_need[it.sorted_as or ""].append(it)
        blocks = [_block(code, need, group) for need, group in of_need.items() if group]
        return _HEAD.format(code=code) + "".join(blocks)


def _opened(team: TeamKey, row: QuestionRow) -> Asked:
    try:
        text = team.question(row)
    except CryptoError:
        raise SealBrokenError("a kept question does not open with this key") from None
    return Asked(row.id, row.language, row.on_day, text, row.sorted_as, row.sorted_by, row.sorted_on)


def _by_language(asked: Iterable[Asked]) -> Iterator[tuple[str, list[Asked]]]:
    for code, group in groupby(asked, key=lambda it: it.language):
        yield code, list(group)


def _block(code: str, need: str, asked: Iterable[Asked]) -> str:
    """The comments stand in the text of `examples`, where a line without a dash is no message (language.examples)."""
    lines = "".join(f"    # {_provenance(it)}\n    - {_one_line(it.text)}\n" for it in asked)
    return _NEED.format(need=need, code=code) + lines


def _gaps(asked: Iterable[Asked]) -> str:
    """Quoted as JSON, which YAML reads too."""
    blocks = [
        f"{code}:\n"
        + "".join(f"# {_provenance(it)}\n- {json.dumps(_one_line(it.text), ensure_ascii=False)}\n" for it in group)
        for code, group in _by_language(asked)
    ]
    return _GAP_HEAD + "".join(blocks) if blocks else ""


def _provenance(it: Asked) -> str:
    return f"kept question, asked {it.on_day}, sorted {it.sorted_on} by {_one_line(it.sorted_by or '')}"


def _one_line(text: str) -> str:
    return " ".join(_NOT_IN_YAML.sub(" ", text).split())
