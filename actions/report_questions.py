"""How a report is asked for: one question at a time, then all of it read back."""

from rasa_sdk.executor import CollectingDispatcher

from bot.casework.report import months_back
from bot.casework.telling import QUESTIONS, Question, Telling
from bot.language.dates import today
from bot.language.figures import Kind, figures_in

DONE, SKIP, PAUSE, CANCEL = "report_done", "report_skip", "report_pause", "report_cancel"
TO_CONSENTS, ANEW, USE_FIRST, KEEP_PHONE = "report_to_consents", "report_anew", "report_use_first", "report_keep_phone"
CHANGE = "report_change"
SAFE, NARRATIVE, WHEN, CONSENTS = "safe", "narrative", "when", "read"


def ask(say: CollectingDispatcher, telling: Telling) -> None:
    """Ask the open question, with what can be pressed; without one, read everything back."""
    question = telling.open
    if question is None:
        read_back(say, telling)
        return
    answered = telling.answers.get(question.name)
    if question.name == CONSENTS:
        say.utter_message(response="utter_report_consents")
    if answered and question.many:
        options = [f"{question.name}_{code}" for code in question.answers]
        chosen = [f"{question.name}_{code}" for code in answered]
        say.utter_message(
            response="utter_report_several", offer=options, chosen=chosen, after=[DONE, *_ways_out(telling)]
        )
    elif answered and question.name == NARRATIVE:
        say.utter_message(response="utter_report_narrative_more", after=[DONE, ANEW, *_ways_out(telling)])
    else:
        say.utter_message(
            response=f"utter_ask_report_{question.name}",
            role=telling.code("role"),
            offer=_first(question, telling),
            after=_ways_out(telling, question),
        )


def _first(question: Question, telling: Telling) -> list[str]:
    """What stands before a question's own buttons: the last months, or the words that began the report."""
    if question.name == WHEN:
        return [f"when_{month.replace('-', '_')}" for month in months_back(today())]
    return [USE_FIRST] if question.name == NARRATIVE and telling.first else []


def _ways_out(telling: Telling, question: Question | None = None) -> list[str]:
    """Around a question that is answered in words, to the consents, to later, and out."""
    skip = [SKIP] if question and question.own_words and question.skip else []
    names = [each.name for each in QUESTIONS]
    place = names.index(telling.open.name) if telling.open else len(names)
    on_the_way = telling.is_told and place < names.index(CONSENTS)
    return [*skip, *([TO_CONSENTS] if on_the_way else []), *([PAUSE] if telling.answers else []), CANCEL]


def read_back(say: CollectingDispatcher, telling: Telling) -> None:
    """Everything as it would be sent; each part can be changed."""
    texts = telling.report("").texts
    lines = [[it.name, *_as_answered(it, telling, texts.get(it.name))] for it in _told(telling)]
    phones = [it for it in figures_in(telling.words(NARRATIVE)) if it.kind is Kind.PHONE]
    keep = [KEEP_PHONE] if phones and not telling.keeps_phone else []
    say.utter_message(response="utter_report_review", review=lines, after=[*keep, CHANGE, PAUSE, CANCEL])


def offer_parts(say: CollectingDispatcher, telling: Telling) -> None:
    """Which part is to be changed."""
    parts = [f"{CHANGE}_{question.name}" for question in _told(telling)]
    say.utter_message(response="utter_report_which_part", offer=parts)


def _told(telling: Telling) -> list[Question]:
    """What would be sent; whether somebody is safe now is not."""
    answered = [question for question in QUESTIONS if question.name in telling.done and telling.asks(question.name)]
    return [question for question in answered if question.name != SAFE]


def _as_answered(question: Question, telling: Telling, text: str | None) -> tuple[list[str], str]:
    """Buttons that were pressed, and own words as they would be sent."""
    if question.own_words:
        words = text if question.name == NARRATIVE else telling.words(question.name)
        return ([] if words else [SKIP], words or "")
    codes = telling.codes(question.name)
    if question.name == WHEN:
        codes = tuple(code.replace("-", "_") for code in codes)
    return [f"{question.name}_{code}" for code in codes], ""
