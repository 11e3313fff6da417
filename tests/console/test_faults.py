"""The console when something under it fails: nothing is shown unrecorded, nothing stops for good, and words say so."""

import asyncio
import contextlib
import datetime as dt
from typing import Any

import pytest
from starlette.testclient import TestClient

from bot.language.dates import today
from bot.settings import Settings
from bot.web.console.app import make_console, work
from bot.web.console.desk import Console
from tests.console.case import new_case
from tests.console.conftest import events
from tests.console.member import AT, Member
from tests.console.office import check_page
from tests.reports import WORDS


def by_other_hands(console: Console, statement: str) -> None:
    asyncio.run(console.store._worker.do(lambda database: database.execute(statement)))


def works(console: Console, seconds: float = 0.5) -> None:
    """What runs beside the pages, for a moment."""

    async def for_a_moment() -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(work(console), seconds)

    asyncio.run(for_a_moment())


# What cannot be recorded does not happen


def test_what_cannot_be_recorded_is_neither_shown_nor_done(coordinator: Member) -> None:
    console, case = coordinator.console, new_case(coordinator)
    coordinator.sees(case.path)
    form = coordinator.form
    by_other_hands(console, "ALTER TABLE event RENAME TO lost")
    try:
        for path in (case.path, "/queue", "/keys", f"{case.path}/history"):
            answer = coordinator.sees(path)
            assert answer.status_code == 503
            assert "The store cannot be written just now. Nothing was changed." in answer.text
            assert WORDS not in check_page(answer.text).text
        for path, fields in (("/note", {"text": "a note"}), ("/close", {"outcome": "answered"}), ("/take", {})):
            assert coordinator.client.post(case.path + path, data={"form": form, **fields}).status_code == 503
    finally:
        by_other_hands(console, "ALTER TABLE lost RENAME TO event")
    row = asyncio.run(console.caseload.row(case.key.report_id))
    assert row
    assert (row.status, row.assigned_to) == ("new", None)
    assert asyncio.run(console.store.cases.notes(case.key.report_id)) == []
    assert WORDS in coordinator.page(case.path)


def test_nobody_comes_in_unrecorded(coordinator: Member) -> None:
    by_other_hands(coordinator.console, "ALTER TABLE event RENAME TO lost")
    client = TestClient(coordinator.app, base_url=AT, follow_redirects=False)
    assert client.post("/sign-in", data={"name": "kim", "password": "wrong"}).status_code == 503
    coordinator.client.cookies.clear()
    with pytest.raises((AssertionError, KeyError)):
        coordinator.signs_in()
    assert coordinator.sees("/queue").status_code == 303


def test_a_console_whose_store_is_gone_is_not_ready(coordinator: Member) -> None:
    assert coordinator.sees("/health").text == "ready"
    by_other_hands(coordinator.console, "ALTER TABLE report RENAME TO lost")
    answer = coordinator.sees("/health")
    assert answer.status_code == 503
    assert "Traceback" not in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_an_error_whose_page_fails_too_is_told_in_two_plain_lines(app: Any) -> None:
    """As where the words were lost: the last resort depends on nothing."""
    app.state.console.words._texts.clear()
    answer = TestClient(app, base_url=AT).get("/no/such/page")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/plain; charset=utf-8")
    assert answer.text.startswith("Det kunne ikke lade sig gøre.")
    assert answer.headers["x-frame-options"] == "DENY"


# What runs beside the pages


def expired(coordinator: Member) -> str:
    """The id of a report whose time is over."""
    report = new_case(coordinator).key.report_id
    over = {"keep_until": today() - dt.timedelta(days=1)}
    asyncio.run(coordinator.console.store.cases.change(report, over))
    return report


def test_what_is_kept_no_longer_goes_by_itself_and_stands_on_record(coordinator: Member) -> None:
    report = expired(coordinator)
    works(coordinator.console)
    assert asyncio.run(coordinator.console.caseload.row(report)) is None
    assert "report_erased" in events(coordinator.console, report)
    assert coordinator.sees(f"/report/{report}").status_code == 404


def test_a_step_that_fails_keeps_the_others_from_nothing(coordinator: Member) -> None:
    """A row that cannot be read stops the sending, not the deleting, and not the next try."""
    console, stays = coordinator.console, new_case(coordinator)
    row = stays.package(way="download")
    due = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=1)
    asyncio.run(console.store.cases.change_handover(row.id, {"next_try": due}, only_from=["made"]))
    by_other_hands(console, "UPDATE handover SET made_on = 'no day'")
    report = expired(coordinator)
    works(console)
    assert asyncio.run(console.caseload.row(report)) is None
    assert asyncio.run(console.caseload.row(stays.key.report_id))


def test_a_console_that_starts_and_ends_leaves_an_anchor(tmp_path: Any) -> None:
    app = make_console(Settings(var=tmp_path))
    with TestClient(app, base_url=AT) as client:
        assert client.get("/health").text == "ready"
        client.post("/sign-in", data={"name": "nobody", "password": "wrong"})
    assert (tmp_path / "audit.anchor").read_bytes().startswith(b"1 ")
