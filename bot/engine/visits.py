"""A report that was opened in the chat by its receipt, on a page of its own: open for one session, closed with it."""

from bot.casework.own_report import OwnReports
from bot.casework.sealing import ReportKey
from bot.engine.conversation import SessionKeys
from bot.engine.conversation_store import ConversationStore
from bot.engine.lock_store import Turns
from bot.engine.turn import key_in


class Visits:
    """`own` is what can be done with the report once it is open."""

    def __init__(self, conversations: ConversationStore, turns: Turns, own: OwnReports) -> None:
        self._conversations = conversations
        self._turns = turns
        self.own = own

    async def key(self, token: str) -> ReportKey | None:
        """Of the report that this session has open; being there counts as being active."""
        keys = SessionKeys.of(token)
        async with self._turns.one_at_a_time(keys.conversation_id):
            conversation = await self._conversations.load(keys)
            await self._conversations.save(keys, conversation)
        return key_in(conversation)

    async def stay(self, token: str) -> None:
        """Somebody is still there, who says nothing."""
        await self.key(token)

    async def is_telling(self, token: str) -> bool:
        """Whether a report is being told in the chat of this session."""
        conversation = await self._conversations.load(SessionKeys.of(token))
        return bool(conversation.apart and conversation.apart.telling)

    async def close(self, token: str) -> None:
        """Nothing of the report stays in the conversation."""
        keys = SessionKeys.of(token)
        async with self._turns.one_at_a_time(keys.conversation_id):
            conversation = await self._conversations.load(keys)
            conversation.forget_report()
            await self._conversations.save(keys, conversation)
