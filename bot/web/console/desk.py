"""What the console's pages work with: the store's verbs by errand, the words, and who sits there."""

import asyncio
import datetime as dt

from bot.accounts.accounts import Accounts
from bot.accounts.provider import provider_of
from bot.accounts.sign_on import SignOn
from bot.audit.anchor import Anchor
from bot.audit.journal import Journal
from bot.casework.caseload import Caseload
from bot.casework.clocks import Clocks
from bot.casework.delivery import Delivery
from bot.casework.handover import Handovers
from bot.casework.handover_rules import DECLINED, FAILED
from bot.casework.keyring import Keyring
from bot.casework.law_file import read_law
from bot.casework.office import Office
from bot.casework.own_report import OwnReports
from bot.casework.partner_keys import PartnerKeys
from bot.casework.partners import read_partners
from bot.casework.questions import Questions
from bot.casework.retention import PROGRAM, delete_expired
from bot.directory.services import read_directory
from bot.language.languages import find_languages
from bot.settings import Settings
from bot.store.case_verbs import HandoverRow
from bot.store.opening import open_store
from bot.store.secrets import server_key
from bot.web.brake import Brake
from bot.web.console.seats import Seats
from bot.web.console.words import Words
from bot.web.figures import Figures


class Console:
    """Everything behind the pages, made once at start."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store = open_store(settings)
        self.simulated = asyncio.run(self.store.statistics.simulated())
        """Everything in the store is invented; every page says so."""
        key, clocks = server_key(settings.var), Clocks.of(settings)
        own = OwnReports(self.store, key, clocks)
        self.law = read_law(settings.content / "law")
        self.directory = read_directory(settings.content)
        self.accounts = Accounts(self.store.staff, key)
        self.journal = Journal(self.store.audit, Anchor(settings.var / settings.anchor))
        self.keyring = Keyring(self.store)
        self.partner_keys = PartnerKeys(self.store.staff)
        self.caseload = Caseload(self.store, clocks)
        self.office = Office(self.store, own, clocks)
        partners = read_partners(settings.partners, self.law)
        self.handovers = Handovers(self.store, own, partners, self.law)
        self.delivery = Delivery(self.store, partners, self._note_attempt)
        self.questions = Questions(self.store, list(self.directory.needs))
        self.languages = find_languages(settings.locales, settings.data / "nlu")
        self.words = Words(settings, self.languages)
        self.figures = Figures(settings, self.directory, self.words, self.languages)
        self.seats = Seats(settings)
        self.brake = Brake(free=5, most_waiting=2)
        """By account: a few wrong words cost nothing, then each costs seconds."""
        self.address_brake = Brake()
        provider = provider_of(settings)
        self.sign_on = SignOn(provider) if provider else None

    async def _note_attempt(self, row: HandoverRow, outcome: str) -> None:
        await self.journal.note(
            "", PROGRAM, "handover_sent", row.report_id, handover=row.id, attempt=row.attempts, outcome=outcome
        )
        if row.state in {FAILED, DECLINED}:
            await self.caseload.comes_back(row.report_id)

    async def delete_expired(self, day: dt.date) -> None:
        await delete_expired(self.store, self.journal, day)

    def close(self) -> None:
        self.store.close()
