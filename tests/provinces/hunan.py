"""湖南省: the practices of its source, and the calls that do them."""

from __future__ import annotations

from typing import Final

from hazardrules import RuleBook
from hazardrules.ledger import summary
from provinces.features import Feature, checklist, climb, days, entries, gap_of, major, order, practice, programme

SEED: Final = 6
LAWS: Final = ["湖南省安全生产条例", "“一单四制”重大事故隐患治理制度"]
STEPS: Final = ["约谈", "通报", "问责"]


def three_mechanisms(book: RuleBook) -> None:
    """Experts and firms go by one checklist; firms are told by a card, and what is found is noticed."""
    found = practice(book, "three-mechanisms", "checklist", "card", "notice")
    assert len(found.items) == found.numbers["机制"] == 3
    made = checklist(book, "hazards", "机械")
    assert {"gongmao-2023.3.2", "gongmao-2023.13.2"} <= {row.rule for row in made.rows}
    assert [heading for _, heading in made.columns] == ["检查内容", "检查方式", "问题表现", "整改要求", "依据"]
    assert book.card("机械").title == "机械重大事故隐患提示卡"
    assert "第三条第(二)项" in major(book).to_notice(unit="甲厂", book=book).to_markdown()
    for industry in (
        "特种设备",
        "居民自建房",
        "烟花爆竹",
    ):  # the industries of the reports: two have criteria, one is a gap
        assert book.industry_ids(industry)[0] in programme(book).scope("industries")[0].industries
    gap_of(book, "居民自建房")


def three_measures(book: RuleBook) -> None:
    """Inspections have their days; those who supervise see the ledger by unit and department."""
    found = practice(book, "three-measures", "calendar", "summary")
    assert len(found.items) == found.numbers["措施"] == 3
    assert days(book, "inspect", "2023-07-01", "2023-09-30") == ["07-15", "08-15", "09-15"]
    rows = summary(entries(book), "2023-09-01", by=("department", "unit"), book=book).rows
    assert [row.labels for row in rows if row.figures.overdue] == [("市应急管理局", "乙厂")]


def three_tools(book: RuleBook) -> None:
    """Assessment ranks units; warnings and accountability are steps of pressure."""
    found = practice(book, "three-tools", "ranking", "escalation")
    assert len(found.items) == found.numbers["手段"] == 3
    assert order(book)[0] == "甲厂"
    assert climb(book) == STEPS


def three_threes(book: RuleBook) -> None:
    """Three groups of three, each of them a practice of the pack."""
    found = practice(book, "three-threes", "checklist", "calendar", "ranking", "escalation")
    groups = [one for one in programme(book).practices() if one.title in found.items]
    assert [one.title for one in groups] == [*found.items]
    assert len(groups) == found.numbers["组"]
    assert {len(one.items) for one in groups} == {found.numbers["每组"]}


def not_finding(book: RuleBook) -> None:
    """Where nothing was found stands last, behind the unit that found a major hazard and let it be."""
    practice(book, "not-finding", "ranking", "summary")
    assert order(book) == ["甲厂", "乙厂", "丙厂"]
    rows = summary(entries(book), "2023-09-01", book=book).rows
    assert [row.keys[0] for row in rows if row.figures.found == 0] == ["丙厂"]


def talk_and_tell(book: RuleBook) -> None:
    """Talks and bulletins first, accountability where it is grave; the days are defaults and say so."""
    found = practice(book, "talk-and-tell", "escalation")
    assert climb(book) == STEPS == [*found.items]
    assert days(book, "dispatch") == ["07-07", "07-14", "07-21", "07-28"]  # the reports: by week, month and quarter
    assert days(book, "bulletin") == ["07-31"]
    assert days(book, "review", "2023-04-25", "2023-12-31") == ["06-30", "09-30", "12-31"]


FEATURES: Final = [
    Feature("“三大机制”:专家查隐患、企业自查、部门指导服务和严格执法", three_mechanisms),
    Feature("“三项措施”:督导、巡查、专班", three_measures),
    Feature("“三个手段”:考核、警示、问责", three_tools),
    Feature("合称“3个三”工作做法", three_threes),
    Feature("把发现不了问题、查不出重大隐患视为最大问题", not_finding),
    Feature("整治不力的约谈通报,情况严重的按规定问责", talk_and_tell),
]
