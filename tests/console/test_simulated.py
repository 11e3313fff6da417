"""A console on invented data says so on every page; a real one never does."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from bot.store.simulation_verbs import Invented
from bot.store.sqlite import SqliteStore
from bot.web.console.app import ENTRIES
from tests.console.member import AT
from tests.console.office import Office, open_office
from tests.console.page import Page
from tests.store.rows import DAY

BAND = "Opdigtede data / Simulated data"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """On a store that was marked before its first account was made."""
    var = tmp_path_factory.mktemp("invented")
    store = SqliteStore(var / "store.db")
    assert asyncio.run(store.simulation.begin("1", DAY, Invented())) is None
    store.close()
    with open_office(var) as office:
        yield office


def bands(text: str) -> list[str]:
    return [it.text for it in Page(text).all("p", klass="simulated")]


@pytest.mark.parametrize("role", ["coordinator", "partner", "analyst", "translator", "administrator"])
def test_every_page_of_every_role_says_that_it_is_invented(office: Office, role: str) -> None:
    member, seen = office.people[role], 0
    for path in office.pages(ENTRIES, role):
        answer = member.sees(path)
        if answer.headers.get("content-type", "").startswith("text/html") and answer.text:
            assert bands(answer.text) == [BAND], path
            seen += 1
    assert seen > 5


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in?lang=en", "/nowhere"])
def test_the_door_and_pages_of_errors_say_it_too(office: Office, path: str) -> None:
    assert bands(TestClient(office.app, base_url=AT).get(path).text) == [BAND]


def test_a_real_console_shows_no_band(app: Any, coordinator: Any) -> None:
    for path in ("/queue", "/me", "/nowhere"):
        assert bands(coordinator.sees(path).text) == []
    assert bands(TestClient(app, base_url=AT).get("/sign-in").text) == []
