"""The model's domain is the same, whoever reads it."""

import tarfile
from pathlib import Path

from rasa.shared.core.domain import Domain

from bot.engine.domain import PERSISTED, read_domain


def test_what_is_read_quickly_is_what_rasa_reads(model: Path, tmp_path: Path) -> None:
    with tarfile.open(model) as archive:
        (member,) = [it for it in archive if it.name.endswith(f"domain_provider/{PERSISTED}")]
        archive.extract(member, tmp_path, filter="data")
    path = tmp_path / member.name
    slowly, quickly = Domain.from_path(path), read_domain(path)
    assert quickly.as_dict() == slowly.as_dict()
    assert quickly.fingerprint() == slowly.fingerprint()
