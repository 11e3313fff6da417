"""What a body gets: as the schema says, the newest words, and nothing that is not meant for it."""

import asyncio
import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.casework import vocabulary as codes
from bot.casework.handover_rules import MOST_BYTES
from bot.casework.vocabulary import DUTY, FORWARD, REPLY, WITH_CONSENT
from bot.language.dates import today
from bot.store.case_verbs import NoteRow
from bot.store.report_verbs import MESSAGE, STAFF, CoverageRow, PieceRow
from tests.casework.handing import ADVISER, INSTITUTE, SCHEMA, Handing, refused
from tests.reports import VERSIONS, WORDS

SKIPPED = (
    "role", "when", "day", "district", "relation", "organisation", "ground", "area", "form", "worse", "reason", "harm",
    "proof", "wish", "value", "times",
)  # fmt: skip


@pytest.fixture
def handing(tmp_path: Path) -> Iterator[Handing]:
    handing = Handing(tmp_path)
    yield handing
    handing.close()


def test_a_package_holds_codes_own_words_consent_and_contact(handing: Handing) -> None:
    row = handing.make()
    package = handing.package(row)
    assert package["handover"] == {
        "id": row.id, "from": "Københavns Kommune", "to": INSTITUTE, "mode": WITH_CONSENT,
        "on_day": today().isoformat(),
    }  # fmt: skip
    assert package["consent"] == {
        "to": INSTITUTE, "version": VERSIONS[FORWARD], "language": "ar", "on_day": today().isoformat(),
    }  # fmt: skip
    assert package["report"] == {
        "schema": 2, "received_on": today().isoformat(), "language": "ar", "role": "self", "when": "2026-10",
        "district": "valby", "area": "housing", "relation": "landlord", "worse": "yes", "reason": "none", "fair": None,
        "ground": ["ethnic_origin", "language"], "form": ["direct"], "harm": ["fear"], "proof": ["none"],
        "wish": ["advice"],
    }  # fmt: skip
    assert [(it["part"], it["text"], it["language"]) for it in package["told"]] == [
        ("narrative", WORDS, "ar"), ("organisation", "Bolig ApS", "ar"), ("day", "2026-10-12", "ar"),
    ]  # fmt: skip
    assert package["contact"] == {"method": "phone", "value": "22 33 44 55", "times": "after 16"}
    assert package["files"] == []


def test_the_newest_words_go_along_and_what_was_taken_back_does_not(handing: Handing) -> None:
    asyncio.run(handing.own.correct(handing.key, "narrative", "It was the caretaker.", "en", "a"))
    asyncio.run(handing.own.correct(handing.key, "contact", "", "en", "b"))
    package = handing.package(handing.make())
    assert (package["told"][0]["text"], package["told"][0]["language"]) == ("It was the caretaker.", "en")
    assert WORDS not in json.dumps(package)
    assert package["contact"] is None


def test_a_report_of_few_and_odd_words_makes_a_package_too(handing: Handing) -> None:
    words = "Half a \ud83d pair, and \x00."
    answers = {name: [] for name in SKIPPED} | {"contact": ["receipt_only"], "forward": [ADVISER]}
    package = handing.package(handing.make(handing.report(words, **answers), ADVISER))
    assert [it["text"] for it in package["told"]] == [words]
    assert (package["contact"], package["report"]["area"]) == (None, "unsure")


def test_by_duty_the_package_says_so_and_no_contact_goes_along(handing: Handing) -> None:
    row = handing.make(body=ADVISER, mode=DUTY)
    package = handing.package(row)
    assert (row.mode, package["handover"]["mode"]) == (DUTY, DUTY)
    assert (package["consent"], package["contact"]) == (None, None)
    assert "22 33 44 55" not in json.dumps(package)
    assert package["told"][0]["text"] == WORDS


def test_contact_that_was_given_stays_here_once_no_answer_is_wanted(handing: Handing) -> None:
    handing.consents({REPLY: "no"})
    package = handing.package(handing.make())
    assert package["contact"] is None
    assert "22 33 44 55" not in json.dumps(package)


# Files


def test_files_are_listed_and_go_along_when_asked(handing: Handing) -> None:
    content = bytes(range(256)) * 100
    asyncio.run(handing.own.add_file(handing.key, content, "image/png", "a", cleaned=True))
    asyncio.run(handing.own.add_file(handing.key, b"as it was", "application/pdf", "b", cleaned=False))
    listed = handing.package(handing.make())["files"]
    assert [(it["number"], it["media_type"], it["size"], it["cleaned"]) for it in listed] == [
        (1, "image/png", 25_600, True), (2, "application/pdf", 9, False),
    ]  # fmt: skip
    assert not [it for it in listed if "content" in it]
    sent = handing.package(handing.make(with_files=True))["files"]
    assert [base64.b64decode(it["content"]) for it in sent] == [content, b"as it was"]


