"""Parquet, by arro3 (Apache's own Rust code): one long file for all tables, because each of them is a few kilobytes."""

import io
import json

import arro3.core as arrow
from arro3.io import write_parquet

from bot.statistics.files.sheet import SIMULATED, Column, Kind, Pack, Sheet, Value

TYPES = {
    Kind.TEXT: arrow.DataType.utf8(),
    Kind.WHOLE: arrow.DataType.int64(),
    Kind.NUMBER: arrow.DataType.float64(),
    Kind.DATE: arrow.DataType.utf8(),
    Kind.YEAR: arrow.DataType.int64(),
}
CREATED_BY = "vejviser"
NOTE = "vejviser"
"""The one key of the file's own notes: several would be written in an order that changes from run to run."""


def as_parquet(pack: Pack, sheet: Sheet) -> bytes:
    """Null is what is missing or hidden; the notes say what is in datapackage.json."""
    columns = {
        column.name: arrow.Array([_cell(row[place], column) for row in sheet.rows], type=TYPES[column.kind])
        for place, column in enumerate(sheet.columns)
    }
    fields = [arrow.Field(it.name, TYPES[it.kind], nullable=it.may_be_empty) for it in sheet.columns]
    notes = {
        **pack.facts,
        **({"warning": SIMULATED} if pack.simulated else {}),
        "title": pack.title.da,
        "title_en": pack.title.en,
        "caveats": [{"da": it.da, "en": it.en} for it in pack.caveats],
    }
    file = io.BytesIO()
    write_parquet(
        arrow.Table.from_arrays(list(columns.values()), schema=arrow.Schema(fields)),
        file,
        compression="zstd(3)",
        created_by=CREATED_BY,
        key_value_metadata={NOTE: json.dumps(notes, ensure_ascii=False)},
        skip_arrow_metadata=True,
    )
    return file.getvalue()


def _cell(value: Value, column: Column) -> Value:
    return float(value) if value is not None and column.kind is Kind.NUMBER else value
