"""宁夏回族自治区: the practices of its source, and the calls that do them."""

from __future__ import annotations

from typing import Final

from hazardrules import RuleBook
from provinces.features import Feature, days, events, left_out, major, practice, programme, task_figures, walk
from provinces.working import IN_JULY, counted

SEED: Final = 6
LAWS: Final = ["宁夏回族自治区安全生产条例"]


def task_list(book: RuleBook) -> None:
    """60 tasks with days; a list of another length is told."""
    found = practice(book, "task-list", "tasks")
    assert (found.numbers["任务"], found.numbers["大行动"]) == (60, 6)
    figures = task_figures(book, [f"具体任务{number}" for number in range(1, 61)], "task-list")
    assert (figures.total, figures.done, figures.overdue) == (60, 2, 7)
    short = programme(book).tasks([{"id": "1", "title": "具体任务1", "due_on": "2023-07-01"}], "2023-07-10")
    assert any("60" in remark and "核对" in remark for remark in short.remarks)


def four_stages(book: RuleBook) -> None:
    """A hazard goes through all four stages; the record says what the next one still needs."""
    found = practice(book, "four-stages", "closing", "follow_up")
    assert len(found.items) == found.numbers["环节"] == 4
    assert walk(book) == [*found.items] == ["查", "改", "督", "销"]
    (stage,) = programme(book).follow_up(major(book), "2023-07-10", events(supervised=True)).stages
    assert (stage.title, stage.next_title) == ("督", "销")
    assert [need.label for need in stage.lacking] == ["整改完成", "复查", "销号"]


def progress(book: RuleBook) -> None:
    """Dispatch stands in the calendar as a default, and the bulletin has the figures of the ledger."""
    practice(book, "progress", "calendar", "summary")
    (occasion,) = programme(book).calendar("2023-07-01", "2023-07-31", inherited=False)
    assert occasion.evidence == "policy"
    assert days(book, "dispatch") == IN_JULY["monthly"]
    assert counted(book) == {"甲厂": (1, 0, 1), "乙厂": (1, 1, 0), "丙厂": (0, 0, 0)}


FEATURES: Final = [
    Feature("结合自治区安委会工作要点“六大行动”,细化 60 项具体任务", task_list),
    Feature("方案经自治区政府常务会议专题研究并报自治区党委审定", left_out("方案经自治区政府常务会议专题研究")),
    Feature("抽调 22 名工作人员组建专班", left_out("抽调22名工作人员组建专班")),
    Feature("党委常态化督查组牵头、联合安委会巡查督查组“一竿子插到底”随机暗访抽查", left_out("随机暗访抽查")),
    Feature("压实各地各部门各企业“查、改、督、销”责任", four_stages),
    Feature("定期调度通报进展", progress),
]
