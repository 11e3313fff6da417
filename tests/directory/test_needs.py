"""How the guide leads through each need: read, checked, and whole."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.directory.needs import Need, faults_of_needs, read_needs
from bot.directory.services import SAFETY_NEEDS, read_directory
from bot.language.yaml_file import read_yaml
from bot.settings import ROOT, Settings

CONTENT = Settings().content
DIRECTORY = read_directory(CONTENT)
DOMAIN = read_yaml(ROOT / "domain.yml")
BUTTONS = {
    button["id"]
    for variations in DOMAIN["responses"].values()
    for variation in variations
    for button in variation.get("buttons", [])
}
QUESTIONS = {"residence": ("eu", "unsaid")}


def faults(tmp_path: Path, needs: Any) -> list[str]:
    path = tmp_path / "needs.yml"
    path.write_text(yaml.safe_dump(needs), encoding="utf-8")
    return [str(fault) for fault in faults_of_needs(path, QUESTIONS)]


def test_a_need_is_read_as_it_is_declared(tmp_path: Path) -> None:
    path = tmp_path / "needs.yml"
    path.write_text(
        "find_job: {topic: work, asks: [residence], next: [igu], deadlines: true}\n"
        "emergency: {topic: safety, counted: false}\n"
    )
    assert read_needs(path) == {
        "find_job": Need("find_job", "work", ("residence",), ("igu",), deadlines=True),
        "emergency": Need("emergency", "safety", counted=False),
    }


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("work", "topic: is missing"),
        ({"asks": []}, "topic: is missing"),
        ({"topic": ["work"]}, "topic: must be a str"),
        ({"topic": "work", "asks": "residence"}, "asks: must be a list"),
        ({"topic": "work", "next": "igu"}, "next: must be a list"),
        ({"topic": "work", "counted": "no"}, "counted: must be a bool"),
        ({"topic": "work", "deadlines": 1}, "deadlines: must be a bool"),
        ({"topic": "work", "asks": ["colour"]}, "asks: colour is no question of questions.yml"),
        ({"topic": "work", "more": 1}, "more: is not a known field"),
    ],
)
def test_a_fault_is_explained_by_need_and_field(tmp_path: Path, line: Any, what: str) -> None:
    assert f"needs.yml: find_job: {what}" in faults(tmp_path, {"find_job": line})


@pytest.mark.parametrize("need", list(DIRECTORY.needs.values()), ids=lambda need: need.name)
def test_a_need_has_its_replies_and_offers_what_exists(need: Need) -> None:
    replies = DOMAIN["responses"]
    if need.name != "report_discrimination":
        assert f"utter_{need.name}" in replies
        assert (need.next is None) == (f"utter_{need.name}_next" not in replies)
    assert {f"need_{name}" for name in need.next or ()} <= BUTTONS
    assert need.name not in (need.next or ())
    assert all(f"{question}_{answer}" in BUTTONS for question in need.asks for answer in DIRECTORY.questions[question])


def test_a_cry_for_help_is_asked_nothing_and_never_counted() -> None:
    for name in SAFETY_NEEDS:
        assert (DIRECTORY.needs[name].asks, DIRECTORY.needs[name].counted) == ((), False)


def test_every_topic_of_the_menu_has_its_needs() -> None:
    menu = {button.removeprefix("topic_") for button in BUTTONS if button.startswith("topic_")}
    topics = {need.topic for need in DIRECTORY.needs.values()}
    assert menu == topics - {"safety", "talk"}


def test_every_question_can_be_left_open_and_is_asked_by_some_need() -> None:
    asked = {question for need in DIRECTORY.needs.values() for question in need.asks}
    assert set(DIRECTORY.questions) == asked
    assert all("unsaid" in answers for answers in DIRECTORY.questions.values())


OF_A_REPORT = {"role", "status", "level", "hold"}
"""What an action tells of a report beside the slots (actions/report_questions.py, own_report.py)."""


def test_a_variation_names_a_slot_of_the_domain_and_answers_that_exist_and_no_two_hold_at_once() -> None:
    for reply, variations in DOMAIN["responses"].items():
        conditions = [variation["condition"] for variation in variations if "condition" in variation]
        told = []
        for condition in conditions:
            assert len(condition) == 1, reply
            name, value = condition[0]["name"], condition[0]["value"]
            values = value if isinstance(value, list) else [value]
            assert name in DOMAIN["slots"] or name in OF_A_REPORT
            if name in DIRECTORY.questions:
                assert set(values) <= set(DIRECTORY.questions[name]), reply
            told += [(name, item) for item in values]
        assert len(told) == len(set(told)), reply
