"""What is sent out to a provider and what is taken from it, but for the token itself; and whom it is taken from."""

import datetime as dt
from base64 import b64encode
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from bot.accounts.sign_on import KNOWN_FOR_SECONDS, PROVIDER, REFUSED, STATE, Provider, SignOn
from tests.accounts.provider.liar import CLIENT, DISCOVERY, SUBJECT, Liar, as_json, ready
from tests.accounts.provider.liar import TOKEN as TOKENS
from tests.accounts.provider.steps import begin, code_of, finish

WORDS = "words of the provider"


@pytest.fixture
def liar() -> Iterator[Liar]:
    with Liar() as liar:
        yield liar


@pytest.fixture
def sign_on(liar: Liar) -> SignOn:
    return SignOn(liar.provider())


# What is sent out


def test_the_browser_is_sent_out_with_all_that_protects_the_way_back(liar: Liar) -> None:
    departure = begin(SignOn(liar.provider(acr="urn:city:two")))
    address = urlsplit(departure.url)
    sent = {key: values[0] for key, values in parse_qs(address.query, strict_parsing=True).items()}
    assert f"{address.scheme}://{address.netloc}{address.path}" == liar.issuer + "/authorize"
    assert sent == {
        "response_type": "code", "client_id": CLIENT, "redirect_uri": "https://console.test/back",
        "scope": "openid profile", "state": departure.state, "nonce": departure.nonce, "acr_values": "urn:city:two",
        "code_challenge": create_s256_code_challenge(departure.verifier), "code_challenge_method": "S256",
    }  # fmt: skip


def test_no_two_departures_share_anything_secret(sign_on: SignOn) -> None:
    departures = [begin(sign_on) for _ in range(50)]
    secrets = {secret for one in departures for secret in (one.state, one.nonce, one.verifier)}
    assert len(secrets) == 150
    assert all(len(secret) >= 43 for secret in secrets)


def test_the_code_is_changed_with_its_verifier_and_our_secret_in_the_way_the_provider_reads(liar: Liar) -> None:
    sign_on = SignOn(liar.provider())
    departure = ready(liar, sign_on)
    finish(sign_on, departure)
    assert liar.last_form == {
        "grant_type": ["authorization_code"], "code": ["a code"], "code_verifier": [departure.verifier],
        "redirect_uri": ["https://console.test/back"],
    }  # fmt: skip
    assert (
        liar.last_authorization == "Basic " + b64encode(f"{CLIENT}:{liar.provider().client_secret}".encode()).decode()
    )

    posts_only = liar.metadata(token_endpoint_auth_methods_supported=["client_secret_post", "private_key_jwt"])
    liar.answers[DISCOVERY] = lambda: as_json(posts_only)
    sign_on = SignOn(liar.provider())
    finish(sign_on, ready(liar, sign_on))
    assert liar.last_form["client_secret"] == [liar.provider().client_secret]
    assert liar.last_authorization is None

    liar.answers[DISCOVERY] = lambda: as_json(liar.metadata(token_endpoint_auth_methods_supported=7))
    sign_on = SignOn(liar.provider())
    assert code_of(finish, sign_on, ready(liar, sign_on)) == PROVIDER


def test_a_wrong_state_or_a_refusal_asks_nothing_of_the_provider(liar: Liar, sign_on: SignOn) -> None:
    departure = ready(liar, sign_on)
    before = list(liar.asked)
    for state in ("", departure.state[:-1], departure.state + "x", "ø\ud800"):
        assert code_of(finish, sign_on, departure, {"state": state, "code": "a code"}) == STATE
        assert code_of(finish, sign_on, departure, {"state": state, "error": "access_denied"}) == STATE
    refusal = {"state": departure.state, "error": "access_denied", "error_description": WORDS, "code": "a code"}
    assert code_of(finish, sign_on, departure, refusal) == REFUSED
    assert liar.asked == before


# What comes back


