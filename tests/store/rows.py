"""Rows as the desk would make them, for the tests of the store."""

import datetime as dt
import secrets

from bot.store.verbs import ReferralRow, ReportRow

DAY = dt.date(2026, 11, 22)


def a_report(
    receipt_hash: str,
    *,
    grounds: tuple[str, ...] = ("religion_belief", "language"),
    wishes: tuple[str, ...] = ("advice",),
) -> ReportRow:
    return ReportRow(
        id=secrets.token_hex(16),
        receipt_hash=receipt_hash,
        received_on=DAY,
        language="ar",
        reporter_role="self",
        incident_when="2026-10",
        district="norrebro",
        area="looking_for_work",
        schema_version=1,
        grounds=grounds,
        wishes=wishes,
    )


def a_referral(mark: str, row_id: str | None = None) -> ReferralRow:
    return ReferralRow(
        id=row_id or secrets.token_hex(16),
        mark=mark,
        made_on=DAY,
        service="danskuddannelse",
        effort="danish",
        need="danish_start",
        language="da",
        residence="work",
        cpr=None,
        district="valby",
    )
