"""The graph run in order gives what Rasa's dask runner gives."""

from pathlib import Path

import pytest
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage

from bot.engine.runner import InOrderRunner


class Sum(GraphComponent):
    """Adds its inputs and one."""

    @classmethod
    def create(
        cls, config: dict[str, object], model_storage: object, resource: object, execution_context: object
    ) -> "Sum":
        return cls()

    def add(self, one: int, other: int = 0) -> int:
        return one + other + 1


def node(**needs: str) -> SchemaNode:
    return SchemaNode(
        needs=needs, uses=Sum, constructor_name="create", fn="add", config={}, eager=True, is_target=False
    )


SCHEMA = GraphSchema(
    {
        "last": node(one="left", other="right"),
        "left": node(one="first"),
        "right": node(one="first", other="given"),
        "first": node(one="given"),
        "aside": node(one="not_given"),
    }
)


@pytest.fixture
def dask(tmp_path: Path) -> DaskGraphRunner:
    return DaskGraphRunner.create(SCHEMA, LocalModelStorage(tmp_path), ExecutionContext(SCHEMA))


@pytest.mark.parametrize("targets", [["last"], ["left", "right"], ["first"], ["last", "first"]])
def test_it_gives_what_dask_gives(dask: DaskGraphRunner, targets: list[str]) -> None:
    runner = InOrderRunner(dask)
    for given in (1, 20):
        assert runner.run({"given": given}, targets) == dask.run({"given": given}, targets)


def test_an_input_that_is_missing_is_an_error(dask: DaskGraphRunner) -> None:
    with pytest.raises(GraphRunError, match="Missing input"):
        InOrderRunner(dask).run({"given": 1}, ["aside"])
