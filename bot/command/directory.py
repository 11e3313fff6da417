"""`vejviser directory check`: every fault of the services, by file, entry and field."""

import argparse

from bot.directory.check import faults_of
from bot.directory.services import raw_records, read_directory
from bot.settings import Settings


def directory(settings: Settings, given: argparse.Namespace) -> int:
    records = list(raw_records(settings.content / "services"))
    faults = [fault for file, record in records for fault in faults_of(file, record)]
    for fault in faults:
        print(fault)  # noqa: T201 - the command's result
    if not faults:
        read_directory(settings.content / "services")  # ids that stand twice are found here
    print(f"{len(records)} services, {len(faults)} faults")  # noqa: T201 - the command's result
    return 1 if faults else 0
