"""A language is two folders: a toy one is added to a copy of the project's data, trained, and talked to."""

import dataclasses
import shutil
from pathlib import Path

import pytest

from bot.engine.guide import Guide
from bot.engine.training import train_if_needed
from bot.settings import ROOT, Settings
from tests.resident import Resident

TOY = "eo"
"""Esperanto: CLDR knows it, the project does not speak it, spaCy has no rules of its own for it."""

MESSAGES = {
    "danish_start": ["Mi volas lerni la danan", "Kie mi povas lerni la danan lingvon", "Dana kurso por mi",
                     "Mi serĉas lernejon por la dana", "Kiel komenci kun la dana lingvo"],
    "unemployed_register": ["Mi perdis mian laboron", "Mi estas senlabora nun", "Kie mi registriĝas kiel senlabora",
                            "Mia dungo finiĝis hieraŭ", "Oni maldungis min kaj mi bezonas helpon"],
    "greet": ["Saluton", "Bonan tagon", "Bonan vesperon", "Saluton al vi", "Bonan matenon"],
}  # fmt: skip
WORDS = {
    ("utter_ask_residence", "To find the right offer for you: why are you in Denmark? You do not have to say."):
        "Kial vi estas en Danio? Vi ne devas diri.",
    ("button_residence_work", "I came to work"): "Mi venis por labori",
    ("utter_greet", "Hello, and welcome. What can I help you with?"): "Saluton. Kiel mi povas helpi?",
}  # fmt: skip

BESIDE = ("contrasts", "everyday", "further", "idioms", "idioms_more", "variety")
"""Files of English messages that are not needed to tell the toy from."""


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a copy in which the toy's two folders stand beside the others."""
    root = tmp_path_factory.mktemp("toy")
    for name in ("data", "locales"):
        shutil.copytree(ROOT / name, root / name)
    for folder in (root / "data" / "nlu").iterdir():  # one language is enough to tell the toy from, and quick to train
        if folder.name != "en":
            shutil.rmtree(folder)
    for name in BESIDE:
        (root / "data" / "nlu" / "en" / f"{name}.yml").unlink()
    write_messages(root / "data" / "nlu" / TOY)
    write_words(root / "locales" / TOY / "LC_MESSAGES")
    return dataclasses.replace(
        Settings(), data=root / "data", locales=root / "locales", models=root / "models", var=root / "var",
        default_language="en",
    )  # fmt: skip


def write_messages(folder: Path) -> None:
    folder.mkdir(parents=True)
    lines = ['version: "3.1"', "nlu:"]
    for need, texts in MESSAGES.items():
        lines += [f"- intent: {need}", "  metadata:", f"    language: {TOY}", "  examples: |"]
        lines += [f"    - {text}" for text in texts]
    (folder / "toy.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "danger.yml").write_text('emergency:\n- "la domo brulas"\nharmless: []\n', encoding="utf-8")
    (folder / "thresholds.yml").write_text("need: 0.2\n", encoding="utf-8")


def write_words(folder: Path) -> None:
    folder.mkdir(parents=True)
    entries = [f'msgctxt "{context}"\nmsgid "{source}"\nmsgstr "{text}"\n' for (context, source), text in WORDS.items()]
    header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    (folder / "replies.po").write_text(header + "\n".join(entries), encoding="utf-8")


@pytest.mark.slow
def test_two_folders_are_a_language(toy: Settings) -> None:
    guide = Guide(toy, train_if_needed(toy))
    try:
        assert guide.languages[TOY].name == "Esperanto"
        resident = Resident(guide, TOY)
        resident.says("Mi volas lerni la danan lingvon")
        assert resident.replies == ["utter_ask_residence"]
        assert resident.text == "Kial vi estas en Danio? Vi ne devas diri."
        assert resident.says("Mi venis por labori").services[0] == "danskuddannelse"
        assert Resident(guide, TOY).says("La domo brulas!").replies[0] == "utter_emergency"
        assert Resident(guide, None, "en").says("Bonan tagon, saluton al vi").reply["lang"] == TOY
    finally:
        guide.close()
