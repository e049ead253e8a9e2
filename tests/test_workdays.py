"""Chinese working days: the official schedule, its edges, and years without one."""

from __future__ import annotations

from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hazardrules.workdays import (
    Day,
    add_months,
    add_workdays,
    count,
    day_of_next_period,
    is_workday,
    known_years,
    next_workday,
)

D = date.fromisoformat


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_every_day_agrees_with_another_calendar(year: int) -> None:
    """Each day of the scheduled years is a working day exactly where an independent calendar says so."""
    other = holidays.country_holidays("CN", years=year)
    day, differing = date(year, 1, 1), []
    while day.year == year:
        if is_workday(day) != (other.is_working_day(day), False):
            differing.append(day)
        day += timedelta(days=1)
    assert differing == []


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-02-13", True),  # Friday before Spring Festival
        ("2026-02-14", True),  # Saturday, worked in lieu
        ("2026-02-15", False),
        ("2026-02-23", False),  # last day of the Spring Festival holidays
        ("2026-02-24", True),
        ("2026-02-28", True),  # Saturday, worked in lieu
        ("2026-09-30", True),
        ("2026-10-01", False),
        ("2026-10-07", False),
        ("2026-10-08", True),
        ("2026-10-10", True),  # Saturday, worked in lieu
        ("2026-10-11", False),
    ],
)
def test_edges_of_the_long_holidays(day: str, *, works: bool) -> None:
    """Spring Festival and National Day of 2026, with the weekends that are worked for them."""
    assert is_workday(D(day)) == (works, False)


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        ("2026-11-20", 0, "2026-11-20"),
        ("2026-11-20", 1, "2026-11-23"),  # Friday to Monday
        ("2026-11-20", 3, "2026-11-25"),
        ("2026-11-20", 7, "2026-12-01"),
        ("2026-11-21", 1, "2026-11-23"),  # a Saturday as start
        ("2026-09-30", 1, "2026-10-08"),  # over National Day
        ("2026-09-30", 3, "2026-10-10"),  # the Saturday in lieu counts
        ("2026-09-30", 4, "2026-10-12"),
        ("2026-02-14", 1, "2026-02-24"),  # over Spring Festival
        ("2026-02-14", 5, "2026-02-28"),
        ("2024-02-28", 1, "2024-02-29"),  # a leap day
        ("2025-12-31", 1, "2026-01-04"),  # over the year's end: a Sunday worked in lieu
    ],
)
def test_counting_by_hand(start: str, count: int, due: str) -> None:
    """The first day is not counted; holidays and weekends are skipped, worked weekends are not."""
    assert add_workdays(D(start), count) == Day(D(due))


@pytest.mark.parametrize(
    ("day", "moved"),
    [
        ("2026-11-20", "2026-11-20"),
        ("2026-11-21", "2026-11-23"),
        ("2026-10-01", "2026-10-08"),
        ("2026-10-10", "2026-10-10"),
    ],
)
def test_an_end_on_a_rest_day_moves(day: str, moved: str) -> None:
    """The next working day from a day on, itself if it is one."""
    assert next_workday(D(day)) == Day(D(moved))


@pytest.mark.parametrize(
    ("day", "works"),
    [("01-01", False), ("05-01", False), ("10-01", False), ("10-03", False)],
)
def test_years_without_a_schedule_are_provisional(day: str, *, works: bool) -> None:
    """Beyond the schedule weekends and fixed holidays rest, other weekdays work, and the answer is provisional."""
    for year in (known_years()[-1] + 1, 2050, known_years()[0] - 1):
        assert is_workday(D(f"{year}-{day}")) == (works, True)
    assert is_workday(date(2050, 6, 15)) == (True, True)  # a Wednesday
    assert is_workday(date(2050, 6, 18)) == (False, True)  # a Saturday


def test_counting_into_an_unknown_year_is_provisional() -> None:
    """A count that ends in the known years is certain; one that crosses into unknown ones says so."""
    last = date(known_years()[-1], 12, 31)
    assert not add_workdays(date(last.year, 12, 1), 2).provisional
    assert add_workdays(last, 1).provisional
    assert next_workday(date(last.year + 1, 1, 1)).provisional


@given(st.dates(), st.integers(0, 30))
def test_no_date_is_an_error(start: date, count: int) -> None:
    """Any day can be asked and counted from, and a count never goes back."""
    assert add_workdays(start, count).on >= start
    assert next_workday(start).on >= start


@given(st.dates(date(2020, 1, 1), date(2028, 12, 31)), st.integers(0, 40), st.integers(0, 40))
def test_counting_is_monotone(start: date, few: int, more: int) -> None:
    """A later start or a longer count never ends earlier, and counting goes on where it stopped."""
    assert add_workdays(start, few).on <= add_workdays(start, few + more).on
    assert add_workdays(start, few).on <= add_workdays(start + timedelta(days=1), few).on
    assert add_workdays(add_workdays(start, few).on, more).on == add_workdays(start, few + more).on


def test_nobody_counts_backwards() -> None:
    """A negative count is a mistake of the caller."""
    with pytest.raises(ValueError, match="backwards"):
        add_workdays(date(2026, 1, 1), -1)


UNITS = st.sampled_from(["working", "calendar", "immediate", "months"])


@given(st.dates(date(2008, 2, 1), date(2030, 12, 31)), st.integers(0, 60), UNITS, st.booleans(), st.integers(1, 60))
def test_a_later_start_never_ends_earlier(start: date, number: int, unit: str, rolls: bool, later: int) -> None:
    """Whatever is counted, and whether or not the end moves."""
    first = count(start, number, unit, rolls=rolls)
    assert start <= first.on <= count(start + timedelta(days=later), number, unit, rolls=rolls).on
    assert first.on <= count(start, number + 1, unit, rolls=rolls).on


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
        ("9999-12-01", 1, "9999-12-31"),
    ],
)
def test_months_end_on_the_same_number_or_the_last_day(start: str, months: int, end: str) -> None:
    """民法典第二百零二条: the day of the same number, or the month's last where it has none."""
    assert add_months(D(start), months) == D(end)


@pytest.mark.parametrize(
    ("on", "months", "month", "day", "due"),
    [
        ("2026-11-20", 3, 1, 15, "2027-01-15"),
        ("2026-10-01", 3, 1, 15, "2027-01-15"),
        ("2026-09-30", 3, 1, 15, "2026-10-15"),
        ("2026-11-20", 12, 1, 31, "2027-01-31"),
        ("2026-01-01", 12, 1, 31, "2027-01-31"),
        ("2026-08-01", 3, 2, 31, "2026-11-30"),
        ("9999-12-01", 3, 1, 15, "9999-12-31"),
    ],
)
def test_days_of_the_next_period(on: str, months: int, month: int, day: int, due: str) -> None:
    """The day in the quarter or year after; a day that the month lacks is its last."""
    assert day_of_next_period(D(on), months, month, day) == D(due)
