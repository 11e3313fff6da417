"""A report while it is told: one question at a time, everything can be left out but what happened, and taken back."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.casework.report import CODED, SEVERAL, NotAnAnswerError
from bot.casework.telling import BY_NAME, LONGEST_TELLING, QUESTIONS, Telling, hidden_in
from bot.casework.vocabulary import FORWARD, READ, REPLY
from tests.reports import a_telling


def told(*answers: tuple[str, str], telling: Telling | None = None) -> Telling:
    """Each answer pressed, or told in own words; of several, the question is finished too."""
    telling = telling or Telling("attempt")
    for name, answer in answers:
        question = BY_NAME[name]
        if question.own_words:
            telling.tell(answer)
        else:
            telling.answer(name, answer)
        if question.many or name == "narrative":
            telling.finish()
    return telling


TO_CODES = (("safe", "yes"), ("role", "self"), ("narrative", "It happened."))


def asked(telling: Telling) -> str | None:
    return telling.open.name if telling.open else None


def test_questions_come_in_the_order_of_a_careful_interview() -> None:
    assert [question.name for question in QUESTIONS][:4] == ["safe", "role", "narrative", "when"]
    assert [question.name for question in QUESTIONS][-6:] == ["read", "reply", "forward", "contact", "value", "times"]


def test_what_happened_is_the_only_question_that_cannot_be_left_out() -> None:
    assert [question.name for question in QUESTIONS if question.skip is None] == ["narrative"]


@pytest.mark.parametrize("name", [question.name for question in QUESTIONS if question.answers])
def test_not_being_sure_is_an_answer_of_every_question_with_buttons(name: str) -> None:
    assert BY_NAME[name].skip in BY_NAME[name].answers


def test_everything_can_be_left_out_but_what_happened() -> None:
    telling = told(("safe", "unsure"), ("role", "not_said"), ("narrative", "…"))
    while telling.open:
        telling.skip()
    report = telling.report("en")
    assert report.texts == {"narrative": "…"}
    assert report.consents == {READ: "no", REPLY: "no", FORWARD: "no"}
    assert set(report.codes) == set(CODED)
    assert set(report.several) == set(SEVERAL)
    assert all(report.codes[name] for name in CODED if name != "fair")


def test_what_happened_needs_words() -> None:
    telling = told(("safe", "yes"), ("role", "self"))
    for step in (telling.skip, telling.finish, telling.skip_to_consents):
        with pytest.raises(NotAnAnswerError):
            step()
    assert asked(telling) == "narrative"


def test_what_happened_may_come_in_several_messages() -> None:
    telling = told(("safe", "yes"), ("role", "self"))
    assert telling.tell("First.")
    assert telling.tell("Then.")
    assert asked(telling) == "narrative"
    telling.finish()
    assert telling.words("narrative") == "First.\nThen."


def test_a_telling_too_long_keeps_what_was_told_before() -> None:
    telling = told(("safe", "yes"), ("role", "self"))
    assert telling.tell("x" * LONGEST_TELLING)
    assert not telling.tell("y")
    telling.finish()
    assert telling.words("narrative") == "x" * LONGEST_TELLING


def test_several_answers_are_pressed_one_after_the_other_and_taken_back_by_a_second_press() -> None:
    telling = told(*TO_CODES)
    telling.skip_to_consents()
    telling.reopen("ground")
    for ground in ("age", "sex", "age", "language"):
        telling.answer("ground", ground)
    telling.finish()
    assert telling.codes("ground") == ("sex", "language")


def test_done_without_an_answer_asks_again() -> None:
    telling = told(*TO_CODES)
    telling.skip_to_consents()
    telling.reopen("harm")
    telling.answer("harm", "fear")
    telling.answer("harm", "fear")
    with pytest.raises(NotAnAnswerError):
        telling.finish()


def test_not_sure_alone_is_an_answer_at_once_and_beside_others_one_of_them() -> None:
    telling = told(*TO_CODES)
    telling.skip_to_consents()
    telling.reopen("ground")
    telling.answer("ground", "unsure")
    assert asked(telling) == "read"
    telling.reopen("ground")
    telling.answer("ground", "age")
    telling.answer("ground", "unsure")
    telling.finish()
    assert telling.codes("ground") == ("age", "unsure")


@pytest.mark.parametrize("code", ["", "Ali", "advice", "AGE", "2026-11", "unsure "])
def test_what_is_no_code_of_the_open_question_is_refused(code: str) -> None:
    telling = told(*TO_CODES, ("when", "unknown"))
    with pytest.raises(NotAnAnswerError):
        telling.answer("district", code)
    with pytest.raises(NotAnAnswerError):
        telling.answer("ground", "age")  # known, but not what is asked
    assert asked(telling) == "district"


@pytest.mark.parametrize(
    ("said", "month", "day"),
    [("2026-10-12", "2026-10", "2026-10-12"), ("2026-10", "2026-10", ""), ("ongoing", "ongoing", "")],
)
def test_of_a_day_the_month_is_a_code_and_the_day_is_sealed(said: str, month: str, day: str) -> None:
    telling = told(*TO_CODES, ("when", said))
    assert telling.code("when") == month
    assert telling.report("en").texts.get("day", "") == day


def test_a_month_named_after_a_day_forgets_the_day() -> None:
    telling = told(*TO_CODES, ("when", "2026-10-12"))
    telling.reopen("when")
    telling.answer("when", "2026-11")
    assert "day" not in telling.report("en").texts


def test_a_part_is_asked_anew_and_the_rest_stays() -> None:
    telling = a_telling()
    before = telling.report("en")
    telling.reopen("area")
    assert asked(telling) == "area"
    telling.answer("area", "health")
    assert telling.open is None
    after = telling.report("en")
    assert after.codes == {**before.codes, "area": "health"}
    assert (after.texts, after.several) == (before.texts, before.several)


def test_what_happened_can_be_gone_on_with_or_written_anew() -> None:
    telling = a_telling("Before.")
    telling.reopen("narrative")
    telling.tell("More.")
    assert telling.words("narrative") == "Before.\nMore."
    telling.write_anew()
    telling.tell("Anew.")
    telling.finish()
    assert telling.words("narrative") == "Anew."
    assert telling.open is None


def test_what_no_longer_is_asked_is_not_kept() -> None:
    telling = a_telling()
    telling.reopen("read")
    telling.answer("read", "no")
    report = telling.report("en")
    assert telling.open is None
    assert "contact" not in report.texts
    assert set(report.consents.values()) == {"no"}


@pytest.mark.parametrize("answer", ["no", "unsure"])
def test_only_a_clear_yes_is_a_consent(answer: str) -> None:
    assert a_telling(reply=[answer]).consents() == {READ: "yes", REPLY: "no", FORWARD: "no"}
    assert a_telling(read=[answer]).consents() == {READ: "no", REPLY: "no", FORWARD: "no"}


def test_how_somebody_is_reached_is_asked_only_where_an_answer_is_wanted() -> None:
    telling = told(*TO_CODES)
    telling.skip_to_consents()
    telling = told(("read", "yes"), ("reply", "no"), ("forward", "no"), telling=telling)
    assert telling.open is None
    telling.reopen("reply")
    telling = told(("reply", "yes"), ("contact", "email"), ("value", "a@b.dk"), ("times", "evenings"), telling=telling)
    assert json.loads(telling.report("en").texts["contact"]) == {
        "method": "email", "value": "a@b.dk", "times": "evenings",
    }  # fmt: skip


def test_a_contact_without_a_number_is_none() -> None:
    telling = a_telling()
    telling.reopen("value")
    telling.skip()
    assert "contact" not in telling.report("en").texts


def test_numbers_that_say_who_somebody_is_are_hidden_and_a_phone_only_kept_if_that_is_wanted() -> None:
    words = hidden_in("CPR 010190-1234, phone 22 33 44 55, receipt 1234 5678 9012 3456 7890", "narrative")
    assert words == "CPR ••••••-••••, phone 22 33 44 55, receipt •••• •••• •••• •••• ••••"
    telling = a_telling(words)
    assert "22 33" not in telling.report("en").texts["narrative"]
    telling.keep_phone()
    assert "22 33 44 55" in telling.report("en").texts["narrative"]
    assert hidden_in("22 33 44 55", "organisation") == "•• •• •• ••"
    assert hidden_in("22 33 44 55", "value") == "22 33 44 55"


def test_what_began_the_report_can_begin_what_happened() -> None:
    telling = Telling("attempt", first="They said no because of my name")
    told(("safe", "yes"), ("role", "self"), telling=telling)
    telling.use_first()
    telling.finish()
    assert telling.words("narrative") == "They said no because of my name"


def test_it_comes_back_from_json_as_it_was() -> None:
    telling = a_telling()
    assert Telling.of(json.loads(json.dumps(vars(telling)))) == telling


def test_the_reason_is_asked_about_only_where_one_was_given() -> None:
    telling = a_telling(reason=["given"], fair=["no"])
    assert telling.report("en").codes["fair"] == "no"
    telling.reopen("reason")
    telling.answer("reason", "none")
    assert telling.report("en").codes["fair"] is None


STEPS = st.one_of(
    st.tuples(st.just("answer"), st.sampled_from(sorted({code for it in QUESTIONS for code in it.answers}))),
    st.tuples(st.just("tell"), st.text(max_size=40)),
    st.sampled_from([("finish", ""), ("skip", ""), ("skip_to_consents", ""), ("write_anew", ""), ("use_first", "")]),
    st.tuples(st.just("reopen"), st.sampled_from(sorted(BY_NAME))),
)


@settings(deadline=None, max_examples=300)
@given(st.lists(STEPS, max_size=60))
def test_no_order_of_presses_breaks_it_or_loses_what_happened(steps: list[tuple[str, str]]) -> None:
    telling = told(*TO_CODES)
    for step, value in steps:
        try:
            if step == "answer":
                telling.answer(telling.open.name if telling.open else "", value)
            elif value or step in {"tell", "reopen"}:
                getattr(telling, step)(value)
            else:
                getattr(telling, step)()
        except NotAnAnswerError:
            continue
    assert bool(telling.answers["narrative"]) or "narrative" not in telling.done
    assert Telling.of(json.loads(json.dumps(vars(telling)))) == telling
    for question in QUESTIONS:
        assert (
            set(telling.codes(question.name)) <= set(question.answers) or question.own_words or question.name == "when"
        )
