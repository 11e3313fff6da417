"""What reviewers say in the console: texts in the order of harm, checked when said, and brought to the catalogues."""

import asyncio
import datetime as dt
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from bot.command.main import main
from bot.directory.services import read_directory
from bot.language.catalogue import named_messages_of, read_file
from bot.language.dates import today
from bot.language.extract import write_catalogue
from bot.language.kinds import SENSITIVE, Kind
from bot.language.reviews import LONGEST_NAME, Said, ToRead, applied, entered, states_of, texts_to_review
from bot.language.sources import texts_of
from bot.language.states import State, source_mark, state_of_message
from bot.settings import ROOT, Settings
from bot.store.review_verbs import ReviewRow
from bot.store.sqlite import SqliteStore

TEXTS = {code: list(texts_of(code, read_directory(Settings().content))) for code in ("pl", "fa", "da")}
ALL = 10_000


@pytest.fixture
def locales(tmp_path: Path) -> Path:
    """The real catalogues, with nothing of them reviewed."""
    shutil.copytree(ROOT / "locales", tmp_path / "locales")
    return tmp_path / "locales"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "var" / "store.db")
    yield store
    store.close()


@pytest.fixture
def here(tmp_path: Path, locales: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command works on the test's own catalogues and store."""
    monkeypatch.setenv("VEJVISER_LOCALES", str(locales))
    monkeypatch.setenv("VEJVISER_VAR", str(tmp_path / "var"))


def pending(store: SqliteStore) -> list[ReviewRow]:
    return asyncio.run(store.reviews.pending())


def to_read(locales: Path, context: str, code: str = "pl", source: str | None = None) -> ToRead:
    rows = texts_to_review(code, locales, TEXTS[code], [], states=set(State), most=ALL).rows
    return next(it for it in rows if it.context == context and source in {None, it.source})


def says(
    store: SqliteStore,
    locales: Path,
    text: ToRead,
    corrected: str | None = None,
    *,
    by: str = "amina",
    code: str = "pl",
) -> list[str]:
    """What a reviewer who was shown this text sends back; the faults of it."""
    said = Said(text.catalogue, text.context, text.source_mark, text.read_mark, corrected)
    return asyncio.run(entered(store.reviews, code, locales, TEXTS[code], said, by_whom=by))


def edit(locales: Path, text: ToRead, change: Callable[[Message], None], code: str = "pl") -> None:
    """Change the entry of a text as an editor would."""
    path = locales / code / "LC_MESSAGES" / f"{text.catalogue}.po"
    catalog = read_file(path, code)
    change(catalog.get(text.source, text.context))
    write_catalogue(path, code, catalog)


def words(locales: Path, code: str = "pl") -> dict[tuple[str, str, str], tuple[str, State]]:
    """{(catalogue, name, source): (translation, state)}."""
    return {
        (name, message.context or "", str(message.id)): (str(message.string), state_of_message(message))
        for name, message in named_messages_of(code, locales)
    }


def changed(before: dict[tuple[str, str, str], tuple[str, State]], locales: Path) -> dict[str, tuple[str, State]]:
    """{name: what it is now} of all that is not as it was."""
    after = words(locales)
    assert after.keys() == before.keys()
    return {key[1]: now for key, now in after.items() if now != before[key]}


# Reading


def test_what_harms_most_is_read_first_with_the_english_and_the_danish_beside_it(locales: Path) -> None:
    reading = texts_to_review("pl", locales, TEXTS["pl"], [], most=ALL)
    places = [list(Kind).index(it.kind) for it in reading.rows]
    assert places == sorted(places)
    sensitive = [it.kind in SENSITIVE for it in reading.rows]
    assert sensitive == sorted(sensitive, reverse=True)
    assert reading.total == len(reading.rows) == len(TEXTS["pl"])
    text = to_read(locales, "utter_emergency")
    assert (text.kind, text.state) == (Kind.SAFETY, State.UNREVIEWED)
    danish = words(locales, "da")[text.catalogue, text.context, text.source][0]
    assert text.danish == danish
    assert len({text.source, text.danish, text.translation}) == 3


def test_danish_is_read_without_danish_beside_it(locales: Path) -> None:
    assert {it.danish for it in texts_to_review("da", locales, TEXTS["da"], [], most=ALL).rows} == {None}


def test_danish_of_an_older_source_is_not_put_beside_a_text(locales: Path) -> None:
    text = to_read(locales, "page.title")
    edit(locales, text, lambda message: message.flags.add("fuzzy"), code="da")
    assert to_read(locales, "page.title").danish is None


def test_pages_of_a_kind_hold_each_text_once(locales: Path) -> None:
    pages = [
        texts_to_review("pl", locales, TEXTS["pl"], [], kind=Kind.RIGHTS, most=50, first=first)
        for first in range(0, 1_000, 50)
    ]
    read = [(it.context, it.source) for page in pages for it in page.rows]
    assert len(read) == len(set(read)) == pages[0].total > 50
    assert {it.kind for page in pages for it in page.rows} == {Kind.RIGHTS}


def test_what_somebody_has_read_stands_behind_the_rest_with_what_they_said(locales: Path, store: SqliteStore) -> None:
    first = texts_to_review("pl", locales, TEXTS["pl"], [], kind=Kind.SAFETY).rows[0]
    assert says(store, locales, first) == []
    rows = texts_to_review("pl", locales, TEXTS["pl"], pending(store), kind=Kind.SAFETY, most=ALL).rows
    assert [it.context for it in rows if it.pending] == [rows[-1].context] == [first.context]
    assert rows[-1].pending == pending(store)[0]


def test_what_was_said_of_an_earlier_wording_is_not_shown(locales: Path, store: SqliteStore) -> None:
    text = to_read(locales, "utter_emergency")
    says(store, locales, text)
    edit(locales, text, lambda message: setattr(message, "string", message.string + "!"))
    rows = texts_to_review("pl", locales, TEXTS["pl"], pending(store), most=ALL).rows
    assert [it for it in rows if it.pending] == []


def test_states_are_counted_by_kind_and_add_up(locales: Path) -> None:
    counted = states_of("pl", locales, TEXTS["pl"])
    assert sum(sum(states.values()) for states in counted.values()) == len(TEXTS["pl"])
    assert counted["safety"][State.UNREVIEWED] > 50
    assert counted["console"] == dict.fromkeys(State, 0)


# Saying


def test_a_text_that_is_right_waits_with_its_reader_day_and_what_was_read(locales: Path, store: SqliteStore) -> None:
    text = to_read(locales, "utter_emergency")
    assert says(store, locales, text, by=" amina ") == []
    marks = source_mark(text.source), source_mark(text.translation)
    assert pending(store) == [ReviewRow("pl", "replies", "utter_emergency", *marks, None, "amina", today())]


@pytest.mark.parametrize(
    ("context", "spoil", "fault"),
    [
        ("utter_emergency", lambda it: it.replace("{call-112.phone}", "112"), "placeholders differ"),
        ("utter_emergency", lambda it: it + " {", "a brace without a placeholder"),
        ("utter_emergency", lambda it: it.replace("\n", " "), "lines became 1"),
        ("utter_emergency", lambda it: it + "\x00", "a character that nobody can read"),
        ("utter_emergency", lambda it: it + "\ud800", "a character that nobody can read"),
        ("utter_emergency", lambda _: " \r\n ", "a correction needs words"),
        ("button_need_first_steps", lambda it: it * 20, "too long for a button"),
        ("lev-uden-vold.steps.1", lambda _: "Proszę zadzwonić.", "numbers are missing: 1888"),
    ],
)
def test_what_a_correction_loses_or_breaks_is_told_at_once_and_not_kept(
    locales: Path, store: SqliteStore, context: str, spoil: Callable[[str], str], fault: str
) -> None:
    text = to_read(locales, context)
    (told,) = says(store, locales, text, spoil(text.translation))
    assert fault in told
    assert pending(store) == []


@pytest.mark.parametrize("name", ["", " ", "One, Two", "a\nb", "a\tb", "n" * (LONGEST_NAME + 1)])
def test_a_reviewer_needs_a_name_that_a_review_can_hold(locales: Path, store: SqliteStore, name: str) -> None:
    (told,) = says(store, locales, to_read(locales, "utter_emergency"), by=name)
    assert told.startswith("a reviewer")
    assert pending(store) == []


def test_what_changed_after_it_was_shown_has_to_be_read_anew(locales: Path, store: SqliteStore) -> None:
    text = to_read(locales, "utter_emergency")
    edit(locales, text, lambda message: setattr(message, "string", message.string + "!"))
    assert says(store, locales, text) == ["the translation was changed meanwhile; read it anew"]
    assert says(store, locales, replace(text, source="Call 112.")) == ["this text has changed or is gone; read it anew"]
    assert pending(store) == []


def test_a_text_without_translation_is_not_right_but_can_be_written(locales: Path, store: SqliteStore) -> None:
    shown = to_read(locales, "utter_emergency")
    edit(locales, shown, lambda message: setattr(message, "string", ""))
    text = to_read(locales, "utter_emergency")
    assert says(store, locales, text) == ["there is no translation yet; write one"]
    assert says(store, locales, text, shown.translation) == []


def test_lines_end_as_those_of_a_catalogue_whatever_the_browser_sends(locales: Path, store: SqliteStore) -> None:
    text = to_read(locales, "utter_emergency")
    assert text.translation.count("\n")
    assert says(store, locales, text, f"  {text.translation}!\n".replace("\n", "  \r\n")) == []
    assert pending(store)[0].corrected == f"{text.translation}!"


def test_a_persian_correction_keeps_its_joiners(locales: Path, store: SqliteStore) -> None:
    text = next(
        it
        for it in texts_to_review("fa", locales, TEXTS["fa"], [], most=ALL).rows
        if "\u200c" in it.translation and not it.context.startswith("button_")
    )
    corrected = text.translation + "\u200c"
    assert says(store, locales, text, corrected, code="fa") == []
    assert pending(store)[0].corrected == corrected


# Into the catalogues


@pytest.mark.usefixtures("here")
def test_what_is_right_counts_as_reviewed_and_nothing_else_changes(locales: Path, store: SqliteStore) -> None:
    before, text = words(locales), to_read(locales, "utter_emergency")
    says(store, locales, text)
    assert main(["languages", "--import"]) == 0
    assert changed(before, locales) == {"utter_emergency": (text.translation, State.REVIEWED)}
    po = (locales / "pl" / "LC_MESSAGES" / "replies.po").read_text(encoding="utf-8")
    assert f"# reviewed by amina, {today()}, of {text.source_mark}\n" in po
    assert pending(store) == []


@pytest.mark.usefixtures("here")
def test_a_correction_replaces_the_words_and_counts_as_reviewed(
    locales: Path, store: SqliteStore, capsys: pytest.CaptureFixture[str]
) -> None:
    before = words(locales)
    emergency, title = to_read(locales, "utter_emergency"), to_read(locales, "page.title")
    says(store, locales, emergency, f"{emergency.translation}!")
    says(store, locales, title, by="piotr")
    assert main(["languages", "--import"]) == 0
    assert changed(before, locales) == {
        "utter_emergency": (f"{emergency.translation}!", State.REVIEWED),
        "page.title": (title.translation, State.REVIEWED),
    }
    assert capsys.readouterr().out == "reviews of pl: 2 taken, 0 outdated, 0 refused\n"
    assert main(["languages", "--import"]) == 0
    assert capsys.readouterr().out == "no reviews wait\n"


@pytest.mark.usefixtures("here")
def test_each_variation_of_a_reply_is_reviewed_by_itself(locales: Path, store: SqliteStore) -> None:
    name = "utter_danish_start"
    sources = [text.text for text in TEXTS["pl"] if text.context == name]
    assert len(sources) > 1
    for source in sources:
        assert says(store, locales, to_read(locales, name, source=source)) == []
    assert len(pending(store)) == len(sources)
    assert main(["languages", "--import"]) == 0
    states = {key[2]: state for key, (_, state) in words(locales).items() if key[1] == name}
    assert states == dict.fromkeys(sources, State.REVIEWED)


@pytest.mark.usefixtures("here")
def test_the_longest_name_is_found_again_in_its_review(locales: Path, store: SqliteStore) -> None:
    name = f"{'a' * 17} {'b' * (LONGEST_NAME - 18)}"
    assert says(store, locales, to_read(locales, "utter_emergency"), by=name) == []
    main(["languages", "--import"])
    assert to_read(locales, "utter_emergency").state is State.REVIEWED


@pytest.mark.usefixtures("here")
def test_an_old_translation_that_still_fits_a_new_source_is_one_of_it_then(locales: Path, store: SqliteStore) -> None:
    text = to_read(locales, "page.title")
    edit(locales, text, lambda message: message.flags.add("fuzzy"))
    assert to_read(locales, "page.title").state is State.OUTDATED
    says(store, locales, to_read(locales, "page.title"))
    main(["languages", "--import"])
    assert to_read(locales, "page.title").state is State.REVIEWED


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("corrected", [None, "Przewodnik"])
def test_a_review_of_words_that_are_gone_is_told_by_name_and_dropped(
    locales: Path, store: SqliteStore, capsys: pytest.CaptureFixture[str], corrected: str | None
) -> None:
    text = to_read(locales, "page.title")
    says(store, locales, text, corrected)
    edit(locales, text, lambda message: setattr(message, "string", "Drogowskaz"))
    before = words(locales)
    assert main(["languages", "--import"]) == 0
    told = capsys.readouterr().out
    assert f"pl: pages: page.title, by amina, {today()}" in told
    assert "outdated, dropped\nreviews of pl: 0 taken, 1 outdated, 0 refused\n" in told
    assert ("'Przewodnik'" in told) is (corrected is not None)
    assert changed(before, locales) == {}
    assert pending(store) == []


@pytest.mark.usefixtures("here")
def test_a_review_of_a_source_or_language_that_is_gone_is_told_and_dropped(
    locales: Path, store: SqliteStore, capsys: pytest.CaptureFixture[str]
) -> None:
    text = to_read(locales, "page.title")
    says(store, locales, text)
    (row,) = pending(store)
    asyncio.run(store.reviews.drop([row]))
    before = words(locales)
    for gone in (replace(row, source="0" * 12), replace(row, context="page.gone"), replace(row, language="xx")):
        asyncio.run(store.reviews.note(gone))
    assert main(["languages", "--import"]) == 0
    told = capsys.readouterr().out
    assert "reviews of pl: 0 taken, 2 outdated, 0 refused\n" in told
    assert "xx: pages: page.title" in told
    assert changed(before, locales) == {}
    assert pending(store) == []


@pytest.mark.usefixtures("here")
def test_what_breaks_a_text_is_refused_again_when_it_is_applied_and_kept(
    locales: Path, store: SqliteStore, capsys: pytest.CaptureFixture[str]
) -> None:
    """It did not come by the page, or the rules became stricter since."""
    text, title = to_read(locales, "utter_emergency"), to_read(locales, "page.title")
    marks = text.source_mark, text.read_mark
    bad = ReviewRow("pl", "replies", "utter_emergency", *marks, "Dzwoń 112.", "amina", today())
    asyncio.run(store.reviews.note(bad))
    says(store, locales, title)
    before = words(locales)
    assert main(["languages", "--import"]) == 1
    told = capsys.readouterr().out
    assert "pl: replies: utter_emergency, by amina" in told
    assert "refused, kept: placeholders differ" in told
    assert "reviews of pl: 1 taken, 0 outdated, 1 refused\n" in told
    assert changed(before, locales) == {"page.title": (title.translation, State.REVIEWED)}
    assert pending(store) == [bad]


@pytest.mark.usefixtures("here")
def test_a_text_that_is_not_in_its_catalogue_yet_waits_for_the_update(
    locales: Path, store: SqliteStore, capsys: pytest.CaptureFixture[str]
) -> None:
    text = to_read(locales, "page.title")
    path = locales / "pl" / "LC_MESSAGES" / "pages.po"
    catalog = read_file(path, "pl")
    catalog.delete(text.source, text.context)
    write_catalogue(path, "pl", catalog)
    assert says(store, locales, to_read(locales, "page.title"), text.translation) == []
    assert main(["languages", "--import"]) == 1
    assert "refused, kept: not in the catalogue yet: vejviser languages --update" in capsys.readouterr().out
    assert main(["languages", "--update", "--import"]) == 0
    assert words(locales)["pages", "page.title", text.source] == (text.translation, State.REVIEWED)


CRASH = """
import os, sys
from bot.command.main import main
from bot.store.tables.reviews import ReviewTable
ReviewTable.drop = lambda *_: os._exit(9)
main(["languages", "--import"])
"""


@pytest.mark.usefixtures("here")
def test_a_crash_before_reviews_are_dropped_is_finished_by_the_next_run(
    locales: Path, store: SqliteStore, capsys: pytest.CaptureFixture[str]
) -> None:
    emergency, title = to_read(locales, "utter_emergency"), to_read(locales, "page.title")
    says(store, locales, emergency, f"{emergency.translation}!")
    says(store, locales, title)
    died = subprocess.run([sys.executable, "-c", CRASH], cwd=ROOT, capture_output=True, check=False)
    assert died.returncode == 9, died.stderr
    written = words(locales)
    assert written["replies", "utter_emergency", emergency.source] == (f"{emergency.translation}!", State.REVIEWED)
    assert len(pending(store)) == 2
    assert main(["languages", "--import"]) == 0
    assert capsys.readouterr().out == "reviews of pl: 2 taken, 0 outdated, 0 refused\n"
    assert words(locales) == written
    assert pending(store) == []


def test_reviews_that_are_written_twice_change_nothing_more(locales: Path, store: SqliteStore) -> None:
    for text in texts_to_review("pl", locales, TEXTS["pl"], [], kind=Kind.CONSENT, most=ALL).rows:
        assert says(store, locales, text) == []
    rows = pending(store)
    assert applied("pl", locales, TEXTS["pl"], rows).taken == tuple(rows)
    files = {path: path.read_bytes() for path in (locales / "pl").rglob("*.po")}
    assert applied("pl", locales, TEXTS["pl"], rows).taken == tuple(rows)
    assert {path: path.read_bytes() for path in files} == files
    assert states_of("pl", locales, TEXTS["pl"])["consent"][State.REVIEWED] == len(rows)


@pytest.mark.usefixtures("here")
def test_reviews_of_several_people_and_days_keep_their_names_and_days(locales: Path, store: SqliteStore) -> None:
    for by, name in (("amina", "utter_emergency"), ("piotr", "utter_crisis_violence"), ("amina", "page.title")):
        assert says(store, locales, to_read(locales, name), by=by) == []
    earlier = next(row for row in pending(store) if row.context == "page.title")
    asyncio.run(store.reviews.note(replace(earlier, on_day=dt.date(2026, 1, 2))))
    assert main(["languages", "--import"]) == 0
    told = {
        message.context: [comment.partition(", of ")[0] for comment in message.user_comments]
        for _, message in named_messages_of("pl", locales)
        if message.user_comments
    }
    assert told["page.title"] == ["reviewed by amina, 2026-01-02"]
    assert told["utter_crisis_violence"] == [f"reviewed by piotr, {today()}"]


@pytest.mark.usefixtures("here", "locales")
def test_without_a_store_no_reviews_wait_and_none_is_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["languages", "--import"]) == 0
    assert capsys.readouterr().out == "no reviews wait\n"
    assert not (tmp_path / "var").exists()


@pytest.mark.usefixtures("here", "store")
def test_who_reviewed_is_known_and_cannot_be_given(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["languages", "--import", "--reviewed-by", "amina"]) == 1
    assert "--reviewed-by: who has read a text in the console is known" in capsys.readouterr().err


@pytest.mark.usefixtures("here")
def test_a_file_of_somebody_with_a_name_that_a_review_cannot_hold_is_not_taken(
    tmp_path: Path, locales: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = words(locales)
    path = str(tmp_path / "pl.po")
    main(["languages", "--export", "pl", "--all", "--to", path])
    assert main(["languages", "--import", path, "--reviewed-by", "n" * (LONGEST_NAME + 1)]) == 1
    assert f"--reviewed-by: a reviewer's name has at most {LONGEST_NAME} letters" in capsys.readouterr().err
    assert changed(before, locales) == {}
