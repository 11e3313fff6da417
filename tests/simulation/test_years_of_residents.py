"""What invented conversations look like: skewed as real ones are, and by the directory's own rules."""

from collections import defaultdict

from bot.casework.vocabulary import DISTRICTS, MET, STEPS
from bot.directory.services import read_directory
from bot.settings import Settings
from tests.simulation.years import REFERRALS, Filled

DIRECTORY = read_directory(Settings().content)


def test_each_referral_is_one_that_the_directory_makes_in_that_situation(year: Filled) -> None:
    rows = year.rows("SELECT DISTINCT need, service, effort FROM referral")
    lines = {(line.need, it.id): it.effort for it in DIRECTORY.services.values() for line in it.serves}
    assert {(need, service) for need, service, _ in rows} <= set(lines)
    assert all(lines[need, service] == effort for need, service, effort in rows)


def test_of_a_need_that_depends_on_the_ground_of_stay_that_decides_who_is_shown(year: Filled) -> None:
    shown = defaultdict(set)
    for residence, service in year.rows("SELECT residence, service FROM referral WHERE need = 'danish_start'"):
        shown[residence].add(service)
    for residence, services in shown.items():
        assert services == {it.id for it in DIRECTORY.find("danish_start", {"residence": residence})}, residence


def test_referrals_of_one_conversation_share_a_visit_a_day_and_a_language(year: Filled) -> None:
    visits = year.number("SELECT count(DISTINCT visit) FROM referral")
    assert REFERRALS / 8 < visits < REFERRALS / 2
    same = "SELECT count(*) FROM (SELECT DISTINCT visit, made_on, language FROM referral)"
    assert year.number(same) == visits
    once = "SELECT count(*) FROM (SELECT DISTINCT visit, need, service FROM referral)"
    assert year.number(once) == year.number("SELECT count(DISTINCT mark) FROM referral") == REFERRALS


def test_needs_languages_and_districts_are_skewed(year: Filled) -> None:
    for column in ("need", "language", "district", "service"):
        found = sorted(year.counts(f"SELECT {column}, count(*) FROM referral GROUP BY 1").values())  # noqa: S608 - names of this test
        assert found[-1] > 4 * found[len(found) // 4], column


def test_ukrainians_are_mostly_told_of_their_own_ground_of_stay(year: Filled) -> None:
    said = year.counts("SELECT language, avg(residence = 'ukraine') FROM referral WHERE residence != '' GROUP BY 1")
    assert said["uk"] > 0.3
    assert said["pl"] < 0.05


def test_it_grows_rests_at_weekends_and_in_july(year: Filled) -> None:
    months = year.counts("SELECT substr(made_on, 1, 7), count(*) FROM referral GROUP BY 1")
    assert months["2026-09"] > 1.5 * months["2025-10"]
    assert months["2026-07"] < 0.8 * months["2026-06"]
    weekdays = year.counts("SELECT strftime('%w', made_on), count(*) FROM referral GROUP BY 1")
    assert weekdays["1"] > 1.5 * weekdays["0"]


def test_codes_are_those_of_the_guide(year: Filled) -> None:
    assert set(year.counts("SELECT district, 1 FROM referral")) <= {None, *DISTRICTS}
    assert set(year.counts("SELECT residence, 1 FROM referral")) <= {None, *DIRECTORY.questions["residence"]}
    assert set(year.counts("SELECT cpr, 1 FROM referral")) <= {None, *DIRECTORY.questions["cpr"]}
    assert set(year.counts("SELECT step, 1 FROM slip")) == {None, *STEPS}
    assert set(year.counts("SELECT met, 1 FROM slip")) == {None, *MET}


def test_only_who_went_says_how_they_were_met_and_after_the_slip(year: Filled) -> None:
    assert (
        year.number("SELECT count(*) FROM slip WHERE met IS NOT NULL AND coalesce(step, 'not_went') = 'not_went'") == 0
    )
    assert year.number("SELECT count(*) FROM slip WHERE (step IS NULL) != (said_on IS NULL)") == 0
    assert year.number("SELECT count(*) FROM slip WHERE said_on <= made_on") == 0
    assert year.number("SELECT count(DISTINCT code_hash) FROM slip") < year.number("SELECT count(*) FROM slip")


def test_polls_are_answered_at_most_once_a_slip_that_was_told_of(year: Filled) -> None:
    told = year.number("SELECT count(DISTINCT code_hash) FROM slip WHERE step IS NOT NULL")
    for word in ("trust", "community", "influence"):
        answers = year.counts(f"SELECT code, sum(n) FROM tally WHERE kind = 'poll.{word}' GROUP BY 1")  # noqa: S608 - names of this test
        assert set(answers) == {"1", "2", "3", "4", "5"}
        assert 0.2 * told < sum(answers.values()) < told


def test_signs_and_what_was_not_understood_are_counted_by_day_and_language(year: Filled) -> None:
    visits = year.number("SELECT count(DISTINCT visit) FROM referral")
    assert 0.1 * visits < year.number("SELECT sum(n) FROM entry") < 0.25 * visits
    for kind, codes in {"unknown_words": {""}, "useful": {"yes", "no"}}.items():
        assert set(year.counts(f"SELECT code, 1 FROM tally WHERE kind = '{kind}'")) == codes  # noqa: S608 - names of this test
    assert set(year.counts("SELECT code, 1 FROM tally WHERE kind = 'unmet'")) <= set(DIRECTORY.needs)
