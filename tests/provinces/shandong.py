"""山东省: the practices of its source, and the calls that do them."""

from __future__ import annotations

from typing import Final

import pytest

from hazardrules import RuleBook, UnknownIndustryError, classify
from hazardrules.ledger import summary
from provinces.features import (
    TODAY,
    Feature,
    checklist,
    climb,
    days,
    entries,
    gap_of,
    practice,
    programme,
    scope,
    task_figures,
)
from provinces.working import exported

SEED: Final = 8
LAWS: Final = [
    "山东省安全生产条例",
    "山东省生产安全事故隐患排查治理办法",
    "山东省重大生产安全事故隐患排查治理办法",
    "山东省特种设备安全条例",
    "山东省消防条例",
]
TOPICS: Final = ["隧道工程", "醇基燃料", "海上风电", "高风险旅游项目"]
FOUR: Final = ["检查内容", "检查方式", "问题表现", "整改要求"]


def seven_additions(book: RuleBook) -> None:
    """Seven things are added to the national scope, which stands behind the province's own."""
    assert scope(book, "added-contents").count == practice(book, "seven-additions", "scope").numbers["方面"] == 7
    own, whole = programme(book).scope(), programme(book).scope(inherited=True)
    assert whole[: len(own)] == own
    assert len(whole) > len(own)


def twenty_one_industries(book: RuleBook) -> None:
    """Twenty-one industries; a checklist has a column for who is responsible, filled by what the user says."""
    found = practice(book, "twenty-one-industries", "scope", "checklist")
    assert scope(book, "key-industries").count == found.numbers["重点行业领域"] == 21
    made = book.checklist("机械", on=TODAY, departments={"机械": ["市应急管理局"], "*": ["消防救援支队"]})
    assert {row.department for row in made.rows if row.document == "gongmao-2023"} == {"市应急管理局"}


def topics(book: RuleBook) -> None:
    """Three have no criteria and every judgment says so; tunnels have an article in a national standard."""
    found = practice(book, "cross-department-topics", "scope", "classify")
    assert [*found.items] == [*scope(book, "cross-department").items] == TOPICS
    for topic in TOPICS:
        with pytest.raises(UnknownIndustryError):
            classify({}, industry=topic)  # the nation alone knows no such industry
    assert [book.industries[id_].label for id_ in scope(book, "cross-department").industries] == TOPICS
    for topic in (*TOPICS[1:], "甲醇燃料", "海上风电场", "高风险旅游"):
        gap_of(book, book.industries[book.industry_ids(topic)[0]].label)
    unqualified = classify(
        {"construction_management.special_operators_certified": False},
        industry="隧道施工",
        observed_on=TODAY,
        book=book,
    )
    assert [finding.rule for finding in unqualified.findings] == ["construction-2024.4.3"]
    assert "construction-2024" in {document.document for document in unqualified.checked}
    assert {gap.document for gap in unqualified.gaps} == {  # what is not wholly held of the tunnels of other works
        "highway-waterway-construction-2025",
        "railway-construction-2023",
    }
    own = {rule.id for rule in book.rules(document="construction-2024") if rule.group == "隧道工程"}
    assert own <= {row.rule for row in checklist(book, "template", "隧道工程").rows}
    assert own
    assert gap_of(book, "海上风电", {"power_management.emergency_plan_made": False}).level == "major"


def added_tasks(book: RuleBook) -> None:
    """Three tasks with their days, and the checklist of whether systems are carried out."""
    found = practice(book, "added-tasks", "tasks", "checklist")
    assert len(found.items) == found.numbers["增加任务"] == 3
    figures = task_figures(book, found.items, "added-tasks")
    assert (figures.total, figures.done, figures.open, figures.overdue) == (3, 2, 1, 1)
    assert checklist(book, "key-systems").rows


