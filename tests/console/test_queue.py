"""The queue: every report in its place, found by any code, quick with ten thousand, and taken by one colleague only."""

import asyncio
import dataclasses
import datetime as dt
import itertools
import secrets
import statistics
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import time_machine
from sqlite_utils import Database

from bot.casework.desk import Desk
from bot.casework.own_report import OwnReports
from bot.casework.vocabulary import AREAS, DISTRICTS, STATUSES
from bot.language.dates import today
from bot.settings import Settings
from bot.store.database import as_record
from bot.web.console.app import make_console
from bot.web.console.desk import Console
from bot.web.console.queue import A_PAGE, ANSWERS, COLUMNS, LONGEST_NAME, MOST_VIEWS, ORDERS, SET
from tests.console.conftest import Hires, events, only_report, rows
from tests.console.member import AT, Member
from tests.console.page import Page
from tests.keys import make_keys
from tests.reports import WORDS, a_telling, filed, opened
from tests.store.rows import a_piece, a_report

HOSTILE = '"><script>alert(1)</script>'
STRANGE = [HOSTILE, "'; DROP TABLE report; --", "\u202eسؤال", "\x00", "x" * 5_000]


def change(console: Console, report: str, **values: Any) -> None:
    asyncio.run(console.store.cases.change(report, values))


def looks(member: Member, query: str = "") -> Page:
    return Page(member.page(f"/queue?{query}"))


def shown(member: Member, query: str = "") -> list[str]:
    """The reports to which a page of the queue has links, in its order."""
    return [
        it.attributes["href"].split("/")[2]
        for it in looks(member, query).all("a")
        if "/report/" in it.attributes["href"]
    ]


def saves(member: Member, name: str, query: str) -> httpx.Response:
    """Fill in the form that stands on the page of a choice, and send it as a browser does."""
    page = looks(member, query)
    (form,) = page.all("form", action="/queue/views")
    hidden = [(it.attributes["name"], it.attributes["value"]) for it in page.all("input", inside=form, type="hidden")]
    body = httpx.QueryParams([*hidden, ("name", name)])
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return member.client.post("/queue/views", content=str(body), headers=headers)


# What it shows


def test_an_empty_queue_says_so(caseworker: Member) -> None:
    text = looks(caseworker).text
    assert "No report fits." in text
    assert "Reports: 0" in text
    assert not [status for status in STATUSES if not looks(caseworker).all("a", href=f"/queue?status={status}")]


def test_a_report_stands_there_by_its_codes_and_without_a_word(caseworker: Member, desk: Desk) -> None:
    filed(desk)
    text = looks(caseworker).text
    for expected in ("Housing", "Arabic", "New", "Days left: 7", "May be read and answered", "Whose: nobody"):
        assert expected in text, expected
    for word in (WORDS, "Bolig ApS", "22 33 44 55", "2026-10-12"):
        assert word not in text, word


def test_every_state_has_a_place_of_its_own_in_the_order_of_the_work(
    console: Console, caseworker: Member, desk: Desk
) -> None:
    for status in STATUSES:
        filed(desk, a_telling(attempt=status), status.encode())
    for row, status in zip(rows(console), STATUSES, strict=True):
        change(console, row.id, status=status)
    links = [it.attributes["href"] for it in looks(caseworker).all("a")]
    assert [it for it in links if "?status=" in it] == [f"/queue?status={status}" for status in STATUSES]
    assert len(shown(caseworker)) == len(STATUSES) - 1
    assert len(shown(caseworker, "status=closed")) == 0, "a colleague's closed report has no way into it"
    for status in STATUSES:
        assert "Reports: 1" in looks(caseworker, f"status={status}").text
    assert "Reports: 6" in looks(caseworker, "closed=yes").text


