"""Handing over: only with the person's yes to that body, or by duty; opened by its holders; taken back."""

import asyncio
import dataclasses
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from bot.casework import vocabulary as codes
from bot.casework.handover import Handovers
from bot.casework.handover_rules import contact_goes_along, hindrance
from bot.casework.own_report import OwnReport, OwnReports
from bot.casework.sealing import ReportKey
from bot.casework.vocabulary import DUTY, FORWARD, READ, REPLY, WITH_CONSENT
from bot.errors import ConversationEndedError, SealBrokenError
from bot.language.dates import today
from bot.store.case_verbs import Standing
from bot.store.report_verbs import ConsentRow
from tests.casework.handing import ADVISER, INSTITUTE, KEY, LAW, POLICE, Handing, refused
from tests.reports import VERSIONS


@pytest.fixture
def handing(tmp_path: Path) -> Iterator[Handing]:
    handing = Handing(tmp_path)
    yield handing
    handing.close()


# When it may be


def said(*answers: tuple[str, str]) -> list[ConsentRow]:
    return [ConsentRow("report", consent, answer, "v", "da", today()) for consent, answer in answers]


def test_only_with_a_yes_to_that_body_or_by_duty_to_an_authority_and_never_what_staff_may_not_read() -> None:
    bodies = [*LAW.bodies, "nobody"]
    tried = allowed = 0
    for read, reply, named, body, mode in product(
        ("yes", "no"), ("yes", "no"), ("no", *codes.FORWARD_TO), bodies, codes.HANDOVER_MODES
    ):
        found = hindrance(said((READ, read), (REPLY, reply), (FORWARD, named)), LAW.bodies.get(body), mode)
        by_consent = mode == WITH_CONSENT and named == body
        by_duty = mode == DUTY and body in {"borgerraadgiveren", "police-hate-crime"}
        assert (found is None) == (read == "yes" and (by_consent or by_duty)), (read, named, body, mode)
        assert found is None or found in codes.NOT_HANDED_OVER
        tried, allowed = tried + 1, allowed + (found is None)
    assert (tried, allowed) == (2 * 2 * 4 * len(bodies) * 2, 2 * 3 + 2 * 4 * 2)


def test_the_newest_answer_counts() -> None:
    yes, other, no = (FORWARD, INSTITUTE), (FORWARD, ADVISER), (FORWARD, "no")
    body = LAW.bodies[INSTITUTE]
    assert hindrance(said((READ, "yes"), no, yes), body, WITH_CONSENT) is None
    assert hindrance(said((READ, "yes"), yes, no), body, WITH_CONSENT) == "not_named"
    assert hindrance(said((READ, "yes"), yes, other), body, WITH_CONSENT) == "not_named"
    assert hindrance(said((READ, "yes"), yes, (READ, "no")), body, WITH_CONSENT) == "not_readable"
    assert hindrance([], body, WITH_CONSENT) == "not_readable"


def test_duty_does_not_overrule_a_yes_that_was_taken_back() -> None:
    took_back = said((READ, "yes"), (FORWARD, ADVISER), (FORWARD, "no"))
    assert hindrance(took_back, LAW.bodies[ADVISER], DUTY) == "taken_back"
    assert hindrance(took_back, LAW.bodies[POLICE], DUTY) is None


@pytest.mark.parametrize("read", ["yes", "no"])
@pytest.mark.parametrize("reply", ["yes", "no"])
@pytest.mark.parametrize("named", ["no", *codes.FORWARD_TO])
def test_contact_goes_along_only_if_an_answer_is_wanted_and_the_body_was_named(
    read: str, reply: str, named: str
) -> None:
    consents = {READ: read, REPLY: reply, FORWARD: named}
    for body in codes.FORWARD_TO:
        assert contact_goes_along(consents, body) == ((read, reply, named) == ("yes", "yes", body))


def test_the_bodies_and_the_authorities_are_those_of_the_law_files() -> None:
    assert {body.id for body in LAW.bodies.values() if body.takes_forwarded} == set(codes.FORWARD_TO)
    assert set(codes.AUTHORITIES) < set(codes.FORWARD_TO)


