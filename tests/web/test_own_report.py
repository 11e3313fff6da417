"""The page of a report: opened by its receipt, in any language, and everything a person may do with it."""

import asyncio
import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from bot.casework.keyring import FIRST, TeamKey
from bot.casework.office import Office
from bot.engine.guide import Guide
from bot.errors import ConversationEndedError, NotAllowedError
from bot.web.app import make_app
from bot.web.guard import HEADERS
from tests.keys import keyring_of
from tests.reports import ONLY_COUNTED, SEND, WORDS, go, opened, receipt_in, way
from tests.resident import Resident
from tests.web.interface import headers_for

TEXT_FILE = {"file": ("note.txt", b"Advert: three rooms", "text/plain")}


class Visitor:
    """Somebody with a browser and a receipt."""

    def __init__(self, guide: Guide, app: Any) -> None:
        self.guide = guide
        self.client = TestClient(app, base_url="http://localhost")
        self.page = ""

    def opens(self, receipt: str, language: str = "en") -> "Visitor":
        return self.does("open", receipt=receipt, address=f"/report?lang={language}")

    def does(self, what: str, address: str = "/report", files: Any = None, **fields: str) -> "Visitor":
        answer = self.client.post(address, data={"do": what, "id": f"{what}-{len(self.page)}", **fields}, files=files)
        return self._seen(answer)

    def looks(self, address: str = "/report") -> "Visitor":
        return self._seen(self.client.get(address))

    def _seen(self, answer: httpx.Response) -> "Visitor":
        assert answer.status_code < 500, answer.text
        assert answer.headers["cache-control"] == "no-store"
        assert {name: answer.headers[name] for name in HEADERS} == headers_for(answer)
        self.page, self.answer = answer.text, answer
        return self

    @property
    def notice(self) -> str:
        found = re.search(r'<p class="notice \w+" role="\w+">(.*?)</p>', self.page)
        return found[1] if found else ""

    def word(self, name: str, language: str = "en") -> str:
        return self.guide.page_word(language, name)

    @property
    def has_it_open(self) -> bool:
        return 'id="messages"' in self.page


@pytest.fixture
def visitor(guide: Guide) -> Iterator[Visitor]:
    visitor = Visitor(guide, make_app(guide))
    yield visitor
    visitor.client.close()


@pytest.fixture
def receipt(guide: Guide) -> str:
    return receipt_in(go(Resident(guide, "en"), way()).presses(SEND).text)


@pytest.fixture(scope="module")
def team(guide: Guide) -> TeamKey:
    keyring = keyring_of(guide.store)
    if "of-this-test" not in asyncio.run(keyring.names()):
        passphrase = guide.first_passphrases.team  # type: ignore[attr-defined]
        asyncio.run(
            keyring.add(asyncio.run(keyring.open(FIRST, passphrase)), "of-this-test", "a passphrase of its own")
        )
    return asyncio.run(keyring.open("of-this-test", "a passphrase of its own"))


@pytest.mark.parametrize("language", ["da", "en", "ar", "uk", "pl", "tr", "ur", "so", "fa"])
def test_a_report_opens_in_every_language(visitor: Visitor, receipt: str, language: str) -> None:
    visitor.looks(f"/report?lang={language}")
    assert visitor.word("own.lead", language) in visitor.page
    visitor.opens(receipt, language)
    assert visitor.has_it_open
    assert f'lang="{language}"' in visitor.page
    assert WORDS in visitor.page
    assert visitor.word("own.withdraw", language) in visitor.page


@pytest.mark.parametrize("wrong", ["", "1234", "0000 1111 2222 3333 4444", "٠" * 20, "x" * 10_000])
def test_a_wrong_number_is_said_in_the_same_words(visitor: Visitor, wrong: str) -> None:
    visitor.opens(wrong)
    assert not visitor.has_it_open
    assert visitor.notice == visitor.word("own.unknown")


def test_a_withdrawn_receipt_gets_the_words_of_a_wrong_one(visitor: Visitor, receipt: str) -> None:
    visitor.opens(receipt).does("withdraw").does("withdraw_yes")
    assert visitor.notice == visitor.word("own.withdrawn")
    visitor.opens(receipt)
    assert visitor.notice == visitor.word("own.unknown")


