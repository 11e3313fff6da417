"""The table of rights, cell by cell: every role at every page and order, with reports and packages in every state."""

import asyncio
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from bot.accounts.roles import (
    ADMINISTRATOR,
    ANALYST,
    ANY,
    CLOSED,
    COORDINATOR,
    FORWARDED,
    FREE,
    NOT_FORWARDED,
    OTHER,
    OWN,
    OWN_CLOSED,
    PARTNER,
    REPORT_STATES,
    ROLES,
    TRANSLATOR,
    rights,
)
from bot.casework.desk import Desk
from bot.settings import Settings
from bot.store.secrets import server_key
from bot.web.console.app import ENTRIES, make_console
from bot.web.console.desk import Console
from bot.web.console.frame import Entry
from tests.console.member import AT, Member
from tests.console.orders import MEASURE
from tests.keys import make_keys
from tests.reports import WORDS, a_telling, filed

BODY, OTHER_BODY = "institut-for-menneskerettigheder", "borgerraadgiveren"
GONE = "gone"
NOT_A_ROUTE = {"report.read"}
"""A right that a page and its parts ask for; it is looked at by what the page shows."""
REFUSED = {403, 404}
ONLY_A_WAY = {"home", "confirm", "me"}


@dataclass
class Place:
    """A console with a report, a package of it, and somebody of every role."""

    console: Console
    people: dict[str, Member]
    report: str
    handovers: dict[str, str]

    def put(self, state: str, name: str) -> None:
        """The report into a state as somebody of this name sees it."""
        whose = {OWN: name, OWN_CLOSED: name, OTHER: "somebody", CLOSED: "somebody", FREE: None}[state]
        values = {"assigned_to": whose, "status": "closed" if "closed" in state else "in_review", "closed_on": None}
        asyncio.run(self.console.store.cases.change(self.report, values))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    var: Path = tmp_path_factory.mktemp("rights")
    app: Any = make_console(Settings(var=var))
    console: Console = app.state.console
    console.first = make_keys(console.store)  # type: ignore[attr-defined]
    filed(Desk(console.store, server_key(var)), a_telling(forward=[BODY]))
    people = {role: Member(app, f"the-{role}", role, BODY if role == PARTNER else None) for role in ROLES}
    for person in people.values():
        person.signs_in()
        if person.person.passphrase:
            person.opens_key()
    (row,) = asyncio.run(console.store.reports.reports())
    team = asyncio.run(console.keyring.open("team", console.first.team))  # type: ignore[attr-defined]

    def handed(way: str) -> str:
        return asyncio.run(
            console.handovers.make(row.id, team, BODY, mode="with_consent", way=way, by_whom="the-coordinator")
        ).id

    yield Place(console, people, row.id, {FORWARDED: handed("console"), NOT_FORWARDED: handed("download")})
    console.close()


def states_of(name: str) -> list[str]:
    if name.startswith("report."):
        return [*REPORT_STATES, GONE]
    return [FORWARDED, NOT_FORWARDED, GONE] if name.startswith("forwarded.") else [ANY]


MOST_EVENTS = 100
"""Of one request."""
CELLS = [
    (entry, role, state)
    for entry in ENTRIES
    if entry.name != "sign-out"
    for role in ROLES
    for state in states_of(entry.name)
]


def test_every_page_and_order_has_one_line_and_every_line_a_page() -> None:
    assert {entry.name for entry in ENTRIES} | NOT_A_ROUTE == set(rights())


def test_there_are_a_thousand_cells() -> None:
    assert len(CELLS) + len(ROLES) * len(REPORT_STATES) >= 1_000


