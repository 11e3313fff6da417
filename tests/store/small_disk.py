"""Files reports on a disk that runs full and is made larger; says what was refused and what is there.

Run by test_sqlite_disk.py in a mount namespace of its own, because it remounts the disk.
"""

import asyncio
import subprocess
import sys
from pathlib import Path

from bot.errors import NotSavedError
from bot.store.sqlite import SqliteStore
from tests.store.rows import a_report


def file_until_refused(store: SqliteStore) -> list[str]:
    saved: list[str] = []
    while True:
        try:
            asyncio.run(store.reports.file(a_report(f"report-{len(saved)}")))
        except NotSavedError:
            return saved
        saved.append(f"report-{len(saved)}")


def is_there(store: SqliteStore, *receipts: str) -> bool:
    found = [asyncio.run(store.reports.id_of(receipt)) for receipt in receipts]
    return all(found) and asyncio.run(store.counts())["report"] == len(receipts)


def tell(what: str, *outcomes: bool) -> None:
    if all(outcomes):
        print(what, flush=True)  # noqa: T201 - the test reads it


def main(disk: Path) -> None:
    store = SqliteStore(disk / "store.db")
    saved = file_until_refused(store)
    tell("refused when full", len(saved) > 10)
    tell("all kept", is_there(store, *saved))
    subprocess.run(["mount", "-o", "remount,size=4m", disk], check=True)
    asyncio.run(store.reports.file(a_report("with room again")))
    tell("saved with room again", is_there(store, *saved, "with room again"))
    store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