def test_an_overdue_report_is_seen_at_once(console: Console, caseworker: Member, desk: Desk) -> None:
    filed(desk)
    filed(desk, a_telling(attempt="b"), b"b")
    late, due = (row.id for row in rows(console))
    change(console, late, clock_due=today() - dt.timedelta(days=1))
    change(console, due, clock_due=today())
    assert [it.text for it in looks(caseworker).all("strong", klass="late")] == ["Days overdue: 1", "today"]
    assert shown(caseworker) == [late, due]
    assert shown(caseworker, "overdue=yes") == [late]


def test_the_clock_runs_day_by_day(console: Console, desk: Desk, hires: Hires) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC), tick=False) as clock:
        filed(desk)
        sam = hires("sam", "caseworker").signs_in()
        for days, expected in ((0, "Days left: 7"), (6, "Days left: 1"), (1, "today"), (1, "Days overdue: 1")):
            clock.shift(dt.timedelta(days=days))
            assert [it.text for it in looks(sam).all("p", klass="clock")] == [expected]


def test_what_its_person_wrote_is_marked_until_a_colleague_opened_it(
    caseworker: Member, desk: Desk, own: OwnReports
) -> None:
    key = opened(own, filed(desk))
    asyncio.run(own.write(key, "Are you there?", "en", "a"))
    assert "new message" in looks(caseworker).text
    caseworker.orders(f"/report/{key.report_id}/take")
    caseworker.page(f"/report/{key.report_id}")
    assert "new message" not in looks(caseworker).text


def test_looking_at_the_queue_is_on_record(console: Console, caseworker: Member) -> None:
    before = len(events(console))
    looks(caseworker, "status=new")
    assert events(console)[before:] == ["queue_viewed"]


def test_a_colleagues_report_stands_in_the_list_and_has_no_way_into_it(
    console: Console, caseworker: Member, coordinator: Member, desk: Desk
) -> None:
    filed(desk)
    coordinator.orders(f"/report/{only_report(console)}/take")
    assert only_report(console) not in caseworker.page("/queue")
    assert "Whose: kim" in looks(caseworker).text
    assert shown(coordinator) == [only_report(console)]


# Filters and search


def test_every_code_of_every_filter_finds_its_report_and_no_other(
    console: Console, caseworker: Member, desk: Desk
) -> None:
    filed(desk)
    filed(desk, a_telling(attempt="b"), b"b")
    wanted, other = (row.id for row in rows(console))
    for report in (wanted, other):
        change(console, report, assigned_to="sam")
    for column, codes in COLUMNS.items():
        for code, another in zip(codes, codes[1:] + codes[:1], strict=True):
            change(console, wanted, **{column: code})
            change(console, other, **{column: another})
            assert shown(caseworker, f"{column}={code}&closed=yes") == [wanted], (column, code)


def test_every_answer_finds_its_report_and_no_other(caseworker: Member, desk: Desk) -> None:
    answers = {
        "ground": ["religion_belief"], "form": ["harassment"], "wish": ["apology"], "harm": ["hurt"], "proof": ["photo"]
    }  # fmt: skip
    filed(desk, a_telling(**answers))
    filed(desk, a_telling(attempt="b", ground=["age"], form=["direct"]), b"b")
    assert set(answers) == set(ANSWERS)
    wanted = shown(caseworker, "ground=religion_belief")
    assert len(wanted) == 1
    for question, (code,) in answers.items():
        assert shown(caseworker, f"{question}={code}") == wanted, question
    assert shown(caseworker, "ground=religion_belief&form=direct") == []


def test_reports_are_found_by_language_label_translator_and_whose_they_are(
    console: Console, caseworker: Member, desk: Desk
) -> None:
    filed(desk)
    filed(desk, a_telling(attempt="b"), b"b", language="so")
    wanted = next(row.id for row in rows(console) if row.language == "so")
    change(console, wanted, translator=True, assigned_to="sam")
    asyncio.run(console.caseload.set_labels(wanted, "skole & bolig"))
    for query in ("language=so", "translator=yes", "whose=me", "whose=sam", "label=skole+%26+bolig"):
        assert shown(caseworker, query) == [wanted], query
    assert shown(caseworker, "whose=nobody") == [row.id for row in rows(console) if row.id != wanted]


