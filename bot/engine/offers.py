"""What is offered beside an answer: the second of two needs, another language."""

from collections.abc import Mapping
from typing import Any

from bot.engine.agent import Engine
from bot.engine.conversation import Conversation
from bot.engine.hearing import SURE_LANGUAGE, TELLING_WORDS
from bot.engine.nlu.language_recogniser import GUESS
from bot.engine.nlu.needs import SECOND
from bot.language.languages import Language


async def offers_beside(
    engine: Engine, languages: Mapping[str, Language], conversation: Conversation, parsed: dict[str, Any]
) -> list[dict[str, Any]]:
    """Each language is offered once."""
    offers = []
    if SECOND in parsed and not conversation.apart and parsed["intent"]["name"] == parsed["intent_ranking"][0]["name"]:
        offers.append(await engine.say("utter_also", conversation.language, offer=[f"need_{parsed[SECOND]}"]))
    code = _another_language(conversation, parsed.get(GUESS) or {})
    if not code:
        return offers
    conversation.declined.append(code)
    if code in languages:
        offer = await engine.say("utter_offer_language", code, languages=[code])
        return [*offers, {**offer, "custom": {**offer["custom"], "language": code}}]
    return [*offers, await engine.say("utter_offer_languages", conversation.language, languages=True)]


def _another_language(conversation: Conversation, guess: Mapping[str, Any]) -> str | None:
    """The language of what was written, where it is surely another than the one that is spoken."""
    code = guess.get("language")
    sure = guess.get("confidence", 0) >= SURE_LANGUAGE and guess.get("words", 0) >= TELLING_WORDS
    return code if code and sure and code not in {conversation.language, *conversation.declined} else None
