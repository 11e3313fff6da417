"""The chat forgets a report: nothing of it stays in the conversations or in any log, killed or not."""

import asyncio
import contextlib
import json
import re
import secrets
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.engine.guide import Guide
from bot.errors import ConversationEndedError, NotSavedError
from bot.language.figures import MASK
from bot.settings import Settings
from tests.keys import make_keys
from tests.reports import BEFORE_WORDS, SEND, go, receipt_in, way
from tests.resident import Resident, everything
from tests.server import Server
from tests.web.interface import Chat, replies_of

CANARY = "kanariefugl-{}"
LAST = "the last message"


def a_guide(model: Path, var: Path) -> Iterator[Guide]:
    guide = Guide(Settings(var=var), model)
    make_keys(guide.store)
    yield guide
    with contextlib.suppress(sqlite3.ProgrammingError):
        guide.close()


@pytest.fixture(scope="module")
def shared_guide(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guide]:
    yield from a_guide(model, tmp_path_factory.mktemp("forgetting"))


@pytest.fixture
def own_guide(shared_guide: Guide) -> Guide:
    """Without any conversation."""
    nobody = "DELETE FROM conversation"
    asyncio.run(shared_guide._conversations._worker.do(lambda database: database.execute(nobody)))
    return shared_guide


@pytest.fixture
def mortal_guide(model: Path, tmp_path: Path) -> Iterator[Guide]:
    """One that a test may end."""
    yield from a_guide(model, tmp_path)


def rows(var: Path, table: str) -> list[Any]:
    with contextlib.closing(sqlite3.connect(f"file:{var / 'conversations.db'}?mode=ro", uri=True)) as connection:
        return connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 - a test's own name


def opened(resident: Resident) -> str:
    """All that is kept of a conversation, opened with its session's token: the worst that could happen to it."""
    kept = resident.kept()
    return json.dumps([everything(kept.main), everything(kept.apart), kept.filing], ensure_ascii=False)


def sealed_report(var: Path) -> bytes:
    ((_, sealed, _),) = rows(var, "report_under_way")
    return bytes(sealed)


def is_on_disk(var: Path, sealed: bytes) -> bool:
    everything = b"".join(path.read_bytes() for path in var.glob("conversations.db*"))
    return any(sealed[place : place + 16] in everything for place in range(0, len(sealed) - 16, 64))


ENDINGS = {"sent": SEND, "cancelled": "report_cancel", "paused": "report_pause"}


@pytest.mark.parametrize("ending", ENDINGS)
def test_after_its_end_nothing_of_a_report_is_in_the_conversation(own_guide: Guide, ending: str) -> None:
    canary = CANARY.format(secrets.token_hex(6))
    resident = go(Resident(own_guide, "en"), way(f"{canary} hit me"))
    assert canary in opened(resident)
    sealed = sealed_report(own_guide.settings.var)
    assert is_on_disk(own_guide.settings.var, sealed)
    resident.presses(ENDINGS[ending])
    kept = opened(resident)
    for told in (canary, "ethnic_origin", "landlord", "narrative", '"answers"', "worse", "harm_fear"):
        assert told not in kept, told
    assert rows(own_guide.settings.var, "report_under_way") == []
    assert not is_on_disk(own_guide.settings.var, sealed)


def test_a_report_that_is_left_is_gone_when_the_chat_is_idle(own_guide: Guide) -> None:
    go(Resident(own_guide, "en"), way("left behind"))
    sealed = sealed_report(own_guide.settings.var)
    later = "UPDATE conversation SET last_minute = last_minute - 31"
    asyncio.run(own_guide._conversations._worker.do(lambda database: database.execute(later)))
    asyncio.run(own_guide.delete_idle())
    assert rows(own_guide.settings.var, "conversation") == rows(own_guide.settings.var, "report_under_way") == []
    assert not is_on_disk(own_guide.settings.var, sealed)


def test_deleting_the_chat_deletes_the_report_that_is_told(own_guide: Guide) -> None:
    resident = go(Resident(own_guide, "en"), way("to be deleted"))
    sealed = sealed_report(own_guide.settings.var)
    asyncio.run(own_guide.erase(resident.token))
    assert rows(own_guide.settings.var, "report_under_way") == []
    assert not is_on_disk(own_guide.settings.var, sealed)


