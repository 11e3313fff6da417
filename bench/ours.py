"""`python -m bench.ours`: the service alone, in half a minute; a first look, not the comparison."""

import tempfile
import time
import uuid
from pathlib import Path

import httpx

from tests.server import Server

TURNS = [
    ("text", "I would like to learn some Danish"),
    ("button", "residence_work"),
    ("button", "count_yes"),
    ("text", "I was fired from my job this week"),
    ("button", "cpr_yes"),
    ("button", "need_find_job"),
]
CONVERSATIONS = 12


def at(share: float, times: list[float]) -> float:
    return round(sorted(times)[int(len(times) * share)], 1)


def main() -> None:
    times: dict[str, list[float]] = {"text": [], "button": []}
    with Server(Path(tempfile.mkdtemp())) as server:
        server.stop()
        print("ready", round(server.start(), 1), "s")
        with httpx.Client(base_url=server.url) as client:
            for _ in range(CONVERSATIONS):
                client.cookies.clear()
                client.post("/api/chat/session", json={"lang": "en"})
                for kind, said in TURNS:
                    begun = time.perf_counter()
                    client.post("/api/chat/messages", json={"id": uuid.uuid4().hex, kind: said}).raise_for_status()
                    times[kind].append(1000 * (time.perf_counter() - begun))
        status = Path(f"/proc/{server.pid}/status").read_text(encoding="utf-8")
    print(next(line for line in status.splitlines() if line.startswith("VmRSS")))
    for name, taken in {"all": times["text"] + times["button"], **times}.items():
        print(name, "p50", at(0.5, taken), "p95", at(0.95, taken), "ms")


if __name__ == "__main__":
    main()
