"""`vejviser targets`: the plan's targets, official series and our own measures apart; import brings a series in."""

import argparse
import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from bot.command.record import record_of
from bot.errors import SettingError
from bot.language.dates import today
from bot.settings import Settings
from bot.statistics.official import MOST_FAULTS, Asked, Series, read_official
from bot.statistics.targets import Beside, Direction, OfficialValue, Printed, Target, Words, beside
from bot.statistics.targets_file import read_targets
from bot.store.opening import open_store, store_is_there
from bot.store.target_verbs import OfficialRow, Taken
from bot.store.verbs import Store

OWN = "our own measures: what this guide counted; no share of the city, and never part of the series above"
OFFICIAL = "official series: published by others"
PRINTED = "found in print, not part of the series"


def targets(settings: Settings, given: argparse.Namespace) -> int:
    plan = read_targets(settings.content).targets
    if given.target and given.target not in plan:
        raise SettingError(f"--target: must be one of {', '.join(plan)}")
    if given.what == "import":
        return take(settings, given, plan)
    return show(settings, given, [it for it in plan.values() if given.target in {None, it.id}])


def take(settings: Settings, given: argparse.Namespace, plan: Mapping[str, Target]) -> int:
    """Take the file whole, or say what is wrong with which line and take nothing."""
    if not given.file:
        raise SettingError("targets import: which file?")
    series = _read(Path(given.file), plan, given)
    for fault in series.faults:
        tell(str(fault))
    if series.faults:
        more = ", perhaps more" if len(series.faults) == MOST_FAULTS else ""
        tell(f"{len(series.faults)} faults{more}; nothing taken")
        return 1
    taken = _on_store(settings, lambda store: _taken(settings, store, given.target or "all", list(series.rows)))
    for one in taken:
        tell(f"{one.row.target} {one.row.year}, {one.row.source}: {_change(one)}")
    tell(f"{len(taken)} figures taken" + (f", {series.missing} marked as missing left out" if series.missing else ""))
    return 0


def _read(path: Path, plan: Mapping[str, Target], given: argparse.Namespace) -> Series:
    if not path.is_file():
        raise SettingError(f"{path} is no file")
    asked = Asked(
        given.target, given.value_column, given.year_column, given.source, given.source_url, tuple(given.only or ())
    )
    try:
        return read_official(path, plan, asked, today())
    except OSError as error:
        raise SettingError(f"{path} cannot be read: {error.strerror}") from error


def _change(taken: Taken) -> str:
    """What is another number now than it was; a file that says the same again changes nothing but its day and hash."""
    if taken.before is None:
        return f"new, {_said(taken.row)}"
    now, before = _said(taken.row), _said(taken.before)
    return f"the same, {now}" if now == before else f"{now}, was {before}"


def _said(row: OfficialRow) -> str:
    return row.value + _certainty(row.n, row.low, row.high)


def _certainty(n: int | None, low: object, high: object) -> str:
    """In brackets, where the source says it."""
    parts = [f"n {n}"] if n is not None else []
    parts += [f"{low} to {high}"] if low is not None else []
    return f" ({', '.join(parts)})" if parts else ""


def show(settings: Settings, given: argparse.Namespace, wanted: Iterable[Target]) -> int:
    rows = _official(settings)
    pairs = [beside(target, rows) for target in wanted]
    if given.json:
        tell(json.dumps([_for_machines(pair) for pair in pairs], ensure_ascii=False, indent=1))
        return 0
    for pair in pairs:
        for line in _lines(pair):
            tell(line)
    return 0


def _official(settings: Settings) -> list[OfficialRow]:
    """None where there is no store yet; looking makes none."""
    if not store_is_there(settings):
        return []
    return _on_store(settings, lambda store: store.targets.official())


def _on_store[Result](settings: Settings, work: Callable[[Store], Awaitable[Result]]) -> Result:
    store = open_store(settings)

    async def done() -> Result:
        return await work(store)

    try:
        return asyncio.run(done())
    finally:
        store.close()


