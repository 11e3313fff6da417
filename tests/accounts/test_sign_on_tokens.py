"""ID tokens that a right provider never issues: each differs in one thing from one that lets its person in."""

import base64
import hashlib
import hmac
import json
import math
import time
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc.jwk import ECKey, RSAKey

from bot.accounts.sign_on import CLOCKS_DIFFER_SECONDS, PROVIDER, SUBJECT_LENGTH, TOKEN, Identity, SignOn
from tests.accounts.provider.liar import CLIENT, KEYS, SUBJECT, Liar, a_key, as_json, part
from tests.accounts.provider.steps import begin, code_of, finish

ELSEWHERE = "https://login.elsewhere.test"
HOUR = 3600


@pytest.fixture
def liar() -> Iterator[Liar]:
    with Liar() as liar:
        yield liar


@pytest.fixture
def sign_on(liar: Liar) -> SignOn:
    return SignOn(liar.provider())


def let_in(
    liar: Liar, sign_on: SignOn, key: Any = None, header: dict[str, Any] | None = None, **changed: Any
) -> Identity:
    """With a right token, but for what is changed."""
    departure = begin(sign_on)
    liar.hand_out(liar.sign(liar.claims(departure, **changed), key, **header or {}))
    return finish(sign_on, departure)


def refused_by_hand(liar: Liar, sign_on: SignOn, algorithm: str, secret: bytes | None = None, **header: Any) -> str:
    """The code for a right token but for its signature, which a library would not make."""
    departure = begin(sign_on)
    signed = part({"alg": algorithm, **header}) + "." + part(liar.claims(departure))
    signature = part(hmac.digest(secret, signed.encode(), "sha256")) if secret else ""
    liar.hand_out(f"{signed}.{signature}")
    return code_of(finish, sign_on, departure)


def test_a_right_token_lets_its_person_in(liar: Liar, sign_on: SignOn) -> None:
    assert let_in(liar, sign_on) == Identity(liar.issuer, SUBJECT, None, second_factor=False)


WRONG: dict[str, dict[str, Any]] = {
    "another nonce": {"nonce": "n" * 43},
    "no nonce": {"nonce": None},
    "a nonce that is no text": {"nonce": [True]},
    "another issuer": {"iss": ELSEWHERE},
    "an issuer that only begins alike": {"iss": "http://127.0.0.1"},
    "no issuer": {"iss": None},
    "two issuers": {"iss": [ELSEWHERE]},
    "for another client": {"aud": "another-service"},
    "for another client in a list": {"aud": ["another-service"]},
    "for another client, though handed to this one": {"aud": "another-service", "azp": CLIENT},
    "for nobody": {"aud": []},
    "no audience": {"aud": None},
    "handed to another client": {"azp": "another-service"},
    "for two clients, and no word of which": {"aud": [CLIENT, "another-service"]},
    "for two clients, handed to the other": {"aud": [CLIENT, "another-service"], "azp": "another-service"},
    "expired": {"exp": int(time.time()) - CLOCKS_DIFFER_SECONDS - 1, "iat": int(time.time()) - HOUR},
    "no end": {"exp": None},
    "an end that is no number": {"exp": "tomorrow"},
    "an end that never comes": {"exp": math.nan},
    "issued tomorrow": {"iat": int(time.time()) + 24 * HOUR},
    "no day of issue": {"iat": None},
    "not valid yet": {"nbf": int(time.time()) + HOUR},
    "nobody": {"sub": None},
    "a person without a name": {"sub": ""},
    "a person who is a number": {"sub": 7},
    "a person with a name too long": {"sub": "s" * (SUBJECT_LENGTH + 1)},
    "a person with half a letter": {"sub": "\ud800"},
    "a hash of another access token": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
    "ways to log in that are no list": {"amr": "mfa"},
}


@pytest.mark.parametrize("changed", WRONG.values(), ids=WRONG.keys())
def test_a_token_with_one_thing_wrong_lets_nobody_in(liar: Liar, sign_on: SignOn, changed: dict[str, Any]) -> None:
    assert code_of(let_in, liar, sign_on, **changed) == TOKEN