def five_checklists(book: RuleBook) -> None:
    """Each of the five draws from several standards, and nothing that only sounds alike."""
    found = practice(book, "five-checklists", "checklist")
    assert len(found.items) == found.numbers["共性检查表"] == 5
    lists = [one for one in programme(book).checklists if one.id != "template"]
    assert [one.title for one in lists] == [*found.items]
    wanted = {
        "dangerous-work": {"gongmao-2023.13.2", "construction-2024.11.2", "power-2026.10.6", "noncoal-2022.1.29"},
        "outsourcing": {"gongmao-2023.3.1", "coal-2026.18.5-a", "noncoal-2022.1.28.1", "power-2026.10.2"},
        "training": {"gongmao-2023.3.2", "construction-2024.4.3", "power-2026.13.1", "medical-2023.1"},
        "drills": {"city-gas-2023.4.4", "power-2026.13.4", "mental-welfare-2025.6.x"},
        "key-systems": {"chemical-2017.16", "fireworks-2017.13", "city-gas-2023.4.3", "civil-explosives-2024.2"},
    }
    alike = {
        "dangerous-work": {"construction-2024.10.1", "construction-2024.8.1", "construction-2024.9.4-a"},
        "outsourcing": {"fireworks-2017.14", "road-transport-2023.taxi.1"},
        "training": {"coal-2026.18.2", "elderly-care-2023.5.1"},
        "drills": {"gongmao-2023.5.4", "noncoal-2022.1.23.3", "power-2026.8.4"},
        "key-systems": {"gongmao-2023.11.10"},
    }
    for one in lists:
        made = checklist(book, one.id)
        rules = {row.rule for row in made.rows}
        assert made.title == f"{one.title}检查表"
        assert wanted[one.id] <= rules
        assert not alike[one.id] & rules
        assert len({row.document for row in made.rows}) >= 3
        assert [heading for _, heading in made.columns] == FOUR
    assert "动火" in checklist(book, "dangerous-work").to_markdown()


def four_columns(book: RuleBook) -> None:
    """The template with its four columns, for whatever industry; every cell says something."""
    found = practice(book, "four-columns", "checklist")
    assert len(found.items) == found.numbers["模板字段"] == 4
    for industry in ("机械", "煤矿", "电力"):
        made = checklist(book, "template", industry)
        assert [heading for _, heading in made.columns] == [*found.items] == FOUR
        assert all(row.content and row.method and row.problem and row.remedy for row in made.rows)
        assert made.industry == book.industry_ids(industry)


def dispatch_system(book: RuleBook) -> None:
    """What a dispatch system needs: the ledger summed up, what is due when, the criteria as data."""
    practice(book, "dispatch-system", "summary", "calendar", "export")
    total = summary(entries(book), "2023-09-01", by=("unit",), book=book).total
    assert (total.found, total.major, total.rectified, total.overdue) == (2, 2, 1, 1)
    assert days(book, "dispatch") == ["07-07", "07-14", "07-21", "07-28"]
    assert "SUMMARY:调度通报" in programme(book).to_ical("2023-07-01", "2023-07-31")
    tables = exported(book)
    assert {"shandong-tunnel", "shandong-methanol-fuel"} <= {row["id"] for row in tables["industry"]}
    assert all(row["citation"] for row in tables["rule"])


def four_mechanisms(book: RuleBook) -> None:
    """Dispatch, report and inspection in the calendar; supervision as a step of pressure."""
    found = practice(book, "four-mechanisms", "calendar", "escalation", "summary")
    assert len(found.items) == found.numbers["机制"] == 4
    titles = {one.title for one in programme(book).calendar("2023-07-01", "2023-07-31", inherited=False)}
    assert titles == {"调度通报", "工作报告", "督导检查"}
    assert climb(book) == ["调度通报", "隐患督办"]
    assert titles | {*climb(book)} == {*found.items}


FEATURES: Final = [
    Feature("在国家方案上拓展 7 方面内容", seven_additions),
    Feature("明确 21 个重点行业领域及跨部门监管领域的责任部门", twenty_one_industries),
    Feature("跨部门监管领域", topics),
    Feature(
        "增加重点任务:企业排查制度措施落实情况;部门推进隐患排查和安全检查标准化;党委政府强化新业态和薄弱环节监管",
        added_tasks,
    ),
    Feature("5 类重点事项共性检查表", five_checklists),
    Feature("分行业领域制定专项检查表,模板字段为检查内容、检查方式、问题表现、整改要求", four_columns),
    Feature("工作专班 + 信息调度系统", dispatch_system),
    Feature("四项机制", four_mechanisms),
]
