"""The page of somebody who comes back with a receipt: everything of their report, and all they can do with it."""

import datetime as dt
import json
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlencode
from uuid import uuid4

from babel.dates import format_date
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.casework.fitting import fitting_of
from bot.casework.own_report import CORRECTED, OwnReport
from bot.casework.receipt import DIGITS, digits_of
from bot.casework.report import CONTACT
from bot.casework.sealing import ReportKey
from bot.casework.telling import CONSENT_OF
from bot.casework.vocabulary import CONTACTS, FORWARD, FORWARD_TO, GRADES, HOLDS, NO, READ, YES
from bot.engine.guide import Guide
from bot.engine.nlg import AND
from bot.errors import ConversationEndedError, HeldError, Problem
from bot.evidence.cleaner import LARGEST, RefusedError, clean
from bot.web.chat import UNKNOWN_RECEIPT, braked, guide_of, whole
from bot.web.forms import Upload, upload_of
from bot.web.page import Said, guarded, language_of_request, render
from bot.web.polls import THANKS, taken_seriously
from bot.web.session import check_same_origin, read_token, set_cookie

LONGEST_MESSAGE = 10_000
SAYS = {
    "own.unknown", "own.telling", "own.written", "own.saved", "own.no_file", "own.file_added", "own.changed",
    "own.withdrawn", "own.closed", "problem.empty", "problem.failed", THANKS,
}  # fmt: skip
"""What the page may be asked to say after something was done; and any word on a refused file or a held report."""
GOOD = {"own.written", "own.saved", "own.file_added", "own.changed", "own.withdrawn", "own.closed", THANKS}

type Do = Callable[[Guide, ReportKey, Mapping[str, str], str], Awaitable[str]]


# Showing


@guarded
async def show(request: Request) -> Response:
    """The report that this session has open; else the field for a receipt."""
    guide, token, said = guide_of(request), read_token(request), _said(request)
    key = await _open_key(guide, token)
    if token is None or key is None:
        return render(request, "receipt.html", await _language(request, token), said)
    code = await guide.language_of(token)
    own = await guide.visits.own.read(key)
    found = fitting_of(guide.law, own, dt.datetime.now(dt.UTC))
    return render(
        request,
        "own_report.html",
        code,
        said,
        own=own,
        answers=_answers(guide, code, own),
        rules=guide.report_words.fitting(code, found),
        consents=_consents(guide, code, own),
        unchecked=guide.report_words.unchecked(code),
        contact=_contact(own),
        contacts=CONTACTS,
        contact_title=lambda method: guide.report_words.answer(code, "contact", method),
        corrected=[part for part in CORRECTED if part != CONTACT],
        forward_to=[(body, guide.directory.services[body].name_da) for body in FORWARD_TO],
        day=lambda day, later=0: str(format_date(day + dt.timedelta(days=later), "long", locale=code)),
        asks_seriously=await guide.counting.asks_seriously(key, own),
        grades=GRADES,
        withdrawing="withdraw" in request.query_params,
    )


def _said(request: Request) -> Said | None:
    word = request.query_params.get("said", "")
    known = word in SAYS or word.removeprefix("own.held.") in HOLDS or word.startswith("file.")
    if not known or word not in guide_of(request).page_names:
        return None
    return Said(word, "status" if word in GOOD else "alert")


async def _open_key(guide: Guide, token: str | None) -> ReportKey | None:
    try:
        return await guide.visits.key(token) if token else None
    except ConversationEndedError:
        return None


async def _language(request: Request, token: str | None) -> str:
    try:
        return await guide_of(request).language_of(token) if token else language_of_request(request)
    except ConversationEndedError:
        return language_of_request(request)


def _answers(guide: Guide, code: str, own: OwnReport) -> list[tuple[str, str]]:
    """Each question with what was pressed, in words."""
    row = own.row
    one = {"role": row.reporter_role, "when": row.incident_when, "district": row.district, "relation": row.relation,
           "area": row.area, "worse": row.worse, "reason": row.reason, "fair": row.fair}  # fmt: skip
    several = {question: own.answers.get(question, ()) for question in ("ground", "form", "harm", "proof", "wish")}
    pressed = {name: (code,) for name, code in one.items() if code} | several
    return [
        (
            guide.page_word(code, f"review.{name}"),
            AND.join(guide.report_words.answer(code, name, each) for each in codes),
        )
        for name, codes in pressed.items()
        if codes
    ]


def _consents(guide: Guide, code: str, own: OwnReport) -> list[tuple[str, str, str]]:
    """(consent, its text, the answer that stands) of those that can stand."""
    asked = [
        (consent, guide.report_words.consent(code, consent), own.consents[consent]) for consent in CONSENT_OF.values()
    ]
    return asked if own.consents[READ] != NO else asked[:1]


def _contact(own: OwnReport) -> dict[str, str]:
    told = [words.text for words in own.told if words.kind == CONTACT]
    kept: dict[str, str] = json.loads(told[-1]) if told and told[-1] else {}
    return kept


# Doing


@guarded
async def do(request: Request) -> Response:
    """One thing is done, and the page says so; without an open report the receipt is asked for."""
    check_same_origin(request)
    guide, token = guide_of(request), read_token(request)
    fields, upload = await upload_of(request, 2 * LARGEST)
    fields = {name: whole(value) for name, value in fields.items()}
    if fields.get("do") == "open":
        return await _open(request, token, fields)
    key = await _open_key(guide, token)
    if token is None or key is None:
        return _see(request)
    if fields.get("do") == "withdraw":
        return RedirectResponse("/report?withdraw=1#withdraw", status_code=303)
    if fields.get("do") == "file":
        return _see(request, await _add_file(guide, key, fields, upload), "files")
    if fields.get("do") == "close":
        await guide.visits.close(token)
        return _see(request, "own.closed")
    return await _done(request, guide, token, key, fields)


