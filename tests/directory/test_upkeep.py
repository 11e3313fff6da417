"""What staff look after: what is due and in which file, which pages broke at the last check, what is untranslated."""

import dataclasses
import datetime as dt
import shutil
from pathlib import Path

import pytest

from bot.command.main import main
from bot.directory.links import GONE, MOVED, OK, Link, Outcome
from bot.directory.services import Directory, Service, read_directory
from bot.directory.upkeep import LINKS, LinksCheck, broken, due, files_of, keep_check, last_check, untranslated
from bot.errors import ContentError, SettingError
from bot.language.catalogue import read_file
from bot.language.extract import write_catalogue
from bot.language.languages import find_languages
from bot.language.sources import SourceText, texts_of
from bot.language.states import State
from bot.settings import ROOT, Settings
from tests.command.test_links import content_with, site

__all__ = ["site"]  # the fixture, a server of the test's own
CONTENT = Settings().content
KNOWN = read_directory(CONTENT)
FILES = files_of(CONTENT)
DAY = dt.date(2026, 12, 1)
AT = dt.datetime(2026, 12, 1, 8, 30, tzinfo=dt.UTC)


def directory_of(**changes: dict[str, object]) -> Directory:
    """The real directory with some entries checked, all others left out."""
    services = {name: dataclasses.replace(KNOWN.services[name.replace("_", "-")], **changes[name]) for name in changes}
    return Directory({service.id: service for service in services.values()})


def checked(on: dt.date, until: dt.date | None) -> dict[str, object]:
    return {"checked_on": on, "review_by": until}


# What is due


def test_each_entry_stands_in_the_file_that_is_named_for_it() -> None:
    assert set(FILES) == set(KNOWN.services)
    for name, file in FILES.items():
        assert f"id: {name}\n" in (ROOT / file).read_text(encoding="utf-8")


def test_what_nobody_ever_checked_is_due_with_its_file_and_what_it_states() -> None:
    found = {it.id: it for it in due(KNOWN, DAY, FILES)}
    never = [it for it in KNOWN.services.values() if it.serves and not it.checked_on]
    assert set(found) == {it.id for it in never}
    course = found["danskuddannelse"]
    assert (course.file, course.checked_on, course.review_by) == ("content/services/danish-course.yml", None, None)
    stated = ("cost", "languages_offered", "address", "area", "phone", "email", "opening_hours", "url")
    has = tuple(name for name in stated if getattr(KNOWN.services["danskuddannelse"], name))
    assert has
    assert course.fields == (*has, "checked_on", "review_by")


def test_what_was_checked_is_due_the_day_after_its_last_day() -> None:
    until = DAY
    known = directory_of(jobnet=checked(DAY - dt.timedelta(days=90), until))
    assert due(known, until, FILES) == []
    (it,) = due(known, until + dt.timedelta(days=1), FILES)
    assert (it.id, it.checked_on, it.review_by) == ("jobnet", DAY - dt.timedelta(days=90), until)


def test_the_longest_overdue_stands_first_and_what_was_never_checked_last() -> None:
    known = directory_of(
        danskuddannelse={},
        jobnet=checked(DAY, DAY + dt.timedelta(days=2)),
        welcome_house=checked(DAY, DAY + dt.timedelta(days=1)),
    )
    found = [it.id for it in due(known, DAY + dt.timedelta(days=9), FILES)]
    assert found == ["welcome-house", "jobnet", "danskuddannelse"]


def test_what_is_shown_to_nobody_is_not_due() -> None:
    assert due(directory_of(jobnet={"serves": ()}), DAY, FILES) == []


