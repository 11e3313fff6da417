"""What reviewers see and say at the console, and how it gets into the catalogues; nothing of a report is near."""

import asyncio
import html
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.language.catalogue import messages_of
from bot.language.states import State, state_of_message
from bot.settings import ROOT, Settings
from bot.store.review_verbs import ReviewRow
from bot.web.console.app import make_console
from tests.command.calling import Told, vejviser
from tests.console.conftest import events
from tests.console.member import Member
from tests.keys import make_keys

CODE = "pl"
ROW = re.compile(r'<li class="row review-text">.*?</li>', re.DOTALL)
FORM = re.compile(r"<form .*?</form>", re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">')


@pytest.fixture(scope="module")
def locales(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy, so that a review changes no catalogue of the repository."""
    return shutil.copytree(ROOT / "locales", tmp_path_factory.mktemp("texts") / "locales")


@pytest.fixture(scope="module")
def tao(tmp_path_factory: pytest.TempPathFactory, locales: Path) -> Iterator[Member]:
    """A translator, signed in."""
    app: Any = make_console(Settings(var=tmp_path_factory.mktemp("content"), locales=locales))
    app.state.console.first = make_keys(app.state.console.store)
    yield Member(app, "tao", "translator").signs_in()
    app.state.console.close()


@pytest.fixture(autouse=True)
def nothing_waits(tao: Member) -> Iterator[None]:
    yield
    asyncio.run(tao.console.store.reviews.drop(pending(tao)))


def pending(tao: Member) -> list[ReviewRow]:
    return asyncio.run(tao.console.store.reviews.pending())


@dataclass(frozen=True)
class Row:
    """A text as it stands on the page, with what its two forms send."""

    forms: list[dict[str, str]] = field(repr=False)
    text: str = field(repr=False)

    @property
    def context(self) -> str:
        return self.forms[-1]["context"]

    def sends(self, verdict: str, **more: str) -> dict[str, str]:
        fields = next(form for form in self.forms if form["verdict"] == verdict)
        return {name: value for name, value in fields.items() if name != "form"} | more


def rows_of(tao: Member, query: str = "", code: str = CODE) -> list[Row]:
    found = ROW.findall(tao.page(f"/reviews/{code}{query}"))
    forms = [[dict(HIDDEN.findall(form)) for form in FORM.findall(row)] for row in found]
    return [
        Row([{name: html.unescape(it) for name, it in form.items()} for form in of_row], html.unescape(row))
        for of_row, row in zip(forms, found, strict=True)
    ]


def simple(tao: Member, query: str = "?kind=pages") -> Row:
    """A text of the page without placeholders, so that any words can stand for it."""
    return next(row for row in rows_of(tao, query) if "{" not in row.text and len(row.forms) == 2)


def last_page(tao: Member) -> int:
    """Of the texts of pages; what somebody has said something of stands behind what nobody has."""
    shown = re.sub("[\u2066-\u2069]", "", tao.page(f"/reviews/{CODE}?kind=pages"))
    found = re.search(r"Page 1 of (\d+)", shown)
    assert found
    return int(found[1])


def reviews(tao: Member, row: Row, verdict: str, **more: str) -> int:
    return tao.orders(f"/reviews/{CODE}", **row.sends(verdict, **more)).status_code


def imported(tao: Member, monkeypatch: pytest.MonkeyPatch) -> Told:
    monkeypatch.setenv("VEJVISER_VAR", str(tao.console.settings.var))
    monkeypatch.setenv("VEJVISER_LOCALES", str(tao.console.settings.locales))
    return vejviser("languages", "--import")


def in_catalogue(tao: Member, context: str) -> tuple[str, State]:
    message = next(it for it in messages_of(CODE, tao.console.settings.locales) if it.context == context)
    return str(message.string), state_of_message(message)


# The lists


def test_the_first_page_of_a_translator_tells_what_wants_an_eye(tao: Member) -> None:
    assert tao.sees("/").headers["location"] == "/content"
    page = html.unescape(tao.page("/content"))
    for heading in ("Translations", "Broken links", "Facts to check"):
        assert heading in page
    for code in ("ar", "da", "fa", "pl", "so", "tr", "uk", "ur"):
        assert f'href="/reviews/{code}"' in page
    assert 'href="/reviews/en"' not in page
    for path in ("/queue", "/audit", "/keys", "/accounts", "/questions", "/retention"):
        assert f'href="{path}"' not in page
    assert events(tao.console)[-1] == "content_viewed"


def test_an_administrator_sees_the_lists_and_no_texts(tao: Member) -> None:
    ada = Member(tao.app, "ada", "administrator").signs_in()
    assert "/reviews/" not in ada.page("/content")
    assert ada.sees(f"/reviews/{CODE}").status_code == 403


@pytest.mark.parametrize("code", ["en", "tlh", "EN", "pl.po", "pl%00", "<script>"])
def test_only_languages_that_are_translated_can_be_reviewed(tao: Member, code: str) -> None:
    assert tao.sees(f"/reviews/{code}").status_code == 404
    assert tao.orders(f"/reviews/{code}", verdict="right").status_code == 404


def test_what_harms_most_if_it_is_wrong_stands_first(tao: Member) -> None:
    assert "safety" in rows_of(tao)[0].text


@pytest.mark.parametrize("kind", ["safety", "consent", "pages"])
def test_texts_are_chosen_by_kind(tao: Member, kind: str) -> None:
    rows = rows_of(tao, f"?kind={kind}")
    assert rows
    assert all(f'<p class="state">{kind}</p>' in row.text for row in rows)


def test_the_pages_of_the_list_hold_each_text_once(tao: Member) -> None:
    found = [row.context for number in (1, 2, 3) for row in rows_of(tao, f"?page={number}")]
    assert len(found) == len(set(found)) == 60


@pytest.mark.parametrize(
    "page", ["0", "-1", "x", "", "9" * 5_000, "9" * 30, "1e3", "²", "٢", "1; DROP TABLE review", "%00", "999999"]
)
def test_a_page_that_is_none_is_no_fault(tao: Member, page: str) -> None:
    assert tao.sees(f"/reviews/{CODE}?page={page}&kind={page}").status_code == 200


def test_a_language_from_right_to_left_is_shown_so(tao: Member) -> None:
    assert 'lang="ar" dir="rtl"' in tao.page("/reviews/ar")


# Right, corrected, faulty


def test_what_is_right_is_kept_and_then_stands_in_the_catalogue_as_reviewed(
    tao: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = simple(tao)
    before, state = in_catalogue(tao, row.context)
    assert state is State.UNREVIEWED
    assert reviews(tao, row, "right") == 303
    (kept,) = pending(tao)
    assert (kept.context, kept.corrected, kept.by_whom) == (row.context, None, "tao")
    assert "1 taken, 0 outdated, 0 refused" in imported(tao, monkeypatch).out
    assert in_catalogue(tao, row.context) == (before, State.REVIEWED)
    assert row.context not in [it.context for it in rows_of(tao, "?kind=pages")]
    assert pending(tao) == []


def test_what_is_corrected_is_shown_to_colleagues_and_then_is_what_residents_read(
    tao: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = simple(tao)
    assert reviews(tao, row, "corrected", corrected="  Lepszy tekst\r\n") == 303
    assert "Lepszy tekst" in rows_of(tao, f"?kind=pages&page={last_page(tao)}")[-1].text
    (kept,) = pending(tao)
    assert kept.corrected == "Lepszy tekst"
    told = imported(tao, monkeypatch)
    assert (told.code, pending(tao)) == (0, [])
    assert in_catalogue(tao, row.context) == ("Lepszy tekst", State.REVIEWED)


def test_a_correction_that_loses_a_placeholder_is_refused_and_given_back(tao: Member) -> None:
    row = next(it for it in rows_of(tao) if "{" in it.text)
    answer = tao.orders(f"/reviews/{CODE}", **row.sends("corrected", corrected="Bez żadnych pól <b>"))
    assert answer.status_code == 422
    assert "Bez żadnych pól &lt;b&gt;" in answer.text
    assert "This cannot be taken over" in answer.text
    assert pending(tao) == []


@pytest.mark.parametrize("corrected", ["", "   ", "bell \x07", "a\0b"])
def test_a_correction_without_readable_words_is_refused(tao: Member, corrected: str) -> None:
    assert reviews(tao, simple(tao), "corrected", corrected=corrected) == 422
    assert pending(tao) == []


@pytest.mark.parametrize("missing", ["catalogue", "context", "source", "read", "verdict"])
def test_a_form_that_lacks_something_marks_nothing_as_right(tao: Member, missing: str) -> None:
    fields = {name: value for name, value in simple(tao).sends("right").items() if name != missing}
    assert tao.orders(f"/reviews/{CODE}", **fields).status_code == 422
    assert pending(tao) == []


@pytest.mark.parametrize("verdict", ["", "wrong", "RIGHT", "<script>"])
def test_a_verdict_that_no_page_offers_marks_nothing_as_right(tao: Member, verdict: str) -> None:
    fields = {**simple(tao).sends("right"), "verdict": verdict}
    assert tao.orders(f"/reviews/{CODE}", **fields).status_code == 422
    assert pending(tao) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("read", "0" * 12), ("source", "0" * 12), ("catalogue", "../../etc/passwd"), ("context", "no.such.text"),
     ("context", "x" * 100_000)],
)  # fmt: skip
def test_what_was_not_read_so_cannot_be_said_of_it(tao: Member, name: str, value: str) -> None:
    row = simple(tao)
    answer = tao.orders(f"/reviews/{CODE}", **{**row.sends("corrected", corrected="Lepszy tekst"), name: value})
    assert answer.status_code == 422
    assert "Lepszy tekst" in answer.text
    assert pending(tao) == []


def test_of_a_text_that_is_not_there_no_word_goes_on_record(tao: Member) -> None:
    tao.orders(f"/reviews/{CODE}", **{**simple(tao).sends("right"), "context": "kanariefugl4d"})
    newest = asyncio.run(tao.console.store.audit.newest(1))[0]
    assert newest.verb == "review_noted"
    assert "kanariefugl4d" not in newest.detail


def test_a_text_that_changed_while_it_was_read_is_to_be_read_again(
    tao: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = simple(tao)
    reviews(tao, row, "corrected", corrected="Lepszy tekst raz jeszcze")
    imported(tao, monkeypatch)
    assert reviews(tao, row, "right") == 422
    assert pending(tao) == []
