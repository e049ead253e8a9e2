"""Days and months from one day to another, as dataframe expressions."""

from __future__ import annotations

import calendar
from datetime import date
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["days_between", "months_between"]

SHIFT: Final = 306
"""Between the numbers of days that Python gives and those of ``_ordinal``, which begin on 1 March."""


def days_between(on: date | nw.Expr, start: nw.Expr) -> nw.Expr:
    """Days from ``start`` to ``on``; negative before it."""
    return (float(on.toordinal() + SHIFT) if isinstance(on, date) else _ordinal(on)) - _ordinal(start)


def months_between(on: date | nw.Expr, start: nw.Expr) -> nw.Expr:
    """Whole calendar months, as ``kleene`` has them."""
    import narwhals as nw  # noqa: PLC0415

    year: Any
    month: Any
    day: Any
    last: Any
    if isinstance(on, date):
        year, month, day = on.year, on.month, on.day
        last = nw.lit(calendar.monthrange(year, month)[1])
    else:
        year, month, day = on.dt.year(), on.dt.month(), on.dt.day()
        leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
        last = nw.when(month == 2).then(nw.when(leap).then(nw.lit(29)).otherwise(nw.lit(28)))
        last = last.when(month.is_in([4, 6, 9, 11])).then(nw.lit(30)).otherwise(nw.lit(31))
    between = (year * 12 + month) - (start.dt.year() * 12 + start.dt.month())
    corresponding = nw.when(start.dt.day() > last).then(last).otherwise(start.dt.day())
    return _months(between, start <= on, corresponding, day)


def _ordinal(day: Any) -> nw.Expr:
    """The number of a day in the calendar that is reckoned back beyond 1582, as Python has it."""
    import narwhals as nw  # noqa: PLC0415

    year, month = day.dt.year(), day.dt.month()
    year = nw.when(month <= 2).then(year - 1).otherwise(year).cast(nw.Float64)
    shifted = nw.when(month <= 2).then(month + 9).otherwise(month - 3).cast(nw.Float64)
    year_ = year + 0.5  # clear of whole quotients, whichever way the engine divides
    leaps = (year_ / 4.0).floor() - (year_ / 100.0).floor() + (year_ / 400.0).floor()
    found: nw.Expr = year * 365.0 + leaps + ((shifted * 153.0 + 2.5) / 5.0).floor() + day.dt.day().cast(nw.Float64)
    return found


def _months(between: Any, past: Any, corresponding: Any, day: Any) -> nw.Expr:
    """Whole months, where the corresponding day of a shorter month is its last (民法典第二百零二条)."""
    import narwhals as nw  # noqa: PLC0415

    early = nw.when(corresponding > day).then(between - 1).otherwise(between)
    late = nw.when(corresponding < day).then(between + 1).otherwise(between)
    return nw.when(past).then(early).otherwise(late).cast(nw.Float64)
