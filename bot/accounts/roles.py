"""Who may do what: read from rights.csv, the one table of it; what is not in the table nobody may do."""

import csv
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from bot.errors import ContentError
from bot.store.report_verbs import ReportRow

CASEWORKER, COORDINATOR, PARTNER, ANALYST, TRANSLATOR, ADMINISTRATOR = (
    "caseworker", "coordinator", "partner", "analyst", "translator", "administrator",
)  # fmt: skip
ROLES = (CASEWORKER, COORDINATOR, PARTNER, ANALYST, TRANSLATOR, ADMINISTRATOR)
OPENS_REPORTS = frozenset({CASEWORKER, COORDINATOR})
"""Those who may hold a share of the team's key."""
OWN, FREE, OTHER, OWN_CLOSED, CLOSED = "own", "free", "other", "own-closed", "closed"
REPORT_STATES = (OWN, FREE, OTHER, OWN_CLOSED, CLOSED)
"""What a report is to somebody: theirs, nobody's, a colleague's; the last two once it is closed."""
FORWARDED, NOT_FORWARDED = "forwarded", "not-forwarded"
HANDOVER_STATES = (FORWARDED, NOT_FORWARDED)
"""What a handover is to a partner: sent to their body to be read here, or anything else."""
ANY = "any"
TABLE = Path(__file__).with_name("rights.csv")

type Rights = Mapping[str, Mapping[str, frozenset[str]]]
"""{route: {role: states in which it may be taken; `any` where the route is about no one thing}}."""


@lru_cache(maxsize=1)
def rights() -> Rights:
    """Raises ContentError for a role or state that is unknown."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["route"]: {role: _states(row["route"], row[role]) for role in ROLES} for row in rows}


def _states(route: str, cell: str) -> frozenset[str]:
    states = frozenset(cell.split())
    if not states <= {*REPORT_STATES, *HANDOVER_STATES, ANY}:
        raise ContentError(f"rights.csv: {route}: unknown state")
    return states


def may(role: str, route: str, state: str = ANY) -> bool:
    """An unknown route or role may nothing."""
    return state in rights().get(route, {}).get(role, frozenset())


def ever_may(role: str, route: str) -> bool:
    """Whether there is any state in which it may be taken."""
    return bool(rights().get(route, {}).get(role))


def state_of(row: ReportRow, name: str) -> str:
    """What a report is to the person of this name."""
    if row.status == "closed":
        return OWN_CLOSED if row.assigned_to == name else CLOSED
    if row.assigned_to is None:
        return FREE
    return OWN if row.assigned_to == name else OTHER
