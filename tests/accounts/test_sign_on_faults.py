"""Providers that answer badly, late, without end or not at all: nobody gets in, and nobody else waits."""

import asyncio
import datetime as dt
import gzip
import ipaddress
import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.accounts.sign_on import ANSWER_BYTES, AT_ONCE, PROVIDER, TOKEN, UNREACHABLE, Provider, SignOn
from bot.errors import SignOnError
from tests.accounts.provider.liar import CLIENT, DISCOVERY, KEYS, SUBJECT, Answer, Liar, as_json, ready
from tests.accounts.provider.liar import TOKEN as TOKENS
from tests.accounts.provider.steps import begin, code_of, finish
from tests.server import free_port

PATIENCE = 1.0
"""Seconds for one answer, so that a slow provider costs the tests little."""
WORDS = "words of the provider"


@pytest.fixture
def liar() -> Iterator[Liar]:
    with Liar() as liar:
        yield liar


def slowly(parts: Iterable[bytes], pause: float) -> Iterator[bytes]:
    for part in parts:
        time.sleep(pause)
        yield part


PACKED_BOMB = gzip.compress(b" " * 10**8)
PACKED = {"Content-Encoding": "gzip"}
BAD: dict[str, tuple[Callable[[bytes], Answer], str]] = {
    "nothing": (lambda _: Answer(b""), PROVIDER),
    "garbage": (lambda _: Answer(bytes(range(256)) * 8), PROVIDER),
    "a page": (lambda _: Answer(f"<html>{WORDS}</html>".encode()), PROVIDER),
    "no object": (lambda _: as_json([WORDS]), PROVIDER),
    "a thousand brackets": (lambda _: Answer(b"[" * 100_000), PROVIDER),
    "gone": (lambda _: Answer(status=404), PROVIDER),
    "another place": (lambda _: Answer(status=302, headers={"Location": "/elsewhere"}), PROVIDER),
    "right, and 10 MB of nothing": (lambda right: Answer(right + b" " * 10**7), PROVIDER),
    "right, and one byte too many": (lambda right: Answer(right.ljust(ANSWER_BYTES + 1)), PROVIDER),
    "right, and without end": (lambda right: Answer(chain([right], repeat(b" " * 10_000))), PROVIDER),
    "right, but packed": (lambda right: Answer(gzip.compress(right), headers=PACKED), PROVIDER),
    "100 MB packed small": (lambda _: Answer(PACKED_BOMB, headers=PACKED), PROVIDER),
    "right, but down": (lambda right: Answer(right, status=503), UNREACHABLE),
    "right, but late": (lambda right: Answer(slowly([right], 4 * PATIENCE)), UNREACHABLE),
    "right, but drop by drop": (
        lambda right: Answer(slowly(chain([right], repeat(b" ", 40)), PATIENCE / 10)),
        UNREACHABLE,
    ),
}


@pytest.mark.parametrize("path", [DISCOVERY, TOKENS, KEYS])
@pytest.mark.parametrize(("answer", "code"), BAD.values(), ids=BAD.keys())
def test_a_bad_answer_is_left_soon_and_without_its_words(
    liar: Liar, path: str, answer: Callable[[bytes], Answer], code: str
) -> None:
    sign_on = SignOn(liar.provider(), PATIENCE)
    departure = ready(liar, sign_on)
    right = liar.answers["/elsewhere"] = liar.answers[path]
    liar.answers[path] = lambda: answer(bytes(right().body))  # type: ignore[arg-type]
    begun = time.monotonic()
    if path == DISCOVERY:
        assert code_of(begin, SignOn(liar.provider(), PATIENCE)) == code
    else:
        assert code_of(finish, sign_on, departure) == code
    assert time.monotonic() - begun < 2 * PATIENCE
    assert "/elsewhere" not in liar.asked
    assert liar.encodings == {"identity"}


def test_an_answer_as_long_as_is_allowed_is_read(liar: Liar) -> None:
    sign_on = SignOn(liar.provider())
    right = liar.answers[KEYS]
    liar.answers[KEYS] = lambda: Answer(bytes(right().body).ljust(ANSWER_BYTES))  # type: ignore[arg-type]
    assert finish(sign_on, ready(liar, sign_on)).subject == SUBJECT


def test_headers_without_end_hold_a_person_up_for_three_answers_at_most(liar: Liar) -> None:
    lines = chain([b"HTTP/1.1 200 OK\r\n"], repeat(b"X-Drop: 1\r\n", 90))
    liar.answers[DISCOVERY] = lambda: Answer(slowly(lines, PATIENCE / 10), is_whole=True)
    begun = time.monotonic()
    assert code_of(begin, SignOn(liar.provider(), PATIENCE)) == UNREACHABLE
    assert time.monotonic() - begun < 4 * PATIENCE


