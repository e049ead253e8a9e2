"""重庆市: the practices of its source, and the calls that do them."""

from __future__ import annotations

from typing import Final

from hazardrules import RuleBook
from hazardrules.ledger import summary
from provinces.features import (
    Feature,
    checklist,
    days,
    entries,
    left_out,
    order,
    practice,
    programme,
    scope,
    walk,
)

SEED: Final = 5
LAWS: Final = [
    "重庆市安全生产条例",
    "重庆市安全生产条例",
    "重庆市安全生产事故隐患排查治理监督管理办法",
    "重庆市特种设备安全条例",
    "重庆市公路水路行业安全生产隐患治理暂行办法",
]


def eight_actions(book: RuleBook) -> None:
    """Eight actions; a checklist asks what is looked at, by whom and how."""
    found = practice(book, "eight-focused-actions", "scope", "checklist")
    actions = scope(book, "eight-actions")
    assert actions.items == found.items
    assert len(actions.items) == actions.count == found.numbers["集中行动"] == 8
    made = checklist(book, "three-questions", "机械")
    assert made.columns == (("content", "查什么"), ("department", "谁去查"), ("method", "怎么查"))
    assert all(row.content and row.department and row.method for row in made.rows)
    then = programme(book).checklist("fire", on=programme(book).spec.starts)
    assert {"fire-2017.6.2", "fire-2017.6.5", "fire-2017.6.6", "fire-2017.6.8"} <= {row.rule for row in then.rows}
    now = checklist(book, "fire")
    assert {"education-2024.3.1.4-a", "elderly-care-2023.4.2", "postal-2024.3.1"} <= {row.rule for row in now.rows}
    assert not any(row.document.startswith(("coal", "noncoal")) for row in (*then.rows, *now.rows))
    assert "谁去查" in now.to_markdown()


def problem_list(book: RuleBook) -> None:
    """The list of problems goes from found to struck off; who finds and solves by himself stands first."""
    practice(book, "problem-list", "summary", "closing", "ranking")
    assert walk(book) == ["列入问题清单", "整改", "督查", "整改完成", "销号"]
    clauses = summary(entries(book), "2023-09-01", by="clause", book=book).rows
    assert [(row.keys[0], row.figures.found, row.figures.open) for row in clauses] == [("gongmao-2023.3.2", 2, 1)]
    assert order(book) == ["甲厂", "丙厂", "乙厂"]


def monthly_quarterly_yearly(book: RuleBook) -> None:
    """Published by month, told by quarter, assessed by year: what is told are the figures and the ranking."""
    found = practice(book, "monthly-quarterly-yearly", "calendar", "summary", "ranking")
    assert len(found.items) == found.numbers["周期"] == 3
    whole = ("2023-04-25", "2023-12-31")
    assert days(book, "publish", *whole) == [
        "04-30",
        "05-31",
        "06-30",
        "07-31",
        "08-31",
        "09-30",
        "10-31",
        "11-30",
        "12-31",
    ]
    assert days(book, "bulletin", *whole) == ["06-30", "09-30", "12-31"]
    assert days(book, "assess", *whole) == ["12-31"]
    told = summary(entries(book), "2023-07-31", book=book)
    assert "按期整改" in told.to_markdown()
    assert (told.total.found, told.total.in_time) == (2, 1)


def visits(book: RuleBook) -> None:
    """Inspections come back in the calendar, with a checklist to go by; the unit that does nothing stands last."""
    practice(book, "visits", "calendar", "checklist", "ranking")
    (occasion,) = (one for one in programme(book).calendar("2023-07-01", "2023-07-31") if one.id == "inspect")
    assert (occasion.title, occasion.actor, occasion.evidence) == ("明查暗访", "各级安委办", "policy")
    assert checklist(book, "three-questions", "机械").rows
    assert order(book)[-1] == "乙厂"


FEATURES: Final = [
    Feature("8 个方面集中行动,逐项明确“查什么、谁去查、怎么查”", eight_actions),
    Feature("“安全生产和自然灾害问题清单”工作机制,把主动发现、主动解决作为履职标准", problem_list),
    Feature("排查质量、整改效果月发布、季通报、年考核", monthly_quarterly_yearly),
    Feature("各级安委办常态化明查暗访,整治走过场、不作为、责任不落实", visits),
    Feature("真查、真报、真改", left_out("真查、真报、真改")),
]
