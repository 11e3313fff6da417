"""A conversation opens with its session's token and with nothing else."""

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.engine.conversation import TOKEN_BYTES, Apart, Conversation, Part, SessionKeys, new_token
from bot.errors import SealBrokenError

FLIPS = 10_000
KEYS = SessionKeys.of("0" * 32)
OTHERS = SessionKeys.of("0" * 31 + "1")
CANARY = "canary of a resident"


def a_conversation() -> Conversation:
    return Conversation(
        language="ar",
        language_is_chosen=True,
        main=Part(
            events=[{"event": "slot", "name": "residence", "value": "refugee"}],
            transcript=[{"id": "m0", "from": "resident", "text": CANARY + " أنا جديد هنا \ud83d"}],
            offered={"count_yes": ['/answer_count{"count": "yes"}', "نعم"]},
            answered={"first": {"mark": "a", "from": 0, "to": 2}},
        ),
    )


def opened(conversation: Conversation) -> Conversation:
    return Conversation.open(conversation.seal(KEYS), conversation.seal_apart(KEYS), KEYS)


def flipped(sealed: bytes, bit: int) -> bytes:
    changed = bytearray(sealed)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def is_refused(sealed: bytes, keys: SessionKeys = KEYS) -> bool:
    try:
        Conversation.open(sealed, None, keys)
    except SealBrokenError:
        return True
    return False


def test_what_is_sealed_opens_as_it_was() -> None:
    assert opened(a_conversation()) == a_conversation()


@settings(deadline=None)
@given(st.text(st.characters()))
def test_whatever_was_typed_comes_back(text: str) -> None:
    conversation = Conversation("da", main=Part(transcript=[{"text": text}]))
    assert opened(conversation) == conversation


def test_every_flipped_bit_is_refused() -> None:
    sealed = a_conversation().seal(KEYS)
    assert all(is_refused(flipped(sealed, bit)) for bit in range(8 * len(sealed)))


def test_ten_thousand_bits_flipped_in_a_long_conversation_are_all_refused() -> None:
    long = Conversation("da", main=Part(transcript=[{"text": f"message {number} " * 3} for number in range(100)]))
    sealed = long.seal(KEYS)
    bits = random.Random(7).sample(range(8 * len(sealed)), FLIPS)  # noqa: S311 - the same bits each time
    assert sum(is_refused(flipped(sealed, bit)) for bit in bits) == FLIPS
    assert not is_refused(sealed)


def test_a_row_under_another_id_is_refused_even_with_the_right_key() -> None:
    sealed = a_conversation().seal(KEYS)
    swapped = SessionKeys(OTHERS.conversation_id, KEYS.seal, KEYS.secret)
    assert is_refused(sealed, swapped)


def test_another_token_opens_nothing() -> None:
    assert is_refused(a_conversation().seal(KEYS), OTHERS)


@pytest.mark.parametrize("kept", [0, 1, 23, 40, 100, -1])
def test_a_row_cut_short_is_refused(kept: int) -> None:
    assert is_refused(a_conversation().seal(KEYS)[:kept])


@pytest.mark.parametrize("kept", [24, 39])
def test_a_row_cut_short_inside_its_tag_is_refused(kept: int) -> None:
    assert is_refused(a_conversation().seal(KEYS)[:kept])


def test_a_row_with_more_at_its_end_is_refused() -> None:
    assert is_refused(a_conversation().seal(KEYS) + b"\0")


def test_the_same_conversation_is_never_sealed_the_same_way_twice() -> None:
    assert len({a_conversation().seal(KEYS) for _ in range(100)}) == 100


def test_nothing_can_be_read_of_what_is_sealed() -> None:
    sealed = a_conversation().seal(KEYS)
    for word in (CANARY, "refugee", "residence", "transcript", "count_yes"):
        assert word.encode() not in sealed


def test_a_token_gives_three_keys_that_do_not_give_it_or_each_other_away() -> None:
    token = new_token()
    keys = SessionKeys.of(token)
    assert re.fullmatch(rf"[0-9a-f]{{{2 * TOKEN_BYTES}}}", token)
    assert TOKEN_BYTES * 8 >= 128
    assert len({keys.conversation_id, keys.seal.hex(), keys.secret.hex(), token}) == 4
    assert token not in keys.conversation_id
    assert SessionKeys.of(token) == keys


def test_tokens_and_keys_are_never_the_same_for_two_sessions() -> None:
    tokens = [new_token() for _ in range(1_000)]
    keys = [SessionKeys.of(token) for token in tokens]
    assert len(set(tokens)) == len({it.conversation_id for it in keys}) == len({it.seal for it in keys}) == 1_000


# A report apart


def with_a_report() -> Conversation:
    conversation = a_conversation()
    apart = conversation.set_apart()
    apart.transcript.append({"id": "m1", "from": "resident", "text": "what happened"})
    apart.telling = {"attempt": "a", "answers": {"narrative": ["what happened"]}}
    return conversation


def test_a_report_is_sealed_by_itself_and_comes_back_with_the_conversation() -> None:
    conversation = with_a_report()
    assert opened(conversation) == conversation
    assert conversation.now is conversation.apart
    assert [message["id"] for message in conversation.transcript] == ["m0", "m1"]


def test_the_conversation_opens_without_the_report_and_knows_nothing_of_it() -> None:
    conversation = with_a_report()
    alone = Conversation.open(conversation.seal(KEYS), None, KEYS)
    assert alone == a_conversation()
    assert "what happened" not in str(vars(alone) | {"transcript": alone.transcript})


def test_a_report_that_is_forgotten_leaves_the_conversation_as_it_was() -> None:
    conversation = with_a_report()
    conversation.forget_report()
    assert conversation == a_conversation()
    assert conversation.seal_apart(KEYS) is None


def test_the_two_parts_cannot_be_exchanged() -> None:
    conversation = with_a_report()
    main, apart = conversation.seal(KEYS), conversation.seal_apart(KEYS)
    assert apart
    for sealed, of_report in ((apart, main), (apart, None), (main, main)):
        with pytest.raises(SealBrokenError):
            Conversation.open(sealed, of_report, KEYS)


def test_words_are_asked_for_where_a_question_has_no_buttons() -> None:
    asked = {"attempt": "a", "answers": {}, "done": ["safe", "role"]}
    assert Apart(telling=asked).asks_words
    assert not Apart(telling={**asked, "done": ["safe"]}).asks_words
    assert Apart(visit={"id": "a", "key": "b", "writing": True}).asks_words
    assert not Apart(visit={"id": "a", "key": "b", "writing": False}).asks_words


def test_what_a_later_release_keeps_beside_it_does_not_shut_a_conversation() -> None:
    """Two releases serve side by side while one takes the place of the other."""
    later = Conversation("ar", main=Part(transcript=[{"text": "before"}]))
    later.set_apart().telling = {"attempt": "a"}
    for part in (later, later.main, later.apart):
        vars(part)["added_later"] = ["x"]
    opened = Conversation.open(later.seal(KEYS), later.seal_apart(KEYS), KEYS)
    assert (opened.language, opened.main.transcript) == ("ar", [{"text": "before"}])
    assert opened.apart
    assert opened.apart.telling == {"attempt": "a"}
    assert not hasattr(opened, "added_later")
