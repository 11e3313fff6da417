"""A report goes to a body and something comes back: as staff press it, and as the body's people see it."""

import asyncio
import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest

from bot.casework.vocabulary import FORWARD, READ
from bot.language.dates import today
from bot.settings import Settings
from bot.store.report_verbs import ConsentRow
from bot.web.console.app import make_console
from tests.console.case import ADVISER, INSTITUTE, POLICE, Case, as_json, new_case, read
from tests.console.member import Member
from tests.keys import make_keys
from tests.reports import WORDS

CONTENT = b"what was said on the stairs"


@pytest.fixture(scope="module")
def kim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Member]:
    """A coordinator, signed in, with the key open."""
    app: Any = make_console(Settings(var=tmp_path_factory.mktemp("handing")))
    app.state.console.first = make_keys(app.state.console.store)
    yield Member(app, "kim", "coordinator").signs_in().opens_key()
    app.state.console.close()


@pytest.fixture(scope="module")
def ida(kim: Member) -> Member:
    """Of the institute, signed in, with their own key open."""
    return Member(kim.app, "ida", "partner", INSTITUTE).signs_in().opens_key()


@pytest.fixture
def case(kim: Member, ida: Member) -> Case:
    return new_case(kim)


# The way by the console


def test_a_body_reads_answers_and_notes_an_outcome_and_staff_see_it(case: Case, kim: Member) -> None:
    pil = Member(kim.app, "pil", "partner", INSTITUTE).signs_in()
    row = case.package()
    at = f"/forwarded/{row.id}"
    assert at in pil.page("/forwarded")
    assert WORDS not in pil.page(at)
    assert case.row(row).state == "made"
    pil.opens_key()
    page = read(pil, at)
    assert WORDS in page
    assert "The person agreed to this on" in page
    assert case.row(row).state == "seen"
    assert pil.orders(f"{at}/answer", state="accepted").headers["location"] == f"{at}?said=said.saved"
    assert pil.orders(f"{at}/outcome", outcome="settled").headers["location"] == f"{at}?said=said.saved"
    assert (case.row(row).state, case.row(row).outcome) == ("accepted", "settled")
    page = read(kim, case.path)
    assert "Taken by the body: the two sides agreed" in page
    assert "Handed over to institut-for-menneskerettigheder" in page
    assert case.events == ["handed_over", "handover_viewed", "handover_answered", "outcome_noted", "report_viewed"]


def test_the_report_waits_for_the_body_once_it_is_handed_over(case: Case, kim: Member) -> None:
    case.package(way="download")
    row = asyncio.run(kim.console.caseload.row(case.key.report_id))
    assert row
    assert (row.status, row.clock_due) == ("referred", None)


def test_a_body_takes_the_same_package_along_as_data(case: Case, kim: Member, ida: Member) -> None:
    row = case.package()
    package = as_json(ida, f"/forwarded/{row.id}/json")
    assert package["handover"]["id"] == row.id
    assert [it["text"] for it in package["told"] if it["part"] == "narrative"] == [WORDS]
    assert package == as_json(kim, f"{case.path}/handover/{row.id}/json")


def test_a_body_gets_nothing_that_staff_wrote_and_no_name_of_theirs(case: Case, kim: Member, ida: Member) -> None:
    kim.orders(f"{case.path}/note", text="a note that stays in the office")
    kim.orders(f"{case.path}/labels", labels="label-canary")
    kim.orders(f"{case.path}/coverage", result="covered_likely", reason="a view of the law")
    row = case.package()
    at = f"/forwarded/{row.id}"
    seen = ida.page("/forwarded") + ida.page(at) + json.dumps(as_json(ida, f"{at}/json"))
    assert WORDS in seen
    for word in ("stays in the office", "label-canary", "a view of the law", "kim", case.key.report_id):
        assert word not in seen


def test_a_body_reads_danish_if_its_people_do(case: Case, ida: Member) -> None:
    row = case.package()
    page = ida.page(f"/forwarded/{row.id}?lang=da")
    ida.page("/me?lang=en")
    assert '<html lang="da"' in page
    assert "egne ord" in page
    assert WORDS in page


@pytest.mark.parametrize("fields", [{}, {"state": "sent"}, {"state": "recalled"}, {"state": ""}])
def test_an_answer_of_a_body_is_a_yes_or_a_no(case: Case, ida: Member, fields: dict[str, str]) -> None:
    row = case.package()
    assert ida.orders(f"/forwarded/{row.id}/answer", **fields).status_code == 422
    assert case.row(row).state == "made"


