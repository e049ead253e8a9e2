"""山西省: the practices of its source, and the calls that do them."""

from __future__ import annotations

from typing import Final

from hazardrules import RuleBook
from hazardrules.ledger import summary
from provinces.features import (
    FOUND_ON,
    Feature,
    climb,
    days,
    entries,
    events,
    major,
    order,
    practice,
    programme,
    task_figures,
    walk,
)

SEED: Final = 6
LAWS: Final = ["山西省安全生产条例", "安全生产严重失信主体名单管理制度"]
STEPS: Final = ["情况通报", "警示约谈", "追责问责"]
STAGES: Final = ["列入账单", "整改", "督办", "办结", "销号"]


def five_musts(book: RuleBook) -> None:
    """Tasks have their days, and the units to inspect first are those at the end of the queue."""
    found = practice(book, "five-musts", "tasks", "ranking")
    assert len(found.items) == found.numbers["必须"] == 5
    figures = task_figures(book, found.items, "five-musts")
    assert (figures.total, figures.done, figures.overdue) == (5, 2, 3)
    assert order(book)[-1] == "乙厂"


def eight_mechanisms(book: RuleBook) -> None:
    """The bill, striking off, the queue, bulletins, talks, inspections, dispatch and assessment."""
    found = practice(book, "eight-mechanisms", "summary", "closing", "ranking", "escalation", "calendar")
    assert len(found.items) == found.numbers["机制"] == 8
    bill = summary(entries(book), "2023-09-01", book=book)
    assert {row.keys[0]: row.figures.open for row in bill.rows} == {"甲厂": 0, "乙厂": 1, "丙厂": 0}
    assert walk(book)[-1] == "销号"
    assert order(book) == ["甲厂", "丙厂", "乙厂"]
    assert climb(book)[:2] == ["情况通报", "警示约谈"]
    assert days(book, "dispatch") == ["07-07", "07-14", "07-21", "07-28"]
    assert days(book, "bulletin") == ["07-31"]
    assert days(book, "inspect") == ["07-15"]
    assert days(book, "assess", "2023-04-25", "2023-12-31") == ["12-31"]


def bill(book: RuleBook) -> None:
    """What is done is struck off, one by one; before that the record says what is lacking."""
    practice(book, "bill", "closing", "summary", "follow_up")
    assert walk(book) == STAGES
    (stage,) = programme(book).follow_up(major(book), "2023-07-21", events()).stages
    assert (stage.title, stage.next_title) == ("办结", "销号")
    assert [need.label for need in stage.lacking] == ["复查", "销号"]
    assert summary(entries(book), "2023-09-01", book=book).total.closed == 1


def on_the_spot(book: RuleBook) -> None:
    """The judgment comes on the day itself, and the notice with clause, time and duties is made from it."""
    practice(book, "on-the-spot", "classify", "notice")
    judgment = major(book)
    notice = judgment.to_notice(unit="甲厂", book=book).to_markdown()
    assert judgment.observation.observed_on == FOUND_ON
    assert "甲厂" in notice
    assert judgment.findings[0].citation in notice


def three_ways(book: RuleBook) -> None:
    """Inspections stand in the calendar, by whatever way; what to look at is in the checklist of the industry."""
    found = practice(book, "three-ways", "calendar", "checklist")
    (occasion,) = (one for one in programme(book).calendar("2023-07-01", "2023-07-31") if one.id == "inspect")
    assert all(way in occasion.title for way in found.items)
    assert len(found.items) == found.numbers["方式"] == 3
    rows = {row.rule for row in book.checklist("机械", on=FOUND_ON).rows}
    assert {"gongmao-2023.3.2", "gongmao-2023.13.2", "fire-2017.6.6"} <= rows


def accountable(book: RuleBook) -> None:
    """The last step is accountability; it comes after the bulletin and the talk."""
    practice(book, "accountable", "escalation")
    assert climb(book) == STEPS


FEATURES: Final = [
    Feature(
        "“五个必须”:党政主要领导亲自挂帅;成立专班集中办公;对标对表落实任务;突出督导巡查重点单位;采取有力举措压实责任",
        five_musts,
    ),
    Feature("各级各部门挂图作战,并落实八项机制", eight_mechanisms),
    Feature("办结一项销号一项,台账以“账单”形式管理", bill),
    Feature("现场检查发现的问题隐患必须当即提出处理意见", on_the_spot),
    Feature("明察暗访、突击检查、随机抽查三种方式", three_ways),
    Feature("对严重违法违规相关人员追责问责,倒逼企业排查", accountable),
]
