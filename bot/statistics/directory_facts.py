"""What anybody can look up in the directory about the codes of referrals and slips."""

from collections.abc import Iterable

from bot.directory.services import Directory
from bot.statistics.codes import NO_PILOT
from bot.statistics.facts import Derived, Facts
from bot.statistics.shaping import OTHER


def facts_of(directory: Directory, met: Iterable[tuple[str, str, str]] = ()) -> Facts:
    """Of a service: its effort, whether it is a pilot, and the needs for which it is shown.

    `met`: service, need and effort of what was counted. Where the directory said otherwise when that was written,
    nothing is taken to be known: a fact that does not hold would make every table look safe.
    """
    seen = set(met)
    efforts = {it.id: it.effort or OTHER for it in directory.services.values()}
    pilots = {it.id: it.id if it.project.pilot else NO_PILOT for it in directory.services.values()}
    moved = {service for service, _, effort in seen if efforts.get(service) != (effort or OTHER)}
    others = frozenset({OTHER, *moved & efforts.keys()})
    may_have = tuple(sorted({*efforts.values(), OTHER})), tuple(sorted({*pilots.values()}))
    looked_up = ({code: own for code, own in of.items() if code not in others} for of in (efforts, pilots))
    by_effort, by_pilot = (Derived("service", *both, others) for both in zip(looked_up, may_have, strict=True))
    shown = {(line.need, it.id) for it in directory.services.values() for line in it.serves}
    pairs = frozenset(shown | {(need, service) for service, need, _ in seen})
    return Facts({"effort": by_effort, "pilot": by_pilot}, {("need", "service"): pairs})
