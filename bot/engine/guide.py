"""The guide as its callers see it: begin, say, replay, erase. One call is one turn, sealed and saved whole."""

import asyncio
from pathlib import Path
from typing import Any

from bot.audit.anchor import Anchor
from bot.audit.journal import Journal
from bot.casework.clocks import Clocks
from bot.casework.desk import Desk
from bot.casework.law_file import read_law
from bot.casework.own_report import OwnReports
from bot.casework.polls import Polls
from bot.casework.receipt import in_groups
from bot.casework.retention import delete_expired
from bot.casework.telling import Telling
from bot.casework.vocabulary import REPORT_STEP, SENT
from bot.directory.entries import read_entries
from bot.directory.services import read_directory
from bot.engine.agent import Engine
from bot.engine.answers import Answers
from bot.engine.back import Back
from bot.engine.conversation import Conversation, SessionKeys, new_token
from bot.engine.conversation_store import ConversationStore
from bot.engine.counting import Counting
from bot.engine.hearing import (
    ALSO_DANGER,
    LONGEST_TEXT,
    LONGEST_WORDS,
    OPEN_REPORT,
    Hearing,
    Said,
    tells_of_danger,
)
from bot.engine.lock_store import Turns
from bot.engine.logs import log
from bot.engine.nlg import CatalogueNLG
from bot.engine.offers import offers_beside
from bot.engine.reply import Replies, Reply
from bot.engine.slip import Slips
from bot.engine.steps import Step, keep, step_of
from bot.engine.transcript import write_down, write_down_resident
from bot.engine.turn import AFTER_RECEIPT, RECEIPT, SEND, Turn, under_way
from bot.engine.useful import Useful
from bot.engine.visits import Visits
from bot.engine.wording import ReportWording, Wording
from bot.errors import ConversationEndedError, NotSavedError, Problem, SealBrokenError
from bot.language.catalogue import Catalogue, read_catalogue
from bot.language.dates import today
from bot.language.figures import masked
from bot.language.languages import find_languages
from bot.monitoring.figures import LEAD, SAVE, UNDERSTAND, note_turn, timed
from bot.settings import Settings
from bot.store.opening import open_conversations, open_locks, open_store
from bot.store.secrets import server_key

ENTERED = "entered"
"""The message id under which a conversation is led to what somebody came with."""


