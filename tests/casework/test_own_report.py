"""With the receipt alone: read, answer, add, change, take along, withdraw; and no other report."""

import asyncio
import datetime as dt
import json
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.casework.caseload import Caseload
from bot.casework.clocks import Clocks
from bot.casework.desk import Desk
from bot.casework.keyring import FIRST, TeamKey
from bot.casework.office import Office
from bot.casework.own_report import OwnReports
from bot.casework.receipt import receipt_for
from bot.casework.retention import KEPT_MONTHS
from bot.casework.sealing import ReportKey
from bot.casework.telling import Telling
from bot.casework.vocabulary import FORWARD, HOLDS, READ, REPLY
from bot.errors import ConversationEndedError, HeldError, NotAllowedError
from bot.language.dates import today
from bot.store.report_verbs import RECOVERY, TEAM
from bot.store.sqlite import SqliteStore
from tests.keys import keyring_of, make_keys, real_receipts
from tests.reports import VERSIONS, WORDS, a_telling, filed, opened

KEY = b"k" * 32


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "store.db")
    yield store
    store.close()


@pytest.fixture
def team(store: SqliteStore) -> TeamKey:
    return asyncio.run(keyring_of(store).open(FIRST, make_keys(store).team))


@pytest.fixture
def desk(store: SqliteStore, team: TeamKey) -> Desk:
    return Desk(store, KEY)


@pytest.fixture
def own(store: SqliteStore) -> OwnReports:
    return OwnReports(store, KEY)


@pytest.fixture
def office(store: SqliteStore, own: OwnReports) -> Office:
    return Office(store, own)


def reads(own: OwnReports, key: ReportKey) -> dict[str, list[str]]:
    """{kind: texts} of everything that was written."""
    report = asyncio.run(own.read(key))
    written: dict[str, list[str]] = {}
    for words in (*report.told, *report.messages):
        written.setdefault(words.kind, []).append(words.text)
    return written


# Opening


def test_a_receipt_opens_its_own_report_with_all_that_was_told(desk: Desk, own: OwnReports) -> None:
    written = reads(own, opened(own, filed(desk)))
    assert written["narrative"] == [WORDS]
    assert written["organisation"] == ["Bolig ApS"]
    assert written["day"] == ["2026-10-12"]
    assert json.loads(written["contact"][0])["value"] == "22 33 44 55"


@pytest.mark.parametrize("digits", ["٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹"])
def test_a_receipt_opens_in_any_digits_with_dashes_or_without(desk: Desk, own: OwnReports, digits: str) -> None:
    receipt = filed(desk)
    written = receipt.replace(" ", "-").translate({48 + value: digit for value, digit in enumerate(digits)})
    assert opened(own, written) == opened(own, receipt.replace(" ", ""))


def test_a_receipt_opens_no_other_report(desk: Desk, own: OwnReports, store: SqliteStore) -> None:
    first, second = filed(desk), filed(desk, a_telling("Another."), secret=b"another person")
    assert opened(own, first).report_id != opened(own, second).report_id
    key = opened(own, first)
    for piece in asyncio.run(store.reports.pieces(opened(own, second).report_id)):
        with pytest.raises(Exception, match="does not open"):
            key.open(f"{piece.kind}/{piece.id}", piece.sealed)


@pytest.mark.parametrize("wrong", ["", "1234", "0" * 20, "9999 9999 9999 9999 9999", "my receipt", "1" * 400])
def test_a_wrong_number_opens_nothing(desk: Desk, own: OwnReports, wrong: str) -> None:
    filed(desk)
    assert asyncio.run(own.open(wrong)) is None


def test_a_wrong_an_expired_and_a_withdrawn_receipt_are_the_same(
    desk: Desk, own: OwnReports, store: SqliteStore
) -> None:
    expired, withdrawn = filed(desk), filed(desk, secret=b"another person")
    asyncio.run(own.withdraw(opened(own, withdrawn)))
    asyncio.run(store.reports.erase_expired(today() + dt.timedelta(days=31 * KEPT_MONTHS)))
    for receipt in (expired, withdrawn, "0" * 20):
        assert asyncio.run(own.open(receipt)) is None


def test_without_the_servers_key_a_receipt_opens_nothing(desk: Desk, store: SqliteStore) -> None:
    assert asyncio.run(OwnReports(store, b"x" * 32).open(filed(desk))) is None


# Reading and writing


def test_what_staff_wrote_waits_for_the_receipt_and_is_new_once(
    desk: Desk, own: OwnReports, office: Office, team: TeamKey
) -> None:
    key = opened(own, filed(desk))
    asyncio.run(office.answer(key.report_id, team, "Tak for din indberetning.", "da"))
    (message,) = asyncio.run(own.read(key)).messages
    assert (message.text, message.sender, message.language, message.is_new) == (
        "Tak for din indberetning.", "staff", "da", True,
    )  # fmt: skip
    assert not asyncio.run(own.read(key)).messages[0].is_new


