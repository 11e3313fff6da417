"""`vejviser directory check --links` on a real server: what answers, what does not, and its exit code."""

import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml

from bot.settings import ROOT
from tests.command.test_commands import vejviser


class Site(BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        self.send_response(200 if self.path == "/here" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing on the test's terminal."""


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def content_with(tmp_path: Path, *pages: str) -> Path:
    """A copy of content/ with one service for each page."""
    content = tmp_path / "content"
    shutil.copytree(ROOT / "content", content)
    record = yaml.safe_load((content / "services" / "job-centre.yml").read_text(encoding="utf-8"))[0]
    for path in (content / "services").iterdir():
        path.unlink()
    records = [{**record, "id": f"place-{n}", "url": page, "source_urls": []} for n, page in enumerate(pages)]
    (content / "services" / "some.yml").write_text(yaml.safe_dump(records), encoding="utf-8")
    return content


def test_pages_that_answer_are_all_right(tmp_path: Path, site: str) -> None:
    checked = vejviser("directory", "check", "--links", VEJVISER_CONTENT=str(content_with(tmp_path, f"{site}/here")))
    assert checked.returncode == 0
    assert "1 of 1 pages answer where they did" in checked.stdout


def test_a_page_that_is_gone_is_told_with_its_service(tmp_path: Path, site: str) -> None:
    content = content_with(tmp_path, f"{site}/here", f"{site}/gone")
    checked = vejviser("directory", "check", "--links", VEJVISER_CONTENT=str(content))
    assert checked.returncode == 1
    assert f"gone: {site}/gone 404 (place-1)" in checked.stdout
    assert "1 of 2 pages answer where they did" in checked.stdout
