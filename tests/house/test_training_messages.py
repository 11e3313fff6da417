"""The training messages: enough, in the right folder, and each under one need only."""

from collections import Counter, defaultdict

from bot.language.checks import in_another_script, near_duplicates
from bot.language.examples import examples_of
from bot.language.normalise import normalise
from bot.settings import Settings
from tests.training_messages import all_messages

LEAST = {"so": 40}
LEAST_ELSEWHERE = 20


def test_each_message_states_the_language_of_its_folder() -> None:
    assert not [path for _, _, language, path in all_messages() if path.parent.name != language]


def test_each_need_has_enough_messages_in_each_language() -> None:
    counts = Counter((language, need) for _, need, language, _ in all_messages())
    for language in {language for language, _ in counts}:
        for need in {need for _, need in counts}:
            assert counts[language, need] >= LEAST.get(language, LEAST_ELSEWHERE), (language, need)


def test_no_message_stands_under_two_needs() -> None:
    places: dict[tuple[str, str], set[str]] = defaultdict(set)
    for text, need, language, _ in all_messages():
        plain = "".join(char for char in normalise(text) if char.isalnum() or char == " ")
        places[language, plain].add(need)
    assert not {key: needs for key, needs in places.items() if len(needs) > 1}


def test_no_message_is_a_command() -> None:
    assert not [text for text, _, _, _ in all_messages() if text.startswith("/") or "[" in text]


def test_no_message_nearly_says_what_one_of_another_need_says() -> None:
    assert not [str(found) for found in near_duplicates(examples_of(Settings().data / "nlu"))]


def test_every_message_is_in_a_script_of_its_language() -> None:
    assert not [str(found) for found in in_another_script(examples_of(Settings().data / "nlu"))]
