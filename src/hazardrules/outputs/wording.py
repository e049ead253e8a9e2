"""Conditions, deadlines and duties in words that an inspector reads on paper."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Final

from hazardrules.lang.nodes import (
    And,
    Arithmetic,
    AtLeast,
    Band,
    Compare,
    Condition,
    Const,
    Element,
    Fact,
    HasAll,
    HasAny,
    In,
    Literal,
    Node,
    Not,
    Or,
    Since,
)
from hazardrules.lang.text import number_text
from hazardrules.model import Deadline, Duty
from hazardrules.pack.content import FactDef

__all__ = ["condition_text", "day_text", "deadline_term", "duty_text", "marks", "method_text"]

_THAN: Final = {"<": "小于", "<=": "不大于", ">": "大于", ">=": "不小于", "==": "等于", "!=": "不等于"}
_ON_PAPER: Final = re.compile(
    "资料|记录|方案|制度|证|审批|培训|考核|资格|批准|报告|预案|合同|台账|设计|规程|图纸|演练|评估|计划"
)
"""Words of labels that speak of what is seen in files and not on the spot."""


def day_text(day: date) -> str:
    """A day as Chinese papers write it."""
    return f"{day.year}年{day.month}月{day.day}日"


def deadline_term(deadline: Deadline | None) -> str:
    """How long a rectification may take, whatever the day it begins, and on what ground; empty where nothing says."""
    if deadline is None:
        return ""
    ground = {"statutory": deadline.citation, "policy": "默认策略,不是法定天数", "ordered": deadline.citation}
    if deadline.day_kind == "immediate":
        return f"立即整改({ground[deadline.source]})"
    length = {"calendar": "{}日内(自然日", "working": "{}日内(工作日", "months": "{}个月内("}[deadline.day_kind]
    return f"自发现之日起{length.format(deadline.days)};{ground[deadline.source]})".replace("(;", "(")


def duty_text(duty: Duty) -> str:
    """A duty with what sets it off, its time and its ground."""
    when = duty.trigger + (f";{duty.period}" if duty.period else "")
    return f"{duty.text}({when};{duty.citation})"


def method_text(facts: Sequence[FactDef]) -> str:
    """How to look at facts where a criterion doesn't say: on the spot, or in files."""
    paper = [fact.label for fact in facts if _ON_PAPER.search(fact.label)]
    place = [fact.label for fact in facts if fact.label not in paper]
    parts = [(word, labels) for word, labels in (("现场核对", place), ("查资料", paper)) if labels]
    return ";".join(f"{word}:{'、'.join(labels)}" for word, labels in parts)


def marks(facts: Sequence[str]) -> dict[str, str]:
    """A mark (①, ②, …) for each of several facts, by which a text can speak of them; none where there is only one."""
    circled = [*range(0x2460, 0x2474), *range(0x3251, 0x3260), *range(0x32B1, 0x32C0)]
    if not 1 < len(facts) <= len(circled):
        return {}
    return {id_: chr(code) for id_, code in zip(facts, circled, strict=False)}