@pytest.mark.parametrize("outcome", ["", "won", "pending\n"])
def test_an_outcome_is_one_of_those_that_there_are(case: Case, kim: Member, ida: Member, outcome: str) -> None:
    row = case.package(way="download")
    assert kim.orders(f"{case.path}/handover/{row.id}/outcome", outcome=outcome).status_code == 422
    row = case.package()
    assert ida.orders(f"/forwarded/{row.id}/outcome", outcome=outcome).status_code == 422


def test_what_a_body_looked_at_stands_on_record_with_what_was_shown(case: Case, ida: Member) -> None:
    case.package()
    shown = ida.page("/forwarded").count("<h2>")
    newest = asyncio.run(ida.console.store.audit.newest(1))[0]
    assert (newest.verb, newest.actor, json.loads(newest.detail)) == ("queue_viewed", "ida", {"shown": shown})
    assert shown >= 1


# A consent that is taken back


@pytest.mark.parametrize(("consent", "answer"), [(FORWARD, "no"), (READ, "no"), (FORWARD, ADVISER)])
@pytest.mark.parametrize("seen", [True, False])
def test_a_package_is_gone_at_once_when_its_consent_is_taken_back(
    case: Case, ida: Member, seen: bool, consent: str, answer: str
) -> None:
    row = case.package()
    at = f"/forwarded/{row.id}"
    if seen:
        assert WORDS in ida.page(at)
    case.says(consent, answer)
    assert row.id not in ida.page("/forwarded")
    for path in (at, f"{at}/json"):
        assert ida.sees(path).status_code == 404
    assert ida.orders(f"{at}/answer", state="accepted").status_code == 404
    assert ida.orders(f"{at}/outcome", outcome="settled").status_code == 404
    after = asyncio.run(ida.console.store.cases.handover(row.id))
    assert after
    assert (after.state, after.outcome, after.sealed) == ("recalled_late" if seen else "recalled", None, b"")


@pytest.mark.parametrize("way", ["", "/json", "/answer"])
def test_a_consent_counts_from_when_it_was_said_even_if_the_process_died_then(
    case: Case, kim: Member, ida: Member, way: str
) -> None:
    """Only its row was written: the package still lies there, and is shown to nobody."""
    row = case.package()
    said = ConsentRow(case.key.report_id, FORWARD, "no", "v", "da", today())
    asyncio.run(kim.console.store.reports.consent([said], "", [], drop=()))
    at = f"/forwarded/{row.id}{way}"
    answer = ida.orders(at, state="accepted") if way == "/answer" else ida.sees(at)
    assert answer.status_code == 404
    assert case.row(row).state == "recalled"
    assert kim.sees(f"{case.path}/handover/{row.id}").status_code == 404


def test_staff_are_told_what_they_still_have_to_ask_for(case: Case, kim: Member, ida: Member) -> None:
    row = case.package()
    ida.page(f"/forwarded/{row.id}")
    case.says(FORWARD, "no")
    page = kim.page(case.path)
    assert "the body may have a copy, so ask it to delete that" in page
    assert f"/handover/{row.id}" not in page


# Keys of partners


def test_whoever_got_another_key_is_told_what_to_do_about_older_packages(case: Case, kim: Member) -> None:
    bo = Member(kim.app, "bo", "partner", INSTITUTE).signs_in().opens_key()
    old = case.package()
    assert WORDS in bo.page(f"/forwarded/{old.id}")
    bo.person.passphrase = asyncio.run(kim.console.partner_keys.make("bo"))
    assert "Your sealing passphrase" in bo.page(f"/forwarded/{old.id}")
    bo.opens_key()
    answer = bo.sees(f"/forwarded/{old.id}")
    assert answer.headers["location"] == "/forwarded?said=said.handover.not_theirs"
    assert "Ask for it to be handed over again" in bo.page(answer.headers["location"])
    assert case.events == ["handed_over", "handover_viewed", "refused"]
    assert WORDS in bo.page(f"/forwarded/{case.package().id}")


