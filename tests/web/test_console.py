"""The staff console: nothing without a key, and with one everything its people allow."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from bot.casework.desk import Desk
from bot.casework.own_report import OwnReports
from bot.casework.vocabulary import COVERAGE, HOLDS, STATUSES
from bot.settings import Settings
from bot.store.secrets import server_key
from bot.web import console as consoles
from bot.web.console import COOKIE, IDLE, Console, make_console
from bot.web.guard import HEADERS
from tests.keys import make_keys
from tests.reports import WORDS, a_telling, filed, opened


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Any]:
    app = make_console(Settings(var=tmp_path))
    yield app
    app.state.console.store.close()


@pytest.fixture
def console(app: Any) -> Console:
    console: Console = app.state.console
    console.first = make_keys(console.store)  # type: ignore[attr-defined]
    return console


@pytest.fixture
def desk(console: Console, tmp_path: Path) -> Desk:
    return Desk(console.store, server_key(tmp_path))


@pytest.fixture
def own(console: Console, tmp_path: Path) -> OwnReports:
    return OwnReports(console.store, server_key(tmp_path))


@pytest.fixture
def staff(app: Any, console: Console) -> Iterator[TestClient]:
    """Somebody whose key is open, in English."""
    with TestClient(app, base_url="http://localhost") as client:
        enters(client, console.first.team)  # type: ignore[attr-defined]
        client.get("/?lang=en")
        yield client


def enters(client: TestClient, passphrase: str, name: str = "team") -> Any:
    return client.post("/enter", data={"name": name, "passphrase": passphrase})


def only_report(console: Console) -> str:
    (row,) = asyncio.run(console.office.queue())
    return row.id


def test_the_console_knows_nothing_of_rasa() -> None:
    import subprocess  # noqa: PLC0415 - only here
    import sys  # noqa: PLC0415

    code = "import sys, bot.web.console; print([m for m in sys.modules if m.split('.')[0] == 'rasa'])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


@pytest.mark.parametrize("address", ["/", "/report/1", "/report/1/file/2"])
def test_without_a_key_there_is_only_the_door(app: Any, console: Console, desk: Desk, address: str) -> None:
    filed(desk)
    with TestClient(app, base_url="http://localhost") as client:
        page = client.get(address.replace("/1", f"/{only_report(console)}")).text
        assert 'name="passphrase"' in page
        assert WORDS not in page
        assert only_report(console) not in page
        assert client.post("/report/1", data={"do": "status", "status": "closed"}).text == client.get("/").text


@pytest.mark.parametrize(
    ("name", "passphrase"), [("team", "wrong"), ("nobody", "wrong"), ("", ""), ("team", "x" * 9_000)]
)
def test_a_wrong_passphrase_opens_nothing(app: Any, console: Console, name: str, passphrase: str) -> None:
    with TestClient(app, base_url="http://localhost") as client:
        answer = enters(client, passphrase, name)
        assert answer.status_code == 401
        assert COOKIE not in client.cookies


def test_a_key_is_closed_when_it_is_left_or_idle(
    app: Any, console: Console, staff: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert 'name="passphrase"' not in staff.get("/").text
    later = consoles.time.monotonic() + IDLE + 1
    monkeypatch.setattr(consoles.time, "monotonic", lambda: later)
    assert 'name="passphrase"' in staff.get("/").text
    monkeypatch.undo()
    enters(staff, console.first.team)  # type: ignore[attr-defined]
    assert 'name="passphrase"' not in staff.get("/").text
    staff.post("/leave")
    assert console._sittings == {}


def test_the_cookie_is_for_this_site_and_no_script(app: Any, console: Console) -> None:
    with TestClient(app, base_url="http://localhost") as client:
        told = client.post(
            "/enter",
            data={"name": "team", "passphrase": console.first.team},
            follow_redirects=False,  # type: ignore[attr-defined]
        ).headers["set-cookie"]
    assert "HttpOnly" in told
    assert "SameSite=strict" in told


def test_another_site_can_do_nothing(staff: TestClient, console: Console, desk: Desk) -> None:
    filed(desk)
    answer = staff.post(
        f"/report/{only_report(console)}",
        data={"do": "status", "status": "closed"},
        headers={"Origin": "https://x.org"},
    )
    assert answer.status_code == 403
    assert asyncio.run(console.office.queue())[0].status == "new"


def test_a_report_is_read_with_the_persons_own_words_first(staff: TestClient, console: Console, desk: Desk) -> None:
    filed(desk)
    assert "Housing" in staff.get("/").text
    page = staff.get(f"/report/{only_report(console)}").text
    assert page.index(WORDS) < page.index("Ethnic origin")
    assert "Arabic" in page
    assert "22 33 44 55" in page


def test_a_report_that_may_only_be_counted_shows_its_codes_and_no_word(
    staff: TestClient, console: Console, desk: Desk
) -> None:
    filed(desk, a_telling(readable=False))
    page = staff.get(f"/report/{only_report(console)}").text
    assert "Ethnic origin" in page
    assert WORDS not in page
    assert 'name="text"' not in page


def test_an_answer_waits_for_the_receipt(staff: TestClient, console: Console, desk: Desk, own: OwnReports) -> None:
    receipt = filed(desk)
    page = staff.post(
        f"/report/{only_report(console)}", data={"do": "answer", "text": "شكرا لك", "language": "ar"}
    ).text
    assert "waits for the person" in page
    (message,) = asyncio.run(own.read(opened(own, receipt))).messages
    assert (message.text, message.language, message.sender) == ("شكرا لك", "ar", "staff")


def test_a_consent_that_is_taken_back_stops_an_answer_at_once(
    staff: TestClient, console: Console, desk: Desk, own: OwnReports
) -> None:
    key = opened(own, filed(desk))
    asyncio.run(own.consent(key, {"staff_may_reply": "no"}, {"staff_may_reply": "v"}, "ar"))
    page = staff.post(f"/report/{key.report_id}", data={"do": "answer", "text": "Hello", "language": "en"}).text
    assert "The person wants no answer" in page
    assert asyncio.run(own.look(key)).messages == ()


@pytest.mark.parametrize("status", STATUSES)
def test_every_state_can_be_set(staff: TestClient, console: Console, desk: Desk, status: str) -> None:
    filed(desk)
    staff.post(f"/report/{only_report(console)}", data={"do": "status", "status": status})
    assert asyncio.run(console.office.queue())[0].status == status


@pytest.mark.parametrize("hold", [*HOLDS, ""])
def test_a_report_is_held_and_let_go(staff: TestClient, console: Console, desk: Desk, hold: str) -> None:
    filed(desk)
    staff.post(f"/report/{only_report(console)}", data={"do": "hold", "hold": hold})
    assert asyncio.run(console.office.queue())[0].hold == (hold or None)


@pytest.mark.parametrize("result", COVERAGE)
def test_a_view_of_the_law_stands_beside_earlier_ones_and_changes_nothing_told(
    staff: TestClient, console: Console, desk: Desk, own: OwnReports, result: str
) -> None:
    receipt = filed(desk)
    for reason in ("first", "second"):
        staff.post(f"/report/{only_report(console)}", data={"do": "coverage", "result": result, "reason": reason})
    page = staff.get(f"/report/{only_report(console)}").text
    assert "first" in page
    assert "second" in page
    told = asyncio.run(own.read(opened(own, receipt))).told
    assert [it.text for it in told if it.kind == "narrative"] == [WORDS]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"do": "x"},
        {"do": "status", "status": "x"},
        {"do": "hold", "hold": "x"},
        {"do": "answer"},
        {"do": "answer", "text": "x", "language": "tlh"},
    ],
)
def test_what_is_no_order_is_refused(staff: TestClient, console: Console, desk: Desk, fields: dict[str, str]) -> None:
    filed(desk)
    assert staff.post(f"/report/{only_report(console)}", data=fields).status_code == 422


def test_a_report_that_was_withdrawn_is_said_to_be_gone(
    staff: TestClient, console: Console, desk: Desk, own: OwnReports
) -> None:
    key = opened(own, filed(desk))
    asyncio.run(own.withdraw(key))
    for answer in (
        staff.get(f"/report/{key.report_id}"),
        staff.post(f"/report/{key.report_id}", data={"do": "answer", "text": "x", "language": "en"}),
    ):
        assert "not here any more" in answer.text


def test_every_answer_has_the_headers_and_is_kept_in_no_cache(staff: TestClient, app: Any) -> None:
    for address in ("/", "/report/none", "/none", "/static/page.css"):
        answer = staff.get(address)
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS, address
        if not address.startswith("/static"):
            assert answer.headers["cache-control"] == "no-store"


def test_it_speaks_danish_and_english(staff: TestClient) -> None:
    assert "Reports" in staff.get("/?lang=en").text
    assert "Reports" not in staff.get("/?lang=da").text
    assert re.search(r'<html lang="da"', staff.get("/").text)
