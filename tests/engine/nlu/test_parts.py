"""A message in parts: where one request ends and the next begins."""

import pytest

from bot.engine.nlu.parts import MOST_PARTS, Parts

PARTS = Parts(["and", "og", "oraz"])


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("what does a course cost and where is the job centre", ["what does a course cost", "where is the job centre"]),
        ("Jeg vil lære dansk. Hvor er jobcenteret?", ["Jeg vil lære dansk", "Hvor er jobcenteret"]),
        ("أريد أن أتعلم الدنماركية وكيف أجد عملا هنا", ["أريد أن أتعلم الدنماركية", "وكيف أجد عملا هنا"]),
        ("hello, where can I learn Danish", []),
        ("my husband and I", []),
        ("", []),
        ("...,,,!!", []),
    ],
)
def test_parts(text: str, parts: list[str]) -> None:
    assert PARTS.of(text) == parts


def test_a_long_message_has_few_parts() -> None:
    assert len(PARTS.of("one two three. " * 60)) == MOST_PARTS


def test_a_language_without_joints_splits_at_sentences_alone() -> None:
    assert Parts([]).of("where is the school and what is the price") == []
    assert len(Parts([]).of("where is the school? what is the price?")) == 2
