"""The pages about the guide: what the law asks for is there in every language, and nothing is made up."""

import copy
import dataclasses
import datetime as dt
import re

import pytest
from starlette.testclient import TestClient

from bot.engine.guide import Guide
from bot.language.languages import find_languages
from bot.language.sources import page_words
from bot.settings import ROOT
from bot.web.about import ASSESSED, is_overdue
from bot.web.app import make_app
from tests.web.interface import checked

LANGUAGES = sorted(find_languages(ROOT / "locales", ROOT / "data" / "nlu"))
FILLED = {
    "operator_name": "Ny By Kommune <1>",
    "privacy_email": "dpo@kommune.example",
    "accessibility_email": "was@kommune.example",
    "accessibility_phone": "11 22 33 44",
    "was_url": "https://was.digst.dk/vejviser-example",
}


def filled_in(guide: Guide) -> TestClient:
    other = copy.copy(guide)
    other.settings = dataclasses.replace(guide.settings, **FILLED)
    return checked(TestClient(make_app(other), follow_redirects=False))


def missing(guide: Guide, *names: str) -> list[str]:
    return [guide.page_word("en", name) for name in names]


def test_what_the_operator_has_not_filled_in_is_said_to_be_missing(client: TestClient, guide: Guide) -> None:
    statement, kept = (client.get(path, params={"lang": "en"}).text for path in ("/was", "/privacy"))
    for said in missing(guide, "about.no_operator", "was.no_email", "was.no_phone"):
        assert said in statement
    for said in missing(guide, "about.no_operator", "privacy.no_contact"):
        assert said in kept
    for page in (statement, kept):
        assert "@" not in page
        assert "mailto:" not in page
    assert "was.digst.dk" not in statement


def test_what_is_filled_in_is_shown_and_can_be_pressed(guide: Guide) -> None:
    client = filled_in(guide)
    statement = client.get("/was", params={"lang": "da"}).text
    assert "Ny By Kommune &lt;1&gt;" in statement
    assert 'href="mailto:was@kommune.example"' in statement
    assert 'href="tel:+4511223344"' in statement
    assert 'href="https://was.digst.dk/vejviser-example"' in statement
    assert 'href="mailto:dpo@kommune.example"' in client.get("/privacy").text
    assert "Ny By Kommune &lt;1&gt;" in client.get("/").text
    for page in ("/was", "/privacy", "/"):
        html = client.get(page, params={"lang": "en"}).text
        named = ("about.no_operator", "privacy.no_contact", "was.no_email", "was.no_phone")
        assert not [said for said in missing(guide, *named) if said in html]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", ["/was", "/privacy"])
def test_each_page_speaks_one_language_whole(client: TestClient, guide: Guide, lang: str, path: str) -> None:
    html = client.get(path, params={"lang": lang}).text
    language = guide.languages[lang]
    assert f'<html lang="{lang}" dir="{language.direction}">' in html
    for name, source in page_words().items():
        if lang != "en" and name.startswith(("about.", "was.", "privacy.")) and "{" not in source and " " in source:
            assert guide.page_word(lang, name) != source, name
            assert source not in html, name
    assert len(re.findall(r"<h1[ >]", html)) == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_page_of_the_chat_leads_to_both(client: TestClient, lang: str) -> None:
    for path in ("/", "/outcome", "/report", "/was", "/privacy", "/nothing"):
        html = client.get(path, params={"lang": lang}).text
        assert html.count(f'href="/was?lang={lang}"') == 1, path
        assert html.count(f'href="/privacy?lang={lang}"') == 1, path


def test_the_danish_link_has_the_name_that_danes_look_for(client: TestClient) -> None:
    assert '<a href="/was?lang=da">Tilgængelighedserklæring</a>' in client.get("/?lang=da").text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_before_the_first_word_one_knows_of_the_machine_and_the_cookie(
    client: TestClient, guide: Guide, lang: str
) -> None:
    html = client.get("/", params={"lang": lang}).text
    main, foot = html.split("<footer>")
    assert guide.page_word(lang, "about.machine") in main
    assert main.index(guide.page_word(lang, "about.machine")) < main.index('name="lang"')
    assert guide.page_word(lang, "about.no_operator") in main
    assert guide.page_word(lang, "about.cookie") in foot


def test_a_page_about_the_guide_speaks_the_language_of_the_chat(client: TestClient) -> None:
    client.post("/start", data={"lang": "tr"})
    assert '<html lang="tr"' in client.get("/privacy").text
    assert '<html lang="pl"' in client.get("/privacy?lang=pl").text, "a language that is asked for goes before"
    assert client.post("/delete", data={"lang": "tr"}).status_code == 303


def test_a_statement_that_is_older_than_a_year_says_so() -> None:
    assert not is_overdue(ASSESSED)
    assert not is_overdue(ASSESSED + dt.timedelta(days=365))
    assert is_overdue(ASSESSED + dt.timedelta(days=366))
