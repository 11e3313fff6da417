"""A fault in content/law stops the start, and names file, entry and field."""

import shutil
from pathlib import Path

import pytest

from bot.casework.law_file import read_law
from bot.errors import ContentError
from bot.settings import Settings

LAW = Settings().content / "law"


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        (
            "laws",
            "wording: can_help",
            "wording: won",
            "laws.yml: straffeloven-81, line 1 of covers: wording: must be one of",
        ),
        ("laws", "grounds: [named_as_hate]", "grounds: [faith]", "line 1 of covers: grounds: has unknown ['faith']"),
        ("laws", "bodies: [police-hate-crime,", "bodies: [police,", "straffeloven-81: bodies: has unknown ['police']"),
        ("laws", "keep: [write_down,", "keep: [diary,", "straffeloven-81: keep.diary: is missing in words.yml"),
        ("laws", "confidence: secondary", "confidence: sure", "straffeloven-81: confidence: must be one of"),
        ("laws", "  checked_on: null", "  checked_on: soon", "straffeloven-81: checked_on: must be a date or null"),
        ("laws", "  caution: false", "  cation: false", "straffeloven-81: cation: is not a known field"),
        (
            "laws",
            "source_date: 10.08.2023",
            "source_date: 2022; 2023",
            "source_date: must name one date for each address",
        ),
        ("laws", "areas: [all], forms: [unclear]", "areas: [work], forms: [unclear]", "nobody to ask"),
        ("laws", "- id: general", "- id: lighedsprincippet", "lighedsprincippet: id: stands here twice"),
        ("gaps", "bodies: [institut-for", "bodies: []\n  unknown: [institut-for", "bodies: must name somebody to ask"),
        ("bodies", "fee: free", "fee: 100", "bodies.yml: ligebehandlingsnaevnet: fee: must be one of"),
        ("bodies", "service: ombudsmand", "service: 7", "ombudsmand: service: must be a text or null"),
        ("time_limits", "hours: 72", "hours: 72\n  days: 3", "hours/days/months/years: one of them"),
        ("time_limits", "years: 2", "years: two", "hours/days/months/years: one of them"),
        ("time_limits", "body: borgerraadgiveren", "body: mayor", "citizens_adviser: body: mayor is not in bodies.yml"),
        ("groups", "ethnic: [race,", "ethnic: [race, tribe,", "groups.yml: grounds: ethnic: has unknown ['tribe']"),
        ("words", "note.points_to_origin:", "note.points:", "note.points_to_origin: is missing in words.yml"),
        ("words", "law.proof:", "law.proof: [", "words.yml: not readable as YAML"),
    ],
)
def test_a_fault_names_file_entry_and_field(tmp_path: Path, file: str, old: str, *, new: str, says: str) -> None:
    folder = tmp_path / "law"
    shutil.copytree(LAW, folder)
    path = folder / f"{file}.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError) as raised:
        read_law(folder)
    assert says in str(raised.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"words\.yml"):
        read_law(tmp_path)
