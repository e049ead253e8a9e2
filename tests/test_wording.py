"""Conditions, deadlines and ways to look in words: exact, complete, and without a trace of program text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any, Final

import pytest

from hazardrules import RuleBook, classify
from hazardrules.lang.nodes import HasAll, HasAny, In, Literal, Node, children, facts_read
from hazardrules.lang.parse import Parser
from hazardrules.lang.text import number_text
from hazardrules.model import Deadline
from hazardrules.outputs.wording import condition_text, day_text, deadline_term, duty_text, marks, method_text
from hazardrules.pack.content import FactDef, Rule
from hazardrules.pack.documents import element_name
from hazardrules.pack.vocabulary import scope_of

FACTS: Final = {
    fact.id: fact
    for fact in (
        FactDef("d.on", "d", "boolean", "设备在用"),
        FactDef("d.high", "d", "number", "高度", unit="米"),
        FactDef("d.low", "d", "number", "低处的高度", unit="米"),
        FactDef("d.guard", "d", "enum", "护栏", options={"good": "完好", "bad": "损坏", "none": "没有"}),
        FactDef("d.exits", "d", "set", "出口", options={"east": "东", "west": "西"}),
        FactDef("d.built", "d", "date", "建成日期"),
    )
}
PARSER: Final = Parser(scope_of(FACTS))


def said(expression: str) -> str:
    """An expression in Chinese."""
    return condition_text(PARSER.parse(expression), FACTS, {})


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("d.on", "设备在用:是"),
        ("not d.on", "设备在用:否"),
        ("d.high > 2.50", "高度大于2.5米"),
        ("d.high >= 2", "高度不小于2米"),
        ("d.high < 2", "高度小于2米"),
        ("d.high <= 2", "高度不大于2米"),
        ("d.high == 2", "高度等于2米"),
        ("d.high != 2", "高度不等于2米"),
        ("2 < d.high", "高度大于2米"),
        ("d.high > d.low + 1", "高度大于(低处的高度加1)"),
        ("d.high / d.low > 1.1", "(高度除以低处的高度)大于1.1"),
        ("(d.high - d.low) * 2 > 1", "((高度减低处的高度)乘以2)大于1"),
        ('d.guard == "bad"', "护栏:“损坏”"),
        ('d.guard != "good"', "护栏:不是“完好”"),
        ('d.guard in ["bad", "none"]', "护栏:“损坏”、“没有”之一"),
        ('not (d.guard in ["bad", "none"])', "护栏:不是“损坏”、“没有”中的任何一项"),
        ('has_any(d.exits, ["east"])', "出口:有“东”"),
        ('has_any(d.exits, ["east", "west"])', "出口:有“东”、“西”之一"),
        ('not has_any(d.exits, ["east"])', "出口:没有“东”"),
        ('not has_any(d.exits, ["east", "west"])', "出口:没有“东”、“西”中的任何一项"),
        ('has_all(d.exits, ["east", "west"])', "出口:同时有“东”、“西”"),
        ('not has_all(d.exits, ["east", "west"])', "出口:没有全部具备“东”、“西”"),
        ('not has_all(d.exits, ["east"])', "出口:没有“东”"),
        ('d.built < d"2020-01-01"', "建成日期早于2020年1月1日"),
        ("months_since(d.built) > 12", "自建成日期到检查日的月数大于12个月"),
        ("days_since(d.built) <= 30", "自建成日期到检查日的天数不大于30日"),
        ("d.on and d.high > 2", "设备在用:是,且高度大于2米"),
        ("d.on and (d.high > 2 or d.low > 1)", "设备在用:是,且(高度大于2米,或者低处的高度大于1米)"),
        ("not (d.on and d.high > 2)", "不属于(设备在用:是,且高度大于2米)"),
        (
            "at_least(2, [d.on, d.high > 2, d.low > 1])",
            "下列情形至少有2项:[1]设备在用:是;[2]高度大于2米;[3]低处的高度大于1米",
        ),
    ],
)
def test_expressions(expression: str, text: str) -> None:
    """Every kind of condition has words of its own, with labels, values and units."""
    assert said(expression) == text


def test_constants() -> None:
    """A condition that is always or never met says so."""
    assert said("true") == "任何情况下成立"
    assert said("false") == "任何情况下不成立"


def test_short_names() -> None:
    """Marks can stand for labels; there are none for a single fact, and for more than there are signs."""
    node = PARSER.parse('d.on and d.guard == "bad" and d.high > 2')
    named = marks(facts_read(node))
    assert named == {"d.on": "①", "d.guard": "②", "d.high": "③"}
    assert condition_text(node, FACTS, {}, named) == "①:是,且②:“损坏”,且③大于2米"
    assert marks(["d.on"]) == {}
    assert len(set(marks([str(n) for n in range(50)]).values())) == 50
    assert marks([str(n) for n in range(51)]) == {}


@cache
def book() -> RuleBook:
    """The national rule book."""
    return RuleBook.load(packs=["national"])


def decided() -> Iterator[tuple[Rule, str]]:
    """Every criterion of the book that facts decide, with its condition in words."""
    for document in book().documents.values():
        titles = {element_name(one.id, document.id): one.title for one in document.elements}
        for rule in document.rules:
            if not rule.manual:
                yield rule, condition_text(rule.whole, book().facts, titles)


def walk(node: Node) -> Iterator[Node]:
    """A node and all below it, without what a named sub-condition holds."""
    yield node
    for child in children(node):
        if type(node).__name__ != "Element":
            yield from walk(child)


def test_every_criterion_is_worded_completely() -> None:
    """No fact, value or number of a condition is left out of its words, and no id, key or operator stands in them."""
    for rule, text in decided():
        for node in walk(rule.whole):
            match node:
                case Literal(value) if not isinstance(value, str):
                    assert (day_text(value) if isinstance(value, date) else number_text(value)) in text, rule.id
                case HasAny(fact, options) | HasAll(fact, options):
                    labels = [book().facts[fact.id].options[option] for option in options]
                    assert all(f"“{label}”" in text for label in labels), rule.id
                case In(item, options) if options and isinstance(options[0], str):
                    known: Any = book().facts[facts_read(item)[0]].options
                    assert all(f"“{known[option]}”" in text for option in options), rule.id
        if "“" not in text or "element" not in str(rule.condition):
            read = [book().facts[id_].label for node in walk(rule.whole) for id_ in [getattr(node, "id", None)] if id_]
            assert all(label in text for label in read), rule.id
        assert not re.search(r"[a-z]+[._][a-z_]+|[=<>!]=|has_|None|\{", text), text


def test_ways_to_look() -> None:
    """What is seen in files and what is seen on the spot."""
    papers = [FactDef("d.a", "d", "boolean", "培训记录齐全"), FactDef("d.b", "d", "boolean", "护栏完好")]
    assert method_text(papers) == "现场核对:护栏完好;查资料:培训记录齐全"
    assert method_text(papers[1:]) == "现场核对:护栏完好"
    assert method_text([]) == ""


def test_deadlines() -> None:
    """How long a rectification may take, and whether the law says so."""
    day = date(2026, 11, 20)
    common = {"due_on": day, "starts_on": day, "text": ""}
    law = {**common, "source": "statutory", "citation": "《法》第一条"}
    policy = {**common, "source": "policy", "citation": "策略"}
    assert deadline_term(None) == ""
    assert deadline_term(Deadline(days=0, day_kind="immediate", **law)) == "立即整改(《法》第一条)"
    assert deadline_term(Deadline(days=5, day_kind="working", **law)) == "自发现之日起5日内(工作日;《法》第一条)"
    assert deadline_term(Deadline(days=3, day_kind="months", **law)) == "自发现之日起3个月内(《法》第一条)"
    text = deadline_term(Deadline(days=30, day_kind="calendar", **policy))
    assert text == "自发现之日起30日内(自然日;默认策略,不是法定天数)"


def test_duties() -> None:
    """A duty says who must do what, what sets it off, and by which law."""
    judgment = classify({"dust.storeys": 3, "dust.structure": "brick"}, industry="machinery", observed_on="2026-11-20")
    for duty in judgment.findings[0].duties:
        text = duty_text(duty)
        assert text.startswith(f"{duty.text}({duty.trigger}")
        assert text.endswith(f";{duty.citation})")
