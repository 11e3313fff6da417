"""Reads content/measures.yml into a TablePlan, and explains a fault by entry and field."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from bot.directory.check import EFFORTS
from bot.errors import ContentError
from bot.language.yaml_file import read_yaml
from bot.statistics.lines import dimensions_of, source_of
from bot.statistics.plan import KINDS, TABLE, Dimension, Measure, Source, TablePlan
from bot.statistics.shaping import OTHER
from bot.statistics.targets import Words

FILE = "measures.yml"
EXPORTS = ("referrals", "reports")
MOST_DIMENSIONS = 2
"""R1."""


def read_plan(content: Path, codes: Mapping[str, Iterable[str]], parents: Mapping[str, Mapping[str, str]]) -> TablePlan:
    """The plan in a folder such as content; `codes` and `parents` of a dimension that the file leaves to its owner.

    Raises ContentError at the first fault.
    """
    try:
        whole = read_yaml(content / FILE)
    except (OSError, yaml.YAMLError) as error:
        raise ContentError(f"{FILE}: not readable as YAML: {error}") from error
    sources = {name: _source(name, fields) for name, fields in _part(whole, "sources").items()}
    dimensions = {name: _dimension(name, fields, codes, parents) for name, fields in _part(whole, "dimensions").items()}
    listed = whole.get("measures")
    if not isinstance(listed, list) or not listed:
        raise _fault("measures", "", "is missing")
    measures = [_measure(fields, sources, dimensions) for fields in listed]
    if len({it.name for it in measures}) < len(measures):
        raise _fault("measures", "name", "a name stands twice")
    return TablePlan(
        str(whole.get("version") or ""),
        sources,
        {it.name: it for it in measures},
        dimensions,
        {name: _words("groups", fields, name) for name, fields in _part(whole, "groups").items()},
    )


def _fault(entry: str, field: str, what: str) -> ContentError:
    return ContentError(f"{FILE}: {entry}: {field}: {what}")


def _part(whole: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = whole.get(name)
    if not isinstance(part, dict):
        raise _fault(name, "", "is missing")
    return part


def _words(entry: str, fields: Any, prefix: str, *, bare: bool = True) -> Words:
    """`da` and `en` of an entry, or `<prefix>_da` and `<prefix>_en`."""
    names = ("da", "en") if bare else (f"{prefix}_da", f"{prefix}_en")
    da, en = (fields.get(name) if isinstance(fields, dict) else None for name in names)
    if not (isinstance(da, str) and isinstance(en, str) and da.strip() and en.strip()):
        raise _fault(entry, prefix, "needs words in Danish and in English")
    return Words(da, en)


def _source(name: str, fields: Any) -> Source:
    if not isinstance(fields, dict) or fields.get("export") not in EXPORTS:
        raise _fault(name, "export", f"must be one of {', '.join(EXPORTS)}")
    unit, base = (_words(name, fields, part, bare=False) for part in ("unit", "base"))
    return Source(name, fields["export"], unit, base, tuple(_words(name, it, "caveats") for it in fields["caveats"]))


def _dimension(
    name: str, fields: Any, codes: Mapping[str, Iterable[str]], parents: Mapping[str, Mapping[str, str]]
) -> Dimension:
    title = _words(name, fields, "title")
    if name not in codes:
        raise _fault(name, "", "is no dimension that anything is counted by")
    own = tuple(codes[name])
    groups = {code: group for group, members in fields.get("groups", {}).items() for code in members}
    if unknown := sorted(set(groups) - set(own)):
        raise _fault(name, "groups", f"unknown codes {', '.join(unknown)}")
    return Dimension(
        name, title, (*(code for code in own if code != OTHER), OTHER), {**parents.get(name, {}), **groups}
    )


def _measure(fields: Any, sources: Mapping[str, Source], dimensions: Mapping[str, Dimension]) -> Measure:
    name = str(fields.get("name") if isinstance(fields, dict) else "")
    if source_of(name) not in sources:
        raise _fault(name or "measures", "name", "begins with no source of this file")
    kind, effort = fields.get("kind", TABLE), fields.get("effort")
    if kind not in KINDS:
        raise _fault(name, "kind", f"must be one of {', '.join(KINDS)}")
    if effort not in EFFORTS:
        raise _fault(name, "effort", "is none of the plan's")
    if kind == TABLE:
        used = dimensions_of(name)
        if not set(used) <= set(dimensions) or len(set(used)) != len(used) or len(used) > MOST_DIMENSIONS:
            raise _fault(name, "name", "must name one or two different dimensions of this file")
    title, definition = (_words(name, fields, part, bare=False) for part in ("title", "definition"))
    return Measure(name, kind, title, definition, effort)