def test_an_address_that_says_nonsense_is_only_a_page(caseworker: Member, desk: Desk) -> None:
    filed(desk)
    for name in (*SET, "page", "said", "lang", "x"):
        for value in STRANGE:
            answer = caseworker.client.get("/queue", params={name: value})
            assert answer.status_code == 200, (name, value)
            assert "<script>alert" not in answer.text, (name, value)


def test_a_page_that_there_is_not_leads_to_one_that_there_is(caseworker: Member, desk: Desk) -> None:
    filed(desk)
    for number in ("0", "-1", "x", "", "1.5", "٢", "²", "7", "999999", "9" * 19, "9" * 5_000, " 1"):
        answer = caseworker.client.get("/queue", params={"page": number})
        if answer.status_code == 303:
            answer = caseworker.sees(answer.headers["location"])
        assert answer.status_code == 200, number
        assert "Housing" in Page(answer.text).all("h2")[0].text, number


def test_the_list_is_read_to_its_end_page_by_page_in_every_order(console: Console, coordinator: Member) -> None:
    file_many(console, 2 * A_PAGE + 1)
    for order in ORDERS:
        address, seen = f"/queue?closed=yes&order={order}", []
        while address:
            page = Page(coordinator.page(address))
            seen += [it.attributes["href"] for it in page.all("a") if "/report/" in it.attributes["href"]]
            address = next((it.attributes["href"] for it in page.all("a", rel="next")), "")
        assert len(seen) == len(set(seen)) == 2 * A_PAGE + 1, order


def test_what_was_chosen_stays_chosen_in_the_form(caseworker: Member) -> None:
    page = looks(caseworker, "area=housing&ground=language&order=oldest&closed=yes")
    for name, value in (("area", "housing"), ("ground", "language"), ("order", "oldest")):
        (field,) = page.all("select", name=name)
        assert [it.attributes["value"] for it in page.all("option", inside=field, selected=None)] == [value]
    assert page.all("input", name="closed", checked=None)


# Saved views


def test_a_choice_is_kept_under_a_name_and_is_ones_own(coordinator: Member, caseworker: Member, desk: Desk) -> None:
    filed(desk)
    sent = saves(caseworker, "Bolig, nye", "area=housing&status=new&order=oldest")
    assert sent.headers["location"] == "/queue?area=housing&status=new&order=oldest"
    (link,) = [it for it in looks(caseworker).all("a") if it.text == "Bolig, nye"]
    assert link.attributes["href"] == sent.headers["location"]
    assert len(shown(caseworker, link.attributes["href"].split("?")[1])) == 1
    assert "Bolig, nye" not in coordinator.page("/queue")
    caseworker.orders("/queue/views/drop", name="Bolig, nye")
    assert "Bolig, nye" not in caseworker.page("/queue")


def test_every_choice_can_be_kept(caseworker: Member) -> None:
    """The word of the session is called `form` in every form, and so is a question of the report."""
    for name, codes in {**COLUMNS, **ANSWERS}.items():
        sent = saves(caseworker, "mine", f"{name}={codes[1]}")
        assert sent.headers.get("location") == f"/queue?{name}={codes[1]}", name


def test_a_view_of_the_same_name_is_replaced_and_there_are_at_most_twenty(console: Console, caseworker: Member) -> None:
    for number in range(MOST_VIEWS):
        assert saves(caseworker, f"view {number}", "area=housing").status_code == 303
    assert saves(caseworker, "view 3", "area=health").status_code == 303
    assert saves(caseworker, "one more", "area=health").status_code == 422
    views = asyncio.run(console.store.staff.views("sam"))
    assert len(views) == MOST_VIEWS
    assert views["view 3"] == "area=health"


