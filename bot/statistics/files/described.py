"""Describes the CSV files for programs: a Frictionless data package, and CSV on the Web for each file."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.statistics.files.separated import LINE_END
from bot.statistics.files.sheet import SIMULATED, Column, Kind, Pack, Sheet
from bot.statistics.targets import Words

TYPES: Mapping[Kind, tuple[str, str]] = {
    Kind.TEXT: ("string", "string"),
    Kind.WHOLE: ("integer", "integer"),
    Kind.NUMBER: ("number", "decimal"),
    Kind.DATE: ("date", "date"),
    Kind.YEAR: ("year", "gYear"),
}
"""What Frictionless and CSVW call them."""
MISSING = ""
_DIGEST = "sha256"


def csv_name(pack: Pack, sheet: Sheet) -> str:
    return pack.file(f"{sheet.name}.csv")


def as_datapackage(pack: Pack, files: Mapping[str, tuple[int, str]]) -> bytes:
    """`files`: {name: (bytes, SHA-256)} of every file beside this one."""
    whole: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": pack.file(pack.name).lower(),
        "title": _simulated(pack, pack.title.da),
        "title_en": _simulated(pack, pack.title.en),
        "description": " ".join(it.da for it in pack.caveats),
        "description_en": " ".join(it.en for it in pack.caveats),
        "created": f"{pack.made_on.isoformat()}T00:00:00Z",
        **pack.facts,
        "caveats": list(map(_both, pack.caveats)),
        "sources": [{"title": it.da, "title_en": it.en} for it in pack.sources],
        **({"licenses": [{"name": pack.licence}]} if pack.licence else {"license": None}),
        "resources": [_resource(pack, it, files[csv_name(pack, it)]) for it in pack.sheets],
        "files": [
            {"path": name, "bytes": size, "hash": f"{_DIGEST}:{digest}"} for name, (size, digest) in files.items()
        ],
    }
    return _json(whole)


def digest_of(data: bytes) -> tuple[int, str]:
    """Bytes and SHA-256."""
    return len(data), hashlib.sha256(data).hexdigest()


def _resource(pack: Pack, sheet: Sheet, file: tuple[int, str]) -> dict[str, Any]:
    size, digest = file
    return {
        "name": sheet.name,
        "path": csv_name(pack, sheet),
        "profile": "tabular-data-resource",
        "title": _simulated(pack, sheet.title.da),
        "title_en": _simulated(pack, sheet.title.en),
        "description": sheet.text.da,
        "description_en": sheet.text.en,
        "simulated": pack.simulated,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": size,
        "hash": f"{_DIGEST}:{digest}",
        "dialect": {
            "delimiter": ",",
            "lineTerminator": LINE_END,
            "quoteChar": '"',
            "doubleQuote": True,
            "header": True,
        },
        "schema": _schema(sheet, [it.name for it in pack.sheets]),
    }


def _schema(sheet: Sheet, sheets: Sequence[str]) -> dict[str, Any]:
    refers = [(it.name, *it.refers_to) for it in sheet.columns if it.refers_to and it.refers_to[0] in sheets]
    return {
        "fields": [_field(it) for it in sheet.columns],
        "missingValues": [MISSING],
        "primaryKey": list(sheet.key),
        "foreignKeys": [
            {"fields": name, "reference": {"resource": other, "fields": field}} for name, other, field in refers
        ],
    }


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True} if not column.may_be_empty else {}
    if column.among:
        constraints["enum"] = list(column.among)
    return {
        "name": column.name,
        "type": TYPES[column.kind][0],
        "title": column.title.da,
        "title_en": column.title.en,
        **({"constraints": constraints} if constraints else {}),
    }


def as_csvw(pack: Pack, sheet: Sheet) -> bytes:
    """For one CSV file; its name is `<file>-metadata.json`."""
    return _json(
        {
            "@context": ["http://www.w3.org/ns/csvw", {"@language": "da"}],
            "url": csv_name(pack, sheet),
            "dc:title": _tagged(sheet.title, pack),
            "dc:description": _tagged(sheet.text),
            "dc:issued": {"@value": pack.made_on.isoformat(), "@type": "xsd:date"},
            "schema:version": ", ".join(f"{name} {value}" for name, value in pack.facts.items() if value is not None),
            **({"schema:creativeWorkStatus": SIMULATED} if pack.simulated else {}),
            **({"dc:license": pack.licence} if pack.licence else {}),
            "rdfs:comment": [text for it in pack.caveats for text in _tagged(it)],
            "dialect": {"encoding": "utf-8", "delimiter": ",", "lineTerminators": [LINE_END], "header": True},
            "tableSchema": {
                "columns": [_csvw_column(it) for it in sheet.columns],
                **({"primaryKey": list(sheet.key)} if sheet.key else {}),
            },
        }
    )


def _csvw_column(column: Column) -> dict[str, Any]:
    datatype: dict[str, Any] = {"base": TYPES[column.kind][1]}
    if column.among:
        datatype["format"] = "|".join(column.among)
    return {
        "name": column.name,
        "titles": column.name,
        "dc:title": _tagged(column.title),
        "datatype": datatype,
        "required": not column.may_be_empty,
        "null": MISSING,
    }


def _tagged(words: Words, pack: Pack | None = None) -> list[dict[str, str]]:
    return [
        {"@value": _simulated(pack, text) if pack else text, "@language": language}
        for language, text in (("da", words.da), ("en", words.en))
    ]


def _simulated(pack: Pack, title: str) -> str:
    return f"{SIMULATED}: {title}" if pack.simulated else title


def _both(words: Words) -> dict[str, str]:
    return {"da": words.da, "en": words.en}


def _json(values: Mapping[str, Any]) -> bytes:
    return (json.dumps(values, ensure_ascii=False, indent=1) + "\n").encode()
