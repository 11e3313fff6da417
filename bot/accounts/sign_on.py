"""A city's own log-in: sends staff to its OpenID provider and says who came back; knows no page and no store."""

import asyncio
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from hmac import compare_digest
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import OpenIDProviderMetadata, get_well_known_url
from cryptography.exceptions import UnsupportedAlgorithm
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError as TransportError

from bot.errors import SignOnError

STATE, PROVIDER, TOKEN, REFUSED, UNREACHABLE = "state", "provider", "token", "refused", "unreachable"
"""Why a log-in failed: it was not begun here; the provider is not set up right; its token proves nothing; the provider
said no; the provider does not answer."""

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures with a key pair only: `none` proves nothing, and the secret of HS* is a text that two sides know."""
SECOND_FACTORS = ("mfa", "mca", "otp", "hwk", "sc")
"""Of RFC 8176, section 2: what says more than one factor, or a thing that is held. A password, a biometric, a key in
software, a text message or a place alone are not counted."""

SCOPE = "openid profile"
SECONDS = 5.0
ANSWER_BYTES = 256 * 1024
KNOWN_FOR_SECONDS = 3600.0
CLOCKS_DIFFER_SECONDS = 60
SUBJECT_LENGTH = 255  # OpenID Connect Core 1.0, section 2
NAME_LENGTH = 100
AT_ONCE, REQUESTS_IN_A_ROW = 4, 3
LOOPBACK = ("localhost", "127.0.0.1", "::1")

_MALFORMED = (
    *(JoseError, requests.RequestException, UnsupportedAlgorithm),
    *(ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError),
)
"""What the libraries raise where a provider's answer has not the shape they expect."""


@dataclass(frozen=True)
class Provider:
    """As the city's provider knows this service."""

    issuer: str
    """As the provider writes it itself: https, without a query; http for a loopback address only."""
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    acr: str | None = None
    """The class of log-in that the city counts as two factors; it is asked for, and believed when it comes back."""


@dataclass(frozen=True, repr=False)
class Departure:
    """One log-in on its way. To be kept where only the browser that left can present it, and used once."""

    url: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Identity:
    """Who came back. Only issuer and subject together name a person; the name can be anybody's."""

    issuer: str
    subject: str
    name_hint: str | None
    second_factor: bool
    """Whether the provider vouches for one; False where it says nothing."""


