"""Whether a report may be handed over, and what may go along: every rule of it stands here, and nowhere else."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.casework.consents import may, newest
from bot.casework.law import Anonymous, Body, TimeLimit
from bot.casework.vocabulary import (
    AUTHORITIES,
    DUTY,
    FORWARD,
    HANDOVER_MODES,
    HANDOVER_STATES,
    READ,
    REPLY,
    WITH_CONSENT,
)
from bot.store.case_verbs import HandoverRow
from bot.store.report_verbs import ConsentRow

MADE, SENDING, SENT, SEEN, ACCEPTED, DECLINED, FAILED, RECALLED, RECALLED_LATE = HANDOVER_STATES
LIVE = (MADE, SENDING, SENT, SEEN, ACCEPTED, DECLINED, FAILED)
"""States of a package that is not taken back."""
OFFICE = "Københavns Kommune"
"""Who hands over; names of staff never go along."""
MOST_BYTES = 20_000_000
"""Of all files of a package together."""


@dataclass(frozen=True)
class Choice:
    """A body to which one report may be handed over, and how."""

    body: Body
    limits: tuple[TimeLimit, ...]
    modes: tuple[str, ...]
    ways: tuple[str, ...]
    with_contact: bool
    """The package would hold how its person can be reached."""

    @property
    def wants_a_name(self) -> bool:
        """The body takes nobody who stays unknown, and would not learn how to reach this person."""
        return self.body.anonymous is Anonymous.NO and not self.with_contact


def hindrance(said: list[ConsentRow], body: Body | None, mode: str) -> str | None:
    """Why it may not be: a code of vocabulary.NOT_HANDED_OVER; None where it may."""
    consents = newest(said)
    if not may(consents, READ):
        return "not_readable"
    if body is None or not body.takes_forwarded:
        return "takes_none"
    if mode == WITH_CONSENT:
        return None if consents[FORWARD] == body.id else "not_named"
    if body.id not in AUTHORITIES:
        return "no_authority"
    return "taken_back" if _took_back(said, body.id) else None


def modes_of(said: list[ConsentRow], body: Body) -> tuple[str, ...]:
    return tuple(mode for mode in HANDOVER_MODES if hindrance(said, body, mode) is None)


def still_stands(row: HandoverRow, said: list[ConsentRow]) -> bool:
    """Whether what a handover was made on holds; what was passed on by duty rests on staff's reading alone."""
    consents = newest(said)
    return may(consents, READ) and (row.mode == DUTY or consents[FORWARD] == row.body)


def named_body(said: list[ConsentRow]) -> str | None:
    """For `Cases.recall`: the body that its person names now, or `no`; None where staff may read nothing."""
    consents = newest(said)
    return consents[FORWARD] if may(consents, READ) else None


def contact_goes_along(consents: Mapping[str, str], body: str) -> bool:
    """Contact details were given so that staff can answer; whoever named a body wants to hear from it as well.

    By duty alone they stay here: nobody was asked.
    """
    return may(consents, REPLY) and consents[FORWARD] == body


def _took_back(said: list[ConsentRow], body: str) -> bool:
    """Whether somebody named just this body and then thought better of it: no duty is read into that."""
    answers = [row.answer for row in said if row.consent == FORWARD]
    return body in answers and answers[-1] != body
