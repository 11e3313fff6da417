"""Another site's page with the guide on it, on an origin of its own: `python -m tests.browser.host 8080` shows it.

The page is docs/demo/host.html. `/hostile` is the same page as the worst neighbour would have it: styles that hide and
turn everything, scripts that replace what browsers bring and reach for the frame, and a strict policy of its own.
"""

import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

from bot.settings import ROOT

PAGE = ROOT / "docs" / "demo" / "host.html"
HOSTILE = ROOT / "tests" / "browser" / "hostile_host.html"
IN_PAGE = "http://127.0.0.1:8000"


class Host:
    """Serves the page on localhost, which is another site than 127.0.0.1; `guide` is the address of the guide."""

    def __init__(self, port: int, guide: str = IN_PAGE) -> None:
        self.url = f"http://localhost:{port}"
        self.guide = guide
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _answering(self))

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    def page(self, path: str, lang: str, own: str) -> tuple[str, dict[str, str]]:
        """The page at `path` with the tag's `data-lang` and the page's own `lang`, and its headers."""
        html = PAGE.read_text(encoding="utf-8").replace(IN_PAGE, self.guide).replace('<html lang="da">', own)
        if lang:
            html = html.replace('.js" async', f'.js" data-lang="{lang}" async')
        headers = {}
        if path == "/hostile":
            html = html.replace("<!-- The one tag", HOSTILE.read_text(encoding="utf-8") + "<!-- The one tag")
            headers["Content-Security-Policy"] = (
                f"default-src 'none'; script-src 'nonce-own' {self.guide}; frame-src {self.guide}; "
                "style-src 'nonce-own'; require-trusted-types-for 'script'"
            )
            html = html.replace("<style>", '<style nonce="own">')
        if path == "/isolated":
            headers |= {"Cross-Origin-Embedder-Policy": "require-corp", "Cross-Origin-Opener-Policy": "same-origin"}
        return html, headers


def _answering(host: Host) -> type[BaseHTTPRequestHandler]:
    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            given = {name: values[0] for name, values in parse_qs(asked.query, keep_blank_values=True).items()}
            own = f'<html lang="{given.get("page", "da")}">'
            html, headers = host.page(asked.path, given.get("lang", ""), own)
            self.send_response(200)
            for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *_: object) -> None:
            pass

    return Answering


if __name__ == "__main__":
    port = int(sys.argv[1])
    with Host(port) as host:
        print(f"{host.url}/ and {host.url}/hostile; the guide needs VEJVISER_EMBED_ORIGINS={host.url}")  # noqa: T201
        threading.Event().wait()
