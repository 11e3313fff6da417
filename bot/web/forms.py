"""Reads what a form of ours sends, in memory and up to a limit: nothing of a report lies on a disk unsealed."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass

from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import Request

from bot.errors import Problem

LONGEST_FORM = 200_000
"""Bytes; ten thousand letters of any script fit, each written as `%XX%XX%XX%XX`."""
MULTIPART = "multipart/form-data"


@dataclass(frozen=True, repr=False)
class Upload:
    name: str
    content: bytes


class InMemory(MultiPartParser):
    """Starlette's own writes what is larger than this to a temporary file."""

    spool_max_size = 1 << 30


async def fields_of(request: Request) -> dict[str, str]:
    """The form's fields as the resident typed them: browsers send each line break as two characters."""
    return _fields(await _parsed(request, LONGEST_FORM))


async def upload_of(request: Request, largest: int) -> tuple[dict[str, str], Upload | None]:
    """The fields and the one file of a form; a file above `largest` bytes raises Problem before it is read whole."""
    form = await _parsed(request, largest + LONGEST_FORM)
    files = [value for value in form.values() if isinstance(value, UploadFile) and (value.filename or value.size)]
    upload = Upload(files[0].filename or "", await files[0].read()) if files else None
    return _fields(form), upload


def _fields(form: FormData) -> dict[str, str]:
    return {name: value.replace("\r\n", "\n") for name, value in form.items() if isinstance(value, str)}


async def _parsed(request: Request, largest: int) -> FormData:
    stream = _bounded(request, largest)
    _check_charset(request)
    try:
        if request.headers.get("content-type", "").startswith(MULTIPART):
            return await InMemory(request.headers, stream, max_files=1, max_fields=20).parse()
        return await FormParser(request.headers, stream).parse()
    except MultiPartException:
        raise Problem(400, "problem.unreadable") from None


def _check_charset(request: Request) -> None:
    """Our pages are UTF-8; in another charset a form could carry half characters, which no page can show."""
    _, options = parse_options_header(request.headers.get("content-type", ""))
    if options.get(b"charset", b"utf-8").lower() not in {b"utf-8", b"utf8"}:
        raise Problem(400, "problem.unreadable")


async def _bounded(request: Request, largest: int) -> AsyncGenerator[bytes]:
    received = 0
    async for piece in request.stream():
        received += len(piece)
        if received > largest:
            raise Problem(413, "file.too_large")
        yield piece
