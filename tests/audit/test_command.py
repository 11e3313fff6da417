"""`vejviser audit`: a whole chain is proven up to its last anchor, each fault has a line, and events are shown."""

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.audit.anchor import Anchor
from bot.command.main import main
from bot.settings import ROOT, Settings
from bot.store.audit_verbs import EventRow, following
from tests.audit.chains import Kept, an_event

MILLION = 1_000_000
SECONDS_A_MILLION = 60
BATCH = 10_000


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    """Its store is closed, as the command finds it; its anchor stands where the settings say."""
    monkeypatch.setenv("VEJVISER_VAR", str(tmp_path))
    monkeypatch.setenv("VEJVISER_ANCHOR", str(tmp_path / "anchors" / "audit.anchor"))
    return Kept(tmp_path)


def noted(kept: Kept, times: int) -> list[EventRow]:
    rows = kept.notes(times)
    kept.store.close()
    return rows


def by_other_hands(kept: Kept, statement: str) -> None:
    with sqlite3.connect(kept.store_path) as connection:
        connection.execute(statement)
    connection.close()


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str]]:
    """Exit code and lines of the command alone: what was noted before it wrote a log."""
    capsys.readouterr()
    code = main(["audit", *arguments])
    out, error = capsys.readouterr()
    return code, [*out.splitlines(), *error.splitlines()]


# Verifying


