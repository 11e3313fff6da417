"""Real Chromium against the real server. Without Chromium these tests fail: `make test` installs it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from bot.store.sqlite import SqliteStore
from tests.browser.chat import Chat
from tests.browser.chromium import PHONE, start
from tests.browser.host import Host
from tests.server import Server, free_port
from tests.staff import Person, hired

BODY = "institut-for-menneskerettigheder"
"""For which the partner works."""
type OpenChat = Callable[..., Chat]


@pytest.fixture(scope="session")
def host() -> Iterator[Host]:
    """Another site, with the guide on its page."""
    with Host(free_port()) as host:
        yield host


@pytest.fixture(scope="session")
def server(model: Path, host: Host, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """As everywhere, but one for all browser tests: each has a window of its own, and compares rows with before.

    The host may frame it. (Of a package, it would end with each file: a worker of xdist knows of no next one.)
    """
    with Server(tmp_path_factory.mktemp("served"), VEJVISER_EMBED_ORIGINS=host.url) as server:
        host.guide = server.url
        yield server


@pytest.fixture(scope="session")
def people(server: Server) -> dict[str, Person]:
    """Staff by name; made before a browser is started."""
    assert server.passphrases
    store = SqliteStore(server.var / "store.db")
    roles = {"kim": "coordinator", "sam": "caseworker", "ada": "administrator", "pat": "partner"}
    hire = {
        name: hired(store, server.var, server.passphrases.team, name, role, body=BODY if role == "partner" else None)
        for name, role in roles.items()
    }
    store.close()
    return hire


@pytest.fixture(scope="module")
def console(server: Server, people: dict[str, Person]) -> Iterator[Server]:
    """The console of the same folder, with its people."""
    assert people
    with Server(server.var, "console") as console:
        yield console


@pytest.fixture(scope="module")
def browser(people: dict[str, Person]) -> Iterator[Browser]:
    """Closed with its module: while Playwright runs, nothing else in this process can use asyncio."""
    assert people
    with sync_playwright() as playwright:
        browser = start(playwright.chromium)
        yield browser
        browser.close()


@pytest.fixture
def open_chat(browser: Browser, server: Server) -> Iterator[OpenChat]:
    """Opens a window of its own, with Playwright's options for one, such as `java_script_enabled=False`."""
    contexts: list[BrowserContext] = []

    def open_one(**options: Any) -> Chat:
        contexts.append(browser.new_context(**options))
        return Chat(contexts[-1].new_page(), server.url)

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def chat(open_chat: OpenChat) -> Chat:
    """A window the size of a phone."""
    return open_chat(viewport=PHONE)
