"""Checks what the guide is made of: `python -m bench.supply`, in seconds, without a network where there is none.

Fails for a package without a hash, a licence that is not on the list, and anything known against the lock that nobody
has judged. `--sbom FILE` writes the bill of materials. Where the package index's list of advisories cannot be asked, it
says so and does not fail: `NOT CHECKED` then stands in what it prints.
"""

import argparse
import datetime as dt
import sys
from pathlib import Path

from bench.supply import advisories, audit, licences
from bench.supply.bill import write_bill
from bench.supply.lock import Package, packages, served


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.supply", description=__doc__)
    parser.add_argument("--sbom", type=Path, metavar="FILE", help="write a CycloneDX bill of materials")
    parser.add_argument("--offline", action="store_true", help="do not ask the package index")
    given = parser.parse_args()
    serving = served()
    faults = [*_hashes(packages()), *_licences(serving), *_advisories(serving, offline=given.offline)]
    if given.sbom:
        print(f"bill of materials: {write_bill(given.sbom, serving)} components in {given.sbom}")
    for fault in faults:
        print("FAULT:", fault, file=sys.stderr)
    return 1 if faults else 0


def _hashes(found: list[Package]) -> list[str]:
    unheld = [f"{it.name}: a file without a hash in uv.lock" for it in found if not it.is_held]
    print(f"hashes: {len(found)} packages, {len(unheld)} without")
    return unheld


def _licences(found: dict[str, Package]) -> list[str]:
    faults = licences.faults(found.values(), licences.Licences.of())
    print(f"licences: {len(found)} served packages, {len(faults)} not on the list")
    return faults


def _advisories(found: dict[str, Package], *, offline: bool) -> list[str]:
    judged, today = advisories.judgements(), dt.datetime.now(dt.UTC).date()
    carried = advisories.carried(found)
    print(f"advisories carried in: {len(carried)} name a version that is served, {len(judged)} judged")
    told, unasked = audit.findings(found.values()) if not offline else ([], "--offline")
    if unasked:
        print(f"advisories of the package index: NOT CHECKED ({unasked})")
    else:
        print(f"advisories of the package index: {len(told)}")
    return sorted({*advisories.faults(carried, judged, today), *advisories.faults(told, judged, today)})


if __name__ == "__main__":
    sys.exit(main())
