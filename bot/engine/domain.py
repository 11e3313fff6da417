"""Reads a model's own domain by libyaml: Rasa's reader, which keeps comments, takes half of the start for it."""

import re
from pathlib import Path
from typing import Any

import yaml
from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.graph_components.providers.domain_provider import DomainProvider
from rasa.shared.core.domain import Domain

PERSISTED = "domain.yml"
"""Under this name `DomainProvider` writes it at training, when it is checked (`rasa/graph_components/providers`)."""


class _Loader(yaml.CSafeLoader):
    """Reads `no` as a word, as Rasa's reader does (YAML 1.2), and not as a no."""


BOOL = "tag:yaml.org,2002:bool"
_Loader.yaml_implicit_resolvers = {
    first: [it for it in resolvers if it[0] != BOOL] for first, resolvers in _Loader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(BOOL, re.compile("(true|True|TRUE|false|False|FALSE)$"), list("tTfF"))


def read_domain(path: Path) -> Domain:
    """What `DomainProvider` wrote, without checking it anew."""
    return Domain.from_dict(yaml.load(path.read_bytes(), Loader=_Loader))  # noqa: S506 - a child of the safe loader


def read_domain_quickly() -> None:
    """From here on models are loaded so; what is read is the same."""
    DomainProvider.load = classmethod(_load)


def _load(
    cls: type[DomainProvider],
    /,
    config: dict[str, Any],
    model_storage: ModelStorage,
    resource: Resource,
    execution_context: ExecutionContext,
    **_: Any,
) -> DomainProvider:
    with model_storage.read_from(resource) as folder:
        return cls(model_storage, resource, read_domain(folder / PERSISTED))
