"""Whether an answer that showed places was useful: where the page asks it, and where it is said."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from bot.casework.vocabulary import USEFUL_ANSWERS
from bot.directory.needs import Need
from bot.engine.conversation import Conversation, SessionKeys
from bot.engine.conversation_store import ConversationStore
from bot.engine.counting import Counting
from bot.engine.lock_store import Turns
from bot.errors import Problem

ASKED, THANKED = "ask", "thanks"
"""What stands under a message."""


class Useful:
    """Asked once a need, under its newest answer; never of a cry for help, beside a report, or at a counter."""

    def __init__(
        self,
        needs: Iterable[Need],
        load: Callable[[SessionKeys], Awaitable[Conversation]],
        conversations: ConversationStore,
        turns: Turns,
        counting: Counting,
    ) -> None:
        self._needs = {f"utter_{need.name}": need.name for need in needs if need.counted}
        self._load = load
        self._conversations = conversations
        self._turns = turns
        self._counting = counting

    def under(self, conversation: Conversation, message: Mapping[str, Any]) -> str | None:
        """Whether it is asked under a message, or thanked for; None where neither is."""
        need = self._need_of(message)
        if need is None or conversation.apart or conversation.for_staff:
            return None
        if need in conversation.said_useful:
            return THANKED if conversation.said_useful[need] == message["id"] else None
        of_need = (it["id"] for it in reversed(conversation.main.transcript) if self._need_of(it) == need)
        return ASKED if next(of_need, None) == message["id"] else None

    async def say(self, token: str, message_id: str, said: str) -> None:
        """Count what somebody says of one message of their conversation; saying it again does nothing.

        Raises Problem where no such message showed places, ConversationEndedError, or NotSavedError with nothing done.
        """
        keys = SessionKeys.of(token)
        async with self._turns.one_at_a_time(keys.conversation_id):
            conversation = await self._load(keys)
            found = (self._need_of(it) for it in conversation.main.transcript if it["id"] == message_id)
            need = next(found, None)
            if need is None or said not in USEFUL_ANSWERS:
                raise Problem(422, "problem.not_offered")
            if need in conversation.said_useful:
                return
            conversation.said_useful[need] = message_id
            await self._conversations.save(keys, conversation)
            await self._counting.answer_useful(keys.secret, need, said, conversation.language)

    def _need_of(self, message: Mapping[str, Any]) -> str | None:
        return self._needs.get(str(message["reply"])) if message["services"] else None