def test_what_is_written_back_reaches_staff_once_and_sets_the_report_in_motion_again(
    desk: Desk, own: OwnReports, office: Office, team: TeamKey
) -> None:
    key = opened(own, filed(desk))
    asyncio.run(office.answer(key.report_id, team, "Hvornår var det?", "da"))
    assert asyncio.run(own.read(key)).row.status == "awaiting_reporter"
    for _ in range(3):
        asyncio.run(own.write(key, "In October. My CPR is 010190-1234.", "en", "the same message"))
    read = asyncio.run(office.open(key.report_id, team))
    assert read.words.row.status == "in_review"
    assert [it.text for it in read.words.messages] == ["Hvornår var det?", "In October. My CPR is ••••••-••••."]


def test_new_words_stand_beside_the_earlier_ones(desk: Desk, own: OwnReports) -> None:
    key = opened(own, filed(desk))
    asyncio.run(own.correct(key, "narrative", "It was the caretaker.", "en", "a"))
    assert reads(own, key)["narrative"] == [WORDS, "It was the caretaker."]


def test_a_file_comes_back_as_it_was_sent_and_once(desk: Desk, own: OwnReports, office: Office, team: TeamKey) -> None:
    key, content = opened(own, filed(desk)), bytes(range(256)) * 1_000
    for _ in range(2):
        asyncio.run(own.add_file(key, content, "image/png", "the same file", cleaned=True))
    (sent,) = asyncio.run(own.read(key)).files
    assert (sent.media_type, sent.size, sent.cleaned) == ("image/png", len(content), True)
    assert asyncio.run(own.file(key, sent.id)) == ("image/png", content)
    assert asyncio.run(office.file(key.report_id, team, sent.id)) == ("image/png", content)
    assert asyncio.run(own.file(key, "no such file")) is None


def test_a_copy_holds_everything_and_nothing_that_opens_anything(desk: Desk, own: OwnReports) -> None:
    receipt = filed(desk)
    key = opened(own, receipt)
    copy = json.dumps(asyncio.run(own.copy(key)), default=str)
    for told in (WORDS, "Bolig ApS", "22 33 44 55", "ethnic_origin", "staff_may_read", "2026-10-12"):
        assert told in copy
    for secret in (key.key.hex(), receipt, receipt.replace(" ", ""), "receipt_hash"):
        assert secret not in copy


# What may be done with it


def test_staff_can_read_only_with_a_yes(desk: Desk, own: OwnReports, office: Office, team: TeamKey) -> None:
    key = opened(own, filed(desk, a_telling(readable=False)))
    for order in (office.open(key.report_id, team), office.answer(key.report_id, team, "Hello", "en")):
        with pytest.raises(NotAllowedError):
            asyncio.run(order)
    asyncio.run(own.consent(key, {READ: "yes"}, VERSIONS, "so"))
    assert asyncio.run(office.open(key.report_id, team)).words.told[0].text == WORDS
    with pytest.raises(NotAllowedError):
        asyncio.run(office.answer(key.report_id, team, "Hello", "en"))


def test_a_yes_that_is_taken_back_holds_at_once_and_destroys_staffs_keys(
    desk: Desk, own: OwnReports, office: Office, team: TeamKey, store: SqliteStore
) -> None:
    key = opened(own, filed(desk))
    assert asyncio.run(store.reports.key(key.report_id, TEAM))
    asyncio.run(own.consent(key, {READ: "no"}, VERSIONS, "en"))
    assert asyncio.run(store.reports.key(key.report_id, TEAM)) is None
    assert asyncio.run(store.reports.key(key.report_id, RECOVERY)) is None
    with pytest.raises(NotAllowedError):
        asyncio.run(office.open(key.report_id, team))
    assert asyncio.run(own.read(key)).row.consent_level == "count_only"
    assert reads(own, key)["narrative"] == [WORDS]


def test_each_consent_is_taken_back_by_itself(desk: Desk, own: OwnReports, office: Office, team: TeamKey) -> None:
    key = opened(own, filed(desk))
    asyncio.run(own.consent(key, {FORWARD: "institut-for-menneskerettigheder"}, VERSIONS, "en"))
    assert asyncio.run(own.read(key)).row.consent_level == "may_forward"
    asyncio.run(own.consent(key, {REPLY: "no"}, VERSIONS, "en"))
    read = asyncio.run(own.read(key))
    assert read.consents == {READ: "yes", REPLY: "no", FORWARD: "institut-for-menneskerettigheder"}
    with pytest.raises(NotAllowedError):
        asyncio.run(office.answer(key.report_id, team, "Hello", "en"))


def test_each_yes_and_no_is_kept_with_its_day_language_and_text(
    desk: Desk, own: OwnReports, store: SqliteStore
) -> None:
    key = opened(own, filed(desk))
    asyncio.run(own.consent(key, {REPLY: "no"}, {**VERSIONS, REPLY: "another text"}, "so"))
    rows = asyncio.run(store.reports.consents(key.report_id))
    assert [(row.consent, row.answer) for row in rows] == [
        (READ, "yes"),
        (REPLY, "yes"),
        (FORWARD, "no"),
        (REPLY, "no"),
    ]
    assert (rows[-1].version, rows[-1].language, rows[-1].on_day) == ("another text", "so", today())


