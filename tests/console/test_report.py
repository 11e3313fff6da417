"""A report at the console: its person's own words first, what may be done with it, and what stops at once."""

import asyncio
import datetime as dt
import itertools
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine

from bot.casework.desk import Desk
from bot.casework.own_report import OwnReports
from bot.casework.report import ORGANISATION
from bot.casework.sealing import ReportKey
from bot.casework.vocabulary import CLOSINGS, COVERAGE, FORWARD, FORWARD_TO, HOLDS, JOURNAL, READ, REPLY, TRIAGES
from bot.errors import ConversationEndedError
from bot.language.dates import today
from bot.web.console.desk import Console
from bot.web.console.report import LONGEST
from bot.web.guard import HEADERS
from tests.console.conftest import Hires, events, only_report, rows
from tests.console.member import Member
from tests.console.page import Page
from tests.reports import VERSIONS, WORDS, a_telling, filed, opened

BODY = "institut-for-menneskerettigheder"
NOTE, REASON, ANSWER = "NOTECANARY", "REASONCANARY", "ANSWERCANARY"
HOSTILE = "\"'><script>alert('x')</script><img src=x onerror=alert(1)>{{ 7*7 }}</textarea>"
LANGUAGES = ("ar", "da", "en", "fa", "pl", "so", "tr", "uk", "ur")
NOT_AGREED, GONE = "said.not_agreed", "/queue?said=said.gone"


@pytest.fixture
def key(desk: Desk, own: OwnReports) -> ReportKey:
    return opened(own, filed(desk))


@pytest.fixture
def at(caseworker: Member, key: ReportKey) -> str:
    """The address of the report, which the caseworker has taken."""
    at = f"/report/{key.report_id}"
    caseworker.orders(f"{at}/take")
    return at


@dataclass(frozen=True)
class World:
    """All of it, for tests that need all."""

    console: Console
    caseworker: Member
    key: ReportKey
    at: str


@pytest.fixture
def world(console: Console, caseworker: Member, key: ReportKey, at: str) -> World:
    return World(console, caseworker, key, at)


def looks(member: Member, at: str) -> Page:
    return Page(member.page(at))


def messages(own: OwnReports, key: ReportKey) -> list[tuple[str, str]]:
    return [(it.text, it.language) for it in asyncio.run(own.look(key)).messages]


def takes_back(own: OwnReports, key: ReportKey, consent: str) -> None:
    asyncio.run(own.consent(key, {consent: "no"}, VERSIONS, "ar"))


def meanwhile(console: Console, verb: str, act: Callable[[], Awaitable[object]]) -> None:
    """Once something is noted and before it is done, its person acts."""
    real = console.journal.note

    async def note(actor: str, role: str, noted: str, /, object_: str = "", **fields: Any) -> Any:
        row = await real(actor, role, noted, object_, **fields)
        if noted == verb:
            await act()
        return row

    console.journal.note = note  # type: ignore[method-assign]


# Reading


def test_the_persons_own_words_stand_first_in_the_language_they_were_written_in(caseworker: Member, at: str) -> None:
    page = looks(caseworker, at)
    told = page.section("told")
    assert page.elements.index(told) < page.elements.index(page.section("answers"))
    assert next(it.text for it in page.all("h2")) == "What the person told"
    words = page.all("blockquote", inside=told)
    assert [it.text for it in words][:2] == [WORDS, "Bolig ApS"]
    assert all(it.has(lang="ar", dir="auto") for it in words)
    assert "written in: Arabic" in told.text
    assert "22 33 44 55" in told.text
    assert "after 16" in told.text


def test_the_coded_facts_stand_beside(caseworker: Member, at: str) -> None:
    text = looks(caseworker, at).section("answers").text
    for expected in ("Housing", "Valby", "Ethnic origin", "Language", "2026-10"):
        assert expected in text, expected


def test_corrected_words_stand_beside_the_earlier_ones(
    caseworker: Member, at: str, own: OwnReports, key: ReportKey
) -> None:
    asyncio.run(own.correct(key, "narrative", "It was the caretaker.", "so", "a"))
    page = looks(caseworker, at)
    words = page.all("blockquote", inside=page.section("told"))
    assert [it.text for it in words if it.has(lang="so")] == ["It was the caretaker."]
    assert WORDS in [it.text for it in words]


