"""Hands a report over to a body as a sealed package, and keeps what became of it. Console only."""

import datetime as dt
import secrets
from collections.abc import Collection, Mapping
from typing import Any

from nacl.public import PrivateKey

from bot.casework.clocks import REFERRED
from bot.casework.consents import newest
from bot.casework.handover_package import Parcel, package
from bot.casework.handover_rules import (
    ACCEPTED,
    DECLINED,
    FAILED,
    LIVE,
    MADE,
    MOST_BYTES,
    RECALLED_LATE,
    SEEN,
    SENT,
    Choice,
    contact_goes_along,
    hindrance,
    modes_of,
    named_body,
    still_stands,
)
from bot.casework.handover_seal import ENDPOINT, keys_of, open_with, sealed_package
from bot.casework.keyring import TeamKey
from bot.casework.law import Body, Law
from bot.casework.own_report import OwnReport, OwnReports
from bot.casework.partners import Partner
from bot.casework.sealing import ReportKey
from bot.casework.vocabulary import (
    BY_CONSOLE,
    BY_DOWNLOAD,
    BY_ENDPOINT,
    HANDOVER_MODES,
    HANDOVER_OUTCOMES,
    HANDOVER_WAYS,
)
from bot.errors import ConversationEndedError, NotAllowedError
from bot.language.dates import today
from bot.store.case_verbs import HandoverKeyRow, HandoverRow, Standing
from bot.store.report_verbs import TEAM
from bot.store.verbs import Store

ANSWERS = (ACCEPTED, DECLINED)


