"""北京市: the practices of its source, and the calls that do them."""

from __future__ import annotations

from typing import Final

from hazardrules import RuleBook
from provinces.features import (
    Feature,
    checklist,
    climb,
    days,
    events,
    gap_of,
    left_out,
    major,
    practice,
    programme,
    scope,
    task_figures,
)
from provinces.working import IN_JULY, counted, exported, hit, partly_left_out

SEED: Final = 9
LAWS: Final = ["北京市安全生产条例", "北京市生产安全事故隐患排查治理办法", "北京市消防条例"]
STEPS: Final = ["通报", "约谈", "线索移送"]


def standards(book: RuleBook) -> None:
    """What to look for stands in checklists and in the exported catalogue; the 84 items themselves were not read."""
    found = practice(book, "standards", "checklist", "export")
    assert found.numbers["排查标准"] == 84
    rows = checklist(book, "safety").rows
    assert {row.rule for row in rows} <= {row["id"] for row in exported(book)["rule"]}
    assert all(row.content and row.basis for row in rows)
    partly_left_out(book, "84项事故隐患排查标准的条目")


def department_checklists(book: RuleBook) -> None:
    """A department takes both lists, each for its own industry; who is responsible is a column."""
    found = practice(book, "department-checklists", "checklist")
    assert found.numbers["部门"] == 34
    assert found.items == tuple(checklist(book, id_).title for id_ in ("safety", "fire"))
    building = checklist(book, "safety", "建筑施工")
    assert {row.document for row in building.rows} >= {"construction-2024"}
    assert building.columns[-1][0] == "department"
    assert all(row.department for row in building.rows)
    fire = checklist(book, "fire", "医疗机构").rows
    assert any("消防" in row.problem or "消防" in row.content for row in fire)
    assert {row.rule for row in fire} < {row.rule for row in checklist(book, "fire").rows}


def task_list(book: RuleBook) -> None:
    """49 tasks, each with its day, counted as done, open and overdue; a shorter list is told."""
    found = practice(book, "task-list", "tasks")
    assert found.numbers["任务"] == 49
    figures = task_figures(book, [f"重点任务{number}" for number in range(1, 50)], "task-list")
    assert (figures.total, figures.done, figures.overdue) == (49, 2, 7)
    short = programme(book).tasks([{"id": "1", "title": "重点任务1", "due_on": "2023-07-01"}], "2023-07-10")
    assert any("49" in remark and "核对" in remark for remark in short.remarks)


def key_topics(book: RuleBook) -> None:
    """Places and topics are in scope; those with criteria are judged by them, city operation is told as a gap."""
    found = practice(book, "key-topics", "scope", "checklist", "classify")
    assert found.items == (*scope(book, "places").items, *scope(book, "topics").items)
    assert {row.document for row in checklist(book, "crowded-places").rows} >= {"education-2024"}
    hit(book, "medical-2023", "医疗机构")
    hit(book, "elderly-care-2023", "养老机构")
    hit(book, "construction-2024", "建筑施工")
    gap_of(book, "城市运行")


def five_mechanisms(book: RuleBook) -> None:
    """Counting, meetings, bulletins, talks and hand-over; guidance on policy has no part for software."""
    found = practice(book, "five-mechanisms", "summary", "calendar", "escalation")
    assert len(found.items) == found.numbers["列举机制"] == 5
    assert counted(book) == {"甲厂": (1, 0, 1), "乙厂": (1, 1, 0), "丙厂": (0, 0, 0)}
    assert days(book, "joint-meeting") == IN_JULY["monthly"]
    assert climb(book) == STEPS
    partly_left_out(book, "政策指导")


def daily_weekly(book: RuleBook) -> None:
    """Meetings and reports every day, counting, dispatch and bulletin every week."""
    found = practice(book, "daily-weekly", "calendar", "summary")
    assert (len(found.items), found.numbers["制度"]) == (5, 4)
    assert days(book, "daily-meeting") == days(book, "daily-report") == IN_JULY["daily"]
    assert days(book, "weekly-count") == days(book, "weekly-dispatch") == IN_JULY["weekly"]
    assert days(book, "weekly-circular") == IN_JULY["weekly"]
    titles = {one.title for one in programme(book).calendar("2023-07-07", "2023-07-07", inherited=False)}
    assert titles == set(found.items)
    assert counted(book)["乙厂"] == (1, 1, 0)


def hand_over(book: RuleBook) -> None:
    """The last step is to hand over; the inspection itself is done by people."""
    practice(book, "hand-over", "escalation")
    assert climb(book)[-1] == "线索移送"
    partly_left_out(book, "成立暗查暗访组")


def third_party(book: RuleBook) -> None:
    """Each hazard can be asked for on any day, and the third party's assessments stand in the calendar."""
    practice(book, "third-party", "follow_up", "calendar", "summary")
    states = [
        programme(book).follow_up(major(book), day, events()).follow_up.state
        for day in ("2023-07-03", "2023-07-04", "2023-07-20", "2023-07-26")
    ]
    assert states == ["found", "rectifying", "to_recheck", "closed"]
    assert days(book, "third-party-assessment") == IN_JULY["monthly"]
    assert counted(book)["甲厂"] == (1, 0, 1)


FEATURES: Final = [
    Feature("组织编制 84 项事故隐患排查标准", standards),
    Feature("推动 34 个市级部门编制安全生产和火灾隐患检查清单", department_checklists),
    Feature("细化分解为 49 项重点任务,清单化管理", task_list),
    Feature("紧盯医疗、养老机构等人员密集场所,建筑施工、城市运行等", key_topics),
    Feature("专班下设“一办七组”", left_out("一办七组")),
    Feature("统计调度、联席会议、约谈通报、线索移送、政策指导等机制", five_mechanisms),
    Feature("日例会、日报告、周统计、周调度;每周通报全市排查整治情况", daily_weekly),
    Feature("纳入市委市政府督查;成立暗查暗访组;违法违纪线索移交纪检监察", hand_over),
    Feature("委托第三方机构全过程跟踪督导、定期核查评估", third_party),
]