def test_a_report_that_may_only_be_counted_shows_its_codes_and_no_word(
    console: Console, caseworker: Member, desk: Desk
) -> None:
    filed(desk, a_telling(readable=False))
    at = f"/report/{only_report(console)}"
    caseworker.orders(f"{at}/take")
    page = looks(caseworker, at)
    assert "Ethnic origin" in page.text
    assert WORDS not in page.text
    assert not page.all("textarea")
    for order, fields in TO_READ.items():
        assert caseworker.orders(f"{at}/{order}", **fields).headers["location"] == f"{at}?said={NOT_AGREED}"


def test_a_report_that_there_is_not_is_not_here(caseworker: Member) -> None:
    for name in ("none", "0" * 32, "%00", "<script>", "x" * 3_000, "1' OR '1'='1"):
        answer = caseworker.sees(f"/report/{name}")
        assert answer.status_code == 404, name
        assert "<script>alert" not in answer.text


def test_the_timeline_tells_both_sides_the_newest_first(
    caseworker: Member, at: str, own: OwnReports, key: ReportKey
) -> None:
    """What residents do is known by its day alone; what staff do, by the minute and by name."""
    asyncio.run(own.write(key, "Are you there?", "ar", "a"))
    asyncio.run(own.add_file(key, b"file", "image/png", "b", cleaned=True))
    asyncio.run(own.correct(key, "narrative", "It was the caretaker.", "so", "c"))
    caseworker.orders(f"{at}/status", status="in_review")
    page = looks(caseworker, at)
    lines = page.all("li", inside=page.all("ol", klass="timeline")[0])
    texts = [it.text for it in lines]
    for expected in (
        "The report came in", "Staff may read it: yes", "Staff may answer: yes", "The person wrote (Arabic)",
        "The person wrote (Somali)",
        "The person added a file (image/png)", "Took the report", "State: In review", "Opened the report",
    ):  # fmt: skip
        assert any(expected in it for it in texts), expected
    assert "The report came in" in texts[-1]
    assert "Opened the report" in texts[0]
    for text in texts:
        is_staffs = "· sam" in text
        assert bool(re.search(r"\d\d:\d\d", text)) is is_staffs, text


def test_every_look_at_a_report_is_on_record_before_it_is_shown(
    console: Console, caseworker: Member, at: str, key: ReportKey
) -> None:
    caseworker.page(at)
    assert events(console, key.report_id)[-1] == "report_viewed"
    caseworker.page(f"{at}/history")
    assert "Opened the report (own words: yes)" in looks(caseworker, f"{at}/history").text


def test_a_file_is_only_a_download(caseworker: Member, at: str, own: OwnReports, key: ReportKey) -> None:
    asyncio.run(own.add_file(key, b"<script>alert(1)</script>", "text/html", "a", cleaned=False))
    page = looks(caseworker, at)
    (link,) = page.all("a", inside=page.section("files"))
    assert "not cleaned" in page.section("files").text
    answer = caseworker.sees(link.attributes["href"])
    assert answer.content == b"<script>alert(1)</script>"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert caseworker.sees(f"{at}/file/none").status_code == 404


def test_a_file_of_another_report_is_not_here(caseworker: Member, at: str, own: OwnReports, desk: Desk) -> None:
    other = opened(own, filed(desk, a_telling(attempt="b"), b"b"))
    asyncio.run(own.add_file(other, b"theirs", "text/plain", "a", cleaned=True))
    (sent,) = asyncio.run(own.look(other)).files
    assert caseworker.sees(f"{at}/file/{sent.id}").status_code == 404


def test_every_answer_has_the_headers_and_is_kept_in_no_cache(caseworker: Member, at: str) -> None:
    for address in ("/queue", at, f"{at}/history", "/report/none", "/none", "/static/console.css"):
        answer = caseworker.sees(address)
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS, address
        if not address.startswith("/static"):
            assert answer.headers["cache-control"] == "no-store", address


def test_it_speaks_danish_and_english_and_the_person_keeps_their_language(caseworker: Member, at: str) -> None:
    for code, heading in (("da", None), ("en", "What the person told")):
        page = looks(caseworker, f"{at}?lang={code}")
        assert page.all("html")[0].has(lang=code)
        assert (heading is None) or heading in page.text
        assert page.all("blockquote", inside=page.section("told"))[0].has(lang="ar")
    assert "What the person told" not in looks(caseworker, f"{at}?lang=da").text


# What was written stays text


