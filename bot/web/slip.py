"""The page to print or show, and where its holder says later how it went."""

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import uuid4

from icalendar import Alarm, Calendar, Event
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.casework.desk import Outcome
from bot.casework.receipt import SLIP_DIGITS, digits_of
from bot.casework.vocabulary import GRADES, MET, POLLS, STEPS
from bot.directory.cards import card_of
from bot.errors import NotSavedError, Problem
from bot.web.chat import guide_of
from bot.web.forms import fields_of
from bot.web.page import Said, guarded, language_of_request, render
from bot.web.polls import THANKS, grade_of
from bot.web.problem import problem_of
from bot.web.session import check_same_origin, read_token


@guarded
async def show(request: Request) -> Response:
    """The newest guidance in the person's language and in Danish; without one, back to the chat."""
    token = read_token(request)
    slip = await guide_of(request).slips.slip(token) if token else None
    if slip is None:
        return RedirectResponse("/", status_code=303)
    return render(
        request,
        "slip.html",
        slip.sides[0].code,
        None,
        slip=slip,
        side_word=guide_of(request).page_word,
        outcome_url=str(request.base_url) + "outcome",
    )


@guarded
async def calendar(request: Request) -> Response:
    """The newest deadline as a file that a phone's calendar opens; without one, back to the chat."""
    token = read_token(request)
    found = await guide_of(request).slips.deadline(token) if token else None
    if found is None:
        return RedirectResponse("/", status_code=303)
    kind, day, language = found
    text = calendar_file(guide_of(request).page_word(language, f"calendar.{kind}"), day)
    return Response(
        text, media_type="text/calendar", headers={"Content-Disposition": 'attachment; filename="vejviser.ics"'}
    )


def calendar_file(summary: str, day: dt.date) -> bytes:
    """An event of a whole day with a reminder two days before (RFC 5545)."""
    event = Event()
    event.add("uid", f"{uuid4()}@vejviser")
    event.add("dtstamp", dt.datetime.now(dt.UTC))
    event.add("dtstart", day)
    event.add("summary", summary)
    event.add("transp", "TRANSPARENT")
    reminder = Alarm()
    reminder.add("action", "DISPLAY")
    reminder.add("description", summary)
    reminder.add("trigger", dt.timedelta(days=-2))
    event.add_component(reminder)
    calendar = Calendar()
    calendar.add("prodid", "-//Vejviser//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


@guarded
async def ask(request: Request) -> Response:
    return _outcome(request, None, request.query_params.get("code", ""))


@guarded
async def tell(request: Request) -> Response:
    """First the code, then a press for what was done at a place, then one for how it was there."""
    check_same_origin(request)
    fields = await fields_of(request)
    code = fields.get("code", "")
    try:
        places = await guide_of(request).slips.places(code)
        if not places:
            return _outcome(request, Said("outcome.unknown", "alert", 422), code)
        if "poll" in fields:
            return await _polled(request, code, places, fields)
        if "step" not in fields:
            return _outcome(request, None, code, places)
        outcome = Outcome(code, fields.get("place", ""), fields["step"], grade_of(fields.get("met"), MET))
        if not await guide_of(request).slips.tell_outcome(outcome):
            raise Problem(422, "problem.unreadable")
    except NotSavedError as error:
        return _outcome(request, Said.of(problem_of(error)), code)
    asks_how = "met" not in fields and outcome.step != STEPS[0]
    if asks_how:
        return _outcome(request, None, code, {outcome.service: outcome.step}, asks_how=True)
    told = await guide_of(request).slips.places(code)
    polls = await guide_of(request).counting.open_polls(code)
    return _outcome(request, Said("outcome.thanks", "status"), code, told, polls=polls)


async def _polled(request: Request, code: str, places: Mapping[str, str | None], fields: Mapping[str, str]) -> Response:
    """One statement was answered; the next one is asked."""
    poll, grade = fields["poll"], grade_of(fields.get("grade"), GRADES)
    if poll not in POLLS:
        raise Problem(422, "problem.unreadable")
    polls = await guide_of(request).counting.answer(code, poll, grade)
    return _outcome(request, Said(THANKS, "status"), code, places, polls=polls)


def _outcome(
    request: Request,
    said: Said | None,
    code: str,
    places: Mapping[str, str | None] | None = None,
    *,
    asks_how: bool = False,
    polls: Sequence[str] = (),
) -> Response:
    """`polls`: the statements that may be answered; the first of them is asked."""
    guide, language = guide_of(request), language_of_request(request)
    known = guide.directory.services
    cards = {place: card_of(known[place], guide.words(language)) for place in places or {} if place in known}
    return render(
        request,
        "outcome.html",
        language,
        said,
        slip_code=code if digits_of(code, SLIP_DIGITS) else "",
        cards=cards,
        places=places or {},
        steps=STEPS,
        met=MET,
        asks_how=asks_how,
        poll=next(iter(polls), None),
        grades=GRADES,
    )


routes = [
    Route("/slip", show),
    Route("/deadline.ics", calendar),
    Route("/outcome", ask, methods=["GET"]),
    Route("/outcome", tell, methods=["POST"]),
]