def test_a_colleague_who_came_later_cannot_open_what_was_sealed_before(case: Case, kim: Member) -> None:
    row = case.package()
    later = Member(kim.app, "later", "partner", INSTITUTE).signs_in().opens_key()
    for path in (f"/forwarded/{row.id}", f"/forwarded/{row.id}/json"):
        assert later.sees(path).headers["location"] == "/forwarded?said=said.handover.not_theirs"
    assert case.row(row).state == "made"


def test_a_partner_who_goes_to_another_body_leaves_the_packages_of_the_first(case: Case, kim: Member) -> None:
    eva = Member(kim.app, "eva", "partner", INSTITUTE).signs_in().opens_key()
    row = case.package()
    assert WORDS in eva.page(f"/forwarded/{row.id}")
    asyncio.run(kim.console.accounts.set_role("eva", "partner", ADVISER))
    assert row.id not in eva.page("/forwarded")
    assert eva.sees(f"/forwarded/{row.id}").status_code == 404


# By duty, as a download, with and without files


def test_what_is_passed_on_by_duty_says_so_and_holds_no_way_to_reach_the_person(case: Case, kim: Member) -> None:
    row = case.package(body=ADVISER, mode="duty", way="download")
    package = as_json(kim, f"{case.path}/handover/{row.id}/json")
    assert (package["handover"]["mode"], package["consent"], package["contact"]) == ("duty", None, None)
    page = kim.page(f"{case.path}/handover/{row.id}")
    assert "The person has not been asked." in page
    assert "22 33 44 55" not in page


def test_a_download_is_a_file_with_a_name_that_tells_nothing_of_the_report(case: Case, kim: Member) -> None:
    row = case.package(way="download")
    answer = kim.sees(f"{case.path}/handover/{row.id}/json")
    name = f"vejviser-{today().isoformat()}-{row.id[:8]}.json"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert case.row(row).state == "sent"
    assert case.events == ["handed_over", "handover_downloaded"]


@pytest.mark.parametrize("files", [{"files": "yes"}, {}, {"files": "no"}])
def test_files_go_along_where_staff_say_so(case: Case, kim: Member, files: dict[str, str]) -> None:
    asyncio.run(case.own.add_file(case.key, CONTENT, "text/plain", "one", cleaned=True))
    row = case.package(way="download", **files)
    (sent,) = as_json(kim, f"{case.path}/handover/{row.id}/json")["files"]
    assert (sent["media_type"], sent["size"]) == ("text/plain", len(CONTENT))
    if files == {"files": "yes"}:
        assert base64.b64decode(sent["content"]) == CONTENT
    else:
        assert "content" not in sent
    assert "text/plain" in kim.page(f"{case.path}/handover/{row.id}")


# What is refused


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"body": ADVISER}, "not_named"),
        ({"body": INSTITUTE, "mode": "duty"}, "no_authority"),
        ({"body": "ligebehandlingsnaevnet"}, "takes_none"),
        ({"way": "endpoint"}, "no_endpoint"),
        ({"body": POLICE, "mode": "duty"}, "no_account"),
    ],
)
def test_what_may_not_be_handed_over_is_refused_with_the_reason(case: Case, fields: dict[str, str], said: str) -> None:
    assert case.hands_over(**fields) == f"said.handover.{said}"
    assert case.rows == []
    assert case.events == ["refused"]


@pytest.mark.parametrize(
    "fields", [{"body": "nobody"}, {"body": ""}, {"mode": "for fun"}, {"way": "by pigeon"}, {"body": "../.."}]
)
def test_a_code_that_no_page_offers_is_not_understood(case: Case, kim: Member, fields: dict[str, str]) -> None:
    fields = {"body": INSTITUTE, "mode": "with_consent", "way": "download", **fields}
    assert kim.orders(f"{case.path}/hand-over", **fields).status_code == 422
    assert case.rows == []


def test_a_report_that_may_not_be_read_is_not_handed_over(case: Case) -> None:
    case.says(READ, "no")
    assert case.hands_over(body=ADVISER, mode="duty", way="download") == "said.handover.not_readable"


def test_a_package_that_is_taken_back_opens_for_staff_no_more(case: Case, kim: Member) -> None:
    row = case.package(way="download")
    case.says(FORWARD, "no")
    for path in ("", "/json"):
        assert kim.sees(f"{case.path}/handover/{row.id}{path}").status_code == 404
    sent = kim.orders(f"{case.path}/handover/{row.id}/outcome", outcome="settled")
    assert sent.headers["location"] == f"{case.path}?said=said.handover.recalled"
