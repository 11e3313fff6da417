"""In ACRO's environment: reads tables as records from a file, and writes which cells ACRO finds unsafe."""

import json
import logging
import sys
import warnings
from pathlib import Path
from typing import Any

import acro
import pandas as pd

THRESHOLD = 5
"""As ours (R3): ACRO finds fewer than this unsafe. Its tests of sums, p-ratio and n-k, are not asked about counts."""
FLAG = "MinimumThresholdCheck"
TOTAL = "All"


def main() -> None:
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    tables = json.loads(Path(sys.argv[1]).read_text())
    Path(sys.argv[2]).write_text(json.dumps([judged(table) for table in tables]))


def judged(table: dict[str, Any]) -> list[tuple[str, str]]:
    """Row and column of each cell that ACRO would hide; "" for a total."""
    session = acro.ACRO()
    session.sdc_checks.risk_appetite.update(safe_threshold=THRESHOLD, zeros_are_disclosive=False)
    rows, columns = zip(*table["records"], strict=True)
    by = [
        pd.Series(pd.Categorical(codes, categories=table[axis]), name=axis)
        for axis, codes in (("rows", rows), ("columns", columns))
    ]
    session.crosstab(*by, margins=True, margins_name=TOTAL)
    outcome = session.results.get_index(0).outcome
    found = [(row, column) for row in outcome.index for column in outcome.columns if FLAG in outcome.loc[row, column]]
    return [tuple("" if label == TOTAL else str(label) for label in place) for place in found]


main()
