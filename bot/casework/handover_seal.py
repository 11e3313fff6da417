"""Seals a package that is handed over: one key a package, and the key sealed to each who may open it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from nacl.public import PrivateKey

from bot.casework.sealing import ReportKey
from bot.store.case_verbs import HandoverKeyRow, HandoverRow

ENDPOINT = "endpoint"
"""A holder of a key, as are `team` and the accounts of a partner."""
PLACE = "handover"
BLOCK = 1024
"""Packages are filled up with spaces to whole blocks of so many bytes, so that their length tells little."""


def sealed_package(key: ReportKey, package: Mapping[str, Any]) -> bytes:
    """Under a key whose id is the handover's, so that no package opens under the id of another."""
    text = json.dumps(package, ensure_ascii=False, separators=(",", ":"))
    content = text.encode("utf-8", "backslashreplace")  # half a surrogate pair becomes what JSON writes for it
    return key.seal_bytes(PLACE, content + b" " * (-len(content) % BLOCK))


def keys_of(key: ReportKey, holders: Mapping[str, bytes]) -> Iterator[HandoverKeyRow]:
    """`holders`: {holder: public key}."""
    for holder, public in holders.items():
        yield HandoverKeyRow(key.report_id, holder, key.sealed_to(public))


def open_with(private: PrivateKey, row: HandoverRow, key_row: HandoverKeyRow) -> dict[str, Any]:
    """The package. Raises SealBrokenError for another key or handover, or a changed bit."""
    key = ReportKey.opened_by(private, row.id, key_row.sealed)
    package: dict[str, Any] = json.loads(key.open_bytes(PLACE, row.sealed))
    return package


def resealed(private: PrivateKey, public: bytes, row: HandoverKeyRow) -> HandoverKeyRow:
    """The key of a package for the team's new key, by its old one."""
    return replace(row, sealed=ReportKey.opened_by(private, row.handover_id, row.sealed).sealed_to(public))
