"""Runs the model's graph node by node."""

from collections.abc import Mapping, Sequence
from typing import Any

from rasa.engine.graph import GraphNode, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner


class InOrderRunner:
    """Takes the place of Rasa's dask runner for answering.

    A turn runs the graph three times; dask plans each run anew and puts the whole schema into the text of a debug line
    that nobody reads (`rasa/engine/runner/dask.py`, `run`): 4 ms of a turn. Here the order is found once for each set
    of targets. Nodes, their inputs and their errors stay Rasa's own.
    """

    def __init__(self, loaded: DaskGraphRunner) -> None:
        self._schema: GraphSchema = loaded._graph_schema
        self._nodes: Mapping[str, GraphNode] = loaded._instantiated_nodes
        self._orders: dict[tuple[str, ...], list[str]] = {}

    def part[Part](self, kind: type[Part]) -> Part:
        """The one component of this class; raises LookupError where the model has none."""
        found = (node._component for node in self._nodes.values() if isinstance(node._component, kind))
        part = next(found, None)
        if part is None:
            raise LookupError(kind.__name__)
        return part

    def run(self, inputs: Mapping[str, Any] | None = None, targets: Sequence[str] | None = None) -> dict[str, Any]:
        """The outputs of `targets` (else of the schema's own), by node; `inputs` by the names nodes need them under."""
        wanted = tuple(targets or self._schema.target_names)
        results = {name: (name, value) for name, value in (inputs or {}).items()}
        for name in self._order(wanted):
            needs = self._schema.nodes[name].needs.values()
            results[name] = self._nodes[name](*(results.get(need, need) for need in needs))
        return {name: results[name][1] for name in wanted}

    def _order(self, targets: tuple[str, ...]) -> list[str]:
        """Every node that `targets` need, each after those that it needs itself."""
        if targets not in self._orders:
            order: dict[str, None] = {}
            nodes = self._schema.minimal_graph_schema(list(targets)).nodes

            def visit(name: str) -> None:
                if name in nodes and name not in order:
                    for need in nodes[name].needs.values():
                        visit(need)
                    order[name] = None

            for target in targets:
                visit(target)
            self._orders[targets] = list(order)
        return self._orders[targets]
