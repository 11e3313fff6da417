"""Forms are read in memory and up to a limit."""

import asyncio
import tempfile
from typing import Any

import pytest
from starlette.requests import Request

from bot.errors import Problem
from bot.web.forms import LONGEST_FORM, fields_of, upload_of

CANARY = b"canary-of-a-file"


def request_of(body: bytes, kind: str, pieces: int = 1) -> Request:
    size = max(1, len(body) // pieces)
    parts = [body[start : start + size] for start in range(0, len(body), size)] or [b""]

    async def receive() -> Any:
        part = parts.pop(0) if parts else b""
        return {"type": "http.request", "body": part, "more_body": bool(parts)}

    headers = [(b"content-type", kind.encode())]
    return Request({"type": "http", "method": "POST", "headers": headers, "path": "/", "query_string": b""}, receive)


def multipart(content: bytes, name: str = "photo.jpg") -> tuple[bytes, str]:
    body = (
        b'--x\r\nContent-Disposition: form-data; name="do"\r\n\r\nfile\r\n'
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="'
        + name.encode()
        + b'"\r\nContent-Type: image/jpeg\r\n\r\n'
        + content
        + b"\r\n--x--\r\n"
    )
    return body, "multipart/form-data; boundary=x"


def test_line_breaks_come_as_they_were_typed() -> None:
    request = request_of(b"text=one%0D%0Atwo&id=1", "application/x-www-form-urlencoded")
    assert asyncio.run(fields_of(request)) == {"text": "one\ntwo", "id": "1"}


def test_a_file_comes_whole_and_never_touches_a_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a file was written")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    monkeypatch.setattr(tempfile, "_TemporaryFile", refuse, raising=False)
    content = CANARY * 200_000
    fields, upload = asyncio.run(upload_of(request_of(*multipart(content), pieces=50), 10_000_000))
    assert fields == {"do": "file"}
    assert upload
    assert (upload.name, upload.content) == ("photo.jpg", content)
    assert "canary" not in repr(upload)


def test_a_field_without_a_file_is_no_file() -> None:
    _, upload = asyncio.run(upload_of(request_of(*multipart(b"", "")), 1_000))
    assert upload is None


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_what_is_too_large_is_refused_before_it_is_read_whole(kind: str) -> None:
    read = []

    async def endless() -> Any:
        read.append(1)
        return {"type": "http.request", "body": b"x" * 100_000, "more_body": True}

    headers = [(b"content-type", kind.encode())]
    request = Request({"type": "http", "method": "POST", "headers": headers, "path": "/", "query_string": b""}, endless)
    with pytest.raises(Problem) as refused:
        asyncio.run(upload_of(request, 1_000_000))
    assert refused.value.status in {400, 413}
    assert len(read) * 100_000 <= 1_000_000 + LONGEST_FORM + 200_000


@pytest.mark.parametrize("body", [b"", b"--x", b"--x\r\n\r\n", b"\xff\xfe", b"--y\r\n--y--"])
def test_what_is_no_form_is_unreadable_or_empty(body: bytes) -> None:
    try:
        fields, upload = asyncio.run(upload_of(request_of(body, "multipart/form-data; boundary=x"), 1_000))
    except Problem as problem:
        assert problem.status == 400  # noqa: PT017 - either is right
    else:
        assert (fields, upload) == ({}, None)
