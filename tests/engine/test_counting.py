"""What is only counted of conversations: where reports stop, what fitted nobody, what was not understood."""

import asyncio
import dataclasses
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.casework.telling import QUESTIONS
from bot.engine.guide import Guide
from bot.errors import NotSavedError
from bot.language.dates import today
from bot.settings import ROOT, Settings
from tests.faults.test_storage import asks, full, locked, read_only
from tests.keys import make_keys
from tests.reports import AFTER_WORDS, BEFORE_WORDS, ONLY_COUNTED, SEND, WORDS, go, receipt_in, way
from tests.resident import Resident

DANGER = "He says he will kill me"
UNKNOWN = "qwxz vlk"


@pytest.fixture(scope="module")
def counting(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guide]:
    guide = Guide(Settings(var=tmp_path_factory.mktemp("counted")), model)
    make_keys(guide.store)
    yield guide
    guide.close()


def tallies(guide: Guide) -> Counter[tuple[str, str, str]]:
    """{(kind, code, language): how often}, all of today."""
    statement = "SELECT counted_on, kind, code, language, n FROM tally"
    rows = asks(guide, statement)
    assert {row[0] for row in rows} <= {today().isoformat()}
    return Counter({(kind, code, language): n for _, kind, code, language, n in rows})


class Since:
    """What is counted from here on."""

    def __init__(self, guide: Guide) -> None:
        self._guide = guide
        self._before = tallies(guide)

    @property
    def counted(self) -> dict[tuple[str, str, str], int]:
        return dict(tallies(self._guide) - self._before)

    def steps(self, language: str) -> dict[str, int]:
        assert {(kind, spoken) for kind, _, spoken in self.counted} <= {("step", language)}
        return {code: n for (_, code, _), n in self.counted.items()}


# Where reports stop


@pytest.mark.parametrize("language", ["ar", "da", "so", "uk"])
def test_each_question_counts_when_it_is_first_asked(counting: Guide, language: str) -> None:
    since = Since(counting)
    resident = Resident(counting, language)
    for step in way():
        resident = go(resident, [step])
    told = since.steps(language)
    not_asked = {"fair", "value", "times"}
    assert told == dict.fromkeys(["begun", *(it.name for it in QUESTIONS if it.name not in not_asked)], 1)
    resident.presses(SEND)
    assert since.steps(language) == {**told, "sent": 1}


def test_who_stops_is_counted_up_to_the_question_that_was_asked(counting: Guide) -> None:
    since = Since(counting)
    go(Resident(counting, "en"), way()[:4])
    assert since.steps("en") == {"begun": 1, "safe": 1, "role": 1, "narrative": 1}


def test_going_back_and_changing_counts_nothing_again(counting: Guide) -> None:
    resident = go(Resident(counting, "en"), way(consents=ONLY_COUNTED))
    since = Since(counting)
    resident.presses("report_change", "report_change_area", "area_health")
    resident.presses("report_change", "report_change_ground", "ground_age", "ground_age", "ground_age", "report_done")
    resident.presses("report_change", "report_change_narrative", "report_anew").says("It was otherwise.")
    resident.presses("report_done")
    assert since.counted == {}
    resident.presses("report_change", "report_change_read", "read_yes")
    assert since.steps("en") == {"reply": 1}


def test_what_is_left_out_was_not_reached(counting: Guide) -> None:
    since = Since(counting)
    go(Resident(counting, "pl"), way(consents=ONLY_COUNTED, short=True)).presses(SEND)
    reached = {"begun", "safe", "role", "narrative", "when", "read", "sent"}
    assert since.steps("pl") == dict.fromkeys(reached, 1)


def test_a_digression_is_no_step_and_the_question_that_is_asked_again_no_second(counting: Guide) -> None:
    resident = go(Resident(counting, "en"), [*way()[:1]])
    since = Since(counting)
    resident.says("What can you help me with?")
    assert "utter_report_continue" in resident.replies
    assert since.counted == {}


def test_a_report_counts_as_cancelled_once(counting: Guide) -> None:
    resident = go(Resident(counting, "tr"), way()[:3])
    since = Since(counting)
    resident.presses("report_cancel")
    assert since.steps("tr") == {"cancelled": 1}
    resident.presses("need_report_discrimination")
    assert since.steps("tr") == {"cancelled": 1, "begun": 1, "safe": 1}


def test_a_report_that_is_paused_and_gone_on_with_is_one_attempt(counting: Guide) -> None:
    since = Since(counting)
    paused = go(Resident(counting, "fa"), way()[:5]).presses("report_pause")
    begun = {"begun": 1, "safe": 1, "role": 1, "narrative": 1, "when": 1}
    assert since.steps("fa") == {**begun, "paused": 1}
    again = Resident(counting, "fa").says(receipt_in(paused.text))
    assert "utter_report_goes_on" in again.replies
    assert since.steps("fa") == {**begun, "paused": 1}
    again.presses("when_unknown", "report_pause")
    assert since.steps("fa") == {**begun, "paused": 1, "district": 1}


def test_the_same_message_again_counts_nothing_more(counting: Guide) -> None:
    resident = go(Resident(counting, "en"), way(consents=ONLY_COUNTED, short=True))
    since = Since(counting)
    for _ in range(3):
        resident.presses(SEND, message_id="one")
    assert since.steps("en") == {"sent": 1}


