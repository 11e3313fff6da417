"""What is given out of a conversation: its messages with the cards of their services, marked where no speaker has read
them, with the Danish beside.

Kept are a service's id alone: its card is two thirds of what a conversation would weigh, and a page that is loaded anew
shows the facts of now.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.directory.cards import card_of
from bot.directory.services import Directory
from bot.engine.conversation import Conversation
from bot.engine.steps import can_go_back
from bot.engine.useful import Useful
from bot.language.catalogue import Catalogue
from bot.language.languages import Language

DANISH = "da"
"""What stands beside a text that no speaker has read, and what the other side of a counter reads."""
INSIDE = {"source", "values"}
"""What a message was made of: kept, and not given out."""

type Reply = dict[str, Any]


class Replies:
    def __init__(
        self,
        languages: Mapping[str, Language],
        words: Callable[[str], Catalogue],
        directory: Directory,
        useful: Useful,
    ) -> None:
        self._languages = languages
        self._words = words
        self._services = directory.services
        self._useful = useful

    def of(self, conversation: Conversation, messages: Sequence[Mapping[str, Any]]) -> Reply:
        language = self._languages[conversation.language]
        shown = [self._shown(conversation, message) for message in messages]
        return {
            "lang": language.code,
            "dir": language.direction,
            "messages": shown,
            "ended": False,
            "back": can_go_back(conversation),
        }

    def whole(self, conversation: Conversation) -> Reply:
        """All messages so far; only the newest turn's buttons can still be pressed."""
        messages = conversation.transcript
        pressable = conversation.now.transcript[_newest(conversation) :]
        stale = [{**message, "buttons": []} for message in messages[: len(messages) - len(pressable)]]
        return self.of(conversation, [*stale, *pressable])

    def again(self, conversation: Conversation, message_id: str) -> Reply:
        """What answered a message that was sent before."""
        part = conversation.part_that_answered(message_id) or conversation.now
        earlier = part.answered[message_id]
        return self.of(conversation, part.transcript[earlier["from"] + 1 : earlier["to"]])

    def _shown(self, conversation: Conversation, message: Mapping[str, Any]) -> dict[str, Any]:
        shown = {name: value for name, value in message.items() if name not in INSIDE}
        source, reply = message.get("source"), str(message["reply"])
        unchecked = source is not None and (reply, source) in self._words(message["lang"]).unchecked
        wanted = source is not None and message["lang"] != DANISH and (unchecked or conversation.for_staff)
        danish = self._words(DANISH).say(reply, str(source), **message["values"]) if wanted else None
        useful = self._useful.under(conversation, message)
        cards = self._cards(message)
        return {**shown, "services": cards, "unchecked": unchecked, "danish": danish, "useful": useful}

    def _cards(self, message: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Without those of services that a later release no longer has."""
        words = self._words(message["lang"])
        services = (self._services.get(it["id"]) for it in message["services"])
        return [card_of(service, words) for service in services if service]


def _newest(conversation: Conversation) -> int:
    """Where the newest turn begins in its part."""
    part = conversation.now
    return max((answer["from"] for answer in part.answered.values()), default=0)
