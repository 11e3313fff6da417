"""The child: it cleans as this process would, sees nothing of the service, and is gone when it hangs or swells."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.evidence.child import _understood, washed_apart
from bot.evidence.cleaner import LARGEST, Refusal, RefusedError, checked, clean
from bot.evidence.formats import Form
from bot.evidence.limits import Limits
from bot.evidence.worker import REFUSED
from tests.evidence import hostile
from tests.evidence.corpus_photos import encoded, exif
from tests.evidence.documents import document, saved
from tests.evidence.here import cleaned
from tests.evidence.recordings import amr, recording

QUICK = {
    "a.jpg": lambda: encoded("JPEG", exif=exif(b"told", 6)),
    "a.pdf": lambda: saved(document()),
    "a.txt": lambda: "De sagde nej på trappen.".encode("cp1252"),
    "a.mp3": lambda: recording("mp3", "libmp3lame"),
}
OTHERS = {
    "a.png": lambda: encoded("PNG", "RGBA"),
    "a.gif": lambda: encoded("GIF"),
    "a.webp": lambda: encoded("WEBP"),
    "a.heic": lambda: encoded("HEIF"),
    "a.avif": lambda: encoded("AVIF"),
    "a.bmp": lambda: encoded("BMP"),
    "a.tif": lambda: encoded("TIFF", compression="tiff_lzw"),
    "utf16.txt": lambda: "They said no.".encode("utf-16"),
    "a.m4a": lambda: recording("ipod", "aac"),
    "a.aac": lambda: recording("adts", "aac"),
    "a.ogg": lambda: recording("ogg", "libopus", 48_000),
    "a.webm": lambda: recording("webm", "libopus", 48_000),
    "a.wav": lambda: recording("wav", "pcm_s16le"),
    "a.flac": lambda: recording("flac", "flac"),
    "a.amr": amr,
}


@pytest.mark.parametrize("name", [*QUICK, *(pytest.param(name, marks=pytest.mark.slow) for name in OTHERS)])
def test_the_child_cleans_as_this_process_does(name: str) -> None:
    content = (QUICK | OTHERS)[name]()
    assert asyncio.run(clean(content, name)) == cleaned(content, name)


def test_what_the_child_refuses_is_refused_with_its_reason() -> None:
    assert _reason(hostile.locked(4), Form.PDF) is Refusal.LOCKED
    assert _reason(encoded("JPEG")[:400], Form.JPEG) is Refusal.BROKEN


def test_a_child_that_takes_too_long_is_ended() -> None:
    start = time.monotonic()
    assert _reason(hostile.slow_document(), Form.PDF, Limits(patience=0.7)) is Refusal.FAILED
    assert time.monotonic() - start < 5
    assert not list(_children())


@pytest.mark.slow
def test_a_child_that_works_too_long_is_ended_by_the_system() -> None:
    assert _reason(hostile.slow_document(), Form.PDF, Limits(work=1)) is Refusal.FAILED


@pytest.mark.slow
def test_a_child_that_swells_is_stopped_and_says_so() -> None:
    assert _reason(hostile.hungry_document(), Form.PDF) is Refusal.BOMB


def test_a_child_without_room_for_its_library_fails_and_says_no_more() -> None:
    assert _reason(encoded("JPEG"), Form.JPEG, Limits(memory=40 * 1024 * 1024)) is Refusal.FAILED


@pytest.mark.slow
def test_the_largest_photo_of_a_phone_fits_into_the_child() -> None:
    """8192 by 6144 points, plain, so that it is drawn soon."""
    picture = hostile.flat_png(8_192, 6_144)
    assert asyncio.run(clean(picture, "a.png")).kind == "photo"


@pytest.mark.slow
def test_no_more_than_two_children_live_at_once() -> None:
    async def watched() -> int:
        files = [clean(hostile.flat_png(2_000, 2_000), "a.png") for _ in range(6)]
        work, most = asyncio.gather(*files), 0
        while not work.done():
            most = max(most, len(list(_children())))
            await asyncio.sleep(0.005)
        await work
        return most

    assert asyncio.run(watched()) == 2


@pytest.mark.slow
def test_a_child_whose_sender_went_away_ends_within_its_limits() -> None:
    async def leave() -> None:
        cleaning = asyncio.create_task(washed_apart(hostile.slow_document(), Form.PDF, Limits(patience=1)))
        while not list(_children()):
            await asyncio.sleep(0.01)
        cleaning.cancel()
        await asyncio.gather(cleaning, return_exceptions=True)
        await asyncio.sleep(1.5)
        assert not list(_children())

    asyncio.run(leave())


@pytest.mark.slow
def test_a_child_knows_nothing_of_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a setting or key of its environment, nor the file's name."""
    monkeypatch.setenv("VEJVISER_SECRET", "hush")

    async def look() -> tuple[bytes, bytes, set[str]]:
        cleaning = asyncio.create_task(clean(hostile.many_pages(100_000), "Aisha.pdf"))
        while not (seen := _seen_of_child()):
            await asyncio.sleep(0.01)
        await asyncio.gather(cleaning, return_exceptions=True)
        return seen

    environment, command, opened = asyncio.run(look())
    assert environment == b""
    assert b"Aisha" not in command
    assert opened <= {"/memfd", "/dev/null", "/dev/urandom"}


