"""Why a condition holds, and which facts could still decide it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hazardrules.lang.kleene import OBSERVED_ON, Facts, truth
from hazardrules.lang.nodes import (
    And,
    AtLeast,
    Compare,
    Condition,
    Const,
    Element,
    Fact,
    HasAll,
    HasAny,
    In,
    Node,
    Not,
    Or,
    Since,
    children,
    facts_read,
)
from hazardrules.lang.text import to_text

__all__ = ["Step", "alternatives", "missing", "steps", "witness"]


def witness(node: Condition, facts: Facts) -> tuple[str, ...]:
    """A minimal set of known facts that alone makes ``node`` what it is (true or false).

    Minimal means: without any one of them the outcome would be unknown. Ids stand in the order in which the
    expression reads them. Empty where the outcome is unknown or constant.
    """
    outcome = truth(node, facts)
    if outcome is None:
        return ()
    kept = _support(node, facts, outcome)
    for fact in sorted(kept, key=facts_read(node).index, reverse=True):  # shared facts can make some superfluous
        if truth(node, _only(facts, kept - {fact})) is outcome:
            kept = kept - {fact}
    return tuple(fact for fact in facts_read(node) if fact in kept)


def alternatives(node: Condition, facts: Facts) -> tuple[tuple[str, ...], ...]:
    """The witnesses of every alternative (operand of the outermost *or*) that holds, smallest first, each once."""
    node = _bare(node)
    if not isinstance(node, Or):
        return (witness(node, facts),) if truth(node, facts) else ()
    found: dict[tuple[str, ...], None] = {}
    for operand in node.operands:
        for one in alternatives(operand, facts):
            found.setdefault(one)
    return tuple(sorted(found, key=len))


def missing(node: Condition, facts: Facts) -> tuple[str, ...]:
    """The unknown facts that can still change the outcome; empty once the outcome is known.

    A fact that stands only in parts that are already decided is not asked for.
    """
    found: dict[str, None] = {}
    for fact in _open(node, facts):
        found.setdefault(fact)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Step:
    """One part of a condition with its outcome; ``depth`` says how deep it stands."""

    depth: int
    text: str
    outcome: bool | None


def steps(node: Condition, facts: Facts, depth: int = 0) -> Iterator[Step]:
    """The condition part by part, from the whole down to the atoms."""
    outcome = truth(node, facts)
    match node:
        case And() | Or() | AtLeast() | Not():
            name = {And: "and", Or: "or", Not: "not"}.get(type(node)) or f"at_least {getattr(node, 'count', '')}"
            yield Step(depth, name, outcome)
            for child in children(node):
                yield from steps(child, facts, depth + 1)  # type: ignore[arg-type]  # below these stand only conditions
        case Element(_, body):
            yield Step(depth, to_text(node), outcome)
            yield from steps(body, facts, depth + 1)
        case _:
            yield Step(depth, to_text(node), outcome)


def _only(facts: Facts, kept: frozenset[str]) -> Facts:
    return {key: value for key, value in facts.items() if key in kept or key == OBSERVED_ON}


def _bare(node: Condition) -> Condition:
    return _bare(node.body) if isinstance(node, Element) else node


def _support(node: Condition, facts: Facts, outcome: bool) -> frozenset[str]:
    """Facts that suffice for the known ``outcome`` of ``node``."""
    match node:
        case Const():
            return frozenset()
        case Not(operand):
            return _support(operand, facts, not outcome)
        case Element(_, body):
            return _support(body, facts, outcome)
        case And(operands) | Or(operands):
            decisive = [one for one in operands if truth(one, facts) is outcome]
            supports = [_support(one, facts, outcome) for one in decisive]
            if outcome is isinstance(node, Or):  # a true *or*, a false *and*: one operand is enough
                return min(supports, key=len)
            return frozenset().union(*supports)
        case AtLeast(count, conditions):
            needed = count if outcome else len(conditions) - count + 1
            supports = [_support(one, facts, outcome) for one in conditions if truth(one, facts) is outcome]
            return frozenset().union(*sorted(supports, key=len)[:needed])
        case Fact() | Compare() | In() | HasAny() | HasAll():
            return frozenset(facts_read(node))


def _open(node: Node, facts: Facts) -> Iterator[str]:
    match node:
        case Fact(id_):
            if id_ not in facts:
                yield id_
        case Compare() | In() | HasAny() | HasAll() | Since():
            if isinstance(node, Since) or truth(node, facts) is None:
                yield from (fact for fact in facts_read(node) if fact not in facts)
        case _:
            if truth(node, facts) is None:  # type: ignore[arg-type]  # values are handled above, inside comparisons
                for child in children(node):
                    yield from _open(child, facts)
