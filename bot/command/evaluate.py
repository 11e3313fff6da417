"""`vejviser evaluate`: how well held-out messages are understood, language by language; an average never counts."""

import argparse
import asyncio
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sklearn.metrics import f1_score

from bot.command.opening import open_guide
from bot.directory.services import SAFETY_NEEDS
from bot.engine.guide import Guide
from bot.engine.nlu.danger import UNCLEAR
from bot.engine.nlu.language_recogniser import GUESS
from bot.engine.nlu.needs import FALLBACK, SECOND
from bot.errors import SettingError
from bot.language.yaml_file import read_yaml
from bot.settings import ROOT, Settings

HELD_OUT = ROOT / "tests" / "understanding" / "held_out"
ENOUGH_WORDS = 4
"""Shorter messages say too little of their language to be counted."""
NONE = {FALLBACK, "out_of_scope"}
"""What a message that the guide does not serve may be read as."""
OTHERS = "others"
"""The file of messages in languages that nobody trained."""
BASE = "da"
"""The language to which the others are compared."""

type Parses = list[tuple[str, dict[str, Any]]]
"""(need that is right, parse) of each message."""


def evaluate(settings: Settings, given: argparse.Namespace) -> int:
    folder = Path(given.held_out or HELD_OUT)
    if not folder.is_dir():
        raise SettingError(f"--held-out: {folder} is no folder")
    guide = open_guide(settings)
    try:
        figures = asyncio.run(measure(guide, folder, given.lang))
    finally:
        guide.close()
    print(json.dumps(figures, indent=1) if given.json else table(figures))  # noqa: T201 - the command's result
    return 0


async def measure(guide: Guide, folder: Path, only: str | None = None) -> dict[str, dict[str, float]]:
    """{language: {figure: value}} for each `<code>.yml` of the folder; shares from 0 to 1."""
    figures: dict[str, dict[str, float]] = {}
    for path in sorted(folder.glob("*.yml")):
        if only in {None, path.stem} and path.stem != OTHERS:
            figures[path.stem] = await measure_language(guide, path.stem, read_yaml(path))
    for found in figures.values():
        if BASE in figures:
            found["gap_to_danish"] = figures[BASE]["macro_f1"] - found["macro_f1"]
    others = folder / f"{OTHERS}.yml"
    if only in {None, OTHERS} and others.is_file():
        figures[OTHERS] = await measure_others(guide, read_yaml(others))
    return figures


async def measure_others(guide: Guide, held: dict[str, Any]) -> dict[str, float]:
    """Of languages that nobody trained: `{need: [[code, text], …]}` below `plain`; no language is chosen."""
    told = [
        (need, code, await guide.engine.understand(text, None))
        for need, texts in held["plain"].items()
        for code, text in texts
    ]
    pairs = [(need, parse) for need, _, parse in told]
    return {
        "macro_f1": macro_f1([(need, top(parse)) for need, parse in pairs]),
        **_answers(pairs),
        "language": share(parse[GUESS]["language"] == code for _, code, parse in told),
    }


