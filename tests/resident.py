"""Somebody who talks to the guide, for tests that read like a conversation."""

import asyncio
import uuid
from typing import Any

from bot.engine.conversation import Conversation, Part, SessionKeys
from bot.engine.guide import Guide


def everything(part: Part | None) -> dict[str, Any] | None:
    """All that a part of a conversation holds, older messages too."""
    return vars(part) | {"transcript": [*part.transcript]} if part else None


class Resident:
    """Says and presses; keeps the newest answer. `messages` are as the API gives them."""

    def __init__(self, guide: Guide, language: str | None = None, accept_language: str = "") -> None:
        self.guide = guide
        self.token, self.reply = asyncio.run(guide.begin(language, accept_language))

    def says(self, text: str, message_id: str | None = None) -> "Resident":
        self.reply = asyncio.run(self.guide.say(self.token, message_id or uuid.uuid4().hex, text=text))
        return self

    def presses(self, *buttons: str, message_id: str | None = None) -> "Resident":
        for button in buttons:
            self.reply = asyncio.run(self.guide.say(self.token, message_id or uuid.uuid4().hex, button=button))
        return self

    @property
    def messages(self) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = self.reply["messages"]
        return messages

    @property
    def replies(self) -> list[str]:
        """Names of the replies in the newest answer."""
        return [message["reply"] for message in self.messages]

    @property
    def text(self) -> str:
        return "\n".join(message["text"] for message in self.messages)

    @property
    def buttons(self) -> list[str]:
        return [button["id"] for message in self.messages for button in message["buttons"]]

    @property
    def services(self) -> list[str]:
        return [service["id"] for message in self.messages for service in message["services"]]

    def whole(self) -> list[dict[str, Any]]:
        """All messages of the chat, as a page that is loaded anew gets them."""
        messages: list[dict[str, Any]] = asyncio.run(self.guide.replay(self.token))["messages"]
        return messages

    def kept(self) -> Conversation:
        """The conversation, opened with its session's token."""
        return asyncio.run(self.guide._conversations.load(SessionKeys.of(self.token)))

    def counts(self) -> dict[str, int]:
        return asyncio.run(self.guide.store.counts())
