"""Every code that is counted has a name in Danish and in English, and the real table plan can be written whole."""

from pathlib import Path

import pytest

from bot.directory.services import read_directory
from bot.language.languages import find_languages
from bot.settings import Settings
from bot.statistics.codes import plan_of
from bot.statistics.files.workbook import LONGEST_NAME
from bot.statistics.labels import LANGUAGES, TOTAL, read_labels
from bot.statistics.release import INTERNAL, PUBLIC
from tests.statistics.files.written import package, places, rows_of, written
from tests.statistics.releases import sample_release

SETTINGS = Settings()
PLAN = plan_of(
    SETTINGS, read_directory(SETTINGS.content), find_languages(SETTINGS.locales, SETTINGS.data / "nlu")
)  # fmt: skip
LABELS = read_labels(SETTINGS, PLAN)
AS_THEY_ARE = {"code"}
"""What is printed on the sign itself."""


@pytest.mark.parametrize("dimension", PLAN.dimensions)
def test_every_code_and_group_has_words(dimension: str) -> None:
    planned = PLAN.dimensions[dimension]
    for code in (*planned.codes, *planned.parents.values(), TOTAL):
        for language in LANGUAGES:
            said = LABELS.say(language, dimension, code)
            assert said.strip() == said
            assert "{" not in said
            assert said != code or dimension in AS_THEY_ARE, code


@pytest.mark.parametrize("dimension", PLAN.dimensions)
def test_no_two_codes_of_a_dimension_have_the_same_name(dimension: str) -> None:
    """A reader of a table could not tell them apart. A group may be called as a code in it: they never meet."""
    for language in LANGUAGES:
        said = [LABELS.say(language, dimension, code) for code in PLAN.dimensions[dimension].codes]
        assert len(set(said)) == len(said)


@pytest.mark.parametrize(
    ("dimension", "code", "da", "en"),
    [
        ("service", "kbh-sprogcenter", "Københavns Sprogcenter", "Copenhagen Language Center (Københavns Sprogcenter)"),
        ("effort", "danish", "Styrket målrettet danskuddannelse", "Stronger targeted Danish education"),
        ("district", "bronshoj-husum", "Brønshøj-Husum", "Brønshøj-Husum"),
        ("language", "fa", "Persisk", "Persian"),
        ("language", "xx-unknown", "xx-unknown", "xx-unknown"),
        ("ground", "language", "Sprog eller accent", "Language or accent"),
        ("ground", "other", "Andet (også små grupper)", "Other (small groups too)"),
        ("grade", "5", "Meget godt", "Very well"),
        ("trust", "2", "2 (ikke rigtig)", "2 (mostly not)"),
        ("body", "police-hate-crime", "Politiet", "The police"),
        ("area", TOTAL, "I alt", "Total"),
    ],
)
def test_codes_are_called_what_a_reader_knows(dimension: str, code: str, da: str, en: str) -> None:
    assert (LABELS.say("da", dimension, code), LABELS.say("en", dimension, code)) == (da, en)


@pytest.mark.parametrize("kind", ["referrals", "reports"])
@pytest.mark.parametrize("tier", [INTERNAL, PUBLIC])
def test_the_real_table_plan_is_written_whole(tmp_path: Path, kind: str, tier: str) -> None:
    release = sample_release(tier, kind=kind, plan=PLAN)
    written(release, tmp_path / "of", labels=LABELS, plan=PLAN)
    for table in release.tables:
        assert len(rows_of(tmp_path / "of", table.name)) == len(places(table))
    assert [row["measure"] for row in rows_of(tmp_path / "of", "measures")] == [it.name for it in PLAN.of(kind)]
    assert package(tmp_path / "of")["plan_version"] == PLAN.version


def test_every_measure_fits_the_name_of_a_sheet() -> None:
    assert not [name for name in PLAN.measures if len(name) > LONGEST_NAME]
