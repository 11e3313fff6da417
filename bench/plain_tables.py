"""The plain side of bench.export: tables by `GROUP BY` on SQLite and nothing else, as one CSV each.

`python -m bench.plain_tables STORE FOLDER < statements.json`; each statement has a name, headings and SQL.
"""

import csv
import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path


def main(store: str, folder: str) -> None:
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as connection:
        for name, headings, sql in json.load(sys.stdin):
            with (Path(folder) / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(headings)
                writer.writerows(connection.execute(sql))


if __name__ == "__main__":
    main(*sys.argv[1:])