class SignOn:
    """Authorization code flow with PKCE at one provider. Every failure is a SignOnError whose text is a code.

    One answer of the provider may take `seconds`, and a whole step three times that. Its threads are its own, so that
    a provider that hangs holds up nobody but those who log in there.
    """

    def __init__(self, provider: Provider, seconds: float = SECONDS) -> None:
        with _fails_as(PROVIDER):
            if not _is_safe(provider.issuer, provider.issuer):
                raise SignOnError(PROVIDER)
        self._provider = provider
        self._seconds = seconds
        self._threads = ThreadPoolExecutor(AT_ONCE, "sign-on")
        self._known: tuple[float, OpenIDProviderMetadata] | None = None

    async def begin(self) -> Departure:
        return await self._apart(self._begin)

    async def finish(self, departure: Departure, query: Mapping[str, str]) -> Identity:
        """`query` is what the browser brought back. Nothing is asked of the provider before the state is right."""
        if not _same(query.get("state", ""), departure.state):
            raise SignOnError(STATE)
        if "error" in query:  # before who answers is checked: providers forget to name themselves in a refusal
            raise SignOnError(REFUSED)
        return await self._apart(self._finish, departure, dict(query))

    async def _apart[**P, T](self, step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """A blocking step in a thread; the caller is let go in time even where the thread is not."""
        running = asyncio.get_running_loop().run_in_executor(self._threads, lambda: step(*args, **kwargs))
        try:
            return await asyncio.wait_for(running, self._seconds * REQUESTS_IN_A_ROW)
        except TimeoutError:
            raise SignOnError(UNREACHABLE) from None

    def _begin(self) -> Departure:
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        with self._session() as session:
            metadata = self._metadata(session)
            url, _ = session.create_authorization_url(
                metadata["authorization_endpoint"],
                state=state, nonce=nonce, code_verifier=verifier, acr_values=self._provider.acr,
            )  # fmt: skip
        return Departure(url, state, nonce, verifier)

    def _finish(self, departure: Departure, query: Mapping[str, str]) -> Identity:
        with self._session() as session:
            metadata = self._metadata(session)
            self._check_who_answers(metadata, query)
            tokens = self._tokens(session, metadata, query.get("code", ""), departure.verifier)
            # Fetched each time, so that a new key is known at once, and one that was withdrawn opens nothing.
            with _fails_as(PROVIDER):
                keys = KeySet.import_key_set(_get(session, metadata["jwks_uri"]))
        with _fails_as(TOKEN):
            return self._identity(self._claims(tokens, keys, departure.nonce))

    def _session(self) -> OAuth2Session:
        provider = self._provider
        session = OAuth2Session(
            provider.client_id, provider.client_secret, redirect_uri=provider.redirect_uri, scope=SCOPE,
            code_challenge_method="S256", max_redirects=0,
        )  # fmt: skip
        session.headers["Accept-Encoding"] = "identity"
        for scheme in ("https://", "http://"):
            session.mount(scheme, _Bounded(self._seconds))
        return session

    def _metadata(self, session: OAuth2Session) -> OpenIDProviderMetadata:
        if self._known and 0 <= time.time() - self._known[0] < KNOWN_FOR_SECONDS:
            return self._known[1]
        with _fails_as(PROVIDER):
            found = OpenIDProviderMetadata(_get(session, get_well_known_url(self._provider.issuer, external=True)))
            self._check_metadata(found)
        self._known = time.time(), found
        return found

    def _check_metadata(self, metadata: OpenIDProviderMetadata) -> None:
        """Only what is used here: Authlib's check of the whole refuses providers that leave out what nobody asks."""
        metadata.validate_issuer()
        issuer = self._provider.issuer
        used = [metadata[key] for key in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
        if metadata["issuer"] != issuer or not all(_is_safe(url, issuer) for url in used):
            raise SignOnError(PROVIDER)

    def _check_who_answers(self, metadata: OpenIDProviderMetadata, query: Mapping[str, str]) -> None:
        """RFC 9207, section 2.4: an answer that another provider sent along is not taken to this one."""
        promised = metadata.get("authorization_response_iss_parameter_supported") is True
        if ("iss" in query or promised) and query.get("iss") != self._provider.issuer:
            raise SignOnError(PROVIDER)

    def _tokens(
        self, session: OAuth2Session, metadata: OpenIDProviderMetadata, code: str, verifier: str
    ) -> Mapping[str, Any]:
        with _fails_as(PROVIDER):
            basic = "client_secret_basic" in metadata.token_endpoint_auth_methods_supported
            tokens: Mapping[str, Any] = session.fetch_token(
                metadata["token_endpoint"], grant_type="authorization_code", code=code, code_verifier=verifier,
                auth=session.client_auth("client_secret_basic" if basic else "client_secret_post"),
            )  # fmt: skip
        return tokens

    def _claims(self, tokens: Mapping[str, Any], keys: KeySet, nonce: str) -> CodeIDToken:
        """All checks of OpenID Connect Core 1.0, section 3.1.3.7."""
        registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
        token = jwt.decode(tokens["id_token"], keys, registry=registry)
        wanted: dict[str, Any] = {
            "iss": {"essential": True, "value": self._provider.issuer},
            "aud": {"essential": True, "value": self._provider.client_id},
            "sub": {"essential": True, "validate": lambda _, sub: sub.isascii() and len(sub) <= SUBJECT_LENGTH},
        }
        known = {"nonce": nonce, "client_id": self._provider.client_id, "access_token": tokens.get("access_token")}
        claims = CodeIDToken(token.claims, token.header, wanted, known)
        claims.validate(leeway=CLOCKS_DIFFER_SECONDS)
        return claims

    def _identity(self, claims: Mapping[str, Any]) -> Identity:
        acr = self._provider.acr
        second_factor = bool(acr and claims.get("acr") == acr) or any(
            method in SECOND_FACTORS for method in claims.get("amr") or ()
        )
        return Identity(self._provider.issuer, claims["sub"], _name_hint(claims), second_factor)


class _Bounded(HTTPAdapter):
    """Reads every answer whole before anybody looks at it: at most ANSWER_BYTES, within `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds

    def send(self, *args: Any, **options: Any) -> requests.Response:
        answer = super().send(*args, **{**options, "stream": True, "timeout": self._seconds})
        with answer.raw as body:
            if answer.status_code >= requests.codes.server_error:
                raise SignOnError(UNREACHABLE)
            answer.raw = BytesIO(_read(body, time.monotonic() + self._seconds))
        return answer


def _read(body: Any, until: float) -> bytes:
    """Never unpacked, so that a small answer stays small: packed ones were not asked for."""
    read = bytearray()
    try:
        while part := body.read1(ANSWER_BYTES, decode_content=False):
            read += part
            if len(read) > ANSWER_BYTES:
                raise SignOnError(PROVIDER)
            if time.monotonic() > until:
                raise SignOnError(UNREACHABLE)
    except TransportError:
        raise SignOnError(UNREACHABLE) from None
    return bytes(read)


def _get(session: OAuth2Session, url: str) -> Any:
    answer = session.get(url, withhold_token=True, headers={"Accept": "application/json"})
    answer.raise_for_status()
    return answer.json()


@contextmanager
def _fails_as(code: str) -> Iterator[None]:
    """What fails inside becomes one error of ours, cut off from its cause, which may quote the provider."""
    try:
        yield
    except (requests.ConnectionError, requests.Timeout):
        raise SignOnError(UNREACHABLE) from None
    except OAuthError as error:
        raise SignOnError(REFUSED if error.error == "invalid_grant" else PROVIDER) from None
    except _MALFORMED:
        raise SignOnError(code) from None


def _is_safe(url: str, issuer: str) -> bool:
    """Authlib's own check can be switched off by an environment variable, and lets an https issuer name http."""
    parts = urlsplit(url)
    if parts.scheme == "https":
        return bool(parts.hostname)
    return parts.scheme == "http" and parts.hostname in LOOPBACK and urlsplit(issuer).scheme == "http"


def _same(given: str, expected: str) -> bool:
    return compare_digest(given.encode(errors="replace"), expected.encode())


def _name_hint(claims: Mapping[str, Any]) -> str | None:
    for key in ("name", "preferred_username"):
        name = claims.get(key)
        if isinstance(name, str) and name.strip() and name.isprintable():
            return name.strip()[:NAME_LENGTH]
    return None
