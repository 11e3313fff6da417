"""`vejviser keys`, and the two processes of `vejviser serve`."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from bot.settings import ROOT
from tests.server import free_port

PASSPHRASE = re.compile(r"(team|recovery) +([a-z2-9]{5}(?:-[a-z2-9]{5}){5})")


def keys(var: Path, *arguments: str, lines: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot.command.main", "keys", *arguments],
        cwd=ROOT, env={**os.environ, "VEJVISER_VAR": str(var)}, input=lines,
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.slow
def test_keys_are_made_once_given_to_a_member_and_taken_away(tmp_path: Path) -> None:
    made = keys(tmp_path, "make")
    shown = dict(PASSPHRASE.findall(made.stdout))
    assert set(shown) == {"team", "recovery"}
    assert keys(tmp_path, "make").stdout == "There are keys already.\n"
    added = keys(tmp_path, "add", "amina", lines=f"{shown['team']}\ncorrect horse battery\n")
    assert "amina can open reports." in added.stdout
    assert keys(tmp_path, "list").stdout.split() == ["amina", "recovery", "team"]
    assert keys(tmp_path, "try", "amina", lines="correct horse battery\n").returncode == 0
    assert keys(tmp_path, "remove", "team", "--by", "amina", lines="correct horse battery\n").returncode == 0
    refused = keys(tmp_path, "try", "team", lines=f"{shown['team']}\n")
    assert refused.returncode == 1
    assert "opens nothing" in refused.stderr
    assert (
        keys(
            tmp_path, "add", "new", "--by", "recovery", lines=f"{shown['recovery']}\nanother long passphrase\n"
        ).returncode
        == 0
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "lines", "said"),
    [
        (["add"], "", "whose?"),
        (["add", "amina"], "wrong\n", "--by team: this passphrase opens nothing"),
        (["remove", "nobody"], "{team}\n", "there is nobody of this name"),
        (["add", "amina"], "{team}\nshort\n", "at least 15 letters"),
    ],
)
def test_what_cannot_be_done_is_said(tmp_path: Path, arguments: list[str], lines: str, said: str) -> None:
    shown = dict(PASSPHRASE.findall(keys(tmp_path, "make").stdout))
    told = keys(tmp_path, *arguments, lines=lines.format(**shown))
    assert told.returncode == 1
    assert said in told.stderr


@pytest.mark.slow
@pytest.mark.parametrize("part", ["chat", "console"])
def test_one_part_alone_does_not_start_without_keys(tmp_path: Path, part: str) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "bot.command.main", "serve", "--only", part],
        cwd=ROOT, env={**os.environ, "VEJVISER_VAR": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 1
    assert "vejviser keys make" in told.stderr


@pytest.mark.slow
def test_serve_starts_two_processes_shows_the_passphrases_once_and_ends_both(model: Path, tmp_path: Path) -> None:
    chat, console = free_port(), free_port()
    environment = {**os.environ, "VEJVISER_VAR": str(tmp_path), "VEJVISER_CONSOLE_PORT": str(console)}
    for first in (True, False):
        log = tmp_path / f"log-{first}"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "bot.command.main", "serve", "--port", str(chat)],
                cwd=ROOT, env=environment, stdout=out, stderr=out,
            )  # fmt: skip
        for port in (chat, console):
            assert answers(port), log.read_text()
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        assert bool(PASSPHRASE.search(log.read_text())) is first
        for port in (chat, console):
            with pytest.raises(httpx.TransportError):
                httpx.get(f"http://127.0.0.1:{port}/health", timeout=1)


def answers(port: int) -> bool:
    for _ in range(600):
        try:
            return httpx.get(f"http://127.0.0.1:{port}/health", timeout=1).is_success
        except httpx.TransportError:
            time.sleep(0.1)
    return False