def test_the_message_that_began_a_report_goes_with_it(own_guide: Guide) -> None:
    resident = Resident(own_guide, "en")
    resident.says("I was refused a flat because I am Somali, the landlord said so, I want to report it")
    assert resident.replies[0] == "utter_report_start"
    assert "Somali" in opened(resident)
    resident.presses("report_cancel")
    assert "Somali" not in opened(resident)


def test_what_was_read_with_a_receipt_is_gone_when_the_report_is_closed(own_guide: Guide) -> None:
    canary = CANARY.format(secrets.token_hex(6))
    resident = go(Resident(own_guide, "en"), way("what happened")).presses(SEND)
    resident.presses("own_rules", "own_back", "own_write").says(f"{canary} again").presses("own_page")
    assert "visit" in opened(resident)
    resident.presses("own_close")
    kept = opened(resident)
    assert canary not in kept
    assert "visit" not in kept


def test_a_paused_report_that_is_cancelled_later_is_nowhere_any_more(own_guide: Guide) -> None:
    before = paused_in(own_guide)
    resident = go(Resident(own_guide, "en"), way("to be given up")[:5]).presses("report_pause")
    receipt = receipt_in(resident.text)
    assert paused_in(own_guide) == before + 1
    again = Resident(own_guide, "en").says(receipt)
    assert again.replies[0] == "utter_report_goes_on"
    again.presses("report_cancel")
    assert Resident(own_guide, "en").says(receipt).replies == ["utter_receipt_unknown"]
    assert paused_in(own_guide) == before


def paused_in(guide: Guide) -> int:
    with contextlib.closing(sqlite3.connect(guide.settings.var / "store.db")) as stored:
        counted: tuple[int] = stored.execute("SELECT count(*) FROM paused_report").fetchone()
    return counted[0]


def test_a_receipt_is_hidden_when_it_was_written_down(own_guide: Guide) -> None:
    resident = go(Resident(own_guide, "en"), way("what happened")).presses(SEND)
    receipt = receipt_in(resident.text)
    assert receipt in re.sub(r"\D", "", opened(resident))
    resident.presses("receipt_noted")
    assert receipt not in re.sub(r"\D", "", opened(resident))


@pytest.mark.parametrize("ways", ["sent", "paused"])
def test_a_chat_with_a_hidden_receipt_is_read_again_with_its_danish_beside(own_guide: Guide, ways: str) -> None:
    resident = go(Resident(own_guide, "pl"), way("what happened")[: None if ways == "sent" else 5])
    resident.presses(SEND if ways == "sent" else "report_pause")
    receipt = receipt_in(resident.text)
    shown = [it for it in resident.whole() if receipt in re.sub(r"\D", "", it["text"])]
    assert [receipt in re.sub(r"\D", "", it["danish"]) for it in shown] == [True]
    resident.presses("receipt_noted")
    (hidden,) = (it for it in resident.whole() if it["reply"] == shown[0]["reply"])
    assert MASK in hidden["text"]
    assert MASK in hidden["danish"]
    assert receipt not in re.sub(r"\D", "", str(resident.whole()))


# Killed between the report's commit and the conversation's


def killed_after_the_commit(guide: Guide, resident: Resident, monkeypatch: pytest.MonkeyPatch) -> None:
    """The report is stored, and nothing of the process comes after."""
    save, calls = guide._conversations.save, []

    async def once(*given: Any) -> None:
        calls.append(given)
        if len(calls) > 1:
            raise NotSavedError("killed")
        await save(*given)

    monkeypatch.setattr(guide._conversations, "save", once)
    before = resident.counts()["report"]
    with pytest.raises(NotSavedError):
        resident.presses(SEND, message_id=LAST)
    assert resident.counts()["report"] == before + 1
    guide.close()


