"""occasions.py: recurrences as days and as calendar files, inside the programme and the range, with days replaced."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from hazardrules import HazardRulesError, Programme, ProgrammeError, RuleBook
from hazardrules.occasions import KIND_LABELS, PRACTICE, Occasion
from programmes import PROGRAMMES, book_in

STARTS, ENDS = date(2026, 3, 2), date(2026, 9, 1)
"""The window of ``narrow``; ``wide`` runs from 2026-01-01 to the end of 2027."""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> RuleBook:
    """The small pack, read once."""
    return book_in(tmp_path_factory.mktemp("pack"))


@pytest.fixture(scope="module")
def narrow(book: RuleBook) -> Programme:
    """A programme with a weekly and a quarterly day, two dated phases, and a monthly day of what it carries out."""
    return book.programme("narrow")


def days(occasions: tuple[Occasion, ...], id_: str) -> list[str]:
    return [one.on.isoformat() for one in occasions if one.id == id_]


def test_a_year_of_occasions(narrow: Programme) -> None:
    """Every day that is due in a year: clipped to each programme's window, the last days of phases included."""
    found = narrow.calendar("2026-01-01", "2026-12-31")
    fridays = [date(2026, 3, 6) + timedelta(weeks=n) for n in range(26)]
    assert days(found, "weekly") == [day.isoformat() for day in fridays]
    assert days(found, "quarterly") == ["2026-03-15", "2026-06-15"]
    ends = ["01-31", "02-28", "03-31", "04-30", "05-31", "06-30", "07-31", "08-31", "09-30", "10-31", "11-30", "12-31"]
    assert days(found, "monthly") == [f"2026-{end}" for end in ends]
    assert days(found, "self") == ["2026-04-30"]
    assert days(found, "enforce") == ["2026-08-31"]
    assert days(found, "undated") == []
    assert list(found) == sorted(found, key=lambda one: one.on)
    assert len(found) == 26 + 2 + 12 + 2


def test_what_an_occasion_says(narrow: Programme) -> None:
    """Kind, actor and programme, and whether the source or a default gives the day; a phase's last day says so."""
    found = {one.id: one for one in narrow.calendar("2026-03-02", "2026-04-30")}
    assert (found["weekly"].title, found["weekly"].kind, found["weekly"].actor) == ("周调度", "dispatch", "专班")
    assert (found["weekly"].evidence, found["weekly"].day, found["weekly"].programme) == ("read", "policy", "narrow")
    assert (found["quarterly"].day, found["monthly"].programme) == ("read", "wide")
    assert (found["self"].kind, found["self"].title, found["self"].day) == ("phase", "自查:最后一天", "read")
    assert {one.kind for one in found.values()} <= set(KIND_LABELS)


def test_both_ends_belong_to_the_range(narrow: Programme) -> None:
    """A range of one day holds what is due on it; ``date`` and text are the same."""
    assert days(narrow.calendar("2026-03-06", "2026-03-06"), "weekly") == ["2026-03-06"]
    assert narrow.calendar(date(2026, 3, 6), date(2026, 3, 6)) == narrow.calendar("2026-03-06", "2026-03-06")
    assert narrow.calendar("2026-03-07", "2026-03-12") == ()


def test_own_occasions_alone(narrow: Programme) -> None:
    """Without what it carries out, only its own entries are there."""
    assert {one.programme for one in narrow.calendar("2026-01-01", "2026-12-31", inherited=False)} == {"narrow"}


def test_replaced_days(narrow: Programme) -> None:
    """The caller's recurrence stands in place of the programme's, also of an inherited one, and is told as such."""
    rules = {"weekly": "FREQ=WEEKLY;BYDAY=MO", "monthly": "FREQ=MONTHLY;BYMONTHDAY=1"}
    found = narrow.calendar("2026-03-01", "2026-03-31", rules=rules)
    assert days(found, "weekly") == ["2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23", "2026-03-30"]
    assert days(found, "monthly") == ["2026-03-01"]
    assert {one.day for one in found if one.id in rules} == {"caller"}
    assert {one.day for one in found if one.id == "quarterly"} == {"read"}