def test_a_provider_that_is_gone_is_unreachable() -> None:
    nobody = Provider(f"http://127.0.0.1:{free_port()}", CLIENT, "s", "https://console.test/back")
    assert code_of(begin, SignOn(nobody, PATIENCE)) == UNREACHABLE


def test_a_provider_that_hangs_holds_up_nothing_else(liar: Liar) -> None:
    """More people press the button than there are threads; the rest of the console goes on at its pace."""
    liar.answers[DISCOVERY] = lambda: Answer(slowly([b"{}"], 10 * PATIENCE))
    sign_on = SignOn(liar.provider(), PATIENCE)

    async def press(longest: list[float]) -> list[BaseException | object]:
        pressed = asyncio.gather(*(sign_on.begin() for _ in range(3 * AT_ONCE)), return_exceptions=True)
        while not pressed.done():
            begun = time.monotonic()
            await asyncio.gather(asyncio.sleep(0.01), asyncio.to_thread(time.sleep, 0.01))
            longest.append(time.monotonic() - begun)
        return await pressed

    longest: list[float] = []
    begun = time.monotonic()
    ended = asyncio.run(press(longest))
    assert time.monotonic() - begun < 3 * PATIENCE + 1
    assert {str(error) for error in ended} == {UNREACHABLE}
    assert max(longest) < PATIENCE / 2


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
CLAIMS = st.sampled_from(
    ["iss", "sub", "aud", "exp", "iat", "nbf", "nonce", "azp", "amr", "acr", "at_hash", "auth_time", "name"]
)
KEY_NAMES = st.sampled_from(["kty", "kid", "alg", "use", "key_ops", "n", "e", "crv", "x", "y", "d", "k"])
KEY_VALUES = ANY | st.sampled_from(
    ["RSA", "EC", "OKP", "oct", "AQAB", "P-256", "secp256k1", "Ed25519", "RS256", "sig", "enc", "one"]
)


@given(metadata=ANY, changed=st.dictionaries(st.sampled_from(list(Liar.PAGES)), ANY, min_size=1))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_provider_says_of_itself_a_failure_is_one_of_ours(
    liar: Liar, metadata: Any, changed: dict[str, Any]
) -> None:
    for said in (metadata, liar.metadata(**changed)):
        liar.answers[DISCOVERY] = lambda said=said: as_json(said)
        assert code_of(begin, SignOn(liar.provider())) == PROVIDER


@given(tokens=ANY, claims=st.dictionaries(CLAIMS, ANY, min_size=1, max_size=3))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_token_says_it_lets_in_its_own_person_or_nobody(
    liar: Liar, tokens: Any, claims: dict[str, Any]
) -> None:
    sign_on = SignOn(liar.provider())
    departure = begin(sign_on)
    liar.answers[TOKENS] = lambda: as_json(tokens)
    assert code_of(finish, sign_on, departure) in {PROVIDER, TOKEN}
    said = liar.claims(departure) | claims
    liar.hand_out(liar.sign(said))
    try:
        outcome = finish(sign_on, departure).subject
    except SignOnError as error:
        outcome = str(error)
    assert outcome in [said["sub"], TOKEN]


@given(keys=st.lists(st.dictionaries(KEY_NAMES, KEY_VALUES), max_size=2) | ANY)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_keys_a_provider_shows_they_let_nobody_in(liar: Liar, keys: Any) -> None:
    sign_on = SignOn(liar.provider())
    departure = ready(liar, sign_on)
    liar.answers[KEYS] = lambda: as_json({"keys": keys})
    assert code_of(finish, sign_on, departure) in {PROVIDER, TOKEN}


# Over TLS


def test_only_a_certificate_that_this_machine_trusts_is_talked_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, key = _self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with Liar(context) as liar:
        assert code_of(begin, SignOn(liar.provider())) == UNREACHABLE
        assert liar.asked == []
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
        sign_on = SignOn(liar.provider())
        assert finish(sign_on, ready(liar, sign_on)).subject == SUBJECT


def _self_signed(folder: Path) -> tuple[Path, Path]:
    key, name, now = ec.generate_private_key(ec.SECP256R1()), x509.Name([]), dt.datetime.now(dt.UTC)
    host = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(host, critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / "certificate.pem", folder / "key.pem"
    certificate_file.write_bytes(signed.public_bytes(Encoding.PEM))
    key_file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return certificate_file, key_file
