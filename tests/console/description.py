"""The console as OpenAPI 3.1, made from its entries: what a scanner is given in place of a browser."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from bot.web.console.frame import Entry
from tests.console.orders import orders

PARAMETER = re.compile(r"\{([a-z]+)\}")
QUERY = (
    "said", "lang", "page", "before", "next", "language", "sorted", "kind", "status", "area", "whose", "label", "order",
    "ground", "district", "overdue", "closed", "consent_level", "translator", "wish", "form", "journal", "triage",
    "effort", "period",
)  # fmt: skip
TEXT = {"type": "string"}
FORM = "application/x-www-form-urlencoded"


def described(entries: Iterable[Entry], known: Mapping[str, list[str]]) -> dict[str, Any]:
    """`known`: {parameter of a path: values that lead somewhere}; any other text may stand there too."""
    paths: dict[str, dict[str, Any]] = {}
    for entry in entries:
        paths.setdefault(entry.path, {})[entry.method.lower()] = _operation(entry, known)
    return {"openapi": "3.1.0", "info": {"title": "The console for staff", "version": "1"}, "paths": paths}


def _operation(entry: Entry, known: Mapping[str, list[str]]) -> dict[str, Any]:
    parameters = [_parameter("path", name, known.get(name, [])) for name in PARAMETER.findall(entry.path)]
    operation: dict[str, Any] = {"responses": {"200": {"description": "A page"}}}
    if entry.method == "GET":
        parameters += [_parameter("query", name, []) for name in QUERY]
    else:
        operation["requestBody"] = {"required": True, "content": {FORM: {"schema": _schema(entry.name)}}}
    return {**operation, "parameters": parameters}


def _parameter(where: str, name: str, values: list[str]) -> dict[str, Any]:
    schema = {"anyOf": [{"enum": values}, {**TEXT, "minLength": 1}]} if values else TEXT
    return {"in": where, "name": name, "required": where == "path", "schema": schema}


def _schema(name: str) -> dict[str, Any]:
    """Any text in each field, or what the page would send."""
    fields = {field: value for order in orders() if order.name == name for field, value in order.fields.items()}
    return {
        "type": "object",
        "properties": {field: {"anyOf": [TEXT, {"enum": [value]}]} for field, value in fields.items()},
        "additionalProperties": TEXT,
    }
