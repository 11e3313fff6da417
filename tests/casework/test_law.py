"""Which rules may fit: every ground, area and form has an answer, none is a verdict, and every fact has a source."""

import re
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.casework.law import MOST, Confidence, Fit, Wording
from bot.casework.law_file import read_law
from bot.casework.vocabulary import AREAS, FORMS, FORWARD_TO, GROUNDS
from bot.directory.services import read_directory
from bot.language.catalogue import placeholders
from bot.language.yaml_file import read_yaml
from bot.settings import Settings

CONTENT = Settings().content
LAW = read_law(CONTENT / "law")
SERVICES = read_directory(CONTENT).services
CELLS = list(product(GROUNDS, AREAS, FORMS))
ALONE = [fit for ground, area, form in CELLS for fit in LAW.fits([ground], area, [form])]
"""What each combination gives by itself."""
TABLE: dict[str, list[str]] = read_yaml(Path(__file__).with_name("law_table.yml"))
INSTITUTE, POLICE = "institut-for-menneskerettigheder", "police-hate-crime"
WORK = ("looking_for_work", "at_work")
OUTSIDE = [area for area in AREAS if area not in {*WORK, "unsure"}]
PUBLIC = ("public_administration", "social_services", "police_border", "education", "health")
CIVIL_FORMS = ("direct", "indirect", "harassment", "instruction", "reprisal")
BANNED = re.compile(
    r"not real|only felt|just felt|feel(s|ing)? like|you are wrong|no case|not (a case of )?discriminat|did not happen"
    r"|didn.t happen|not true|untrue|prove it|exaggerat|misunderst|no right|not illegal|legal to|too late",
    re.IGNORECASE,
)
GIVEN = st.sets(st.sampled_from(GROUNDS)), st.sampled_from(AREAS), st.sets(st.sampled_from(FORMS))


def row(fit: Fit) -> str:
    doubt = " (unconfirmed)" if fit.unconfirmed else ""
    return f"{fit.wording} {fit.rule}{doubt}: {', '.join(fit.bodies)}"


# Every combination


def test_there_are_3135_combinations() -> None:
    assert len(CELLS) == 19 * 15 * 11 == 3135


@pytest.mark.parametrize("ground", GROUNDS)
def test_every_combination_has_an_answer_and_somebody_to_ask(ground: str) -> None:
    for area, form in product(AREAS, FORMS):
        fits = LAW.fits([ground], area, [form])
        assert 1 <= len(fits) <= MOST
        for fit in fits:
            assert any(LAW.bodies[body].service in SERVICES for body in fit.bodies), (ground, area, form)
            assert set(fit.texts) <= LAW.words.keys()
            assert fit.texts[0] == f"wording.{fit.wording}"


def test_the_wordings_are_four_and_none_is_a_verdict() -> None:
    assert [str(wording) for wording in Wording] == ["can_help", "may_help", "other_rule", "not_here_yet"]
    assert {f"wording.{wording}" for wording in Wording} == {name for name in LAW.words if name.startswith("wording.")}


@pytest.mark.parametrize("cell", TABLE)
def test_telling_combinations_stay_as_they_were_read(cell: str) -> None:
    ground, area, form = cell.split(" × ")
    assert [row(fit) for fit in LAW.fits([ground], area, [form])] == TABLE[cell]


def test_the_table_shows_each_ground_area_form_and_rule() -> None:
    cells = [cell.split(" × ") for cell in TABLE]
    assert [set(codes) for codes in zip(*cells, strict=True)] == [set(GROUNDS), set(AREAS), set(FORMS)]
    assert {line.split()[1].rstrip(":") for lines in TABLE.values() for line in lines} == set(LAW.rules)


# Answers together


@given(*GIVEN)
@settings(deadline=None)
def test_answers_together_show_each_rule_once_with_the_best_wording_first(
    grounds: set[str], area: str, forms: set[str]
) -> None:
    fits = LAW.fits(grounds, area, forms)
    wordings = list(Wording)
    ranks = [wordings.index(fit.wording) for fit in fits]
    assert ranks == sorted(ranks)
    assert len({fit.rule for fit in fits}) == len(fits) <= MOST
    single = [
        fit
        for ground, form in product(grounds or {"unsure"}, forms or {"unsure"})
        for fit in LAW.fits([ground], area, [form], most=99)
    ]
    for fit in fits:
        same = [other for other in single if other.rule == fit.rule]
        assert fit.wording == min((other.wording for other in same), key=wordings.index)
        assert set(fit.bodies) == {body for other in same for body in other.bodies}
        assert set(fit.limits) == {limit for other in same for limit in other.limits}
    assert min(ranks) == min(wordings.index(fit.wording) for fit in single)


