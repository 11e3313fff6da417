"""A typed answer is taken for the offered button it means, and for no other."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.directory.services import read_questions
from bot.engine.answers import SHORT, Answers, asks_for_a_place, typed_answer
from bot.errors import ContentError
from bot.settings import Settings

ANSWERS = Answers(
    {
        "en": {
            "residence_work": ["work", "i came to work", "for a job"],
            "residence_study": ["study", "i came to study"],
            "residence_eu": ["eu", "eu citizen"],
            "count_yes": ["yes", "of course"],
            "count_no": ["no", "no thanks"],
        },
        "ar": {"count_yes": ["نعم", "أيوه"]},
    }
)
OFFERED = {
    "residence_eu": "EU, EEA or Swiss citizen",
    "residence_work": "I work here",
    "residence_study": "I study here",
    "residence_unsaid": "I would rather not say",
}
COUNT = {"count_yes": "Yes, count it", "count_no": "No"}
REAL = Answers.read(Settings().data / "nlu")


@pytest.mark.parametrize(
    ("typed", "button"),
    [
        ("I work here", "residence_work"),
        ("i WORK  here.", "residence_work"),
        ("work", "residence_work"),
        ("Work!", "residence_work"),
        ("well, I came to work", "residence_work"),
        ("EU", "residence_eu"),
        ("I would rather not say", "residence_unsaid"),
        ("i am an eu citizen", "residence_eu"),
    ],
)
def test_a_title_or_a_phrase_names_its_button(typed: str, button: str) -> None:
    assert ANSWERS.button_for(typed, "en", OFFERED) == button


@pytest.mark.parametrize("typed", ["", "?", "how do I find a home", "workshop", "neutral", "citizen"])
def test_other_words_name_none(typed: str) -> None:
    assert ANSWERS.button_for(typed, "en", OFFERED) is None


def test_only_an_offered_button_can_be_named() -> None:
    assert ANSWERS.button_for("yes", "en", OFFERED) is None
    assert ANSWERS.button_for("work", "en", COUNT) is None
    assert ANSWERS.button_for("yes", "en", {}) is None


def test_the_longest_phrase_that_is_held_wins() -> None:
    assert ANSWERS.button_for("not work, i came to study", "en", OFFERED) == "residence_study"


def test_in_a_longer_message_a_phrase_may_stand_for_something_else() -> None:
    assert ANSWERS.button_for("i came to work", "en", OFFERED) == "residence_work"
    assert ANSWERS.button_for("i came to work" + " so" * SHORT, "en", OFFERED) is None


def test_a_long_title_is_named_by_itself() -> None:
    title = "I came here some years ago as a refugee with my family"
    assert ANSWERS.button_for(title, "en", {"residence_refugee": title}) == "residence_refugee"


def test_an_answer_is_read_in_the_language_of_the_conversation() -> None:
    assert ANSWERS.button_for("نَعَمْ", "ar", COUNT) == "count_yes"
    assert ANSWERS.button_for("ايوه،", "ar", COUNT) == "count_yes"
    assert ANSWERS.button_for("نعم", "en", COUNT) is None
    assert ANSWERS.button_for("yes", "pl", COUNT) is None


@settings(deadline=None)
@given(st.text(st.characters()))
def test_whatever_is_typed_names_an_offered_button_or_none(text: str) -> None:
    assert REAL.button_for(text, "en", OFFERED) in {*OFFERED, None}


def test_the_phrases_of_every_language_are_read(tmp_path: Path) -> None:
    for code, phrase in (("da", "ja tak"), ("fa", "بله")):
        (tmp_path / code).mkdir()
        (tmp_path / code / "answers.yml").write_text(f"count_yes:\n- {phrase}\n", encoding="utf-8")
    (tmp_path / "pl").mkdir()
    answers = Answers.read(tmp_path)
    assert answers.button_for("Ja tak", "da", COUNT) == "count_yes"
    assert answers.button_for("بله", "fa", COUNT) == "count_yes"


def test_a_broken_file_is_refused_by_language_and_name(tmp_path: Path) -> None:
    (tmp_path / "da").mkdir()
    (tmp_path / "da" / "answers.yml").write_text("count_yes: [", encoding="utf-8")
    with pytest.raises(ContentError, match=r"da/answers\.yml"):
        Answers.read(tmp_path)


@pytest.mark.parametrize(
    ("language", "yes", "no"), [("en", "yes", "no"), ("da", "ja", "nej"), ("ar", "نعم", "لا"), ("ar", "نَعَم!", "لا.")]
)
def test_yes_and_no_are_understood_in_every_language(language: str, yes: str, no: str) -> None:
    offered = {"count_yes": "1", "count_no": "2"}
    assert REAL.button_for(yes, language, offered) == "count_yes"
    assert REAL.button_for(no, language, offered) == "count_no"


@pytest.mark.parametrize("question", ["count", "cpr"])
@pytest.mark.parametrize(
    ("language", "typed"),
    [
        ("en", "I have no job"),
        ("en", "no idea where to go"),
        ("ar", "لا أجد عملا"),
        ("ar", "أنا لا أتكلم الدنماركية"),
    ],
)
def test_a_need_that_holds_a_small_word_is_no_answer(question: str, language: str, typed: str) -> None:
    offered = {f"{question}_yes": "1", f"{question}_no": "2"}
    assert REAL.button_for(typed, language, offered) is None


@pytest.mark.parametrize("typed", ["is it ok to work", "sure but how do I find a job"])
def test_nobody_agrees_to_be_counted_by_asking_something_else(typed: str) -> None:
    assert REAL.button_for(typed, "en", {"count_yes": "1", "count_no": "2"}) is None


# Corrections and days


@pytest.mark.parametrize(
    ("typed", "button"),
    [
        ("no, I am an EU citizen", "residence_eu"),
        ("No. EU", "residence_eu"),
        ("no i came to study here", "residence_study"),
        ("I am an EU citizen", None),
        ("no", None),
        ("no, I want a job in a bakery now", None),
        ("no " + "well " * SHORT + "eu citizen", None),
        ("", None),
    ],
)
def test_a_no_with_a_ground_of_stay_corrects_what_was_told(typed: str, button: str | None) -> None:
    assert ANSWERS.correction(typed, "en") == button


@pytest.mark.parametrize("language", ["da", "en", "ar", "uk", "pl", "tr", "ur", "so", "fa"])
def test_every_language_has_words_for_every_answer_that_can_be_typed(language: str) -> None:
    answers = {
        f"{question}_{answer}"
        for question, values in read_questions(Settings().content / "questions.yml").items()
        for answer in values
        if question != "near"  # a district is found by its names (places.yml)
    }
    assert answers <= set(REAL._phrases[language])


def parse(*entities: tuple[str, str]) -> dict[str, list[dict[str, str]]]:
    return {"entities": [{"entity": name, "value": value} for name, value in entities]}


@pytest.mark.parametrize(
    ("values", "day"),
    [
        ([], None),
        (["2026-11"], None),
        (["earlier"], None),
        (["2026-11-03"], "2026-11-03"),
        (["2026-11", "2026-12-01"], "2026-12-01"),
    ],
)
def test_of_a_deadline_only_a_whole_day_is_an_answer(values: list[str], day: str | None) -> None:
    parsed = parse(("district", "valby"), *(("date", value) for value in values))
    assert typed_answer(parsed, {"day_unknown"}) == (f'/deadline{{"day": "{day}"}}' if day else None)


@pytest.mark.parametrize("said", ["2026-11-03", "2026-11", "earlier"])
def test_when_it_was_may_be_a_day_a_month_or_longer_ago(said: str) -> None:
    assert typed_answer(parse(("date", said)), {"when_unknown"}) == (
        f'/answer_report{{"question": "when", "answer": "{said}"}}'
    )


def test_a_district_is_an_answer_where_one_is_asked_for() -> None:
    parsed = parse(("district", "norrebro"))
    assert typed_answer(parsed, {"district_outside"}) == '/answer_report{"question": "district", "answer": "norrebro"}'
    assert typed_answer(parsed, {"when_unknown", "day_unknown"}) is None


@pytest.mark.parametrize(
    ("text", "intent", "entities", "asks"),
    [
        ("Valby", "greet", [("district", 0, 5)], True),
        ("2300 ", "find_job", [("postcode", 0, 4)], True),
        ("what is there in Valby", "nlu_fallback", [("district", 17, 22)], True),
        ("I look for work in Valby", "find_job", [("district", 19, 24)], False),
        ("hello", "nlu_fallback", [], False),
        ("3.11.2026", "nlu_fallback", [("date", 0, 9)], False),
    ],
)
def test_a_place_alone_asks_what_is_near_it(
    text: str, intent: str, entities: list[tuple[str, int, int]], asks: bool
) -> None:
    found = [{"entity": name, "value": "x", "start": start, "end": end} for name, start, end in entities]
    assert asks_for_a_place({"text": text, "intent": {"name": intent}, "entities": found}) is asks
