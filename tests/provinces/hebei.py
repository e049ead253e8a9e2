"""河北省: the practices of its source, and the calls that do them."""

from __future__ import annotations

from typing import Any, Final

from hazardrules import RuleBook, classify, follow_up
from provinces.features import FOUND_ON, Feature, checklist, left_out, major, practice, scope, task_figures
from provinces.working import counted, hit

SEED: Final = 4
LAWS: Final = ["河北省安全生产条例", "河北省安全生产风险管控与隐患治理规定", "河北省重大生产安全事故隐患挂牌督办制度"]


def division(book: RuleBook) -> None:
    """The industries are in scope, judged by their criteria, and what to look at is a list with who is responsible."""
    found = practice(book, "division", "scope", "classify", "checklist")
    listed = scope(book, "industries")
    assert (listed.count, found.items) == (found.numbers["行业领域"], listed.items) == (22, listed.items)
    for document, industry in (
        ("coal-2026", "煤矿"),
        ("noncoal-2022", "非煤矿山"),
        ("chemical-2017", "危化品"),
        ("construction-2024", "建筑施工"),
    ):
        hit(book, document, industry)
    roads = classify({}, other=["标志缺损"], industry="道路交通", observed_on="2026-11-20", book=book)
    assert "road-traffic-2023" in {gap.document for gap in roads.gaps}  # not read: the judgment says so
    points = checklist(book, "key-points")
    assert points.columns[0][1] == "重点检查事项"
    assert all(row.content and row.basis for row in points.rows)
    assert points.columns[-1] == ("department", "责任部门")
    assert {row.document for row in points.rows} >= {"coal-2026", "noncoal-2022", "construction-2024"}


def added_tasks(book: RuleBook) -> None:
    """The added work is a list of tasks with days."""
    found = practice(book, "added-tasks", "tasks")
    figures = task_figures(book, found.items, "added-tasks")
    assert (figures.total, figures.done, figures.overdue) == (3, 2, 1)


def cards(book: RuleBook) -> None:
    """A firm gets the card of its industry, and looks for itself by the checklist."""
    found = practice(book, "cards", "card", "checklist")
    assert found.items == ("提示卡", "明白纸")
    card = book.card("机械", on=FOUND_ON)
    assert "提示卡" in card.title
    assert "机械" in card.to_markdown()
    own = book.checklist("机械", on=FOUND_ON)
    assert set(card.groups[0].situations) <= {row.problem for row in own.rows}
    supervision_of_2017(book)


def supervision_of_2017(book: RuleBook) -> None:
    """The older notice: a report at each month's end, a record of six links, bulletins when late."""
    older = book.programme("hebei-supervision-2017")
    found = older.calendar("2017-08-29", "2018-12-31")
    assert [one.on.isoformat() for one in found] == [
        "2017-08-31",
        "2017-09-30",
        "2017-10-31",
        "2017-11-30",
        "2017-12-31",
    ]
    happened: list[dict[str, Any]] = [
        {"kind": "reported", "on": "2023-07-04"},
        {"kind": "notified", "on": "2023-07-04"},
        {"kind": "supervised", "on": "2023-07-06"},
        {"kind": "rectified", "on": "2023-07-20"},
        {"kind": "rechecked", "on": "2023-07-25", "passed": True},
        {"kind": "closed", "on": "2023-07-26"},
    ]
    seen = [
        older.follow_up(major(book), day, happened).stages[0].title
        for day in ("2023-07-03", "2023-07-04", "2023-07-06", "2023-07-20", "2023-07-26")
    ]
    assert seen == ["排查", "上报、治理", "督查", "验收", "销号"]
    late = older.escalation(follow_up(major(book), "2023-09-01"))
    assert [step.title for step in late.reached] == ["通报", "媒体曝光"]
    assert counted(book)["乙厂"] == (1, 1, 0)


FEATURES: Final = [
    Feature("细化 22 个行业领域责任分工(矿山、危化、道路交通、建筑施工、消防等),明确判定标准和重点检查事项", division),
    Feature("增加企业健全内部举报奖励制度、扎实开展暗访检查和拍摄视频片等重点工作", added_tasks),
    Feature("暗访检查拍摄视频片", left_out("暗访检查拍摄视频片")),
    Feature("向企业印发提示卡、明白纸,组织自查自改", cards),
]