async def _taken(settings: Settings, store: Store, target: str, rows: list[OfficialRow]) -> list[Taken]:
    """On record before it is done."""
    await record_of(store, settings)("targets_imported", "", target=target, taken=len(rows))
    return await store.targets.take(rows)


def _lines(pair: Beside) -> list[str]:
    target = pair.target
    official = [f"    {_line(value, target)}" for value in pair.official] or ["    none imported yet"]
    own = [f"    {name}: " + (f"{len(it)} periods" if it else "not computed yet") for name, it in pair.own.items()]
    printed = [
        f"    {it.year or 'year unknown'}: {it.figure} {target.unit}, {it.of.en}; {it.source}"
        f"{f', {it.page}' if it.page else ''}; {'checked' if it.checked_on else 'not checked'}"
        for it in target.figures
    ]
    return [
        f"{target.id} (effort: {target.effort}; {_goal(target)})",
        *(f"  {text}" for text in (target.text.da, target.text.en)),
        f"  {OFFICIAL}",
        *official,
        *([f"  {PRINTED}", *printed] if printed else []),
        f"  {OWN}",
        *own,
        f"    can say: {target.can.en}",
        f"    cannot say: {target.cannot.en}",
        "",
    ]


def _line(value: OfficialValue, target: Target) -> str:
    return (
        f"{value.year}: {value.figure} {target.unit}{_certainty(value.n, value.low, value.high)}; "
        f"{value.source}, {value.source_url}; imported {value.imported_on}, file {value.file_hash[:12]}"
    )


GOALS = {
    Direction.AT_MOST: "at most {value} {unit}",
    Direction.AT_LEAST: "at least {value} {unit}",
    Direction.RISE: "must rise",
    Direction.FALL: "must fall",
    Direction.ABOVE_START: "above what it was in {start}",
}


def _goal(target: Target) -> str:
    start = target.start.year if target.start else None
    text = GOALS[target.goal.direction].format(value=target.goal.value, unit=target.unit, start=start)
    return f"{text}, {target.goal.year}" if target.goal.year else text


def _for_machines(pair: Beside) -> dict[str, Any]:
    """Figures as text, with the digits that were published; two series under two keys."""
    target = pair.target
    return {
        "id": target.id,
        "effort": target.effort,
        "text": _both(target.text),
        "definition": _both(target.definition),
        "base": _both(target.base),
        "unit": target.unit,
        "goal": {
            "value": _text(target.goal.value),
            "year": target.goal.year,
            "direction": target.goal.direction,
        },
        "start": {"value": _text(target.start.value), "year": target.start.year} if target.start else None,
        "can": _both(target.can),
        "cannot": _both(target.cannot),
        "official_series": {"what": OFFICIAL, "values": [_value(it) for it in pair.official]},
        "printed": {"what": PRINTED, "values": [_printed(it) for it in target.figures]},
        "own_measures": {"what": OWN, "measures": [{"name": it, "computed": bool(pair.own[it])} for it in pair.own]},
    }


def _value(value: OfficialValue) -> dict[str, Any]:
    return {
        "year": value.year,
        "value": _text(value.figure),
        "n": value.n,
        "low": _text(value.low),
        "high": _text(value.high),
        "source": value.source,
        "source_url": value.source_url,
        "imported_on": value.imported_on.isoformat(),
        "file_hash": value.file_hash,
    }


def _printed(printed: Printed) -> dict[str, Any]:
    return {
        "year": printed.year,
        "value": _text(printed.figure),
        "of": _both(printed.of),
        "source": printed.source,
        "page": printed.page,
        "source_date": printed.source_date,
        "checked_on": printed.checked_on.isoformat() if printed.checked_on else None,
    }


def _text(figure: object) -> str | None:
    return None if figure is None else str(figure)


def _both(words: Words | None) -> dict[str, str] | None:
    return {"da": words.da, "en": words.en} if words else None


def tell(line: str) -> None:
    print(line)  # noqa: T201 - the command's result
