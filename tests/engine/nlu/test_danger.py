"""Danger is recognised by pattern, the most urgent first, and idioms are left alone."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.engine.nlu.danger import BY_RULE, MOST_URGENT_FIRST, Danger, DangerRecogniser, anchored
from bot.engine.nlu.needs import FALLBACK
from bot.engine.nlu.patterns import HARMLESS, read_patterns
from bot.engine.nlu.tokenizer import MULTILINGUAL, blank
from bot.settings import Settings

PATTERNS = {
    "en": {
        "emergency": ["fire|flames in kitchen|house", "call 112"],
        "crisis_suicide": ["want to die", "kill myself"],
        "crisis_violence": ["husband _ hits|kill*"],
        "forced_labour": ["took|keeps _ passport"],
        "harmless": ["want to die laughing", "on fire today", "kill* time"],
    },
    "da": {"emergency": ["ring 112"], "harmless": ["dræbe tid"]},
}
DANGER = Danger(anchored(PATTERNS, []))
REAL_PATTERNS = read_patterns(Settings().data / "nlu", "danger.yml")
REAL = Danger(anchored(REAL_PATTERNS, []))


@pytest.mark.parametrize(
    ("text", "need"),
    [
        ("There is FIRE in house", "emergency"),
        ("ring 112!!", "emergency"),
        ("I want to die", "crisis_suicide"),
        ("my husband always hits me", "crisis_violence"),
        ("my boss took my passport", "forced_labour"),
        ("hello", None),
        ("", None),
        ("\0\ud800", None),
    ],
)
def test_a_message_tells_of_a_danger_or_of_none(text: str, need: str | None) -> None:
    assert DANGER.need_in(text) == need


def test_the_most_urgent_danger_of_several_is_answered() -> None:
    texts = ["my boss took my passport", "my husband hits me", "I want to die", "fire in kitchen"]
    found = [DANGER.need_in(" and ".join(texts[:number])) for number in range(1, len(texts) + 1)]
    assert tuple(reversed(found)) == MOST_URGENT_FIRST


@pytest.mark.parametrize("text", ["I want to die laughing", "you are on fire today", "killing time", "dræbe tid"])
def test_an_idiom_is_harmless(text: str) -> None:
    assert DANGER.need_in(text) == HARMLESS


def test_an_idiom_takes_back_only_the_danger_it_overlaps() -> None:
    assert DANGER.need_in("I want to die laughing, but there is fire in kitchen") == "emergency"
    assert DANGER.need_in("killing time and I want to die") == "crisis_suicide"


def test_the_same_danger_told_twice_is_not_taken_back_by_one_idiom() -> None:
    assert DANGER.need_in("I want to die laughing. no, I want to die") == "crisis_suicide"


@settings(deadline=None)
@given(st.text(st.characters()))
def test_any_text_at_all_can_be_looked_at(text: str) -> None:
    assert REAL.need_in(text) in {*MOST_URGENT_FIRST, HARMLESS, None}


# The anchors, which spare most messages the matcher


def test_the_rarest_word_of_each_pattern_is_its_anchor() -> None:
    ordinary = ["I want to learn", "want to work", "to go"]
    patterns = {"en": {"crisis_suicide": ["want to die"], "forced_labour": ["take*|grab to work"]}}
    assert [pattern.anchor for pattern in anchored(patterns, ordinary)] == [["die"], ["take*", "grab"]]


@pytest.mark.parametrize(
    ("anchor", "word"), [("fire*", "firetruck"), ("*fire", "campfire"), ("bon*s", "bonfires"), ("fire", "fire")]
)
def test_an_anchor_is_found_wherever_its_star_stands(anchor: str, word: str) -> None:
    danger = Danger(anchored({"en": {"emergency": [anchor]}}, []))
    assert danger.need_in(f"the {word} now") == "emergency"
    assert danger.need_in("the water now") is None


def test_spellings_that_meet_are_kept_once() -> None:
    assert len(anchored({"ar": {"emergency": ["أنقذوني", "انقذوني", "أَنْقِذُونِي"]}}, [])) == 1


def test_no_word_of_a_message_is_kept() -> None:
    """SpaCy's store of strings would hold what people wrote for as long as the service runs."""
    REAL.need_in("my husband hits me and zqxunheardword")
    assert "zqxunheardword" not in blank(MULTILINGUAL).vocab.strings
    assert REAL.need_in("my husband hits me and zqxunheardword") == "crisis_violence"


