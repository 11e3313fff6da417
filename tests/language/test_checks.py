"""What an editor is shown of the training messages."""

from bot.language.checks import hard_to_tell_apart, in_another_language, in_another_script, near_duplicates
from bot.language.examples import Example

DANISH = [
    "jeg vil gerne lære dansk om aftenen", "hvor ligger jobcenteret på Nørrebro", "min chef betaler ikke min løn",
    "hvordan melder jeg mig som ledig i dag", "jeg har brug for en bolig til min familie",
]  # fmt: skip
ENGLISH = [
    "I would like to learn Danish in the evening", "where is the job centre in the city", "my boss does not pay me",
    "how do I sign up as unemployed today", "I need a home for my whole family now",
]  # fmt: skip


def of(language: str, texts: list[str], need: str = "a") -> list[Example]:
    return [Example(text, need, language, "some.yml") for text in texts]


def test_nearly_the_same_under_two_needs_is_found_once() -> None:
    examples = [*of("da", DANISH), *of("da", ["jeg vil gerne lære dansk om aftenen!"], "b")]
    (found,) = near_duplicates(examples)
    assert (found.example.text, found.other) == (DANISH[0], "b: 'jeg vil gerne lære dansk om aftenen!'")
    assert str(found).startswith("da/some.yml: a: ")


def test_the_same_words_in_another_language_or_for_the_same_need_are_no_fault() -> None:
    assert not list(near_duplicates([*of("da", DANISH), *of("nb", DANISH, "b"), *of("da", DANISH)]))


def test_a_message_in_another_script_is_found() -> None:
    found = list(in_another_script([*of("da", DANISH * 20), *of("da", ["я хочу вчити данську"])]))
    assert [(item.example.text, item.other) for item in found] == [("я хочу вчити данську", "CYRILLIC")]


def test_a_message_in_another_language_is_found() -> None:
    examples = [*of("da", DANISH * 40), *of("en", ENGLISH * 40), *of("da", ["how do I learn Danish in my home"])]
    assert [(item.example.text, item.other) for item in in_another_language(examples)] == [
        ("how do I learn Danish in my home", "en")
    ]


def test_needs_that_are_often_mistaken_for_each_other_are_told() -> None:
    read = [("a", "b")] * 4 + [("a", "a")] * 9 + [("b", "a")] * 2 + [("c", "a")] * 3
    assert hard_to_tell_apart(read) == [("a", "b", 4), ("c", "a", 3)]
