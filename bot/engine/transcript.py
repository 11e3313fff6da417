"""What both sides said, as it is sealed; `source` and `values` are what a message was made of."""

from collections.abc import Mapping
from typing import Any

from bot.engine.conversation import Conversation
from bot.language.languages import Language


def write_down_resident(conversation: Conversation, languages: Mapping[str, Language], text: str) -> None:
    conversation.now.transcript.append(
        {
            "id": f"m{conversation.length}",
            "from": "resident",
            "reply": None,
            "text": text,
            "lang": conversation.language,
            "dir": languages[conversation.language].direction,
            "buttons": [],
            "services": [],
            "review": [],
            "quote": None,
            "sections": [],
        }
    )


def write_down(
    conversation: Conversation, languages: Mapping[str, Language], said: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """What the guide said; its buttons are the ones offered from now on. A message may be in a language of its own."""
    conversation.now.offered = {
        button["id"]: [button["payload"], button["title"]]
        for message in said
        for button in message.get("buttons") or []
    }
    messages = []
    for number, message in enumerate(said, conversation.length):
        language = languages.get(message["custom"].get("language") or "", languages[conversation.language])
        messages.append(
            {
                "id": f"m{number}",
                "from": "guide",
                "reply": message["custom"]["reply"],
                "text": message["text"],
                "lang": language.code,
                "dir": language.direction,
                "buttons": [{"id": button["id"], "title": button["title"]} for button in message.get("buttons") or []],
                "services": message["custom"]["services"],
                "review": message["custom"]["review"],
                "quote": message["custom"]["quote"],
                "sections": message["custom"]["sections"],
                "source": message["custom"]["source"],
                "values": message["custom"]["values"],
            }
        )
    conversation.now.transcript += messages
    return messages
