"""Rows as the desk would make them, for the tests of the store."""

import datetime as dt
import secrets

from bot.store.report_verbs import RECEIPT, REPORTER, ConsentRow, FiledReport, KeyRow, PieceRow, ReportRow
from bot.store.verbs import ReferralRow

DAY = dt.date(2026, 11, 22)
LATER = dt.date(2028, 11, 22)


def a_report(
    receipt_hash: str,
    *,
    grounds: tuple[str, ...] = ("religion_belief", "language"),
    wishes: tuple[str, ...] = ("advice",),
) -> FiledReport:
    report_id = secrets.token_hex(16)
    row = ReportRow(
        id=report_id,
        receipt_hash=receipt_hash,
        received_on=DAY,
        language="ar",
        reporter_role="self",
        incident_when="2026-10",
        district="norrebro",
        area="looking_for_work",
        relation="landlord",
        worse="yes",
        reason="none",
        fair=None,
        keep_until=LATER,
        consent_level="count_only",
        schema_version=2,
    )
    answers = tuple([("ground", code) for code in grounds] + [("wish", code) for code in wishes])
    consent = ConsentRow(report_id, "staff_may_read", "no", "abc", "ar", DAY)
    return FiledReport(row, answers, (a_piece(report_id),), (KeyRow(report_id, RECEIPT, "", b"key"),), (consent,))


def a_piece(report_id: str, kind: str = "narrative", sender: str = REPORTER, sealed: bytes = b"sealed") -> PieceRow:
    return PieceRow(secrets.token_hex(16), report_id, kind, sender, "ar", DAY, sealed)


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
