"""A scanner's run over every page and order of the console, as each role and as a stranger: no fault, no word left."""

import asyncio
import io
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from starlette.testclient import TestClient

from bot.accounts.roles import ADMINISTRATOR, COORDINATOR, PARTNER, TRANSLATOR
from bot.engine.logs import configure_logs
from bot.web.console.app import ENTRIES
from tests.console.description import described
from tests.console.member import AT, Member
from tests.console.office import Office, check, open_office

SHORT, LONG = 120, 10_000
STRANGER = "stranger"
WHO = (COORDINATOR, COORDINATOR, STRANGER, PARTNER, ADMINISTRATOR, TRANSLATOR)


@dataclass
class Scan:
    """Each request is sent as somebody, with the word of their session in place of one that is made up."""

    office: Office
    log: io.StringIO
    clients: dict[str, httpx.Client] = field(default_factory=dict)
    forms: dict[str, str] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)

    def send(self, who: str, method: str, url: str, **given: Any) -> None:
        client = self.client(who)
        data = given.pop("data", None)
        if isinstance(data, dict):
            data = {name: str(value) for name, value in data.items()} | {"form": self.forms.get(who, "0" * 32)}
        answer = client.request(method, url, data=data, **given)
        self.statuses[answer.status_code] += 1
        check(answer)
        if answer.headers.get("location") == "/sign-in":
            self.clients.pop(who, None)

    def client(self, who: str) -> httpx.Client:
        if who not in self.clients:
            self.clients[who] = self._stranger() if who == STRANGER else self._signed_in(self.office.people[who])
        return self.clients[who]

    def _stranger(self) -> httpx.Client:
        return TestClient(self.office.app, base_url=AT, follow_redirects=False)

    def _signed_in(self, person: Member) -> httpx.Client:
        """A scan may have changed their phone."""
        person.person.totp = asyncio.run(person.console.accounts.new_phone(person.name))
        person.signs_in()
        if person.person.passphrase:
            person.opens_key()
        self.forms[person.role] = person.form
        return person.client


@pytest.fixture(scope="module")
def scan(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scan]:
    log = io.StringIO()
    with redirect_stderr(log):
        configure_logs("DEBUG")
    with open_office(tmp_path_factory.mktemp("scan")) as office:
        yield Scan(office, log)
    configure_logs("WARNING")


def cases(office: Office) -> st.SearchStrategy[Any]:
    """Requests that the description allows, and such as it forbids."""
    known = {name: [value] for name, value in office.ids.items()}
    known["handover"] = [office.ids["forwarded"], office.ids["taken"]]
    description = described(ENTRIES, known)
    schema = schemathesis.openapi.from_dict(description)
    operations = [schema[path][method] for path, item in description["paths"].items() for method in item]
    return st.one_of([it.as_strategy(generation_mode=mode) for it in operations for mode in GenerationMode])


def run(scan: Scan, times: int, expected: set[int]) -> None:
    def sends(case: Any, who: str) -> None:
        given = case.as_transport_kwargs(base_url=AT)
        del given["headers"]["Accept-Encoding"], given["cookies"]
        scan.send(who, given.pop("method"), given.pop("url"), **given)

    common = settings(
        max_examples=times, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck), derandomize=times == SHORT,
    )  # fmt: skip
    common(given(cases(scan.office), st.sampled_from(WHO))(sends))()
    assert scan.statuses.total() >= times
    assert set(scan.statuses) >= expected, scan.statuses
    assert "error" not in scan.log.getvalue(), scan.log.getvalue()[-2_000:]
    assert scan.client(COORDINATOR).get(scan.office.case.path).status_code == 200


def test_every_entry_is_described() -> None:
    paths = described(ENTRIES, {})["paths"]
    assert sum(len(item) for item in paths.values()) == len({(it.path, it.method) for it in ENTRIES})
    for entry in ENTRIES:
        named = {it["name"] for it in paths[entry.path][entry.method.lower()]["parameters"] if it["in"] == "path"}
        assert all(f"{{{name}}}" in entry.path for name in named)


@pytest.mark.slow
def test_hundreds_of_scanned_requests_find_no_fault(scan: Scan) -> None:
    run(scan, SHORT, {200, 303, 403, 404, 422})


@pytest.mark.long
def test_ten_thousand_scanned_requests_find_no_fault(scan: Scan) -> None:
    run(scan, LONG, {200, 303, 401, 403, 404, 422})