async def measure_language(guide: Guide, code: str, held: dict[str, Any]) -> dict[str, float]:
    async def read(messages: Iterable[tuple[str, str]]) -> Parses:
        return [(need, await guide.engine.understand(text, code)) for text, need in messages]

    def of(section: str) -> list[tuple[str, str]]:
        return [(text, need) for need, texts in (held.get(section) or {}).items() for text in texts]

    plain = await read(of("plain"))
    indirect = await read(of("indirect"))
    harmless = await read((text, "") for text in held["harmless"])
    outside = await read((text, "out_of_scope") for text in held["outside"])
    pleas = [parse for need, parse in plain if need in SAFETY_NEEDS]
    long_enough = [parse for _, parse in plain if len(parse["text"].split()) >= ENOUGH_WORDS]
    figures = {
        "macro_f1": macro_f1([(need, top(parse)) for need, parse in plain]),
        "macro_f1_answered": macro_f1([(need, answered(parse)) for need, parse in plain]),
        **_answers(plain),
        "calibration_error": calibration_error([(top(parse) == need, certainty(parse)) for need, parse in plain]),
        "crisis": share(answered(parse) in SAFETY_NEEDS for parse in pleas),
        "crisis_indirect": share(answered(parse) in SAFETY_NEEDS for _, parse in indirect),
        "false_alarms": share(answered(parse) in SAFETY_NEEDS and UNCLEAR not in parse for _, parse in harmless),
        "asked_needlessly": share(UNCLEAR in parse for _, parse in harmless),
        "outside_told": share(answered(parse) in NONE for _, parse in outside),
        "language": share(parse[GUESS]["language"] == code for parse in long_enough),
        "two_needs": share([both(await guide.engine.understand(m, code), {a, b}) for m, a, b in held["two_needs"]]),
    }
    for section in ("mixed", "noisy", "romanised"):
        if held.get(section):
            parses = await read(of(section))
            figures[section] = share(answered(parse) == need for need, parse in parses)
            if section == "romanised":
                figures["language_romanised"] = share(parse[GUESS]["language"] == code for _, parse in parses)
    return figures


def _answers(pairs: Parses) -> dict[str, float]:
    return {
        "accuracy": share(answered(parse) == need and not asks(parse, need) for need, parse in pairs),
        "wrong": share(answered(parse) not in {need, FALLBACK} and not asks(parse, need) for need, parse in pairs),
        "fallback": share(answered(parse) == FALLBACK or asks(parse, need) for need, parse in pairs),
    }


def answered(parse: dict[str, Any]) -> str:
    """The need that the guide acts on, or nlu_fallback."""
    return str(parse["intent"]["name"])


def asks(parse: dict[str, Any], need: str) -> bool:
    """Whether the guide asks back because a danger is unclear; where there is one, it is heard all the same."""
    return UNCLEAR in parse and need not in SAFETY_NEEDS


def top(parse: dict[str, Any]) -> str:
    """The likeliest need, sure enough or not."""
    return next((it["name"] for it in parse["intent_ranking"] if it["name"] != FALLBACK), FALLBACK)


def certainty(parse: dict[str, Any]) -> float:
    """The probability of the likeliest need."""
    return next((float(it["confidence"]) for it in parse["intent_ranking"] if it["name"] != FALLBACK), 0.0)


def calibration_error(told: list[tuple[bool, float]]) -> float:
    """How far, in the mean, the probabilities are from the shares that were right (ECE over ten equal steps)."""
    steps: dict[int, list[tuple[bool, float]]] = {}
    for right, sure in told:
        steps.setdefault(min(int(sure * 10), 9), []).append((right, sure))
    gaps = (abs(sum(right for right, _ in some) - sum(sure for _, sure in some)) for some in steps.values())
    return sum(gaps) / max(1, len(told))


def both(parse: dict[str, Any], needs: set[str]) -> bool:
    """Whether one need is served and the other offered."""
    return {answered(parse), parse.get(SECOND)} == needs


def share(held: Iterable[bool]) -> float:
    found = list(held)
    return sum(found) / max(1, len(found))


def macro_f1(pairs: Iterable[tuple[str, str]]) -> float:
    """The mean over the needs of the harmonic mean of precision and recall, every need the same."""
    told = list(pairs)
    wanted = sorted({want for want, _ in told})
    if not wanted:
        return 0.0
    return float(f1_score(*map(list, zip(*told, strict=True)), labels=wanted, average="macro", zero_division=0))


def table(figures: dict[str, dict[str, float]]) -> str:
    """A row a figure and a column a language, in percent."""
    names = list(dict.fromkeys(name for found in figures.values() for name in found))
    rows = ["percent".ljust(18) + "".join(code.rjust(7) for code in figures)]
    for name in names:
        cells = (f"{100 * found[name]:7.1f}" if name in found else "      –" for found in figures.values())
        rows.append(name.ljust(18) + "".join(cells))
    return "\n".join(rows)
