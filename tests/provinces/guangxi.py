"""广西壮族自治区: the practices of its source, and the calls that do them."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from hazardrules import RuleBook, follow_up
from hazardrules.ledger import summary
from provinces.features import Feature, climb, days, entries, events, left_out, major, practice, programme
from provinces.working import IN_JULY, counted, partly_left_out

SEED: Final = 5
LAWS: Final = ["广西壮族自治区安全生产条例"]
STEPS: Final = ["通报提醒", "约谈纠治", "联合惩戒", "移交问责"]


def five_cycles(book: RuleBook) -> None:
    """Once a week, twice a month, twice a quarter, each on its own day."""
    found = practice(book, "five-cycles", "calendar", "summary")
    assert len(found.items) == found.numbers["机制"] == 5
    assert days(book, "weekly-track") == IN_JULY["weekly"]
    assert days(book, "monthly-dispatch") == days(book, "monthly-inspection") == IN_JULY["monthly"]
    quarters = ["06-30", "09-30", "12-31"]
    assert days(book, "quarterly-circular", "2023-04-25", "2023-12-31") == quarters
    assert days(book, "quarterly-consultation", "2023-04-25", "2023-12-31") == quarters
    titles = {one.title for one in programme(book).calendar("2023-09-01", "2023-09-30", inherited=False)}
    assert titles >= set(found.items)
    assert counted(book)["乙厂"] == (1, 1, 0)


def four_steps(book: RuleBook) -> None:
    """Four steps, weakest first, by days past the deadline; the days are defaults and can be replaced."""
    found = practice(book, "four-steps", "escalation")
    assert len(found.items) == found.numbers["层级"] == 4
    assert climb(book) == [*found.items] == STEPS
    (finding,) = major(book).findings
    assert finding.deadline is not None
    due = finding.deadline.due_on
    reached = {}
    for late in (0, 1, 15, 30, 60):
        current = programme(book).escalation(follow_up(major(book), due + timedelta(days=late))).current
        reached[late] = current.title if current else None
    assert reached == {0: None, 1: STEPS[0], 15: STEPS[1], 30: STEPS[2], 60: STEPS[3]}
    state = follow_up(major(book), due + timedelta(days=5))
    sooner = programme(book).escalation(state, steps={"talk": {"overdue_days": 5}}).current
    assert sooner is not None
    assert (sooner.title, sooner.when_evidence) == ("约谈纠治", "caller")


def tracked(book: RuleBook) -> None:
    """Each hazard can be followed until it is closed; the older list of 18 hazards has the same means."""
    practice(book, "tracked", "follow_up", "summary")
    state = programme(book).follow_up(major(book), "2023-07-10", events(supervised=True)).follow_up
    assert state.state == "supervised"
    assert counted(book)["甲厂"] == (1, 0, 1)
    partly_left_out(book, "挂图作战")
    older = book.programme("guangxi-supervised-2019")
    heads, items = older.practices()
    assert (heads.numbers["一把手"], heads.numbers["隐患"], len(heads.items)) == (3, 18, 3)
    listed = [{"id": f"{i}", "title": f"隐患{i}", "unit": heads.items[0], "due_on": "2019-12-31"} for i in range(1, 19)]
    board = older.tasks(listed, "2019-12-31")
    assert (board.figures.total, board.figures.open) == (18, 18)
    assert items.by == ("follow_up", "summary")
    extended = {"kind": "notified", "on": "2023-07-04", "due_on": "2023-08-31", "instrument": "通知1号"}
    (ordered,) = follow_up(major(book), "2024-01-01", [extended]).hazards
    assert (str(ordered.due_on), ordered.state) == ("2023-08-31", "rectifying")
    left = summary(entries(book), "2024-01-01", book=book).total
    assert (left.open, left.overdue) == (1, 1)


def monthly_visit(book: RuleBook) -> None:
    """The visits of the work group stand in the calendar."""
    practice(book, "monthly-visit", "calendar")
    assert days(book, "work-group", "2023-07-01", "2023-09-30") == ["07-31", "08-31", "09-30"]


FEATURES: Final = [
    Feature("五项周期机制:每周一跟踪、每月一调度、每月一检查、每季度一通报、每季度一会商", five_cycles),
    Feature("借鉴“四种形态”:通报提醒、约谈纠治、联合惩戒、移交问责", four_steps),
    Feature("专班“挂图作战”;列入党委政府重点事项跟踪督办", tracked),
    Feature("每月派工作组深入基层调研督导", monthly_visit),
    Feature("“开小灶”“现场会”“重点帮扶”组织专家帮扶重点地区和企业", left_out("开小灶")),
]