@given(*GIVEN)
@settings(deadline=None)
def test_the_order_of_pressing_changes_nothing(grounds: set[str], area: str, forms: set[str]) -> None:
    forwards = LAW.fits(sorted(grounds), area, sorted(forms))
    assert forwards == LAW.fits(sorted(grounds, reverse=True) * 2, area, sorted(forms, reverse=True))


@given(*GIVEN)
@settings(deadline=None)
def test_hate_crime_always_leads_to_the_police_without_a_caution(grounds: set[str], area: str, forms: set[str]) -> None:
    fits = [fit for fit in LAW.fits(grounds, area, {*forms, "hate_crime"}) if fit.rule == "straffeloven-81"]
    assert [fit.bodies[0] for fit in fits] == [POLICE]
    assert "law.check" not in fits[0].texts


@given(*GIVEN, st.sampled_from(["ground", "area", "form"]))
@settings(deadline=None)
def test_not_sure_never_gives_less_than_the_general_answer(
    grounds: set[str], area: str, forms: set[str], unsure: str
) -> None:
    grounds = {*grounds, "unsure"} if unsure == "ground" else grounds
    forms = {*forms, "unsure"} if unsure == "form" else forms
    fits = LAW.fits(grounds, "unsure" if unsure == "area" else area, forms)
    assert fits[0].wording in {Wording.CAN_HELP, Wording.MAY_HELP}
    assert any(INSTITUTE in fit.bodies for fit in fits)


def test_what_is_no_code_counts_as_not_sure() -> None:
    general = LAW.fits(["unsure"], "unsure", ["unsure"])
    assert general == LAW.fits([], "", []) == LAW.fits(["x"], "moon", [""])
    assert [fit.rule for fit in general] == ["general"]


def test_two_fits_of_one_rule_keep_the_bodies_and_time_limits_of_both() -> None:
    sure = next(fit for fit in ALONE if fit.wording is Wording.CAN_HELP and INSTITUTE in fit.bodies and fit.limits)
    unsure = replace(
        sure, unconfirmed=True, bodies=(POLICE, INSTITUTE), limits=("ombudsman",), texts=(*sure.texts, "law.check")
    )
    both = replace(sure, bodies=(*sure.bodies, POLICE), limits=(*sure.limits, "ombudsman"))
    assert sure.joined(unsure) == unsure.joined(sure) == both
    assert "trade-unions" in LAW.fits(["race", "other"], "at_work", ["unsure", "direct"])[-1].bodies


# What the facts say


@pytest.mark.parametrize("ground", GROUNDS)
def test_at_work_the_law_can_help_on_every_ground_it_names(ground: str) -> None:
    named = ground not in {"language", "residence_status", "other", "unsure"}
    for area, form in product(WORK, CIVIL_FORMS):
        best = LAW.fits([ground], area, [form])[0]
        assert best.wording is (Wording.CAN_HELP if named else Wording.MAY_HELP)
        assert "trade-unions" in best.bodies


@pytest.mark.parametrize("ground", ["religion_belief", "age", "political_opinion", "social_origin"])
def test_gaps_outside_work_are_named_and_not_papered_over(ground: str) -> None:
    for area, form in product(OUTSIDE, ("indirect", "harassment", "instruction", "reprisal")):
        wordings = {fit.wording for fit in LAW.fits([ground], area, [form])}
        assert Wording.NOT_HERE_YET in wordings
        assert not {Wording.CAN_HELP, Wording.MAY_HELP} & wordings


@pytest.mark.parametrize(
    ("ground", "note"),
    [
        ("skin_colour", "note.counts_as_origin"),
        ("national_origin", "note.counts_as_origin"),
        ("language", "note.points_to_origin"),
        ("residence_status", "note.points_to_origin"),
    ],
)
def test_what_may_point_to_ethnic_origin_is_a_may_and_says_so(ground: str, note: str) -> None:
    for area in OUTSIDE:
        fit = next(fit for fit in LAW.fits([ground], area, ["indirect"]) if fit.rule == "etnisk-ligebehandling")
        assert (fit.wording, fit.unconfirmed) == (Wording.MAY_HELP, True)
        assert note in fit.texts


