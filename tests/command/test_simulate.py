"""`vejviser simulate`, and that what it makes is never served to residents."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from bot.command.simulated import refuse_simulated
from bot.errors import SettingError
from bot.settings import Settings
from bot.store.simulation_verbs import Invented
from bot.store.sqlite import SqliteStore
from tests.command.calling import Told, vejviser
from tests.keys import make_keys
from tests.store.rows import DAY

SMALL = ("--seed", "3", "--years", "0.25", "--until", "2026Q3", "--referrals", "50", "--reports", "5")


def simulate(to: Path, *more: str) -> Told:
    return vejviser("simulate", *SMALL, "--to", str(to), *more)


@pytest.fixture
def of_service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that VEJVISER_VAR names."""
    monkeypatch.setenv("VEJVISER_VAR", str(tmp_path / "service"))
    return tmp_path / "service"


def marked(folder: Path) -> None:
    store = SqliteStore(folder / "store.db")
    make_keys(store)
    asyncio.run(store.simulation.begin("1", DAY, Invented()))
    store.close()


def test_it_fills_a_new_folder_and_says_what_it_is(tmp_path: Path, of_service: Path) -> None:
    told = simulate(tmp_path / "demo")
    assert told.code == 0, told.error
    assert "50 referrals and 5 reports, all of them invented, from 2026-07-01 to 2026-09-30" in told.out
    assert "The keys of Vejviser were made" in told.out
    with sqlite3.connect(tmp_path / "demo" / "store.db") as database:
        assert database.execute("SELECT seed FROM simulation").fetchall() == [("3",)]
        assert database.execute("SELECT count(*) FROM referral").fetchone() == (50,)
    assert not of_service.exists()


def test_an_empty_folder_is_as_good(tmp_path: Path, of_service: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert simulate(tmp_path / "empty").code == 0


def test_a_folder_that_holds_anything_is_refused_and_left_as_it_is(tmp_path: Path, of_service: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    told = simulate(tmp_path)
    assert told.code == 1
    assert "is not empty" in told.error
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_it_does_not_fill_the_same_folder_twice(tmp_path: Path, of_service: Path) -> None:
    assert simulate(tmp_path / "demo").code == 0
    assert "is not empty" in simulate(tmp_path / "demo").error


def test_a_file_is_no_folder(tmp_path: Path, of_service: Path) -> None:
    (tmp_path / "file").touch()
    assert "cannot be used: Not a directory" in simulate(tmp_path / "file").error


@pytest.mark.parametrize("below", ["", "demo"])
def test_the_folder_of_the_service_is_refused_even_when_it_is_new(of_service: Path, below: str) -> None:
    told = simulate(of_service / below)
    assert told.code == 1
    assert "is the folder of the service (VEJVISER_VAR)" in told.error
    assert not of_service.exists()


def test_without_a_folder_nothing_happens(of_service: Path) -> None:
    told = vejviser("simulate", *SMALL)
    assert told.code == 1
    assert "simulate --to: name a new or empty folder" in told.error
    assert not of_service.exists()


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (("--until", "2026"), "--until: 2026 is no quarter"),
        (("--years", "0.3"), "--years: must be whole quarters"),
        (("--referrals", "-1"), "--referrals: must not be less than 0"),
        (("--reports", "-1"), "--reports: must not be less than 0"),
    ],
)
def test_an_order_that_cannot_be_is_refused_before_anything_is_made(
    tmp_path: Path, of_service: Path, more: tuple[str, ...], why: str
) -> None:
    told = simulate(tmp_path / "demo", *more)
    assert told.code == 1
    assert why in told.error
    assert not (tmp_path / "demo").exists()


# Residents


@pytest.mark.parametrize("command", [("serve",), ("serve", "--only", "chat"), ("chat",)], ids=" ".join)
def test_nothing_that_speaks_to_residents_starts_on_invented_data(of_service: Path, command: tuple[str, ...]) -> None:
    marked(of_service)
    told = vejviser(*command)
    assert told.code == 1
    place = of_service / "store.db"
    assert f"everything in {place} is invented (vejviser simulate), and no resident may meet it" in told.error


def test_a_store_that_is_not_marked_is_served(tmp_path: Path) -> None:
    refuse_simulated(Settings(var=tmp_path))
    assert list(tmp_path.iterdir()) == []
    SqliteStore(tmp_path / "store.db").close()
    refuse_simulated(Settings(var=tmp_path))
    marked(tmp_path)
    with pytest.raises(SettingError):
        refuse_simulated(Settings(var=tmp_path))