def condition_text(
    node: Condition,
    facts: Mapping[str, FactDef],
    elements: Mapping[str, str],
    named: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """A condition in Chinese: the labels of its facts with the values that make it hold.

    :param elements: the titles of named sub-conditions, by the names that expressions have for them.
    :param named: short names that stand for the labels of some facts.
    """
    return _Wording(facts, elements, named).condition(node)


class _Wording:
    """The words for one rule book."""

    def __init__(self, facts: Mapping[str, FactDef], elements: Mapping[str, str], named: Mapping[str, str]) -> None:
        self.facts, self.elements, self.named = facts, elements, named

    def _name(self, id_: str) -> str:
        return self.named.get(id_, self.facts[id_].label)

    def _head(self, id_: str) -> str:
        """The name of a fact before its value."""
        return f"{self._name(id_)}:"

    def condition(self, node: Condition) -> str:
        match node:
            case Const(value):
                return "任何情况下成立" if value else "任何情况下不成立"
            case Fact(id_):
                return f"{self._head(id_)}是"
            case Not(operand):
                return self._denied(operand)
            case And(operands):
                return ",且".join(map(self._inside, operands))
            case Or(operands):
                return ",或者".join(map(self._inside, operands))
            case AtLeast(count, conditions):
                listed = ";".join(f"[{n}]{self.condition(one)}" for n, one in enumerate(conditions, 1))
                return f"下列情形有{count}项以上:{listed}"
            case Element(name, body):
                title = self.elements.get(name)
                return f"“{title}”" if title else self._inside(body)
            case Compare(op, left, right):
                return self._comparison(op, left, right)
            case In(item, options):
                return f"{self._asked(item)}{self._among(item, options)}之一"
            case HasAny(fact, options):
                one_of = "之一" if len(options) > 1 else ""
                return f"{self._head(fact.id)}有{self._options(fact, options)}{one_of}"
            case HasAll(fact, options):
                return f"{self._head(fact.id)}同时有{self._options(fact, options)}"

    def _inside(self, node: Condition) -> str:
        """As a part of something larger: what is itself made of parts gets brackets."""
        text = self.condition(node)
        return f"({text})" if isinstance(node, And | Or | AtLeast) else text

    def _denied(self, node: Condition) -> str:
        match node:
            case Fact(id_):
                return f"{self._head(id_)}否"
            case HasAny(fact, options):
                none_of = "中的任何一项" if len(options) > 1 else ""
                return f"{self._head(fact.id)}没有{self._options(fact, options)}{none_of}"
            case HasAll(fact, options) if len(options) > 1:
                return f"{self._head(fact.id)}没有全部具备{self._options(fact, options)}"
            case HasAll(fact, options):
                return f"{self._head(fact.id)}没有{self._options(fact, options)}"
            case In(item, options):
                return f"{self._asked(item)}不是{self._among(item, options)}中的任何一项"
            case _:
                return f"不属于({self.condition(node)})"

    def _comparison(self, op: str, left: Node, right: Node) -> str:
        if isinstance(left, Fact) and self.facts[left.id].options:
            word = {"==": "", "!=": "不是"}[op]
            return f"{self._head(left.id)}{word}“{self._operand(left, right)}”"
        return f"{self._value(left)}{_THAN[op]}{self._operand(left, right)}"

    def _asked(self, item: Node) -> str:
        return self._head(item.id) if isinstance(item, Fact) else f"{self._value(item)}:"

    def _among(self, item: Node, options: Sequence[object]) -> str:
        return "、".join(f"“{self._option(item, one)}”" for one in options)

    def _operand(self, item: Node, other: Node) -> str:
        return self._option(item, other.value) if isinstance(other, Literal) else self._value(other)

    def _option(self, item: Node, value: object) -> str:
        """A literal as the value of what it is compared with."""
        if isinstance(value, date):
            return day_text(value)
        if isinstance(value, str):
            fact = self.facts[item.id] if isinstance(item, Fact) else None
            return fact.options.get(value, value) if fact else value
        unit = (self.facts[item.id].unit or "") if isinstance(item, Fact) else ""
        if isinstance(item, Since):
            unit = {"days": "日", "months": "个月"}[item.unit]
        return number_text(value) + unit  # type: ignore[arg-type]  # what is no date and no text is a number

    def _options(self, fact: Fact, options: Sequence[str]) -> str:
        known = self.facts[fact.id].options
        return "、".join(f"“{known.get(one, one)}”" for one in options)

    def _value(self, node: Node) -> str:
        match node:
            case Fact(id_):
                return self._name(id_)
            case Literal(value):
                return self._option(node, value)
            case Arithmetic(op, left, right):
                sign = {"+": "加", "-": "减", "*": "乘以", "/": "除以"}[op]
                return f"({self._value(left)}{sign}{self._value(right)})"
            case Band(table, x):
                return f"判定表{table.name}按{self._value(x)}给出的数值"
            case Since(unit, fact):
                return f"自{self._name(fact.id)}到检查日的{ {'days': '天数', 'months': '月数'}[unit] }"
            case _:
                return self._inside(node)