class Guide(Wording):
    """Everything that serves residents in one process; made by `open_guide`."""

    def __init__(self, settings: Settings, model: Path) -> None:
        self.settings = settings
        self.directory = read_directory(settings.content)
        languages = find_languages(settings.locales, settings.data / "nlu")
        facts = {**self.directory.facts(), "idle_minutes": str(settings.idle_minutes)}
        catalogues = {code: read_catalogue(language, settings.locales, facts) for code, language in languages.items()}
        super().__init__(catalogues, languages, settings.default_language)
        self.law = read_law(settings.content / "law")
        self.engine = Engine(model, CatalogueNLG(self.words, self.languages, self.directory, self.law.words))
        self._hearing = Hearing(self.engine, Answers.read(settings.data / "nlu"), self.languages, self.words)
        self._entries = read_entries(settings.content / "entries.yml")
        self._turns = Turns(open_locks(settings))
        self._conversations = ConversationStore(open_conversations(settings), settings.idle_minutes)
        self.store = open_store(settings)
        self._journal = Journal(self.store.audit, Anchor(settings.var / settings.anchor))
        key, clocks = server_key(settings.var), Clocks.of(settings)
        self._desk, self._own = Desk(self.store, key, clocks), OwnReports(self.store, key, clocks)
        self.counting = Counting(self._desk, Polls(self.store, key))
        self.useful = Useful(self.directory.needs.values(), self._load, self._conversations, self._turns, self.counting)
        self._replies = Replies(self.languages, self.words, self.directory, self.useful)
        self.slips = Slips(self._of_token, self.directory, self.words, self._title_of_need, self._desk)
        self.report_words = ReportWording(self, self.engine, self.law, self.directory)
        self.visits = Visits(self._conversations, self._turns, self._own)
        self.back = Back(self._load, self._conversations, self._turns, self._replies)

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
            conversation.main.offered[button] = list(self.engine.offer(button, self.words(code)))
        await self._conversations.create(SessionKeys.of(token), conversation)
        reply = self._replies.of(conversation, messages)
        if button:
            await self.counting.entry(str(entry), code)
            led = await self.say(token, ENTERED, button=button)
            reply = {**led, "messages": reply["messages"] + led["messages"]}
        return token, reply

    async def say(self, token: str, message_id: str, text: str | None = None, button: str | None = None) -> Reply:
        """Answer a message or a pressed button; the same message sent again gets the same answer and does nothing.

        Raises Problem, ConversationEndedError, or NotSavedError where nothing was kept.
        """
        said = Said(message_id, text, button)
        keys = SessionKeys.of(token)
        async with self._turns.one_at_a_time(keys.conversation_id):
            conversation = await self._load(keys)
            said.check(LONGEST_WORDS if conversation.apart and conversation.apart.asks_words else LONGEST_TEXT)
            part = conversation.part_that_answered(said.message_id)
            if part:
                return self._again(conversation, said, part.answered[said.message_id])
            if conversation.filing and conversation.filing["id"] == said.message_id and not conversation.apart:
                return await self._receipt_again(keys, conversation, said)
            return await self._answer(keys, conversation, said)

    async def replay(self, token: str) -> Reply:
        """All messages of the conversation so far; only the newest turn's buttons can still be pressed."""
        return self._replies.whole(await self._load(SessionKeys.of(token)))

    async def language_of(self, token: str) -> str:
        return (await self._load(SessionKeys.of(token))).language

    async def is_going_on(self, token: str) -> bool:
        """Whether there is a conversation for a session token."""
        try:
            await self._load(SessionKeys.of(token))
        except ConversationEndedError:
            return False
        return True

    async def erase(self, token: str) -> None:
        """Delete the conversation; a turn under way is waited for."""
        keys = SessionKeys.of(token)
        async with self._turns.one_at_a_time(keys.conversation_id):
            await self._conversations.delete(keys)

    async def delete_idle(self) -> int:
        return await self._conversations.delete_idle()

    async def check_conversations(self) -> None:
        """Raises NotSavedError where none could be kept now."""
        await self._conversations.check()

    def close(self) -> None:
        self._conversations.close()
        self.store.close()
        self._turns.close()

    async def resume(self) -> None:
        """At start: what was told of a report that was stored just before a crash is forgotten now."""
        for conversation_id, lookup in (await self._conversations.being_filed()).items():
            async with self._turns.one_at_a_time(conversation_id):
                await self._conversations.settle(conversation_id, filed=await self._desk.is_filed(lookup))

    async def erase_expired(self) -> int:
        """Delete the reports whose time is over; how many."""
        return await delete_expired(self.store, self._journal, today())

    # One turn

    async def _of_token(self, token: str) -> Conversation:
        return await self._load(SessionKeys.of(token))

    def _title_of_need(self, need: str, words: Catalogue) -> str:
        return self.engine.offer(f"need_{need}", words)[1]

    async def _load(self, keys: SessionKeys) -> Conversation:
        try:
            return await self._conversations.load(keys)
        except SealBrokenError:
            log.error("conversation_broken")
            raise ConversationEndedError("a conversation does not open") from None

    def _again(self, conversation: Conversation, said: Said, earlier: dict[str, Any]) -> Reply:
        if earlier["mark"] != said.mark:
            raise Problem(409, "problem.used_again")
        return self._replies.again(conversation, said.message_id)

    async def _answer(self, keys: SessionKeys, conversation: Conversation, said: Said) -> Reply:
        with timed(UNDERSTAND):
            text, parsed = await self._hearing.understand(conversation, said)
        turn, before = self._turn(keys, conversation, said), step_of(conversation)
        turn.also_danger, turn.in_danger = bool(parsed.get(ALSO_DANGER)), tells_of_danger(parsed)
        turn.shown = masked(said.text) if said.text else self._hearing.title_of(conversation, said.button or "")
        with under_way(turn), timed(LEAD):
            await self.engine.answer(text, parsed)
        turn.reach_open_question()
        if not turn.said:
            turn.said.append(await self.engine.say("utter_sorry", conversation.language))
        if said.text is not None and turn.shown != said.text and parsed["intent"]["name"] != OPEN_REPORT:
            turn.said.append(await self.engine.say("utter_number_hidden", conversation.language))
        if not turn.erase:
            turn.said += await offers_beside(self.engine, self.languages, conversation, parsed)
        if not turn.in_danger:
            note_turn(parsed["intent"]["name"], conversation.language, self.directory.needs)
        return await self._close_turn(keys, turn, said, before)

    def _turn(self, keys: SessionKeys, conversation: Conversation, said: Said) -> Turn:
        async def keep(filing: str) -> None:
            await self._conversations.save(keys, conversation, filing)

        return Turn(
            conversation_id=keys.conversation_id,
            message_id=said.message_id,
            conversation=conversation,
            secret=keys.secret,
            desk=self._desk,
            directory=self.directory,
            law=self.law,
            own=self._own,
            versions=self.report_words.versions,
            keep=keep,
            text=said.text,
        )

    async def _close_turn(self, keys: SessionKeys, turn: Turn, said: Said, before: Step) -> Reply:
        """Write the turn down in the part of the conversation to which it belongs now, and save it."""
        conversation = turn.conversation
        part = conversation.now
        first = len(part.transcript)
        write_down_resident(conversation, self.languages, turn.shown)
        messages = write_down(conversation, self.languages, turn.said)
        if turn.erase:
            await self._conversations.delete(keys)
            return {**self._replies.of(conversation, messages), "ended": True}
        part.answered[said.message_id] = {"mark": said.mark, "from": first, "to": len(part.transcript)}
        keep(before, conversation, {str(it["reply"]) for it in messages})
        conversation.filing = None
        with timed(SAVE):
            await self._conversations.save(keys, conversation)
        await self.counting.turn(turn)
        return self._replies.of(conversation, messages)

    async def _receipt_again(self, keys: SessionKeys, conversation: Conversation, said: Said) -> Reply:
        """The report was stored, and then the process died before it could say so: the receipt of what is there."""
        filing = dict(conversation.filing or {})
        found = await self._desk.begin_filing(
            Telling(filing["attempt"], receipt=filing["receipt"] or None), keys.secret
        )
        if not await self._desk.is_filed(found.keys.lookup):
            raise Problem(422, "problem.not_offered")
        turn, before = self._turn(keys, conversation, said), step_of(conversation)
        turn.notes.append((REPORT_STEP, SENT))
        turn.shown = said.text or self.engine.offer(SEND, self.words(conversation.language))[1]
        for reply in (RECEIPT, AFTER_RECEIPT):
            turn.said.append(await self.engine.say(reply, conversation.language, receipt=in_groups(found.receipt)))
        return await self._close_turn(keys, turn, said, before)


async def sweep(guide: Guide, every_seconds: float = 60.0) -> None:
    """Delete idle conversations for as long as the service runs; a failing sweep is tried again."""
    while True:
        try:
            await guide.delete_idle()
            await guide.erase_expired()
        except NotSavedError as error:
            log.error("sweep_failed", error=str(error))
        await asyncio.sleep(every_seconds)
