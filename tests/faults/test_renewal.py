"""Files that break under a running service: it is not disturbed, and a renewal with them leaves the old workers."""

import contextlib
import shutil
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from bot.settings import Settings
from tests.command.test_workers import TURNS, WORKERS, Person, Service, check, talk
from tests.other_model import another_model, copied

pytestmark = pytest.mark.long


@dataclass
class Running:
    """Two workers, on copies of the model, words and facts."""

    service: Service
    model: Path
    catalogue: Path
    facts: Path

    def says(self) -> str:
        """What somebody who comes now is told in the language whose words break."""
        with httpx.Client(base_url=self.service.url, timeout=30) as client:
            client.post("/api/chat/session", json={"lang": "pl"}).raise_for_status()
            answer = client.post("/api/chat/messages", json={"id": "first", "button": "need_danish_start"})
        return str(answer.raise_for_status().json()["messages"][0]["text"])

    def wait_until_all_serve(self) -> None:
        """A worker that is still reading its files would meet the broken ones too."""
        deadline = time.monotonic() + 60
        while not all(map(has_conversations_open, self.service.wait_for(WORKERS))) and time.monotonic() < deadline:
            time.sleep(0.1)

    def failed_renewals(self) -> int:
        return self.service.log.count("renewal_failed")

    def renews_in_vain(self) -> list[str]:
        """What the log says of it, and no more."""
        before, told, workers = self.failed_renewals(), len(self.service.log), self.service.workers()
        self.service.process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + 60
        while self.failed_renewals() == before and time.monotonic() < deadline:
            time.sleep(0.2)
        assert self.failed_renewals() == before + 1
        assert self.service.wait_for(WORKERS) == workers
        return [line for line in self.service.log[told:].splitlines() if line.startswith("vejviser: ")]

    def tries(self, path: Path, content: bytes) -> list[str]:
        """Break a file for a while; what people are told stays the same, and so do those who tell it."""
        before, kept = self.says(), path.read_bytes()
        path.write_bytes(content)
        try:
            assert self.says() == before
            told = self.renews_in_vain()
            assert self.says() == before
        finally:
            path.write_bytes(kept)
        return told


def has_conversations_open(pid: int) -> bool:
    """What a worker opens last; SQLite maps the index of its log into memory."""
    return "conversations.db" in Path(f"/proc/{pid}/maps").read_text()


@pytest.fixture(scope="module")
def running(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    root = tmp_path_factory.mktemp("renewed")
    for name in ("content", "locales"):
        shutil.copytree(getattr(Settings(), name), root / name)
    copied(model, root / "models")
    with pytest.MonkeyPatch.context() as patch, contextlib.ExitStack() as stack:
        for name in ("content", "locales", "models"):
            patch.setenv(f"VEJVISER_{name.upper()}", str(root / name))
        (root / "var").mkdir()
        service = Service(root / "var")
        stack.callback(service.end)
        catalogue = root / "locales" / "pl" / "LC_MESSAGES" / "replies.po"
        facts = root / "content" / "services" / "crisis.yml"
        running = Running(service, root / "models" / model.name, catalogue, facts)
        running.wait_until_all_serve()
        yield running


def test_a_poisoned_model_is_not_taken_by_a_renewal(running: Running) -> None:
    changed = bytearray(running.model.read_bytes())
    changed[len(changed) // 2] ^= 1
    (told,) = running.tries(running.model, bytes(changed))
    assert told.startswith(f"vejviser: {running.model} is not the file that training wrote: ")


def test_a_broken_catalogue_is_not_taken_by_a_renewal(running: Running) -> None:
    (told,) = running.tries(running.catalogue, running.catalogue.read_bytes()[:10_000])
    assert told.startswith("vejviser: replies.po (pl): ")


def test_a_broken_file_of_facts_is_not_taken_by_a_renewal_and_the_whole_one_is(running: Running) -> None:
    (told,) = running.tries(running.facts, running.facts.read_bytes() + b"\t: [\n")
    assert "crisis.yml: not readable as YAML, line " in told
    before = set(running.service.workers())
    running.service.process.send_signal(signal.SIGHUP)
    running.service.wait_for(WORKERS, without=before)


def test_a_new_model_is_taken_by_a_renewal_while_people_talk(running: Running) -> None:
    """The new one acts on nothing that is typed, so it can be seen which of them answered."""
    before, people = set(running.service.workers()), [Person(running.service.url) for _ in range(2)]
    reply = Person(running.service.url).says({"text": "I want to learn Danish"})["messages"][0]["reply"]
    assert reply != "utter_not_understood"
    threads = talk(people, TURNS)
    copied(another_model(running.model, running.model.parent / "new"), running.model.parent)
    running.service.process.send_signal(signal.SIGHUP)
    for thread in threads:
        thread.join()
    check(people, TURNS)
    running.service.wait_for(WORKERS, without=before)
    told = people[0].says({"text": "I want to learn Danish"})
    assert told["messages"][0]["reply"] == "utter_not_understood"
    assert len([it for it in people[0].transcript() if it["from"] == "resident"]) == TURNS + 1