def test_files_that_are_too_large_together_are_refused_and_can_still_be_listed(handing: Handing) -> None:
    for number in range(3):
        content = bytes(MOST_BYTES // 3 + 1)
        asyncio.run(handing.own.add_file(handing.key, content, "video/mp4", str(number), cleaned=True))
    with refused("too_large"):
        handing.make(with_files=True)
    assert len(handing.package(handing.make())["files"]) == 3


# What stays here


def plant(handing: Handing) -> None:
    """A canary in everything that is not for a body."""
    report_id, reports, cases = handing.key.report_id, handing.store.reports, handing.store.cases
    sealed = {name: handing.key.seal(f"{name}/{name}", f"{name}-canary") for name in ("note", "coverage", MESSAGE)}
    asyncio.run(cases.add_note(NoteRow("note", report_id, "note-author-canary", today(), sealed["note"])))
    asyncio.run(cases.set_labels(report_id, ["label-canary"]))
    asyncio.run(cases.assign(report_id, "assigned-canary"))
    view = CoverageRow("coverage", report_id, "covered_unclear", "viewer-canary", today(), sealed["coverage"])
    asyncio.run(reports.note_coverage(view))
    asyncio.run(reports.add_piece(PieceRow(MESSAGE, report_id, MESSAGE, STAFF, "da", today(), sealed[MESSAGE])))
    asyncio.run(handing.own.write(handing.key, "own-message-canary", "en", "m"))
    asyncio.run(handing.own.add_file(handing.key, b"a file", "image/png", "f", cleaned=True))


@pytest.mark.parametrize("more", [{}, {"with_files": True}, {"way": "endpoint"}, {"body": ADVISER, "mode": DUTY}])
def test_nothing_of_staff_and_no_receipt_is_in_a_package(handing: Handing, more: dict[str, str]) -> None:
    plant(handing)
    told = json.dumps(handing.package(handing.make(**more)), ensure_ascii=False)
    assert WORDS in told
    report = asyncio.run(handing.own.look(handing.key))
    of_nobody = (
        "canary", "covered_unclear", handing.receipt, handing.receipt.replace(" ", ""), report.row.receipt_hash,
        handing.key.report_id, handing.key.key.hex(),
        *(it.id for it in (*report.told, *report.messages, *report.files)),
    )  # fmt: skip
    assert len(report.messages) == 2
    assert [canary for canary in of_nobody if canary in told] == []


def test_nothing_of_a_package_is_in_clear_on_the_disk(handing: Handing) -> None:
    handing.make(way="endpoint")
    everything = handing.on_disk()
    for word in (WORDS, "Bolig ApS", "22 33 44 55", '"narrative"'):
        assert word.encode() not in everything


# The schema


def test_the_schema_knows_exactly_the_codes_of_the_vocabulary() -> None:
    report = SCHEMA.schema["properties"]["report"]["properties"]
    one = {
        "role": codes.ROLES, "district": codes.DISTRICTS, "area": codes.AREAS, "relation": codes.RELATIONS,
        "worse": codes.YES_NO, "reason": codes.REASONS,
    }  # fmt: skip
    for name, known in one.items():
        assert set(report[name]["enum"]) == {*known, codes.UNSURE}, name
    several = {
        "ground": codes.GROUNDS, "form": codes.FORMS, "harm": codes.HARMS, "proof": codes.PROOFS, "wish": codes.WISHES,
    }  # fmt: skip
    for name, known in several.items():
        assert set(report[name]["items"]["enum"]) == set(known), name
    handover = SCHEMA.schema["properties"]["handover"]["properties"]
    assert set(handover["mode"]["enum"]) == set(codes.HANDOVER_MODES)
    assert set(handover["to"]["enum"]) == set(codes.FORWARD_TO)


def test_the_schema_refuses_what_is_not_in_it(handing: Handing) -> None:
    package = handing.package(handing.make())
    for part in (package, package["handover"], package["report"], package["told"][0], package["consent"]):
        part["receipt"] = "1234"
        assert not SCHEMA.is_valid(package)
        del part["receipt"]
    SCHEMA.validate(package)
