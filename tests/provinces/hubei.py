"""湖北省: the practices of its source, and the calls that do them."""

from __future__ import annotations

from typing import Final

from hazardrules import RuleBook
from hazardrules.ledger import summary
from provinces.features import Feature, climb, days, entries, left_out, practice, programme, task_figures

SEED: Final = 4
LAWS: Final = ["湖北省安全生产条例", "湖北省重大安全生产事故隐患整改分级挂牌督办办法"]


def twenty_six_tasks(book: RuleBook) -> None:
    """Nine, nine and eight tasks: twenty-six, each with its day."""
    found = practice(book, "twenty-six-tasks", "tasks")
    groups = [int(found.numbers[name]) for name in ("第一组", "第二组", "第三组")]
    titles = [f"第{group}组第{number}项" for group, count in enumerate(groups, 1) for number in range(1, count + 1)]
    figures = task_figures(book, titles, "twenty-six-tasks")
    assert figures.total == sum(groups) == found.numbers["合计"] == 26
    assert (figures.done, figures.overdue) == (2, 7)


def six_mechanisms(book: RuleBook) -> None:
    """Reports, dispatch, meetings and inspections in the calendar; bulletins, inspections and talks as steps."""
    found = practice(book, "six-mechanisms", "calendar", "escalation", "summary")
    assert len(found.items) == found.numbers["机制"] == 6
    due = programme(book).calendar("2023-07-01", "2023-07-31", inherited=False)
    assert {one.title for one in due} == {"信息报送", "调度通报", "工作例会", "督导检查"}
    assert {one.actor for one in due if one.id == "report"} == {"联络员"}
    assert days(book, "report") == ["07-07", "07-14", "07-21", "07-28"]
    assert climb(book) == ["调度通报", "督导检查", "警示约谈"]
    assert {one.title for one in due} | {*climb(book)} | {"联络员"} == {*found.items}
    assert summary(entries(book), "2023-09-01", by="department", book=book).total.overdue == 1


FEATURES: Final = [
    Feature("“9+9+8”共 26 项重点任务措施", twenty_six_tasks),
    Feature("6 项工作机制", six_mechanisms),
    Feature("抓排查与重治理、抓协同与强执法、抓整改与提能力三结合", left_out("抓排查与重治理")),
    Feature("省安委办组建工作专班", left_out("省安委办组建工作专班")),
]
