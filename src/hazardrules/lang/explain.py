"""Why a condition holds, and which facts could still decide it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from hazardrules.lang.kleene import OBSERVED_ON, Facts, truth
from hazardrules.lang.nodes import (
    And,
    AtLeast,
    ByNode,
    Condition,
    Element,
    Fact,
    Node,
    Not,
    Or,
    children,
    facts_read,
    walk,
)
from hazardrules.lang.text import to_text
from hazardrules.record import Record

__all__ = ["Step", "alternatives", "grounds", "missing", "steps", "witness"]


def witness(node: Condition, facts: Facts) -> tuple[str, ...]:
    """A minimal set of known facts that alone makes ``node`` what it is (true or false).

    Minimal means: without any one of them the outcome would be unknown. Ids stand in the order in which the
    expression reads them. Empty where the outcome is unknown or constant.
    """
    outcome = truth(node, facts)
    return () if outcome is None else _witness(node, facts, outcome)


def alternatives(node: Condition, facts: Facts) -> tuple[tuple[str, ...], ...]:
    """The witnesses of every alternative (operand of the outermost *or*) that holds, smallest first, each once."""
    if not truth(node, facts):
        return ()
    found: dict[tuple[str, ...], None] = {}
    for operand in _operands(node):
        if truth(operand, facts):
            found.setdefault(_witness(operand, facts, outcome=True))
    return tuple(sorted(found, key=len))


def grounds(node: Condition, facts: Facts) -> tuple[tuple[str, ...], ...]:
    """Why ``node``, which is true, holds: its witness, and then those of its alternatives that rest on other facts."""
    first = _witness(node, facts, outcome=True)
    if not isinstance(_bare(node), Or):
        return (first,)
    return first, *(one for one in alternatives(node, facts) if set(one) != set(first))


def missing(node: Condition, facts: Facts) -> tuple[str, ...]:
    """The unknown facts that can still change the outcome; empty once the outcome is known.

    A fact that stands only in parts that are already decided is not asked for.
    """
    found: dict[str, None] = {}
    if truth(node, facts) is None:
        _ask(node, facts, found)
    return tuple(found)


class Step(Record):
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


def _operands(node: Condition) -> Iterator[Condition]:
    """The operands of the outermost *or*, those of an *or* inside it in its place; the node itself if it is none."""
    node = _bare(node)
    if isinstance(node, Or):
        for operand in node.operands:
            yield from _operands(operand)
    else:
        yield node


def _witness(node: Condition, facts: Facts, outcome: bool) -> tuple[str, ...]:
    kept = _support(node, facts, outcome)
    order = facts_read(node)
    if len(kept) > 1 and _repeats(node):  # facts that several parts share can make some superfluous
        for fact in sorted(kept, key=order.index, reverse=True):
            if truth(node, _only(facts, kept - {fact})) is outcome:
                kept = kept - {fact}
    return tuple(fact for fact in order if fact in kept)


def _support(node: Condition, facts: Facts, outcome: bool) -> frozenset[str]:
    """Facts that suffice for the known ``outcome`` of ``node``."""
    if isinstance(node, _JUNCTION):
        if outcome is isinstance(node, Or):  # a true *or*, a false *and*: one operand is enough
            decisive = [one for one in node.operands if truth(one, facts) is outcome]
            return min([_support(one, facts, outcome) for one in decisive], key=len)
        return frozenset().union(*[_support(one, facts, outcome) for one in node.operands])
    if isinstance(node, Not):
        return _support(node.operand, facts, not outcome)
    if isinstance(node, Element):
        return _support(node.body, facts, outcome)
    if isinstance(node, AtLeast):
        needed = node.count if outcome else len(node.conditions) - node.count + 1
        decisive = [one for one in node.conditions if truth(one, facts) is outcome]
        supports = sorted([_support(one, facts, outcome) for one in decisive], key=len)
        return frozenset().union(*supports[:needed])
    return _fact_set(node)  # an atom rests on all that it reads, a constant on nothing


def _ask(node: Condition, facts: Facts, found: dict[str, None]) -> None:
    """Collect the unknown facts of the undecided parts of ``node``, which is undecided itself."""
    for part in _parts(node):
        if isinstance(part, str):
            if part not in facts:
                found[part] = None
        elif truth(part, facts) is None:
            _ask(part, facts, found)


def _split(node: Condition) -> tuple[str | Condition, ...]:
    """The parts of a condition: those made of conditions as they are, and of atoms, which any unknown fact leaves
    undecided, the facts.
    """
    if isinstance(node, Not):
        return _split(node.operand)
    if isinstance(node, Element):
        return _split(node.body)
    if isinstance(node, _JUNCTION):
        inside = node.operands
    elif isinstance(node, AtLeast):
        inside = node.conditions
    else:
        return facts_read(node)
    return tuple(part for one in inside for part in ((one,) if isinstance(one, _COMPOSITE) else facts_read(one)))


_JUNCTION: Final = (And, Or)
_COMPOSITE: Final = (And, Or, AtLeast, Not, Element)
_parts: Final = ByNode(_split)
_fact_set: Final = ByNode(lambda node: frozenset(facts_read(node)))


def _shares(node: Node) -> bool:
    """Whether a fact stands in the expression more than once."""
    return sum(isinstance(one, Fact) for one in walk(node)) > len(facts_read(node))


_repeats: Final = ByNode(_shares)