def test_the_command_names_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["directory", "due"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("content/services/")
    assert lines[-1] == f"{len(due(KNOWN, DAY, FILES))} of {len(lines) - 1} services that are shown"


# Links


def outcome(state: str, url: str, *services: str, detail: str = "") -> Outcome:
    return Outcome(Link(url, services), state, detail)


def test_the_last_check_is_kept_whole_and_replaces_the_one_before(tmp_path: Path) -> None:
    var = tmp_path / "var"
    assert last_check(var) is None
    keep_check(var, [outcome(GONE, "https://a.dk", "jobnet", detail="404")], AT - dt.timedelta(days=1))
    keep_check(var, [outcome(OK, "https://a.dk/æ", "jobnet", "one")], AT)
    check = last_check(var)
    assert check
    assert check.at == AT
    assert [dataclasses.astuple(it) for it in check.links] == [("https://a.dk/æ", ("jobnet", "one"), OK, "")]
    assert [path.name for path in var.iterdir()] == [LINKS]


def _with_links(name: str, url: str, *sources: str) -> Service:
    return dataclasses.replace(KNOWN.services[name], url=url, source_urls=sources)


def test_broken_pages_are_told_by_file_entry_and_field_until_the_entry_names_them_no_more(tmp_path: Path) -> None:
    services = [
        _with_links("jobnet", "https://a.dk/1", "https://a.dk/2"),
        _with_links("welcome-house", "https://a.dk/3", "https://a.dk/2"),
    ]
    known = Directory({service.id: service for service in services})
    outcomes = [
        outcome(OK, "https://a.dk/1", "jobnet"),
        outcome(GONE, "https://a.dk/2", "jobnet", "welcome-house", detail="404"),
        outcome(MOVED, "https://a.dk/3", "welcome-house", detail="https://a.dk/4"),
        outcome(GONE, "https://a.dk/5", "gone-entry", detail="410"),
    ]
    keep_check(tmp_path, outcomes, AT)
    check = last_check(tmp_path)
    assert check
    found = [(it.entry, it.field, it.url, it.outcome, it.detail) for it in broken(check, known, FILES)]
    assert sorted(found) == [
        ("jobnet", "source_urls", "https://a.dk/2", GONE, "404"),
        ("welcome-house", "source_urls", "https://a.dk/2", GONE, "404"),
        ("welcome-house", "url", "https://a.dk/3", MOVED, "https://a.dk/4"),
    ]
    assert {it.file for it in broken(check, known, FILES)} == {FILES["jobnet"], FILES["welcome-house"]}
    mended = Directory({"welcome-house": _with_links("welcome-house", "https://a.dk/4")})
    assert broken(check, mended, FILES) == []


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"at": "today", "links": []}', '{"at": 1, "links": [{}]}'])
def test_a_file_that_is_none_of_ours_is_an_error_with_its_name(tmp_path: Path, text: str) -> None:
    (tmp_path / LINKS).write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match=r"links\.json"):
        last_check(tmp_path)


def test_a_folder_that_cannot_be_written_is_an_error_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file", encoding="utf-8")
    with pytest.raises(SettingError, match=r"links\.json cannot be written"):
        keep_check(tmp_path / "var", [], AT)


def test_the_check_of_the_links_keeps_what_it_found(tmp_path: Path, site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    content = content_with(tmp_path, f"{site}/here", f"{site}/gone")
    monkeypatch.setenv("VEJVISER_CONTENT", str(content))
    monkeypatch.setenv("VEJVISER_VAR", str(tmp_path / "var"))
    before = dt.datetime.now(dt.UTC).replace(microsecond=0)
    assert main(["directory", "check", "--links"]) == 1
    check = last_check(tmp_path / "var")
    assert check
    assert before <= check.at <= dt.datetime.now(dt.UTC)
    (it,) = broken(check, read_directory(content), files_of(content))
    assert (it.file, it.entry, it.field) == ("content/services/some.yml", "place-1", "url")
    assert (it.url, it.outcome, it.detail) == (f"{site}/gone", GONE, "404")


def test_a_check_without_the_links_leaves_the_last_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_check(tmp_path, [], AT)
    monkeypatch.setenv("VEJVISER_VAR", str(tmp_path))
    assert main(["directory", "check"]) == 0
    assert last_check(tmp_path) == LinksCheck(AT, ())


# Translations


def test_texts_are_counted_by_language_kind_and_state(tmp_path: Path) -> None:
    locales = tmp_path / "locales"
    shutil.copytree(ROOT / "locales", locales)

    def texts(code: str) -> list[SourceText]:
        return list(texts_of(code, KNOWN))

    codes = find_languages(locales, Settings().data / "nlu")
    before = untranslated(locales, codes, texts)
    assert set(before) == {path.name for path in locales.iterdir()}
    for code, kinds in before.items():
        assert sum(sum(states.values()) for states in kinds.values()) == len(texts(code))
    path = locales / "pl" / "LC_MESSAGES" / "law.po"
    catalog = read_file(path, "pl")
    for message in list(catalog)[1:4]:
        message.string = ""
    write_catalogue(path, "pl", catalog)
    after = untranslated(locales, codes, texts)
    assert after["pl"]["rights"][State.MISSING] == before["pl"]["rights"][State.MISSING] + 3
    assert {code: kinds for code, kinds in after.items() if code != "pl"} == {
        code: kinds for code, kinds in before.items() if code != "pl"
    }
