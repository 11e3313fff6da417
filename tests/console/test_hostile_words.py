"""Hostile words in every field of every order of the console: no fault, no markup, nothing on record or in a log."""

import asyncio
import io
import re
from collections.abc import Iterator
from contextlib import redirect_stderr
from typing import Any

import pytest

from bot.accounts.roles import ADMINISTRATOR, COORDINATOR, PARTNER
from bot.casework.desk import Desk
from bot.engine.logs import configure_logs
from bot.settings import ROOT
from bot.store.secrets import server_key
from bot.web.console.app import ENTRIES
from tests.console.case import INSTITUTE, new_case
from tests.console.office import Office, check, check_page, open_office
from tests.console.orders import ENDS, FIELDS, Order, orders
from tests.console.page import NO_MARKS, Page
from tests.reports import a_telling, filed, opened

CANARY = "kanariefugl7c1e"
"""Stands in what is sent, where neither cutting nor stripping removes it."""
MARKUP = f'{CANARY}</textarea></title>"><x-canary onload=alert(1)>'
TEMPLATE, RENDERED = "{{ '#' * 9 }}{% for x in", "#########"
TURNED = f"\u202e{CANARY}\u2066"
HOSTILE = {
    "markup": MARKUP,
    "an attribute": f"{CANARY}\" autofocus onfocus='alert(1)' x=\"",
    "a template": TEMPLATE,
    "sql": f"{CANARY}' OR 1=1; DROP TABLE account; --",
    "a cell": f"=cmd|' /C calc'!A0{CANARY}",
    "a header": f"x\r\nSet-Cookie: {CANARY}=1\r\n\r\n",
    "nul": f"\0{CANARY}\0",
    "marks": "e" + "\u0301" * 5_000,
    "turned": TURNED,
    "no character": "\uffff\ufdd0\U0010ffff",
    "a jump": f"//{CANARY}.example/",
    "a scheme": f"javascript:alert('{CANARY}')",
    "a way": "../../../../etc/passwd\0",
    "braces": "{name} {0} %s %(x)s",
    "long": "x" * 150_000,
    "digits": "9" * 5_000,
    "nothing": "",
    "space": " \t\u00a0\u3000 ",
    "folded": "㍿İıſ" * 300,
}


SHOWN = [
    (COORDINATOR, "/queue"), (COORDINATOR, "/report/{report}"), (COORDINATOR, "/report/{report}/history"),
    (COORDINATOR, "/audit"), (COORDINATOR, "/keys"), (COORDINATOR, "/questions?sorted=yes"),
    (ADMINISTRATOR, "/accounts"), (PARTNER, "/forwarded"), (PARTNER, "/forwarded/{handover}"),
]  # fmt: skip
"""Pages on which something of it could stand, to whom."""


@pytest.fixture(scope="module")
def log() -> Iterator[io.StringIO]:
    """All that is logged, at the level that says most."""
    log = io.StringIO()
    with redirect_stderr(log):
        configure_logs("DEBUG")
    yield log
    configure_logs("WARNING")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, log: io.StringIO) -> Iterator[Office]:
    with open_office(tmp_path_factory.mktemp("attacked")) as office:
        yield office


def test_every_order_and_every_field_that_is_read_is_attacked() -> None:
    assert {name for name, _ in FIELDS} == {entry.name for entry in ENTRIES if entry.method == "POST"} - {ENDS}
    read = re.compile(r'fields(?:\.get\(|\[)"([a-z_]+)"|_(?:code|text)\(visit, "([a-z_]+)"')
    rooms = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot/web/console").glob("*.py"))
    named = {first or second for first, second in read.findall(rooms)} - {"form"}
    assert named <= {name for order in orders() for name in order.fields}
    assert len(named) > 30


def attacks(order: Order, hostile: str) -> Iterator[dict[str, str]]:
    """One field is spoiled at a time, then all, then one that nobody asks for."""
    for name in order.fields:
        yield {**order.fields, name: hostile}
    yield dict.fromkeys(order.fields, hostile)
    yield {**order.fields, hostile[:50]: hostile[:50], "next": hostile}


