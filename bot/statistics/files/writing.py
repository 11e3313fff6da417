"""Writes a release, or the plan's targets, in every format into one folder."""

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.statistics.files.columnar import as_parquet
from bot.statistics.files.database import as_datasette, as_sqlite
from bot.statistics.files.described import as_csvw, as_datapackage, csv_name, digest_of
from bot.statistics.files.folder import PACKAGE, Progress, put
from bot.statistics.files.readme import NAMES, as_readme
from bot.statistics.files.release_pack import pack_of
from bot.statistics.files.separated import as_csv
from bot.statistics.files.sheet import Pack
from bot.statistics.files.targets_pack import pack_of_targets
from bot.statistics.labels import Labels
from bot.statistics.plan import TablePlan
from bot.statistics.release import Release
from bot.statistics.targets import Plan
from bot.store.target_verbs import OfficialRow

type File = tuple[str, bytes]


def _quiet(_: str) -> None:
    """No progress is shown."""


def write(
    release: Release,
    plan: TablePlan,
    labels: Labels,
    targets: Plan,
    folder: Path,
    *,
    progress: Progress = _quiet,
    licence: str | None = None,
) -> list[Path]:
    """The files of a release; the same bytes whenever the same release is written with the same words and versions.

    `progress` is told the name of each file. Raises StatisticsError (folder.put), and leaves nothing behind then.
    """
    pack = pack_of(release, plan, labels, targets, licence)
    return put(pack, files_of(pack), folder, progress)


def write_targets(
    targets: Plan,
    official: Iterable[OfficialRow],
    plan: TablePlan,
    made_on: dt.date,
    folder: Path,
    *,
    progress: Progress = _quiet,
    simulated: bool = False,
    licence: str | None = None,
) -> list[Path]:
    """The plan's targets, and apart what others published of them; of the guide's own measures only the names (R13)."""
    pack = pack_of_targets(targets, official, plan, made_on, simulated=simulated, licence=licence)
    return put(pack, files_of(pack), folder, progress)


def files_of(pack: Pack) -> Iterator[File]:
    """(name, bytes) of every file, one at a time; the data package comes last, with the hashes of the others."""
    written: dict[str, tuple[int, str]] = {}
    for name, data in _files(pack):
        written[name] = digest_of(data)
        yield name, data
    yield pack.file(PACKAGE), as_datapackage(pack, written)


def _files(pack: Pack) -> Iterator[File]:
    from bot.statistics.files.workbook import as_workbook  # noqa: PLC0415 - half a second, which looking need not wait for

    for language, name in NAMES.items():
        yield pack.file(name), as_readme(pack, language)
    for one in pack.sheets:
        yield csv_name(pack, one), as_csv(one)
        yield f"{csv_name(pack, one)}-metadata.json", as_csvw(pack, one)
    for one in pack.long:
        yield pack.file(f"{one.name}.parquet"), as_parquet(pack, one)
    for book in pack.books:
        yield pack.file(f"{book.name}.xlsx"), as_workbook(pack, book)
        yield pack.file(f"{book.name}.sqlite"), as_sqlite(pack, book)
    yield pack.file("metadata.json"), as_datasette(pack, {pack.file(book.name): book for book in pack.books})
