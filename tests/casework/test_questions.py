"""Questions that were not understood: read with the team's key only, sorted, dropped, taken along to the editors."""

import asyncio
import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from bot.casework.desk import Desk
from bot.casework.keyring import FIRST, TeamKey
from bot.casework.questions import GAP, OTHER, Asked, Questions
from bot.directory.services import read_directory
from bot.errors import SealBrokenError
from bot.language.dates import today
from bot.language.examples import examples_in
from bot.settings import Settings
from bot.store.sqlite import SqliteStore
from tests.keys import keyring_of, make_keys

KEY = b"k" * 32
NEEDS = list(read_directory(Settings().content).needs)
OWN = "correct horse battery staple"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "store.db")
    yield store
    store.close()


@pytest.fixture
def team(store: SqliteStore) -> TeamKey:
    return asyncio.run(keyring_of(store).open(FIRST, make_keys(store).team))


@pytest.fixture
def desk(store: SqliteStore, team: TeamKey) -> Desk:
    return Desk(store, KEY)


@pytest.fixture
def questions(store: SqliteStore) -> Questions:
    return Questions(store, NEEDS)


def asked(desk: Desk, *texts: str, language: str = "en") -> None:
    for text in texts:
        asyncio.run(desk.keep_question(text, language))


def listed(
    questions: Questions, team: TeamKey, language: str | None = None, *, sorted: bool | None = False
) -> list[Asked]:
    return asyncio.run(questions.listed(team, language, sorted=sorted))


def sorts(questions: Questions, team: TeamKey, **as_what: str) -> None:
    """{word that stands in the question: what it is}."""
    for it in listed(questions, team):
        for word, what in as_what.items():
            if word in it.text:
                assert asyncio.run(questions.sort(it.id, what, "amina"))


# What is kept


@pytest.mark.parametrize(
    ("number", "hidden"),
    [
        ("010190-1234", "••••••-••••"),
        ("٠١٠١٩٠-١٢٣٤", "••••••-••••"),
        ("22 33 44 55", "•• •• •• ••"),
        ("+45 22334455", "+•• ••••••••"),
        ("1234 5678 9012 3456 7890", "•••• •••• •••• •••• ••••"),
    ],
)
def test_numbers_that_tell_who_somebody_is_are_hidden_before_a_question_is_sealed(
    desk: Desk, questions: Questions, team: TeamKey, number: str, hidden: str
) -> None:
    asked(desk, f"Can I get a parking card with {number} in 2026?")
    (it,) = listed(questions, team)
    assert it.text == f"Can I get a parking card with {hidden} in 2026?"


def test_a_key_that_was_replaced_opens_no_question_and_the_new_one_opens_all_as_they_were_sorted(
    store: SqliteStore, desk: Desk, questions: Questions, team: TeamKey
) -> None:
    asked(desk, "Where can I park?", "Which bus?")
    sorts(questions, team, park=GAP)
    before = listed(questions, team, sorted=None)
    keyring = keyring_of(store)
    asyncio.run(keyring.add(team, "amina", OWN))
    asyncio.run(keyring.remove(team, FIRST))
    with pytest.raises(SealBrokenError):
        listed(questions, team)
    assert listed(questions, asyncio.run(keyring.open("amina", OWN)), sorted=None) == before


def test_a_question_shows_in_no_log_line(desk: Desk, questions: Questions, team: TeamKey) -> None:
    asked(desk, "Where can I park?")
    assert "park" not in repr(listed(questions, team))


# Reading and sorting


def test_questions_stand_by_language_and_then_by_day(
    store: SqliteStore, desk: Desk, questions: Questions, team: TeamKey
) -> None:
    asked(desk, "Later", "Earlier")
    asked(desk, "Gdzie?", language="pl")
    asked(desk, "Hvor?", language="da")
    rows = {team.question(row): row for row in asyncio.run(store.reports.questions())}
    asyncio.run(store.reports.drop_question(rows["Earlier"].id))
    asyncio.run(store.reports.keep_question(replace(rows["Earlier"], on_day=today() - dt.timedelta(days=1))))
    assert [it.text for it in listed(questions, team)] == ["Hvor?", "Earlier", "Later", "Gdzie?"]
    assert [it.text for it in listed(questions, team, "en")] == ["Earlier", "Later"]
    assert listed(questions, team, "xx") == []


def test_what_is_sorted_is_no_longer_among_the_others_and_tells_by_whom_and_when(
    desk: Desk, questions: Questions, team: TeamKey
) -> None:
    asked(desk, "Where can I park?", "How do I find a home?", "asdf")
    sorts(questions, team, park=GAP, home="housing_find")
    assert [it.text for it in listed(questions, team)] == ["asdf"]
    done = {it.text: (it.sorted_as, it.sorted_by, it.sorted_on) for it in listed(questions, team, sorted=True)}
    assert done == {
        "Where can I park?": (GAP, "amina", today()),
        "How do I find a home?": ("housing_find", "amina", today()),
    }
    assert len(listed(questions, team, sorted=None)) == 3


def test_sorting_again_corrects_it(desk: Desk, questions: Questions, team: TeamKey) -> None:
    asked(desk, "Where can I park?")
    sorts(questions, team, park=OTHER)
    (it,) = listed(questions, team, sorted=True)
    assert asyncio.run(questions.sort(it.id, GAP, "piotr"))
    (it,) = listed(questions, team, sorted=True)
    assert (it.sorted_as, it.sorted_by) == (GAP, "piotr")


