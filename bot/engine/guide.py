"""The guide as its callers see it: begin, say, replay, erase. One call is one turn, sealed and saved whole."""

import asyncio
import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.casework.desk import Desk, Outcome
from bot.directory.entries import read_entries
from bot.directory.services import read_directory
from bot.engine.agent import Engine
from bot.engine.answers import Answers
from bot.engine.conversation import Conversation, SessionKeys, new_token
from bot.engine.conversation_store import ConversationStore
from bot.engine.hearing import SURE_LANGUAGE, TELLING_WORDS, Hearing, Said
from bot.engine.lock_store import Turns
from bot.engine.logs import log
from bot.engine.nlg import CatalogueNLG
from bot.engine.nlu.language_recogniser import GUESS
from bot.engine.nlu.needs import SECOND
from bot.engine.slip import Slip, slip_of
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

KEPT_ANSWERS = 200
ENTERED = "entered"
"""The message id under which a conversation is led to what somebody came with."""
DANISH = "da"
"""What stands beside a text that no speaker has read, and what the other side of a counter reads."""

type Reply = dict[str, Any]


class Guide:
    """Everything that serves residents in one process; made by `open_guide`."""

    def __init__(self, settings: Settings, model: Path) -> None:
        self.settings = settings
        self.directory = read_directory(settings.content)
        self.languages: Mapping[str, Language] = find_languages(settings.locales, settings.data / "nlu")
        facts = {**self.directory.facts(), "idle_minutes": str(settings.idle_minutes)}
        self._catalogues = {
            code: read_catalogue(language, settings.locales, facts) for code, language in self.languages.items()
        }
        self.engine = Engine(model, CatalogueNLG(self.words, self.languages, self.directory))
        self._hearing = Hearing(self.engine, Answers.read(settings.data / "nlu"), self.languages, self.words)
        self._entries = read_entries(settings.content / "entries.yml")
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

    async def begin(
        self, language: str | None, accept_language: str = "", *, entry: str | None = None, for_staff: bool = False
    ) -> tuple[str, Reply]:
        """A new conversation: its session token and the welcome. An unknown language raises Problem.

        `entry`, the code of a sign, letter or film, adds the answer to the need with which its reader comes; one that
        is not known does nothing. `for_staff`: at a counter, with the Danish beside everything.
        """
        if language is not None and language not in self.languages:
            raise Problem(422, "problem.unknown_language")
        code = language or self.negotiate(accept_language)
        conversation = Conversation(
            language=code,
            language_is_chosen=language is not None,
            language_is_settled=language is not None,
            for_staff=for_staff,
        )
        message = await self.engine.say("utter_welcome", code)
        messages = write_down(conversation, self.languages, [message])
        token = new_token()
        button = f"need_{self._entries[entry]}" if entry and entry in self._entries else None
        if button:
            conversation.offered[button] = list(self.engine.offer(button, self.words(code)))
        await self._conversations.create(SessionKeys.of(token), conversation)
        reply = self._reply(conversation, messages)
        if button:
            await self._enter(str(entry), code)
            led = await self.say(token, ENTERED, button=button)
            reply = {**led, "messages": reply["messages"] + led["messages"]}
        return token, reply

    async def _enter(self, entry: str, language: str) -> None:
        try:
            await self._desk.enter(entry, language)
        except NotSavedError as error:  # a count that is lost takes nothing from the person
            log.error("entry_not_saved", error=str(error))

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

    async def slip(self, token: str) -> Slip | None:
        """The newest guidance as a page in two languages; None where there was none."""
        conversation = await self._load(SessionKeys.of(token))
        own, danish = self.words(conversation.language), self.words(DANISH)
        return slip_of(conversation.transcript, self.directory, own, danish, self._title_of_need)

    def _title_of_need(self, need: str, words: Catalogue) -> str:
        return self.engine.offer(f"need_{need}", words)[1]

    async def deadline(self, token: str) -> tuple[str, dt.date, str] | None:
        """Kind, day and language of the deadline that was counted last; None where none was."""
        conversation = await self._load(SessionKeys.of(token))
        counted = [message for message in conversation.transcript if message["reply"] == "utter_deadline"]
        if not counted:
            return None
        values = counted[-1]["values"]
        return values["kind"], dt.date.fromisoformat(values["iso"]), conversation.language

    async def places_of_slip(self, code: str) -> dict[str, str | None]:
        """{service: what was said of it last} of a slip's code; empty for an unknown one. Raises NotSavedError."""
        return await self._desk.places_of_slip(code)

    async def tell_outcome(self, outcome: Outcome) -> bool:
        """Keep what somebody says of a place on their slip; False where it stands on none. Raises NotSavedError."""
        return outcome.is_right and await self._desk.tell_outcomes([outcome]) == 1

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
        text, parsed = await self._hearing.understand(conversation, said)
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
        shown = [self._shown(conversation, message) for message in messages]
        return {"lang": language.code, "dir": language.direction, "messages": shown, "ended": False}

    def _shown(self, conversation: Conversation, message: Mapping[str, Any]) -> dict[str, Any]:
        """A message as it is given out: with a mark where no speaker has read it, and the Danish beside it."""
        shown = {name: value for name, value in message.items() if name not in {"source", "values"}}
        source, reply = message.get("source"), str(message["reply"])
        unchecked = source is not None and (reply, source) in self.words(message["lang"]).unchecked
        wanted = source is not None and message["lang"] != DANISH and (unchecked or conversation.for_staff)
        danish = self.words(DANISH).say(reply, str(source), **message["values"]) if wanted else None
        return {**shown, "unchecked": unchecked, "danish": danish}


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
