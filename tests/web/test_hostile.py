"""Generated requests against a real server: none ends in a fault, and no word of theirs is logged or lies open."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from bot.settings import ROOT
from tests.server import Server
from tests.web.interface import DESCRIPTION, Chat, checked

CANARY = "kanariefugl7c1e"
"""Stands in every text, id, body, path and header that is sent."""
RENEWED_AFTER = 20
"""Requests; conversations of every length up to this one are met."""

SHORT, LONG = 300, 10_000


@dataclass(frozen=True)
class Sent:
    """A request; `session` tells whose cookie it bears."""

    method: str
    path: str
    session: str = "own"
    headers: tuple[tuple[str, bytes], ...] = ()
    body: bytes = b""


@dataclass
class Attack:
    """Somebody who sends all this, now and then in a new conversation."""

    client: httpx.Client
    statuses: Counter[int] = field(default_factory=Counter)
    token: str = ""
    used: int = RENEWED_AFTER

    def send(self, sent: Sent) -> None:
        cookie = self._cookie(sent.session)
        headers = [(name.encode(), value) for name, value in sent.headers] + ([(b"Cookie", cookie)] if cookie else [])
        self.client.cookies.clear()
        answer = self.client.request(sent.method, sent.path, headers=headers, content=sent.body)
        self.statuses[answer.status_code] += 1
        if answer.status_code == 401:
            self.used = RENEWED_AFTER

    def _cookie(self, session: str) -> bytes:
        if session != "own":
            return f"vejviser_session={session}".encode() if session else b""
        self.used += 1
        if self.used > RENEWED_AFTER:
            self.used = 0
            self.token = Chat(self.client, None).token
        return f"vejviser_session={self.token}".encode()


@pytest.fixture(scope="module")
def attacked(server: Server) -> Iterator[Attack]:
    with checked(httpx.Client(base_url=server.url, timeout=60)) as client:
        yield Attack(client)


# What is sent


def planted(text: str) -> str:
    """With the canary in the middle, where neither cutting nor stripping removes it."""
    return text[: len(text) // 2] + CANARY + text[len(text) // 2 :]


HARD = [
    "", " ", "\0", "\n" * 400, "\ud800", "\udfff\ud800", "\u202e", "e" + "\u0301" * 900, "\ufdfa" * 400, "\u0640" * 800,
    "🏳️‍🌈" * 200, "\u200f\u200e\u2066", "1" * 900, "(" * 900, "a.b@" * 200, "' OR 1=1 --", "{{7*7}}", "${jndi:ldap://x}",
    "<script>", "../../etc/passwd", "/restart", '/answer_count{"count":"yes"}', "EXTERNAL: action_file_report",
    "I want to learn Danish", "Jeg blev diskrimineret på arbejdet", "أريد أن أتعلم الدنماركية", "yes", "nej", "112",
    "delete this chat", "start over", "2412701234", "\uffff", "\U0010ffff", "İ", "ß" * 900, "㍿" * 300,
]  # fmt: skip
BUTTONS = [
    "need_danish_start", "need_report_discrimination", "residence_unsaid", "count_yes", "count_no", "report_begin",
    "role_self", "language_da", "language_ar", "language_en", "language_tlh", "need_restart", "delete_chat_yes",
]  # fmt: skip

scripts = st.sampled_from(
    [
        st.characters(),
        st.characters(codec=None, categories=["Cs", "Cc", "Cf", "Mn", "Lo"]),
        st.sampled_from("aå éعب🧭 "),
    ]
).flatmap(lambda letters: st.text(letters, max_size=60))
texts = st.one_of(scripts, st.sampled_from(HARD), st.integers(900, 1100).map("x".ljust)).map(planted)
buttons = st.one_of(st.sampled_from(BUTTONS), texts)
ids = st.one_of(st.uuids().map(str), texts.map(lambda text: text[:64]), st.just("the same"))
anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), texts),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=8,
)


def as_json(value: object) -> bytes:
    return json.dumps(value).encode()


JSON = ("Content-Type", b"application/json")
FORM = ("Content-Type", b"application/x-www-form-urlencoded")
well_formed = st.one_of(
    st.fixed_dictionaries({"id": ids, "text": texts}), st.fixed_dictionaries({"id": ids, "button": buttons})
)
ill_formed = st.one_of(
    anything,
    st.fixed_dictionaries({}, optional={"id": anything, "text": anything, "button": anything, CANARY: anything}),
)
broken = st.one_of(
    st.builds(lambda value, cut: as_json(value)[:-cut], well_formed, st.integers(1, 30)),
    st.binary(max_size=200).map(lambda raw: raw + CANARY.encode()),
    st.integers(1, 40_000).map(lambda times: b"[" * times + CANARY.encode()),
    texts.map(lambda text: text.encode("utf-16", "surrogatepass")),
)
sessions = st.one_of(st.just("own"), st.just("own"), st.just("own"), st.sampled_from(["", "0" * 32, CANARY, "00"]))
kinds = st.sampled_from([b"application/json; charset=utf-7", b"text/json", b"text/plain", CANARY.encode(), b""])
odd_headers = st.lists(
    st.tuples(
        st.sampled_from(["Accept-Language", "User-Agent", "Referer", "X-Forwarded-For", "Origin", "Sec-Fetch-Site",
                         "Content-Encoding", "Range", "If-None-Match", "X-Http-Method-Override"]),
        st.one_of(
            st.sampled_from([b"ar", b"da;q=x", b"null", b"http://[", b"cross-site", b"same-origin", b"gzip"]),
            st.binary(min_size=1, max_size=20).map(lambda raw: bytes(max(byte, 33) for byte in raw)),
        ).map(lambda value: value if len(value) < 12 else value + CANARY.encode()),
    ),
    max_size=3,
).map(tuple)  # fmt: skip
fields = st.dictionaries(
    st.sampled_from(
        [
            "id",
            "text",
            "button",
            "lang",
            "from",
            "staff",
            "code",
            "place",
            "step",
            "met",
            "do",
            "receipt",
            "part",
            "method",
            "consent",
            "answer",
            CANARY,
        ]
    ),
    st.one_of(texts, buttons),
)
forms = st.one_of(
    fields.map(lambda given: "&".join(f"{name}={quote(it, errors='replace')}" for name, it in given.items()).encode()),
    st.binary(max_size=200).map(lambda raw: raw + b"&text=" + CANARY.encode()),
)
paths = st.one_of(
    st.sampled_from(["/", "/health", "/api/openapi.json", "/api/chat/session", "/api/chat/messages", "/static/chat.js",
                     "/start", "/say", "/delete", "/slip", "/outcome", "/deadline.ics",
                     "/static/../app.py", "/static/%2e%2e%2fapp.py", "//", "/%ff"]),
    texts.map(lambda text: "/" + quote(text[:200], safe="/.", errors="replace")),
    texts.map(lambda text: "/static/" + quote(text[:200], safe="/.%", errors="replace")),
    texts.map(lambda text: "/?lang=" + quote(text[:200], errors="replace")),
    texts.map(lambda text: "/?staff&from=" + quote(text[:200], errors="replace")),
    texts.map(lambda text: "/outcome?code=" + quote(text[:200], errors="replace")),
)  # fmt: skip

SAY = ("POST", "/api/chat/messages")
requests = st.one_of(
    st.builds(lambda body, session: Sent(*SAY, session, (JSON,), as_json(body)), well_formed, sessions),
    st.builds(lambda body, session: Sent(*SAY, session, (JSON,), as_json(body)), well_formed, sessions),
    st.builds(lambda body, session: Sent(*SAY, session, (JSON,), as_json(body)), ill_formed, sessions),
    st.builds(lambda body, headers: Sent(*SAY, "own", (JSON, *headers), as_json(body)), well_formed, odd_headers),
    st.builds(lambda body: Sent(*SAY, "own", (JSON,), body), broken),
    st.builds(lambda body, kind: Sent(*SAY, "own", (("Content-Type", kind),), as_json(body)), well_formed, kinds),
    st.builds(lambda body: Sent("POST", "/api/chat/session", "", (JSON,), as_json(body)), ill_formed),
    st.builds(
        lambda path, body, session: Sent("POST", path, session, (FORM,), body),
        st.sampled_from(["/say", "/start", "/delete", "/outcome", "/outcome?lang=ar", "/report", "/report?lang=ar"]),
        forms, sessions,
    ),
    st.builds(lambda session: Sent("GET", "/api/chat/messages", session), sessions),
    st.builds(lambda session: Sent("GET", "/", session), sessions),
    st.builds(lambda session: Sent("DELETE", "/api/chat/session", session), sessions),
    st.builds(
        Sent, st.sampled_from(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "KANARIE"]), paths,
        sessions, odd_headers,
    ),
)  # fmt: skip


# The requests that the description itself leads to


def described() -> st.SearchStrategy[Any]:
    """Cases of schemathesis, such as the description allows and such as it forbids."""
    schema = schemathesis.openapi.from_path(ROOT / "bot" / "web" / "openapi.json")
    operations = [schema[path][method] for path, item in DESCRIPTION["paths"].items() for method in item]
    cases: list[st.SearchStrategy[Any]] = [
        operation.as_strategy(generation_mode=mode) for operation in operations for mode in GenerationMode
    ]
    return st.one_of(cases)


def as_sent(case: Any) -> Sent:
    """A case of schemathesis, with the session of the attack in place of its invented one."""
    given = case.as_transport_kwargs(base_url="http://nowhere")
    body = given.get("data") or as_json(given.get("json"))
    body = body if isinstance(body, bytes) else str(body).encode("utf-8", "replace")
    kind = case.media_type or "application/json"
    return Sent(case.method, case.path, "own", (("Content-Type", kind.encode()),), body)


# The attack

OFTEN = {200, 201, 400, 401, 404, 405, 415, 422}
"""Statuses that hundreds of requests must have met, or they are not what they are meant to be."""
SELDOM = {204, 303, 403, 409, 413}
"""Those that thousands must have met."""


def run(attacked: Attack, server: Server, times: int, expected: set[int]) -> None:
    common = settings(
        max_examples=times // 2,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        derandomize=times == SHORT,
    )
    before = attacked.statuses.total()
    common(given(requests)(attacked.send))()
    common(given(described())(lambda case: attacked.send(as_sent(case))))()

    assert attacked.statuses.total() - before >= times
    assert set(attacked.statuses) >= expected, attacked.statuses
    assert Chat(attacked.client).says("I want to learn Danish").status_code == 200
    assert_nothing_leaked(server)


def assert_nothing_leaked(server: Server) -> None:
    assert server.log.stat().st_size > 0
    assert "Traceback" not in server.log.read_text(errors="replace")
    for path in server.var.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert CANARY.encode() not in content.lower(), path.name
        assert CANARY.encode("utf-16-le") not in content, path.name


@pytest.mark.slow
def test_hundreds_of_hostile_requests_find_no_fault_and_leave_no_word(attacked: Attack, server: Server) -> None:
    run(attacked, server, SHORT, OFTEN)


@pytest.mark.long
def test_ten_thousand_hostile_requests_find_no_fault_and_leave_no_word(attacked: Attack, server: Server) -> None:
    run(attacked, server, LONG, OFTEN | SELDOM)


@pytest.mark.slow
@pytest.mark.parametrize("text", HARD, ids=lambda text: ascii(text[:12]))
def test_a_server_outlives_every_hard_text(attacked: Attack, text: str) -> None:
    chat = Chat(attacked.client)
    for said in (text, planted(text)):
        assert chat.says(said).status_code in {200, 400}

    assert chat.replays().status_code == 200