@pytest.mark.parametrize("as_what", ["", "parking", "Housing_find", "utter_greet"])
def test_what_is_neither_a_need_nor_a_gap_nor_other_is_refused(
    desk: Desk, questions: Questions, team: TeamKey, as_what: str
) -> None:
    asked(desk, "Where can I park?")
    with pytest.raises(ValueError, match="neither"):
        asyncio.run(questions.sort(listed(questions, team)[0].id, as_what, "amina"))
    assert len(listed(questions, team)) == 1


def test_what_was_sorted_as_a_need_that_is_gone_is_to_be_sorted_again(
    store: SqliteStore, desk: Desk, questions: Questions, team: TeamKey
) -> None:
    asked(desk, "Where can I park?")
    sorts(Questions(store, [*NEEDS, "parking"]), team, park="parking")
    assert [it.text for it in listed(questions, team)] == ["Where can I park?"]
    assert asyncio.run(questions.export(team)).candidates == {}


def test_what_is_gone_can_neither_be_sorted_nor_dropped(questions: Questions, team: TeamKey) -> None:
    assert not asyncio.run(questions.sort("0" * 32, GAP, "amina"))
    assert not asyncio.run(questions.drop("0" * 32))


def test_a_question_that_is_dropped_leaves_nothing_behind(
    store: SqliteStore, desk: Desk, questions: Questions, team: TeamKey, tmp_path: Path
) -> None:
    asked(desk, "Where can I park?")
    asked(desk, "Gdzie?", language="pl")
    english, polish = asyncio.run(store.reports.questions())
    if english.language != "en":
        english, polish = polish, english
    assert english.sealed[:32] in _on_disk(tmp_path)
    assert asyncio.run(questions.drop(english.id))
    assert [it.text for it in listed(questions, team)] == ["Gdzie?"]
    everything = _on_disk(tmp_path)
    assert not [it for it in (english.sealed[:32], english.sealed[-32:], english.id.encode()) if it in everything]
    assert polish.sealed[:32] in everything


def _on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


# Taking along


def test_what_is_taken_along_reads_as_training_messages_of_its_language(
    desk: Desk, questions: Questions, team: TeamKey, tmp_path: Path
) -> None:
    asked(desk, "How do I find a home?", "I need a home\n- now: # please", "asdf", "Where can I park?")
    asked(desk, "Gdzie znajdę mieszkanie?", "Jak zgłosić złodzieja?", language="pl")
    sorts(questions, team, home="housing_find", asdf=OTHER, park=GAP, mieszkanie="housing_find", zgłosić="first_steps")
    export = asyncio.run(questions.export(team))
    read = {}
    for code, text in export.candidates.items():
        (tmp_path / f"{code}.yml").write_text(text, encoding="utf-8")
        read[code] = list(examples_in(tmp_path / f"{code}.yml"))
    assert set(read) == {"en", "pl"}
    assert sorted(read["en"]) == [
        ("housing_find", "en", "How do I find a home?"), ("housing_find", "en", "I need a home - now: # please"),
    ]  # fmt: skip
    assert sorted(read["pl"]) == [
        ("first_steps", "pl", "Jak zgłosić złodzieja?"), ("housing_find", "pl", "Gdzie znajdę mieszkanie?"),
    ]  # fmt: skip
    for text in export.candidates.values():
        assert text.count(f"    # kept question, asked {today()}, sorted {today()} by amina\n    - ") == 2


def test_gaps_are_taken_along_apart_and_by_language(desk: Desk, questions: Questions, team: TeamKey) -> None:
    asked(desk, 'Where: "can" I park?', "- How do I find a home?")
    asked(desk, "أين أوقف سيارتي؟", language="ar")
    sorts(questions, team, park=GAP, home="housing_find", أين=GAP)
    gaps = asyncio.run(questions.export(team)).gaps
    assert yaml.safe_load(gaps) == {"ar": ["أين أوقف سيارتي؟"], "en": ['Where: "can" I park?']}
    assert gaps.count(f"# kept question, asked {today()}, sorted {today()} by amina\n") == 2
    only = asyncio.run(questions.export(team, "ar"))
    assert (only.candidates, list(yaml.safe_load(only.gaps))) == ({}, ["ar"])


HOSTILE = [
    "a\x00b\x07",
    "home\u2028- intent: x",
    "\x85home",
    "- home",
    "  examples: |",
    "home \U0001f3e0",
    "😀\ufffe",
    "#home",
]


def test_nothing_that_somebody_typed_breaks_the_file(
    store: SqliteStore, desk: Desk, questions: Questions, team: TeamKey, tmp_path: Path
) -> None:
    asked(desk, *HOSTILE)
    for as_what in ("housing_find", GAP):
        for it in listed(questions, team, sorted=None):
            asyncio.run(questions.sort(it.id, as_what, "amina"))
        export = asyncio.run(questions.export(team))
        if as_what == GAP:
            assert len(yaml.safe_load(export.gaps)["en"]) == len(HOSTILE)
            continue
        (tmp_path / "en.yml").write_text(export.candidates["en"], encoding="utf-8")
        found = {text for need, _, text in examples_in(tmp_path / "en.yml")}
        assert found == {
            "a b", "home - intent: x", "home", "- home", "examples: |", "home \U0001f3e0", "😀", "#home",
        }  # fmt: skip


def test_what_was_not_sorted_is_not_taken_along(desk: Desk, questions: Questions, team: TeamKey) -> None:
    asked(desk, "Where can I park?")
    export = asyncio.run(questions.export(team))
    assert (export.candidates, export.gaps) == ({}, "")
