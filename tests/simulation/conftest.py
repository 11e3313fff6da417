"""One year that all tests look at."""

from collections.abc import Iterator

import pytest

from tests.simulation.years import Filled, an_order, filled


@pytest.fixture(scope="session")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    year = filled(tmp_path_factory.mktemp("year"), an_order())
    yield year
    year.store.close()
