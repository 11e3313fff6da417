"""A console with everything on it: somebody of every role, a report with all its parts, a package, a question."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.accounts.roles import COORDINATOR, PARTNER, ROLES
from bot.casework.desk import Desk
from bot.settings import Settings
from bot.store.secrets import server_key
from bot.web.brake import Brake
from bot.web.console.app import make_console
from bot.web.console.desk import Console
from bot.web.console.frame import Entry
from bot.web.guard import HEADERS
from tests.console.case import INSTITUTE, Case, new_case
from tests.console.member import Member
from tests.console.orders import LANGUAGE, MEASURE
from tests.console.page import Page
from tests.keys import make_keys

NO_BRAKE = 10**9
ENDED = 500


@dataclass(frozen=True)
class Office:
    app: Any
    people: Mapping[str, Member]
    """{role: somebody who is signed in, with their key open where the role has one}."""
    case: Case
    ids: Mapping[str, str]
    """{parameter of a path: what leads somewhere}."""

    @property
    def console(self) -> Console:
        console: Console = self.app.state.console
        return console

    def path(self, path: str, role: str = COORDINATOR) -> str:
        """With the ids that lead somewhere for this role."""
        for name, value in self.ids.items():
            path = path.replace(f"{{{name}}}", value)
        return path.replace("{handover}", self.ids["forwarded"] if role == PARTNER else self.ids["taken"])

    def pages(self, entries: tuple[Entry, ...], role: str) -> Iterator[str]:
        """The address of every page."""
        yield from (self.path(entry.path, role) for entry in entries if entry.method == "GET")


@contextmanager
def open_office(var: Path) -> Iterator[Office]:
    app: Any = make_console(Settings(var=var))
    console: Console = app.state.console
    console.first = make_keys(console.store)  # type: ignore[attr-defined]
    console.brake = console.address_brake = Brake(free=NO_BRAKE)
    people = {role: Member(app, role, role, INSTITUTE if role == PARTNER else None) for role in ROLES}
    for name, role in (("other", "analyst"), ("spare", "caseworker")):
        Member(app, name, role)
    for person in people.values():
        person.signs_in()
        if person.person.passphrase:
            person.opens_key()
    case = new_case(people[COORDINATOR])
    asyncio.run(case.own.add_file(case.key, b"a file", "text/plain", "one", cleaned=False))
    asyncio.run(Desk(console.store, server_key(var)).keep_question("Where do I learn?", "en"))
    yield Office(app, people, case, _ids(case))
    console.close()


def _ids(case: Case) -> dict[str, str]:
    store = case.staff.console.store
    (question,) = asyncio.run(store.reports.questions())
    (file,) = asyncio.run(case.own.look(case.key)).files
    return {
        "report": case.key.report_id, "file": file.id, "question": question.id, "language": LANGUAGE,
        "measure": MEASURE,
        "forwarded": case.package().id, "taken": case.package(way="download").id,
    }  # fmt: skip


def check(answer: Any) -> None:
    """What holds for every answer of the console, whatever was asked."""
    assert answer.status_code < ENDED, (answer.request.method, answer.url, answer.status_code)
    for name, value in HEADERS.items():
        assert answer.headers.get(name) == value, (answer.url, name)
    if not answer.url.path.startswith("/static/"):
        assert answer.headers["cache-control"] == "no-store", answer.url
    assert answer.headers.get("location", "/").startswith("/"), answer.headers
    assert not answer.headers.get("location", "/").startswith("//"), answer.headers
    assert "Traceback" not in answer.text
    if answer.headers.get("content-type", "").startswith("text/html") and answer.request.method != "HEAD":
        check_page(answer.text)


def check_page(text: str) -> Page:
    """No script or style of its own, no handler, no other host, and the word of the session in every order."""
    page = Page(text)
    for element in page.elements:
        assert element.tag not in {"script", "style", "iframe", "object", "embed", "base", "x-canary"}, element
        for name, value in element.attributes.items():
            assert name != "style", element
            assert not name.startswith("on"), element
            if name in {"href", "src", "action", "formaction", "data", "poster", "srcset", "background"}:
                assert value[:1] in {"/", "?", "#"}, element
                assert value[:2] != "//", element
    for form in page.all("form", method="post"):
        is_door = form.attributes["action"] in {"/sign-in", "/sign-on"}
        assert is_door or page.all("input", inside=form, type="hidden", name="form"), form
    return page