def test_a_view_without_a_name_is_refused_and_not_on_record(console: Console, caseworker: Member) -> None:
    for name in ("", "   ", "\n\t"):
        assert saves(caseworker, name, "area=housing").status_code == 422
    assert "view_saved" not in events(console)


def test_the_name_of_a_view_is_only_text(console: Console, caseworker: Member) -> None:
    for name in (HOSTILE, "x" * 10_000, "\u202eevil", "نمای من", "a\x00b", "'; DROP TABLE saved_view"):
        assert saves(caseworker, name, "area=housing").status_code == 303
        assert "<script>alert" not in caseworker.page("/queue")
        (kept,) = asyncio.run(console.store.staff.views("sam"))
        assert kept == " ".join(name.split())[:LONGEST_NAME]
        caseworker.orders("/queue/views/drop", name=kept)
        assert asyncio.run(console.store.staff.views("sam")) == {}


def test_a_view_keeps_codes_only_whatever_is_sent(caseworker: Member) -> None:
    sent = caseworker.orders(
        "/queue/views", name="odd", chosen="area=x&status=new&evil=1&said=said.saved&page=9&label=a%26b%3Dc%0d%0aX: y"
    )
    kept = parse_qs(urlsplit(sent.headers["location"]).query)
    assert kept == {"status": ["new"], "label": ["a&b=c\r\nX: y"]}


# Taking


async def both_take(console: Console, report: str, *members: Member) -> list[str]:
    """Where they are led; all have passed the table of rights before any of them takes the report."""
    real, here = console.caseload.take, asyncio.Barrier(len(members))

    async def take_when_all_are_here(report_id: str, name: str) -> bool:
        await here.wait()
        return await real(report_id, name)

    async def takes(member: Member, form: str) -> str:
        transport, cookies = httpx.ASGITransport(member.app), dict(member.client.cookies)
        async with httpx.AsyncClient(transport=transport, base_url=AT, cookies=cookies) as client:
            return str((await client.post(f"/report/{report}/take", data={"form": form})).headers.get("location"))

    console.caseload.take = take_when_all_are_here  # type: ignore[method-assign]
    return await asyncio.gather(*map(takes, members, [member.form for member in members]))


def test_of_two_who_take_a_report_at_once_the_slower_is_told_so(
    console: Console, caseworker: Member, hires: Hires, desk: Desk
) -> None:
    filed(desk)
    report, pat = only_report(console), hires("pat", "caseworker").signs_in()
    led = asyncio.run(both_take(console, report, caseworker, pat))
    assert sorted(led) == ["/queue?said=said.taken_by_other", f"/report/{report}"]
    winner, loser = (caseworker, pat) if led[0].startswith("/report") else (pat, caseworker)
    assert rows(console)[0].assigned_to == winner.name
    text = looks(loser, "said=said.taken_by_other").text
    assert "A colleague was quicker." in text
    assert f"Whose: {winner.name}" in text
    noted = asyncio.run(console.store.audit.newest(10, object_=report))
    assert [it.actor for it in noted if it.verb == "refused"] == [loser.name]


def test_a_button_that_is_pressed_twice_takes_a_report_once(console: Console, caseworker: Member, desk: Desk) -> None:
    filed(desk)
    report = only_report(console)
    assert asyncio.run(both_take(console, report, caseworker, caseworker)) == [f"/report/{report}"] * 2
    assert "refused" not in events(console, report)


# By keyboard, and without a script


