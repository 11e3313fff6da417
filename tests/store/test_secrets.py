"""The server's key: made once, kept, and readable by its owner only."""

import os
import stat
from pathlib import Path

import pytest

from bot.errors import SettingError
from bot.store.secrets import KEY_BYTES, server_key


def test_the_key_is_made_once_and_kept(tmp_path: Path) -> None:
    key = server_key(tmp_path / "var")
    assert len(key) == KEY_BYTES
    assert server_key(tmp_path / "var") == key


def test_two_installations_have_different_keys(tmp_path: Path) -> None:
    assert server_key(tmp_path / "one") != server_key(tmp_path / "other")


def test_only_the_owner_can_read_the_key(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        server_key(tmp_path / "var")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "var" / "server.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700


@pytest.mark.parametrize("left", [b"", b"half of it", bytes(KEY_BYTES + 1)])
def test_a_damaged_key_is_refused_by_its_path_and_left_as_it_is(tmp_path: Path, left: bytes) -> None:
    path = tmp_path / "server.key"
    path.write_bytes(left)
    with pytest.raises(SettingError, match=str(path)):
        server_key(tmp_path)
    assert path.read_bytes() == left
