"""One step back in a conversation, for whoever holds its session token."""

from collections.abc import Awaitable, Callable

from bot.engine.conversation import Conversation, SessionKeys
from bot.engine.conversation_store import ConversationStore
from bot.engine.lock_store import Turns
from bot.engine.reply import Replies, Reply
from bot.engine.steps import step_back
from bot.errors import ConversationEndedError


class Back:
    """Takes the newest turn of a conversation back, once for each time that it is asked for."""

    def __init__(
        self,
        load: Callable[[SessionKeys], Awaitable[Conversation]],
        conversations: ConversationStore,
        turns: Turns,
        replies: Replies,
    ) -> None:
        self._load = load
        self._conversations = conversations
        self._turns = turns
        self._replies = replies

    async def go(self, token: str, seen: int) -> Reply:
        """The conversation one step back, whole; as it is where that cannot be, or where it is not what was `seen`.

        `seen`: how many messages whoever asks had before them, so that a double tap is one step.
        """
        keys = SessionKeys.of(token)
        async with self._turns.one_at_a_time(keys.conversation_id):
            conversation = await self._load(keys)
            if seen == conversation.length and step_back(conversation):
                await self._conversations.save(keys, conversation)
            return self._replies.whole(conversation)

    async def is_for_staff(self, token: str) -> bool:
        """Whether a conversation was begun at a counter; one that is over was not."""
        try:
            return (await self._load(SessionKeys.of(token))).for_staff
        except ConversationEndedError:
            return False