def test_behind_the_last_door_neither_file_nor_connection_can_be_opened() -> None:
    lines = (
        "import socket, errno",
        "from bot.evidence.limits import Limits, bind, shut_the_doors",
        "bind(Limits.memory, Limits.work)",
        "shut_the_doors(but_for_threads=True)",
        "for attempt in (lambda: open('/etc/passwd'), socket.socket):",
        "    try: attempt(); print('opened')",
        "    except OSError as error: print(error.errno == errno.EMFILE)",
    )
    command = [sys.executable, "-I", "-c", "\n".join(lines)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.split() == ["True", "True"]


def test_the_system_keeps_an_answer_short() -> None:
    lines = (
        "import sys",
        "from bot.evidence.limits import Limits, bind",
        "bind(Limits.memory, Limits.work)",
        "sys.stdout.buffer.write(bytes(20_000_000))",
    )
    with tempfile.TemporaryFile() as answer:
        command = [sys.executable, "-I", "-c", "\n".join(lines)]
        result = subprocess.run(command, stdout=answer, stderr=subprocess.DEVNULL, check=False)
        assert result.returncode != 0
        assert LARGEST < answer.seek(0, os.SEEK_END) < LARGEST + 100


@pytest.mark.slow
@pytest.mark.parametrize("name", [*QUICK, *OTHERS])
def test_the_child_cleans_as_somebody_who_may_start_nothing(name: str) -> None:
    """The system's administrator may start what it likes; the service does not run as one."""
    content = (QUICK | OTHERS)[name]()
    lines = (
        "import os, sys",
        "from bot.evidence.limits import shut_the_doors",
        "from bot.evidence.formats import Form",
        "from bot.evidence.washing import cleaner_of",
        "form = Form(sys.argv[1])",
        "clean = cleaner_of(form)",
        "content = sys.stdin.buffer.read()",
        "os.getuid() or (os.setgroups([]), os.setgid(65534), os.setuid(65534))",
        "shut_the_doors(but_for_threads=form is Form.HEIF)",
        "print(clean(content).media_type)",
    )
    command = [sys.executable, "-I", "-c", "\n".join(lines), checked(content, name)]
    result = subprocess.run(command, input=content, capture_output=True, check=True)
    assert result.stdout.decode().strip() == cleaned(content, name).media_type


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        (0, b""),
        (0, b"image/jpeg\n"),
        (0, b"image/svg+xml\n<svg/>"),
        (0, b"\xff\xfe\n..."),
        (1, b"image/jpeg\n..."),
        (-11, b""),
        (REFUSED, b"whatever"),
        (REFUSED, b""),
    ],
)
def test_an_answer_that_no_honest_child_gives_is_a_failure(code: int, answer: bytes) -> None:
    with pytest.raises(RefusedError, match=Refusal.FAILED):
        _understood(code, answer)


def _reason(content: bytes, form: Form, limits: Limits | None = None) -> Refusal | None:
    try:
        asyncio.run(washed_apart(content, form, limits or Limits()))
    except RefusedError as error:
        return error.reason
    return None


def _children() -> Iterator[str]:
    """Those that clean, not others of the same test run, such as its PostgreSQL; one that just begins counts too."""
    for task in Path("/proc/self/task").iterdir():
        for child in (task / "children").read_text().split():
            if b"postgres" not in Path(f"/proc/{child}/cmdline").read_bytes():
                yield child


def _seen_of_child() -> tuple[bytes, bytes, set[str]] | None:
    """Its environment, its command, and what it has open; nothing while it is still starting."""
    for child in _children():
        place = Path("/proc") / child
        command = (place / "cmdline").read_bytes()
        maps = (place / "maps").read_text()
        if b"bot.evidence.worker" in command and "qpdf" in maps:
            links = {os.readlink(link).split(":")[0] for link in (place / "fd").iterdir()}
            return (place / "environ").read_bytes(), command, links
    return None
