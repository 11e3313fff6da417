"""Files are small and kept; what belongs to one person is neither."""

import gzip
import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bot.web import served
from bot.web.guard import HEADERS
from tests.web.interface import Chat

FIRST_LOAD = 60_000
"""Bytes over the line, without fonts: the page and all that it needs before it can be used."""
FLIGHT = 10 * 1460
"""Bytes that a server sends before it waits for an answer (RFC 6928): more would be a trip more before the picture."""
TINY = 1_000
"""Bytes over the line; in a small file too little comes twice to be made half as small."""
SCRIPT = re.compile(r'<script src="([^"]+)"')
FOR_LATER = re.compile(r'<link rel="prefetch" as="[a-z]+" href="([^"]+)"')


def over_the_line(client: TestClient, path: str) -> bytes:
    """The body as sent."""
    plain = TestClient(client.app)  # the other one has read every answer before it is given out
    with plain.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as answer:
        return b"".join(answer.iter_raw())


@pytest.mark.parametrize("lang", ["da", "ur"])
def test_the_first_load_is_light(client: TestClient, lang: str) -> None:
    page = client.get("/", params={"lang": lang})
    scripts, later = SCRIPT.findall(page.text), FOR_LATER.findall(page.text)
    assert len(scripts) >= 3
    assert {address.partition("?")[0] for address in later} >= {"/static/page.css", "/static/chat.css"}
    assert all(address.startswith("/static/") for address in (*scripts, *later)), "nothing comes from elsewhere"
    loads = {address: len(over_the_line(client, address)) for address in (f"/?lang={lang}", *scripts, *later)}
    assert loads[f"/?lang={lang}"] < FLIGHT
    assert sum(loads.values()) < FIRST_LOAD * 2 / 3, loads
    for address, size in loads.items():
        assert size < max(len(client.get(address).content) / 2, TINY), address


def test_what_a_browser_cannot_unpack_goes_as_it_is(client: TestClient) -> None:
    answer = client.get("/static/page.css", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in answer.headers
    assert answer.headers["vary"] == "Accept-Encoding"


def test_a_page_of_a_conversation_is_never_compressed(chat: Chat, client: TestClient) -> None:
    """Else its length would tell of a secret beside a text that somebody else chose."""
    assert client.cookies
    for path in ("/", "/api/chat/messages", "/privacy", "/report", "/outcome"):
        assert "content-encoding" not in client.get(path).headers, path
    assert client.get("/static/chat.js").headers["content-encoding"] == "gzip"


def test_a_file_whose_address_names_its_content_is_kept(client: TestClient) -> None:
    answer = client.get(served.address_of("page.css"))
    assert answer.headers["cache-control"] == served.KEPT
    for address in ("/static/page.css", "/static/page.css?v=", "/static/page.css?v=000000000000"):
        assert client.get(address).headers["cache-control"] == served.ASKED_AGAIN, address
    unchanged = client.get("/static/page.css", headers={"If-None-Match": answer.headers["etag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged.headers["cache-control"] == served.ASKED_AGAIN
    assert unchanged.headers["content-security-policy"] == HEADERS["Content-Security-Policy"]


def test_another_content_has_another_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(served, "FOLDER", tmp_path)
    file = tmp_path / "some.css"
    file.write_text("a {}")
    first = served.address_of("some.css")
    file.write_text("b {}")
    assert served.address_of("some.css") != first


def test_a_font_is_kept_a_month_and_goes_as_it_is(client: TestClient) -> None:
    answer = client.get("/static/fonts/noto-sans-arabic-400.woff2", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["cache-control"] == served.FONT
    assert "content-encoding" not in answer.headers


def test_what_goes_over_the_line_is_what_stands_in_the_file(client: TestClient) -> None:
    assert gzip.decompress(over_the_line(client, "/static/chat.js")) == (served.FOLDER / "chat.js").read_bytes()