async def _done(request: Request, guide: Guide, token: str, key: ReportKey, fields: Mapping[str, str]) -> Response:
    what = DO.get(fields.get("do", ""))
    if what is None:
        raise Problem(422, "problem.unreadable")
    word = await what(guide, key, fields, await guide.language_of(token))
    if word == "own.withdrawn":
        await guide.visits.close(token)
    return _see(request, word)


def _see(request: Request, word: str | None = None, place: str = "main") -> Response:
    """The page anew, which a reload or Back may show again without doing anything twice."""
    asked = {"lang": request.query_params.get("lang", ""), "said": word or ""}
    query = urlencode({name: value for name, value in asked.items() if value})
    return RedirectResponse(f"/report?{query}#{place}", status_code=303)


async def _open(request: Request, token: str | None, fields: Mapping[str, str]) -> Response:
    """The receipt goes the way of one that is typed in the chat; a paused report goes on there."""
    guide = guide_of(request)
    receipt = digits_of(fields.get("receipt", ""), DIGITS)
    if not receipt:
        return _see(request, "own.unknown")
    is_new = token is None or not await guide.is_going_on(token)
    if token is None or is_new:
        token, _ = await guide.begin(language_of_request(request))
    elif await guide.visits.is_telling(token):
        return _see(request, "own.telling")
    reply = await braked(request, token, str(uuid4()), receipt, None)
    names = {message["reply"] for message in reply["messages"]}
    if UNKNOWN_RECEIPT in names:
        response = _see(request, "own.unknown")
    elif "utter_report_goes_on" in names:
        response = RedirectResponse("/#newest", status_code=303)
    else:
        response = _see(request)
    if is_new:
        set_cookie(response, token, guide.settings)
    return response


async def _add_file(guide: Guide, key: ReportKey, fields: Mapping[str, str], upload: Upload | None) -> str:
    """The cleaned file, and the original beside it where that was asked for."""
    if upload is None:
        return "own.no_file"
    sent = fields.get("id", "")
    if await guide.visits.own.has_room(key) < 2:  # noqa: PLR2004 - the file and its original
        return "file.too_many"
    try:
        cleaned = await clean(upload.content, upload.name)
    except RefusedError as refused:
        return f"file.{refused.reason}"
    await guide.visits.own.add_file(key, cleaned.content, cleaned.media_type, sent, cleaned=True)
    if fields.get("original") == YES:
        await guide.visits.own.add_file(key, upload.content, cleaned.media_type, f"{sent}/original", cleaned=False)
    return "own.file_added"


async def _write(guide: Guide, key: ReportKey, fields: Mapping[str, str], language: str) -> str:
    text = _text(fields)
    if not text:
        return "problem.empty"
    await guide.visits.own.write(key, text, language, fields.get("id", ""))
    return "own.written"


async def _correct(guide: Guide, key: ReportKey, fields: Mapping[str, str], language: str) -> str:
    part, text = fields.get("part", ""), _text(fields)
    if part == CONTACT:
        method = fields.get("method", "")
        told = {"method": method, "value": text, "times": fields.get("times", "")[:LONGEST_MESSAGE]}
        text = json.dumps(told, ensure_ascii=False) if text and method in CONTACTS[1:] else ""
    elif part not in CORRECTED:
        raise Problem(422, "problem.unreadable")
    elif not text:
        return "problem.empty"
    await guide.visits.own.correct(key, part, text, language, fields.get("id", ""))
    return "own.saved"


async def _consent(guide: Guide, key: ReportKey, fields: Mapping[str, str], language: str) -> str:
    consent, answer = fields.get("consent", ""), fields.get("answer", "")
    allowed = {NO, *(FORWARD_TO if consent == FORWARD else (YES,))}
    if consent not in CONSENT_OF.values() or answer not in allowed:
        raise Problem(422, "problem.unreadable")
    await guide.visits.own.consent(key, {consent: answer}, guide.report_words.versions(language), language)
    return "own.changed"


async def _withdraw(guide: Guide, key: ReportKey, _: Mapping[str, str], __: str) -> str:
    try:
        await guide.visits.own.withdraw(key)
    except HeldError as held:
        return f"own.held.{held}"
    return "own.withdrawn"


def _text(fields: Mapping[str, str]) -> str:
    text = fields.get("text", "").strip()
    if len(text) > LONGEST_MESSAGE:
        raise Problem(413, "problem.too_long", limit=str(LONGEST_MESSAGE))
    return text


DO: dict[str, Do] = {
    "write": _write, "correct": _correct, "consent": _consent, "withdraw_yes": _withdraw, "poll": taken_seriously,
}  # fmt: skip


# Taking along


@guarded
async def copy(request: Request) -> Response:
    """All that is kept of the report, as a file."""
    guide = guide_of(request)
    key = await _open_key(guide, read_token(request))
    if key is None:
        return _see(request)
    content = json.dumps(await guide.visits.own.copy(key), ensure_ascii=False, indent=2, default=str)
    return _download(content.encode(), "application/json", "my-report.json")


@guarded
async def file(request: Request) -> Response:
    guide = guide_of(request)
    key = await _open_key(guide, read_token(request))
    found = await guide.visits.own.file(key, request.path_params["file"]) if key else None
    if found is None:
        return _see(request)
    media_type, content = found
    return _download(content, media_type, "file")


def _download(content: bytes, media_type: str, name: str) -> Response:
    """Never shown inside the page: what a person sent is nothing that may run here."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)


routes = [
    Route("/report", show, methods=["GET"]),
    Route("/report", do, methods=["POST"]),
    Route("/report/copy", copy),
    Route("/report/file/{file}", file),
]