class Handovers:
    """Every refusal is a NotAllowedError with a code of vocabulary.NOT_HANDED_OVER as its text.

    What is gone raises ConversationEndedError.
    """

    def __init__(self, store: Store, own: OwnReports, partners: Mapping[str, Partner], law: Law) -> None:
        self._reports = store.reports
        self._cases = store.cases
        self._staff = store.staff
        self._own = own
        self._partners = partners
        self._law = law

    # Making

    async def choices(self, report_id: str) -> list[Choice]:
        """The bodies to which it may be handed over now, with what is known of them."""
        said = await self._reports.consents(report_id)
        return [
            Choice(
                body=body,
                limits=tuple(self._law.limits_of(body.id)),
                modes=modes,
                ways=await self._ways(body),
                with_contact=contact_goes_along(newest(said), body.id),
            )
            for body in self._law.bodies.values()
            if (modes := modes_of(said, body))
        ]

    async def _ways(self, body: Body) -> tuple[str, ...]:
        open_ways = {
            BY_CONSOLE: bool(await self._accounts(body.id)),
            BY_ENDPOINT: body.id in self._partners,
            BY_DOWNLOAD: True,
        }
        return tuple(way for way in HANDOVER_WAYS if open_ways[way])

    async def make(
        self, report_id: str, team: TeamKey, body: str, *, mode: str, way: str, by_whom: str, with_files: bool = False,
        handover_id: str | None = None,
    ) -> HandoverRow:  # fmt: skip
        """Seal and store a package; with it the report is `referred`, and its clock stands.

        `handover_id`: under which the record names it already.
        Nothing is stored where a consent changed or the team's key was replaced meanwhile.
        """
        _check(mode in HANDOVER_MODES, way in HANDOVER_WAYS)
        report_key = await self._report_key(report_id, team)
        said = await self._reports.consents(report_id)
        if refused := hindrance(said, self._law.bodies.get(body), mode):
            raise NotAllowedError(refused)
        holders = {TEAM: bytes(team.private.public_key), **await self._holders(body, way)}
        parcel = Parcel(handover_id or secrets.token_hex(16), body, mode, today())
        report = await self._own.look(report_key)
        contents = await self._contents(report, report_key) if with_files else None
        key = ReportKey.new(parcel.id)
        row = HandoverRow(
            id=parcel.id,
            report_id=report_id,
            body=body,
            mode=mode,
            way=way,
            state=MADE,
            outcome=None,
            made_on=parcel.on_day,
            by_whom=by_whom,
            changed_on=parcel.on_day,
            sealed=sealed_package(key, package(report, said, parcel, contents)),
            next_try=dt.datetime.now(dt.UTC) if way == BY_ENDPOINT else None,
        )
        rests_on, change = Standing(team.id, len(said)), {"status": REFERRED, "clock_due": None}
        if not await self._cases.hand_over(row, list(keys_of(key, holders)), rests_on, change):
            raise NotAllowedError("changed")
        return row

    async def _report_key(self, report_id: str, team: TeamKey) -> ReportKey:
        row = await self._reports.key(report_id, TEAM)
        if row is None:
            gone = await self._reports.report(report_id) is None
            raise ConversationEndedError("the report is gone") if gone else NotAllowedError("not_readable")
        return ReportKey.opened_by(team.private, report_id, row.sealed)

    async def _holders(self, body: str, way: str) -> dict[str, bytes]:
        """{holder: public key} beside the team."""
        if way == BY_CONSOLE:
            accounts = await self._accounts(body)
            if not accounts:
                raise NotAllowedError("no_account")
            return accounts
        if way == BY_ENDPOINT:
            if body not in self._partners:
                raise NotAllowedError("no_endpoint")
            return {ENDPOINT: self._partners[body].public_key}
        return {}

    async def _accounts(self, body: str) -> dict[str, bytes]:
        """{account: public key}; an account that is called like another kind of holder can have none."""
        rows = await self._staff.partner_keys_of(body)
        return {row.name: row.public for row in rows if row.name not in {TEAM, ENDPOINT}}

    async def _contents(self, report: OwnReport, key: ReportKey) -> dict[str, bytes]:
        if sum(sent.size for sent in report.files) > MOST_BYTES:
            raise NotAllowedError("too_large")
        found = {sent.id: await self._own.file(key, sent.id) for sent in report.files}
        return {file_id: file[1] for file_id, file in found.items() if file}

    # Reading

    async def of(self, report_id: str) -> list[HandoverRow]:
        """In the order of their days, without the packages."""
        return await self._cases.handovers(report_id)

    async def open_for_staff(self, handover_id: str, team: TeamKey) -> dict[str, Any]:
        """The package. One that staff take along counts as sent from then on: nobody can tell who has it."""
        row = await self._standing(handover_id)
        if row.way == BY_DOWNLOAD:
            await self._move(row.id, {"state": SENT}, (MADE,))
        return await self._opened(row.id, TEAM, team.private)

    async def open_for_partner(self, handover_id: str, account_name: str, private: PrivateKey) -> dict[str, Any]:
        """The package, for an active account of the body, which is noted before anything is shown."""
        row, account = await self._standing(handover_id), await self._staff.account(account_name)
        is_theirs = account is not None and account.active and account.body == row.body and row.way == BY_CONSOLE
        is_holder = account_name not in {TEAM, ENDPOINT} and await self._cases.handover_key(row.id, account_name)
        if not is_theirs or not is_holder:
            raise NotAllowedError("not_theirs")
        await self._move(row.id, {"state": SEEN}, (MADE,))
        return await self._opened(row.id, account_name, private)

    async def _opened(self, handover_id: str, holder: str, private: PrivateKey) -> dict[str, Any]:
        """Read after the state was changed: what is taken back before is not shown, what is after counts as late."""
        row = await self._standing(handover_id)
        key: HandoverKeyRow | None = await self._cases.handover_key(handover_id, holder)
        if key is None:
            raise NotAllowedError("not_theirs")
        return open_with(private, row, key)

    async def _standing(self, handover_id: str) -> HandoverRow:
        """One that is there and rests on a consent or duty still; else it is taken back, if it was not."""
        row = await self._cases.handover(handover_id)
        if row is None:
            raise ConversationEndedError("the handover is gone")
        if row.state in LIVE and not still_stands(row, await self._reports.consents(row.report_id)):
            await self.recall(row.report_id)
            raise NotAllowedError("recalled")
        if row.state not in LIVE:
            raise NotAllowedError("recalled")
        return row

    # What becomes of it

    async def answer(self, handover_id: str, state: str) -> None:
        """What the body says, here or by phone: `accepted` or `declined`. Nothing more is sent then."""
        _check(state in ANSWERS)
        await self._standing(handover_id)
        await self._move(handover_id, {"state": state, "next_try": None}, LIVE, refused="recalled")

    async def note_outcome(self, handover_id: str, outcome: str) -> None:
        """What came of it; of one that was taken back too late as well."""
        _check(outcome in HANDOVER_OUTCOMES)
        await self._move(handover_id, {"outcome": outcome}, (*LIVE, RECALLED_LATE), refused="recalled")

    async def send_again(self, handover_id: str) -> None:
        """Begin anew with one that failed, under the same id."""
        await self._standing(handover_id)
        anew = {"state": MADE, "next_try": dt.datetime.now(dt.UTC), "error": None}
        await self._move(handover_id, anew, (FAILED,), refused="wrong_state")

    async def recall(self, report_id: str) -> int:
        """Take back what rests on no consent any more: packages emptied, keys destroyed; how many.

        `recalled` where nothing can have left, `recalled_late` where the body may have a copy, which nobody can undo.
        """
        return await self._cases.recall(report_id, named=named_body(await self._reports.consents(report_id)))

    async def _move(
        self, handover_id: str, values: Mapping[str, Any], only_from: Collection[str], *, refused: str | None = None
    ) -> None:
        dated = {**values, "changed_on": today()}
        moved = await self._cases.change_handover(handover_id, dated, only_from=only_from)
        if not moved and refused:
            gone = await self._cases.handover(handover_id) is None
            raise ConversationEndedError("the handover is gone") if gone else NotAllowedError(refused)


def _check(*rights: bool) -> None:
    if not all(rights):
        raise ValueError("not a code of the vocabulary")
