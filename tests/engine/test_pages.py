"""Messages in pages are the same messages."""

import random
from typing import Any

from bot.engine.conversation import Conversation, SessionKeys, new_token
from bot.engine.pages import PAGE, Transcript

SEED, TRIALS, STEPS = 5, 60, 60


def message(number: int) -> dict[str, Any]:
    return {"id": f"m{number}", "text": f"message {number} \ud800 \u2068æ\u2069", "services": [{"id": "jobnet"}]}


def kept_and_opened(transcript: Transcript) -> Transcript:
    packed = transcript.packed()
    return Transcript(packed["transcript"], packed["pages"])


def test_it_is_a_list_whatever_is_done_with_it() -> None:
    """Against a list, by chance: added to, cut off, changed, read at any place, and kept and opened between."""
    chance = random.Random(SEED)  # noqa: S311 - the same trials each time
    for _ in range(TRIALS):
        plain: list[dict[str, Any]] = []
        paged = Transcript()
        for number in range(STEPS):
            match chance.randrange(8):
                case 0 if plain:
                    at = chance.randrange(len(plain))
                    plain[at]["text"] = paged[at]["text"] = f"changed {number}"
                case 1:
                    cut = chance.randint(0, len(plain))
                    del plain[cut:], paged[cut:]
                case 2:
                    first, last = chance.randint(-5, len(plain)), chance.randint(-5, len(plain) + 5)
                    assert paged[first:last] == plain[first:last]
                case 3 if plain:
                    at = chance.randrange(-len(plain), len(plain))
                    assert paged[at] == plain[at]
                case 4:
                    paged = kept_and_opened(paged)
                case _:
                    more = [message(number * 100 + each) for each in range(chance.randrange(20))]
                    plain += [dict(it) for it in more]
                    paged += more
            assert len(paged) == len(plain)
        assert paged == plain
        assert list(reversed(kept_and_opened(paged))) == plain[::-1]


def test_a_turn_late_in_a_chat_unpacks_nothing() -> None:
    paged = kept_and_opened(Transcript(map(message, range(600))))
    pages = paged.packed()["pages"]
    paged += [message(600), message(601)]
    assert paged[-3]["id"] == "m599"
    assert next(it for it in reversed(paged) if it["id"] == f"m{602 - PAGE}")
    assert paged.packed()["pages"] == pages
    assert len(paged.packed()["transcript"]) < 2 * PAGE


def test_what_is_masked_on_an_old_page_stays_masked() -> None:
    keys = SessionKeys.of(new_token())
    conversation = Conversation("en")
    conversation.main.transcript += [message(number) for number in range(300)]
    again = Conversation.open(conversation.seal(keys), None, keys)
    for it in again.main.transcript:
        it["text"] = "•"
    last = Conversation.open(again.seal(keys), None, keys)
    assert {it["text"] for it in last.transcript} == {"•"}
    assert [it["id"] for it in last.transcript] == [f"m{number}" for number in range(300)]


def test_a_long_chat_is_kept_small() -> None:
    """Of what the older messages say, little is left to be read and written in each turn."""
    keys = SessionKeys.of(new_token())
    short, long = Conversation("en"), Conversation("en")
    short.main.transcript += [
        message(number) | {"text": "Jobnet: register as unemployed. " * 20} for number in range(40)
    ]
    long.main.transcript += [
        message(number) | {"text": "Jobnet: register as unemployed. " * 20} for number in range(600)
    ]
    assert len(long.seal(keys)) < 2 * len(short.seal(keys))