def test_what_is_written_reaches_staff_and_their_answer_is_read(
    visitor: Visitor, guide: Guide, receipt: str, team: TeamKey
) -> None:
    key = opened(guide.visits.own, receipt)
    office = Office(guide.store, guide.visits.own)
    asyncio.run(office.answer(key.report_id, team, "Tak. Hvornår var det?", "da"))
    visitor.opens(receipt)
    assert "Tak. Hvornår var det?" in visitor.page
    assert '<blockquote lang="da"' in visitor.page
    visitor.does("write", text="In October.")
    assert visitor.notice == visitor.word("own.written")
    read = asyncio.run(office.open(key.report_id, team))
    assert read.words
    assert [it.text for it in read.words.messages] == ["Tak. Hvornår var det?", "In October."]


def test_words_of_a_person_are_never_markup(visitor: Visitor, receipt: str) -> None:
    visitor.opens(receipt).does("write", text="<script>alert(1)</script><b>x</b>")
    assert "<script>alert" not in visitor.page
    assert "&lt;script&gt;" in visitor.page


def test_a_part_is_told_anew_beside_the_earlier_words(visitor: Visitor, receipt: str) -> None:
    visitor.opens(receipt).does("correct", part="narrative", text="It was the caretaker.")
    assert visitor.notice == visitor.word("own.saved")
    assert WORDS in visitor.page
    assert "It was the caretaker." in visitor.page


def test_how_to_be_reached_is_told_and_taken_back(visitor: Visitor, receipt: str) -> None:
    visitor.opens(receipt).does("correct", part="contact", method="email", text="a@example.org", times="evenings")
    assert 'value="a@example.org"' in visitor.page
    visitor.does("correct", part="contact", method="receipt_only", text="a@example.org")
    assert 'value="a@example.org"' not in visitor.page


def test_a_yes_is_taken_back_and_given_again(visitor: Visitor, guide: Guide, receipt: str, team: TeamKey) -> None:
    key, office = opened(guide.visits.own, receipt), Office(guide.store, guide.visits.own)
    visitor.opens(receipt).does("consent", consent="staff_may_read", answer="no")
    assert visitor.notice == visitor.word("own.changed")
    with pytest.raises(NotAllowedError):
        asyncio.run(office.open(key.report_id, team))
    assert visitor.word("own.not_readable") in visitor.page
    visitor.does("consent", consent="staff_may_read", answer="yes")
    assert asyncio.run(office.open(key.report_id, team)).words


@pytest.mark.parametrize(
    ("consent", "answer"),
    [("staff_may_read", "maybe"), ("may_forward", "yes"), ("may_forward", "the press"), ("police", "yes"), ("", "")],
)
def test_no_other_consent_can_be_given(visitor: Visitor, receipt: str, consent: str, answer: str) -> None:
    visitor.opens(receipt).does("consent", consent=consent, answer=answer)
    assert visitor.answer.status_code == 422


def test_a_file_is_cleaned_kept_and_given_back(visitor: Visitor, receipt: str) -> None:
    visitor.opens(receipt).does("file", files=TEXT_FILE)
    assert visitor.notice == visitor.word("own.file_added")
    (address,) = re.findall(r'href="(/report/file/[0-9a-f]+)"', visitor.page)
    sent = visitor.client.get(address)
    assert sent.content == b"Advert: three rooms"
    assert sent.headers["content-disposition"].startswith("attachment")
    assert sent.headers["x-content-type-options"] == "nosniff"


def test_the_original_is_kept_only_on_an_explicit_yes(visitor: Visitor, receipt: str) -> None:
    visitor.opens(receipt).does("file", files=TEXT_FILE)
    assert visitor.word("own.file_original") not in visitor.page
    visitor.does("file", files=TEXT_FILE, original="yes")
    assert visitor.word("own.file_original") in visitor.page
    assert len(re.findall(r"/report/file/", visitor.page)) == 3


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("empty.txt", b"", "file.empty"),
        ("page.html", b"<!doctype html><script>1</script>", "file.active"),
        ("letter.docx", b"PK\x03\x04" + b"\0" * 100, "file.archive"),
        ("photo.jpg", b"%PDF-1.7 not a photo", "file.not_what_it_claims"),
    ],
)
def test_a_file_that_cannot_be_cleaned_is_refused_with_its_reason(
    visitor: Visitor, receipt: str, name: str, content: bytes, word: str
) -> None:
    visitor.opens(receipt).does("file", files={"file": (name, content)})
    said = {visitor.word(word), visitor.word("file.office"), visitor.word("file.broken")}
    assert visitor.notice in said
    assert "/report/file/" not in visitor.page