# Withdrawing


def test_a_withdrawn_report_leaves_nothing_behind(
    desk: Desk, own: OwnReports, store: SqliteStore, tmp_path: Path
) -> None:
    key = opened(own, filed(desk))
    asyncio.run(own.add_file(key, b"f" * 50_000, "text/plain", "a", cleaned=True))
    pieces = asyncio.run(store.reports.pieces(key.report_id))
    sealed = [it.sealed for it in pieces if it.sealed] + [
        asyncio.run(store.reports.piece(key.report_id, pieces[-1].id)).sealed  # type: ignore[union-attr]
    ]
    assert all(it[:32] in _on_disk(tmp_path) for it in sealed)
    asyncio.run(own.withdraw(key))
    everything = _on_disk(tmp_path)
    assert not [it for it in sealed if it[:32] in everything or it[-32:] in everything]
    assert key.report_id.encode() not in everything
    with pytest.raises(ConversationEndedError):
        asyncio.run(own.read(key))
    with pytest.raises(ConversationEndedError):
        asyncio.run(own.write(key, "Hello?", "en", "a"))


def _on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


@pytest.mark.parametrize("reason", HOLDS)
def test_a_report_that_is_held_is_not_deleted_and_says_why(
    desk: Desk, own: OwnReports, store: SqliteStore, reason: str
) -> None:
    key, caseload = opened(own, filed(desk)), Caseload(store, Clocks())
    asyncio.run(caseload.hold(key.report_id, reason))
    with pytest.raises(HeldError, match=f"^{reason}$"):
        asyncio.run(own.withdraw(key))
    assert asyncio.run(store.reports.erase_expired(dt.date(2100, 1, 1))) == 0
    asyncio.run(caseload.hold(key.report_id, None))
    asyncio.run(own.withdraw(key))
    assert asyncio.run(store.counts())["report"] == 0


def test_a_report_is_there_on_its_last_day_and_gone_on_the_next(
    desk: Desk, own: OwnReports, store: SqliteStore
) -> None:
    until = asyncio.run(own.read(opened(own, filed(desk)))).row.keep_until
    assert asyncio.run(store.reports.erase_expired(until)) == 0
    assert asyncio.run(store.reports.erase_expired(until + dt.timedelta(days=1))) == 1
    assert asyncio.run(store.counts())["report"] == 0


# Pausing


def test_a_paused_report_opens_with_its_receipt_alone_and_is_no_report(
    desk: Desk, own: OwnReports, store: SqliteStore, tmp_path: Path
) -> None:
    telling = Telling("attempt", {"narrative": [WORDS]}, ["safe", "role"])
    receipt = asyncio.run(desk.pause(telling, b"secret"))
    found = asyncio.run(own.open(receipt))
    assert isinstance(found, Telling)
    assert found.answers == telling.answers
    assert found.receipt == receipt.replace(" ", "") == receipt_for(KEY, b"secret", "attempt")
    assert asyncio.run(store.reports.reports()) == []
    assert WORDS.encode() not in _on_disk(tmp_path)


def test_a_paused_report_keeps_its_receipt_when_it_is_sent_and_the_pause_is_forgotten(
    desk: Desk, own: OwnReports, store: SqliteStore
) -> None:
    receipt = asyncio.run(desk.pause(Telling("attempt", {"narrative": [WORDS]}, ["safe"]), b"secret"))
    telling = a_telling(attempt="another session's")
    telling.receipt = receipt.replace(" ", "")
    assert filed(desk, telling, secret=b"another session") == receipt
    key = opened(own, receipt)
    assert reads(own, key)["narrative"] == [WORDS]
    asyncio.run(own.withdraw(key))
    assert asyncio.run(own.open(receipt)) is None


def test_a_paused_report_is_gone_when_its_time_is_over(desk: Desk, own: OwnReports, store: SqliteStore) -> None:
    receipt = asyncio.run(desk.pause(Telling("attempt"), b"secret"))
    asyncio.run(store.reports.erase_expired(today() + dt.timedelta(days=15)))
    assert asyncio.run(own.open(receipt)) is None


# How long it takes


@pytest.mark.parametrize(
    ("tries", "tolerance"),
    [pytest.param(40, 0.15, marks=pytest.mark.slow), pytest.param(2_000, 0.05, marks=pytest.mark.long)],
)
def test_a_known_and_an_unknown_receipt_take_the_same_time(
    desk: Desk, own: OwnReports, tries: int, tolerance: float
) -> None:
    """In turns, so that whatever else the machine does meets both."""
    with real_receipts():
        known, unknown = filed(desk).replace(" ", ""), "98765432109876543210"
        taken: dict[str, list[float]] = {known: [], unknown: []}
        for _ in range(tries):
            for receipt, seconds in taken.items():
                begun = time.perf_counter()
                asyncio.run(own.open(receipt))
                seconds.append(time.perf_counter() - begun)
    medians = [statistics.median(seconds) for seconds in taken.values()]
    assert max(medians) / min(medians) - 1 <= tolerance, medians
