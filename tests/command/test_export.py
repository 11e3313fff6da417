"""`vejviser export`: figures of a quarter as files, the same whenever they are asked for."""

import asyncio
import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import time_machine

from bot.command.main import main
from bot.store.sqlite import SqliteStore
from tests.statistics.counted import PERIOD, file, refer

type Vejviser = Callable[..., int]
AFTER = "2026-10-20T12:00:00Z"
GROUNDS = {"age": 31, "religion_belief": 22, "sex": 14, "disability": 3}


@pytest.fixture
def var(tmp_path: Path) -> Path:
    """A store with reports and referrals of one quarter."""
    folder = tmp_path / "var"
    store = SqliteStore(folder / "store.db")
    for ground, number in GROUNDS.items():
        file(store, number, grounds=(ground,))
    file(store, 15, grounds=("ethnic_origin",))
    refer(store, 60)
    refer(store, 21, language="so", district="norrebro")
    store.close()
    return folder


@pytest.fixture
def vejviser(var: Path, monkeypatch: pytest.MonkeyPatch) -> Vejviser:
    monkeypatch.setenv("VEJVISER_VAR", str(var))

    def call(*arguments: str, at: str = AFTER) -> int:
        with time_machine.travel(at, tick=False):
            return main(["export", *arguments])

    return call


def asked(folder: Path, kind: str = "reports", tier: str = "internal", *more: str) -> list[str]:
    return [kind, "--period", PERIOD, "--tier", tier, "--to", str(folder), *more]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_what_is_written_is_what_was_counted(vejviser: Vejviser, tmp_path: Path) -> None:
    assert vejviser(*asked(tmp_path / "out")) == 0
    figures = {it["ground"]: it["value"] for it in rows(tmp_path / "out" / "reports.by_ground.csv")}
    assert figures["age"] == "31"
    assert figures["_T"] == "85"
    assert "disability" not in figures, "three reports are merged with the next smallest line"
    assert figures["other"] == "17"


def test_the_same_release_is_the_same_bytes_whenever_it_is_written(
    vejviser: Vejviser, var: Path, tmp_path: Path
) -> None:
    vejviser(*asked(tmp_path / "one"))
    store = SqliteStore(var / "store.db")
    file(store, 40, grounds=("age",))
    store.close()
    vejviser(*asked(tmp_path / "two"), at="2027-02-01T08:00:00Z")
    assert bytes_of(tmp_path / "one") == bytes_of(tmp_path / "two")
    vejviser(*asked(tmp_path / "three", "reports", "internal", "--again"), at="2027-02-01T08:00:00Z")
    package = json.loads((tmp_path / "three" / "datapackage.json").read_text(encoding="utf-8"))
    assert "reports-2026q3-internal-2" in json.dumps(package).lower()
    assert {it["measure"] for it in rows(tmp_path / "three" / "changes.csv")} >= {"reports.by_ground"}


@pytest.mark.parametrize("kind", ["referrals", "reports"])
def test_public_figures_are_multiples_of_five(vejviser: Vejviser, tmp_path: Path, kind: str) -> None:
    assert vejviser(*asked(tmp_path / "out", kind, "public")) == 0
    tables = [path for path in (tmp_path / "out").glob("re*.by_*.csv") if path.suffix == ".csv"]
    values = [int(it["value"]) for path in tables for it in rows(path) if it.get("value")]
    assert len(values) > 4
    assert {value % 5 for value in values} == {0}


def test_a_release_of_one_tier_never_lies_beside_that_of_the_other(
    vejviser: Vejviser, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vejviser(*asked(tmp_path / "out" / "a"))
    assert vejviser(*asked(tmp_path / "out" / "b", "reports", "public")) == 1
    assert "internal" in capsys.readouterr().err.splitlines()[-1]
    assert not (tmp_path / "out" / "b").exists()
    assert vejviser(*asked(tmp_path / "elsewhere" / "b", "reports", "public")) == 0


WRONG = [
    (["reports"], "--period and --tier"),
    (["reports", "--period", "2026", "--tier", "internal"], "2026Q3"),
    (["reports", "--period", "2026Q4", "--tier", "internal"], "2027-01-14"),
]


@pytest.mark.parametrize(("arguments", "said"), WRONG)
def test_what_cannot_be_exported_is_said(
    vejviser: Vejviser, arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert vejviser(*arguments, "--to", str(tmp_path / "x")) == 1
    assert said in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


def test_a_folder_that_is_there_is_not_written_over(
    vejviser: Vejviser, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine", encoding="utf-8")
    assert vejviser(*asked(tmp_path / "out")) == 1
    assert "out" in capsys.readouterr().err
    assert bytes_of(tmp_path / "out") == {"mine.txt": b"mine"}


def test_without_a_store_there_is_nothing_to_export(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VEJVISER_VAR", str(tmp_path / "nothing"))
    assert main(["export", *asked(tmp_path / "out")]) == 1
    assert "no store" in capsys.readouterr().err
    assert not (tmp_path / "nothing").exists()


def test_every_export_stands_on_record(vejviser: Vejviser, var: Path, tmp_path: Path) -> None:
    vejviser(*asked(tmp_path / "reports"))
    vejviser("targets", "--to", str(tmp_path / "targets"))
    store = SqliteStore(var / "store.db")
    found = [(it.verb, json.loads(it.detail)) for it in asyncio.run(store.audit.since(0, 10))]
    (kept,) = asyncio.run(store.statistics.releases())
    store.close()
    assert found == [
        ("export_made", {"what": "reports-2026Q3-internal-1", "hash": kept.content_hash}),
        ("export_made", {"what": "targets", "hash": ""}),
    ]


def test_the_targets_hold_no_figure_of_ours(vejviser: Vejviser, tmp_path: Path) -> None:
    assert vejviser("targets", "--to", str(tmp_path / "out")) == 0
    beside = rows(tmp_path / "out" / "beside.csv")
    assert {it["measure"] for it in beside} >= {"reports.by_ground", "referrals.by_effort"}
    assert not any("value" in column for column in beside[0])