def test_an_answer_of_another_provider_is_not_taken_to_this_one(liar: Liar, sign_on: SignOn) -> None:
    departure = ready(liar, sign_on)
    query = {"state": departure.state, "code": "a code"}
    assert code_of(finish, sign_on, departure, {**query, "iss": "https://login.elsewhere.test"}) == PROVIDER
    assert TOKENS not in liar.asked
    assert finish(sign_on, departure, {**query, "iss": liar.issuer}).subject == SUBJECT


@pytest.mark.parametrize(("error", "code"), [("invalid_grant", REFUSED), ("invalid_client", PROVIDER), (7, PROVIDER)])
def test_an_error_for_a_code_is_told_without_the_providers_words(
    liar: Liar, sign_on: SignOn, error: Any, code: str
) -> None:
    departure = begin(sign_on)
    liar.answers[TOKENS] = lambda: as_json({"error": error, "error_description": WORDS}, status=400)
    assert code_of(finish, sign_on, departure) == code


WRONG_METADATA: dict[str, dict[str, Any]] = {
    "another issuer": {"issuer": "https://login.elsewhere.test"},
    "the issuer with a slash more": {"issuer": "http://127.0.0.1/"},
    "no issuer": {"issuer": None},
    "an issuer that is no text": {"issuer": ["http://127.0.0.1"]},
    "tokens over http": {"token_endpoint": "http://login.elsewhere.test/token"},
    "keys over http": {"jwks_uri": "http://login.elsewhere.test/keys"},
    "keys in a file": {"jwks_uri": "file:///etc/passwd"},
    "a page that is a script": {"authorization_endpoint": "javascript:alert(1)"},
    "a page without a host": {"authorization_endpoint": "https:///authorize"},
    "no page": {"authorization_endpoint": None},
    "no keys": {"jwks_uri": None},
    "addresses that are numbers": {"token_endpoint": 7},
    "addresses that are none": {"token_endpoint": "http://["},
}


@pytest.mark.parametrize("changed", WRONG_METADATA.values(), ids=WRONG_METADATA.keys())
def test_a_provider_that_is_not_the_one_agreed_is_not_used(
    liar: Liar, sign_on: SignOn, changed: dict[str, Any]
) -> None:
    liar.answers[DISCOVERY] = lambda: as_json(liar.metadata(**changed))
    assert code_of(begin, sign_on) == PROVIDER
    assert liar.asked == [DISCOVERY]


@pytest.mark.parametrize(
    "issuer",
    [
        "http://login.city.test",
        "http://127.0.0.1.city.test",
        "http://10.0.0.1",
        "ftp://127.0.0.1",
        "login",
        "",
        "http://[",
    ],
)
def test_a_provider_without_https_is_refused_before_anything_is_sent(issuer: str) -> None:
    assert code_of(SignOn, Provider(issuer, CLIENT, "s", "https://console.test/back")) == PROVIDER


def test_a_switch_of_the_library_does_not_open_http(liar: Liar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    assert code_of(SignOn, Provider("http://login.city.test", CLIENT, "s", "https://console.test/back")) == PROVIDER
    liar.answers[DISCOVERY] = lambda: as_json(liar.metadata(jwks_uri="http://login.city.test/keys"))
    assert code_of(begin, SignOn(liar.provider())) == PROVIDER


def test_a_provider_that_leaves_out_what_nobody_asks_for_is_used(liar: Liar, sign_on: SignOn) -> None:
    """Large providers list `private_key_jwt` without its algorithms, which Authlib's check of the whole refuses."""
    methods = ["client_secret_post", "private_key_jwt", "client_secret_basic"]
    liar.answers[DISCOVERY] = lambda: as_json(liar.metadata(token_endpoint_auth_methods_supported=methods))
    assert finish(sign_on, ready(liar, sign_on)).subject == SUBJECT


def test_a_provider_is_asked_once_an_hour_where_its_pages_are(liar: Liar) -> None:
    sign_on = SignOn(liar.provider())
    begin(sign_on)
    liar.answers[DISCOVERY] = lambda: as_json(liar.metadata(), status=404)
    begin(sign_on)
    assert liar.asked.count(DISCOVERY) == 1
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=KNOWN_FOR_SECONDS + 1), tick=True):
        assert code_of(begin, sign_on) == PROVIDER
    assert liar.asked.count(DISCOVERY) == 2
