"""吉林省: the practices of its source, and the calls that do them."""

from __future__ import annotations

from typing import Final

from hazardrules import RuleBook
from hazardrules.figures import DIMENSIONS
from hazardrules.ledger import summary
from provinces.features import Feature, climb, days, entries, practice, programme, scope, task_figures

SEED: Final = 5
LAWS: Final = ["吉林省安全生产条例", "吉林省公路水路行业重大事故隐患治理督办办法(试行)"]


def seventeen_contents(book: RuleBook) -> None:
    """Seventeen things to look at, beside those of the nation."""
    assert scope(book, "key-contents").count == practice(book, "seventeen-contents", "scope").numbers["内容"] == 17
    assert "industries" in {entry.id for entry in programme(book).scope(inherited=True)}


def twenty_two_mechanisms(book: RuleBook) -> None:
    """Of the five that are named, one is dispatch and four are steps of pressure, in this order."""
    found = practice(book, "twenty-two-mechanisms", "calendar", "escalation")
    assert found.numbers["机制"] == 22
    assert days(book, "dispatch") == ["07-15", "07-31"]
    assert climb(book) == ["督办交办", "警示建议", "重点约谈", "倒查追责"]
    assert [*found.items[:4]] == ["调度通报", *climb(book)[:3]]
    assert found.items[4].endswith(climb(book)[3])


def nine_lists(book: RuleBook) -> None:
    """Lists for dispatch are drawn from one ledger by one or several of its five dimensions."""
    assert practice(book, "nine-lists", "summary").numbers["清单"] == 9
    lists = [summary(entries(book), "2023-09-01", by=name, book=book) for name in DIMENSIONS]
    lists += [
        summary(entries(book), "2023-09-01", by=("unit", name), book=book) for name in DIMENSIONS if name != "unit"
    ]
    assert len(lists) == 9
    assert {one.total.found for one in lists} == {2}
    assert {one.total.overdue for one in lists} == {1}


def three_plans(book: RuleBook) -> None:
    """The plans of the month and of its halves have their days; the whole plan is a list of tasks with theirs."""
    found = practice(book, "three-plans", "calendar", "tasks")
    assert len(found.items) == found.numbers["计划层级"] == 3
    assert days(book, "month-plan") == ["07-01"]
    assert days(book, "half-month-plan") == ["07-01", "07-16"]
    assert task_figures(book, ["部署", "排查", "执法", "总结"], "three-plans").total == 4


def weekly_meeting(book: RuleBook) -> None:
    """A meeting every week; on which day of the week is a default that can be replaced."""
    practice(book, "weekly-meeting", "calendar")
    assert days(book, "meeting") == ["07-07", "07-14", "07-21", "07-28"]
    moved = programme(book).calendar("2023-07-01", "2023-07-31", rules={"meeting": "FREQ=WEEKLY;BYDAY=MO"})
    assert [one.on.day for one in moved if one.id == "meeting"] == [3, 10, 17, 24, 31]


FEATURES: Final = [
    Feature("17 项排查整治重点内容", seventeen_contents),
    Feature("22 项工作机制", twenty_two_mechanisms),
    Feature("工作调度“9 张清单”", nine_lists),
    Feature("总体推进计划、月计划、半月计划", three_plans),
    Feature("专班每周例会,调度进展、研究矛盾问题", weekly_meeting),
]
