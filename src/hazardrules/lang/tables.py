"""Look-ups in tables, written as the cases that they are made of."""

from __future__ import annotations

from typing import Any

from hazardrules.lang.nodes import And, Arithmetic, Band, Compare, Condition, Literal, Node, Or, Row, children

__all__ = ["first_band", "replaced", "within"]


def within(row: Row, x: Node) -> Condition:
    """That a number lies in a row of a table."""
    low = None if row.low is None else Compare(">=" if row.low_included else ">", x, Literal(row.low))
    high = None if row.high is None else Compare("<=" if row.high_included else "<", x, Literal(row.high))
    if low is None and high is None:
        return Or((Compare(">=", x, Literal(0)), Compare("<", x, Literal(0))))
    tests = tuple(test for test in (low, high) if test is not None)
    return And(tests) if len(tests) > 1 else tests[0]


def first_band(node: Node) -> Band | None:
    """A table that is looked up in a number, the innermost first."""
    for child in children(node):
        found = first_band(child)
        if found is not None:
            return found
    return node if isinstance(node, Band) else None


def replaced(node: Any, old: Band, new: Literal) -> Any:
    """A comparison or number with a value of a table in place of the look-up."""
    if node == old:
        return new
    match node:
        case Compare(op, left, right) | Arithmetic(op, left, right):
            return type(node)(op, replaced(left, old, new), replaced(right, old, new))
        case Band(table, x):
            return Band(table, replaced(x, old, new))
        case _:
            return node
