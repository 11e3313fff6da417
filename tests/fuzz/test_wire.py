"""Whatever bytes come: bodies, forms, cookies and headers are read or refused, and nothing else comes of them."""

import asyncio
from collections.abc import Coroutine, Iterator
from typing import Any

import pytest
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.testclient import TestClient

from bot.casework.receipt import DIGITS, LONGEST_NUMBER, SLIP_DIGITS, digits_of
from bot.errors import Problem
from bot.language.languages import Language, preferred
from bot.web.chat import read_body, whole
from bot.web.embed import Embedded
from bot.web.forms import fields_of, upload_of
from bot.web.session import COOKIE, check_same_origin, is_token, read_token
from tests.fuzz.texts import LONG, SHORT, Property, header, numbers, pieces, raw, texts

LARGEST = 30_000
URL = b"application/x-www-form-urlencoded"
PART = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nhej\r\n'
FILE = (
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n'
    b"Content-Type: image/jpeg\r\n\r\n\xff\xd8\r\n"
)
END = b"--x--\r\n"


def asked(body: bytes = b"", piece: int = 4_000, **headers: bytes) -> Request:
    """A request whose body comes in pieces, as the network cuts it."""
    parts = [body[start : start + piece] for start in range(0, len(body), piece)] or [b""]

    async def receive() -> Any:
        part = parts.pop(0) if parts else b""
        return {"type": "http.request", "body": part, "more_body": bool(parts)}

    named = [(name.replace("_", "-").encode(), value) for name, value in headers.items()]
    return Request({"type": "http", "method": "POST", "headers": named, "path": "/", "query_string": b""}, receive)


# What is sent

kinds = st.one_of(
    st.sampled_from(
        [URL, URL + b"; charset=utf-8", URL + b"; charset=utf-7", URL + b";charset*=utf-99''%ff", b"", b"x/y"]
    ),
    st.builds(lambda value: b"multipart/form-data; boundary=" + value, st.sampled_from([b"x", b"", b'"x"', b"-" * 80])),
    header,
    header.map(lambda value: b"multipart/form-data; boundary=" + value),
)
url_forms = st.lists(
    st.sampled_from([b"text", b"=", b"&", b"%", b"%f0%9f", b"+", b";", b"\xff", b"id=1", b"%00"]) | raw
).map(b"".join)
named = st.builds(
    lambda name, more, content: b"".join(
        (b"--x\r\nContent-Disposition: form-data; name=", name, more, b"\r\n\r\n", content, b"\r\n")
    ),
    st.sampled_from([b'"text"', b'"_charset_"', b"", b'"', b'"\xff\xfe"', b'"a\\"b"']),
    st.sampled_from([b"", b'; filename="a"', b"; filename*=utf-99''%ff", b"; filename*0*=utf-8''%ff", b"; filename"]),
    raw,
)  # fmt: skip
multiparts = st.lists(
    st.sampled_from([PART, FILE, END, b"--x", b"\r\n", b"\r", b"--", b"--x\r\nA: b\r\n\r\n"]) | named | raw
).map(b"".join)


@st.composite
def torn(draw: st.DrawFn) -> bytes:
    """A good form after pieces of it were lost, doubled, or swapped for noise."""
    content = bytearray(PART + FILE + END)
    for _ in range(draw(st.integers(1, 5))):
        place = draw(st.integers(0, len(content)))
        content[place : place + draw(st.integers(0, 30))] = draw(st.binary(max_size=30))
    return bytes(content)


json_bodies = st.one_of(
    raw,
    texts.map(lambda text: ('{"id": "1", "text": "' + text).encode("utf-16", "surrogatepass")),
    st.integers(1, 50_000).map(lambda times: b"[" * times),
    st.integers(1, 50_000).map(lambda times: b'{"id":' * times),
    st.integers(1, 60_000).map(lambda times: b'{"id": ' + b"9" * times + b"}"),
    st.sampled_from([b'{"id": 1e999}', b'{"id": NaN}', b'{"id": "1", "id": "2"}', b'{"id": "\\ud800"}', b"null", b""]),
)  # fmt: skip

# What must hold


def read_or_refused[Read](work: Coroutine[Any, Any, Read], *statuses: int) -> Read | None:
    """What was read; None where it was refused in words, with one of `statuses`."""
    try:
        return asyncio.run(work)
    except Problem as problem:
        if problem.status in statuses:
            return None
        raise


def form_is_read_or_refused(given: tuple[bytes, bytes, int]) -> None:
    body, kind, piece = given
    fields = read_or_refused(fields_of(asked(body, piece, content_type=kind)), 400, 413) or {}
    assert all(isinstance(name, str) and isinstance(value, str) for name, value in fields.items())
    for value in fields.values():
        whole(value).encode()


def upload_is_read_or_refused(given: tuple[bytes, bytes, int]) -> None:
    body, kind, piece = given
    read = read_or_refused(upload_of(asked(body, piece, content_type=kind), LARGEST), 400, 413)
    fields, upload = read or ({}, None)
    assert all(isinstance(value, str) for value in fields.values())
    assert upload is None or len(upload.content) <= len(body)