@pytest.mark.parametrize("area", PUBLIC)
def test_of_a_public_office_one_can_always_complain(area: str) -> None:
    city = area in {"public_administration", "social_services", "education"}
    for ground, form in product(GROUNDS, FORMS):
        fit = next(fit for fit in LAW.fits([ground], area, [form]) if fit.wording is Wording.OTHER_RULE)
        assert fit.bodies == (("borgerraadgiveren", "ombudsmand") if city else ("ombudsmand",))


def test_what_is_derived_is_never_more_than_a_may() -> None:
    for rule in LAW.rules.values():
        for line in rule.lines:
            if line.unconfirmed or rule.source.confidence is Confidence.UNCONFIRMED:
                assert line.wording is not Wording.CAN_HELP, rule.id


# Sources, names and words


@pytest.mark.parametrize(
    "named", [*LAW.rules.values(), *LAW.bodies.values(), *LAW.limits.values()], ids=lambda it: it.id
)
def test_every_fact_has_a_source_and_its_date_or_is_marked(named: Any) -> None:
    source = named.source
    assert source.urls or source.confidence is Confidence.UNCONFIRMED
    assert len(source.date.split("; ")) == len(source.urls)
    assert all(re.search(r"\d{4}|undated|old", date) for date in source.date.split("; "))


def test_what_nobody_has_checked_says_so() -> None:
    for fit in ALONE:
        rule = LAW.rules[fit.rule]
        careful = fit.unconfirmed or rule.source.asks_for_care
        assert (fit.texts[-1] == "law.check") is (careful and rule.caution)


def test_who_is_asked_first_can_be_asked_by_anybody() -> None:
    for fit in ALONE:
        assert fit.bodies[0] not in {"trade-unions", "kk-discrimination"}, (
            "a union is for members, the page takes no cases"
        )


def test_the_ids_agree() -> None:
    lines = [line for rule in LAW.rules.values() for line in rule.lines]
    asked = {body for line in lines for body in line.bodies}
    counted = {limit for line in lines for limit in line.limits}
    assert asked | {limit.body for limit in LAW.limits.values()} | {"courts-discrimination"} == set(LAW.bodies)
    assert counted == set(LAW.limits)
    assert {body.id for body in LAW.bodies.values() if body.service} == {
        body.service for body in LAW.bodies.values() if body.service
    }
    assert {body.service for body in LAW.bodies.values() if body.service} <= SERVICES.keys()
    assert {body.id for body in LAW.bodies.values() if body.takes_forwarded} == set(FORWARD_TO)
    for limit in LAW.limits.values():
        assert limit in LAW.limits_of(limit.body)


def test_every_word_is_used_and_every_text_has_its_words() -> None:
    used = {"law.proof", "law.check", "body.erstatningsnaevnet"}
    used |= {
        f"limit.{name}" for name in ("unknown", "passed", "passed_maybe", "from_month", "from_today", "from_decision")
    }
    used |= {f"anonymous.{name}" for name in ("yes", "no", "unknown")}
    for rule in LAW.rules.values():
        used |= {rule.plain, *(f"keep.{keep}" for keep in rule.keep)}
        used |= {f"wording.{line.wording}" for line in rule.lines}
        used |= {f"note.{line.note}" for line in rule.lines if line.note}
    for limit in LAW.limits.values():
        used |= {f"limit.{limit.id}", f"exceptions.{limit.exceptions}"}
    assert used == set(LAW.words)
    assert len(LAW.words) <= 70


@pytest.mark.parametrize("name", LAW.words)
def test_no_word_doubts_the_person_or_carries_a_figure(name: str) -> None:
    text = LAW.words[name]
    assert not BANNED.search(text)
    assert not re.search(r"\d|\bkr\b|DKK|§", text), "numbers, fees and days come from the facts"
    assert placeholders(text) <= {"body", "date"}
    assert not re.search(r"[{}]", re.sub(r"\{(body|date)\}", "", text))
    sentences = re.split(r"(?<=[.?!:])\s", text)
    assert all(len(sentence.split()) <= 31 for sentence in sentences), "short sentences"


def test_time_limits_name_their_day() -> None:
    for limit in LAW.limits:
        assert "date" in placeholders(LAW.words[f"limit.{limit}"])
    assert placeholders(LAW.words["limit.passed"]) == {"body", "date"}
    assert "anyway" in LAW.words["limit.passed"]
    assert "exceptions" in LAW.words["limit.passed"]
