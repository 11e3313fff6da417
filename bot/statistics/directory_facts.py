"""What anybody can look up in the directory about the codes of referrals and slips."""

from bot.directory.services import Directory
from bot.statistics.codes import NO_PILOT
from bot.statistics.facts import Derived, Facts
from bot.statistics.shaping import OTHER


def facts_of(directory: Directory) -> Facts:
    """Of a service: its effort, whether it is a pilot, and the needs for which it is shown."""
    services = directory.services.values()
    efforts = {it.id: it.effort or OTHER for it in services}
    pilots = {it.id: it.id if it.project.pilot else NO_PILOT for it in services}
    return Facts(
        {
            "effort": Derived("service", efforts, tuple(sorted({*efforts.values(), OTHER}))),
            "pilot": Derived("service", pilots, (NO_PILOT,)),
        },
        {("need", "service"): frozenset((line.need, it.id) for it in services for line in it.serves)},
    )
