"""安徽省: the practices of its source, and the calls that do them."""

from __future__ import annotations

from typing import Final

from hazardrules import RuleBook
from provinces.features import TODAY, Feature, checklist, climb, days, entries, order, practice, programme, scope
from provinces.working import IN_JULY, by_industry, confined, counted, exported, hit, partly_left_out

SEED: Final = 5
LAWS: Final = ["安徽省安全生产条例", "安徽省生产安全事故隐患排查治理办法", "“铸安”行动和风险管控“六项机制”通知"]
STEPS: Final = ["督办交办", "警示建议", "重点约谈"]
QUARTERS: Final = ["06-30", "09-30", "12-31"]


def horse_race(book: RuleBook) -> None:
    """Units stand in a queue by points, each quarter; the weights are defaults, and others give another queue."""
    practice(book, "horse-race", "ranking", "calendar")
    assert order(book) == ["甲厂", "丙厂", "乙厂"]
    ranks = programme(book).ranking(entries(book), "2023-09-01")
    assert {one.weights_evidence for one in ranks} == {"policy"}
    other = programme(book).ranking(entries(book), "2023-09-01", weights={"overdue": 1})
    assert (other[0].label, other[0].weights_evidence) == ("乙厂", "caller")
    assert days(book, "quarterly-review", "2023-04-25", "2023-12-31") == QUARTERS
    assert days(book, "comment", "2023-04-25", "2023-12-31") == QUARTERS


def eleven_industries(book: RuleBook) -> None:
    """The industries are in scope and judged by their own criteria; the ledger is summed up by industry."""
    found = practice(book, "eleven-industries", "scope", "classify", "summary")
    listed = scope(book, "industries")
    assert listed.count == found.numbers["行业领域"] == 11
    assert found.items == listed.items
    for document, industry in (("coal-2026", "煤矿"), ("noncoal-2022", "非煤矿山"), ("construction-2024", "建筑施工")):
        hit(book, document, industry)
    assert by_industry(book) == {"machinery": 1, "construction": 1}


def one_map(book: RuleBook) -> None:
    """Who looks at what, and what to do: as a list by department, and as data for the map."""
    practice(book, "one-map", "checklist", "export")
    made = checklist(book, "who-does-what")
    assert [heading for _, heading in made.columns][:3] == ["主管部门", "抓什么", "怎么办"]
    assert all(row.department and row.content and row.remedy for row in made.rows)
    assert len(exported(book)["rule"]) == len(book.rules())
    partly_left_out(book, "自然灾害风险")
    longer = book.programme("anhui-three-year-2024")
    numbers = {label: number for one in longer.practices() for label, number in one.numbers.items()}
    assert numbers == {"判定标准": 63, "重大隐患": 3506}
    assert longer.runs(TODAY)


def local_topics(book: RuleBook) -> None:
    """Work in confined spaces is in scope, judged by the criteria that speak of it, and has a checklist."""
    found = practice(book, "local-topics", "scope", "checklist", "classify")
    assert found.items == scope(book, "topics").items
    confined(book)
    rows = {row.rule for row in checklist(book, "confined-space").rows}
    assert {"gongmao-2023.13.1", "gongmao-2023.13.2", "construction-2024.11.1"} <= rows


def four_mechanisms(book: RuleBook) -> None:
    """Dispatch in the calendar, bulletins from the ledger, and the three steps of pressure."""
    found = practice(book, "four-mechanisms", "calendar", "summary", "escalation")
    assert len(found.items) == found.numbers["列举机制"] == 4
    assert days(book, "dispatch") == IN_JULY["monthly"]
    assert climb(book) == [*found.items[1:]] == STEPS
    assert counted(book)["乙厂"] == (1, 1, 0)


FEATURES: Final = [
    Feature("纳入对市委市政府的季度分析评议“赛马”机制,书记、省长定期点评", horse_race),
    Feature("系统分析 11 个重点行业领域风险(煤矿、非煤矿山、危化、建筑业、道路交通、消防等)", eleven_industries),
    Feature("安全生产和自然灾害风险“一张图”,明确主管部门“抓什么、怎么办”", one_map),
    Feature("增加有限空间作业安全等本地针对性专项", local_topics),
    Feature("调度通报、督办交办、警示建议、重点约谈等机制", four_mechanisms),
]
