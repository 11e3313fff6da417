"""Where the chat hands over what is to be kept: a report, or that somebody was guided somewhere."""

import datetime as dt
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from bot.casework.receipt import in_groups, receipt_for, receipt_hash, referral_mark
from bot.casework.report import Report
from bot.store.verbs import ReferralRow, ReportRow, Store

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Guided:
    """That a resident was shown a service for a need, in the situation they chose to tell."""

    service: str
    need: str
    effort: str | None
    residence: str | None
    cpr: str | None
    district: str | None


class Desk:
    def __init__(self, store: Store, server_key: bytes) -> None:
        self._store = store
        self._key = server_key

    async def file(self, report: Report, conversation_secret: bytes, attempt: str) -> str:
        """Store the report and return its receipt in groups of four digits, only after the commit.

        Filing the same attempt again stores nothing more and returns the same receipt. Raises NotSavedError.
        """
        receipt = receipt_for(self._key, conversation_secret, attempt)
        row = ReportRow(
            id=secrets.token_hex(16),
            receipt_hash=receipt_hash(self._key, receipt),
            received_on=today(),
            language=report.language,
            reporter_role=report.role,
            incident_when=report.when,
            district=report.district,
            area=report.area,
            schema_version=SCHEMA_VERSION,
            grounds=report.grounds,
            wishes=(report.wish,),
        )
        await self._store.file_report(row)
        return in_groups(receipt)

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
            )
            for item in guided
        ]
        await self._store.log_referrals(rows)


def today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()