def asks(place: Place, entry: Entry, role: str, state: str) -> int:
    """The status of a request, as the role, of the address in this state; orders come without what they need."""
    person = place.people[role]
    report, handover = place.report, place.handovers[FORWARDED]
    if state == GONE:
        report = handover = secrets.token_hex(16)
    elif state == NOT_FORWARDED:
        handover = place.handovers[NOT_FORWARDED]
    elif state in REPORT_STATES:
        place.put(state, person.name)
    path = entry.path
    values = {"report": report, "handover": handover, "file": "none", "language": "ar", "measure": MEASURE}
    for name, value in values.items():
        path = path.replace(f"{{{name}}}", value)
    path = path.replace("{question}", "none")
    if entry.method == "GET":
        return person.sees(path).status_code
    return person.orders(path).status_code


def newest_number(place: Place) -> int:
    newest = asyncio.run(place.console.store.audit.head())
    return newest.seq if newest else 0


@pytest.mark.slow
def test_no_cell_deviates_from_the_table(place: Place) -> None:
    """A refused one is as if it were not there, or not of the role; every refusal is on record."""
    wrong = []
    for entry, role, state in CELLS:
        before = newest_number(place)
        status = asks(place, entry, role, state)
        new = [it.verb for it in asyncio.run(place.console.store.audit.since(before, MOST_EVENTS))]
        allowed = state in rights()[entry.name][role]
        refused = status in REFUSED and not (allowed and entry.name == "report.file")
        if allowed is refused:
            wrong.append((entry.name, entry.method, role, state, status))
        if not allowed and state != GONE and "refused" not in new:
            wrong.append((entry.name, role, state, "not on record"))
        if allowed and status == 200 and entry.name not in ONLY_A_WAY and not new:
            wrong.append((entry.name, role, state, "seen without a record"))
    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("state", REPORT_STATES)
def test_what_a_person_wrote_is_shown_only_to_those_who_may_read_it(place: Place, role: str, state: str) -> None:
    person = place.people[role]
    place.put(state, person.name)
    shown = WORDS in person.sees(f"/report/{place.report}").text
    assert shown is (state in rights()["report.read"][role])


@pytest.mark.parametrize("role", [ANALYST, TRANSLATOR, ADMINISTRATOR])
def test_some_roles_get_not_one_word_of_a_report_anywhere(place: Place, role: str) -> None:
    """On every page there is, with and without a key of somebody else open in the process."""
    person = place.people[role]
    for entry in (entry for entry in ENTRIES if entry.method == "GET"):
        path = entry.path.replace("{report}", place.report).replace("{handover}", place.handovers[FORWARDED])
        for state in REPORT_STATES if "{report}" in entry.path else REPORT_STATES[:1]:
            place.put(state, person.name)
            text = person.sees(path.replace("{file}", "none").replace("{language}", "ar")).text
            assert not any(told in text for told in (WORDS, "Bolig ApS", "22 33 44 55"))


def test_a_partner_of_another_body_sees_no_package(place: Place) -> None:
    other = Member(place.people[PARTNER].app, "elsewhere", PARTNER, OTHER_BODY).signs_in().opens_key()
    assert other.sees(f"/forwarded/{place.handovers[FORWARDED]}").status_code == 404
    assert place.handovers[FORWARDED] not in other.page("/forwarded")


def test_an_id_of_another_report_does_not_lead_to_its_package(place: Place, tmp_path: Path) -> None:
    """IDOR: the package is looked for in the report of the address."""
    console = place.console
    filed(Desk(console.store, server_key(console.settings.var)), a_telling(attempt="other"), b"other")
    others = [row.id for row in asyncio.run(console.store.reports.reports()) if row.id != place.report]
    person = place.people[COORDINATOR]
    assert person.sees(f"/report/{others[0]}/handover/{place.handovers[FORWARDED]}").status_code == 404


def test_without_a_session_every_address_leads_to_the_door(place: Place) -> None:
    client = TestClient(place.people[COORDINATOR].app, base_url=AT, follow_redirects=False)
    for entry in ENTRIES:
        path = entry.path.replace("{report}", place.report).replace("{handover}", place.handovers[FORWARDED])
        answer = client.request(entry.method, path.replace("{file}", "x").replace("{language}", "ar"))
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
