"""A store with a team's key, a report whose person named the institute, and what is needed to hand it over."""

import asyncio
import dataclasses
import json
import secrets
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from nacl.public import PrivateKey

from bot.casework.desk import Desk
from bot.casework.handover import Handovers
from bot.casework.keyring import FIRST, TeamKey
from bot.casework.law_file import read_law
from bot.casework.own_report import OwnReports
from bot.casework.partners import Partner
from bot.casework.sealing import ReportKey
from bot.casework.vocabulary import FORWARD_TO, WITH_CONSENT
from bot.errors import NotAllowedError
from bot.language.dates import today
from bot.settings import ROOT, Settings
from bot.store.case_verbs import HandoverRow
from bot.store.key_verbs import HolderRow
from bot.store.report_verbs import ConsentRow
from bot.store.sqlite import SqliteStore
from bot.store.staff_verbs import AccountRow
from tests.keys import keyring_of, make_keys
from tests.reports import VERSIONS, a_telling, filed, opened

KEY = b"k" * 32
LAW = read_law(Settings().content / "law")
INSTITUTE, ADVISER, POLICE = FORWARD_TO
SCHEMA = Draft202012Validator(json.loads((ROOT / "docs" / "handover.schema.json").read_text(encoding="utf-8")))


@dataclasses.dataclass(frozen=True)
class Made:
    """A store as it was once made: opening keys and filing cost a quarter of a second."""

    content: bytes
    team: TeamKey
    receipt: str
    key: ReportKey


@cache
def made() -> Made:
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder) / "store.db")
        team = asyncio.run(keyring_of(store).open(FIRST, make_keys(store).team))
        receipt = filed(Desk(store, KEY), a_telling(forward=[INSTITUTE]))
        key = opened(OwnReports(store, KEY), receipt)
        store.close()
        return Made((Path(folder) / "store.db").read_bytes(), team, receipt, key)


class Handing:
    """`key` is of a report that may be read, answered and passed on to the institute, whose server `partner` is."""

    def __init__(self, folder: Path, url: str = "https://reports.example/", ca: Path | None = None) -> None:
        self.path = folder / "store.db"
        self.path.write_bytes(made().content)
        self.store = SqliteStore(self.path)
        self.team, self.receipt, self.key = made().team, made().receipt, made().key
        self.own = OwnReports(self.store, KEY)
        self.private = PrivateKey.generate()
        self.partner = Partner(INSTITUTE, url, bytes(self.private.public_key), secrets.token_bytes(32), ca)
        self.handovers = Handovers(self.store, self.own, {INSTITUTE: self.partner}, LAW)

    def close(self) -> None:
        self.store.close()

    def report(self, words: str = "It was like this.", **answers: Any) -> ReportKey:
        return opened(self.own, filed(Desk(self.store, KEY), a_telling(words, **answers), secret=b"another"))

    def make(self, key: ReportKey | None = None, body: str = INSTITUTE, **more: Any) -> HandoverRow:
        how = {"mode": WITH_CONSENT, "way": "download", "by_whom": "staff-name-canary", **more}
        return asyncio.run(self.handovers.make((key or self.key).report_id, self.team, body, **how))

    def package(self, row: HandoverRow) -> dict[str, Any]:
        """As staff open it; it is as its schema says."""
        package = asyncio.run(self.handovers.open_for_staff(row.id, self.team))
        SCHEMA.validate(package)
        return package

    def row(self, row: HandoverRow) -> HandoverRow:
        """As it is now."""
        found = asyncio.run(self.store.cases.handover(row.id))
        assert found
        return found

    def states(self, key: ReportKey | None = None) -> dict[str, str]:
        return {row.id: row.state for row in asyncio.run(self.handovers.of((key or self.key).report_id))}

    def consents(self, said: dict[str, str], key: ReportKey | None = None) -> None:
        """As its person says them, with all that follows."""
        asyncio.run(self.own.consent(key or self.key, said, VERSIONS, "da"))

    def notes_consent(self, consent: str, answer: str, key: ReportKey | None = None) -> None:
        """Only the row of it: as if the process had died just after."""
        row = ConsentRow((key or self.key).report_id, consent, answer, "v", "da", today())
        asyncio.run(self.store.reports.consent([row], "", [], drop=()))

    def account(self, name: str, body: str = INSTITUTE, *, active: bool = True) -> PrivateKey:
        """The key of somebody who works for a body."""
        private = PrivateKey.generate()
        row = AccountRow(name, "partner", body, None, None, b"", 0, must_change=False, active=active, made_on=today())
        asyncio.run(self.store.staff.add_account(row, []))
        holder = HolderRow(name, bytes(private.public_key), b"", 0, 0, b"", today())
        asyncio.run(self.store.staff.set_partner_key(holder))
        return private

    def on_disk(self) -> bytes:
        return b"".join(path.read_bytes() for path in sorted(self.path.parent.glob("store.db*")))


def refused(code: str) -> Any:
    return pytest.raises(NotAllowedError, match=f"^{code}$")
