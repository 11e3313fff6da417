"""The guide as its callers see it: begin, say, replay, erase. One call is one turn, sealed and saved whole."""

import asyncio
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.casework.desk import Desk
from bot.directory.services import read_directory
from bot.engine.agent import Engine
from bot.engine.answers import Answers, parsed_payload, yes_or_no
from bot.engine.conversation import Conversation, SessionKeys, new_token
from bot.engine.conversation_store import ConversationStore
from bot.engine.lock_store import Turns
from bot.engine.logs import log
from bot.engine.nlg import CatalogueNLG
from bot.engine.nlu.danger import BY_RULE, UNCLEAR
from bot.engine.nlu.language_recogniser import GUESS
from bot.engine.nlu.needs import SECOND
from bot.engine.transcript import write_down, write_down_resident
from bot.engine.turn import Turn, under_way
from bot.errors import ConversationEndedError, NotSavedError, Problem, SealBrokenError
from bot.language.catalogue import Catalogue, read_catalogue
from bot.language.figures import masked
from bot.language.languages import Language, find_languages, preferred
from bot.language.sources import page_word
from bot.settings import Settings
from bot.store.secrets import server_key
from bot.store.sqlite_store import SqliteStore

LONGEST_TEXT = 1_000
LONGEST_ID = 64
KEPT_ANSWERS = 200
SURE_LANGUAGE = 0.8
TELLING_WORDS = 3
"""Words that are no names, from which a message settles the language or makes another one worth offering."""
"""Probability from which a guessed language is spoken, while none was chosen."""
STANDING = "language_"
"""Buttons that begin so are always offered: the page's language menu presses them."""

type Reply = dict[str, Any]


@dataclass(frozen=True)
class Said:
    """What a client sent: exactly one of text and button."""

    message_id: str
    text: str | None = None
    button: str | None = None

    @property
    def mark(self) -> str:
        """Tells whether a resent message is the same."""
        content = json.dumps([self.text, self.button]).encode()
        return hashlib.blake2b(content, digest_size=8).hexdigest()

    def check(self) -> None:
        """Raises Problem where it cannot be answered."""
        if not 0 < len(self.message_id) <= LONGEST_ID:
            raise Problem(400, "problem.unreadable")
        if (self.text is None) == (self.button is None):
            raise Problem(400, "problem.empty")
        if self.text is not None and not self.text.strip():
            raise Problem(400, "problem.empty")
        if self.text is not None and len(self.text) > LONGEST_TEXT:
            raise Problem(413, "problem.too_long", limit=str(LONGEST_TEXT))


