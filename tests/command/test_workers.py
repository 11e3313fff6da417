"""Several processes on one address: who dies is replaced, no turn is lost or done twice, and all can be renewed."""

import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.settings import ROOT
from tests.keys import make_keys_in
from tests.postgres import Cluster
from tests.server import free_port

pytestmark = pytest.mark.slow
WORKERS, CHATS, TURNS = 2, 4, 8
PRESSED = ("need_danish_start", "need_find_job")
READY_WITHIN = 90.0


class Service:
    """`vejviser serve --only chat --workers 2`."""

    def __init__(self, var: Path, database: str = "") -> None:
        self.port, self.metrics = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        make_keys_in(var)
        named = {"VEJVISER_DATABASE": database} if database else {}
        self._log = var / "log"
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot.command.main", "serve", "--only", "chat", "--workers", str(WORKERS)],
                cwd=ROOT, stdout=log, stderr=log,
                env={**os.environ, "VEJVISER_VAR": str(var), "VEJVISER_PORT": str(self.port),
                     "VEJVISER_METRICS_PORT": str(self.metrics), **named},
            )  # fmt: skip
        self.wait_for(WORKERS)

    @property
    def log(self) -> str:
        return self._log.read_text()

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(each) for each in children.split()]

    def wait_for(self, number: int, *, without: set[int] = frozenset()) -> list[int]:  # type: ignore[assignment]
        """Until so many workers, none of `without`, hold a connection's socket and answer."""
        deadline = time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.log
            there = [it for it in self.workers() if it not in without]
            if len(there) == len(self.workers()) == number and answers(self.url):
                return there
            time.sleep(0.1)
        raise AssertionError(self.log)

    def end(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(60) == 0, self.log
        with pytest.raises(httpx.TransportError):
            httpx.get(self.url + "/health", timeout=1)


def answers(url: str) -> bool:
    try:
        return httpx.get(url + "/health", timeout=5).is_success
    except httpx.TransportError:
        return False


@pytest.fixture(scope="module", params=[pytest.param("sqlite", marks=pytest.mark.long), "postgres"])
def service(request: pytest.FixtureRequest, model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    var = tmp_path_factory.mktemp("workers")
    database = ""
    if request.param == "postgres":
        cluster: Cluster = request.getfixturevalue("postgres")
        database = cluster.url(cluster.database())
        make_keys_there(var, database)
    service = Service(var, database)
    yield service
    service.end()


def make_keys_there(var: Path, database: str) -> None:
    made = subprocess.run(
        [sys.executable, "-m", "bot.command.main", "keys", "make"], cwd=ROOT, check=False, capture_output=True,
        env={**os.environ, "VEJVISER_VAR": str(var), "VEJVISER_DATABASE": database},
    )  # fmt: skip
    assert made.returncode == 0, made.stderr


class Person:
    """Sends each message until it is answered, under the same id, as the page does."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.said: list[str] = []
        self.answers = 0
        with httpx.Client(base_url=url) as client:
            begun = self._until_answered(client, "POST", "/api/chat/session", {"lang": "en"})
            self.token = begun.cookies["vejviser_session"]

    def says(self, body: dict[str, str]) -> dict[str, Any]:
        with httpx.Client(base_url=self._url, cookies={"vejviser_session": self.token}) as client:
            answer = self._until_answered(client, "POST", "/api/chat/messages", {"id": uuid.uuid4().hex, **body})
        assert answer.status_code == 200, answer.text
        self.said.append(body.get("text") or body["button"])
        self.answers += 1
        told: dict[str, Any] = answer.json()
        return told

    def transcript(self) -> list[dict[str, Any]]:
        with httpx.Client(base_url=self._url, cookies={"vejviser_session": self.token}) as client:
            messages: list[dict[str, Any]] = self._until_answered(client, "GET", "/api/chat/messages").json()[
                "messages"
            ]
            return messages

    @staticmethod
    def _until_answered(client: httpx.Client, method: str, path: str, body: Any = None) -> httpx.Response:
        deadline = time.monotonic() + READY_WITHIN
        while True:
            try:
                answer = client.request(method, path, json=body, timeout=40)
            except httpx.TransportError:
                assert time.monotonic() < deadline
                time.sleep(0.05)
                continue
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE or time.monotonic() > deadline:
                return answer
            time.sleep(0.1)


def talk(people: list[Person], turns: int) -> list[threading.Thread]:
    def talks(person: Person) -> None:
        for number in range(turns):
            person.says({"text": f"I want to learn Danish {number}"})

    threads = [threading.Thread(target=talks, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    return threads


def check(people: list[Person], turns: int) -> None:
    for person in people:
        said = [it["text"] for it in person.transcript() if it["from"] == "resident"]
        assert said == person.said == [f"I want to learn Danish {number}" for number in range(turns)]


def test_a_conversation_goes_on_at_any_worker_one_turn_at_a_time(service: Service) -> None:
    """Eight messages of one session at once, over connections of their own: each is answered, in some order."""
    person = Person(service.url)
    threads = [threading.Thread(target=person.says, args=[{"text": f"hello {number}"}]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    messages = person.transcript()
    said = [it["text"] for it in messages if it["from"] == "resident"]
    assert sorted(said) == [f"hello {number}" for number in range(8)]
    assert [it["id"] for it in messages] == [f"m{number}" for number in range(len(messages))]


def test_a_worker_that_dies_loses_no_turn_and_is_replaced(service: Service) -> None:
    people = [Person(service.url) for _ in range(CHATS)]
    threads = talk(people, TURNS)
    time.sleep(0.5)
    killed = service.workers()[0]
    os.kill(killed, signal.SIGKILL)
    for thread in threads:
        thread.join()
    check(people, TURNS)
    assert len(service.wait_for(WORKERS, without={killed})) == WORKERS
    assert "worker_died" in service.log


def test_all_are_renewed_one_by_one_while_people_talk(service: Service) -> None:
    before = set(service.wait_for(WORKERS))
    people = [Person(service.url) for _ in range(2)]
    threads = talk(people, TURNS)
    service.process.send_signal(signal.SIGHUP)
    for thread in threads:
        thread.join()
    check(people, TURNS)
    service.wait_for(WORKERS, without=before)


def test_figures_of_all_workers_are_added_up_and_name_nobody(service: Service) -> None:
    told = httpx.get(f"http://127.0.0.1:{service.metrics}/metrics").text
    turns = sum(float(line.split()[-1]) for line in told.splitlines() if "vejviser_turn_seconds_count" in line)
    assert turns >= 3 * (8 + 2 * TURNS)
    languages = [float(line.split()[-1]) for line in told.splitlines() if line.startswith("vejviser_turns_total")]
    assert languages
    assert all(number % 5 == 0 for number in languages)
    assert "Danish" not in told
    assert httpx.get(service.url + "/metrics").status_code == 404
