"""Clients for the tests of the web."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from bot.engine.guide import Guide
from bot.web.app import make_app
from tests.web.interface import Chat, checked


@pytest.fixture
def client(guide: Guide) -> TestClient:
    """A browser without a session; its application runs in this process, beside the one guide."""
    return checked(TestClient(make_app(guide), follow_redirects=False))


@pytest.fixture
def chat(client: TestClient) -> Iterator[Chat]:
    """A conversation in English."""
    chat = Chat(client)
    yield chat
    chat.ends()
