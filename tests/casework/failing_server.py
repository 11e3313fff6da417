"""A body's HTTPS server that fails in the way a test chooses, and keeps what it was given, once by `webhook-id`."""

import contextlib
import datetime as dt
import ipaddress
import socket
import ssl
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "localhost"
POURED = 64_000_000
"""Bytes of an answer that nobody wants."""


class Way(StrEnum):
    WELL = "well"
    DOWN = "down"
    NO_TLS = "refuses TLS"
    WRONG_CERTIFICATE = "a certificate of nobody known"
    WRONG_NAME = "a certificate for another name"
    DEAF = "takes the head of a request and no more"
    SILENT = "hangs before the headers"
    DRIPS = "sends its headers one byte after the other"
    HALF = "hangs in the body"
    FAULT = "500"
    BUSY = "429"
    REFUSES = "400"
    GONE = "410"
    CUT = "resets the connection after receiving"
    HUGE = "a huge answer"
    HUGE_HEAD = "a header without an end"
    ELSEWHERE = "redirects elsewhere"
    GARBAGE = "garbage instead of HTTP"


KEEPS = {Way.WELL, Way.HALF, Way.CUT, Way.HUGE}
STATUS = {Way.WELL: 204, Way.FAULT: 500, Way.BUSY: 429, Way.REFUSES: 400, Way.GONE: 410, Way.ELSEWHERE: 307}


@dataclass(frozen=True)
class Request:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


class Certificates:
    """An authority of a test's own, one that nobody trusts, and what they say of the server."""

    def __init__(self, folder: Path) -> None:
        ours, theirs = _authority("Test authority"), _authority("Another authority")
        self.ca = folder / "ca.pem"
        self.ca.write_bytes(_pem(ours[1]))
        self.contexts = {
            Way.WELL: _context(folder / "right.pem", ours, HOST),
            Way.WRONG_CERTIFICATE: _context(folder / "wrong.pem", theirs, HOST),
            Way.WRONG_NAME: _context(folder / "name.pem", ours, "elsewhere.example"),
        }


class FailingServer:
    def __init__(self, folder: Path) -> None:
        certificates = Certificates(folder)
        self.ca = certificates.ca
        self.retry_after = ""
        self.lag = 0.0
        """Seconds between keeping and answering."""
        self.requests: list[Request] = []
        """All that were read to their end."""
        self.kept: dict[str, bytes] = {}
        """{webhook-id: body}: the first that came."""
        self.poured = 0
        self._contexts = certificates.contexts
        self._way = Way.WELL
        self._over = threading.Event()
        self._port = 0
        self._listen()

    @property
    def url(self) -> str:
        return f"https://{HOST}:{self._port}/reports"

    @property
    def way(self) -> Way:
        return self._way

    @way.setter
    def way(self, way: Way) -> None:
        was, self._way = self._way, way
        if way == Way.DOWN != was:
            self._deafen()
        if was == Way.DOWN != way:
            self._listen()

    def close(self) -> None:
        self._over.set()
        if self._way != Way.DOWN:
            self._deafen()

    # Connections

    def _listen(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", self._port), backlog=64)
        self._port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, args=[self._socket], daemon=True)
        self._thread.start()

    def _deafen(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    def _accept(self, listening: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                plain, _ = listening.accept()
                threading.Thread(target=self._serve, args=[plain, self._way], daemon=True).start()

    def _serve(self, plain: socket.socket, way: Way) -> None:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(OSError, ValueError), plain:  # nobody there any more, or half a request
            if way == Way.NO_TLS:
                plain.sendall(b"220 mail.example ready\r\n")
                return
            context = self._contexts.get(way, self._contexts[Way.WELL])
            with context.wrap_socket(plain, server_side=True) as secure:
                self._answer(way, secure)

    def _answer(self, way: Way, secure: ssl.SSLSocket) -> None:
        request = _read(secure, whole=way != Way.DEAF)
        if way == Way.DEAF:
            self._over.wait()
        self.requests.append(request)
        if way in KEEPS:
            self.kept.setdefault(request.id, request.body)
        time.sleep(self.lag)
        if way in STATUS:
            secure.sendall(self._head(way))
        else:
            self._break(way, secure)

    def _head(self, way: Way) -> bytes:
        more = f"retry-after: {self.retry_after}\r\n" if self.retry_after else ""
        more += f"location: {self.url}/elsewhere\r\n" if way == Way.ELSEWHERE else ""
        return f"HTTP/1.1 {STATUS[way]} \r\n{more}content-length: 0\r\nconnection: close\r\n\r\n".encode()

    def _break(self, way: Way, secure: ssl.SSLSocket) -> None:
        if way == Way.SILENT:
            self._over.wait()
        elif way == Way.HALF:
            secure.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf")
            self._over.wait()
        elif way == Way.CUT:
            secure.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # closing is a reset
        elif way == Way.GARBAGE:
            secure.sendall(b"\x00\xff\x13 what is HTTP?\r\n\r\n" * 20)
        else:
            self._pour(way, secure)

    def _pour(self, way: Way, secure: ssl.SSLSocket) -> None:
        heads = {
            Way.HUGE: b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n",
            Way.HUGE_HEAD: b"HTTP/1.1 200 OK\r\nx: ",
            Way.DRIPS: b"HTTP/1.1 200 OK\r\nx: ",
        }
        secure.sendall(heads[way])
        drop = b"x" if way == Way.DRIPS else b"x" * 16_384
        while self.poured < POURED and not self._over.is_set():
            secure.sendall(drop)
            self.poured += len(drop)
            time.sleep(0.02 if way == Way.DRIPS else 0)


def _read(secure: ssl.SSLSocket, *, whole: bool) -> Request:
    reader = secure.makefile("rb")
    _, path, _ = reader.readline().decode().split(" ")
    headers = {}
    while line := reader.readline().decode().strip():
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    body = reader.read(int(headers["content-length"])) if whole else b""
    if whole and len(body) < int(headers["content-length"]):
        raise ConnectionError("half a request")
    return Request(path, headers, body)


# Certificates

type Authority = tuple[ec.EllipticCurvePrivateKey, x509.Certificate]


def _authority(name: str) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    builder = _builder(subject, subject, key).add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
    return key, builder.add_extension(usage, True).sign(key, hashes.SHA256())


def _context(path: Path, authority: Authority, name: str) -> ssl.SSLContext:
    ca_key, ca = authority
    key = ec.generate_private_key(ec.SECP256R1())
    names: list[x509.GeneralName] = [x509.DNSName(name)]
    if name == HOST:
        names.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = _builder(subject, ca.subject, key).add_extension(x509.SubjectAlternativeName(names), False)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + _pem(builder.sign(ca_key, hashes.SHA256())))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    day, now = dt.timedelta(days=1), dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    return builder.serial_number(x509.random_serial_number()).not_valid_before(now - day).not_valid_after(now + day)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


@contextmanager
def reached_directly[Served: FailingServer](server: Served, patch: pytest.MonkeyPatch) -> Iterator[Served]:
    """Whatever proxy this machine has; closed at the end."""
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"):
        patch.delenv(name, raising=False)
    try:
        yield server
    finally:
        server.close()
