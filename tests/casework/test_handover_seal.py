"""A package opens for its holders only, under its own id only, unchanged only."""

import asyncio
import dataclasses
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from nacl.public import PrivateKey

from bot.casework.handover_seal import open_with, resealed
from bot.errors import SealBrokenError
from bot.store.case_verbs import HandoverKeyRow, HandoverRow
from tests.casework.handing import Handing

SEED = 20261129


@pytest.fixture
def handing(tmp_path: Path) -> Iterator[Handing]:
    handing = Handing(tmp_path)
    yield handing
    handing.close()


def held(handing: Handing, row: HandoverRow, holder: str = "team") -> HandoverKeyRow:
    key = asyncio.run(handing.store.cases.handover_key(row.id, holder))
    assert key
    return key


def test_a_package_opens_for_its_holders_and_nobody_else(handing: Handing) -> None:
    row, team, partner = handing.make(way="endpoint"), handing.team.private, handing.private
    of_team, of_partner = held(handing, row), held(handing, row, "endpoint")
    assert open_with(team, row, of_team) == open_with(partner, row, of_partner)
    for private, key in ((partner, of_team), (team, of_partner), (PrivateKey.generate(), of_team)):
        with pytest.raises(SealBrokenError):
            open_with(private, row, key)


def test_no_package_opens_with_the_key_or_under_the_id_of_another(handing: Handing) -> None:
    first, second = handing.make(), handing.make()
    one, other = held(handing, first), held(handing, second)
    for row, key in (
        (first, other),
        (dataclasses.replace(first, id=second.id), one),
        (dataclasses.replace(first, id=second.id), other),
        (dataclasses.replace(first, sealed=second.sealed), one),
    ):
        with pytest.raises(SealBrokenError):
            open_with(handing.team.private, row, key)


def test_each_changed_bit_is_seen(handing: Handing) -> None:
    row, chance = handing.make(), random.Random(SEED)  # noqa: S311 - the same bits each time
    key = held(handing, row)
    for _ in range(1_000):
        sealed, sealed_key = bytearray(row.sealed), bytearray(key.sealed)
        changed = chance.choice([sealed, sealed_key])
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        other, other_key = (
            dataclasses.replace(row, sealed=bytes(sealed)),
            dataclasses.replace(key, sealed=bytes(sealed_key)),
        )
        with pytest.raises(SealBrokenError):
            open_with(handing.team.private, other, other_key)


def test_the_length_of_a_package_tells_little(handing: Handing) -> None:
    lengths = {len(handing.make().sealed)}
    asyncio.run(handing.own.correct(handing.key, "organisation", "B", "ar", "a"))
    assert {len(handing.make().sealed)} == lengths


def test_when_the_teams_key_is_replaced_packages_are_sealed_anew_and_the_old_key_opens_them_no_more(
    handing: Handing,
) -> None:
    rows = [handing.make(), handing.make(way="endpoint")]
    keys = asyncio.run(handing.store.cases.handover_keys_of_team())
    new, team = PrivateKey.generate(), handing.team.private
    anew = {key.handover_id: resealed(team, bytes(new.public_key), key) for key in keys}
    assert set(anew) == {row.id for row in rows}
    for row in rows:
        assert open_with(new, row, anew[row.id])["handover"]["id"] == row.id
        with pytest.raises(SealBrokenError):
            open_with(team, row, anew[row.id])
    with pytest.raises(SealBrokenError):
        resealed(new, bytes(new.public_key), keys[0])
