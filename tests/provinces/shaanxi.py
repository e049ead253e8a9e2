"""陕西省: the practices of its source, and the calls that do them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from hazardrules import RuleBook, follow_up
from hazardrules.ledger import summary
from provinces.features import (
    TODAY,
    Feature,
    climb,
    days,
    due,
    entries,
    events,
    left_out,
    major,
    practice,
    programme,
    scope,
    task_figures,
)
from provinces.working import exported

SEED: Final = 7
LAWS: Final = ["陕西省安全生产条例", "陕西省生产安全重大事故隐患排查整治管理办法(试行)"]


def sixteen_industries(book: RuleBook) -> None:
    """Sixteen industries, of which the reports name three added ones; these are industries here."""
    found = practice(book, "sixteen-industries", "scope")
    industries = scope(book, "key-industries")
    assert industries.count == found.numbers["重点行业领域"] == 16
    assert [book.industries[id_].id for id_ in industries.industries] == [
        "culture-tourism",
        "special-equipment",
        "fireworks",
    ]
    assert scope(book, "supervised-bodies").items == found.items == ("市县政府专班", "部门", "企业")
    wider = {id_ for entry in programme(book).scope("industries", inherited=True) for id_ in entry.industries}
    assert {"coal-mining", "hazardous-chemicals", "fireworks"} <= wider


def training(book: RuleBook) -> None:
    """The criteria of each industry as a card of one page, and all of them as a catalogue to carry away."""
    found = practice(book, "training", "card", "export")
    assert (found.numbers["领域"], found.numbers["天"]) == (21, 3)
    national = next(one for one in programme(book).scope("industries", inherited=True) if one.id == "industries")
    cards = [book.card(id_) for id_ in national.industries]
    assert all(card.groups for card in cards)
    fields = {document.title for document in book.on(TODAY).documents.values() if len(document.rules)}
    assert len(fields) >= found.numbers["领域"]  # there is as much to teach
    assert all(row["citation"] and row["title"] for row in exported(book)["rule"])


def whole_course(book: RuleBook) -> None:
    """The state of every day can be asked for, and the ledger is summed up by unit and industry."""
    practice(book, "whole-course", "follow_up", "summary")
    asked = ["2023-07-03", "2023-07-04", "2023-07-06", "2023-07-20", "2023-07-26"]
    states = [follow_up(major(book), on, events(supervised=True)).state for on in asked]
    assert states == ["found", "rectifying", "supervised", "to_recheck", "closed"]
    total = summary(entries(book), "2023-09-01", by=("unit", "industry"), book=book).total
    assert (total.found, total.closed, total.overdue) == (2, 1, 1)
    assert follow_up(major(book), "2023-09-01").overdue_days == (date(2023, 9, 1) - due(major(book))).days
    assert days(book, "dispatch")[0] == "07-07"  # the reports: dispatch, supervision, talks
    assert climb(book) == ["挂牌督办", "警示约谈"]
    reported = next(one for one in programme(book).practices("statistics") if one.id == "reported-statistics")
    assert round(Decimal(reported.numbers["整改"] * 100) / reported.numbers["排查"], 2) == reported.numbers["整改率"]
    assert task_figures(book, [f"第{n}项" for n in range(1, 21)], "reported-tasks").total == 20


FEATURES: Final = [
    Feature("专项执法督查覆盖 16 个重点行业领域及市县政府专班、部门、企业", sixteen_industries),
    Feature("邀请专家对 21 个领域的重大隐患判定标准集中培训 3 天", training),
    Feature("10 个执法督查分队、107 个小分队;每分队派 10—15 名不同行业专家,异地交叉", left_out("107个小分队")),
    Feature("分队+小分队专项执法督查,叠加各级安委办专班全过程监督", whole_course),
    Feature("五项工作:系统谋划部署、打造专业队伍、认真组织开展、注重服务保障、强化廉洁纪律", left_out("五项工作")),
    Feature("对执法督查人员 8 个方面提出约束性要求", left_out("8个方面的约束性要求")),
    Feature("明确住宿、餐饮、差旅、专家费等保障", left_out("住宿、餐饮、差旅、专家费")),
]