def test_nothing_that_anybody_wrote_becomes_markup(
    console: Console, coordinator: Member, desk: Desk, own: OwnReports
) -> None:
    """Words, organisation, contact, messages, labels, notes, reasons, answers: on every page that shows a report."""
    told = {"organisation": [HOSTILE], "value": [HOSTILE], "times": [HOSTILE]}
    key = opened(own, filed(desk, a_telling(HOSTILE, **told)))
    asyncio.run(own.write(key, HOSTILE, "ar", "a"))
    asyncio.run(own.add_file(key, b"x", HOSTILE, "b", cleaned=True))
    at = f"/report/{key.report_id}"
    for order, fields in {
        "labels": {"labels": HOSTILE[:30]},
        "note": {"text": HOSTILE},
        "coverage": {"result": COVERAGE[0], "reason": HOSTILE},
        "answer": {"text": HOSTILE, "language": "en", "after": "in_review"},
    }.items():
        assert coordinator.orders(f"{at}/{order}", **fields).status_code == 303
    asyncio.run(console.store.cases.change(key.report_id, {"keep_until": today()}))
    for address in (at, f"{at}/history", "/queue", "/retention", "/audit"):
        page = looks(coordinator, address)
        assert not page.all("script", "img"), address
        assert not [it for it in page.elements if "onerror" in it.attributes], address
    page = looks(coordinator, at)
    shown = page.text
    written = ("narrative", "organisation", "contact", "times", "message", "answer", "note", "reason")
    assert shown.count(HOSTILE) == len((*written, "media type of a file", "and on the timeline"))
    assert HOSTILE[:30] in shown
    assert f"{HOSTILE[:30]}" in [it.attributes["value"] for it in page.all("input", id="labels")]


@pytest.mark.parametrize(
    "words",
    ["a\x00b", "\u202e" + WORDS, "e" + "\u0301" * 3_000, "لا" * 5_000, "\n\n \n", "🦊" * 5_000],
)
def test_whatever_was_told_can_be_read(caseworker: Member, desk: Desk, own: OwnReports, words: str) -> None:
    """A report that breaks the page would be one that nobody can ever read."""
    key = opened(own, filed(desk, a_telling(words, organisation=[words])))
    caseworker.orders(f"/report/{key.report_id}/take")
    assert caseworker.sees(f"/report/{key.report_id}").status_code == 200


# Alike


def test_a_colleague_sees_which_reports_are_about_the_same_organisation(
    console: Console, coordinator: Member, desk: Desk, own: OwnReports
) -> None:
    keys = [
        opened(own, filed(desk, a_telling(organisation=[name]), name.encode()))
        for name in ("Nørre Bolig ApS", "NORRE-BOLIG", "Netto")
    ]
    for key in keys:
        coordinator.page(f"/report/{key.report_id}")
    page = looks(coordinator, f"/report/{keys[0].report_id}")
    links = [it.attributes["href"] for it in page.all("a", inside=page.section("alike"))]
    assert links == [f"/report/{keys[1].report_id}"]
    assert "likeness_viewed" in events(console, keys[0].report_id)


def test_nobody_learns_what_a_report_is_about_that_they_may_not_see(
    coordinator: Member, caseworker: Member, at: str, desk: Desk, own: OwnReports
) -> None:
    """Of a colleague's report a caseworker knows the codes in the list; the organisation was told in confidence."""
    theirs, free = (opened(own, filed(desk, a_telling(attempt=it), it.encode())) for it in "bc")
    coordinator.orders(f"/report/{theirs.report_id}/take")
    for key in (theirs, free):
        coordinator.page(f"/report/{key.report_id}")
    page = looks(caseworker, at)
    assert [it.attributes["href"] for it in page.all("a", inside=page.section("alike"))] == [
        f"/report/{free.report_id}"
    ]
    assert theirs.report_id not in caseworker.page(at)


def test_without_the_words_there_is_no_likeness(coordinator: Member, hires: Hires, desk: Desk, own: OwnReports) -> None:
    """A report that is nobody's is shown to a caseworker by its codes only."""
    keys = [opened(own, filed(desk, a_telling(attempt=it), it.encode())) for it in "ab"]
    for key in keys:
        coordinator.page(f"/report/{key.report_id}")
    sam = hires("sam", "caseworker").signs_in().opens_key()
    page = looks(sam, f"/report/{keys[0].report_id}")
    assert not page.all("section", **{"aria-labelledby": "alike"})
    assert "Take the report first" in page.text