def test_a_whole_chain_is_proven_up_to_its_last_anchor_and_the_rest_is_said(
    kept: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    noted(kept, 134)
    last = kept.anchor.read().last
    assert last
    assert told(capsys, "verify") == (
        0,
        [
            f"134 events, proven up to event 101; nothing is anchored since {last.at.isoformat()}; "
            "33 events after the last anchor are not proven; if more were cut off the end, it cannot be seen"
        ],
    )


def test_an_empty_chain_is_no_fault(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    noted(kept, 0)
    code, lines = told(capsys, "verify")
    assert code == 0
    assert lines[0].startswith("0 events, nothing is anchored yet; 0 events after the last anchor")


@pytest.mark.parametrize(
    ("statement", "lines"),
    [
        ("UPDATE event SET actor = 'nobody' WHERE seq = 7", ["event 7: edited, its fields do not give its hash"]),
        ("DELETE FROM event WHERE seq = 7", ["event 7: missing"]),
        ("DELETE FROM event WHERE seq BETWEEN 7 AND 9", ["event 7 to 9: missing"]),
        ("DELETE FROM event WHERE seq > 50", ["event 51 to 101: cut off, the anchor knows of it"]),
        (
            "INSERT INTO event SELECT -3, at, actor, role, verb, object, detail, previous, hash FROM event LIMIT 1",
            [
                "event -3: edited, its fields do not give its hash",
                "event -3: inserted, exchanged or moved, it does not follow from the one before it",
            ],
        ),
        ("DROP TABLE event", None),
    ],
)
def test_each_fault_has_a_line(
    kept: Kept, capsys: pytest.CaptureFixture[str], statement: str, lines: list[str] | None
) -> None:
    noted(kept, 134)
    by_other_hands(kept, statement)
    unreadable = [f"vejviser: the events in {kept.store_path} cannot be read: OperationalError"]
    assert told(capsys, "verify") == (1, unreadable if lines is None else lines)


def test_twenty_faults_are_told_and_the_others_counted(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    noted(kept, 134)
    by_other_hands(kept, "UPDATE event SET role = 'admin'")
    code, lines = told(capsys, "verify")
    assert code == 1
    assert len(lines) == 21
    assert lines[19:] == ["event 20: edited, its fields do not give its hash", "and 114 more"]


def test_a_changed_or_missing_anchor_is_told(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    rows = noted(kept, 134)
    kept.path.write_text(kept.path.read_text().replace(rows[100].hash, "0" * 64) + "and more\n")
    assert told(capsys, "verify") == (
        1,
        ["anchor file, line 3: damaged", "event 101: rewritten, it is not the one that was anchored"],
    )
    kept.path.unlink()
    by_other_hands(kept, "DELETE FROM event")
    put(kept.store_path, [following(None, an_event(1))])
    assert told(capsys, "verify") == (1, ["event 1: not anchored in time, or the anchor was taken away"])
    kept.path.mkdir()
    assert told(capsys, "verify") == (1, [f"vejviser: {kept.path} cannot be read: Is a directory"])


def test_where_there_is_no_store_none_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VEJVISER_VAR", str(tmp_path / "other"))
    for what in ("verify", "show"):
        assert told(capsys, what) == (1, [f"vejviser: {tmp_path / 'other' / 'store.db'} is not there"])
    assert not (tmp_path / "other").exists()


def test_each_folder_of_databases_has_an_anchor_of_its_own_unless_one_is_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VEJVISER_VAR", str(tmp_path))
    kept = Kept(tmp_path)
    row = asyncio.run(kept.store.audit.append(an_event(1)))
    kept.store.close()
    assert told(capsys, "verify")[0] == 1
    Anchor(tmp_path / Settings().anchor).write(row)
    assert told(capsys, "verify")[1][0].startswith("1 events, proven up to event 1;")


def test_as_an_operator_runs_it_nothing_but_the_result_is_printed(kept: Kept) -> None:
    noted(kept, 5)
    run = subprocess.run(
        [sys.executable, "-m", "bot.command.main", "audit", "verify"],
        cwd=ROOT, env=os.environ, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert run.stdout.startswith("5 events, proven up to event 1;")
    assert run.stderr == ""


# How long it takes


def put(path: Path, rows: list[EventRow]) -> None:
    """Rows as they are, many at once."""
    columns = ("seq", "at", "actor", "role", "verb", "object", "detail", "previous", "hash")
    with sqlite3.connect(path) as connection:
        connection.executemany(
            f"INSERT INTO event ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",  # noqa: S608 - constants
            [[getattr(row, name) if name != "at" else row.at.isoformat() for name in columns] for row in rows],
        )
    connection.close()


def put_many(kept: Kept, length: int) -> EventRow:
    head: EventRow | None = None
    for first in range(1, length + 1, BATCH):
        rows: list[EventRow] = []
        for number in range(first, min(first + BATCH, length + 1)):
            head = following(head, an_event(number))
            rows.append(head)
        put(kept.store_path, rows)
        kept.anchor.write(rows[-1])
    assert head
    return head


@pytest.mark.parametrize(
    ("length", "clock"),
    [(20_000, time.process_time), pytest.param(MILLION, time.perf_counter, marks=pytest.mark.long)],
)
def test_a_million_events_are_verified_in_a_minute(
    kept: Kept, capsys: pytest.CaptureFixture[str], length: int, clock: Callable[[], float]
) -> None:
    """The short form counts the processor's time, so that other work on the machine does not decide."""
    kept.store.close()
    put_many(kept, length)
    begun = clock()
    code, lines = told(capsys, "verify")
    seconds = clock() - begun
    with capsys.disabled():
        print(f"\n{length} events verified in {seconds:.2f} s")  # noqa: T201 - a measured figure
    assert (code, lines[0].split(";")[0]) == (0, f"{length} events, proven up to event {length}")
    assert seconds < SECONDS_A_MILLION * length / MILLION


# Showing


def test_events_are_shown_newest_first_as_many_as_are_asked_for(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    rows = noted(kept, 30)
    code, lines = told(capsys, "show")
    assert code == 0
    assert [line.split()[0] for line in lines] == [str(number) for number in range(30, 10, -1)]
    assert lines[0] == f'30 {rows[-1].at.isoformat()} amina (lead) queue_viewed  {{"shown":29}}'
    assert len(told(capsys, "show", "--most", "3")[1]) == 3
    assert told(capsys, "show", "--most", "0") == (1, ["vejviser: --most: must be at least 1"])


def test_what_was_done_to_one_thing_is_shown_for_people_and_machines(
    kept: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    kept.notes(3)
    row = asyncio.run(kept.journal.note("bo", "lead", "status_set", "report-7", status="in_review"))
    kept.store.close()
    code, lines = told(capsys, "show", "--object", "report-7", "--json")
    assert code == 0
    assert json.loads("\n".join(lines)) == [vars(row) | {"at": row.at.isoformat()}]
    assert len(told(capsys, "show", "--object", "report-7")[1]) == 1
    assert told(capsys, "show", "--object", "report-8") == (0, [])


def test_what_other_hands_stored_steers_no_terminal(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    noted(kept, 1)
    by_other_hands(kept, "UPDATE event SET actor = char(27) || '[2J' || char(10) || char(8238) || CAST(x'ff' AS TEXT)")
    (line,) = told(capsys, "show")[1]
    assert "\\u001b[2J\\u000a\\u202e\\udcff (lead)" in line
    assert json.loads("\n".join(told(capsys, "show", "--json")[1]))[0]["actor"].startswith("\x1b[2J")
