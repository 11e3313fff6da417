"""Two servers on one PostgreSQL, and nothing that sends a conversation to the same one again."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.keys import make_keys
from tests.other_model import another_model
from tests.postgres import Cluster
from tests.reports import SEND, receipt_in, way
from tests.server import Server
from tests.store.kept import OnPostgres

pytestmark = pytest.mark.slow


class Pair:
    """Both servers, each with a model of its own, and the database under them."""

    def __init__(self, kept: OnPostgres, models: list[Path]) -> None:
        self.kept = kept
        self.servers = [
            Server(kept.settings.var, VEJVISER_DATABASE=kept.settings.database, VEJVISER_MODELS=str(model.parent))
            for model in models
        ]
        passphrases = make_keys(kept.store)
        for number, server in enumerate(self.servers):
            server.log = kept.settings.var / f"chat{number}.log"
            server.passphrases = passphrases
            server.start()

    def stop(self) -> None:
        for server in self.servers:
            server.stop()
        self.kept.close()


@pytest.fixture(scope="module")
def pair(model: Path, postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("pair")
    kept = OnPostgres(postgres, postgres.database(), folder)
    pair = Pair(kept, [model, another_model(model, folder / "models")])
    yield pair
    pair.stop()


class Resident:
    """Whose messages go to one server and the other in turn."""

    def __init__(self, pair: Pair) -> None:
        self._client = httpx.Client(timeout=60)
        self._turns = cycle(pair.servers)
        self._numbers = 0
        self.to(next(self._turns), "session", {"lang": "en"}).raise_for_status()

    def to(self, server: Server, what: str, body: dict[str, Any]) -> httpx.Response:
        return self._client.post(f"{server.url}/api/chat/{what}", json=body)

    def says(self, server: Server | None = None, **said: str) -> list[dict[str, Any]]:
        self._numbers += 1
        answer = self.to(server or next(self._turns), "messages", {"id": f"message-{self._numbers}", **said})
        assert answer.is_success, answer.text
        messages: list[dict[str, Any]] = answer.json()["messages"]
        return messages

    def said(self, server: Server) -> list[str]:
        """What stands in the chat as theirs."""
        told = self._client.get(f"{server.url}/api/chat/messages").json()["messages"]
        return [it["text"] for it in told if it["from"] == "resident"]

    def walks(self) -> None:
        for step in way():
            self.says(**({"button": step.button} if step.button else {"text": str(step.text)}))


def receipt_of(messages: list[dict[str, Any]]) -> str:
    return receipt_in("\n".join(message["text"] for message in messages))


def test_a_report_is_told_to_one_and_the_other_and_opened_at_either(pair: Pair) -> None:
    before = len(pair.kept.rows("report"))
    resident = Resident(pair)
    resident.walks()
    receipt = receipt_of(resident.says(button=SEND))
    assert len(pair.kept.rows("report")) == before + 1
    for server in pair.servers:
        other = Resident(pair)
        assert other.says(server, text=receipt)[0]["reply"] == "utter_own_report"
    assert [path.name for path in pair.kept.settings.var.glob("*.db")] == []


def test_one_message_that_comes_to_both_at_once_is_answered_once(pair: Pair) -> None:
    before = len(pair.kept.rows("report"))
    resident = Resident(pair)
    resident.walks()
    body = {"id": "the last message", "button": SEND}
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda server: resident.to(server, "messages", body), pair.servers * 2))
    assert {answer.status_code for answer in answers} == {200}
    assert len({receipt_of(answer.json()["messages"]) for answer in answers}) == 1
    assert len(pair.kept.rows("report")) == before + 1


def test_turns_of_a_conversation_follow_each_other_whichever_server_they_come_to(pair: Pair) -> None:
    """Each answer is there, and no turn wrote over another."""
    resident = Resident(pair)
    texts = [f"where can I learn Danish number {number}" for number in range(10)]
    with ThreadPoolExecutor(4) as threads:
        sent = zip(cycle(pair.servers), texts, strict=False)
        answers = list(threads.map(lambda it: resident.to(it[0], "messages", {"id": it[1][-1], "text": it[1]}), sent))
    assert {answer.status_code for answer in answers} == {200}
    assert sorted(resident.said(pair.servers[0])) == texts


def test_two_models_side_by_side_carry_on_one_conversation(pair: Pair) -> None:
    """The second one acts on nothing that is typed, so it can be seen which of them answered."""
    resident = Resident(pair)
    texts = [f"where can I learn Danish, part {number}" for number in range(4)]
    replies = [
        resident.says(server, text=text)[0]["reply"] for server, text in zip(pair.servers * 2, texts, strict=True)
    ]
    assert replies[1::2] == ["utter_not_understood"] * 2
    assert "utter_not_understood" not in replies[::2]
    assert resident.said(pair.servers[1]) == texts


def sent_to(resident: Resident, server: Server, body: dict[str, Any]) -> bool:
    try:
        resident.to(server, "messages", body)
    except httpx.TransportError:
        return False
    return True


def test_a_server_that_dies_loses_the_turn_under_way_and_the_other_completes_it_once(pair: Pair) -> None:
    before = len(pair.kept.rows("report"))
    resident = Resident(pair)
    resident.walks()
    mortal, other = pair.servers
    body = {"id": "the last message", "button": SEND}
    killing = threading.Timer(0.05, mortal.kill)
    killing.start()
    while sent_to(resident, mortal, body):
        time.sleep(0.01)
    killing.join()
    receipts = {receipt_of(resident.to(other, "messages", body).json()["messages"]) for _ in range(3)}
    assert len(receipts) == 1
    assert len(pair.kept.rows("report")) == before + 1
    mortal.start()
    assert Resident(pair).says(mortal, text=receipts.pop())[0]["reply"] == "utter_own_report"
