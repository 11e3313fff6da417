"""The small language in which danger is written down, compiled for spaCy's matcher."""

from pathlib import Path

import pytest
from spacy.matcher import Matcher

from bot.engine.nlu.patterns import GAP, LONGEST_GAP, compile_pattern, read_patterns, read_thresholds, words_of
from bot.engine.nlu.tokenizer import MULTILINGUAL, blank
from bot.errors import ContentError
from bot.settings import Settings


def matches(pattern: str, text: str) -> bool:
    matcher = Matcher(blank(MULTILINGUAL).vocab)
    matcher.add("pattern", [compile_pattern(pattern)])
    return bool(matcher(words_of(text)))


@pytest.mark.parametrize(
    ("pattern", "found", "not_found"),
    [
        (
            "call police",
            ["Call POLICE now", "please call  police"],
            ["call the police", "police call", "recall police"],
        ),
        ("call|ring 112", ["call 112", "Ring 112!"], ["phone 112", "call ring", "call 1122"]),
        ("kill*", ["kill", "he kills me", "killing"], ["skill", "kil"]),
        ("*slag", ["slag", "knivslag"], ["slagter"]),
        ("*slå*", ["slår", "overslået"], ["sla"]),
        ("bleed*|bløder", ["bleeding", "bløder"], ["blødere", "blood"]),
        ("call _ police", ["call police", "call the police", "call me the danish police"], ["call a b c d police"]),
        ("don't want", ["I don't want", "don’t want"], ["do want"]),
        ("لا اتنفس", ["لَا أَتَنَفَّس", "لا اتنفس"], ["اتنفس لا"]),
        ("سكين|سلاح", ["معه سكين", "معه ســلاح"], ["سكينة"]),
        ("يقتل*", ["يقتلني", "يَقتُلُنا"], ["سيقتل"]),
        ("c.t", ["c.t"], ["cat"]),
        ("c.t*", ["c.ts"], ["cats"]),
    ],
)
def test_a_pattern_finds_what_it_says_and_nothing_else(pattern: str, found: list[str], not_found: list[str]) -> None:
    assert [text for text in found if not matches(pattern, text)] == []
    assert [text for text in not_found if matches(pattern, text)] == []


def test_a_gap_is_none_to_three_words() -> None:
    assert compile_pattern("a _ b") == [{"LOWER": "a"}, *[GAP] * LONGEST_GAP, {"LOWER": "b"}]
    for words in range(6):
        assert matches("call _ police", "call " + "x " * words + "police") == (words <= LONGEST_GAP)


def test_a_pattern_is_written_in_any_spelling_of_its_letters() -> None:
    assert compile_pattern("أريد الْمَوْت") == compile_pattern("اريد الموت")
    assert compile_pattern("HELP|Hjælp") == compile_pattern("hjælp|help")


@pytest.mark.parametrize("pattern", ["", "  ", "_", "_ _ _"])
def test_a_pattern_that_would_match_anything_is_refused(pattern: str) -> None:
    with pytest.raises(ContentError, match="would match anything"):
        compile_pattern(pattern)


@pytest.mark.parametrize("pattern", ["*", "* *", "a|*", "** _"])
def test_a_star_alone_is_refused_too(pattern: str) -> None:
    with pytest.raises(ContentError, match="would match anything"):
        compile_pattern(pattern)


def test_patterns_are_found_by_looking_at_the_folders(tmp_path: Path) -> None:
    for code in ("da", "fa"):
        (tmp_path / code).mkdir()
        (tmp_path / code / "danger.yml").write_text("emergency: [brand, 112]\nharmless:\n", encoding="utf-8")
    (tmp_path / "pl").mkdir()
    read = {"emergency": ["brand", "112"], "harmless": []}
    assert read_patterns(tmp_path, "danger.yml") == {"da": read, "fa": read}


def test_a_broken_file_is_refused_by_language_and_name(tmp_path: Path) -> None:
    (tmp_path / "da").mkdir()
    (tmp_path / "da" / "danger.yml").write_text("emergency: [", encoding="utf-8")
    with pytest.raises(ContentError, match=r"da/danger\.yml"):
        read_patterns(tmp_path, "danger.yml")


def test_a_language_may_have_a_threshold_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "da").mkdir()
    (tmp_path / "ar").mkdir()
    (tmp_path / "da" / "thresholds.yml").write_text("need: 0.45\n", encoding="utf-8")
    assert read_thresholds(tmp_path) == {"da": 0.45}


def test_every_pattern_of_every_language_compiles_and_finds_itself() -> None:
    messages = Settings().data / "nlu"
    for needs in read_patterns(messages, "danger.yml").values():
        for texts in needs.values():
            for text in texts:
                assert compile_pattern(text), text
