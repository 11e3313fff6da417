"""The console's words: each that a page says is there with its values, and each that is there is said."""

import re
from pathlib import Path

import pytest

from bot.accounts.roles import ROLES
from bot.audit.events import declared
from bot.casework.vocabulary import (
    CLOSINGS,
    COVERAGE,
    DELIVERY_FAULTS,
    HANDOVER_MODES,
    HANDOVER_OUTCOMES,
    HANDOVER_STATES,
    HANDOVER_WAYS,
    HOLDS,
    JOURNAL,
    NOT_HANDED_OVER,
    STATUSES,
    TRIAGES,
)
from bot.language.catalogue import placeholders
from bot.language.kinds import Kind
from bot.language.sources import ANSWER_WORDS, CONSOLE_WORDS, page_texts
from bot.settings import ROOT

TEXTS = {it.context: it.text for it in page_texts(CONSOLE_WORDS, "console")}
ANSWERS = {it.context: it.text for it in page_texts(ANSWER_WORDS, "answers")}
TEMPLATES = [
    path
    for folder in ("console", "statistics")
    for path in sorted((ROOT / "bot/web/templates" / folder).glob("*.html"))
]
MODULES = [
    path for folder in ("web/console", "web", "statistics") for path in sorted((ROOT / "bot" / folder).glob("*.py"))
]
SAID = re.compile(r"""word\("([a-z_.]+)"((?:, \w+=(?:[^()]|\((?:[^()]|\([^()]*\))*\))*?)*)\)""")
NAMED = re.compile(r"""["']((?:[a-z_]+\.)+[a-z_]+)["']""")
PREFIXED = re.compile(r"""["']((?:[a-z_]+\.)+)["'] ~|["']((?:[a-z_]+\.)+)["'], |f"((?:[a-z_]+\.)+)\{""")
CODES = {
    "status": STATUSES, "triage": TRIAGES, "journal": JOURNAL, "hold": ("none", *HOLDS), "coverage": COVERAGE,
    "closing": CLOSINGS, "role": ROLES, "mode": HANDOVER_MODES, "way": HANDOVER_WAYS,
    "handover.fault": (*DELIVERY_FAULTS, "http"),
    "handover.state": HANDOVER_STATES, "handover.outcome": HANDOVER_OUTCOMES, "kind": tuple(Kind),
    "said.handover": tuple(it for it in NOT_HANDED_OVER), "event": tuple(declared()),
    "template": tuple(name.split(".")[1] for name in ANSWERS),
}  # fmt: skip


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_each_text_that_a_page_says_is_there_with_its_values(path: Path) -> None:
    for name, values in SAID.findall(path.read_text(encoding="utf-8")):
        assert name in TEXTS, name
        assert set(re.findall(r"(\w+)=", values)) >= placeholders(TEXTS[name]), name


@pytest.mark.parametrize("beginning", CODES)
def test_each_code_has_its_word(beginning: str) -> None:
    missing = [code for code in CODES[beginning] if f"{beginning}.{code}" not in TEXTS]
    assert missing == []


def test_each_event_has_a_line_with_its_own_fields() -> None:
    for verb, fields in declared().items():
        assert placeholders(TEXTS[f"event.{verb}"]) <= set(fields), verb


def test_what_is_sent_to_a_person_names_a_day_or_a_body_and_nothing_else() -> None:
    for name, text in ANSWERS.items():
        assert placeholders(text) <= {"date", "body"}, name


def test_no_word_is_there_that_nobody_says() -> None:
    everything = "\n".join(path.read_text(encoding="utf-8") for path in (*TEMPLATES, *MODULES))
    named = set(NAMED.findall(everything))
    beginnings = {next(filter(None, found)) for found in PREFIXED.findall(everything)}
    beginnings |= {"said_so.", "factor."}
    beginnings |= {f"{code}." for code in (*CODES, "why", "form", "sending", "level", "order", "after", "problem")}
    unsaid = [name for name in TEXTS if name not in named and not name.startswith(tuple(beginnings))]
    assert unsaid == []
