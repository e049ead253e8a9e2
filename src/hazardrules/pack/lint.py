"""What is allowed but wrong: rules without proof, conditions that are constant, doubles, words that nobody uses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, islice, product
from math import prod

from hazardrules.errors import PackError
from hazardrules.lang.kleene import truth
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
    Number,
    Or,
    Since,
    Value,
    children,
    facts_read,
)
from hazardrules.lang.text import to_text
from hazardrules.pack.content import Document, FactDef, Pack, Rule

__all__ = ["constant_parts", "lint"]

MAX_CASES = 4_096
"""How many combinations of values are tried to find out whether a condition is constant."""


def lint(pack: Pack, vocabulary: Mapping[str, FactDef]) -> list[PackError]:
    """Every lint finding of a loaded pack.

    :param vocabulary: the facts that its rules may read, its own and those of its parents.
    """
    problems: list[PackError] = []
    used: set[str] = set()
    for document in pack.documents:
        if document.gate is not None:
            used.update(facts_read(document.gate))
        for rule in (*document.elements, *document.rules):
            used.update(fact for condition in _conditions(rule) for fact in facts_read(condition))
            problems.extend(_lint_rule(rule, vocabulary))
        problems.extend(_doubles(document))
    for fact in pack.facts.values():
        if fact.id not in used and fact.kind is not None:
            problem = f"事实 {fact.id}({fact.label})没有被任何规则使用"
            problems.append(PackError("HR504", fact.file, fact.line, 1, problem, "删去它,或写出使用它的规则"))
    return sorted(set(problems))


def _conditions(rule: Rule) -> list[Condition]:
    own = [] if rule.condition is None else [rule.condition]
    return [*own, *(also.condition for also in rule.also_cited)]


def _lint_rule(rule: Rule, vocabulary: Mapping[str, FactDef]) -> Iterator[PackError]:
    if rule.manual:
        return
    kinds = {example.kind for example in rule.examples}
    for kind, label in (("hit", "正例"), ("miss", "反例")):
        if kind not in kinds:
            yield PackError("HR501", rule.file, rule.line, 1, f"{rule.id} 没有{label}({kind})", f"至少写一个 {kind}")
    for condition in _conditions(rule):
        for part, value in constant_parts(condition, vocabulary):
            problem = f"{rule.id} 里的 {to_text(part)} 恒为{'真' if value else '假'}"
            yield PackError("HR502", rule.file, rule.line, 1, problem, "核对数值范围、枚举值和 and/or")


def _doubles(document: Document) -> Iterator[PackError]:
    first: dict[Condition, Rule] = {}
    for rule in document.rules:
        if rule.condition is None:
            continue
        other = first.setdefault(rule.condition, rule)
        if other is not rule and set(other.industries) & set(rule.industries):
            problem = f"{rule.id} 与 {other.id} 的条件完全相同,行业也有重叠"
            yield PackError("HR503", rule.file, rule.line, 1, problem, "合并,或写出两条的区别")


def constant_parts(node: Condition, vocabulary: Mapping[str, FactDef]) -> Iterator[tuple[Condition, bool]]:
    """The smallest parts of a condition that come out the same whatever the facts, with that outcome.

    Decided by trying one value from each range that the condition tells apart; parts with arithmetic, tables or too
    many combinations are left out, so that nothing is claimed that was not tried.
    """
    if isinstance(node, And | Or | AtLeast | Not | Element):
        found = [one for child in children(node) for one in constant_parts(child, vocabulary)]  # type: ignore[arg-type]
        if found:
            yield from found
            return
    if isinstance(node, Const):
        yield node, node.value
        return
    values = {fact: _samples(vocabulary[fact], node) for fact in facts_read(node) if fact in vocabulary}
    if _has_arithmetic(node) or prod(map(len, values.values())) > MAX_CASES:
        return
    outcomes = {truth(node, dict(zip(values, case, strict=True))) for case in product(*values.values())}
    if len(outcomes) == 1 and (outcome := outcomes.pop()) is not None:
        yield node, outcome


def _has_arithmetic(node: Node) -> bool:
    return isinstance(node, Arithmetic | Band | Since) or any(_has_arithmetic(child) for child in children(node))


def _samples(fact: FactDef, node: Node) -> list[Value]:
    """One value from each range that ``node`` can tell apart."""
    if fact.type == "boolean":
        return [False, True]
    if fact.type == "enum":
        return list(fact.options)
    marks = list(dict.fromkeys(_marks(fact.id, node)))
    if fact.type == "set":
        named = [mark for mark in marks if isinstance(mark, str)]
        members = [*named, *[option for option in fact.options if option not in named][:1]]
        subsets = (frozenset(some) for size in range(len(members) + 1) for some in combinations(members, size))
        return list(islice(subsets, MAX_CASES))
    if fact.type == "date":
        days = [mark for mark in marks if isinstance(mark, date)]
        return [day + timedelta(days=step) for day in days for step in (-1, 0, 1)]
    return list(_numbers(fact, [mark for mark in marks if isinstance(mark, int | Decimal)]))


def _numbers(fact: FactDef, marks: list[Number]) -> list[Number]:
    """On and beside every threshold and bound, within the fact's range."""
    step: Number = 1 if fact.type == "integer" else Decimal("0.0001")
    bounds = [bound for bound in (fact.min, fact.max) if bound is not None]
    near = {mark + d for mark in [*marks, *bounds] for d in (-step, 0, step)} or {0}
    return sorted(m for m in near if (fact.min is None or m >= fact.min) and (fact.max is None or m <= fact.max))


def _marks(fact: str, node: Node) -> Iterator[Number | str | date]:
    """The constants that ``node`` holds against the fact."""
    match node:
        case Compare(_, left, right):
            sides = (left, right)
            if any(isinstance(side, Fact) and side.id == fact for side in sides):
                yield from (side.value for side in sides if isinstance(side, Literal))
        case In(Fact(id_, _), options) if id_ == fact:
            yield from options
        case HasAny(subject, options) | HasAll(subject, options):
            if subject.id == fact:
                yield from options
        case _:
            for child in children(node):
                yield from _marks(fact, child)
