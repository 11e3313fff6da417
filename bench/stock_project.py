"""Our training data as a project that `rasa init` could have begun: its own files, our needs, plain replies.

Stock Rasa gets less to do than our service: custom actions become one utterance, so there are no services looked up, no
question about the situation, no form, no translation and nothing sealed. Its trackers lie in an SQLite file, as ours.
"""

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from bot.directory.services import read_directory
from bot.settings import ROOT, Settings

INIT_FILES = ("config.yml", "credentials.yml", "endpoints.yml")
SAID_INSTEAD = {
    "answer_count": "utter_not_counted",
    "answer_report": "utter_report_press",
    "choose_language": "utter_language_chosen",
    "delete_chat_now": "utter_deleted",
    "nlu_fallback": "utter_not_understood",
    "report_cancel": "utter_report_cancelled",
    "report_discrimination": "utter_report_start",
}
"""Needs and answers whose reply has another name."""
OTHERWISE = "utter_bot_capabilities"
SESSION = {"session_expiration_time": 60, "carry_over_slots_to_new_session": True}
"""As `rasa init` writes it."""

TRACKERS = "\ntracker_store:\n  type: SQL\n  dialect: sqlite\n  db: trackers.db\n"

RASAS_OWN = "restart"
"""The one need that Rasa has a rule for itself; it says `utter_restart`."""
STORIES, NEEDS_A_STORY = 3, 2

type Responses = Mapping[str, list[dict[str, Any]]]


def write_stock_project(folder: Path, rasa: Path, epochs: int | None) -> None:
    """A project in `folder`, with the files of the installed package `rasa`; `epochs`: fewer than its 100."""
    settings, ours = Settings(), yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    (folder / "data" / "nlu").mkdir(parents=True)
    for name in INIT_FILES:
        shutil.copy(rasa / "cli" / "initial_project" / name, folder / name)
    with (folder / "endpoints.yml").open("a") as endpoints:
        endpoints.write(TRACKERS)
    shutil.copytree(rasa / "cli" / "initial_project" / "actions", folder / "actions")
    if epochs:
        _write(folder / "config.yml", with_epochs(rasa / "engine/recipes/config_files/default_config.yml", epochs))
    topics = _copy_messages(settings.data / "nlu", folder / "data" / "nlu")
    said = {intent: _reply_to(intent, ours["responses"]) for intent in [*ours["intents"], "nlu_fallback"]}
    _write(folder / "domain.yml", _domain(ours, set(said.values()), _facts(settings)))
    del said[RASAS_OWN]
    _write(folder / "data" / "rules.yml", {"rules": [_steps("rule", name, [name], said) for name in said]})
    _write(folder / "data" / "stories.yml", {"stories": _stories(topics, said)})


def with_epochs(config: Path, epochs: int) -> dict[str, Any]:
    """What Rasa fills the empty `pipeline` and `policies` of `rasa init` with, trained for less long."""
    known: dict[str, Any] = yaml.safe_load(config.read_text(encoding="utf-8"))
    for part in (*known["pipeline"], *known["policies"]):
        if "epochs" in part:
            part["epochs"] = epochs
    return known


def _copy_messages(messages: Path, folder: Path) -> dict[str, list[str]]:
    """Every file of training messages in every language; the needs of each topic, a topic being a file's name."""
    topics: dict[str, list[str]] = {}
    for path in sorted(messages.glob("*/*.yml")):
        examples = yaml.safe_load(path.read_text(encoding="utf-8"))
        if "nlu" in examples:
            shutil.copy(path, folder / f"{path.parent.name}-{path.name}")
            topics.setdefault(path.stem, list(dict.fromkeys(item["intent"] for item in examples["nlu"])))
    return topics


def _reply_to(intent: str, responses: Responses) -> str:
    named = f"utter_{intent}"
    return named if named in responses else SAID_INSTEAD.get(intent, OTHERWISE)


def _domain(ours: Mapping[str, Any], replies: set[str], facts: Mapping[str, str]) -> dict[str, Any]:
    return {
        "intents": ours["intents"],
        "entities": ours["entities"],
        "slots": {name: slot for name, slot in ours["slots"].items() if _is_plain(slot)},
        "responses": {name: [_plain(name, ours["responses"], facts)] for name in sorted(replies)},
        "session_config": SESSION,
    }


def _is_plain(slot: Mapping[str, Any]) -> bool:
    return all(mapping["type"] == "from_entity" and "conditions" not in mapping for mapping in slot["mappings"])


def _plain(name: str, responses: Responses, facts: Mapping[str, str]) -> dict[str, Any]:
    """The English text of a reply with its facts filled in, and its own buttons; what we offer after it is left out."""
    variation = next(variation for variation in responses[name] if "condition" not in variation)
    text = re.sub(r"{([\w.-]+)}", lambda found: facts.get(found[1], "…"), variation["text"])
    buttons = [{key: button[key] for key in ("title", "payload")} for button in variation.get("buttons", [])]
    return {"text": text, "buttons": buttons}


def _facts(settings: Settings) -> dict[str, str]:
    directory = read_directory(settings.content)
    return {**directory.facts(), "idle_minutes": str(settings.idle_minutes)}


def _stories(topics: Mapping[str, list[str]], said: Mapping[str, str]) -> list[dict[str, Any]]:
    """As many as `rasa init` writes, and as short: without stories Rasa leaves TED and UnexpecTED out."""
    longest = sorted(topics, key=lambda topic: len(topics[topic]), reverse=True)[:STORIES]
    return [_steps("story", topic, ["greet", *_first(topics[topic], said), "goodbye"], said) for topic in longest]


def _first(needs: list[str], said: Mapping[str, str]) -> list[str]:
    return [need for need in needs if need in said][:NEEDS_A_STORY]


def _steps(kind: str, name: str, intents: list[str], said: Mapping[str, str]) -> dict[str, Any]:
    steps = [step for intent in intents for step in ({"intent": intent}, {"action": said[intent]})]
    return {kind: name, "steps": steps}


def _write(path: Path, content: Mapping[str, Any]) -> None:
    text = yaml.safe_dump({"version": "3.1", **content}, allow_unicode=True, sort_keys=False)
    path.write_text(text, encoding="utf-8")
