"""A report on a coordinator's desk, for tests of what goes out to a body and comes back."""

import asyncio
import secrets
from dataclasses import dataclass
from typing import Any

from bot.casework.desk import Desk
from bot.casework.own_report import OwnReports
from bot.casework.sealing import ReportKey
from bot.casework.vocabulary import FORWARD_TO
from bot.store.case_verbs import HandoverRow
from bot.store.secrets import server_key
from tests.casework.handing import SCHEMA
from tests.console.conftest import events
from tests.console.member import Member
from tests.reports import VERSIONS, WORDS, a_telling, filed, opened

INSTITUTE, ADVISER, POLICE = FORWARD_TO
_MARKS = dict.fromkeys(range(0x2066, 0x206A))


@dataclass(frozen=True)
class Case:
    """A new report, whose person named a body; `staff` is who works on it."""

    staff: Member
    own: OwnReports
    key: ReportKey

    @property
    def path(self) -> str:
        return f"/report/{self.key.report_id}"

    def hands_over(self, body: str = INSTITUTE, mode: str = "with_consent", way: str = "console", **more: str) -> str:
        """What is said after it."""
        sent = self.staff.orders(f"{self.path}/hand-over", body=body, mode=mode, way=way, **more)
        assert sent.status_code == 303, sent.text
        return sent.headers["location"].rpartition("said=")[2]

    def package(self, **more: str) -> HandoverRow:
        known = {it.id for it in self.rows}
        assert self.hands_over(**more) == "said.handed_over"
        (made,) = [it for it in self.rows if it.id not in known]
        return made

    @property
    def rows(self) -> list[HandoverRow]:
        return asyncio.run(self.staff.console.handovers.of(self.key.report_id))

    def row(self, row: HandoverRow) -> HandoverRow:
        """As it is now."""
        return next(it for it in self.rows if it.id == row.id)

    def says(self, consent: str, answer: str) -> None:
        """As its person does, with all that follows."""
        asyncio.run(self.own.consent(self.key, {consent: answer}, VERSIONS, "da"))

    @property
    def events(self) -> list[str]:
        return events(self.staff.console, self.key.report_id)


def new_case(staff: Member, names: str = INSTITUTE) -> Case:
    console = staff.console
    key = server_key(console.settings.var)
    attempt = secrets.token_hex(8)
    receipt = filed(Desk(console.store, key), a_telling(WORDS, attempt=attempt, forward=[names]), attempt.encode())
    own = OwnReports(console.store, key)
    return Case(staff, own, opened(own, receipt))


def read(person: Member, path: str) -> str:
    """A page without the marks that keep names of one direction together."""
    return person.page(path).translate(_MARKS)


def as_json(person: Member, path: str) -> dict[str, Any]:
    """A package as a download; it is as its schema says."""
    answer = person.sees(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    package: dict[str, Any] = answer.json()
    SCHEMA.validate(package)
    return package