def test_likeness_is_gone_when_the_teams_key_is_replaced(
    console: Console, coordinator: Member, desk: Desk, own: OwnReports
) -> None:
    keys = [opened(own, filed(desk, a_telling(attempt=it), it.encode())) for it in "ab"]
    for key in keys:
        coordinator.page(f"/report/{key.report_id}")
    coordinator.orders("/keys/remove", name="team")
    coordinator.opens_key()
    for key, seen in zip(keys, (False, True), strict=True):
        page = looks(coordinator, f"/report/{key.report_id}")
        assert bool(page.all("section", **{"aria-labelledby": "alike"})) is seen
    kinds = list(console.store._worker.database.query("SELECT DISTINCT kind, key_id FROM likeness"))
    assert [row["kind"] for row in kinds] == [ORGANISATION]


# Orders


def test_every_order_changes_its_report_and_is_on_record(console: Console, coordinator: Member, desk: Desk) -> None:
    filed(desk)
    report = only_report(console)
    orders = [
        *(("triage", {"triage": it}, "triage", it, "triage_set") for it in TRIAGES),
        *(("journal", {"journal": it}, "journal", it, "journal_set") for it in JOURNAL),
        *(("hold", {"hold": it}, "hold", it or None, "hold_set") for it in (*HOLDS, "")),
        ("translator", {"needed": "yes"}, "translator", True, "translator_set"),
        ("translator", {}, "translator", False, "translator_set"),
        ("status", {"status": "acknowledged"}, "status", "acknowledged", "status_set"),
        ("assign", {"name": "kim"}, "assigned_to", "kim", "report_assigned"),
        ("assign", {"name": ""}, "assigned_to", None, "report_assigned"),
        ("take", {}, "assigned_to", "kim", "report_taken"),
        *(
            order
            for it in CLOSINGS
            for order in (
                ("close", {"outcome": it}, "outcome", it, "report_closed"),
                ("reopen", {}, "status", "in_review", "report_reopened"),
            )
        ),
    ]  # fmt: skip
    for order, fields, column, value, verb in orders:
        assert coordinator.orders(f"/report/{report}/{order}", **fields).status_code == 303, (order, fields)
        assert getattr(rows(console)[0], column) == value, (order, fields)
        assert events(console, report)[-1] == verb, (order, fields)


NO_ORDERS: list[tuple[str, dict[str, str]]] = [
    ("status", {}),
    ("status", {"status": "closed"}),
    ("status", {"status": HOSTILE}),
    ("close", {"outcome": ""}),
    ("close", {"outcome": "untrue"}),
    ("triage", {"triage": "x"}),
    ("journal", {"journal": ""}),
    ("hold", {"hold": "x" * 100_000}),
    ("assign", {"name": "nobody-here"}),
    ("assign", {"name": "pat"}),
    ("assign", {"name": HOSTILE}),
    ("note", {}),
    ("note", {"text": " \n\t "}),
    ("note", {"text": "x" * (LONGEST + 1)}),
    ("coverage", {"result": "untrue", "reason": REASON}),
    ("coverage", {"result": COVERAGE[0], "reason": ""}),
    ("answer", {}),
    ("answer", {"text": ANSWER}),
    ("answer", {"text": ANSWER, "language": "tlh", "after": "in_review"}),
    ("answer", {"text": ANSWER, "language": "en", "after": "closed"}),
    ("answer", {"text": "", "language": "en", "after": "in_review"}),
    ("answer", {"template": "answer.none"}),
    ("answer", {"template": HOSTILE}),
    ("answer", {"template": "answer.received", "body": BODY, "text": ANSWER}),
]


def test_what_is_no_order_changes_nothing(console: Console, coordinator: Member, hires: Hires, key: ReportKey) -> None:
    hires("pat", "partner", BODY)
    before = rows(console)
    for order, fields in NO_ORDERS:
        answer = coordinator.orders(f"/report/{key.report_id}/{order}", **fields)
        is_refused = answer.status_code == 422 or answer.headers["location"].endswith(NOT_AGREED)
        assert is_refused, (order, fields)
        assert "<script>alert" not in answer.text
    assert rows(console) == before
    assert console.store._worker.database["note"].count == 0
    assert console.store._worker.database["coverage_view"].count == 0
    assert set(events(console, key.report_id)) <= {"refused"}


