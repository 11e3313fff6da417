"""The language of a short message: script, n-grams, little words; names tell nothing."""

import pytest

from bot.engine.nlu.language_recogniser import read_others
from bot.language.recognise import LanguageRecognition, script_of, telling_words
from tests.training_messages import all_messages


@pytest.fixture(scope="module")
def recognition() -> LanguageRecognition:
    messages = [(text, language) for text, _, language, _ in all_messages()][::8]
    return LanguageRecognition.learn([text for text, _ in messages], [code for _, code in messages], read_others())


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hvordan melder jeg mig til sprogskole?", "da"),
        ("where do I register for a language school", "en"),
        ("أين أسجل في مدرسة اللغة", "ar"),
        ("میں ڈینش زبان کہاں سیکھ سکتا ہوں", "ur"),
        ("کجا می‌توانم زبان دانمارکی یاد بگیرم", "fa"),
        ("Де я можу записатися на курси данської", "uk"),
        ("gdzie mogę zapisać się na kurs duńskiego", "pl"),
        ("danca kursuna nereden kayıt olabilirim", "tr"),
        ("xagee baan iska diiwaan gelin karaa dugsiga luqadda", "so"),
        ("mujhe danish course ke liye kahan jana hoga", "ur"),
        ("где я могу записаться на курсы и как мне найти работу", "ru"),
        ("wo kann ich mich für einen Kurs anmelden und was kostet das", "de"),
        ("unde pot să mă înscriu la un curs și cum găsesc de lucru", "ro"),
        ("nataka kujifunza lugha, ninaweza kwenda wapi", "sw"),
    ],
)
def test_a_sentence_tells_its_language(recognition: LanguageRecognition, text: str, language: str) -> None:
    assert recognition.guess(text).language == language


@pytest.mark.parametrize("text", ["", "123", "🙂", "\0\ud800", "112 ?"])
def test_what_has_no_letters_tells_nothing(recognition: LanguageRecognition, text: str) -> None:
    assert recognition.guess(text).language is None


def test_a_script_that_none_of_ours_is_written_in_tells_nothing_of_ours(recognition: LanguageRecognition) -> None:
    assert recognition.guess("ሰላም እንዴት ነህ").language is None
    assert recognition.guess("我想学丹麦语").language is None


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("ok", 1),
        ("Nørrebrogade 12", 1),
        ("Ahmed Hassan Ali", 1),
        ("Sønder Boulevard, Vesterbro", 1),
        ("I live in Valby", 2),
    ],
)
def test_names_and_places_are_too_few_words_to_change_a_language(text: str, count: int) -> None:
    assert telling_words(text) == count


def test_a_script_is_that_of_most_letters() -> None:
    assert script_of("أريد sprogskole من فضلك") == "ARABIC"
    assert script_of("CPR номер") == "CYRILLIC"
    assert script_of("12 !") is None
