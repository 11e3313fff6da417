"""What is offered beside an answer: another language, the second of two needs."""

import pytest

from bot.engine.guide import Guide
from tests.resident import Resident


def test_a_sentence_in_another_language_is_answered_in_the_chosen_one_and_the_other_is_offered(guide: Guide) -> None:
    resident = Resident(guide, "da").says("I would like to learn some Danish, where can I go?")
    assert resident.reply["lang"] == "da"
    offer = resident.messages[-1]
    assert (offer["reply"], offer["lang"], offer["buttons"][0]["id"]) == ("utter_offer_language", "en", "language_en")
    assert resident.presses("language_en").reply["lang"] == "en"


def test_a_language_is_offered_once(guide: Guide) -> None:
    resident = Resident(guide, "da").says("I would like to learn some Danish, where can I go?")
    resident.says("thank you very much for your help")
    assert "utter_offer_language" not in resident.replies


@pytest.mark.parametrize("text", ["ok", "Nørrebrogade 12", "Ahmed Hassan", "🙂", "yes thanks"])
def test_a_name_or_a_word_offers_no_language(guide: Guide, text: str) -> None:
    resident = Resident(guide, "ar").says(text)
    assert resident.reply["lang"] == "ar"
    assert "utter_offer_language" not in resident.replies


def test_an_offered_language_that_was_pressed_is_a_choice(guide: Guide) -> None:
    resident = Resident(guide, None, "en").says("Jeg vil gerne skifte til et andet sprog end dansk")
    resident.presses("language_ar").says("Jeg vil gerne lære dansk, hvor kan jeg gå hen?")
    assert resident.reply["lang"] == "ar"


def test_who_writes_a_language_that_is_not_spoken_chooses_one_that_is(guide: Guide) -> None:
    resident = Resident(guide, "en").says("где я могу записаться на курсы и как мне найти работу")
    assert resident.replies[-1] == "utter_offer_languages"
    assert {"language_da", "language_en", "language_ar"} <= set(resident.buttons)


def test_the_second_of_two_needs_is_offered(guide: Guide) -> None:
    resident = Resident(guide, "en").says("How much does a Danish course cost? And where is the job centre?")
    assert resident.messages[-1]["reply"] == "utter_also"
    assert {button["id"] for button in resident.messages[-1]["buttons"]} < {"need_danish_price", "need_jobcentre_find"}