def test_labels_are_set_and_the_record_tells_how_many(console: Console, caseworker: Member, at: str) -> None:
    caseworker.orders(f"{at}/labels", labels="bolig, skole, bolig , ")
    page = looks(caseworker, at)
    assert [it.text for it in page.all("li", klass="labels")] == ["bolig", "skole"]
    assert "Set labels (2)" in page.text
    before = events(console)
    sent = caseworker.orders(f"{at}/labels", labels=",".join(map(str, range(11))))
    assert sent.headers["location"] == f"{at}?said=said.labels"
    assert "At most ten labels" in looks(caseworker, f"{at}?said=said.labels").text
    assert "labels_set" not in events(console)[len(before) :]


def test_a_report_that_needs_a_translator_says_so_to_all(caseworker: Member, coordinator: Member, at: str) -> None:
    caseworker.orders(f"{at}/translator", needed="yes")
    for address in (at, "/queue"):
        assert "Arabic · needs a translator" in looks(coordinator, address).text
    assert "needs a translator" in looks(coordinator, "/queue?translator=yes").text
    caseworker.orders(f"{at}/translator")
    assert "No report fits." in looks(coordinator, "/queue?translator=yes").text


def test_a_closed_report_is_read_and_takes_no_answer_until_it_is_open_again(
    caseworker: Member, at: str, own: OwnReports, key: ReportKey
) -> None:
    assert caseworker.orders(f"{at}/close", outcome="answered").headers["location"] == f"{at}?said=said.closed"
    page = looks(caseworker, at)
    assert WORDS in page.text
    assert "Closed: The person got an answer" in page.text
    assert not page.all("form", action=f"{at}/answer")
    assert caseworker.orders(f"{at}/answer", text=ANSWER, language="en", after="in_review").status_code == 404
    caseworker.orders(f"{at}/reopen")
    caseworker.orders(f"{at}/answer", text=ANSWER, language="en", after="in_review")
    assert messages(own, key) == [(ANSWER, "en")]


# The law, as staff see it


def test_a_dated_opinion_stands_beside_the_earlier_ones_and_changes_nothing_told(
    caseworker: Member, at: str, own: OwnReports, key: ReportKey
) -> None:
    before = asyncio.run(own.look(key)).told
    for result in COVERAGE:
        caseworker.orders(f"{at}/coverage", result=result, reason=f"{REASON} {result}")
    page = looks(caseworker, at)
    section = page.section("coverage")
    views = page.all("article", inside=section)
    assert [REASON in it.text and "sam" in it.text and f"{today().year}" in it.text for it in views] == [True] * 4
    assert ["(earlier)" in it.text for it in views] == [True, True, True, False]
    assert asyncio.run(own.look(key)).told == before


# Answering


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_message_without_writing_arrives_in_the_persons_language(
    console: Console, caseworker: Member, desk: Desk, own: OwnReports, code: str
) -> None:
    """Sent with the buttons of the page: just what the page showed beside the Danish or English."""
    sent = set()
    for forward in ("no", BODY):
        telling = a_telling(attempt=forward, forward=[forward])
        key = opened(own, filed(desk, telling, forward.encode(), language=code))
        at = f"/report/{key.report_id}"
        caseworker.orders(f"{at}/take")
        page = looks(caseworker, at)
        expected = []
        for each in page.all("details", klass="ready", inside=page.section("messages")):
            fields = {it.attributes["name"]: it.attributes["value"] for it in page.all("input", inside=each)}
            (shown,) = page.all("blockquote", inside=each)
            assert shown.attributes["lang"] == code
            expected.append((shown.text, code))
            sent.add(fields["template"])
            assert caseworker.orders(f"{at}/answer", **fields).headers["location"] == f"{at}?said=said.answer_sent"
        assert [(" ".join(text.split()), of) for text, of in messages(own, key)] == expected
        assert not [text for text, _ in expected if re.search(r"[{}\u2066-\u2069]", text)]
        if code != "en":
            source = {console.words.answer("en", name, today(), "") for name in console.words.answers}
            assert not source & {text for text, _ in expected}
    assert sent == set(console.words.answers)


def test_there_are_nine_languages(console: Console) -> None:
    assert tuple(sorted(console.languages)) == LANGUAGES


