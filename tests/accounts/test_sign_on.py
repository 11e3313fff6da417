"""A whole log-in at a city's real provider: who comes back, and who does not."""

import dataclasses
from collections.abc import Iterator

import pytest

from bot.accounts.sign_on import PROVIDER, REFUSED, STATE, UNREACHABLE, Identity, SignOn
from tests.accounts.provider.city import City
from tests.accounts.provider.people import OTHER_CLIENT, SECRET, TWO_FACTORS_ACR
from tests.accounts.provider.steps import begin, code_of, finish

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with City(tmp_path_factory.mktemp("city")) as city:
        yield city


@pytest.fixture
def sign_on(city: City) -> SignOn:
    return SignOn(city.provider())


def logged_in(city: City, sign_on: SignOn, name: str = "clerk") -> Identity:
    departure = begin(sign_on)
    return finish(sign_on, departure, city.walk(departure.url, name))


def test_who_logs_in_at_the_city_comes_back_as_the_same_person_each_time(city: City, sign_on: SignOn) -> None:
    first, again = logged_in(city, sign_on), logged_in(city, sign_on)
    other = logged_in(city, sign_on, "clerk-with-code")
    assert first == again
    assert first.issuer == other.issuer == city.issuer
    assert first.subject != other.subject
    assert (first.name_hint, other.name_hint) == ("clerk", "clerk-with-code")


@pytest.mark.parametrize(
    ("name", "acr", "second_factor"),
    [
        ("clerk", None, False),
        ("clerk-with-password", None, False),
        ("clerk-with-code", None, True),
        ("clerk-with-card", None, False),
        ("clerk-with-card", TWO_FACTORS_ACR, True),
        ("clerk-with-password", TWO_FACTORS_ACR, False),
        ("clerk", TWO_FACTORS_ACR, False),
    ],
)
def test_a_second_factor_counts_only_where_the_city_vouches_for_it(
    city: City, name: str, acr: str | None, second_factor: bool
) -> None:
    assert logged_in(city, SignOn(city.provider(acr=acr)), name).second_factor is second_factor


def test_a_code_opens_once(city: City, sign_on: SignOn) -> None:
    departure = begin(sign_on)
    query = city.walk(departure.url, "clerk")
    finish(sign_on, departure, query)
    assert code_of(finish, sign_on, departure, query) == REFUSED


def test_a_code_opens_nothing_for_whoever_lacks_the_verifier(city: City, sign_on: SignOn) -> None:
    departure = begin(sign_on)
    query = city.walk(departure.url, "clerk")
    thief = dataclasses.replace(departure, verifier=begin(sign_on).verifier)
    assert code_of(finish, sign_on, thief, query) == REFUSED
    assert finish(sign_on, departure, query).name_hint == "clerk"


def test_a_code_of_another_service_opens_nothing_here(city: City, sign_on: SignOn) -> None:
    elsewhere = SignOn(city.provider(client=OTHER_CLIENT))
    departure = begin(elsewhere)
    assert code_of(finish, sign_on, departure, city.walk(departure.url, "clerk")) == REFUSED


def test_a_browser_that_did_not_leave_from_here_is_not_let_in(city: City, sign_on: SignOn) -> None:
    departure, other = begin(sign_on), begin(sign_on)
    query = city.walk(departure.url, "clerk")
    assert code_of(finish, sign_on, other, query) == STATE
    assert code_of(finish, sign_on, departure, {key: query[key] for key in query if key != "state"}) == STATE


def test_an_answer_has_to_say_which_provider_it_is_from_where_that_was_promised(city: City, sign_on: SignOn) -> None:
    departure = begin(sign_on)
    query = city.walk(departure.url, "clerk")
    assert code_of(finish, sign_on, departure, {key: query[key] for key in query if key != "iss"}) == PROVIDER
    assert code_of(finish, sign_on, departure, {**query, "iss": "https://login.elsewhere.test"}) == PROVIDER


def test_who_does_not_agree_at_the_city_is_not_logged_in(city: City, sign_on: SignOn) -> None:
    departure = begin(sign_on)
    query = city.walk(departure.url, "clerk", agrees=False)
    assert query["error"] == "access_denied"
    assert code_of(finish, sign_on, departure, query) == REFUSED


def test_a_wrong_secret_of_ours_is_told_apart_from_a_refusal(city: City) -> None:
    sign_on = SignOn(dataclasses.replace(city.provider(), client_secret="not " + SECRET))
    departure = begin(sign_on)
    assert code_of(finish, sign_on, departure, city.walk(departure.url, "clerk")) == PROVIDER


@pytest.mark.parametrize("keep_old", [True, False], ids=["the old key is published on", "the old key is gone"])
def test_a_new_key_of_the_city_is_known_at_once(city: City, sign_on: SignOn, keep_old: bool) -> None:
    before = logged_in(city, sign_on)
    city.sign_with_a_new_key(keep_old=keep_old)
    assert logged_in(city, sign_on) == before


def test_a_city_that_is_down_lets_nobody_in_and_is_back_when_it_is_up(city: City, sign_on: SignOn) -> None:
    departure = begin(sign_on)
    query = city.walk(departure.url, "clerk")
    city.stop()
    try:
        assert code_of(finish, sign_on, departure, query) == UNREACHABLE
        assert code_of(begin, SignOn(city.provider())) == UNREACHABLE
    finally:
        city.start()
    assert finish(sign_on, departure, query).name_hint == "clerk"