@pytest.mark.slow
def test_forgetting_resumes_at_start_and_the_receipt_is_shown_to_whoever_sends_again(
    mortal_guide: Guide, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    canary = CANARY.format(secrets.token_hex(6))
    resident = go(Resident(mortal_guide, "en"), way(f"{canary} hit me"))
    killed_after_the_commit(mortal_guide, resident, monkeypatch)
    sealed = sealed_report(mortal_guide.settings.var)

    again = Guide(mortal_guide.settings, model)
    asyncio.run(again.resume())
    assert rows(again.settings.var, "report_under_way") == []
    assert not is_on_disk(again.settings.var, sealed)
    resident.guide = again
    assert canary not in opened(resident)
    resident.presses(SEND, message_id=LAST)
    assert resident.replies[:2] == ["utter_report_receipt", "utter_report_receipt_next"]
    assert resident.counts()["report"] == 1
    receipt = receipt_in(resident.text)
    resident.says(receipt)
    assert resident.replies[0] == "utter_own_report"
    again.close()


@pytest.mark.slow
def test_a_report_that_was_not_stored_before_the_crash_is_told_on(
    mortal_guide: Guide, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resident = go(Resident(mortal_guide, "en"), way())

    async def crash(*_: Any) -> str:
        raise ConversationEndedError("killed")

    monkeypatch.setattr(mortal_guide._desk, "file", crash)
    resident.presses(SEND, message_id=LAST)
    assert resident.replies == ["utter_sorry"]
    mortal_guide.close()
    again = Guide(mortal_guide.settings, model)
    asyncio.run(again.resume())
    resident.guide = again
    resident.presses("language_en")
    assert resident.replies[-1] == "utter_report_review"
    resident.presses(SEND)
    assert resident.replies[0] == "utter_report_receipt"
    again.close()


# Everything on the disk and in the log


CANARIES = ("words", "place", "contact", "times", "message", "address", "agent", "cookie", "sender", "referrer")


def planted(number: int) -> dict[str, str]:
    return {name: f"kanarie{name}{number:04}x" for name in CANARIES}


def report_with(client: httpx.Client, said: dict[str, str]) -> None:
    """A whole report, read by its receipt and written to, with a canary wherever one can be put."""
    client.headers.update(
        {"User-Agent": said["agent"], "X-Forwarded-For": said["address"], "Referer": f"http://x/{said['referrer']}"}
    )
    client.cookies.set("other", said["cookie"])
    chat = Chat(client)
    for button in BEFORE_WORDS:
        assert chat.presses(button).status_code == 200
    assert chat.says(f"{said['words']} hit me and called me names", f"{said['sender']}").status_code == 200
    for button in ("report_done", "when_unknown", "district_valby", "relation_other"):
        assert chat.presses(button).status_code == 200
    assert chat.says(said["place"]).status_code == 200
    for button in ("report_to_consents", "read_yes", "reply_yes", "forward_no", "contact_email"):
        assert chat.presses(button).status_code == 200
    assert chat.says(f"{said['contact']}@example.org").status_code == 200
    assert chat.says(said["times"]).status_code == 200
    assert "utter_report_receipt" in replies_of(chat.presses(SEND))
    assert chat.presses("own_rules").status_code == 200
    assert chat.presses("own_back").status_code == 200
    assert chat.presses("own_write").status_code == 200
    assert "utter_own_written" in replies_of(chat.says(said["message"]))
    assert chat.presses("own_close").status_code == 200


@pytest.fixture(scope="module")
def talkative(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that logs all it can."""
    with Server(tmp_path_factory.mktemp("talkative"), VEJVISER_LOG_LEVEL="DEBUG") as server:
        yield server


@pytest.mark.parametrize(
    "reports", [pytest.param(5, marks=pytest.mark.slow), pytest.param(200, marks=pytest.mark.long)]
)
def test_no_canary_of_a_report_is_in_any_file_or_log(talkative: Server, reports: int) -> None:
    before = len(talkative.rows("report"))
    for number in range(reports):
        with httpx.Client(base_url=talkative.url, timeout=60) as client:
            report_with(client, planted(number))
    assert len(talkative.rows("report")) == before + reports
    found = [
        (path.name, name)
        for path in sorted(talkative.var.rglob("*"))
        if path.is_file()
        for name in CANARIES
        if hits(path.read_bytes(), f"kanarie{name}")
    ]
    assert found == []
    assert talkative.log.read_bytes().count(b"level=debug") > reports


def hits(content: bytes, canary: str) -> bool:
    return any(canary.encode(code) in content.lower() for code in ("utf-8", "utf-16-le", "utf-16-be"))