def test_a_body_is_asked_for_until_one_is_named(caseworker: Member, at: str, own: OwnReports, key: ReportKey) -> None:
    def offered() -> list[tuple[str, str]]:
        page = looks(caseworker, at)
        values = [it.attributes["value"] for it in page.all("input", inside=page.section("messages"), type="hidden")]
        return [(name, body) for name, body in itertools.pairwise(values) if name.startswith("answer.")]

    assert [body for name, body in offered() if name == "answer.ask_forward"] == list(FORWARD_TO)
    assert "answer.forwarded" not in dict(offered())
    asyncio.run(own.consent(key, {FORWARD: BODY}, VERSIONS, "ar"))
    assert "answer.ask_forward" not in dict(offered())
    assert dict(offered())["answer.forwarded"] == BODY


@pytest.mark.parametrize("text", ["شكرا لك \u202e<b>", "Tak 🦊", "x" * LONGEST, "a\nb\n\nc", "{{ 7*7 }} {body} %s"])
def test_a_free_text_arrives_as_it_was_written_and_marked_with_its_language(
    caseworker: Member, at: str, own: OwnReports, key: ReportKey, text: str
) -> None:
    sent = caseworker.orders(f"{at}/answer", text=f" {text}\n", language="fa", after="awaiting_reporter")
    assert sent.headers["location"] == f"{at}?said=said.answer_sent"
    assert messages(own, key) == [(text, "fa")]
    page = looks(caseworker, f"{at}?said=said.answer_sent")
    assert "waits for the person" in page.text
    assert page.all("blockquote", inside=page.all("article", klass="staff")[0])[0].has(lang="fa", dir="auto")


@pytest.mark.parametrize("after", ["awaiting_reporter", "acknowledged", "in_review"])
def test_whoever_answers_says_who_waits_after_it(console: Console, caseworker: Member, at: str, after: str) -> None:
    caseworker.orders(f"{at}/answer", text=ANSWER, language="en", after=after)
    row = rows(console)[0]
    assert row.status == after
    assert (row.clock_due is None) is (after == "awaiting_reporter")


def test_a_text_larger_than_a_form_may_be_is_refused(
    caseworker: Member, at: str, own: OwnReports, key: ReportKey
) -> None:
    for order in ("answer", "note"):
        assert caseworker.orders(f"{at}/{order}", text="x" * 300_000, language="en").status_code == 413
    assert messages(own, key) == []


def test_an_order_that_is_sent_twice_is_done_once(
    console: Console, caseworker: Member, at: str, own: OwnReports, key: ReportKey
) -> None:
    """A button that is pressed twice, or a page that is loaded again."""
    page = looks(caseworker, at)
    (order,) = {it.attributes["value"] for it in page.all("input", name="order")}
    for _ in range(2):
        caseworker.orders(f"{at}/answer", text=ANSWER, language="en", after="in_review", order=order)
        caseworker.orders(f"{at}/note", text=NOTE, order=order)
        caseworker.orders(f"{at}/coverage", result=COVERAGE[0], reason=REASON, order=order)
    assert messages(own, key) == [(ANSWER, "en")]
    assert console.store._worker.database["note"].count == 1
    assert console.store._worker.database["coverage_view"].count == 1


def test_two_orders_of_one_page_are_two(caseworker: Member, at: str, own: OwnReports, key: ReportKey) -> None:
    """Somebody goes back in the browser and writes once more; or writes the same words on another page."""
    for text, order in (("one", "a"), ("two", "a"), ("one", "b")):
        caseworker.orders(f"{at}/answer", text=text, language="en", after="in_review", order=order)
    assert [text for text, _ in messages(own, key)] == ["one", "two", "one"]


# Notes, apart from replies


def test_a_note_is_for_staff_only(caseworker: Member, at: str, own: OwnReports, key: ReportKey) -> None:
    caseworker.orders(f"{at}/note", text=NOTE)
    page = looks(caseworker, at)
    assert NOTE in page.section("notes").text
    assert NOTE not in page.section("messages").text
    assert NOTE not in repr(asyncio.run(own.read(key)))
    assert NOTE not in repr(asyncio.run(own.copy(key)))


# What a consent stops

TO_READ: dict[str, dict[str, str]] = {
    "note": {"text": NOTE},
    "coverage": {"result": COVERAGE[0], "reason": REASON},
    "answer": {"text": ANSWER, "language": "en", "after": "in_review"},
}
"""What can be done only with a report that may be read."""