@pytest.mark.parametrize(
    ("body", "more", "code"),
    [
        (ADVISER, {}, "not_named"),
        ("ombudsmand", {}, "takes_none"),
        ("nobody", {}, "takes_none"),
        (INSTITUTE, {"mode": DUTY}, "no_authority"),
        (INSTITUTE, {"way": "console"}, "no_account"),
        (POLICE, {"mode": DUTY, "way": "endpoint"}, "no_endpoint"),
    ],
)
def test_what_does_not_fit_is_refused_and_leaves_nothing(
    handing: Handing, body: str, more: dict[str, str], code: str
) -> None:
    with refused(code):
        handing.make(body=body, **more)
    assert handing.states() == {}
    assert asyncio.run(handing.own.look(handing.key)).row.status == "new"


def test_a_report_that_is_only_counted_or_gone_is_not_handed_over(handing: Handing) -> None:
    counted = handing.report(readable=False)
    with refused("not_readable"):
        handing.make(counted, ADVISER, mode=DUTY)
    asyncio.run(handing.own.withdraw(counted))
    with pytest.raises(ConversationEndedError):
        handing.make(counted, ADVISER, mode=DUTY)


@pytest.mark.parametrize("wrong", [{"mode": "because"}, {"way": "pigeon"}])
def test_a_code_that_is_none_is_no_refusal_but_a_mistake(handing: Handing, wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="vocabulary"):
        handing.make(**wrong)


def test_what_may_be_chosen_tells_ways_limits_and_whether_a_name_is_missed(handing: Handing) -> None:
    handing.account("officer", ADVISER)
    found = {it.body.id: it for it in asyncio.run(handing.handovers.choices(handing.key.report_id))}
    assert set(found) == set(codes.FORWARD_TO)
    institute, adviser = found[INSTITUTE], found[ADVISER]
    assert (institute.modes, institute.ways) == ((WITH_CONSENT,), ("endpoint", "download"))
    assert (adviser.modes, adviser.ways) == ((DUTY,), ("console", "download"))
    assert {it.body.id for it in found.values() if it.with_contact} == {INSTITUTE}
    assert {it.body.id for it in found.values() if it.wants_a_name} == {ADVISER}
    assert [limit.body for limit in adviser.limits] == [ADVISER] * len(LAW.limits_of(ADVISER)) != []
    handing.consents({READ: "no"})
    assert asyncio.run(handing.handovers.choices(handing.key.report_id)) == []


# What is made with it


def test_a_report_that_is_handed_over_is_referred_and_its_clock_stands(handing: Handing) -> None:
    report_id = handing.key.report_id
    asyncio.run(handing.store.cases.change(report_id, {"status": "in_review", "clock_due": today()}))
    row = handing.make()
    report = asyncio.run(handing.own.look(handing.key)).row
    assert (report.status, report.clock_due) == ("referred", None)
    (listed,) = asyncio.run(handing.handovers.of(report_id))
    assert listed == dataclasses.replace(row, sealed=b"")


@pytest.mark.parametrize("change", [{FORWARD: "no"}, {READ: "no"}, {FORWARD: ADVISER}])
def test_a_consent_that_changes_while_a_package_is_made_leaves_none(handing: Handing, change: dict[str, str]) -> None:
    class Meanwhile(OwnReports):
        """Its person answers anew just after staff read it."""

        async def look(self, key: ReportKey) -> OwnReport:
            found = await super().look(key)
            await handing.own.consent(key, change, VERSIONS, "da")
            return found

    handing.handovers = Handovers(handing.store, Meanwhile(handing.store, KEY), {}, LAW)
    with refused("changed"):
        handing.make()
    assert handing.states() == {}
    assert asyncio.run(handing.own.look(handing.key)).row.status == "new"


def test_a_package_that_the_team_could_not_open_any_more_is_not_stored(handing: Handing) -> None:
    another, cases = dataclasses.replace(handing.make(), id="another"), handing.store.cases
    now = len(asyncio.run(handing.store.reports.consents(handing.key.report_id)))
    for rests_on in (Standing("an older key", now), Standing(handing.team.id, now - 1)):
        assert not asyncio.run(cases.hand_over(another, [], rests_on, {"status": "closed"}))
    assert asyncio.run(cases.handover("another")) is None
    assert asyncio.run(cases.hand_over(another, [], Standing(handing.team.id, now), {"status": "closed"}))