def test_what_is_rare_but_right_lets_its_person_in(liar: Liar, sign_on: SignOn) -> None:
    assert let_in(liar, sign_on, aud=[CLIENT]).subject == SUBJECT
    assert let_in(liar, sign_on, aud=[CLIENT, "another-service"], azp=CLIENT).subject == SUBJECT
    assert let_in(liar, sign_on, sub="s" * SUBJECT_LENGTH).subject == "s" * SUBJECT_LENGTH
    assert let_in(liar, sign_on, exp=int(time.time()) - CLOCKS_DIFFER_SECONDS // 2).subject == SUBJECT
    half = hashlib.sha256(b"an access token").digest()[:16]
    assert let_in(liar, sign_on, at_hash=base64.urlsafe_b64encode(half).decode().rstrip("=")).subject == SUBJECT


def test_a_token_that_another_key_signed_lets_nobody_in(liar: Liar, sign_on: SignOn) -> None:
    same_name = RSAKey.generate_key(2048, {"kid": liar.key.kid})
    other_name = a_key("two")
    assert code_of(let_in, liar, sign_on, key=same_name) == TOKEN
    assert code_of(let_in, liar, sign_on, key=other_name) == TOKEN


def test_a_token_that_brings_its_own_key_lets_nobody_in(liar: Liar, sign_on: SignOn) -> None:
    key = ECKey.generate_key("P-256", {"kid": "mine"})
    header = {"alg": "ES256", "jwk": key.as_dict(private=False)}
    assert code_of(let_in, liar, sign_on, key=key, header=header) == TOKEN
    assert code_of(let_in, liar, sign_on, key=key, header={**header, "kid": liar.key.kid}) == TOKEN


def test_claims_that_were_changed_after_signing_let_nobody_in(liar: Liar, sign_on: SignOn) -> None:
    departure = begin(sign_on)
    header, _, signature = liar.sign(liar.claims(departure)).split(".")
    liar.hand_out(".".join((header, part(liar.claims(departure, sub="somebody-else")), signature)))
    assert code_of(finish, sign_on, departure) == TOKEN


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE", ""])
def test_a_token_that_nobody_signed_lets_nobody_in(liar: Liar, sign_on: SignOn, algorithm: str) -> None:
    assert refused_by_hand(liar, sign_on, algorithm) == TOKEN
    assert refused_by_hand(liar, sign_on, algorithm, kid=liar.key.kid) == TOKEN


def test_a_public_key_or_our_own_secret_cannot_sign(liar: Liar, sign_on: SignOn) -> None:
    public = liar.key.as_pem(private=False)
    for secret in (public, public.strip(), liar.key.as_der(private=False), liar.provider().client_secret.encode()):
        assert refused_by_hand(liar, sign_on, "HS256", secret, kid=liar.key.kid) == TOKEN


def test_a_shared_secret_among_the_keys_cannot_sign(liar: Liar, sign_on: SignOn) -> None:
    secret = b"s" * 32
    liar.answers[KEYS] = lambda: as_json({"keys": [{"kty": "oct", "kid": "one", "k": part(secret)}]})
    assert refused_by_hand(liar, sign_on, "HS256", secret, kid="one") == TOKEN


@pytest.mark.parametrize("algorithm", ["RS256", "RS512", "PS256"])
def test_each_signature_with_a_key_pair_is_read(liar: Liar, sign_on: SignOn, algorithm: str) -> None:
    assert let_in(liar, sign_on, header={"alg": algorithm}).subject == SUBJECT


def test_keys_on_a_curve_are_read_beside_keys_of_a_kind_nobody_knows(liar: Liar, sign_on: SignOn) -> None:
    liar.key = ECKey.generate_key("P-256", {"kid": "curve"})
    strange = {"kty": "QUANTUM", "kid": "strange", "x": "AA"}
    liar.answers[KEYS] = lambda: as_json({"keys": [strange, liar.key.as_dict(private=False)]})
    assert let_in(liar, sign_on, header={"alg": "ES256"}).subject == SUBJECT


def test_a_key_that_was_withdrawn_lets_nobody_in(liar: Liar, sign_on: SignOn) -> None:
    withdrawn = liar.key
    let_in(liar, sign_on)
    liar.key = a_key("two")
    assert code_of(let_in, liar, sign_on, key=withdrawn) == TOKEN
    assert let_in(liar, sign_on).subject == SUBJECT


@pytest.mark.parametrize("keys", [{}, {"keys": []}, {"keys": 1}, {"keys": [1]}, [], {"keys": [{"kty": "RSA"}]}])
def test_keys_that_are_none_are_the_providers_fault(liar: Liar, sign_on: SignOn, keys: Any) -> None:
    liar.answers[KEYS] = lambda: as_json(keys)
    assert code_of(let_in, liar, sign_on) == PROVIDER


@pytest.mark.parametrize("token", [None, "", 7, ["a"], "a.b.c", "....", "x" * 200_000, "\ud800.a.b"])
def test_what_is_no_token_lets_nobody_in(liar: Liar, sign_on: SignOn, token: Any) -> None:
    departure = begin(sign_on)
    liar.hand_out(token)
    assert code_of(finish, sign_on, departure) == TOKEN


def test_claims_nested_a_thousand_deep_let_nobody_in(liar: Liar, sign_on: SignOn) -> None:
    departure = begin(sign_on)
    right = json.dumps(liar.claims(departure))[:-1]
    deep = right + ', "amr": ' + "[" * 20_000 + "]" * 20_000 + "}"
    signed = f"{part({'alg': 'RS256', 'kid': 'one'})}.{part(deep.encode())}"
    signature = liar.key.private_key.sign(signed.encode(), PKCS1v15(), SHA256())
    liar.hand_out(f"{signed}.{part(signature)}")
    assert code_of(finish, sign_on, departure) == TOKEN


METHODS: dict[str, tuple[Any, Any, bool]] = {
    "nothing said": (None, None, False),
    "a password": (["pwd"], None, False),
    "a code": (["pwd", "otp"], None, True),
    "more than one": (["mfa"], None, True),
    "a key that is held": (["hwk", "user"], None, True),
    "a card": (["sc", "pin"], None, True),
    "a text message": (["pwd", "sms"], None, False),
    "a key in software": (["swk"], None, False),
    "a place": (["pwd", "geo"], None, False),
    "another case": (["MFA"], None, False),
    "none": ([], None, False),
    "things that are no word": ([{"mfa": 1}, None, 7, ["mfa"]], None, False),
    "the class that was agreed": (["pwd"], "urn:city:two", True),
    "another class": (["pwd"], "urn:city:one", False),
    "a class that is no word": (None, ["urn:city:two"], False),
}


@pytest.mark.parametrize(("amr", "acr", "second_factor"), METHODS.values(), ids=METHODS.keys())
def test_a_second_factor_is_counted_by_what_the_token_says(liar: Liar, amr: Any, acr: Any, second_factor: bool) -> None:
    assert let_in(liar, SignOn(liar.provider("urn:city:two")), amr=amr, acr=acr).second_factor is second_factor


def test_an_empty_class_is_not_the_class_of_a_city_that_agreed_none(liar: Liar) -> None:
    assert let_in(liar, SignOn(liar.provider(acr="")), acr="").second_factor is False
    assert let_in(liar, SignOn(liar.provider(acr=None)), acr=None).second_factor is False


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        ({"name": "Name of the test", "preferred_username": "test"}, "Name of the test"),
        ({"preferred_username": " test "}, "test"),
        ({"name": ["a"], "preferred_username": 7}, None),
        ({"name": "\u202etest"}, None),
        ({"name": "line\nline"}, None),
        ({"name": " "}, None),
        ({"name": "n" * 5000}, "n" * 100),
    ],
)
def test_a_name_is_a_hint_that_fits_on_a_page(
    liar: Liar, sign_on: SignOn, said: dict[str, Any], hint: str | None
) -> None:
    assert let_in(liar, sign_on, **said).name_hint == hint