def test_a_consent_to_read_that_is_taken_back_stops_everything_at_once(
    console: Console, caseworker: Member, at: str, own: OwnReports, key: ReportKey
) -> None:
    """The page is still open before them; the key is gone."""
    asyncio.run(own.add_file(key, b"FILECANARY", "text/plain", "a", cleaned=True))
    page = looks(caseworker, at)
    (link,) = page.all("a", inside=page.section("files"))
    takes_back(own, key, READ)
    before = rows(console)
    for order, fields in (*TO_READ.items(), ("answer", {"template": "answer.received", "body": ""})):
        assert caseworker.orders(f"{at}/{order}", **fields).headers["location"] == f"{at}?said={NOT_AGREED}"
    taken = caseworker.sees(link.attributes["href"])
    assert taken.headers.get("location") == f"{at}?said={NOT_AGREED}"
    assert b"FILECANARY" not in taken.content
    assert rows(console) == before
    assert messages(own, key) == []
    after = looks(caseworker, f"{at}?said={NOT_AGREED}")
    assert "has taken it back" in after.text
    for word in (WORDS, "Bolig ApS", "22 33 44 55"):
        assert word not in after.text
    assert not after.all("textarea")
    noted = [it.verb for it in asyncio.run(console.store.audit.newest(3, object_=key.report_id))]
    assert "refused" in noted


def test_a_consent_to_be_answered_that_is_taken_back_stops_answers_and_hides_the_contact(
    caseworker: Member, at: str, own: OwnReports, key: ReportKey
) -> None:
    """The telephone was given so that staff can answer."""
    caseworker.page(at)
    takes_back(own, key, REPLY)
    sent = caseworker.orders(f"{at}/answer", **TO_READ["answer"])
    assert sent.headers["location"] == f"{at}?said={NOT_AGREED}"
    assert messages(own, key) == []
    page = looks(caseworker, at)
    assert WORDS in page.text
    assert "22 33 44 55" not in page.text
    assert "The person wants no answer" in page.text
    assert not page.all("form", action=f"{at}/answer")
    assert page.all("form", action=f"{at}/note")


def test_a_message_about_a_body_is_not_sent_once_it_is_not_named_any_more(
    caseworker: Member, at: str, own: OwnReports, key: ReportKey
) -> None:
    asyncio.run(own.consent(key, {FORWARD: BODY}, VERSIONS, "ar"))
    caseworker.page(at)
    takes_back(own, key, FORWARD)
    sent = caseworker.orders(f"{at}/answer", template="answer.forwarded", body=BODY)
    assert sent.headers["location"] == f"{at}?said={NOT_AGREED}"
    assert messages(own, key) == []


@pytest.mark.parametrize("act", ["reads", "withdraws"])
@pytest.mark.parametrize(
    ("order", "verb"), [("note", "note_added"), ("coverage", "coverage_noted"), ("answer", "answer_sent")]
)
def test_what_is_taken_back_in_the_very_moment_is_not_done(
    own: OwnReports, world: World, order: str, verb: str, act: str
) -> None:
    """Between the record and the deed; the record then tells that it was refused."""
    console, key, at = world.console, world.key, world.at
    if act == "reads":
        meanwhile(console, verb, lambda: own.consent(key, {READ: "no"}, VERSIONS, "ar"))
    else:
        meanwhile(console, verb, lambda: own.withdraw(key))
    location = world.caseworker.orders(f"{at}/{order}", **TO_READ[order]).headers["location"]
    assert location in {f"{at}?said={NOT_AGREED}", GONE}
    assert events(console, key.report_id)[-2:] == [verb, "refused"]
    for table in ("note", "coverage_view"):
        assert console.store._worker.database[table].count == 0
    pieces = asyncio.run(console.store.reports.pieces(key.report_id))
    assert "message" not in [it.kind for it in pieces]


def test_a_page_that_is_loaded_while_a_consent_is_taken_back_shows_no_word(
    console: Console, caseworker: Member, at: str, own: OwnReports, key: ReportKey
) -> None:
    meanwhile(console, "report_viewed", lambda: own.consent(key, {READ: "no"}, VERSIONS, "ar"))
    answer = caseworker.sees(at)
    assert answer.headers.get("location") == f"{at}?said={NOT_AGREED}"
    assert WORDS not in answer.text