class Guide:
    """Everything that serves residents in one process; made by `open_guide`."""

    def __init__(self, settings: Settings, model: Path) -> None:
        self.settings = settings
        self.directory = read_directory(settings.content / "services")
        self.languages: Mapping[str, Language] = find_languages(settings.locales, settings.data / "nlu")
        facts = {**self.directory.facts(), "idle_minutes": str(settings.idle_minutes)}
        self._catalogues = {
            code: read_catalogue(language, settings.locales, facts) for code, language in self.languages.items()
        }
        self.engine = Engine(model, CatalogueNLG(self.words, self.languages, self.directory))
        self._answers = Answers.read(settings.data / "nlu")
        self._turns = Turns()
        self._conversations = ConversationStore(settings.var / "conversations.db", settings.idle_minutes)
        self.store = SqliteStore(settings.var / "store.db")
        self._desk = Desk(self.store, server_key(settings.var))

    # Words

    def words(self, code: str) -> Catalogue:
        """The catalogue of a language; of the default one for a code that is not spoken here."""
        return self._catalogues.get(code) or self._catalogues[self.settings.default_language]

    def page_word(self, code: str, name: str, **values: str) -> str:
        return page_word(self.words(code), name, **values)

    def negotiate(self, accept_language: str) -> str:
        """The best of our languages for an Accept-Language header, else the default."""
        return preferred(accept_language, self.languages, self.settings.default_language)

    # Turns

    async def begin(self, language: str | None, accept_language: str = "") -> tuple[str, Reply]:
        """A new conversation: its session token and the welcome. An unknown language raises Problem."""
        if language is not None and language not in self.languages:
            raise Problem(422, "problem.unknown_language")
        code = language or self.negotiate(accept_language)
        conversation = Conversation(
            language=code, language_is_chosen=language is not None, language_is_settled=language is not None
        )
        message = await self.engine.say("utter_welcome", code)
        messages = write_down(conversation, self.languages, [message])
        token = new_token()
        await self._conversations.create(SessionKeys.of(token), conversation)
        return token, self._reply(conversation, messages)

    async def say(self, token: str, message_id: str, text: str | None = None, button: str | None = None) -> Reply:
        """Answer a message or a pressed button; the same message sent again gets the same answer and does nothing.

        Raises Problem, ConversationEndedError, or NotSavedError where nothing was kept.
        """
        said = Said(message_id, text, button)
        keys = SessionKeys.of(token)
        async with self._turns.one_at_a_time(keys.conversation_id):
            conversation = await self._load(keys)
            said.check()
            earlier = conversation.answered.get(said.message_id)
            if earlier:
                return self._again(conversation, said, earlier)
            return await self._answer(keys, conversation, said)

    async def replay(self, token: str) -> Reply:
        """All messages of the conversation so far; only the newest turn's buttons can still be pressed."""
        conversation = await self._load(SessionKeys.of(token))
        last = max((item["to"] for item in conversation.answered.values()), default=len(conversation.transcript))
        first = max((item["from"] for item in conversation.answered.values()), default=0)
        messages = [
            message if first <= number < last else {**message, "buttons": []}
            for number, message in enumerate(conversation.transcript)
        ]
        return self._reply(conversation, messages)

    async def language_of(self, token: str) -> str:
        return (await self._load(SessionKeys.of(token))).language

    async def erase(self, token: str) -> None:
        """Delete the conversation; a turn under way is waited for."""
        keys = SessionKeys.of(token)
        async with self._turns.one_at_a_time(keys.conversation_id):
            await self._conversations.delete(keys)

    async def delete_idle(self) -> int:
        return await self._conversations.delete_idle()

    def close(self) -> None:
        self._conversations.close()
        self.store.close()

    # One turn

    async def _load(self, keys: SessionKeys) -> Conversation:
        try:
            return await self._conversations.load(keys)
        except SealBrokenError:
            log.error("conversation_broken")
            raise ConversationEndedError("a conversation does not open") from None

    def _again(self, conversation: Conversation, said: Said, earlier: dict[str, Any]) -> Reply:
        if earlier["mark"] != said.mark:
            raise Problem(409, "problem.used_again")
        return self._reply(conversation, conversation.transcript[earlier["from"] + 1 : earlier["to"]])

    async def _answer(self, keys: SessionKeys, conversation: Conversation, said: Said) -> Reply:
        text, parsed = await self._understand(conversation, said)
        turn = Turn(keys.conversation_id, said.message_id, conversation, keys.secret, self._desk, self.directory)
        first = len(conversation.transcript)
        shown = masked(said.text) if said.text is not None else conversation.offered.get(said.button or "", ["", ""])[1]
        with under_way(turn):
            await self.engine.answer(text, parsed)
        if not turn.said:
            turn.said.append(await self.engine.say("utter_sorry", conversation.language))
        if said.text is not None and shown != said.text:
            turn.said.append(await self.engine.say("utter_number_hidden", conversation.language))
        if not turn.erase:
            turn.said += await self._offers(conversation, parsed)
        write_down_resident(conversation, self.languages, shown)
        messages = write_down(conversation, self.languages, turn.said)
        if turn.erase:
            await self._conversations.delete(keys)
            return {**self._reply(conversation, messages), "ended": True}
        conversation.answered[said.message_id] = {"mark": said.mark, "from": first, "to": len(conversation.transcript)}
        _keep_newest(conversation.answered)
        await self._conversations.save(keys, conversation)
        return self._reply(conversation, messages)

    async def _understand(self, conversation: Conversation, said: Said) -> tuple[str, dict[str, Any]]:
        """The text Rasa gets and its parse, for a pressed button, a typed answer, or free text.

        In that text a number that says who somebody is has dots for digits: it reaches no tracker and no store.
        """
        if said.text is None:
            return self._pressed(conversation, said.button or "")
        chosen = conversation.language if conversation.language_is_chosen else None
        parsed = await self.engine.understand(said.text, chosen)
        self._settle_language(conversation, parsed)
        if not parsed.get(BY_RULE):
            offered = {button: title for button, (_, title) in conversation.offered.items()}
            button = self._answers.button_for(said.text, conversation.language, offered)
            button = button or yes_or_no(said.text, parsed["intent"], offered)
            if button:
                return self._pressed(conversation, button)
        if parsed.get(UNCLEAR):
            parsed["intent"] = {"name": UNCLEAR, "confidence": 1.0}
        kept = masked(said.text)
        return kept, {**parsed, "text": kept}

    def _pressed(self, conversation: Conversation, button: str) -> tuple[str, dict[str, Any]]:
        code = button.removeprefix(STANDING)
        if button.startswith(STANDING) and code in self.languages:
            conversation.language_is_chosen = conversation.language_is_settled = True
            return parsed_payload(f'/choose_language{{"language": "{code}"}}')
        if button in conversation.offered:
            return parsed_payload(conversation.offered[button][0])
        raise Problem(422, "problem.not_offered")

    def _settle_language(self, conversation: Conversation, parsed: dict[str, Any]) -> None:
        """Speak the language of the first message that surely has one; after that, or a choice, it is only offered."""
        guess = parsed[GUESS]
        if conversation.language_is_settled or guess["language"] not in self.languages:
            return
        if guess["confidence"] >= SURE_LANGUAGE and guess["words"] > 0:
            conversation.language = guess["language"]
            conversation.language_is_settled = guess["words"] >= TELLING_WORDS

    async def _offers(self, conversation: Conversation, parsed: dict[str, Any]) -> list[dict[str, Any]]:
        """What is offered beside the answer: the second of two needs, another language; each language once."""
        offers = []
        if SECOND in parsed and parsed["intent"]["name"] == parsed["intent_ranking"][0]["name"]:
            offers.append(await self.engine.say("utter_also", conversation.language, offer=[f"need_{parsed[SECOND]}"]))
        guess = parsed.get(GUESS) or {}
        code, sure = guess.get("language"), guess.get("confidence", 0) >= SURE_LANGUAGE
        if (
            not code
            or not sure
            or guess["words"] < TELLING_WORDS
            or code in {conversation.language, *conversation.declined}
        ):
            return offers
        conversation.declined.append(code)
        if code in self.languages:
            offer = await self.engine.say("utter_offer_language", code, languages=[code])
            return [*offers, {**offer, "language": code}]
        return [*offers, await self.engine.say("utter_offer_languages", conversation.language, languages=True)]

    def _reply(self, conversation: Conversation, messages: list[dict[str, Any]]) -> Reply:
        language = self.languages[conversation.language]
        return {"lang": language.code, "dir": language.direction, "messages": messages, "ended": False}


def _keep_newest(answered: dict[str, Any]) -> None:
    for message_id in list(answered)[:-KEPT_ANSWERS]:
        del answered[message_id]


async def sweep(guide: Guide, every_seconds: float = 60.0) -> None:
    """Delete idle conversations for as long as the service runs; a failing sweep is tried again."""
    while True:
        try:
            await guide.delete_idle()
        except NotSavedError as error:
            log.error("sweep_failed", error=str(error))
        await asyncio.sleep(every_seconds)