def test_an_id_means_the_nearest_entry(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Where the programme and the one it carries out have entries of one id, the caller replaces its own."""
    text = PROGRAMMES.replace("id: monthly", "id: weekly")
    narrow = book_in(tmp_path_factory.mktemp("same"), text).programme("narrow")
    found = narrow.calendar("2026-03-01", "2026-03-31", rules={"weekly": "FREQ=WEEKLY;BYDAY=MO"})
    assert {(one.programme, one.day) for one in found if one.id == "weekly"} == {
        ("narrow", "caller"),
        ("wide", "policy"),
    }


WRONG: dict[str, tuple[Callable[[Programme], Any], list[str]]] = {
    "no day": (lambda p: p.calendar("2026-02-30", "later"), ["没有这一天:2026-02-30", "YYYY-MM-DD"]),
    "a time": (lambda p: p.calendar(datetime(2026, 1, 1, tzinfo=UTC), "2026-01-02"), ["不是时刻"]),
    "backwards": (lambda p: p.calendar("2026-03-02", "2026-03-01"), ["2026-03-01 早于", "2026-03-02"]),
    "too long": (lambda p: p.calendar("2026-01-01", "2047-01-01"), ["最多取 20 年"]),
    "no entry": (lambda p: p.calendar("2026-01-01", "2026-02-01", rules={"weakly": "x"}), ["weakly", "weekly"]),
    "no rule": (
        lambda p: p.calendar("2026-01-01", "2026-02-01", rules={"weekly": "每周五", "monthly": 3}),  # type: ignore[dict-item]
        ["每周五 不是按日的重复规则", "3 不是按日的重复规则", "FREQ=WEEKLY;BYDAY=FR"],
    ),
    "an end of its own": (
        lambda p: p.to_ical("2026-01-01", "2026-02-01", rules={"weekly": "FREQ=WEEKLY;UNTIL=20260301"}),
        ["FREQ=WEEKLY;UNTIL=20260301"],
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_used(narrow: Programme, case: str) -> None:
    """Days, ids and recurrences that can't be used are refused, all at once, with what would be right."""
    call, words = WRONG[case]
    with pytest.raises(ProgrammeError) as caught:
        call(narrow)
    assert all(word in str(caught.value) for word in words)


def test_too_many_occasions(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A calendar is bounded, and the error says what to do."""
    entries = "".join(f"  - {{id: d{n}, title: 日报, kind: report, rule: FREQ=DAILY}}\n" for n in range(15))
    text = f"programmes:\n- id: daily\n  title: 演示\n  starts: 2026-01-01\n  source: 甲\n  cadence:\n{entries}"
    programme = book_in(tmp_path_factory.mktemp("daily"), text).programme("daily")
    assert len(programme.calendar("2026-01-01", "2043-12-31")) == 15 * 6574
    with pytest.raises(ProgrammeError, match=r"超过 100000 项.*取近一些"):
        programme.calendar("2026-01-01", "2045-12-31")


RULES: dict[str, Callable[[date], bool]] = {
    "FREQ=DAILY": lambda day: day is not None,
    "FREQ=WEEKLY;BYDAY=MO,TH": lambda day: day.weekday() in (0, 3),
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE": lambda day: day.weekday() == 2 and (day - date(2026, 3, 4)).days % 14 == 0,
    "FREQ=MONTHLY;BYMONTHDAY=-1": lambda day: (day + timedelta(days=1)).day == 1,
    "FREQ=MONTHLY;BYMONTHDAY=10,20": lambda day: day.day in (10, 20),
    "FREQ=MONTHLY;BYDAY=-1FR": lambda day: day.weekday() == 4 and (day + timedelta(days=7)).month != day.month,
    "FREQ=MONTHLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1": lambda day: (day + timedelta(days=1)).day == 1 and not day.month % 3,
    "FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=1,2": lambda day: day.month == 6 and day.day in (1, 2),
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1": lambda day: (
        day.weekday() < 5
        and all(
            later.month != day.month or later.weekday() >= 5 for n in range(1, 4) for later in [day + timedelta(days=n)]
        )
    ),
}
"""Recurrences, and which days of ``narrow`` they mean."""

ranges = st.tuples(st.integers(-80, 260), st.integers(0, 120), st.integers(0, 40), st.integers(0, 40))


@given(st.sampled_from(sorted(RULES)), ranges)
def test_occasions_are_the_days_that_fit(book: RuleBook, rule: str, given_: tuple[int, int, int, int]) -> None:
    """The days are exactly those inside range and window that fit the rule; a longer range holds a shorter one's."""
    narrow = book.programme("narrow")
    after, length, before, more = given_
    start = STARTS + timedelta(days=after)
    end = start + timedelta(days=length)
    found = narrow.calendar(start, end, rules={"weekly": rule}, inherited=False)
    inside = [start + timedelta(days=n) for n in range(length + 1)]
    fitting = [day for day in inside if STARTS <= day < ENDS and RULES[rule](day)]
    assert [one.on for one in found if one.id == "weekly"] == fitting
    longer = narrow.calendar(
        start - timedelta(days=before), end + timedelta(days=more), rules={"weekly": rule}, inherited=False
    )
    assert set(found) <= set(longer)
    assert [one for one in longer if start <= one.on <= end] == list(found)


def events_of(text: str) -> list[Any]:
    """The events of a calendar file."""
    return list(Calendar.from_ical(text).walk("VEVENT"))


def read_back(text: str) -> list[tuple[str, date]]:
    """The days of every event of a calendar file, by its name without the day."""
    found = []
    for event in events_of(text):
        first = event.decoded("dtstart")
        name = str(event["uid"]).partition("@")[0].removesuffix(f".{first.isoformat()}")
        again = event.get("rrule")
        if again is None:
            found.append((name, first))
            continue
        rule = rrulestr(again.to_ical().decode(), dtstart=datetime(first.year, first.month, first.day))  # noqa: DTZ001
        found.extend((name, moment.date()) for moment in rule)
    return sorted(found)


@given(st.sampled_from(sorted(RULES)), ranges)
def test_a_calendar_file_means_the_same_days(book: RuleBook, rule: str, given_: tuple[int, int, int, int]) -> None:
    """What icalendar and dateutil read back from the file are the occasions of the calendar, no more and no fewer."""
    narrow = book.programme("narrow")
    start = STARTS + timedelta(days=given_[0])
    end = start + timedelta(days=given_[1])
    text = narrow.to_ical(start, end, rules={"weekly": rule})
    occasions = narrow.calendar(start, end, rules={"weekly": rule})
    assert read_back(text) == sorted((f"{one.programme}.{one.id}", one.on) for one in occasions)


def test_a_calendar_file_is_marked_and_stable(narrow: Programme) -> None:
    """Whole days, recurrences with an end, marked as practice, with default days told; twice the same, UIDs unique."""
    text = narrow.to_ical("2026-03-01", "2026-12-31", rules={"quarterly": "FREQ=MONTHLY;BYMONTHDAY=15"})
    assert text == narrow.to_ical("2026-03-01", "2026-12-31", rules={"quarterly": "FREQ=MONTHLY;BYMONTHDAY=15"})
    events = {str(event["uid"]): event for event in events_of(text)}
    assert sorted(events) == [
        "narrow.enforce.2026-08-31@demo.hazardrules",
        "narrow.quarterly@demo.hazardrules",
        "narrow.self.2026-04-30@demo.hazardrules",
        "narrow.weekly@demo.hazardrules",
        "wide.monthly@demo.hazardrules",
    ]
    assert all(str(event["description"]).startswith(PRACTICE) for event in events.values())
    weekly = events["narrow.weekly@demo.hazardrules"]
    assert weekly.decoded("dtstart") == date(2026, 3, 6)
    assert weekly["rrule"]["UNTIL"] == [date(2026, 8, 28)]
    assert "哪一天是默认配置" in weekly["description"]
    assert "由谁做:专班" in weekly["description"]
    assert "哪一天由使用者设定" in events["narrow.quarterly@demo.hazardrules"]["description"]
    assert "默认" not in events["narrow.self.2026-04-30@demo.hazardrules"]["description"]


def test_a_default_entry_says_that_no_source_has_it() -> None:
    """A recurrence that is a default as a whole says so in the national calendar."""
    (event,) = events_of(RuleBook.load().programme("action-2023").to_ical("2023-05-01", "2023-12-31"))
    assert "这一项是默认配置" in event["description"]
    assert "来源只说建立调度通报机制" in event["description"]


def test_without_the_package(narrow: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where icalendar is not installed, the error names the extra that brings it."""
    monkeypatch.setitem(sys.modules, "icalendar", None)
    with pytest.raises(HazardRulesError, match=r"pip install 'hazardrules\[calendar\]'"):
        narrow.to_ical("2026-03-01", "2026-03-31")
