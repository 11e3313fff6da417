"""What a conversation was before its newest turns, so that they can be taken back while they did nothing but talk."""

from copy import deepcopy
from typing import Any

from bot.engine.conversation import Apart, Conversation, Part

MOST = 5
"""Steps that are kept; a report that is told may be in each of them."""
LASTING = {"utter_slip", "utter_slip_without_code", "utter_question_kept"}
"""Replies that leave something in the store that stands nowhere else: they are not taken off the screen."""

KEPT_ANSWERS = 200
"""Messages of a part that are known when they come again."""

type Step = dict[str, Any]
"""What of a conversation a turn changes."""


def step_of(conversation: Conversation) -> Step:
    """A conversation just before a turn."""
    part = conversation.now
    return {
        "language": conversation.language,
        "is_apart": conversation.apart is not None,
        "events": deepcopy(part.events),
        "offered": deepcopy(part.offered),
        "length": len(part.transcript),
        "telling": deepcopy(conversation.apart.telling) if conversation.apart else None,
    }


def keep(step: Step, conversation: Conversation, replies: set[str]) -> None:
    """After a turn: it can be taken back, or, where it did what lasts, nothing before it can either."""
    part = conversation.now
    for message_id in list(part.answered)[:-KEPT_ANSWERS]:
        del part.answered[message_id]
    if not _is_talk(step, conversation) or replies & LASTING:
        conversation.main.before.clear()
        part.before.clear()
    elif step["is_apart"] == (conversation.apart is not None):
        part.before[:] = [*part.before, step][-MOST:]


def can_go_back(conversation: Conversation) -> bool:
    """Whether there is a step back; the beginning of a report is one too."""
    return bool(conversation.now.before) or _begins_report(conversation.apart)


def _begins_report(apart: Apart | None) -> bool:
    return bool(apart and apart.telling and sum(it["from"] == "resident" for it in apart.transcript) == 1)


def _is_talk(step: Step, conversation: Conversation) -> bool:
    """A report that is opened, paused, sent or left is more than talk; so is another language."""
    apart = conversation.apart
    is_telling = bool(apart and apart.telling and not apart.visit)
    stays = apart is None if not step["is_apart"] else False
    return step["language"] == conversation.language and (stays or is_telling)


def step_back(conversation: Conversation) -> bool:
    """Make the conversation what it was before its newest turn; False where that cannot be."""
    part = conversation.now
    if not part.before:
        if not _begins_report(conversation.apart):
            return False
        conversation.forget_report()
        return True
    step = part.before.pop()
    part.events, part.offered = step["events"], step["offered"]
    del part.transcript[step["length"] :]
    _answer_otherwise(part, step["length"])
    if conversation.apart:
        conversation.apart.telling = step["telling"]
    return True


def _answer_otherwise(part: Part, length: int) -> None:
    """What was taken back and comes once more, late, is not heard anew: it gets what stands there now."""
    kept = [it for it in part.answered.values() if it["to"] <= length]
    newest = max(kept, key=lambda it: it["from"], default={"from": 0, "to": length})
    for message_id, answer in part.answered.items():
        if answer["to"] > length:
            part.answered[message_id] = {**answer, "from": newest["from"], "to": newest["to"]}
