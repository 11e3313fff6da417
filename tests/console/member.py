"""Somebody of staff at the console, for tests that read like a day at work."""

import asyncio
import re
from typing import Any

import httpx
from starlette.testclient import TestClient

from bot.web.console.desk import Console
from tests.staff import PASSWORD, hired

FORM = re.compile(r'name="form" value="([0-9a-f]{32})"')
AT = "http://localhost"


class Member:
    """A person with a browser of their own."""

    def __init__(self, app: Any, name: str, role: str, body: str | None = None) -> None:
        self.app = app
        console = self.console
        team = console.first.team  # type: ignore[attr-defined]
        self.person = hired(console.store, console.settings.var, team, name, role, body=body)
        self.client = TestClient(app, base_url=AT, follow_redirects=False)

    @property
    def name(self) -> str:
        return self.person.name

    @property
    def role(self) -> str:
        return self.person.role

    @property
    def console(self) -> Console:
        console: Console = self.app.state.console
        return console

    def code(self) -> str:
        """As many in a minute as a test needs: the last one is forgotten."""
        worker = self.console.store._worker
        forget = "UPDATE account SET step = 0 WHERE name = ?"
        asyncio.run(worker.do(lambda database: database.execute(forget, [self.name])))
        self.person._used = 0
        return self.person.code()

    def signs_in(self, language: str = "en") -> "Member":
        self.client.cookies.clear()
        sent = self.client.post("/sign-in", data={"name": self.name, "password": PASSWORD})
        assert sent.headers["location"] == "/code", sent.text
        page = self.client.get("/code")
        sent = self.client.post("/code", data={"form": form_in(page.text), "code": self.code()})
        assert sent.headers["location"] == "/", sent.text
        self.client.get(f"/me?lang={language}")
        return self

    def opens_key(self) -> "Member":
        assert self.orders("/key", passphrase=self.person.passphrase, next="/").status_code == 303
        return self

    def sees(self, path: str) -> httpx.Response:
        return self.client.get(path)

    def page(self, path: str) -> str:
        """The text of a page that is there."""
        answer = self.sees(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.headers.get("location"), answer.text[-600:])
        return answer.text

    @property
    def form(self) -> str:
        """The word of this session's forms."""
        return form_in(self.client.get("/me").text)

    def orders(self, path: str, /, **fields: str) -> httpx.Response:
        return self.client.post(path, data={"form": self.form, **fields})


def form_in(page: str) -> str:
    found = FORM.search(page)
    assert found, page[-800:]
    return found[1]
