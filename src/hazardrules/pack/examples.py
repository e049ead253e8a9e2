"""The examples of a pack: do they come out as declared, and does every part of every condition decide one of them?

The second question is asked by changing the condition a little (a condition negated, one listed value left out, a bound
moved from inclusive to exclusive) and looking for an example that notices.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from hazardrules.errors import PackError
from hazardrules.lang.explain import missing
from hazardrules.lang.kleene import Facts, truth
from hazardrules.lang.nodes import (
    And,
    AtLeast,
    Compare,
    Condition,
    HasAll,
    HasAny,
    In,
    Literal,
    Not,
    Or,
    facts_read,
)
from hazardrules.lang.text import literal_text, to_text
from hazardrules.pack.content import Document, Example, FactDef, Pack, Rule
from hazardrules.record import changed

__all__ = ["EXPECTED", "check_example", "check_examples", "mutants", "undecided", "undecided_gate", "with_assumed"]

EXPECTED: Final[dict[str, bool | None]] = {"hit": True, "miss": False, "open": None}
_OUTCOMES: Final = {True: "命中", False: "未命中", None: "未知"}
_TOUCHING: Final = {">": ">=", ">=": ">", "<": "<=", "<=": "<"}


def with_assumed(condition: Condition, facts: Facts, vocabulary: Mapping[str, FactDef]) -> Facts:
    """The facts, with the assumed values of those that the condition reads and nobody reported."""
    assumed = {
        id_: fact.assume
        for id_ in facts_read(condition)
        if id_ not in facts and (fact := vocabulary.get(id_)) is not None and fact.assume is not None
    }
    return {**facts, **assumed} if assumed else facts


def check_example(rule: Rule, example: Example, vocabulary: Mapping[str, FactDef]) -> list[PackError]:
    """The problem with one example of a rule; nothing if it comes out as declared."""
    condition = rule.whole
    facts = with_assumed(condition, example.facts, vocabulary)
    found, wanted = truth(condition, facts), EXPECTED[example.kind]
    if found is wanted:
        return []
    problem = f"{rule.id} 的 {example.kind} 例子应为{_OUTCOMES[wanted]},实际为{_OUTCOMES[found]}"
    lacking = "、".join(missing(condition, facts)) or "observed_on(条件从检查日期起算)"
    hint = f"还缺 {lacking}" if found is None else f"条件是 {to_text(condition)}"
    return [PackError("HR601", rule.file, example.line, 1, problem, hint)]


def check_examples(pack: Pack, vocabulary: Mapping[str, FactDef]) -> list[PackError]:
    """Every example that comes out wrong, and every part of a condition that no example decides."""
    problems: list[PackError] = []
    for document in pack.documents:
        for rule in (*document.elements, *document.rules):
            for example in rule.examples:
                problems.extend(check_example(rule, example, vocabulary))
            problems.extend(undecided(rule, vocabulary))
        problems.extend(undecided_gate(document, vocabulary))
    return problems


def undecided(rule: Rule, vocabulary: Mapping[str, FactDef]) -> Iterator[PackError]:
    """The parts of a rule's conditions that could be otherwise without any of its examples noticing."""
    named = [("when", rule.condition), *((f"also_ref {also.ref}", also.condition) for also in rule.also_cited)]
    for name, condition in named:
        if condition is None:
            continue
        for mutant, what in mutants(condition):
            if not any(_notices(condition, mutant, example, vocabulary) for example in rule.examples):
                problem = f"{rule.id} 的 {name}:{what},却没有任何例子能看出来"
                yield PackError("HR603", rule.file, rule.line, 1, problem, "补一个由它决定结果的 hit 或 miss")


def undecided_gate(document: Document, vocabulary: Mapping[str, FactDef]) -> Iterator[PackError]:
    """The parts of a document's gate that none of its examples decides."""
    gate = document.gate
    if gate is None:
        return
    decided = [(rule.condition, one) for rule in document.rules for one in rule.examples if rule.condition is not None]
    for mutant, what in mutants(gate):
        if not any(
            _notices(And((gate, condition)), And((mutant, condition)), example, vocabulary)
            for condition, example in decided
        ):
            problem = f"{document.id} 的 gate:{what},却没有任何例子能看出来"
            yield PackError("HR603", document.file, document.gate_line, 1, problem, "补一个由它决定结果的例子")


def _notices(condition: Condition, changed: Condition, example: Example, vocabulary: Mapping[str, FactDef]) -> bool:
    facts = with_assumed(condition, example.facts, vocabulary)
    return truth(condition, facts) is not truth(changed, facts)


def mutants(node: Condition) -> Iterator[tuple[Condition, str]]:
    """Conditions that differ from ``node`` in one small way, each with a Chinese description of the change."""
    match node:
        case And(operands) | Or(operands):
            for parts, what in _one_changed(operands):
                yield type(node)(parts), what
        case AtLeast(count, conditions):
            for parts, what in _one_changed(conditions):
                yield AtLeast(count, parts), what
            for other in (count - 1, count + 1):
                yield AtLeast(other, conditions), f"at_least 的 {count} 改成 {other}"
        case Not(operand):
            for mutant, what in mutants(operand):
                yield Not(mutant), what
        case _:
            yield Not(node), f"{to_text(node)} 取反"
            yield from _changed_atom(node)


def _one_changed(parts: Sequence[Condition]) -> Iterator[tuple[tuple[Condition, ...], str]]:
    for index, part in enumerate(parts):
        for mutant, what in mutants(part):
            yield (*parts[:index], mutant, *parts[index + 1 :]), what


def _changed_atom(atom: Condition) -> Iterator[tuple[Condition, str]]:
    match atom:
        case In(_, options) | HasAny(_, options) | HasAll(_, options) if len(options) > 1:
            for option in options:
                rest: Any = tuple(o for o in options if o != option)
                yield changed(atom, options=rest), f"{to_text(atom)} 去掉 {literal_text(option)}"
        case Compare(op, left, right) if op in _TOUCHING and _numeric_literal(left, right):
            yield Compare(_TOUCHING[op], left, right), f"{to_text(atom)} 的 {op} 改成 {_TOUCHING[op]}"
        case _:
            return


def _numeric_literal(*sides: object) -> bool:
    return any(isinstance(side, Literal) and not isinstance(side.value, str) for side in sides)
