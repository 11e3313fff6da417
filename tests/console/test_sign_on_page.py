"""The city's own log-in at the console's door, against a real OpenID provider in a process of its own."""

import asyncio
import html
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import pytest
from starlette.testclient import TestClient

from bot.accounts.provider import BACK, provider_of
from bot.accounts.sign_on import SignOn
from bot.errors import SettingError
from bot.settings import Settings
from bot.web.console import door
from bot.web.console.app import make_console
from bot.web.console.desk import Console
from bot.web.console.door import DEPARTED
from bot.web.console.seats import COOKIE
from tests.accounts.provider.city import City
from tests.accounts.provider.people import CLIENT, SECRET, TWO_FACTORS_ACR
from tests.console.conftest import events
from tests.console.member import AT, Member, form_in
from tests.keys import make_keys

slow = pytest.mark.slow


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with City(tmp_path_factory.mktemp("city"), AT + BACK) as city:
        yield city


@pytest.fixture(scope="module")
def settings(city: City, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("console")
    secret = folder / "secret"
    secret.write_text(f"{SECRET}\n", encoding="utf-8")
    return Settings(
        var=folder / "var", oidc_issuer=city.issuer, oidc_client_id=CLIENT, oidc_secret_file=secret,
        oidc_acr=TWO_FACTORS_ACR, console_url=f"{AT}/",
    )  # fmt: skip


@pytest.fixture(scope="module")
def ada(settings: Settings) -> Iterator[Member]:
    """An administrator who came in with a password."""
    app: Any = make_console(settings)
    app.state.console.first = make_keys(app.state.console.store)
    yield Member(app, "ada", "administrator").signs_in()
    app.state.console.close()


@pytest.fixture(scope="module")
def subjects(city: City) -> dict[str, str]:
    """{user name at the city: who that is}."""
    sign_on = SignOn(city.provider())

    def subject(name: str) -> str:
        departure = asyncio.run(sign_on.begin())
        identity = asyncio.run(sign_on.finish(departure, city.walk(departure.url, name)))
        return f"{identity.issuer} {identity.subject}"

    return {name: subject(name) for name in ("clerk", "clerk-with-code", "clerk-with-card")}


class Browser:
    """Of somebody who is not in yet."""

    def __init__(self, ada: Member, city: City) -> None:
        self.client = TestClient(ada.app, base_url=AT, follow_redirects=False)
        self.city = city

    def departs(self) -> str:
        """Where the console sends the browser."""
        answer = self.client.post("/sign-on")
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    def walks(self, name: str, *, agrees: bool = True) -> dict[str, str]:
        """Through the city's pages, to the query with which it comes back."""
        return self.city.walk(self.departs(), name, agrees)

    def arrives(self, query: dict[str, str]) -> httpx.Response:
        return self.client.get(f"{BACK}?{urlencode({**query, 'lang': 'en'})}")

    def goes_on(self, answer: httpx.Response) -> str:
        """What the page in between leads to."""
        found = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', answer.text)
        assert answer.status_code == 200, answer.text
        assert found, answer.text
        return html.unescape(found[1])


@pytest.fixture
def browser(ada: Member, city: City) -> Browser:
    return Browser(ada, city)


def hired(ada: Member, name: str, subject: str, role: str = "analyst") -> None:
    """As an administrator does it on the page, once a module."""
    if asyncio.run(ada.console.accounts.account(name)) is None:
        assert ada.orders("/accounts", name=name, role=role, subject=subject).status_code == 200


@slow
def test_the_door_offers_the_citys_log_in(browser: Browser) -> None:
    assert "Sign in with the city's own log-in" in html.unescape(browser.client.get("/sign-in?lang=en").text)


@slow
def test_whoever_used_two_factors_at_the_city_is_in(browser: Browser, ada: Member, subjects: dict[str, str]) -> None:
    hired(ada, "code", subjects["clerk-with-code"])
    answer = browser.arrives(browser.walks("clerk-with-code"))
    assert browser.goes_on(answer) == "/"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert browser.client.get("/me").status_code == 200
    newest = asyncio.run(ada.console.store.audit.newest(1))[0]
    assert (newest.verb, newest.actor, json.loads(newest.detail)) == ("signed_in", "code", {"second_factor": "sign-on"})


@slow
def test_the_citys_class_of_log_in_counts_as_two_factors(
    browser: Browser, ada: Member, subjects: dict[str, str]
) -> None:
    hired(ada, "card", subjects["clerk-with-card"])
    assert browser.goes_on(browser.arrives(browser.walks("clerk-with-card"))) == "/"


@slow
def test_whoever_used_one_factor_is_asked_for_our_own_code(
    browser: Browser, ada: Member, subjects: dict[str, str]
) -> None:
    page = ada.orders("/accounts", name="one", role="analyst", subject=subjects["clerk"]).text
    recovery = re.findall(r'<li class="code">([a-z2-9-]+)</li>', page)
    answer = browser.arrives(browser.walks("clerk"))
    assert browser.goes_on(answer) == "/code"
    assert browser.client.get("/me").headers["location"] == "/sign-in"
    form = form_in(browser.client.get("/code").text)
    assert browser.client.post("/code", data={"form": form, "code": "000000"}).status_code == 401
    sent = browser.client.post("/code", data={"form": form, "code": recovery[0]})
    assert sent.headers["location"] == "/"
    page = browser.client.get("/me?lang=en").text
    assert "New password" not in page
    confirm = browser.client.get("/confirm").text
    assert 'name="password"' not in confirm
    fields = {"form": form_in(confirm), "code": recovery[1], "next": "/me"}
    assert browser.client.post("/confirm", data=fields).headers["location"] == "/me"
    assert browser.client.post("/confirm", data={**fields, "code": ""}).status_code == 401


@slow
@pytest.mark.parametrize("locked", [True, False])
def test_whoever_has_no_account_or_a_locked_one_is_told_so(
    browser: Browser, ada: Member, subjects: dict[str, str], locked: bool
) -> None:
    name = "clerk-with-password"
    if locked:
        hired(ada, "code", subjects["clerk-with-code"])
        ada.orders("/accounts/lock", name="code", active="no")
        name = "clerk-with-code"
    answer = browser.arrives(browser.walks(name))
    if locked:
        ada.orders("/accounts/lock", name="code", active="yes")
    assert answer.status_code == 401
    assert "you have no account here" in html.unescape(answer.text)
    assert COOKIE not in answer.headers.get("set-cookie", "")
    assert "sign_in_failed" in events(ada.console)


@slow
def test_a_way_back_is_walked_once(browser: Browser, ada: Member, subjects: dict[str, str]) -> None:
    hired(ada, "code", subjects["clerk-with-code"])
    query = browser.walks("clerk-with-code")
    assert browser.arrives(query).status_code == 200
    browser.client.cookies.clear()
    assert browser.arrives(query).status_code == 401


@slow
def test_a_way_back_is_of_no_use_in_another_browser(
    browser: Browser, ada: Member, city: City, subjects: dict[str, str]
) -> None:
    """Neither one that was sent to somebody (who would work in the sender's account), nor one that was stolen."""
    hired(ada, "code", subjects["clerk-with-code"])
    query = browser.walks("clerk-with-code")
    other = Browser(ada, city)
    assert other.arrives(query).status_code == 401
    other.departs()
    assert other.arrives(query).status_code == 401
    assert other.client.get("/me").headers["location"] == "/sign-in"


@slow
@pytest.mark.parametrize("change", [{"state": "0" * 43}, {"code": "stolen"}, {"iss": "https://elsewhere.test"},
                                    {"error": "access_denied"}, {"state": "é"}, {"code": ""}])  # fmt: skip
def test_what_is_changed_on_the_way_back_lets_nobody_in(browser: Browser, ada: Member, change: dict[str, str]) -> None:
    query = {**browser.walks("clerk-with-code"), **change}
    answer = browser.arrives(query)
    assert answer.status_code == 401
    assert "did not answer as it should" in html.unescape(answer.text)
    assert events(ada.console)[-1] == "sign_in_failed"


@slow
def test_whoever_says_no_at_the_city_is_back_at_the_door(browser: Browser) -> None:
    assert browser.arrives(browser.walks("clerk-with-code", agrees=False)).status_code == 401


@slow
def test_a_way_back_without_a_way_there_is_none(browser: Browser) -> None:
    for path in (BACK, f"{BACK}?state=&code=", f"{BACK}?" + "a" * 5_000):
        answer = browser.client.get(path)
        assert answer.status_code == 401
        assert COOKIE not in answer.headers.get("set-cookie", "")


@slow
def test_a_way_there_is_over_after_ten_minutes(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    query, now = browser.walks("clerk-with-code"), door.time.monotonic()
    monkeypatch.setattr(door.time, "monotonic", lambda: now + door.DEPARTED_SECONDS + 1)
    assert browser.arrives(query).status_code == 401


@slow
@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_another_site_sends_nobody_on_the_way(browser: Browser, headers: dict[str, str]) -> None:
    assert browser.client.post("/sign-on", headers=headers).status_code == 403


@slow
def test_the_cookie_of_the_way_holds_nothing_and_travels_back_only(browser: Browser) -> None:
    answer = browser.client.post("/sign-on")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{DEPARTED}=")
    assert "Path=/sign-on" in cookie
    assert "HttpOnly" in cookie
    asked = dict(part.split("=") for part in urlsplit(answer.headers["location"]).query.split("&"))
    assert asked["state"] not in cookie
    assert asked["code_challenge_method"] == "S256"


@slow
def test_nothing_of_the_log_in_is_logged_or_kept(
    browser: Browser, ada: Member, subjects: dict[str, str], capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    hired(ada, "code", subjects["clerk-with-code"])
    caplog.set_level(logging.DEBUG, "bot")
    query = browser.walks("clerk-with-code")
    browser.arrives(query)
    written = "".join(capfd.readouterr()) + "".join(it.getMessage() for it in caplog.records if "httpx" not in it.name)
    var: Path = ada.console.settings.var
    stored = b"".join(path.read_bytes() for path in var.rglob("*") if path.is_file())
    for word in (query["code"], query["state"], SECRET):
        assert word not in written
        assert word.encode() not in stored
        assert word not in "".join(ada.page(path) for path in ("/accounts", "/me"))


@slow
def test_a_city_that_is_down_is_said_at_the_door_and_passwords_still_open_it(
    browser: Browser, ada: Member, city: City
) -> None:
    query = browser.walks("clerk-with-code")
    console: Console = ada.console
    city.stop()
    try:
        assert browser.arrives(query).status_code == 401
        console.sign_on = SignOn(city.provider())  # which knows nothing of the city yet
        answer = browser.client.post("/sign-on?lang=en")
        assert answer.status_code == 401
        assert "did not answer as it should" in html.unescape(answer.text)
        assert ada.signs_in().sees("/accounts").status_code == 200
    finally:
        city.start()


# Without a city


def test_without_a_city_there_is_no_such_way(tmp_path: Path) -> None:
    app: Any = make_console(Settings(var=tmp_path))
    client = TestClient(app, base_url=AT, follow_redirects=False)
    assert "/sign-on" not in client.get("/sign-in").text
    assert client.post("/sign-on").status_code == 404
    assert client.get(BACK).status_code == 401
    app.state.console.close()


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"oidc_client_id": ""}, "VEJVISER_OIDC_CLIENT_ID"),
        ({"oidc_secret_file": None}, "VEJVISER_OIDC_SECRET_FILE"),
        ({"oidc_secret_file": Path("/nowhere")}, "VEJVISER_OIDC_SECRET_FILE"),
        ({"console_url": ""}, "VEJVISER_CONSOLE_URL"),
        ({"console_url": "http://console.example"}, "VEJVISER_CONSOLE_URL"),
        ({"console_url": "console.example"}, "VEJVISER_CONSOLE_URL"),
        ({"oidc_issuer": "http://city.example"}, "VEJVISER_OIDC_ISSUER"),
        ({"oidc_issuer": "https://"}, "VEJVISER_OIDC_ISSUER"),
        ({"oidc_issuer": "http://["}, "VEJVISER_OIDC_ISSUER"),
    ],
)
def test_a_city_that_is_not_set_up_right_keeps_the_console_from_starting(
    tmp_path: Path, changed: dict[str, Any], named: str
) -> None:
    secret = tmp_path / "secret"
    secret.write_text(SECRET, encoding="utf-8")
    right = {
        "oidc_issuer": "https://city.example", "oidc_client_id": "x", "oidc_secret_file": secret,
        "console_url": "https://console.example/",
    }  # fmt: skip
    provider = provider_of(Settings(var=tmp_path, **right))
    assert provider
    assert provider.redirect_uri == "https://console.example/sign-on/back"
    assert SECRET not in repr(provider)
    with pytest.raises(SettingError, match=named):
        provider_of(Settings(var=tmp_path, **{**right, **changed}))
