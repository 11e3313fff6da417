"""Bodies with a server that takes reports: where it stands and its keys, from the file that VEJVISER_PARTNERS names."""

import base64
import binascii
import ipaddress
import ssl
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from nacl.public import PublicKey, SealedBox

from bot.casework.law import Law
from bot.errors import SettingError

PUBLIC_BYTES = 32
LEAST_SECRET, MOST_SECRET = 24, 64
"""Bytes of a secret, by the Standard Webhooks specification 1.0.0."""
SECRET_PREFIX = "whsec_"  # noqa: S105 - not a secret, but what stands before each
FIELDS = frozenset({"url", "public_key", "public_key_file", "secret", "secret_file", "ca_file"})


@dataclass(frozen=True)
class Partner:
    body: str
    url: str
    public_key: bytes = field(repr=False)
    """X25519; who holds its private half opens what is sent."""
    secret: bytes = field(repr=False)
    """With which each sending is signed."""
    ca: Path | None = None
    """Whose certificates are trusted for it; None for those of everybody."""


def read_partners(path: Path | None, law: Law) -> dict[str, Partner]:
    """{body: partner}; none where no file is named. Raises SettingError with file, body and field of a fault.

    Names of files in it are read from its own folder.
    """
    if path is None:
        return {}
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingError(f"VEJVISER_PARTNERS: {path} cannot be read: {error.strerror}") from error
    except ValueError as error:  # of TOML and of UTF-8
        raise SettingError(f"VEJVISER_PARTNERS: {path.name}: {error}") from error
    return {body: _Entry(path, body, fields).partner(law) for body, fields in entries.items()}


class _Entry:
    def __init__(self, path: Path, body: str, fields: Any) -> None:
        self._path, self._body = path, body
        if not isinstance(fields, dict):
            raise self._fault("", "must be a table")
        self._fields: Mapping[str, Any] = fields

    def partner(self, law: Law) -> Partner:
        if self._body not in law.bodies or not law.bodies[self._body].takes_forwarded:
            raise self._fault("", "is no body to which reports are handed over (content/law/bodies.yml)")
        for name in self._fields:
            if name not in FIELDS:
                raise self._fault(name, "is not a field")
        return Partner(self._body, self._url(), self._public_key(), self._secret(), self._ca())

    def _url(self) -> str:
        url = self._text("url")
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname or "", parts.port
        except ValueError:
            raise self._fault("url", "is not a web address") from None
        if not host or parts.username or parts.fragment or any(char.isspace() for char in url):
            raise self._fault("url", "is not a web address")
        if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(host)):
            raise self._fault("url", "must begin with https://")
        return url

    def _public_key(self) -> bytes:
        key = self._decoded("public_key", self._text_or_file("public_key"))
        try:
            SealedBox(PublicKey(key)).encrypt(b"")
        except Exception:  # noqa: BLE001 - nacl raises errors of three kinds for a wrong length and a useless point
            raise self._fault("public_key", f"must be an X25519 key of {PUBLIC_BYTES} bytes") from None
        return key

    def _secret(self) -> bytes:
        secret = self._decoded("secret", self._text_or_file("secret").removeprefix(SECRET_PREFIX))
        if not LEAST_SECRET <= len(secret) <= MOST_SECRET:
            raise self._fault("secret", f"must be {LEAST_SECRET} to {MOST_SECRET} bytes")
        return secret

    def _ca(self) -> Path | None:
        if "ca_file" not in self._fields:
            return None
        path = self._path.parent / self._text("ca_file")
        try:
            ssl.create_default_context(cafile=path)
        except OSError:  # of the file, and of what is in it
            raise self._fault("ca_file", "cannot be read as certificates") from None
        return path

    def _text_or_file(self, name: str) -> str:
        inline, file = name in self._fields, f"{name}_file" in self._fields
        if inline == file:
            raise self._fault(name, f"give either this or {name}_file")
        if inline:
            return self._text(name)
        try:
            return (self._path.parent / self._text(f"{name}_file")).read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            raise self._fault(f"{name}_file", "cannot be read") from None

    def _text(self, name: str) -> str:
        value = self._fields.get(name)
        if not isinstance(value, str) or not value.strip():
            raise self._fault(name, "is missing")
        return value.strip()

    def _decoded(self, name: str, text: str) -> bytes:
        try:
            return base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            raise self._fault(name, "must be base64") from None

    def _fault(self, name: str, what: str) -> SettingError:
        place = ": ".join(part for part in (self._path.name, self._body, name) if part)
        return SettingError(f"VEJVISER_PARTNERS: {place}: {what}")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
