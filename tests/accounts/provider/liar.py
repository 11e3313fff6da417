"""A provider that lies: a small real HTTP server of which every answer can be replaced, and whose keys a test holds."""

import base64
import json
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs

from joserfc import jws
from joserfc.jwk import RSAKey

from bot.accounts.sign_on import Departure, Provider, SignOn
from tests.accounts.provider.steps import begin

CLIENT, SUBJECT = "vejviser", "7b1f"
DISCOVERY, TOKEN, KEYS = "/.well-known/openid-configuration", "/token", "/keys"


@dataclass(frozen=True)
class Answer:
    body: bytes | Iterator[bytes] = b""
    """In parts, each sent as it comes."""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    is_whole: bool = False
    """Whether the body brings its own status line and headers."""


class Liar:
    """Tells the truth until a test puts something else into `answers`."""

    PAGES = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.server = _Server(("127.0.0.1", 0), _Handler)
        self.server.liar = self
        if tls:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.issuer = f"http{'s' if tls else ''}://127.0.0.1:{self.server.server_port}"
        self.key = a_key()
        self.answers: dict[str, Callable[[], Answer]] = {
            DISCOVERY: lambda: as_json(self.metadata()),
            KEYS: lambda: as_json({"keys": [self.key.as_dict(private=False)]}),
        }
        self.asked: list[str] = []
        """Paths, in the order they were asked for."""
        self.last_form: dict[str, list[str]] = {}
        self.last_authorization: str | None = None
        self.encodings: set[str | None] = set()
        """Of answers that were said to be welcome."""

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.server.shutdown()
        self.server.server_close()

    def provider(self, acr: str | None = None) -> Provider:
        return Provider(self.issuer, CLIENT, "a secret of the test", "https://console.test/back", acr)

    def metadata(self, **changed: Any) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": self.issuer + TOKEN,
            "jwks_uri": self.issuer + KEYS,
            **changed,
        }

    def claims(self, departure: Departure, **changed: Any) -> dict[str, Any]:
        """Of a right ID token, as changed; what is changed to None is left out."""
        now = int(time.time())
        right = {"iss": self.issuer, "sub": SUBJECT, "aud": CLIENT, "exp": now + 300, "iat": now}
        claims = {**right, "nonce": departure.nonce, **changed}
        return {name: value for name, value in claims.items() if value is not None}

    def hand_out(self, id_token: Any, **beside: Any) -> None:
        tokens = {"access_token": "an access token", "token_type": "Bearer", "id_token": id_token, **beside}
        self.answers[TOKEN] = lambda: as_json(tokens)

    def sign(self, claims: dict[str, Any], key: Any = None, **header: Any) -> str:
        key = key or self.key
        algorithm = header.setdefault("alg", "RS256")
        payload = json.dumps(claims).encode()
        return jws.serialize_compact({"kid": key.kid, **header}, payload, key, algorithms=[algorithm])


@cache
def a_key(name: str = "one") -> RSAKey:
    """The same each time: a key costs a tenth of a second."""
    return RSAKey.generate_key(2048, {"kid": name})


def ready(liar: Liar, sign_on: SignOn) -> Departure:
    """A departure for which a right token would be handed out."""
    departure = begin(sign_on)
    liar.hand_out(liar.sign(liar.claims(departure)))
    return departure


def as_json(value: Any, status: int = 200) -> Answer:
    return Answer(json.dumps(value).encode(), status)


def part(value: Any) -> str:
    """A part of a token, written by hand where a library would refuse."""
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    liar: Liar

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that has heard enough hangs up, which is what is wanted here."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        liar = self.server.liar
        liar.asked.append(self.path)
        liar.encodings.add(self.headers.get("Accept-Encoding"))
        answer = liar.answers.get(self.path, lambda: Answer(status=404))()
        if not answer.is_whole:
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
        for some in [answer.body] if isinstance(answer.body, bytes) else answer.body:
            self.wfile.write(some)
            self.wfile.flush()

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.server.liar.last_form = parse_qs(self.rfile.read(length).decode())
        self.server.liar.last_authorization = self.headers.get("Authorization")
        self.do_GET()

    def log_message(self, *_: Any) -> None:
        """Nothing on the test's screen."""
