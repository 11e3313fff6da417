"""Every sort of release, written once."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.statistics.files import checkers
from tests.statistics.files.written import (
    RELEASES,
    hostile_codes,
    hostile_labels,
    targets_written,
    written,
)


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """{what it is: the folder it was written into}."""
    made: dict[str, Path] = {}
    for name, release in RELEASES.items():
        made[name] = tmp_path_factory.mktemp("written") / "of"
        written(release, made[name])
    made["hostile labels"] = tmp_path_factory.mktemp("written") / "of"
    written(hostile_codes(RELEASES["internal reports"]), made["hostile labels"], labels=hostile_labels())
    for name, simulated in (("targets", False), ("simulated targets", True)):
        made[name] = tmp_path_factory.mktemp("written") / "of"
        targets_written(made[name], simulated=simulated)
    return made


@pytest.fixture(scope="session")
def programs() -> None:
    """Those of others are there."""
    checkers.ready()
