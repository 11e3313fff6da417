"""A backup says OK only where it would come back; and what comes back is all of it, sealed reports too."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from nacl.encoding import HexEncoder
from nacl.public import PrivateKey

from bot.backup import sealed_file
from bot.backup.making import PARTIAL, Made, look_at, make, restore
from bot.backup.noted import noted
from bot.casework.desk import Desk
from bot.casework.keyring import TeamKey
from bot.casework.sealing import ReportKey
from bot.command import backup as command
from bot.command.main import main
from bot.errors import BackupError
from bot.monitoring.backups import Backups
from bot.settings import ROOT, Settings
from bot.store.carrying import hash_of
from bot.store.report_verbs import TEAM
from bot.store.secrets import server_key
from bot.store.tables.store import TableStore
from tests.keys import keyring_of, make_keys
from tests.reports import WORDS, a_telling, filed
from tests.store.kept import Kept, OnPostgres, OnSqlite
from tests.store.rows import a_referral
from tests.store.test_store import logs

SECRET = PrivateKey.generate()
FILES = {"server.key": b"k" * 32}
REFERRALS = 3_000


def makes(store: TableStore, folder: Path, progress: Callable[[int], None] = lambda _: None) -> Made:
    return asyncio.run(make(store.worker, FILES, SECRET.public_key, folder, progress))


def hashed(store: TableStore) -> str:
    return store.worker.now(hash_of)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    """A store with a sealed report and many referrals; `passphrases` open it."""
    if request.param == "sqlite":
        kept: Kept = OnSqlite(tmp_path / "served")
    else:
        cluster = request.getfixturevalue("postgres")
        kept = OnPostgres(cluster, cluster.shared, tmp_path / "served")
    kept.passphrases = make_keys(kept.store)  # type: ignore[attr-defined]
    kept.receipt = filed(Desk(kept.store, server_key(kept.settings.var)), a_telling())  # type: ignore[attr-defined]
    logs(kept.store, *(a_referral(f"referral {number}") for number in range(REFERRALS)))
    yield kept
    kept.close()


# Whole


def test_a_backup_comes_back_as_it_was(served: Kept, folder: Path, tmp_path: Path) -> None:
    made = makes(served.store, folder)
    assert [it.name for it in folder.iterdir()] == [made.path.name]
    assert made.path.stat().st_mode & 0o777 == 0o600
    empty = OnSqlite(tmp_path / "empty")
    content = asyncio.run(restore(empty.store.worker, made.path, SECRET))
    assert content == made.content == look_at(made.path, SECRET)
    assert content.files == FILES
    assert content.hash == hashed(served.store) == hashed(empty.store)
    empty.close()


def test_it_is_of_one_moment_while_others_write(served: Kept, folder: Path) -> None:
    """What comes in the middle of a backup is in none of its tables."""
    before = hashed(served.store)
    other = served.again()
    numbers = iter(range(1_000))

    def somebody_writes(_: int) -> None:
        logs(other, a_referral(f"meanwhile {next(numbers)}"))

    assert makes(served.store, folder, somebody_writes).content.hash == before
    assert hashed(served.store) != before


def test_a_store_that_holds_anything_is_not_written_over(served: Kept, folder: Path) -> None:
    made, before = makes(served.store, folder), hashed(served.store)
    with pytest.raises(BackupError, match="not empty"):
        asyncio.run(restore(served.store.worker, made.path, SECRET))
    assert hashed(served.store) == before


# Made to fail


def test_on_a_full_disk_it_fails_and_leaves_nothing(tmp_path: Path) -> None:
    kept = OnSqlite(tmp_path / "served")
    server_key(kept.settings.var)
    logs(kept.store, *(a_referral(f"referral {number}") for number in range(REFERRALS)))
    kept.close()
    result = subprocess.run(
        ["unshare", "-m", sys.executable, "-m", "tests.backup.full_disk", str(kept.settings.var), str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (result.returncode, "OK" in result.stdout) == (1, False), result.stdout + result.stderr
    assert "No space left" in result.stderr


def flipping(folder: Path, place: int) -> Callable[[int], None]:
    """Changes a byte on the disk as soon as all is written, before it is read back."""
    seen = {"size": -1, "done": False}

    def progress(_: int) -> None:
        partial = next(folder.glob(f"*{PARTIAL}"))
        size = partial.stat().st_size
        if size == seen["size"] and size and not seen["done"]:
            content = bytearray(partial.read_bytes())
            content[place] ^= 1
            partial.write_bytes(content)
            seen["done"] = True
        seen["size"] = size

    return progress


def test_a_byte_that_the_disk_gives_back_wrong_is_found_before_it_says_ok(tmp_path: Path, folder: Path) -> None:
    kept = OnSqlite(tmp_path / "served")
    logs(kept.store, *(a_referral(f"referral {number}") for number in range(3_000)))
    with pytest.raises(BackupError, match="damaged"):
        makes(kept.store, folder, flipping(folder, -20))
    assert list(folder.iterdir()) == []
    kept.close()


def test_a_store_that_cannot_be_read_gives_no_backup(tmp_path: Path, folder: Path) -> None:
    kept = OnSqlite(tmp_path / "served")
    logs(kept.store, *(a_referral(f"referral {number}") for number in range(2_000)))
    kept.close()
    damaged = bytearray(kept.path.read_bytes())
    for place in range(len(damaged) // 2, len(damaged), 4_096):
        damaged[place : place + 64] = os.urandom(64)
    kept.path.write_bytes(damaged)
    again = OnSqlite(tmp_path / "served")
    with pytest.raises(BackupError):
        makes(again.store, folder)
    assert list(folder.iterdir()) == []
    again.close()


def runs(var: Path, *arguments: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setenv("VEJVISER_VAR", str(var))
    return main(list(arguments))


def alert_waits(var: Path) -> bool:
    """Whether figures are told on which deploy/alerts.yml has a rule: begun, and not made since."""
    begun, made = (family.samples[0].value for family in Backups(var).collect())
    return begun > made


def test_without_a_key_or_a_folder_there_is_none(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = OnSqlite(tmp_path / "served")
    server_key(kept.settings.var)
    assert runs(kept.settings.var, "backup", "make", "--to", str(folder), monkeypatch=monkeypatch) == 1
    assert "backup key" in capsys.readouterr().err
    assert runs(kept.settings.var, "backup", "key", monkeypatch=monkeypatch) == 0
    for to in (str(folder / "not there"), "/proc"):
        assert runs(kept.settings.var, "backup", "make", "--to", to, monkeypatch=monkeypatch) == 1
        told = capsys.readouterr()
        assert "OK" not in told.out
        assert "backup_failed" in told.err
        assert alert_waits(kept.settings.var)
    kept.close()


def test_one_that_is_killed_leaves_nothing_that_counts_and_is_told(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = OnSqlite(tmp_path / "served")
    server_key(kept.settings.var)
    logs(kept.store, *(a_referral(f"referral {number}") for number in range(2_000)))
    assert runs(kept.settings.var, "backup", "key", monkeypatch=monkeypatch) == 0
    assert runs(kept.settings.var, "backup", "make", "--to", str(folder), monkeypatch=monkeypatch) == 0
    assert not alert_waits(kept.settings.var)
    before = noted(kept.settings.var)
    time.sleep(1)  # a backup is named by its second

    def dies(_: object) -> Callable[[int], None]:
        return lambda _: os.kill(os.getpid(), signal.SIGKILL)

    pid = os.fork()
    if pid == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        command.counts_on = dies
        os._exit(main(["backup", "make", "--to", str(folder)]))
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status)
    assert sorted(it.suffix for it in folder.iterdir()) == [".backup", PARTIAL]
    assert alert_waits(kept.settings.var)
    assert noted(kept.settings.var).made_at == before.made_at
    kept.close()


# Damaged


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    kept = OnSqlite(tmp_path_factory.mktemp("small"))
    logs(kept.store, *(a_referral(f"referral {number}") for number in range(5)))
    path = makes(kept.store, tmp_path_factory.mktemp("kept")).path
    kept.close()
    return path


def test_whichever_bit_is_flipped_it_is_refused(small: Path, tmp_path: Path) -> None:
    whole, damaged = small.read_bytes(), tmp_path / "damaged"
    chance = random.Random(1)  # noqa: S311 - which bit
    places = sorted({*range(120), *(chance.randrange(len(whole)) for _ in range(400)), len(whole) - 1})
    for place in places:
        content = bytearray(whole)
        content[place] ^= 1 << chance.randrange(8)
        damaged.write_bytes(content)
        with pytest.raises(BackupError):
            look_at(damaged, SECRET)


def test_one_that_is_cut_off_or_goes_on_is_refused(small: Path, tmp_path: Path) -> None:
    whole, damaged = small.read_bytes(), tmp_path / "damaged"
    for content in (b"", whole[:10], whole[:-1], whole[: len(whole) // 2], whole + b"x", whole + whole):
        damaged.write_bytes(content)
        with pytest.raises(BackupError):
            look_at(damaged, SECRET)


def test_another_key_opens_nothing(small: Path) -> None:
    with pytest.raises(BackupError, match="does not open"):
        look_at(small, PrivateKey.generate())


def test_nothing_of_a_row_can_be_read_in_it(small: Path) -> None:
    assert b"danskuddannelse" not in small.read_bytes()
    with small.open("rb") as file:
        assert sum(map(len, sealed_file.read(file, SECRET))) > 0


# The commands, and the drill


@pytest.mark.slow
def test_a_drill_on_an_empty_machine_opens_a_sealed_report(
    served: Kept, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VEJVISER_DATABASE", served.settings.database) if served.settings.database else None
    var = served.settings.var
    assert runs(var, "backup", "key", monkeypatch=monkeypatch) == 0
    secret = tmp_path / "secret"
    secret.write_text(max(capsys.readouterr().out.split(), key=len))
    assert runs(var, "backup", "make", "--to", str(folder), monkeypatch=monkeypatch) == 0
    assert "OK: " in capsys.readouterr().out
    seen = noted(var)
    assert not alert_waits(var)
    (path,) = folder.iterdir()
    monkeypatch.delenv("VEJVISER_DATABASE", raising=False)
    empty = tmp_path / "empty machine"
    for how in ("--look", "--drill"):
        assert runs(empty, "restore", str(path), "--key", str(secret), how, monkeypatch=monkeypatch) == 0
        assert not (empty / "store.db").exists()
    assert runs(empty, "restore", str(path), "--key", str(secret), monkeypatch=monkeypatch) == 0
    assert seen.hash in capsys.readouterr().out
    opened = words_of_the_report(Settings(var=empty), served.passphrases.team)  # type: ignore[attr-defined]
    assert WORDS in opened
    assert server_key(empty) == server_key(var)


def words_of_the_report(settings: Settings, passphrase: str) -> str:
    """As staff read it, with the passphrase that is in the safe."""
    kept = OnSqlite(settings.var)
    (row,) = asyncio.run(kept.store.reports.reports())
    team = asyncio.run(keyring_of(kept.store).open("team", passphrase))
    told = asyncio.run(team_reads(kept.store, row.id, team))
    kept.close()
    return told


async def team_reads(store: TableStore, report_id: str, team: TeamKey) -> str:
    row = await store.reports.key(report_id, TEAM)
    assert row
    key = ReportKey.opened_by(team.private, report_id, row.sealed)
    pieces = await store.reports.pieces(report_id)
    return str([key.open(f"{piece.kind}/{piece.id}", piece.sealed) for piece in pieces if piece.kind == "narrative"])


def test_the_backup_key_is_made_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert runs(tmp_path, "backup", "key", monkeypatch=monkeypatch) == 0
    shown = max(capsys.readouterr().out.split(), key=len)
    assert (
        PrivateKey(shown.encode(), HexEncoder).public_key.encode(HexEncoder)
        == (tmp_path / "backup.pub").read_bytes().strip()
    )
    assert runs(tmp_path, "backup", "key", monkeypatch=monkeypatch) == 1
    assert (tmp_path / "backup.pub").stat().st_mode & 0o777 == 0o600