@pytest.mark.parametrize("path", ["/queue?area=housing", "/report"])
def test_everything_is_reached_by_keyboard_and_has_a_name(
    console: Console, coordinator: Member, desk: Desk, path: str
) -> None:
    """Plain links, fields and buttons in the order of the page; each field with a label, and no id twice."""
    filed(desk)
    saves(coordinator, "mine", "status=new")
    if path == "/report":
        path = f"/report/{only_report(console)}"
        coordinator.orders(f"{path}/take")
    page = Page(coordinator.page(path))
    ids = [it.attributes["id"] for it in page.all(id=None)]
    labelled = {it.attributes["for"] for it in page.all("label")}
    assert sorted(set(ids)) == sorted(ids)
    fields = [it for it in page.all("input", "select", "textarea") if not it.has(type="hidden")]
    assert [it for it in fields if it.attributes["id"] not in labelled] == []
    assert len(fields) > 10
    assert not {it.attributes["aria-labelledby"] for it in page.all(**{"aria-labelledby": None})} - set(ids)
    for form in page.all("form", method="post"):
        assert page.all("button", inside=form)
        assert [it.attributes["value"] for it in page.all(name="form", inside=form)] == [coordinator.form]
    assert not page.all("script", "style")
    assert not [
        it for it in page.elements if {"onclick", "style", "tabindex"} & set(it.attributes) and it.tag != "main"
    ]
    assert page.all("a")[0].has(klass="skip", href="#main")
    levels = [int(it.tag[1]) for it in page.all("h1", "h2", "h3")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


# Ten thousand reports


def file_many(console: Console, count: int) -> None:
    """Straight into the tables, with what hangs on a report, in every state and by every code."""
    made = [a_report(secrets.token_hex(32), grounds=("age", "language")) for _ in range(count)]

    def work(database: Database) -> None:
        database.execute("BEGIN")
        for number, each in enumerate(made):
            day = today() - dt.timedelta(days=number % 600)
            row = dataclasses.replace(
                each.row, received_on=day, area=AREAS[number % len(AREAS)], status=STATUSES[number % len(STATUSES)],
                district=DISTRICTS[number % len(DISTRICTS)], clock_due=day + dt.timedelta(days=90),
                assigned_to=f"colleague-{number % 20}" if number % 3 else None,
            )  # fmt: skip
            insert(database, "report", as_record(row))
            for question, answer in each.answers:
                insert(database, "report_answer", {"report_id": row.id, "question": question, "answer": answer})
            for place, kind in enumerate(("narrative", "organisation", "contact", "message")):
                piece = a_piece(row.id, kind, sealed=bytes(300))
                insert(database, "piece", {**as_record(piece), "number": place})
            insert(database, "report_label", {"report_id": row.id, "label": f"label {number % 30}"})
        database.execute("COMMIT")

    asyncio.run(console.store._worker.do(work))


def insert(database: Database, table: str, record: dict[str, Any]) -> None:
    marks = ", ".join("?" * len(record))
    database.execute(f"INSERT INTO {table} ({', '.join(record)}) VALUES ({marks})", list(record.values()))  # noqa: S608 - constants


def a_place(var: Path, count: int) -> Member:
    """Somebody at a console with so many reports."""
    app: Any = make_console(Settings(var=var))
    app.state.console.first = make_keys(app.state.console.store)
    file_many(app.state.console, count)
    return Member(app, "kim", "coordinator").signs_in()


QUERIES = ("", "area=housing&ground=language", "overdue=yes", "label=label+3&closed=yes", "order=newest&page=3")


@pytest.mark.slow
def test_ten_thousand_reports_stay_quick(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In turns with the page of a hundred reports, which shows as many rows: whatever the machine does meets both."""
    few, many = a_place(tmp_path / "few", 100), a_place(tmp_path / "many", 10_000)
    taken: dict[str, list[float]] = {query: [] for query in ("few", *QUERIES)}
    for _ in range(9):
        for query, seconds in taken.items():
            begun = time.perf_counter()
            assert (few if query == "few" else many).sees(f"/queue?{query.replace('few', '')}").status_code == 200
            seconds.append(time.perf_counter() - begun)
    medians = {query: statistics.median(seconds) * 1_000 for query, seconds in taken.items()}
    for member in (few, many):
        member.console.close()
    with capsys.disabled():
        print(f"\nqueue, ms: { ({query or 'all': round(value) for query, value in medians.items()}) }")  # noqa: T201 - measured
    assert medians[""] < 3 * medians["few"], medians
    assert max(medians.values()) < 6 * medians["few"], medians
