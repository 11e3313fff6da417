"""The button that sends a package to a body's own system, against a server that fails and recovers."""

import asyncio
import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nacl.public import PrivateKey

from bot.casework.vocabulary import FORWARD
from bot.settings import Settings
from bot.store.case_verbs import HandoverRow
from bot.web.console.app import make_console
from tests.casework.failing_server import FailingServer, Way, reached_directly
from tests.console.case import INSTITUTE, Case, new_case, read
from tests.console.member import Member
from tests.keys import make_keys


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FailingServer]:
    with reached_directly(FailingServer(tmp_path), monkeypatch) as server:
        yield server


@pytest.fixture
def case(tmp_path: Path, server: FailingServer) -> Iterator[Case]:
    """The institute has this server."""
    partners = tmp_path / "partners.toml"
    partners.write_text(entry_of(server), encoding="utf-8")
    app: Any = make_console(Settings(var=tmp_path / "var", partners=partners))
    app.state.console.first = make_keys(app.state.console.store)
    yield new_case(Member(app, "kim", "coordinator").signs_in().opens_key())
    app.state.console.close()


def entry_of(server: FailingServer) -> str:
    fields = {
        "url": server.url, "public_key": base64.b64encode(bytes(PrivateKey.generate().public_key)).decode(),
        "secret": base64.b64encode(b"s" * 32).decode(), "ca_file": str(server.ca),
    }  # fmt: skip
    return f"[{INSTITUTE}]\n" + "\n".join(f"{name} = {json.dumps(value)}" for name, value in fields.items())


def sends(case: Case, row: HandoverRow) -> str:
    """Press the button; what is said after it."""
    sent = case.staff.orders(f"{case.path}/handover/{row.id}/send")
    assert sent.status_code == 303, sent.text
    return sent.headers["location"].partition("said=")[2]


def test_send_now_tries_what_waits_for_its_next_try(case: Case, server: FailingServer) -> None:
    server.way = Way.FAULT
    row = case.package(way="endpoint")
    assert sends(case, row) == ""
    waiting = case.row(row)
    assert (waiting.state, waiting.error, waiting.attempts) == ("sending", "http_500", 1)
    assert "last try: the body&#39;s server answered 500" in read(case.staff, case.path)
    server.way = Way.WELL
    assert sends(case, row) == ""
    assert case.row(row).state == "sent"
    assert list(server.kept) == [row.id]
    assert sends(case, row) == "said.handover.wrong_state"
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("way", "told"),
    [
        (Way.WRONG_NAME, "is for another address, so nothing was sent; tell the body"),
        (Way.WRONG_CERTIFICATE, "nobody who is trusted here vouches for"),
        (Way.DOWN, "could not be reached"),
    ],
)
def test_staff_read_what_is_wrong_with_a_server(case: Case, server: FailingServer, way: Way, told: str) -> None:
    server.way = way
    row = case.package(way="endpoint")
    assert sends(case, row) == ""
    assert case.row(row).state == "sending"
    assert told in read(case.staff, case.path)


def test_send_now_begins_anew_with_what_was_given_up(case: Case, server: FailingServer) -> None:
    row = case.package(way="endpoint")
    gave_up = {"state": "failed", "next_try": None, "error": "http_400", "attempts": 3}
    asyncio.run(case.staff.console.store.cases.change_handover(row.id, gave_up, only_from=["made"]))
    assert sends(case, row) == ""
    assert (case.row(row).state, list(server.kept)) == ("sent", [row.id])


def test_send_now_sends_nothing_that_is_taken_back(case: Case, server: FailingServer) -> None:
    row = case.package(way="endpoint")
    case.says(FORWARD, "no")
    assert sends(case, row) == "said.handover.wrong_state"
    assert server.requests == []


def test_only_what_goes_to_a_server_can_be_sent(case: Case) -> None:
    row = case.package(way="download")
    assert case.staff.orders(f"{case.path}/handover/{row.id}/send").status_code == 422
    assert (case.row(row).state, case.row(row).next_try) == ("made", None)
