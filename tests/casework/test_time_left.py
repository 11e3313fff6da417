"""Time limits are counted on the person's side: from the first day that is possible, and never closed."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.casework.law import Confidence, Source, Start, TimeLimit
from bot.casework.law_file import read_law
from bot.casework.report import NotAnAnswerError
from bot.casework.time_left import Basis, TimeLeft, is_working_day, time_left
from bot.settings import Settings
from tests.casework.stepping import ONE_DAY, after_hours, earlier_office_day, local, midnight, possible_days, stepped

LAW = read_law(Settings().content / "law")
NOON = dt.time(12, tzinfo=dt.UTC)


def left(limit: str, happened: str, today: str, of: Start = Start.INCIDENT) -> TimeLeft:
    return time_left(LAW.limits[limit], happened, dt.datetime.combine(dt.date.fromisoformat(today), NOON), of)


HANDMADE = [
    # limit, happened, today, last day, do it by, days left
    ("compensation_report_to_police", "2026-11-03", "2026-11-03", "2026-11-05", "2026-11-05", 2),
    ("compensation_report_to_police", "2026-11-27", "2026-11-29", "2026-11-29", "2026-11-29", 0),
    # Summer time begins on 29 March: the third day loses an hour at its end, not a day.
    ("compensation_report_to_police", "2026-03-26", "2026-03-26", "2026-03-28", "2026-03-28", 2),
    ("compensation_report_to_police", "2026-03-27", "2026-03-27", "2026-03-29", "2026-03-29", 2),
    ("compensation_report_to_police", "2026-03-28", "2026-03-28", "2026-03-30", "2026-03-30", 2),
    ("compensation_report_to_police", "2026-03-29", "2026-03-29", "2026-03-31", "2026-03-31", 2),
    ("compensation_report_to_police", "2026-03-30", "2026-03-30", "2026-04-01", "2026-04-01", 2),
    # It ends on 25 October: 72 real hours are over at 23:00 of the third day, which is then not surely in time.
    ("compensation_report_to_police", "2026-10-22", "2026-10-22", "2026-10-24", "2026-10-24", 2),
    ("compensation_report_to_police", "2026-10-23", "2026-10-23", "2026-10-24", "2026-10-24", 1),
    ("compensation_report_to_police", "2026-10-24", "2026-10-24", "2026-10-25", "2026-10-25", 1),
    ("compensation_report_to_police", "2026-10-25", "2026-10-25", "2026-10-26", "2026-10-26", 1),
    ("compensation_report_to_police", "2026-10-26", "2026-10-26", "2026-10-28", "2026-10-28", 2),
    ("compensation_report_to_police", "2026-12-30", "2026-12-30", "2027-01-01", "2027-01-01", 2),
    ("compensation_report_to_police", "ongoing", "2026-11-29", "2026-12-01", "2026-12-01", 2),
    ("compensation_report_to_police", "2027-01-01", "2026-11-29", "2026-12-01", "2026-12-01", 2),
    # One, two, three and five years, with 29 February, year ends, weekends and holidays.
    ("citizens_adviser", "2025-12-01", "2026-11-29", "2026-12-01", "2026-12-01", 2),
    ("citizens_adviser", "2024-02-29", "2025-02-01", "2025-02-28", "2025-02-28", 27),
    ("citizens_adviser", "2027-02-28", "2027-03-01", "2028-02-28", "2028-02-28", 364),
    ("citizens_adviser", "2026-12-31", "2026-12-31", "2027-12-31", "2027-12-30", 365),
    ("citizens_adviser", "2027-01-01", "2027-01-01", "2028-01-01", "2027-12-30", 365),
    ("citizens_adviser", "2026-11", "2026-11-29", "2027-11-01", "2027-11-01", 337),
    ("citizens_adviser", "2025-11-29", "2026-11-29", "2026-11-29", "2026-11-29", 0),
    ("citizens_adviser", "2025-11-29", "2026-11-26", "2026-11-29", "2026-11-27", 3),
    ("compensation_apply", "2026-04-03", "2026-11-29", "2028-04-03", "2028-04-03", 491),
    ("compensation_apply", "2026-04-17", "2026-11-29", "2028-04-17", "2028-04-12", 505),
    ("board_claim", "2024-02-29", "2026-11-29", "2027-02-28", "2027-02-26", 91),
    ("board_claim", "2024-12", "2026-11-29", "2027-12-01", "2027-12-01", 367),
    ("board_claim_work", "2024-02-29", "2026-11-29", "2029-02-28", "2029-02-28", 822),
    ("board_claim_work", "2022-12-25", "2026-11-29", "2027-12-25", "2027-12-23", 391),
    ("hate_speech_crime", "2021-11-30", "2026-11-29", "2026-11-30", "2026-11-30", 1),
]


@pytest.mark.parametrize(("limit", "happened", "today", "last_day", "do_by", "days"), HANDMADE)
def test_the_last_day_is_counted(
    limit: str, happened: str, today: str, *, last_day: str, do_by: str, days: int
) -> None:
    counted = left(limit, happened, today)
    assert counted.last_day == dt.date.fromisoformat(last_day)
    assert counted.do_by == dt.date.fromisoformat(do_by)
    assert counted.days_left == days
    assert not counted.passed
    assert counted.texts[0] == (f"limit.{limit}", counted.do_by)


@pytest.mark.parametrize(
    ("limit", "happened", "today", "last_day", "perhaps"),
    [
        ("compensation_report_to_police", "2026-11-26", "2026-11-29", "2026-11-28", True),
        ("compensation_report_to_police", "2026-11-25", "2026-11-29", "2026-11-27", False),
        ("compensation_report_to_police", "2026-11", "2026-11-29", "2026-11-03", True),
        ("compensation_report_to_police", "2026-10", "2026-11-29", "2026-10-03", False),
        ("compensation_report_to_police", "2026-10-23", "2026-10-26", "2026-10-24", True),
        ("citizens_adviser", "2025-11", "2026-11-29", "2026-11-01", True),
        ("citizens_adviser", "2025-10", "2026-11-29", "2026-10-01", False),
        ("citizens_adviser", "2025-11-28", "2026-11-29", "2026-11-28", False),
        ("board_claim", "2019-05-06", "2026-11-29", "2022-05-06", False),
    ],
)
def test_a_time_that_has_passed_is_never_said_alone(
    limit: str, happened: str, today: str, last_day: str, perhaps: bool
) -> None:
    counted = left(limit, happened, today)
    assert counted.passed
    assert counted.last_day == dt.date.fromisoformat(last_day)
    assert counted.days_left is counted.do_by is None
    assert counted.perhaps_in_time is perhaps
    names = [name for name, _ in counted.texts]
    said = ["limit.passed_maybe"] if perhaps else ["limit.passed", f"exceptions.{LAW.limits[limit].exceptions}"]
    assert names[-len(said) :] == said


@pytest.mark.parametrize("happened", ["earlier", "unknown"])
@pytest.mark.parametrize("limit", LAW.limits)
def test_without_a_day_it_is_asked_today(limit: str, happened: str) -> None:
    counted = left(limit, happened, "2026-11-29")
    assert counted == TimeLeft(LAW.limits[limit], Basis.UNKNOWN)
    assert "limit.unknown" in [name for name, _ in counted.texts]


def test_a_limit_from_a_decision_is_not_counted_from_the_incident() -> None:
    assert left("ombudsman", "2020-01-01", "2026-11-29").basis is Basis.UNKNOWN
    assert left("ombudsman", "2026-11-02", "2026-11-29").texts[0][0] == "limit.from_decision"
    counted = left("ombudsman", "2026-11-02", "2026-11-29", of=Start.DECISION)
    assert counted.last_day == dt.date(2027, 11, 2)
    assert left("citizens_adviser", "2026-11-02", "2026-11-29", of=Start.DECISION).last_day is None


def test_what_it_was_counted_from_is_said() -> None:
    assert ("limit.from_month", None) in left("board_claim", "2026-10", "2026-11-29").texts
    assert ("limit.from_today", None) in left("board_claim", "ongoing", "2026-11-29").texts
    assert ("limit.from_today", None) in left("board_claim", "2027-02", "2026-11-29").texts


def test_the_day_is_that_of_copenhagen() -> None:
    evening = dt.datetime(2026, 11, 29, 23, 30, tzinfo=dt.UTC)
    assert time_left(LAW.limits["citizens_adviser"], "ongoing", evening).last_day == dt.date(2027, 11, 30)
    with pytest.raises(ValueError, match="zone"):
        time_left(LAW.limits["citizens_adviser"], "ongoing", evening.replace(tzinfo=None))


def test_every_text_of_a_time_limit_is_in_the_words() -> None:
    for limit in LAW.limits:
        for happened in ("ongoing", "unknown", "2026-11", "2026-11-20", "2015-01", "2015-01-01"):
            for of in Start:
                assert {name for name, _ in left(limit, happened, "2026-11-29", of).texts} <= LAW.words.keys()


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026", "2026-13", "2026-02-30", "20261103", "2026-W45-1", "Ongoing"]
)
def test_other_texts_are_no_answer(text: str) -> None:
    with pytest.raises(NotAnAnswerError) as raised:
        left("citizens_adviser", text, "2026-11-29")
    assert str(raised.value) == "happened"


HOLIDAYS_2027 = [
    "01-01", "03-25", "03-26", "03-28", "03-29", "05-06", "05-16", "05-17", "06-05", "12-24", "12-25", "12-26", "12-31",
]  # fmt: skip


def test_the_working_days_of_a_year() -> None:
    year = [dt.date(2027, 1, 1) + dt.timedelta(days=day) for day in range(365)]
    closed = {dt.date.fromisoformat(f"2027-{day}") for day in HOLIDAYS_2027}
    assert [day for day in year if is_working_day(day)] == [
        day for day in year if day.isoweekday() < 6 and day not in closed
    ]
    assert is_working_day(dt.date(2027, 4, 23)), "Store bededag is a working day since 2024"


def check(limit: TimeLimit, happened: str, now: dt.datetime) -> None:
    counted = time_left(limit, happened, now)
    if happened in {"earlier", "unknown"}:
        assert (counted.last_day, counted.days_left, counted.passed) == (None, None, False)
        return
    today = local(now.replace(tzinfo=None)).date()
    days = possible_days(happened, today)
    last_day = stepped(limit, days[0])
    assert counted.last_day == last_day
    assert counted.passed is (last_day < today)
    if counted.passed:
        end = after_hours(midnight(days[-1] + ONE_DAY), limit.hours)
        still = midnight(today) < end if limit.hours else stepped(limit, days[-1]) >= today
        assert counted.perhaps_in_time is still
        return
    assert counted.do_by == (last_day if limit.hours else earlier_office_day(last_day, today))
    assert counted.days_left == sum(1 for _ in range((last_day - today).days))
    assert today <= counted.do_by <= last_day


SOURCE = Source(("https://example.org",), "undated", None, Confidence.OFFICIAL, None)
DAYS = st.dates(dt.date(2016, 1, 1), dt.date(2037, 12, 31))
CODES = ("ongoing", "earlier", "unknown")


@st.composite
def limits(draw: st.DrawFn) -> TimeLimit:
    unit, most = draw(st.sampled_from([("hours", 100), ("days", 400), ("months", 30), ("years", 5)]))
    lengths = {
        "hours": 0,
        "days": 0,
        "months": 0,
        "years": 0,
        unit: draw(st.integers(24, most) if unit == "hours" else st.integers(1, most)),
    }
    return TimeLimit("any", "politiet", Start.INCIDENT, **lengths, exceptions="crime", source=SOURCE)


FROM_INCIDENT = [limit for limit in LAW.limits.values() if limit.start is Start.INCIDENT]


@st.composite
def cases(draw: st.DrawFn) -> tuple[TimeLimit, str, dt.datetime]:
    """Half of the limits are the real ones, and half of the moments lie about where the time ends."""
    limit = draw(st.one_of(st.sampled_from(FROM_INCIDENT), limits()))
    day = draw(st.one_of(DAYS, st.sampled_from(TURNS)))
    happened = draw(st.sampled_from([day.isoformat(), day.isoformat(), day.isoformat()[:7], *CODES]))
    about = draw(st.sampled_from([day, stepped(limit, day)])) + draw(st.integers(-40, 5)) * ONE_DAY
    time = draw(st.times(timezones=st.just(dt.UTC)))
    return limit, happened, dt.datetime.combine(about, time)


TURNS = [
    dt.date(year, month, day)
    for year in range(2016, 2038)
    for month, day in ((2, 28), (3, 1), (3, 27), (10, 24), (12, 24), (12, 31), (1, 1), (2, 1))
] + [dt.date(year, 2, 29) for year in range(2016, 2038, 4)]


@settings(max_examples=1_000, deadline=None)
@given(cases())
def test_the_count_agrees_with_another_way_of_counting(case: tuple[TimeLimit, str, dt.datetime]) -> None:
    check(*case)


@pytest.mark.long
@settings(max_examples=10_000, deadline=None)
@given(cases())
def test_the_count_agrees_with_another_way_of_counting_in_ten_thousand_cases(
    case: tuple[TimeLimit, str, dt.datetime],
) -> None:
    check(*case)
