"""One attempt to give a package to a body's server over HTTPS, signed after the Standard Webhooks specification 1.0.0.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import contextlib
import datetime as dt
import hashlib
import hmac
import json
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.client import HTTPException
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies
from urllib3.exceptions import HTTPError, NewConnectionError

from bot.casework.partners import Partner
from bot.store.case_verbs import HandoverRow

TAKEN = "sent"
UNREACHABLE, TLS, TIMEOUT, BROKEN, NO_ENDPOINT = "unreachable", "tls", "timeout", "broken", "no_endpoint"
CERTIFICATE_EXPIRED, CERTIFICATE_NAME = "certificate_expired", "certificate_name"
CERTIFICATE_EARLY, CERTIFICATE_UNKNOWN = "certificate_early", "certificate_unknown"
"""vocabulary.DELIVERY_FAULTS."""
CERTIFICATES = {9: CERTIFICATE_EARLY, 10: CERTIFICATE_EXPIRED, 62: CERTIFICATE_NAME, 64: CERTIFICATE_NAME}
"""{X509_V_ERR_…: fault}, of OpenSSL's x509_vfy.h; any other is of who signed it."""
HTTP = "http_"
AGENT = "Vejviser"


@dataclass(frozen=True)
class Patience:
    """Seconds: until connected, between two bytes, and for all of an attempt (37 MB at 1 Mbit/s take 300)."""

    connect: float = 10
    read: float = 30
    whole: float = 600


PATIENT = Patience()


@dataclass(frozen=True)
class Answer:
    """How one attempt went; `code` is `sent`, a fault, or `http_` and a status."""

    code: str
    status: int = 0
    wait: dt.timedelta | None = None
    """For how long the body's server asked to be left alone."""

    @property
    def is_refusal(self) -> bool:
        """The server understood, and wants it otherwise: it will say the same tomorrow."""
        return 300 <= self.status < 500 and self.status != HTTPStatus.TOO_MANY_REQUESTS  # noqa: PLR2004 - RFC 9110


def message(row: HandoverRow, key: bytes) -> bytes:
    """The same bytes for the same handover, each time."""
    sealed, sealed_key = (base64.b64encode(it).decode() for it in (row.sealed, key))
    told = {"id": row.id, "body": row.body, "sealed": sealed, "key": sealed_key}
    return json.dumps(told, separators=(",", ":")).encode()


def signed_headers(secret: bytes, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """`timestamp`: of this attempt, in seconds since 1970."""
    digest = hmac.digest(secret, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
        "content-type": "application/json",
        "user-agent": AGENT,
    }


def post(partner: Partner, headers: Mapping[str, str], body: bytes, patience: Patience) -> Answer:
    """Returns soon after `patience.whole` at the latest; raises nothing that the other side can cause.

    No byte of what stands in an answer is read: its status says all. No redirect is followed.
    """
    cutter = _Cutter(patience.whole)
    try:
        with cutter, requests.Session() as session:
            session.trust_env = False  # neither a .netrc nor another's certificates; proxies are asked for by name
            session.mount(partner.url, cutter)
            answer = session.post(
                partner.url,
                data=body,
                headers=headers,
                timeout=(patience.connect, patience.read),
                allow_redirects=False,
                stream=True,
                verify=str(partner.ca) if partner.ca else True,
                proxies=get_environ_proxies(partner.url),
            )
            answer.close()
    except (requests.RequestException, HTTPError, HTTPException, OSError, ValueError) as error:
        return Answer(TIMEOUT if cutter.has_cut else _fault(error))
    if cutter.has_cut:
        return Answer(TIMEOUT)  # http.client takes a head that was cut off for a whole one
    if 200 <= answer.status_code < 300:  # noqa: PLR2004 - RFC 9110
        return Answer(TAKEN, answer.status_code)
    return Answer(f"{HTTP}{answer.status_code}", answer.status_code, _asked_to_wait(answer))


class _Cutter(HTTPAdapter):
    """Cuts its connections when the time for an attempt is over: timeouts count from one byte to the next only."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.has_cut = False
        self._connections: list[Any] = []
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def get_connection_with_tls_context(self, *given: Any, **more: Any) -> Any:
        pool: Any = super().get_connection_with_tls_context(*given, **more)
        kind = pool.ConnectionCls

        def remembered(*given: Any, **more: Any) -> Any:
            self._connections.append(kind(*given, **more))
            return self._connections[-1]

        pool.ConnectionCls = remembered
        return pool

    def _cut(self) -> None:
        self.has_cut = True
        for connection in self._connections:
            if connection.sock:
                with contextlib.suppress(OSError):
                    connection.sock.shutdown(socket.SHUT_RDWR)


def _fault(error: Exception) -> str:
    if isinstance(error, requests.exceptions.SSLError):
        return _fault_of_certificate(error)
    if isinstance(error, requests.Timeout | TimeoutError):
        return TIMEOUT
    reason = getattr(error.args[0], "reason", None) if error.args else None
    was_never_there = isinstance(error, requests.exceptions.ProxyError) or isinstance(reason, NewConnectionError)
    return UNREACHABLE if was_never_there else BROKEN


def _fault_of_certificate(error: BaseException | None) -> str:
    """What was wrong with it stands at the bottom, under what `requests` and urllib3 made of it."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return CERTIFICATES.get(error.verify_code, CERTIFICATE_UNKNOWN)
        error = error.__cause__ or error.__context__
    return TLS


def _asked_to_wait(answer: requests.Response) -> dt.timedelta | None:
    """`Retry-After`, in seconds or as a moment (RFC 9110, 10.2.3)."""
    asked = answer.headers.get("retry-after", "").strip()
    if asked.isdecimal() and asked.isascii():
        return dt.timedelta(seconds=int(asked[:9]))
    try:
        until: dt.datetime = parsedate_to_datetime(asked)
        return until - dt.datetime.now(dt.UTC)
    except (TypeError, ValueError, OverflowError):
        return None