def body_is_read_or_refused(given: tuple[bytes, int]) -> None:
    body, piece = given
    request = asked(body, piece, content_type=b"application/json")
    read = read_or_refused(read_body(request, {"id", "text", "button"}), 400, 413, 422) or {}
    assert set(read) <= {"id", "text", "button"}
    for value in read.values():
        if isinstance(value, str):
            whole(value).encode()
            assert whole(whole(value)) == whole(value)


def cookie_is_a_token_or_none(value: bytes) -> None:
    token = read_token(asked(cookie=value))
    assert token is None or is_token(token)
    assert token is None or (token.isascii() and len(token) == 64)


def origin_is_ours_or_refused(given: tuple[bytes, bytes]) -> None:
    origin, host = given

    async def check() -> bool:
        check_same_origin(asked(origin=origin, host=host))
        return True

    if read_or_refused(check(), 403) and origin:
        assert host in origin
        assert not {*b"@\\"} & {*origin.partition(b"//")[2].partition(b"/")[0]}


def language_is_one_of_ours(value: bytes) -> None:
    ours = {code: Language(code, code, "ltr") for code in ("da", "en", "ar")}
    assert preferred(value.decode("latin-1"), ours, "da") in ours


def number_is_whole_or_nothing(text: str) -> None:
    for count in (DIGITS, SLIP_DIGITS):
        digits = digits_of(text, count)
        assert digits == "" or (len(digits) == count and digits.isascii() and digits.isdigit())
        assert digits == "" or len(text) <= LONGEST_NUMBER


TOKEN = "0123456789abcdef" * 4


async def page(scope: Any, receive: Any, send: Any) -> None:
    """A page that tells whose cookie it sees, and sets one."""
    response: Response = PlainTextResponse(Request(scope, receive).cookies.get(COOKIE, "none"))
    response.set_cookie(COOKIE, TOKEN)
    await response(scope, receive, send)


FRAME = TestClient(Embedded(page))


def frame_header_is_a_token_or_nobody(given: tuple[bytes, bytes]) -> None:
    """The cookie beside it is never taken, and no cookie is ever set."""
    value, cookie = given
    answer = FRAME.get("/", headers=[(b"Vejviser-Session", value), (b"Cookie", cookie)])
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert answer.headers["Vejviser-Session"] == TOKEN
    stripped = value.strip(b" \t")
    assert answer.text == (stripped.decode("latin-1") if is_token(stripped.decode("latin-1")) else "none")


tokens = st.sampled_from(
    [TOKEN.encode(), TOKEN.upper().encode(), TOKEN.encode() + b"0", TOKEN[:-1].encode() + b"\xc2\xb2"]
)
cookies = st.one_of(
    header,
    st.builds(
        lambda before, value, after: before + COOKIE.encode() + b"=" + value + after,
        st.sampled_from([b"", b"a=b; ", b";;;", b'"', COOKIE.encode() + b"; "]), tokens | header,
        st.sampled_from([b"", b"; a=b", b'"', b"; " + COOKIE.encode() + b"=x"]),
    ),
)  # fmt: skip
hosts = st.sampled_from([b"guide.example", b"localhost:8000", b"[::1]:8000"])
origins = st.one_of(
    header,
    st.builds(bytes.__add__, st.sampled_from([b"https://", b"http://", b"//", b"http://["]), hosts | header),
    st.sampled_from([b"null", b"https://guide.example@evil.example", b"https://guide.example\\@evil.example"]),
)
wishes = st.one_of(
    header, st.lists(st.sampled_from([b"da", b"-", b";q=", b"1", b".", b",", b" ", b"ar", b"\xd9"])).map(b"".join)
)

PROPERTIES = [
    Property("a form in its address's way", st.tuples(url_forms, kinds, pieces), form_is_read_or_refused),
    Property("a form in parts", st.tuples(multiparts | torn(), kinds, pieces), form_is_read_or_refused),
    Property(
        "a form with a file", st.tuples(multiparts | torn() | url_forms, kinds, pieces), upload_is_read_or_refused
    ),
    Property("a JSON body", st.tuples(json_bodies, pieces), body_is_read_or_refused),
    Property("a cookie", cookies, cookie_is_a_token_or_none),
    Property("an origin", st.tuples(origins, hosts), origin_is_ours_or_refused),
    Property("a wish for a language", wishes, language_is_one_of_ours),
    Property("a receipt or a code", numbers | texts, number_is_whole_or_nothing),
    Property("a frame's header", st.tuples(tokens | header, cookies), frame_header_is_a_token_or_nobody),
]


@pytest.mark.parametrize("it", PROPERTIES, ids=str)
def test_some_are_read_or_refused(it: Property) -> None:
    it.check(SHORT)


@pytest.mark.long
@pytest.mark.parametrize("it", PROPERTIES, ids=str)
def test_very_many_are_read_or_refused(it: Property) -> None:
    it.check(LONG)


# That the properties can fail: what is good is read


def good() -> Iterator[tuple[bytes, bytes]]:
    yield b"text=hej", URL
    yield PART + END, b"multipart/form-data; boundary=x"


@pytest.mark.parametrize(("body", "kind"), good())
@pytest.mark.parametrize("piece", [1, 7, 4_000])
def test_a_good_form_is_read_however_it_is_cut(body: bytes, kind: bytes, piece: int) -> None:
    assert asyncio.run(fields_of(asked(body, piece, content_type=kind))) == {"text": "hej"}
