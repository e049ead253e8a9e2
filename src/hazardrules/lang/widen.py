"""Conditions over an enumeration to which values were added: each new value counts as the old one that it is like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from hazardrules.lang.nodes import (
    And,
    AtLeast,
    Compare,
    Condition,
    Element,
    Fact,
    HasAll,
    HasAny,
    In,
    Literal,
    Node,
    Not,
    Or,
)
from hazardrules.record import changed

__all__ = ["Likes", "widen"]

Likes: TypeAlias = "Mapping[str, Mapping[str, str]]"
"""By fact id: each new value and the old value that it is like."""


def widen(node: Condition, likes: Likes) -> Condition:
    """``node`` as it was meant, for values that did not exist when it was written; itself where none concerns it."""
    match node:
        case And(operands):
            parts = [widen(one, likes) for one in operands]
            flat = [part for one in parts for part in (one.operands if isinstance(one, And) else (one,))]
            return node if tuple(flat) == operands else And(tuple(flat))
        case Or(operands):
            widened = tuple(widen(one, likes) for one in operands)
            return node if widened == operands else Or(widened)
        case AtLeast(count, conditions):
            widened = tuple(widen(one, likes) for one in conditions)
            return node if widened == conditions else AtLeast(count, widened)
        case Not(operand):
            inner = widen(operand, likes)
            return node if inner == operand else Not(inner)
        case Element(name, body):
            inner = widen(body, likes)
            return node if inner == body else Element(name, inner)
        case In(Fact(id_, _), options) if id_ in likes:
            return changed(node, options=_with_new(options, likes[id_]))
        case HasAny(Fact(id_, _), options) if id_ in likes:
            return changed(node, options=_with_new(options, likes[id_]))
        case HasAll(Fact(id_, _) as fact, options) if id_ in likes and _with_new(options, likes[id_]) != options:
            each = tuple(HasAny(fact, _with_new((option,), likes[id_])) for option in options)
            return And(each) if len(each) > 1 else each[0]
        case Compare(op, left, right):
            return _compare(node, op, left, right, likes)
        case _:
            return node


def _with_new(options: Sequence[object], likes: Mapping[str, str]) -> tuple[str, ...]:
    """The options, each followed by the new values that are like it."""
    return tuple(value for option in options for value in (option, *_like(option, likes)))  # type: ignore[misc]


def _like(option: object, likes: Mapping[str, str]) -> list[str]:
    return [new for new, old in likes.items() if old == option]


def _compare(node: Condition, op: str, left: Node, right: Node, likes: Likes) -> Condition:
    """``==`` and ``!=`` of an enum fact and a value."""
    fact, value = (left, right) if isinstance(left, Fact) else (right, left)
    if not isinstance(fact, Fact) or not isinstance(value, Literal) or fact.id not in likes:
        return node
    options = _with_new((value.value,), likes[fact.id])
    if len(options) == 1:
        return node
    listed = In(fact, options)
    return listed if op == "==" else Not(listed)
