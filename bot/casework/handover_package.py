"""What a body gets of a report that is handed over: codes, the person's newest own words, files, the consent."""

import base64
import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.casework.consents import newest
from bot.casework.handover_rules import OFFICE, contact_goes_along
from bot.casework.own_report import OwnReport, Sent, Words
from bot.casework.report import CONTACT, PARTS, SEVERAL
from bot.casework.vocabulary import FORWARD
from bot.store.report_verbs import REPORTER, ConsentRow

SCHEMA = 1
"""Version of docs/handover.schema.json."""


@dataclass(frozen=True)
class Parcel:
    """The facts of one handing over."""

    id: str
    body: str
    mode: str
    on_day: dt.date


def package(
    report: OwnReport, said: list[ConsentRow], parcel: Parcel, contents: Mapping[str, bytes] | None = None
) -> dict[str, Any]:
    """As docs/handover.schema.json has it; `contents` ({id of a file: bytes}) where the files go along themselves.

    It is built from what is named here, so that a new column or kind of piece stays here until somebody adds it:
    no receipt, message, note, label, view of the law or name of staff is among it.
    """
    told = _newest_words(report)
    contact = told.pop(CONTACT, None) if contact_goes_along(newest(said), parcel.body) else None
    return {
        "schema": SCHEMA,
        "handover": {
            "id": parcel.id, "from": OFFICE, "to": parcel.body, "mode": parcel.mode,
            "on_day": parcel.on_day.isoformat(),
        },
        "consent": _consent(said, parcel.body),
        "report": _codes(report),
        "told": [_words(words) for part, words in told.items() if part != CONTACT],
        "contact": json.loads(contact.text) if contact else None,
        "files": [_file(number, sent, contents) for number, sent in enumerate(report.files, start=1)],
    }  # fmt: skip


def _newest_words(report: OwnReport) -> dict[str, Words]:
    """{part: words}; a part that was emptied is left out."""
    newest_of = {words.kind: words for words in report.told if words.sender == REPORTER}
    return {part: newest_of[part] for part in PARTS if part in newest_of and newest_of[part].text}


def _codes(report: OwnReport) -> dict[str, Any]:
    row = report.row
    return {
        "schema": row.schema_version,
        "received_on": row.received_on.isoformat(),
        "language": row.language,
        "role": row.reporter_role,
        "when": row.incident_when,
        "district": row.district,
        "area": row.area,
        "relation": row.relation,
        "worse": row.worse,
        "reason": row.reason,
        "fair": row.fair,
        **{question: sorted(report.answers.get(question, ())) for question in SEVERAL},
    }


def _words(words: Words) -> dict[str, str]:
    return {"part": words.kind, "language": words.language, "on_day": words.on_day.isoformat(), "text": words.text}


def _file(number: int, sent: Sent, contents: Mapping[str, bytes] | None) -> dict[str, Any]:
    listed: dict[str, Any] = {
        "number": number, "media_type": sent.media_type, "size": sent.size, "cleaned": sent.cleaned,
        "on_day": sent.on_day.isoformat(),
    }  # fmt: skip
    if contents is not None:
        listed["content"] = base64.b64encode(contents[sent.id]).decode()
    return listed


def _consent(said: list[ConsentRow], body: str) -> dict[str, str] | None:
    """The yes to this body; None where it is passed on without."""
    answers = [row for row in said if row.consent == FORWARD]
    if not answers or answers[-1].answer != body:
        return None
    yes = answers[-1]
    return {"to": body, "version": yes.version, "language": yes.language, "on_day": yes.on_day.isoformat()}