def test_a_report_that_was_withdrawn_is_not_here_any_more(
    console: Console, caseworker: Member, at: str, own: OwnReports, key: ReportKey
) -> None:
    caseworker.page(at)
    asyncio.run(own.withdraw(key))
    assert caseworker.sees(at).status_code == 404
    for order, fields in TO_READ.items():
        assert caseworker.orders(f"{at}/{order}", **fields).status_code == 404
    with pytest.raises(ConversationEndedError):
        asyncio.run(own.look(key))
    assert key.report_id not in caseworker.page("/queue")


# Two at once


def test_two_colleagues_who_answer_at_once_both_reach_the_person(
    coordinator: Member, caseworker: Member, at: str, own: OwnReports, key: ReportKey
) -> None:
    """Each has the page open as it was before the other wrote."""
    pages = [looks(member, at) for member in (coordinator, caseworker)]
    for member, page in zip((coordinator, caseworker), pages, strict=True):
        order = page.all("input", name="order")[0].attributes["value"]
        member.orders(f"{at}/answer", text=f"from {member.name}", language="en", after="in_review", order=order)
    assert [text for text, _ in messages(own, key)] == ["from kim", "from sam"]


def test_whoever_had_a_report_that_was_given_to_somebody_else_works_on_it_no_more(
    console: Console, coordinator: Member, caseworker: Member, at: str
) -> None:
    caseworker.page(at)
    coordinator.orders(f"{at}/assign", name="kim")
    for order, fields in TO_READ.items():
        assert caseworker.orders(f"{at}/{order}", **fields).status_code == 404
    assert caseworker.sees(at).status_code == 404
    assert rows(console)[0].assigned_to == "kim"


# The clock and the end


def test_the_clock_of_a_report_is_on_its_page_and_starts_again_when_its_person_writes(
    desk: Desk, own: OwnReports, hires: Hires
) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC), tick=False) as clock:
        key = opened(own, filed(desk))
        at, sam = f"/report/{key.report_id}", hires("sam", "caseworker").signs_in().opens_key()
        sam.orders(f"{at}/take")
        assert "Days left: 7" in looks(sam, at).all("ul", klass="summary")[0].text
        sam.orders(f"{at}/answer", text=ANSWER, language="en", after="awaiting_reporter")
        assert "Days" not in looks(sam, at).all("ul", klass="summary")[0].text
        clock.shift(dt.timedelta(days=200))
        asyncio.run(own.write(key, "It was in October.", "ar", "a"))
        summary = looks(sam, at).all("ul", klass="summary")[0].text
        assert "In review" in summary
        assert "Days left: 92" in summary
        clock.shift(dt.timedelta(days=93))
        assert "Days overdue: 1" in looks(sam, at).all("ul", klass="summary")[0].text


def test_what_will_be_deleted_is_shown_before_and_gone_after(
    console: Console, desk: Desk, own: OwnReports, hires: Hires
) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC), tick=False) as clock:
        key = opened(own, filed(desk))
        kim = hires("kim", "coordinator").signs_in()
        clock.move_to(dt.datetime(2028, 11, 16, 12, tzinfo=dt.UTC))
        page = looks(kim, "/retention")
        assert [it.attributes["href"] for it in page.all("a", inside=page.section("next"))] == [
            f"/report/{key.report_id}"
        ]
        assert "kept until 22 November 2028" in page.text
        kim.orders(f"/report/{key.report_id}/hold", hold="court_case")
        assert "a case in court" in looks(kim, "/retention").section("held").text
        kim.orders(f"/report/{key.report_id}/hold", hold="")
        for day, left in ((22, 1), (23, 0)):
            clock.move_to(dt.datetime(2028, 11, day, 12, tzinfo=dt.UTC))
            asyncio.run(console.delete_expired(today()))
            assert len(rows(console)) == left
        assert events(console, key.report_id)[-1] == "report_erased"
        assert "Nothing." in looks(kim, "/retention").section("next").text
        assert kim.sees(f"/report/{key.report_id}").status_code == 404


def test_an_administrator_sees_what_leaves_and_no_way_into_it(console: Console, desk: Desk, hires: Hires) -> None:
    filed(desk)
    asyncio.run(console.store.cases.change(only_report(console), {"keep_until": today()}))
    page = looks(hires("ada", "administrator").signs_in(), "/retention")
    assert "Housing" in page.section("next").text
    assert only_report(console) not in str([it.attributes for it in page.elements])
