"""贵州省: the practices of its source, and the calls that do them."""

from __future__ import annotations

from datetime import date
from typing import Final

from hazardrules import RuleBook, classify
from provinces.features import TODAY, Feature, checklist, days, major, order, practice, programme, scope, task_figures
from provinces.working import IN_JULY, confined, counted, hit

SEED: Final = 7
LAWS: Final = [
    "贵州省安全生产条例",
    "贵州省安全生产事故隐患排查治理和监督管理暂行规定",
    "贵州省住建系统重大隐患治理要求",
]


def task_list(book: RuleBook) -> None:
    """15 tasks with days; the list is as long as the source says. So for the nine campaigns of the three years."""
    found = practice(book, "task-list", "tasks")
    assert (found.numbers["方面"], found.numbers["任务"]) == (3, 15)
    figures = task_figures(book, [f"工作任务{number}" for number in range(1, 16)], "task-list")
    assert (figures.total, figures.done, figures.overdue) == (15, 2, 7)
    longer = book.programme("guizhou-three-year-2024")
    assert longer.parent is not None
    assert longer.parent.id == "three-year-2024"
    assert longer.runs(TODAY)
    (campaigns,) = longer.practices(by="tasks")
    listed = [{"id": f"{i}", "title": f"行动{i}", "due_on": "2026-12-31"} for i in range(1, 10)]
    assert campaigns.numbers["行动"] == 9
    assert any("相符" in remark for remark in longer.tasks(listed, TODAY).remarks)


def added_topics(book: RuleBook) -> None:
    """Special equipment has criteria of its own; of culture and tourism only those of every industry apply."""
    found = practice(book, "added-topics", "scope", "classify")
    assert found.items == scope(book, "topics").items
    hit(book, "special-equipment-2024", "特种设备")
    tourism = classify({}, industry="文化旅游", observed_on=TODAY, book=book)
    assert tourism.observation.industry == ("culture-tourism",)
    assert not tourism.conclusive
    assert tourism.gaps


def raised_level(book: RuleBook) -> None:
    """Work in confined spaces is raised as soon as it is found, other hazards are not; its clauses make a checklist."""
    practice(book, "raised-level", "escalation", "checklist")
    raised = programme(book).follow_up(confined(book), "2023-07-03").pressure
    assert raised is not None
    assert raised.current is not None
    assert raised.current.title == "提级管理"
    assert "有限空间" in raised.text
    other = programme(book).follow_up(major(book), "2023-07-03").pressure
    assert other is not None
    assert other.current is None
    rows = {row.rule for row in checklist(book, "confined-space-checklist").rows}
    assert {"gongmao-2023.13.1", "gongmao-2023.13.2", "construction-2024.11.1"} <= rows


def two_phases(book: RuleBook) -> None:
    """Both phases are there in order; their days were not read, so that any day of the programme may be in either."""
    found = practice(book, "two-phases", "phases")
    phases = programme(book).phases()
    assert [one.title for one in phases] == ["企业自查自改和部门帮扶", "部门精准执法"]
    assert len(phases) == found.numbers["阶段"] == 2
    assert programme(book).phases(date(2023, 7, 3)) == phases
    assert programme(book).phases(date(2024, 1, 1)) == ()


def assessment(book: RuleBook) -> None:
    """Units are ranked by points, counted, and the hearings stand in the calendar."""
    practice(book, "assessment", "ranking", "summary", "calendar")
    assert order(book)[-1] == "乙厂"
    assert counted(book)["甲厂"] == (1, 0, 1)
    assert days(book, "hearing") == IN_JULY["monthly"]


def quarterly(book: RuleBook) -> None:
    """An inspection at each quarter's end while the programme runs."""
    practice(book, "quarterly", "calendar")
    assert days(book, "quarterly-inspection", "2023-01-01", "2024-12-31") == ["06-30", "09-30", "12-31"]


def month_quarter(book: RuleBook) -> None:
    """Dispatch every month, a bulletin every quarter, with the figures of the ledger."""
    found = practice(book, "month-quarter", "calendar", "summary")
    assert len(found.items) == found.numbers["周期"] == 2
    assert days(book, "monthly-dispatch", "2023-07-01", "2023-09-30") == ["07-31", "08-31", "09-30"]
    assert days(book, "quarterly-circular", "2023-07-01", "2023-12-31") == ["09-30", "12-31"]
    assert counted(book)["乙厂"] == (1, 1, 0)


FEATURES: Final = [
    Feature("3 个方面 15 项工作任务重点", task_list),
    Feature("在国家方案上增加特种设备、文化旅游等重点行业领域", added_topics),
    Feature("有限空间作业提级管理", raised_level),
    Feature("明确企业自查自改和部门帮扶、部门精准执法两个阶段的具体时间", two_phases),
    Feature("纳入市县高质量安全生产考核;主要负责同志定期听取汇报", assessment),
    Feature("分管负责同志每季度开展督促检查", quarterly),
    Feature("专班“一月一调度、一季一通报”", month_quarter),
]
