"""A city with a log-in of its own: the provider's process, and a browser that walks through it."""

import os
import re
import subprocess
import sys
import time
from html import unescape
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx
from joserfc.jwk import RSAKey

from bot.accounts.sign_on import Provider
from bot.settings import ROOT
from tests.accounts.provider.people import CLIENT, NOWHERE, PASSWORD, SECRET
from tests.server import free_port

READY_WITHIN = 60.0


class City:
    """The provider on a folder of its own. It answers from `__enter__` on; what it prints is in `log`."""

    def __init__(self, folder: Path, redirect_uri: str = NOWHERE) -> None:
        self._folder = folder
        self.redirect_uri = redirect_uri
        self.log = folder / "provider.log"
        port = free_port()
        self.issuer = f"http://127.0.0.1:{port}/oidc"
        self._environment = {
            **os.environ,
            "CITY_FOLDER": str(folder), "CITY_PORT": str(port), "CITY_ISSUER": self.issuer,
            "CITY_SENDS_BACK_TO": redirect_uri,
        }  # fmt: skip
        self._process: subprocess.Popen[bytes] | None = None
        (folder / "old-keys").mkdir()
        self._make_key()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.stop()

    def provider(self, client: str = CLIENT, acr: str | None = None) -> Provider:
        return Provider(self.issuer, client, SECRET, self.redirect_uri, acr)

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.accounts.provider"],
                cwd=ROOT, env=self._environment, stdout=log, stderr=log,
            )  # fmt: skip
        until = time.monotonic() + READY_WITHIN
        while time.monotonic() < until:
            assert self._process.poll() is None, self.log.read_text()
            try:
                httpx.get(f"{self.issuer}/.well-known/openid-configuration", timeout=5).raise_for_status()
            except httpx.HTTPError:
                time.sleep(0.05)
            else:
                return
        raise TimeoutError(self.log.read_text())

    def stop(self) -> None:
        if self._process and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(timeout=20)

    def walk(self, url: str, name: str, agrees: bool = True) -> dict[str, str]:
        """From where `url` sends the browser, through log-in and consent, to the query it would come back with."""
        with httpx.Client() as browser:
            page = self._follow(browser, browser.get(url))
            page = self._follow(browser, _submit(browser, page, username=name, password=PASSWORD))
            consent = {"allow": "Authorize"} if agrees else {}
            back = self._follow(browser, _submit(browser, page, **consent))
        return dict(parse_qsl(urlsplit(back.headers["location"]).query))

    def _follow(self, browser: httpx.Client, page: httpx.Response) -> httpx.Response:
        """To the next page, or to the redirect that leaves the provider."""
        while page.is_redirect and not page.headers["location"].startswith(self.redirect_uri):
            page = browser.get(urljoin(str(page.url), page.headers["location"]))
        assert page.is_redirect or page.is_success, page.text
        return page

    def sign_with_a_new_key(self, keep_old: bool) -> None:
        """As cities do: people, clients and codes stay, and the old key is published on or is gone."""
        self.stop()
        if keep_old:
            (self._folder / "key.pem").rename(self._folder / "old-keys" / f"{time.time_ns()}.pem")
        self._make_key()
        self.start()

    def _make_key(self) -> None:
        (self._folder / "key.pem").write_bytes(RSAKey.generate_key(2048).as_pem(private=True))


def _submit(browser: httpx.Client, page: httpx.Response, **filled: str) -> httpx.Response:
    """The page's form with its hidden fields, and what a person fills in."""
    fields = re.findall(r'<input type="hidden" name="([^"]+)"[^>]*?value="([^"]*)"', page.text)
    hidden = {name: unescape(value) for name, value in fields}
    return browser.post(page.url, data=hidden | filled, headers={"Referer": str(page.url)})
