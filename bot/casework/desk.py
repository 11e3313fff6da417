"""Where the chat hands over what is to be kept: a report, a question, or that somebody was guided somewhere."""

import datetime as dt
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.casework.clocks import NEW, Clocks
from bot.casework.consents import consent_rows, keys_for, level_of
from bot.casework.keyring import Keyring, sealed_question
from bot.casework.receipt import (
    SLIP_DIGITS,
    ReceiptKeys,
    digits_of,
    in_groups,
    receipt_for,
    referral_mark,
    slip_code,
    slip_hash,
    stretch,
    visit_mark,
)
from bot.casework.report import Report
from bot.casework.retention import keep_until
from bot.casework.sealing import ReportKey
from bot.casework.telling import Telling
from bot.casework.vocabulary import MET, STEPS, UNSURE
from bot.language.dates import today
from bot.language.figures import masked
from bot.store.report_verbs import REPORTER, FiledReport, PausedRow, PieceRow, QuestionRow, ReportRow
from bot.store.verbs import OutcomeRow, ReferralRow, SlipRow, Store

SCHEMA_VERSION = 2
PAUSED_DAYS = 14


@dataclass(frozen=True)
class Guided:
    """That a resident was shown a service for a need, in the situation they chose to tell."""

    service: str
    need: str
    effort: str | None
    residence: str | None
    cpr: str | None
    district: str | None


@dataclass(frozen=True)
class Outcome:
    """What somebody did with a place on their slip, and how they were met there; values as in the vocabulary."""

    code: str
    service: str
    step: str
    met: int | None = None

    @property
    def is_right(self) -> bool:
        in_code = digits_of(self.code, SLIP_DIGITS)
        return bool(in_code) and self.step in STEPS and (self.met is None or self.met in MET)


@dataclass(frozen=True, repr=False)
class Filing:
    """A receipt, before anybody may see it."""

    receipt: str
    keys: ReceiptKeys


