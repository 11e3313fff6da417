"""A store with a journal, on a folder of the test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.audit.chains import Kept


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    kept = Kept(tmp_path)
    yield kept
    kept.store.close()
