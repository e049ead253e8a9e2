"""Chinese working days, and counting by them.

Working days follow the official schedule of each year with its 调休, as the ``chinesecalendar`` library holds it. A
year whose schedule is not out (or that lies before its first) is answered from weekends and from those solar holidays
that were the same in every scheduled year, and the answer says that it is provisional: it is never an error.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from types import ModuleType
from typing import Final

from hazardrules.record import Record

__all__ = [
    "Day",
    "add_months",
    "add_workdays",
    "count",
    "day_of_next_period",
    "is_workday",
    "known_years",
    "next_workday",
]

ONE: Final = timedelta(days=1)


class Day(Record):
    """A calendar day that was reached by counting; ``provisional`` where some year's schedule was not yet known."""

    on: date
    provisional: bool = False


def _schedule() -> ModuleType:
    """The official schedules; imported when a working day is first asked for."""
    from chinese_calendar import constants  # noqa: PLC0415

    schedule: ModuleType = constants
    return schedule


@lru_cache(maxsize=1)
def known_years() -> range:
    """The years whose official schedule is known."""
    years = {day.year for day in _schedule().holidays}
    return range(min(years), max(years) + 1)


@lru_cache(maxsize=1)
def _fixed() -> frozenset[tuple[int, int]]:
    """The solar dates (month, day) that were holidays in each of the last ten scheduled years."""
    years = known_years()[-10:]
    by_year = [{(d.month, d.day) for d in _schedule().holidays if d.year == year} for year in years]
    return frozenset(set.intersection(*by_year))


def is_workday(day: date) -> tuple[bool, bool]:
    """Whether ``day`` is a working day, and whether that answer is provisional."""
    if day.year in known_years():
        from chinese_calendar import is_workday as scheduled  # noqa: PLC0415

        return scheduled(day), False
    return day.weekday() < 5 and (day.month, day.day) not in _fixed(), True


def next_workday(day: date) -> Day:
    """``day`` itself if it is a working day, else the first working day after it."""
    provisional = False
    while True:
        works, unsure = is_workday(day)
        provisional = provisional or unsure
        if works or day == date.max:
            return Day(day, provisional)
        day += ONE


def add_workdays(start: date, count: int) -> Day:
    """The ``count``-th working day after ``start``; the start itself is not counted (``count`` 0 gives the start).

    :raises ValueError: for a negative count.
    """
    if count < 0:
        raise ValueError(f"working days can't be counted backwards: {count}")
    day, provisional = start, False
    while count and day < date.max:
        day += ONE
        works, unsure = is_workday(day)
        provisional = provisional or unsure
        count -= works
    return Day(day, provisional)


def add_months(start: date, count: int) -> date:
    """The day ``count`` calendar months later: of the same number, or the month's last day where it has no such day.

    So 31 January and one month give 28 or 29 February (民法典第二百零二条); at the end of the calendar, its last day.
    """
    if (start.year * 12 + start.month - 1 + count) // 12 > date.max.year:
        return date.max
    from dateutil.relativedelta import relativedelta  # noqa: PLC0415  # few deadlines count months

    return start + relativedelta(months=count)


def count(start: date, number: int, unit: str, *, rolls: bool = False) -> Day:
    """The last day of a period after ``start``, which is not counted itself (民法典第二百零一条).

    :param number: how many units; 0 gives the start.
    :param unit: ``working`` days, ``months``, or days of the calendar (any other word: ``calendar``, ``immediate``).
    :param rolls: whether an end on a rest day moves to the next working day.
    """
    if unit == "working":
        return add_workdays(start, number)
    if unit == "months":
        end = add_months(start, number)
    else:
        end = date.fromordinal(min(start.toordinal() + number, date.max.toordinal()))
    return next_workday(end) if rolls else Day(end)


def day_of_next_period(on: date, months: int, month: int, day: int) -> date:
    """In the period after the one that holds ``on``: the ``day`` of its ``month``-th month.

    ``months`` is 3 for quarters and 12 for years; where the month is shorter it is the month's last day.
    """
    number = on.year * 12 + on.month - 1
    year, zero = divmod(number - number % months + months + month - 1, 12)
    if year > date.max.year:
        return date.max
    last = date(year, 12, 31) if zero == 11 else date(year, zero + 2, 1) - ONE
    return last.replace(day=min(day, last.day))