def test_the_anchors_lose_nothing_that_the_patterns_would_find() -> None:
    """Whatever texts are taken for ordinary, a message of a pattern's own words is found."""
    told = [example_of(text) for needs in REAL_PATTERNS.values() for texts in needs.values() for text in texts][::40]
    by_rarity = Danger(anchored(REAL_PATTERNS, told[::3]))
    assert [text for text in told if by_rarity.need_in(text) is None] == []


def example_of(pattern: str) -> str:
    """A short message that the pattern finds: the first alternative of each word, stars as nothing or one letter."""
    words = [word.split("|")[0].replace("'*", "'a").replace("*", "") for word in pattern.split() if word != "_"]
    return " ".join(words)


@pytest.mark.parametrize("code", REAL_PATTERNS)
def test_every_language_has_patterns_for_every_danger_and_for_idioms(code: str) -> None:
    assert set(MOST_URGENT_FIRST) <= {need for need, texts in REAL_PATTERNS[code].items() if texts}
    assert set(REAL_PATTERNS[code]) <= {*MOST_URGENT_FIRST, HARMLESS}


@pytest.mark.parametrize("code", REAL_PATTERNS)
def test_every_pattern_finds_its_own_words_unless_an_idiom_holds_them(code: str) -> None:
    lost = [
        (need, text)
        for need, texts in REAL_PATTERNS[code].items()
        for text in texts
        if REAL.need_in(example_of(text)) is None
    ]
    assert lost == []


@pytest.mark.parametrize("text", ["I'm bleeding", "I’m choking", "we're bleeding"])
def test_a_short_form_is_danger_like_its_long_form(text: str) -> None:
    assert REAL.need_in(text) == "emergency"


# In the pipeline


@pytest.fixture(scope="module")
def recogniser(tmp_path_factory: pytest.TempPathFactory) -> DangerRecogniser:
    """Trained on the real patterns, written into a model, and read from it."""
    storage = LocalModelStorage(tmp_path_factory.mktemp("model"))
    resource, context = Resource("danger"), ExecutionContext(GraphSchema({}))
    config = DangerRecogniser.get_default_config()
    DangerRecogniser.create(config, storage, resource, context).train(TrainingData([]))
    return DangerRecogniser.load(config, storage, resource, context)


def message(text: str, *ranking: str) -> Message:
    ranked = [{"name": name, "confidence": round(0.9 - 0.1 * place, 1)} for place, name in enumerate(ranking)]
    return Message({TEXT: text, INTENT: ranked[0] if ranked else None, INTENT_RANKING_KEY: ranked})


def names(read: Message) -> list[str]:
    ranking: list[dict[str, Any]] = read.get(INTENT_RANKING_KEY)
    return [intent["name"] for intent in ranking]


def test_danger_outranks_the_classifier_and_says_that_it_was_a_rule(recogniser: DangerRecogniser) -> None:
    (read,) = recogniser.process([message("call 112 now please", "find_job", "emergency", "greet")])
    assert read.get(INTENT) == {"name": "emergency", "confidence": 1.0}
    assert names(read) == ["emergency", "find_job", "greet"]
    assert read.get(BY_RULE) is True


def test_an_ordinary_message_is_left_as_it_was_read(recogniser: DangerRecogniser) -> None:
    (read,) = recogniser.process([message("where can I learn Danish", "danish_start", "greet")])
    assert (read.get(INTENT)["name"], names(read), read.get(BY_RULE)) == (
        "danish_start", ["danish_start", "greet"], None,
    )  # fmt: skip


def test_an_idiom_takes_the_classifiers_danger_back(recogniser: DangerRecogniser) -> None:
    idiom = example_of(REAL_PATTERNS["en"][HARMLESS][0])
    ranked = [{"name": "crisis_suicide", "confidence": 0.6}, {"name": "thank", "confidence": 0.3}]
    (read,) = recogniser.process([Message({TEXT: idiom, INTENT: ranked[0], INTENT_RANKING_KEY: ranked})])
    assert read.get(INTENT)["name"] == FALLBACK
    assert names(read) == [FALLBACK, "thank"]


def test_an_idiom_takes_nothing_else_back(recogniser: DangerRecogniser) -> None:
    idiom = example_of(REAL_PATTERNS["en"][HARMLESS][0])
    (read,) = recogniser.process([message(idiom, "find_job", "emergency")])
    assert names(read) == ["find_job", "emergency"]


def test_a_message_without_a_reading_or_a_text_is_no_error(recogniser: DangerRecogniser) -> None:
    recogniser.process([Message({}), Message({TEXT: None}), Message({TEXT: ""})])
