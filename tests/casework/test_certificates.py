"""A body's server whose certificate is wrong: nothing is sent, the fault has its name, and it comes once renewed."""

import datetime as dt
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.casework import vocabulary as codes
from bot.casework.delivery import KEPT_TRYING, LEAST_WAIT, MOST_WAIT
from tests.casework.failing_server import (
    HOST,
    Authority,
    FailingServer,
    _authority,
    _builder,
    _context,
    _pem,
    reached_directly,
)
from tests.casework.failing_server import Way as WayOfFailing
from tests.casework.handing import Handing
from tests.casework.test_delivery import Sender, sent

TEN_DAYS = dt.timedelta(days=10)


class Certified(FailingServer):
    """Answers well, behind the certificate that a test puts there; `ours` is the authority that the city knows."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.folder = folder
        self.ours: Authority = _authority("Known authority")
        self.ca.write_bytes(_pem(self.ours[1]))
        self.certificate = self.right()

    @property
    def certificate(self) -> ssl.SSLContext:
        return self._contexts[WayOfFailing.WELL]

    @certificate.setter
    def certificate(self, context: ssl.SSLContext) -> None:
        self._contexts[WayOfFailing.WELL] = context

    def right(self) -> ssl.SSLContext:
        return _context(self.folder / "right.pem", self.ours, HOST)

    def made(self, then: dt.timedelta) -> ssl.SSLContext:
        """The right one, made at another time: each is good for a day before and after."""
        with time_machine.travel(dt.datetime.now(dt.UTC) + then):
            return self.right()

    def of_an_old_authority(self) -> ssl.SSLContext:
        with time_machine.travel(dt.datetime.now(dt.UTC) - TEN_DAYS):
            self.ours = _authority("Known authority")
        self.ca.write_bytes(_pem(self.ours[1]))
        return self.right()

    def of_itself(self) -> ssl.SSLContext:
        """As one makes it with a single command: the name is right, and nobody vouches for it."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
        names = x509.SubjectAlternativeName([x509.DNSName(HOST)])
        signed = _builder(subject, subject, key).add_extension(names, False).sign(key, hashes.SHA256())
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path = self.folder / "itself.pem"
        path.write_bytes(private + _pem(signed))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    def without_its_middle(self) -> ssl.SSLContext:
        """Signed by somebody whom our authority knows, who does not stand in the chain that is shown."""
        return _context(self.folder / "middle.pem", _authority("In between"), HOST)


WRONG: dict[str, tuple[str, Callable[[Certified], ssl.SSLContext]]] = {
    "expired": ("certificate_expired", lambda it: it.made(-TEN_DAYS)),
    "of an expired authority": ("certificate_expired", Certified.of_an_old_authority),
    "not valid yet": ("certificate_early", lambda it: it.made(TEN_DAYS)),
    "signed by itself": ("certificate_unknown", Certified.of_itself),
    "of nobody who is known": ("certificate_unknown", Certified.without_its_middle),
    "for another host": (
        "certificate_name", lambda it: _context(it.folder / "other.pem", it.ours, "elsewhere.example"),
    ),
    "for a host below": ("certificate_name", lambda it: _context(it.folder / "below.pem", it.ours, "a.localhost")),
}  # fmt: skip


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Certified]:
    with reached_directly(Certified(tmp_path), monkeypatch) as server:
        yield server


@pytest.mark.parametrize("wrong", WRONG)
def test_nothing_is_sent_before_a_server_has_proven_who_it_is_and_then_it_comes_once(
    handing: Handing, server: Certified, wrong: str
) -> None:
    row, sender = handing.make(way="endpoint"), Sender(handing)
    code, make = WRONG[wrong]
    server.certificate = make(server)
    for attempt in range(1, 4):
        found = sender.send_when_due(row)
        assert (found.state, found.error, found.attempts) == ("sending", code, attempt)
        assert found.next_try
        assert LEAST_WAIT <= found.next_try - sender.now <= MOST_WAIT
    assert server.requests == []
    assert server.kept == {}
    if wrong == "of an expired authority":
        server.ours = _authority("Known authority")
        server.ca.write_bytes(_pem(server.ours[1]))
    server.certificate = server.right()
    found = sender.send_when_due(row)
    assert (found.state, found.error, found.attempts) == ("sent", None, 4)
    assert sent(handing, row, server)
    assert [outcome for _, outcome in sender.told] == [code] * 3 + ["sent"]


def test_every_fault_of_a_certificate_has_a_code() -> None:
    named = {code for code in codes.DELIVERY_FAULTS if code.startswith("certificate_")}
    assert {code for code, _ in WRONG.values()} == named


def test_a_certificate_that_stays_wrong_for_a_week_is_given_up_and_staff_can_begin_anew(
    handing: Handing, server: Certified
) -> None:
    row, sender = handing.make(way="endpoint"), Sender(handing)
    begun, server.certificate = sender.now, server.made(-TEN_DAYS)
    found = sender.send_to_the_end(row)
    assert (found.state, found.error) == ("failed", "certificate_expired")
    assert sender.now - begun <= KEPT_TRYING + MOST_WAIT
    assert server.requests == []


def test_a_certificate_that_runs_out_between_two_packages_stops_the_second_only(
    handing: Handing, server: Certified
) -> None:
    first, sender = handing.make(way="endpoint"), Sender(handing)
    assert sender.send_when_due(first).state == "sent"
    server.certificate = server.made(-TEN_DAYS)
    second = handing.make(way="endpoint")
    assert sender.send_when_due(second).error == "certificate_expired"
    assert list(server.kept) == [first.id]
