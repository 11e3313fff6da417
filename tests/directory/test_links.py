"""Links are asked from a real server: what answers, has moved, is gone, or does not answer."""

import dataclasses
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bot.directory.links import AGENT, GONE, MOVED, OK, SILENT, Link, Outcome, check_links, links_of
from bot.directory.services import read_directory
from bot.settings import Settings

SERVICE = read_directory(Settings().content).services["jobnet"]
ANSWERS = {"/here": 200, "/gone": 404, "/no-head": 405, "/busy": 503}


class Site(BaseHTTPRequestHandler):
    asked: list[tuple[str, str, str]]

    def do_HEAD(self) -> None:
        self.asked.append((self.command, self.path, self.headers["User-Agent"]))
        if self.path in {"/moved", "/slash"}:
            self.send_response(301)
            self.send_header("Location", "/here" if self.path == "/moved" else "/slash/")
        else:
            status = ANSWERS.get(self.path, 200)
            self.send_response(200 if status == 405 and self.command == "GET" else status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD  # noqa: N815 - its base class asks for this name

    def log_message(self, *_: object) -> None:
        """Nothing on the test's terminal."""


@pytest.fixture
def site() -> Iterator[str]:
    Site.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def outcome_of(url: str) -> Outcome:
    (outcome,) = check_links([Link(url, ("jobnet",))], between=0)
    return outcome


@pytest.mark.parametrize(
    ("path", "state"),
    [("/here", OK), ("/slash", OK), ("/no-head", OK), ("/moved", MOVED), ("/gone", GONE), ("/busy", GONE)],
)
def test_a_page_is_what_it_answers(site: str, path: str, state: str) -> None:
    found = outcome_of(site + path)
    assert found.state == state
    assert found.detail == {MOVED: site + "/here", GONE: str(ANSWERS.get(path))}.get(state, "")
    assert {agent for _, _, agent in Site.asked} == {AGENT}


def test_a_busy_site_is_asked_again_before_it_counts_as_gone(site: str) -> None:
    outcome_of(site + "/busy")
    assert [path for _, path, _ in Site.asked] == ["/busy"] * 3


def test_a_site_that_is_not_there_does_not_answer() -> None:
    found = outcome_of("http://127.0.0.1:1/")
    assert (found.state, found.detail) == (SILENT, "ConnectionError")


def test_the_links_of_one_site_wait_for_each_other(site: str) -> None:
    links = [Link(f"{site}/{number}", ("jobnet",)) for number in range(3)]
    assert [found.link for found in check_links(links, between=0.05)] == links


def test_each_page_and_source_is_asked_once_for_all_services_that_name_it() -> None:
    one = dataclasses.replace(SERVICE, id="one", url="https://a.dk/x", source_urls=("https://a.dk/x", "a leaflet"))
    two = dataclasses.replace(SERVICE, id="two", url=None, source_urls=("https://a.dk/x", "https://b.dk"))
    assert links_of([one, two]) == [Link("https://a.dk/x", ("one", "two")), Link("https://b.dk", ("two",))]