def sent(office: Office, order: Order, fields: dict[str, str], form: str) -> Any:
    path = office.path(order.path, order.role)
    return office.people[order.role].client.post(path, data={**fields, "form": form})


@pytest.mark.slow
@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param(word, marks=() if place % 3 == 0 else pytest.mark.long, id=name)
        for place, (name, word) in enumerate(HOSTILE.items())
    ],
)
def test_a_hostile_word_in_any_field_is_no_fault_and_no_markup(office: Office, log: io.StringIO, hostile: str) -> None:
    forms = {role: person.form for role, person in office.people.items()}
    for order in orders():
        for fields in attacks(order, hostile):
            answer = sent(office, order, fields, forms[order.role])
            check(answer)
            assert answer.headers.get("location") != "/sign-in", order
            assert "set-cookie" not in answer.headers
            assert RENDERED not in answer.text
    for role, path in SHOWN:
        check(office.people[role].client.get(office.path(path, role)))
    assert "error" not in log.getvalue(), log.getvalue()[-2_000:]
    assert CANARY not in log.getvalue()


def test_a_handful_of_hostile_words_in_all_fields_is_no_fault(office: Office, log: io.StringIO) -> None:
    """The short form of the test above, for every run."""
    forms = {role: person.form for role, person in office.people.items()}
    for order in orders():
        for name in ("markup", "nul", "long"):
            check(sent(office, order, dict.fromkeys(order.fields, HOSTILE[name]), forms[order.role]))
    assert "error" not in log.getvalue(), log.getvalue()[-2_000:]


def plain(text: str) -> str:
    """As a page has it, without marks of direction and with single spaces."""
    return " ".join(text.translate(NO_MARKS).split())


@pytest.mark.parametrize("hostile", [MARKUP, TEMPLATE, TURNED], ids=["markup", "a template", "turned"])
def test_what_staff_write_is_shown_as_they_wrote_it(office: Office, hostile: str) -> None:
    kim, case = office.people[COORDINATOR], new_case(office.people[COORDINATOR])
    kim.orders(f"{case.path}/note", text=hostile)
    kim.orders(f"{case.path}/coverage", result="covered_unclear", reason=hostile)
    kim.orders(f"{case.path}/answer", text=hostile, language="en", after="in_review")
    kim.orders(f"{case.path}/labels", labels=hostile[:40])
    kim.orders("/queue/views", name=hostile[:60], chosen="status=new")
    page = check_page(kim.page(case.path))
    assert page.text.count(plain(hostile)) >= 3
    assert [plain(it.attributes["value"]) for it in page.all("input", name="labels")] == [plain(hostile[:40])]
    assert plain(hostile[:60]) in check_page(kim.page("/queue")).text


def test_what_a_person_told_is_shown_as_they_told_it_to_staff_and_to_the_body(office: Office) -> None:
    kim, console = office.people[COORDINATOR], office.console
    telling = a_telling(
        MARKUP, attempt="hostile", organisation=[MARKUP], value=[MARKUP], times=[MARKUP], forward=[INSTITUTE]
    )
    desk = Desk(console.store, server_key(console.settings.var))
    at = f"/report/{opened(office.case.own, filed(desk, telling, b'hostile')).report_id}"
    assert check_page(kim.page(at)).text.count(CANARY) >= 4
    kim.orders(f"{at}/hand-over", body=INSTITUTE, mode="with_consent", way="console")
    (row,) = asyncio.run(console.handovers.of(at.removeprefix("/report/")))
    page: Page = check_page(office.people[PARTNER].page(f"/forwarded/{row.id}"))
    assert page.text.count(CANARY) >= 3


def test_what_people_write_stands_neither_on_record_nor_in_a_log(office: Office, log: io.StringIO) -> None:
    forms = {role: person.form for role, person in office.people.items()}
    for order in orders():
        for fields in attacks(order, f"{CANARY} ø"):
            sent(office, order, fields, forms[order.role])
    stored = asyncio.run(office.console.store.audit.newest(10_000))
    assert [it for it in stored if CANARY in f"{it.object}{it.detail}"] == []
    assert CANARY not in log.getvalue()