class Desk:
    def __init__(self, store: Store, server_key: bytes, clocks: Clocks | None = None) -> None:
        self._store = store
        self._key = server_key
        self._clocks = clocks or Clocks()
        self._keyring = Keyring(store)

    # Reports

    async def begin_filing(self, telling: Telling, conversation_secret: bytes) -> Filing:
        """The receipt of this attempt, the same each time; nothing is stored yet."""
        receipt = telling.receipt or receipt_for(self._key, conversation_secret, telling.attempt)
        return Filing(receipt, await stretch(self._key, receipt))

    async def file(self, filing: Filing, report: Report, versions: Mapping[str, str]) -> str:
        """Seal and store the report; its receipt in groups of four digits, only after the commit.

        `versions` tells the text of each consent. Filing again stores nothing more and returns the same receipt.
        Raises NotSavedError.
        """
        public = await self._keyring.public_keys()
        key = ReportKey.new(secrets.token_hex(16))
        row = self._row(key.report_id, filing.keys.lookup, report)
        filed = FiledReport(
            row=row,
            answers=tuple((question, code) for question, codes in report.several.items() for code in codes),
            pieces=tuple(_piece(key, part, text, report.language) for part, text in report.texts.items()),
            keys=tuple(keys_for(key, public, report.consents, filing.keys.secret)),
            consents=tuple(consent_rows(key.report_id, report.consents, versions, report.language)),
        )
        await self._store.reports.file(filed)
        return in_groups(filing.receipt)

    def _row(self, report_id: str, lookup: str, report: Report) -> ReportRow:
        row = ReportRow(
            id=report_id,
            receipt_hash=lookup,
            received_on=today(),
            keep_until=today(),
            **columns_of(report),
            **self._clocks.started(NEW, today()),
        )
        return replace(row, keep_until=keep_until(row))

    async def is_filed(self, lookup: str) -> bool:
        return await self._store.reports.id_of(lookup) is not None

    async def pause(self, telling: Telling, conversation_secret: bytes) -> str:
        """Keep an unfinished report under a receipt that alone opens it; the receipt. Raises NotSavedError."""
        filing = await self.begin_filing(telling, conversation_secret)
        own = ReportKey(filing.keys.lookup, filing.keys.secret)
        sealed = own.seal("paused", json.dumps(vars(telling), ensure_ascii=False))
        until = today() + dt.timedelta(days=PAUSED_DAYS)
        await self._store.reports.pause(PausedRow(filing.keys.lookup, until, sealed))
        return in_groups(filing.receipt)

    async def drop_paused(self, receipt: str) -> None:
        """Delete what was paused under a receipt. Raises NotSavedError."""
        keys = await stretch(self._key, receipt)
        await self._store.reports.drop_paused(keys.lookup)

    # Referrals, slips, questions

    async def keep_question(self, text: str, language: str) -> None:
        """Keep a question that was not understood, its numbers hidden, sealed to the team. Raises NotSavedError."""
        public = await self._keyring.public_keys()
        sealed = sealed_question(public, masked(text))
        row = QuestionRow(secrets.token_hex(16), language, today(), public.team_id, sealed)
        await self._store.reports.keep_question(row)

    async def count(self, guided: Iterable[Guided], language: str, conversation_secret: bytes) -> None:
        """Store each referral once a conversation. Raises NotSavedError."""
        rows = [
            ReferralRow(
                id=secrets.token_hex(16),
                mark=referral_mark(self._key, conversation_secret, item.need, item.service),
                made_on=today(),
                service=item.service,
                effort=item.effort,
                need=item.need,
                language=language,
                residence=item.residence,
                cpr=item.cpr,
                district=item.district,
                visit=visit_mark(self._key, conversation_secret),
            )
            for item in guided
        ]
        await self._store.log_referrals(rows)

    async def enter(self, code: str, language: str) -> None:
        """Count that a conversation began from a sign, letter or film. Raises NotSavedError."""
        await self._store.count_entry(today(), code, language)

    async def note(self, kind: str, code: str, language: str) -> None:
        """Count that something happened today, and nothing of who it happened to. Raises NotSavedError."""
        await self._store.statistics.tally(today(), kind, code, language)

    async def make_slip(self, need: str, services: Iterable[str], language: str, conversation_secret: bytes) -> str:
        """Store a slip with its places; its code in groups of four digits. Raises NotSavedError."""
        code = slip_code(self._key, conversation_secret, need)
        hashed = slip_hash(self._key, code)
        await self._store.make_slip([SlipRow(hashed, service, need, language, today()) for service in services])
        return in_groups(code)

    async def places_of_slip(self, code: str) -> dict[str, str | None]:
        """{service: what was said of it last}; empty for a code that is on no slip."""
        digits = digits_of(code, SLIP_DIGITS)
        return await self._store.places_of_slip(slip_hash(self._key, digits)) if digits else {}

    async def tell_outcomes(self, told: Iterable[Outcome]) -> int:
        """Keep what the holders of slips say; how many places that were on a slip. Raises NotSavedError."""
        rows = [
            OutcomeRow(slip_hash(self._key, digits_of(it.code, SLIP_DIGITS)), it.service, it.step, it.met, today())
            for it in told
        ]
        return await self._store.tell_outcomes(rows)


def columns_of(report: Report) -> dict[str, Any]:
    """What a report says of itself in the columns of its row."""
    codes = {question: code or UNSURE for question, code in report.codes.items()}
    same = ("district", "area", "relation", "worse", "reason")
    return {
        "language": report.language,
        "reporter_role": codes["role"],
        "incident_when": codes["when"],
        **{name: codes[name] for name in same},
        "fair": report.codes["fair"],
        "consent_level": level_of(report.consents),
        "schema_version": SCHEMA_VERSION,
    }


def _piece(key: ReportKey, part: str, text: str, language: str) -> PieceRow:
    piece_id = secrets.token_hex(16)
    return PieceRow(piece_id, key.report_id, part, REPORTER, language, today(), key.seal(f"{part}/{piece_id}", text))
