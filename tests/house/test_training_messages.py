"""The training messages: enough, in the right folder, and each under one need only."""

from collections import Counter, defaultdict

from bot.language.languages import find_languages
from bot.language.normalise import normalise
from bot.settings import Settings
from tests.training_messages import all_messages

LEAST = 15


def test_each_message_states_the_language_of_its_folder() -> None:
    assert not [path for _, _, language, path in all_messages() if path.parent.name != language]


def test_each_need_has_enough_messages_in_each_language() -> None:
    settings = Settings()
    counts = Counter((language, need) for _, need, language, _ in all_messages())
    needs = {need for _, need in counts}
    for language in find_languages(settings.locales, settings.data / "nlu"):
        for need in needs:
            assert counts[language, need] >= LEAST, (language, need)


def test_no_message_stands_under_two_needs() -> None:
    places: dict[tuple[str, str], set[str]] = defaultdict(set)
    for text, need, language, _ in all_messages():
        plain = "".join(char for char in normalise(text) if char.isalnum() or char == " ")
        places[language, plain].add(need)
    assert not {key: needs for key, needs in places.items() if len(needs) > 1}


def test_no_message_is_a_command() -> None:
    assert not [text for text, _, _, _ in all_messages() if text.startswith("/") or "[" in text]
