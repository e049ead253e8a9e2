"""上海市: the practices of its source, and the calls that do them."""

from __future__ import annotations

from typing import Final

from hazardrules import RuleBook, classify
from provinces.features import FOUND_ON, TODAY, Feature, checklist, days, gap_of, left_out, practice, programme, scope
from provinces.working import IN_JULY, confined, counted, exported, hit, partly_left_out

SEED: Final = 7
LAWS: Final = [
    "上海市安全生产条例",
    "上海市安全生产条例",
    "上海市安全生产事故隐患排查治理办法",
    "上海市消防条例",
]


def four_cycles(book: RuleBook) -> None:
    """By day, week, month and quarter, also as a calendar file; the reports have the figures of the ledger."""
    found = practice(book, "four-cycles", "calendar", "summary")
    assert len(found.items) == found.numbers["周期"] == 4
    assert days(book, "daily-report") == IN_JULY["daily"]
    assert days(book, "weekly-dispatch") == IN_JULY["weekly"]
    assert days(book, "monthly-analysis") == IN_JULY["monthly"]
    assert days(book, "quarterly-review", "2023-04-25", "2023-12-31") == ["06-30", "09-30", "12-31"]
    last = programme(book).calendar("2023-09-29", "2023-09-30", inherited=False)
    assert {one.title for one in last} == set(found.items)
    file = programme(book).to_ical("2023-07-01", "2023-07-31", inherited=False)
    assert file.count("BEGIN:VEVENT") == 3
    assert counted(book) == {"甲厂": (1, 0, 1), "乙厂": (1, 1, 0), "丙厂": (0, 0, 0)}


def four_industries(book: RuleBook) -> None:
    """Power, special equipment and medical institutions have criteria; of culture and tourism a gap is told."""
    found = practice(book, "four-industries", "scope", "classify")
    assert len(found.items) == found.numbers["新增"] == len(scope(book, "added-industries").industries) == 4
    for document, industry in (
        ("power-2026", "电力"),
        ("special-equipment-2024", "特种设备"),
        ("medical-2023", "医院"),
    ):
        hit(book, document, industry)
    tourism = classify({}, industry="文化旅游", observed_on=TODAY, book=book)
    assert not tourism.conclusive
    assert tourism.gaps


def chain(book: RuleBook) -> None:
    """Hazardous chemicals have criteria; electric bicycles and self-built housing are told as gaps."""
    found = practice(book, "chain", "scope", "classify")
    assert found.items == scope(book, "whole-chain").items == ("电动自行车", "危险化学品", "自建房")
    gap_of(book, "电动自行车")
    gap_of(book, "自建房")
    assert book.industry_ids("居民自建房") == book.industry_ids("自建房")
    assert "没有读到电动自行车" in classify({}, industry="电动自行车", region="上海", observed_on=TODAY).reason


def campaigns(book: RuleBook) -> None:
    """What national criteria say of workshops, confined spaces, fire in medical and elderly care is a list each."""
    found = practice(book, "campaigns", "scope", "checklist", "classify")
    assert found.items == scope(book, "combination").items
    workshops = checklist(book, "workshops").rows
    assert {"gongmao-2023.8.7", "fireworks-2017.19-a"} <= {row.rule for row in workshops}
    assert not any(row.document.startswith(("power", "highway")) for row in workshops)
    confined(book)
    assert {"gongmao-2023.13.2", "construction-2024.11.1"} <= {r.rule for r in checklist(book, "confined-space").rows}
    fire = {row.document for row in checklist(book, "medical-elderly-fire").rows}
    assert {"medical-2023", "elderly-care-2023"} <= fire
    before = programme(book).checklist("medical-elderly-fire", on=FOUND_ON)
    assert "fire-2017" in {row.document for row in before.rows}


def hazard_database(book: RuleBook) -> None:
    """The database holds every criterion with its citation, for every key industry."""
    practice(book, "hazard-database", "export")
    tables = exported(book)
    assert [row["id"] for row in tables["pack"]] == ["national", "shanghai"]
    assert all(row["citation"] for row in tables["rule"])
    assert {"power", "special-equipment", "medical", "e-bicycle"} <= {row["id"] for row in tables["industry"]}
    partly_left_out(book, "城市安全风险评估")


def teaching(book: RuleBook) -> None:
    """The criteria reach a firm as a card of one page, and a post as a checklist."""
    found = practice(book, "teaching", "card", "checklist")
    assert len(found.items) == 4
    card = book.card("机械", on=FOUND_ON)
    assert card.region_label == "上海市"
    assert card.title == "机械重大事故隐患提示卡"  # the poster
    situations = {text for group in card.groups for text in group.situations}
    assert situations <= {row.problem for row in book.checklist("机械", on=FOUND_ON).rows}
    partly_left_out(book, "网上直播、视频会议宣贯")


FEATURES: Final = [
    Feature("市长任领导小组组长,4 位副市长任副组长,成立专班", left_out("市长任领导小组组长")),
    Feature("日报送、周调度、月分析、季讲评", four_cycles),
    Feature("新增 4 个重点行业领域", four_industries),
    Feature("全链条全周期管控", chain),
    Feature("专项整治“组合拳”", campaigns),
    Feature("城市安全风险评估;建立覆盖重点行业领域的重大事故隐患数据库", hazard_database),
    Feature("网上直播、海报、视频会议宣贯判定标准到基层、企业、岗位、人头;举办领导干部研讨班", teaching),
]
