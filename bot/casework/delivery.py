"""Sends packages to the servers of bodies: each until it has arrived, under the same id and in the same bytes."""

import asyncio
import datetime as dt
import random
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from bot.casework.endpoint import HTTP, NO_ENDPOINT, PATIENT, TAKEN, Answer, Patience, message, post, signed_headers
from bot.casework.handover_rules import DECLINED, FAILED, SENDING, SENT, named_body, still_stands
from bot.casework.handover_seal import ENDPOINT
from bot.casework.partners import Partner
from bot.store.case_verbs import HandoverRow
from bot.store.verbs import Store

LEAST_WAIT, MOST_WAIT = dt.timedelta(minutes=1), dt.timedelta(hours=12)
KEPT_TRYING = dt.timedelta(days=7)
TRIES_WHEN_REFUSED = 3
LEASE = dt.timedelta(minutes=15)
"""So long a process that sends has it to itself; longer than an attempt can take."""

type OnAttempt = Callable[[HandoverRow, str], Awaitable[None]]
"""Told of each attempt: the row as it is after it, and `sent` or why it was not (as in `HandoverRow.error`)."""


class Delivery:
    def __init__(
        self, store: Store, partners: Mapping[str, Partner], on_attempt: OnAttempt, patience: Patience = PATIENT
    ) -> None:
        self._reports = store.reports
        self._cases = store.cases
        self._partners = partners
        self._on_attempt = on_attempt
        self._patience = patience

    async def send_due(self, now: dt.datetime) -> int:
        """Send all whose time has come; how many were tried. Any number of processes may do so at once.

        A body's packages go one after the other, those of several bodies side by side. Raises NotSavedError, after
        the others were tried: what was sent and could not be noted is sent again.
        """
        begun = time.monotonic()
        rows: dict[str, list[HandoverRow]] = defaultdict(list)
        for row in await self._cases.to_send(now):
            rows[row.body].append(row)

        def clock() -> dt.datetime:
            return now + dt.timedelta(seconds=time.monotonic() - begun)

        tried = await asyncio.gather(*(self._send_all(some, clock) for some in rows.values()), return_exceptions=True)
        for failed in tried:
            if isinstance(failed, BaseException):
                raise failed
        return sum(count for count in tried if isinstance(count, int))

    async def _send_all(self, rows: list[HandoverRow], clock: Callable[[], dt.datetime]) -> int:
        return sum([await self._send(row, clock) for row in rows])

    async def _send(self, row: HandoverRow, clock: Callable[[], dt.datetime]) -> bool:
        """False where it was not tried: another process was quicker, or it was taken back."""
        said = await self._reports.consents(row.report_id)
        if not still_stands(row, said):
            await self._cases.recall(row.report_id, named=named_body(said))
            return False
        at = clock()
        claimed = await self._cases.claim(row, at + LEASE, at.date())
        if claimed is None:
            return False
        answer = await self._attempt(claimed, at)
        changes = after(claimed, answer, clock())
        noted = await self._cases.note_attempt(claimed, changes)
        changed = replace(claimed, **changes) if noted else await self._cases.handover(row.id)
        await self._on_attempt(changed or claimed, answer.code)
        return True

    async def _attempt(self, row: HandoverRow, at: dt.datetime) -> Answer:
        partner, key = self._partners.get(row.body), await self._cases.handover_key(row.id, ENDPOINT)
        if partner is None or key is None:
            return Answer(NO_ENDPOINT)
        body = message(row, key.sealed)
        headers = signed_headers(partner.secret, row.id, int(at.timestamp()), body)
        return await asyncio.to_thread(post, partner, headers, body, self._patience)


def after(row: HandoverRow, answer: Answer, now: dt.datetime) -> dict[str, Any]:
    """Columns of `handover` after an attempt; `row` counts it already, and has the error of the one before."""
    if answer.code == TAKEN:
        return {"state": SENT, "next_try": None, "error": None, "changed_on": now.date()}
    if answer.status == HTTPStatus.GONE:
        return {"state": DECLINED, "next_try": None, "error": answer.code, "changed_on": now.date()}
    if _is_given_up(row, answer, now):
        return {"state": FAILED, "next_try": None, "error": answer.code, "changed_on": now.date()}
    return {"state": SENDING, "next_try": now + _wait(row.attempts, answer), "error": answer.code}


def _is_given_up(row: HandoverRow, answer: Answer, now: dt.datetime) -> bool:
    """After a week; or at the third try, where this and the one before were refused.

    One refusal alone is what a server says while it is being set up again.
    """
    _, _, status = (row.error or "").partition(HTTP)
    before = Answer(HTTP, int(status or 0))
    if answer.is_refusal and before.is_refusal and row.attempts >= TRIES_WHEN_REFUSED:
        return True
    return now.date() - row.changed_on >= KEPT_TRYING


def _wait(attempts: int, answer: Answer) -> dt.timedelta:
    """Twice as long each time, from one minute to twelve hours, by chance up to half of it less.

    So that packages that failed together do not come back together.
    """
    longest = min(LEAST_WAIT * (1 << min(attempts, 20)), MOST_WAIT)
    wait = longest * random.uniform(0.5, 1)  # noqa: S311 - no secret
    return min(max(wait, answer.wait or LEAST_WAIT), MOST_WAIT)
