"""Kept questions at the console: read with an open key, sorted, dropped, and taken along to the editors as a file."""

import asyncio
import html
import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from bot.casework.desk import Desk
from bot.casework.questions import GAP, OTHER, Asked
from bot.settings import Settings
from bot.store.secrets import server_key
from bot.web.console.app import make_console
from tests.console.conftest import events
from tests.console.member import Member
from tests.keys import make_keys

NEED = "danish_start"


@pytest.fixture(scope="module")
def kim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Member]:
    """A coordinator, signed in, with the key open."""
    app: Any = make_console(Settings(var=tmp_path_factory.mktemp("questions")))
    app.state.console.first = make_keys(app.state.console.store)
    yield Member(app, "kim", "coordinator").signs_in().opens_key()
    app.state.console.close()


@pytest.fixture(scope="module")
def sam(kim: Member) -> Member:
    return Member(kim.app, "sam", "caseworker").signs_in().opens_key()


@pytest.fixture(autouse=True)
def nothing_is_left(kim: Member) -> Iterator[None]:
    yield
    for it in kept(kim):
        asyncio.run(kim.console.questions.drop(it.id))


def kept(kim: Member) -> list[Asked]:
    team = asyncio.run(kim.console.keyring.open("kim", kim.person.passphrase))
    return asyncio.run(kim.console.questions.listed(team, sorted=None))


def asked(kim: Member, text: str, language: str = "en") -> str:
    """The id of a question that is kept."""
    known = {it.id for it in kept(kim)}
    console = kim.console
    asyncio.run(Desk(console.store, server_key(console.settings.var)).keep_question(text, language))
    (new,) = {it.id for it in kept(kim)} - known
    return new


def sorts(member: Member, question: str, as_what: str) -> int:
    return member.orders(f"/questions/{question}/sort", as_what=as_what).status_code


def files_in(kim: Member) -> dict[str, str]:
    answer = kim.orders("/questions/export")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == 'attachment; filename="vejviser-questions.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_questions_are_read_with_an_open_key_only(kim: Member) -> None:
    asked(kim, "Where can my child learn to swim?")
    other = Member(kim.app, "new", "caseworker").signs_in()
    assert "swim" not in other.page("/questions")
    assert "swim" in other.opens_key().page("/questions")


def test_a_question_is_sorted_and_leaves_the_list_of_those_to_sort(kim: Member, sam: Member) -> None:
    question = asked(kim, "Where is the language school?")
    assert sorts(sam, question, NEED) == 303
    assert "language school" not in sam.page("/questions")
    page = sam.page("/questions?sorted=yes")
    assert "language school" in page
    (it,) = kept(kim)
    assert (it.sorted_as, it.sorted_by) == (NEED, "sam")
    assert sorts(kim, question, OTHER) == 303
    (it,) = kept(kim)
    assert (it.sorted_as, it.sorted_by) == (OTHER, "kim")
    assert events(kim.console, question) == ["question_sorted", "question_sorted"]


@pytest.mark.parametrize(("query", "shown"), [("", "ab"), ("?language=ar", "b"), ("?language=tlh", "ab"),
                                              ("?language=en&sorted=no", "a"), ("?sorted=yes", "")])  # fmt: skip
def test_questions_are_chosen_by_language(kim: Member, query: str, shown: str) -> None:
    texts = {"a": "an English question", "b": "سؤال بالعربية"}
    asked(kim, texts["a"])
    asked(kim, texts["b"], "ar")
    page = kim.page(f"/questions{query}")
    assert "".join(name for name, text in texts.items() if text in page) == shown


@pytest.mark.parametrize("as_what", ["", "nothing we know", "gap ", "<script>", "../../etc"])
def test_a_question_is_sorted_as_a_need_or_as_none_only(kim: Member, as_what: str) -> None:
    question = asked(kim, "What is this?")
    assert sorts(kim, question, as_what) == 422
    assert [it.sorted_as for it in kept(kim)] == [None]
    assert events(kim.console, question) == []


def test_a_dropped_question_is_gone_for_good(kim: Member) -> None:
    question = asked(kim, "kanariefugl9a3f")
    assert kim.orders(f"/questions/{question}/drop").headers["location"] == "/questions"
    assert kept(kim) == []
    for order in ("drop", "sort"):  # of two colleagues who press at once, the second finds it done
        assert kim.orders(f"/questions/{question}/{order}", as_what=NEED).status_code == 303
    assert kept(kim) == []
    assert "kanariefugl9a3f" not in kim.page("/audit")


def test_a_caseworker_sorts_and_neither_drops_nor_takes_along(kim: Member, sam: Member) -> None:
    question = asked(kim, "Stays here")
    page = sam.page("/questions")
    assert "/drop" not in page
    assert "/export" not in page
    for path in (f"/questions/{question}/drop", "/questions/export"):
        assert sam.orders(path).status_code == 403
    assert len(kept(kim)) == 1


def test_sorted_questions_are_taken_along_as_files_that_an_editor_can_read(kim: Member) -> None:
    for text, language, what in (
        ("Where do I learn Danish?", "en", NEED),
        ("أين أتعلم الدنماركية؟", "ar", NEED),
        ("How do I keep bees: here?", "en", GAP),
        ("hello", "en", OTHER),
    ):
        sorts(kim, asked(kim, text, language), what)
    asked(kim, "nobody has looked at this one")
    files = files_in(kim)
    assert set(files) == {"en.yml", "ar.yml", "gaps.yml"}
    block = yaml.safe_load(files["en.yml"])["nlu"][0]
    assert (block["intent"], block["metadata"]["language"]) == (NEED, "en")
    assert "- Where do I learn Danish?" in block["examples"]
    assert "أين أتعلم الدنماركية؟" in files["ar.yml"]
    assert yaml.safe_load(files["gaps.yml"]) == {"en": ["How do I keep bees: here?"]}
    assert "looked at this one" not in "".join(files.values())
    assert "hello" not in "".join(files.values())
    assert len(kept(kim)) == 5
    assert events(kim.console)[-1] == "questions_exported"


def test_where_nothing_was_sorted_the_file_says_so(kim: Member) -> None:
    assert files_in(kim) == {"gaps.yml": "{}\n"}


def test_questions_are_taken_along_only_after_password_and_code_were_just_given(kim: Member) -> None:
    for seat in kim.console.seats._seats.values():
        seat.confirmed = 0
    try:
        assert kim.orders("/questions/export").headers["location"] == "/confirm?next=%2Fquestions"
    finally:
        for seat in kim.console.seats._seats.values():
            seat.confirm()


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "{{ '#' * 9 }}", "=cmd|' /C calc'!A0", "a\n- intent: evil", "\u202eevil", "%s%n",
     "e" + "\u0301" * 5_000, "' OR 1=1 --", "\0nul\x1b[2J"],
)  # fmt: skip
def test_a_hostile_question_is_shown_and_taken_along_as_what_it_is(kim: Member, text: str) -> None:
    sorts(kim, asked(kim, text), NEED)
    page = kim.page("/questions?sorted=yes")
    assert "<script>" not in page
    assert "#########" not in page
    if text.isprintable():
        assert text in html.unescape(page)
    needs = [block["intent"] for block in yaml.safe_load(files_in(kim)["en.yml"])["nlu"]]
    assert needs == [NEED]