# Opened and answered


def test_the_active_people_of_a_body_open_what_is_theirs_at_the_console(handing: Handing) -> None:
    anna, others = handing.account("anna"), {"left": handing.account("left", active=False)}
    others["other"] = handing.account("other", ADVISER)
    row = handing.make(way="console")
    others |= {"later": handing.account("later"), "nobody": anna, "team": handing.team.private}
    for name, private in others.items():
        with refused("not_theirs"):
            asyncio.run(handing.handovers.open_for_partner(row.id, name, private))
    assert handing.states() == {row.id: "made"}
    package = asyncio.run(handing.handovers.open_for_partner(row.id, "anna", anna))
    assert package == handing.package(row)
    assert handing.states() == {row.id: "seen"}
    with pytest.raises(SealBrokenError):
        asyncio.run(handing.handovers.open_for_partner(row.id, "anna", others["later"]))


def test_who_leaves_the_body_or_goes_to_another_opens_nothing_any_more(handing: Handing) -> None:
    left, moved, staff = handing.account("left"), handing.account("moved"), handing.store.staff
    row = handing.make(way="console")
    for name, changed in {"left": {"active": False}, "moved": {"body": ADVISER}}.items():
        asyncio.run(staff.change_account(name, changed))
    for name, private in {"left": left, "moved": moved}.items():
        with refused("not_theirs"):
            asyncio.run(handing.handovers.open_for_partner(row.id, name, private))
    assert handing.states() == {row.id: "made"}


def test_an_account_called_like_another_holder_opens_nothing(handing: Handing) -> None:
    private = handing.account("team")
    with refused("no_account"):
        handing.make(way="console")
    handing.account("anna")
    row = handing.make(way="console")
    with refused("not_theirs"):
        asyncio.run(handing.handovers.open_for_partner(row.id, "team", private))
    assert handing.package(row)


@pytest.mark.parametrize("way", ["endpoint", "download"])
def test_a_partner_opens_nothing_at_the_console_that_goes_another_way(handing: Handing, way: str) -> None:
    anna, row = handing.account("anna"), handing.make(way=way)
    for name, private in {"anna": anna, "endpoint": handing.private}.items():
        with refused("not_theirs"):
            asyncio.run(handing.handovers.open_for_partner(row.id, name, private))


def test_what_staff_take_along_counts_as_sent_and_what_waits_at_the_console_does_not(handing: Handing) -> None:
    handing.account("anna")
    rows = {way: handing.make(way=way) for way in codes.HANDOVER_WAYS}
    for row in rows.values():
        handing.package(row)
    states = handing.states()
    assert {way: states[row.id] for way, row in rows.items()} == {
        "console": "made", "endpoint": "made", "download": "sent",
    }  # fmt: skip


def test_a_body_answers_and_what_came_of_it_is_noted(handing: Handing) -> None:
    row = handing.make(way="endpoint")
    assert row.next_try
    asyncio.run(handing.handovers.answer(row.id, "accepted"))
    for outcome in codes.HANDOVER_OUTCOMES:
        asyncio.run(handing.handovers.note_outcome(row.id, outcome))
        found = handing.row(row)
        assert (found.state, found.outcome, found.next_try) == ("accepted", outcome, None)
    for wrong in ("recalled", "sent", "maybe"):
        with pytest.raises(ValueError, match="vocabulary"):
            asyncio.run(handing.handovers.answer(row.id, wrong))
    with pytest.raises(ValueError, match="vocabulary"):
        asyncio.run(handing.handovers.note_outcome(row.id, "it did not happen"))
    with pytest.raises(ConversationEndedError):
        asyncio.run(handing.handovers.answer("no such", "accepted"))


# Taken back