def test_a_report_that_was_stored_before_a_crash_counts_as_sent_with_the_receipt(counting: Guide) -> None:
    """The process dies between the store and the chat: the conversation is as it was before the answer."""
    resident = go(Resident(counting, "en"), way(consents=ONLY_COUNTED, short=True))
    since, save = Since(counting), counting._conversations.save

    async def dies(*given: Any) -> None:
        if len(given) < 3:  # the save before filing names the look-up; the one after it does not
            raise NotSavedError("dies")
        await save(*given)

    counting._conversations.save = dies  # type: ignore[method-assign]
    with pytest.raises(NotSavedError):
        resident.presses(SEND, message_id="one")
    counting._conversations.save = save  # type: ignore[method-assign]
    assert since.counted == {}
    asyncio.run(counting.resume())
    resident.presses(SEND, message_id="one")
    assert "utter_report_receipt" in resident.replies
    assert since.steps("en") == {"sent": 1}


# In danger


@pytest.mark.parametrize("answer", ["safe_no", "safe_unsure"])
def test_a_turn_of_somebody_who_is_not_safe_is_not_counted_and_its_step_comes_with_the_next(
    counting: Guide, answer: str
) -> None:
    """So that the numbers of two questions do not tell by their difference that somebody was not safe."""
    resident = Resident(counting, "en").presses("need_bot_capabilities", "topic_rights", BEFORE_WORDS[0])
    since = Since(counting)
    resident.presses(answer)
    assert "utter_report_not_safe" in resident.replies
    assert since.counted == {}
    resident.presses("role_self")
    assert since.steps("en") == {"role": 1, "narrative": 1}


@pytest.mark.parametrize(
    ("language", "words"), [("en", DANGER), ("ar", "يقول إنه سيقتلني"), ("da", "han vil slå mig ihjel")]
)
def test_words_of_danger_count_nothing_wherever_they_are_said(counting: Guide, language: str, words: str) -> None:
    since = Since(counting)
    resident = Resident(counting, language).says(words)
    assert any("112" in message["text"] for message in resident.messages)
    assert since.counted == {}
    told = go(Resident(counting, language), way()[:7])
    since = Since(counting)
    told.says(words)
    assert since.counted == {}


def test_danger_told_to_a_short_question_counts_no_step_until_the_next_turn(counting: Guide) -> None:
    steps = [*BEFORE_WORDS, None, *AFTER_WORDS[:-1]]
    resident = Resident(counting, "en")
    for button in steps:
        resident = resident.presses(button) if button else resident.says(WORDS)
    since = Since(counting)
    resident.says(DANGER)
    assert "utter_report_danger" in resident.replies
    assert since.counted == {}
    resident.presses("ground_age")
    assert since.steps("en") == {"ground": 1}


# What did not help


@pytest.mark.parametrize("language", ["en", "uk", "ur"])
def test_a_message_that_is_not_understood_is_counted_and_never_kept(counting: Guide, language: str) -> None:
    since = Since(counting)
    resident = Resident(counting, language)
    resident.says(UNKNOWN)
    assert resident.replies == ["utter_not_understood"]
    assert since.counted == {("unknown_words", "", language): 1}
    everything = b"".join(path.read_bytes() for path in counting.settings.var.rglob("*") if path.is_file())
    assert UNKNOWN.encode() not in everything


@pytest.fixture(scope="module")
def nothing_fits(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guide]:
    """A directory in which all that helps to find a job has ended, with a folder of content of its own."""
    content = tmp_path_factory.mktemp("ended") / "content"
    shutil.copytree(ROOT / "content", content)
    for path in content.glob("services/*.yml"):
        services = yaml.safe_load(path.read_text(encoding="utf-8"))
        for service in services:
            if any(line["need"] == "find_job" for line in service["serves"] or []):
                service["project"] |= {"status": "ended"}
        path.write_text(yaml.safe_dump(services, allow_unicode=True), encoding="utf-8")
    settings = dataclasses.replace(Settings(), content=content, var=tmp_path_factory.mktemp("nothing"))
    guide = Guide(settings, model)
    make_keys(guide.store)
    yield guide
    guide.close()


@pytest.mark.parametrize("language", ["da", "so"])
def test_a_need_that_nothing_fits_is_counted(nothing_fits: Guide, language: str) -> None:
    since = Since(nothing_fits)
    resident = Resident(nothing_fits, language).presses("need_bot_capabilities", "topic_work", "need_find_job")
    assert since.counted == {}
    resident.presses("residence_eu")
    assert resident.services == []
    assert since.counted == {("unmet", "find_job", language): 1}


def test_a_need_that_is_met_is_not(counting: Guide) -> None:
    since = Since(counting)
    resident = Resident(counting, "da").presses("need_bot_capabilities", "topic_work", "need_find_job", "residence_eu")
    assert resident.services
    assert since.counted == {}


# A count that is lost


def leave_no_room(guide: Guide) -> None:
    """Until the store refuses; in their order the rows come last, so that no page before them has room either."""
    with suppress(NotSavedError):
        for number in range(10_000):
            asyncio.run(guide._desk.note("zz", f"{number:05}", "en"))


@pytest.mark.parametrize("fails", [read_only, full, locked])
def test_a_count_that_cannot_be_saved_takes_nothing_from_the_person(
    counting: Guide, fails: Callable[[Guide], Any], capsys: pytest.CaptureFixture[str]
) -> None:
    asks(counting, "DELETE FROM tally")
    resident = Resident(counting, "en")
    with fails(counting):
        leave_no_room(counting)
        resident.says(UNKNOWN)
        assert resident.replies == ["utter_not_understood"]
        resident.presses("need_bot_capabilities", "topic_rights", *BEFORE_WORDS).says(WORDS)
        assert "report_done" in resident.buttons
    assert {kind for kind, _, _ in tallies(counting)} <= {"zz"}
    assert UNKNOWN not in capsys.readouterr().err
    asks(counting, "DELETE FROM tally")
    resident.presses("report_done", "when_unknown")
    assert tallies(counting) == {("step", "when", "en"): 1, ("step", "district", "en"): 1}