def test_a_report_has_room_for_twenty_files(visitor: Visitor, guide: Guide, receipt: str) -> None:
    key = opened(guide.visits.own, receipt)
    for number in range(19):
        asyncio.run(guide.visits.own.add_file(key, b"x", "text/plain", str(number), cleaned=True))
    visitor.opens(receipt).does("file", files=TEXT_FILE, original="yes")
    assert visitor.notice == visitor.word("file.too_many")


def test_no_file_is_said_too(visitor: Visitor, receipt: str) -> None:
    visitor.opens(receipt).does("file", files={"file": ("", b"")})
    assert visitor.notice == visitor.word("own.no_file")


def test_a_file_that_does_not_end_is_not_read_whole(visitor: Visitor, receipt: str) -> None:
    visitor.opens(receipt)

    def endless() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
        for _ in range(96):
            yield b"x" * 1_048_576

    answer = visitor.client.post(
        "/report", content=endless(), headers={"Content-Type": "multipart/form-data; boundary=x"}
    )
    assert answer.status_code == 413
    assert visitor.word("file.too_large") in answer.text


def test_a_copy_is_taken_along(visitor: Visitor, receipt: str) -> None:
    visitor.opens(receipt)
    copy = visitor.client.get("/report/copy")
    assert json.loads(copy.text)["told"][0]["text"] == WORDS
    assert receipt not in re.sub(r"\D", "", copy.text)


def test_a_report_that_is_held_says_why(visitor: Visitor, guide: Guide, receipt: str) -> None:
    key = opened(guide.visits.own, receipt)
    asyncio.run(guide.store.cases.change(key.report_id, {"hold": "court_case"}))
    visitor.opens(receipt).does("withdraw_yes")
    assert visitor.notice == visitor.word("own.held.court_case")
    assert visitor.has_it_open


def test_closing_leaves_the_field_for_a_receipt(visitor: Visitor, receipt: str) -> None:
    visitor.opens(receipt).does("close")
    assert visitor.notice == visitor.word("own.closed")
    visitor.looks()
    assert not visitor.has_it_open
    for address in ("/report/copy", "/report/file/0"):
        assert "told" not in visitor.looks(address).page


def test_without_a_receipt_nothing_can_be_done(visitor: Visitor) -> None:
    for what in ("write", "correct", "consent", "file", "withdraw_yes", "close", "nothing"):
        visitor.does(what, text="x")
        assert not visitor.has_it_open
    assert "open" not in visitor.notice


def test_a_report_that_is_told_in_the_chat_is_not_lost_by_opening_another(
    visitor: Visitor, guide: Guide, receipt: str
) -> None:
    resident = go(Resident(guide, "en"), way("told now")[:5])
    visitor.client.cookies.set("vejviser_session", resident.token)
    visitor.opens(receipt)
    assert visitor.notice == visitor.word("own.telling")
    resident.presses("language_en")
    assert "utter_report_start" not in resident.replies


def test_a_paused_report_goes_on_in_the_chat(visitor: Visitor, guide: Guide) -> None:
    paused = receipt_in(go(Resident(guide, "en"), way("to go on with")[:5]).presses("report_pause").text)
    visitor.opens(paused, "so")
    assert visitor.answer.url.path == "/"
    assert 'value="report_cancel"' in visitor.page


def test_only_counted_reports_can_be_read_by_their_person_alone(visitor: Visitor, guide: Guide) -> None:
    resident = go(Resident(guide, "en"), way(consents=ONLY_COUNTED)).presses(SEND)
    visitor.opens(receipt_in(resident.text))
    assert WORDS in visitor.page
    assert visitor.word("own.status.count_only") in visitor.page


def test_another_site_cannot_do_anything_with_it(visitor: Visitor, receipt: str) -> None:
    visitor.opens(receipt)
    answer = visitor.client.post(
        "/report", data={"do": "withdraw_yes"}, headers={"Origin": "https://example.org"}, follow_redirects=False
    )
    assert answer.status_code == 403
    assert visitor.looks().has_it_open


@pytest.mark.parametrize("said", ["own.title", "page.ended", "<b>", "own.held.nothing", "file.x", "card.name_da"])
def test_the_address_cannot_make_the_page_say_anything_else(visitor: Visitor, said: str) -> None:
    visitor.looks(f"/report?said={said}")
    assert visitor.notice == ""


def test_a_session_that_has_ended_asks_for_the_receipt_again(visitor: Visitor, guide: Guide, receipt: str) -> None:
    visitor.opens(receipt)
    asyncio.run(guide.erase(visitor.client.cookies["vejviser_session"]))
    assert not visitor.looks().has_it_open
    with pytest.raises(ConversationEndedError):
        asyncio.run(guide.visits.key("0" * 32))
