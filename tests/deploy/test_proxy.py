"""Caddy itself, with our file, in front of a page that remembers what reached it, and in front of the guide."""

import json
import os
import re
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.web.guard import HEADERS
from tests.deploy.linters import DEPLOY, program
from tests.deploy.test_files import PROXY
from tests.server import Server, free_port

pytestmark = pytest.mark.slow
GUIDE, CONSOLE = "guide.localhost", "console.localhost"
ADDRESSES = ("x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "forwarded")
HERE, ELSEWHERE = "127.0.0.0/8", "203.0.113.0/24"


@dataclass
class Reached:
    """What reached the processes behind the proxy, without its own questions after their health."""

    port: int
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)


@pytest.fixture(scope="module")
def behind() -> Iterator[Reached]:
    """Sends the headers that the guide sends, and one that gives away what it runs on."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if not self.headers.get("User-Agent", "").startswith("Go-http-client"):
                reached.requests.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(200)
            for name, value in HEADERS.items():
                self.send_header(name, value)
            self.end_headers()

        do_POST = do_GET  # noqa: N815 - http.server's name

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", free_port()), Page)
    reached = Reached(server.server_port)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield reached
    server.shutdown()


@dataclass
class Proxy:
    plain: int
    tls: int
    log: Path

    def ask(self, host: str, path: str, method: str = "GET", **more: Any) -> httpx.Response:
        """By its name, at this machine; its certificate is its own."""
        headers = {"Host": f"{host}:{self.tls}", **more.pop("headers", {})}
        with httpx.Client(verify=False, timeout=60) as client:  # noqa: S501 - made by the proxy a moment ago
            return client.request(
                method,
                f"https://127.0.0.1:{self.tls}{path}",
                headers=headers,
                extensions={"sni_hostname": host},
                **more,
            )


@contextmanager
def proxy(folder: Path, guide: int, console: int, console_from: str = HERE) -> Iterator[Proxy]:
    """Our file, but for ports that anybody may open and certificates that nobody signs."""
    it = Proxy(free_port(), free_port(), folder / "caddy.log")
    here = f"admin off\n\thttp_port {it.plain}\n\thttps_port {it.tls}\n\tlocal_certs\n\tskip_install_trust"
    file = folder / "Caddyfile"
    file.write_text((DEPLOY / "Caddyfile").read_text(encoding="utf-8").replace("admin off", here, 1), encoding="utf-8")
    named = {"GUIDE_DOMAIN": GUIDE, "CONSOLE_DOMAIN": CONSOLE, "CONSOLE_FROM": console_from}
    at = {"GUIDE_AT": f"127.0.0.1:{guide}", "CONSOLE_AT": f"127.0.0.1:{console}"}
    assert named.keys() | at.keys() == PROXY.keys()
    environment = {**os.environ, **named, **at, "HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    with it.log.open("wb") as log:
        command = [program("caddy"), "run", "--config", file, "--adapter", "caddyfile"]
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        _wait_for(it)
        yield it
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(it: Proxy) -> None:
    for _ in range(200):
        try:
            it.ask(GUIDE, "/health")
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(it.log.read_text())


@pytest.fixture(scope="module")
def fronted(behind: Reached, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with proxy(tmp_path_factory.mktemp("proxy"), behind.port, behind.port) as it:
        yield it


def test_no_address_of_a_person_reaches_the_guide(fronted: Proxy, behind: Reached) -> None:
    behind.requests.clear()
    fronted.ask(GUIDE, "/", headers=dict.fromkeys(ADDRESSES, "198.51.100.7"))
    fronted.ask(CONSOLE, "/", headers=dict.fromkeys(ADDRESSES, "198.51.100.7"))
    assert len(behind.requests) == 2
    for _, headers in behind.requests:
        assert not set(ADDRESSES) & headers.keys()
        assert "127.0.0.1" not in json.dumps(headers)
        assert headers["host"] in {f"{GUIDE}:{fronted.tls}", f"{CONSOLE}:{fronted.tls}"}  # by which Origin is judged


@pytest.mark.parametrize("host", [GUIDE, CONSOLE])
def test_each_header_comes_once_and_as_the_guide_wrote_it(fronted: Proxy, host: str) -> None:
    answer = fronted.ask(host, "/")
    for name, value in HEADERS.items():
        assert answer.headers.get_list(name) == [value]
    assert len(answer.headers.get_list("strict-transport-security")) == 1
    assert not {"server", "via", "x-powered-by"} & answer.headers.keys()


@pytest.mark.parametrize("path", ["/health", "/metrics", "//health"])
def test_what_is_for_the_operator_ends_at_the_proxy(fronted: Proxy, behind: Reached, path: str) -> None:
    behind.requests.clear()
    assert fronted.ask(GUIDE, path).status_code == 404
    assert behind.requests == []


SIZES = [(GUIDE, 20_000_000, 200), (GUIDE, 26_000_000, 413), (CONSOLE, 900_000, 200), (CONSOLE, 1_100_000, 413)]


@pytest.mark.parametrize(("host", "size", "status"), SIZES)
def test_a_body_beyond_any_form_is_refused_and_nobody_else_waits_for_it(
    fronted: Proxy, host: str, size: int, status: int
) -> None:
    assert fronted.ask(host, "/", "POST", content=bytes(size)).status_code == status
    before = time.monotonic()
    assert fronted.ask(host, "/").status_code == 200
    assert time.monotonic() - before < 3


def test_headers_beyond_any_browser_are_refused(fronted: Proxy) -> None:
    assert fronted.ask(GUIDE, "/", headers={"Cookie": "a" * 8_000}).status_code == 200
    assert fronted.ask(GUIDE, "/", headers={"Cookie": "a" * 40_000}).status_code == 431


def test_without_tls_there_is_nothing_but_the_way_to_it(fronted: Proxy) -> None:
    answer = httpx.get(f"http://127.0.0.1:{fronted.plain}/a?b", headers={"Host": GUIDE})
    assert answer.status_code == 308
    assert answer.headers["location"] == f"https://{GUIDE}/a?b"


def test_the_console_is_closed_to_other_networks(behind: Reached, tmp_path: Path) -> None:
    with proxy(tmp_path, behind.port, behind.port, ELSEWHERE) as it:
        assert it.ask(GUIDE, "/").status_code == 200
        behind.requests.clear()
        with pytest.raises(httpx.TransportError):
            it.ask(CONSOLE, "/")
    assert behind.requests == []


def test_where_nobody_answers_it_is_said_kindly_and_no_log_names_who_asked(tmp_path: Path) -> None:
    asked = {"path": "/secret-page?of=somebody", "headers": {"User-Agent": "somebody's phone"}}
    with proxy(tmp_path, free_port(), free_port()) as it, ThreadPoolExecutor() as people:
        resident, member = people.map(lambda host: it.ask(host, **asked), (GUIDE, CONSOLE))  # ten seconds each
    assert {resident.status_code, member.status_code} <= {502, 503}
    assert resident.headers["retry-after"] == "30"
    assert resident.text.count("112") == 9
    logged = it.log.read_text()
    assert '"level":"warn"' in logged
    assert not re.search(r"secret-page|somebody|remote_ip|uri|127\.0\.0\.1", logged)


def test_a_conversation_goes_through_it(model: Path, tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    with (
        Server(tmp_path / "var", VEJVISER_SECURE_COOKIE="true") as guide,
        proxy(tmp_path, guide.port, guide.port) as it,
    ):
        own = {"Origin": f"https://{GUIDE}:{it.tls}", "Content-Type": "application/json"}
        begun = it.ask(GUIDE, "/api/chat/session", "POST", headers=own, json={"lang": "en"})
        assert begun.status_code == 201
        cookie = begun.headers["set-cookie"]
        assert "; Secure" in cookie
        said = {"id": "1", "text": "I want to learn Danish"}
        asked = {**own, "Cookie": cookie.partition(";")[0]}
        assert it.ask(GUIDE, "/api/chat/messages", "POST", headers=asked, json=said).json()["messages"]
        foreign = {**asked, "Origin": "https://evil.example"}
        assert it.ask(GUIDE, "/api/chat/messages", "POST", headers=foreign, json=said).status_code == 403
