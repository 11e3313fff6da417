"""The house rules that a machine can check: wordless actions, names that agree, catalogues that are whole."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.casework.telling import QUESTIONS
from bot.directory.services import read_directory
from bot.language.catalogue import messages_of, placeholders
from bot.language.extract import HEADER, write_catalogue
from bot.language.languages import SOURCE, find_languages
from bot.language.sources import SourceText, texts_of
from bot.language.states import State, state_of_message
from bot.settings import ROOT, Settings

SETTINGS = Settings()
DIRECTORY = read_directory(SETTINGS.content)
TEXTS = list(texts_of("da", DIRECTORY))
LANGUAGES = [code for code in find_languages(SETTINGS.locales, SETTINGS.data / "nlu") if code != SOURCE]
DOMAIN: dict[str, Any] = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
RULES = [
    rule
    for path in sorted((ROOT / "data" / "rules").glob("*.yml"))
    for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]
]
ACTION_FILES = [path for path in sorted((ROOT / "actions").glob("*.py")) if path.name != "__init__.py"]
ANSWERS = {"restart"}
"""Intents without a rule of their own: Rasa's own rule takes it."""
FACTS = {*DIRECTORY.facts(), "idle_minutes"}
GIVEN = {"receipt", "date", "years", "limit", "code", "topic", "language", "part", "until", "body", "operator"}


@pytest.mark.parametrize("path", ACTION_FILES, ids=lambda path: path.stem)
def test_an_action_holds_no_words_for_people(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    after_fields = {
        node.value for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    texts = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node not in docstrings
        and node not in after_fields
    ]
    assert not [text for text in texts if " " in text]


@pytest.mark.parametrize("path", ACTION_FILES, ids=lambda path: path.stem)
def test_an_action_has_no_try_of_its_own(path: Path) -> None:
    if path.name != "errand.py":
        assert not [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Try)]


def test_each_intent_has_one_rule_and_each_rule_an_action_that_is_declared() -> None:
    steps = [step for rule in RULES for step in rule["steps"]]
    starts = [either["intent"] for step in steps for either in step.get("or", [step]) if "intent" in either]
    assert sorted(starts) == sorted({*DOMAIN["intents"], "nlu_fallback"} - ANSWERS)
    named = {step["action"] for rule in RULES for step in rule["steps"] if "action" in step}
    assert named <= {*DOMAIN["actions"]}


def test_each_action_stands_in_the_file_of_its_name() -> None:
    stems = {path.stem for path in ACTION_FILES}
    for action in DOMAIN["actions"]:
        assert action.removeprefix("action_") in stems, action


def test_each_reply_that_is_named_is_declared_and_each_declared_one_is_named() -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8") for folder in ("actions", "bot") for path in (ROOT / folder).rglob("*.py")
    )
    named = {name for name in re.findall(r'"(utter_[a-z_]+)"', code) if not name.endswith("_")}  # a beginning of names
    talk = {rule["steps"][0]["intent"] for rule in RULES if rule["steps"][-1].get("action") == "action_talk"}
    guided = set(DIRECTORY.needs)
    made = {f"utter_{need}" for need in guided | talk} | {f"utter_{need}_next" for need in guided}
    questions = {question for need in DIRECTORY.needs.values() for question in need.asks}
    asked = {f"utter_ask_{slot}" for slot in questions} | {f"utter_ask_report_{it.name}" for it in QUESTIONS}
    titles = {"utter_needs", "utter_more_buttons"}
    assert named <= set(DOMAIN["responses"])
    assert set(DOMAIN["responses"]) <= named | made | asked | titles


def test_a_button_has_one_title_and_one_payload_wherever_it_stands() -> None:
    seen: dict[str, tuple[str, str]] = {}
    for variations in DOMAIN["responses"].values():
        for variation in variations:
            for button in variation.get("buttons", []):
                known = seen.setdefault(button["id"], (button["title"], button["payload"]))
                assert known == (button["title"], button["payload"])
    assert {f"need_{intent}" for intent in DOMAIN["intents"] if intent in _offerable()} <= set(seen)


def _offerable() -> set[str]:
    """Needs that may be offered when a message was not understood."""
    from actions.not_understood import NOT_OFFERED  # noqa: PLC0415 - registers actions when imported

    pressed = DOMAIN["intents"][DOMAIN["intents"].index("answer_situation") :]
    return set(DOMAIN["intents"]) - NOT_OFFERED - set(pressed)


def test_each_placeholder_of_a_source_text_has_a_value() -> None:
    """Those of the console have theirs in its pages: tests/console/test_words.py."""
    for text in TEXTS:
        if text.catalogue not in {"console", "answers"}:
            assert placeholders(text.text) <= FACTS | GIVEN, text


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_catalogue_holds_exactly_the_sources(code: str) -> None:
    wanted = {(text.context, text.text) for text in texts_of(code, DIRECTORY)}
    assert {(message.context, message.id) for message in messages_of(code, SETTINGS.locales)} == wanted


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_translation_is_there_and_keeps_placeholders_and_lines(code: str) -> None:
    for message in messages_of(code, SETTINGS.locales):
        assert state_of_message(message) in {State.UNREVIEWED, State.REVIEWED}, message.context
        assert placeholders(message.string) == placeholders(message.id), message.context
        assert message.string.count("\n") == message.id.count("\n"), message.context


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_number_to_call_stands_first_in_a_crisis(code: str) -> None:
    crisis = {"utter_emergency", "utter_crisis_violence", "utter_crisis_suicide", "utter_forced_labour"}
    texts = {message.context: message.string for message in messages_of(code, SETTINGS.locales)}
    for reply in crisis:
        assert texts[reply].startswith("{call-112.phone}"), reply


def test_each_service_field_is_translated_under_its_own_name() -> None:
    assert len({(text.context, text.text) for text in TEXTS}) == len(TEXTS)
    assert all(isinstance(text, SourceText) and text.text.strip() for text in TEXTS)


def test_each_need_that_is_led_is_an_intent_and_has_one_rule() -> None:
    led = {either["intent"] for rule in RULES if rule["steps"][-1].get("action") == "action_guide"
           for either in rule["steps"][0]["or"]}  # fmt: skip
    assert led | {"report_discrimination", "report_followup", "report_withdraw"} == set(DIRECTORY.needs)
    assert led <= set(DOMAIN["intents"])


def test_writing_a_catalogue_holds_no_date_or_name_of_its_own(tmp_path: Path) -> None:
    from bot.language.catalogue import read_file  # noqa: PLC0415 - only here

    path = SETTINGS.locales / "da" / "LC_MESSAGES" / "pages.po"
    write_catalogue(tmp_path / "pages.po", "da", read_file(path, "da"))
    assert (tmp_path / "pages.po").read_bytes() == path.read_bytes()
    assert "Date" not in HEADER