def test_a_consent_that_is_taken_back_empties_packages_and_destroys_their_keys(handing: Handing) -> None:
    handing.account("anna")
    rows = [handing.make(way=way) for way in ("console", "endpoint")]
    held = asyncio.run(handing.store.cases.handover_keys_of_team())
    parts = [row.sealed[-64:] for row in rows] + [it.sealed[-32:] for it in held]
    assert len(parts) == 4
    assert all(part in handing.on_disk() for part in parts)
    handing.notes_consent(FORWARD, "no")
    assert asyncio.run(handing.handovers.recall(handing.key.report_id)) == 2
    assert not [part for part in parts if part in handing.on_disk()]
    assert asyncio.run(handing.store.cases.handover_keys_of_team()) == []
    assert asyncio.run(handing.handovers.recall(handing.key.report_id)) == 0
    assert [handing.row(row).next_try for row in rows] == [None, None]


def test_what_was_taken_back_is_neither_opened_nor_answered_nor_sent(handing: Handing) -> None:
    row, handovers = handing.make(way="endpoint"), handing.handovers
    handing.consents({FORWARD: "no"})
    assert handing.states() == {row.id: "recalled"}
    for act in (
        handovers.open_for_staff(row.id, handing.team),
        handovers.answer(row.id, "accepted"),
        handovers.note_outcome(row.id, "pending"),
        handovers.send_again(row.id),
    ):
        with refused("recalled"):
            asyncio.run(act)


def test_what_may_have_left_says_that_it_was_taken_back_too_late(handing: Handing) -> None:
    anna, handovers = handing.account("anna"), handing.handovers
    seen, waits = handing.make(way="console"), handing.make(way="console")
    taken, kept, answered = handing.make(), handing.make(), handing.make()
    asyncio.run(handovers.open_for_partner(seen.id, "anna", anna))
    asyncio.run(handovers.open_for_staff(taken.id, handing.team))
    asyncio.run(handovers.answer(answered.id, "accepted"))
    handing.consents({FORWARD: "no"})
    late, in_time = "recalled_late", "recalled"
    assert handing.states() == {seen.id: late, waits.id: in_time, taken.id: late, kept.id: in_time, answered.id: late}
    asyncio.run(handovers.note_outcome(taken.id, "settled"))
    assert handing.row(taken).outcome == "settled"


def test_only_what_rests_on_the_consent_is_taken_back_with_it(handing: Handing) -> None:
    duty, old = handing.make(body=POLICE, mode=DUTY), handing.make()
    handing.notes_consent(FORWARD, ADVISER)
    new = handing.make(body=ADVISER)
    assert asyncio.run(handing.handovers.recall(handing.key.report_id)) == 1
    assert handing.states() == {duty.id: "made", old.id: "recalled", new.id: "made"}
    handing.notes_consent(READ, "no")
    assert asyncio.run(handing.handovers.recall(handing.key.report_id)) == 2
    assert set(handing.states().values()) == {"recalled"}


def test_what_no_longer_stands_is_not_opened_even_before_anybody_took_it_back(handing: Handing) -> None:
    anna, row = handing.account("anna"), handing.make(way="console")
    handing.notes_consent(FORWARD, "no")
    with refused("recalled"):
        asyncio.run(handing.handovers.open_for_partner(row.id, "anna", anna))
    assert handing.states() == {row.id: "recalled"}


def test_a_report_that_is_withdrawn_takes_its_handovers_along(handing: Handing) -> None:
    row = handing.make()
    assert row.sealed[-64:] in handing.on_disk()
    asyncio.run(handing.own.withdraw(handing.key))
    assert row.sealed[-64:] not in handing.on_disk()
    with pytest.raises(ConversationEndedError):
        asyncio.run(handing.handovers.open_for_staff(row.id, handing.team))


def test_nothing_that_is_kept_of_a_handover_is_called_by_a_name_that_is_no_code(handing: Handing) -> None:
    handing.account("anna")
    for way, mode in (("console", WITH_CONSENT), ("download", DUTY)):
        row: Any = handing.make(body=INSTITUTE if mode == WITH_CONSENT else POLICE, way=way, mode=mode)
        assert row.mode in codes.HANDOVER_MODES
        assert row.way in codes.HANDOVER_WAYS
        assert row.state in codes.HANDOVER_STATES
