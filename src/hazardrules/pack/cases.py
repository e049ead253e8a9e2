"""Trying a condition on every case that it can tell apart.

A condition compares its facts with constants; between two neighbouring constants every value gives the same outcome. So
one value from each range, in every combination, decides whether the condition is constant, or whether it follows from
another.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain, pairwise, product
from math import floor, prod
from typing import Final

from hazardrules.lang.kleene import truth
from hazardrules.lang.nodes import (
    Arithmetic,
    Band,
    Compare,
    Condition,
    Element,
    Fact,
    HasAll,
    HasAny,
    In,
    Literal,
    Node,
    Number,
    Since,
    Value,
    atoms,
    children,
    facts_read,
)
from hazardrules.pack.content import FactDef

__all__ = ["MAX_CASES", "Implication", "cases", "implies"]

MAX_CASES: Final = 4_096
"""How many combinations are tried; beyond that nothing is claimed."""

TRIES: Final = 4_096
_ANY_DAY: Final = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Implication:
    """Whether one condition follows from another: ``proven``, or a counter-example, or neither could be shown."""

    proven: bool
    counter_example: Mapping[str, Value] | None = None


def cases(conditions: Sequence[Condition], vocabulary: Mapping[str, FactDef]) -> list[dict[str, Value]] | None:
    """Complete facts, one for each case that the conditions tell apart; None where that can't be known or is too much.

    It can't be known where a condition has arithmetic, a table, or compares two facts with each other.
    """
    if any(_entangled(condition) for condition in conditions):
        return None
    values = _distinct(conditions, vocabulary)
    if values is None or prod(map(len, values.values())) > MAX_CASES:
        return None
    return [dict(zip(values, case, strict=True)) for case in product(*values.values())]


def implies(premise: Condition, conclusion: Condition, vocabulary: Mapping[str, FactDef]) -> Implication:
    """Whether ``conclusion`` holds wherever ``premise`` does."""
    both = (premise, conclusion)
    tried = cases(both, vocabulary)
    for facts in tried if tried is not None else _some(both, vocabulary):
        if truth(premise, facts) is True and truth(conclusion, facts) is False:
            return Implication(proven=False, counter_example=_smaller(facts, premise, conclusion))
    return Implication(proven=tried is not None)


def _smaller(facts: Mapping[str, Value], premise: Condition, conclusion: Condition) -> dict[str, Value]:
    """The counter-example without the facts that it doesn't need."""
    kept = dict(facts)
    for fact in facts:
        fewer = {key: value for key, value in kept.items() if key != fact}
        if truth(premise, fewer) is True and truth(conclusion, fewer) is False:
            kept = fewer
    return kept


def _some(conditions: Sequence[Condition], vocabulary: Mapping[str, FactDef]) -> Iterator[dict[str, Value]]:
    """Random cases, the same ones each time, where all are too many."""
    draw = random.Random(0)  # noqa: S311  # a fixed sample
    read = dict.fromkeys(fact for condition in conditions for fact in facts_read(condition))
    leaves = [leaf for condition in conditions for leaf in _leaves(condition)]
    values = {fact: samples(vocabulary[fact], leaves) or [_ANY_DAY] for fact in read if fact in vocabulary}
    for _ in range(TRIES):
        yield {fact: draw.choice(some) for fact, some in values.items()}


def _entangled(node: Node) -> bool:
    """Whether some comparison is more than one fact against constants."""
    if isinstance(node, Arithmetic | Band | Since):
        return True
    if isinstance(node, Compare) and isinstance(node.left, Fact) and isinstance(node.right, Fact):
        return True
    return any(_entangled(child) for child in children(node))


def _distinct(conditions: Sequence[Condition], vocabulary: Mapping[str, FactDef]) -> dict[str, list[Value]] | None:
    """For each fact one value for every way in which the atoms that read it can come out."""
    by_fact: dict[str, list[Condition]] = {}
    for condition in conditions:
        for leaf in _leaves(condition):
            for fact in facts_read(leaf):
                by_fact.setdefault(fact, []).append(leaf)
    found: dict[str, list[Value]] = {}
    for fact, leaves in by_fact.items():
        if fact not in vocabulary:
            return None
        ways: dict[tuple[bool | None, ...], Value] = {}
        for value in samples(vocabulary[fact], leaves):
            ways.setdefault(tuple(truth(leaf, {fact: value}) for leaf in leaves), value)
        found[fact] = list(ways.values())
    return found


def _leaves(node: Condition) -> Iterator[Condition]:
    """The atoms, those inside elements as well."""
    for atom in atoms(node):
        if isinstance(atom, Element):
            yield from _leaves(atom.body)
        else:
            yield atom


def samples(fact: FactDef, leaves: Sequence[Condition]) -> list[Value]:
    """One value of the fact from each range that the atoms tell apart."""
    if fact.type == "boolean":
        return [False, True]
    if fact.type == "enum":
        return list(fact.options)
    if fact.type == "set":
        return list(_subsets(fact, leaves))
    marks = list(dict.fromkeys(mark for leaf in leaves for mark in _marks(fact.id, leaf)))
    if fact.type == "date":
        days = [mark for mark in marks if isinstance(mark, date)]
        near = {day.toordinal() + step for day in days for step in (-1, 0, 1)}
        return [date.fromordinal(n) for n in sorted(near) if date.min.toordinal() <= n <= date.max.toordinal()]
    return list(_numbers(fact, [mark for mark in marks if isinstance(mark, int | Decimal)]))


def _subsets(fact: FactDef, leaves: Sequence[Condition]) -> Iterator[frozenset[str]]:
    """One set for each way in which lists of values can be met: values that stand in the same lists go together."""
    lists = [set(leaf.options) for leaf in leaves if isinstance(leaf, HasAny | HasAll) and leaf.fact.id == fact.id]
    groups: dict[tuple[bool, ...], list[str]] = {}
    for option in fact.options:
        groups.setdefault(tuple(option in one for one in lists), []).append(option)
    parts = [[(), (group[0],), tuple(group)] if len(group) > 1 else [(), tuple(group)] for group in groups.values()]
    return (frozenset(chain.from_iterable(some)) for some in product(*parts))


def _numbers(fact: FactDef, marks: Sequence[Number]) -> list[Number]:
    """The constants, one number from each gap between them, and one from either side, within the fact's range."""
    inner = [m for m in marks if (fact.min is None or m >= fact.min) and (fact.max is None or m <= fact.max)]
    bounds = [bound for bound in (fact.min, fact.max) if bound is not None]
    points = sorted({*inner, *bounds}) or [0]
    whole = fact.type == "integer"
    found: set[Number] = {p for p in points if not whole or p == int(p)}
    for low, high in pairwise(points):
        between: Number = floor(low) + 1 if whole else (Decimal(low) + Decimal(high)) / 2
        if low < between < high:
            found.add(between)
    if fact.min is None:
        found.add(floor(points[0]) - 1)
    if fact.max is None:
        found.add(floor(points[-1]) + 1)
    return sorted(found)


def _marks(fact: str, node: Node) -> Iterator[Number | str | date]:
    """The constants that ``node`` holds against the fact."""
    match node:
        case Compare(_, left, right):
            sides = (left, right)
            if any(isinstance(side, Fact) and side.id == fact for side in sides):
                yield from (side.value for side in sides if isinstance(side, Literal))
        case In(Fact(id_, _), options) if id_ == fact:
            yield from options
        case _:
            for child in children(node):
                yield from _marks(fact, child)
