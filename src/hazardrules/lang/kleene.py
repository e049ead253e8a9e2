"""Three-valued evaluation of conditions, as generated Python.

Inside the generated code truth is 0 (false), 1 (unknown), 2 (true), so that *and* is ``min``, *or* is ``max`` and
*not* is ``2 - x``: the strong logic of Kleene. The code is made from nodes only; names and values of a pack reach it
as constants of its namespace and never as text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Context, Decimal
from functools import lru_cache
from types import CodeType
from typing import Any, Final

from hazardrules.lang.nodes import (
    COMPARISONS,
    And,
    Arithmetic,
    AtLeast,
    Band,
    ByNode,
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
    Table,
    Value,
)
from hazardrules.lang.text import to_text

__all__ = ["OBSERVED_ON", "Facts", "Program", "compile_condition", "source", "truth"]

Facts = Mapping[str, Value]
"""Known facts by id; what is not in it is unknown. ``OBSERVED_ON`` holds the observation's date."""

OBSERVED_ON: Final = "@observed_on"
"""The key under which the date of the observation stands among the facts (no fact id can look like it)."""

Program = Callable[[Callable[[str], Any], "list[str] | None"], int]
"""A compiled condition: takes a getter of fact values and, if wanted, a list for notes; gives 0, 1 or 2."""

_EXACT = Context(prec=50)


def _arithmetic(operation: Callable[[Any, Any], Decimal]) -> Callable[[Number | None, Number | None], Number | None]:
    def apply(left: Number | None, right: Number | None) -> Number | None:
        return None if left is None or right is None else operation(left, right)

    return apply


def _divide(left: Number | None, right: Number | None, notes: list[str] | None, text: str) -> Number | None:
    if left is None or right is None:
        return None
    if right == 0:
        if notes is not None and text not in notes:
            notes.append(text)
        return None
    return _EXACT.divide(left, right)


def _band(table: Table, x: Number | None) -> Number | None:
    return None if x is None else table.look_up(x)


def _days(on: date | None, start: date | None) -> int | None:
    return None if on is None or start is None else (on - start).days


def _months(on: date | None, start: date | None) -> int | None:
    """Whole calendar months; before the start they are negative.

    A month without the corresponding day ends on its last day (民法典第二百零二条): 31 January to 27 February is none,
    to 28 February, where that is the last, is one.
    """
    if on is None or start is None:
        return None
    from dateutil.relativedelta import relativedelta  # noqa: PLC0415  # few rules count months

    span = relativedelta(on, start)
    return span.years * 12 + span.months


def _at_least(count: int, *truths: int) -> int:
    if sum(t == 2 for t in truths) >= count:
        return 2
    return 1 if sum(t > 0 for t in truths) >= count else 0


_HELPERS: Final[dict[str, Any]] = {
    "__builtins__": {},
    "min": min,
    "max": max,
    "add": _arithmetic(_EXACT.add),
    "sub": _arithmetic(_EXACT.subtract),
    "mul": _arithmetic(_EXACT.multiply),
    "div": _divide,
    "band": _band,
    "days": _days,
    "months": _months,
    "at_least": _at_least,
}


_OPERATORS: Final = {op: op for op in COMPARISONS}
"""What may stand in generated code: an operator comes from here and not from a node."""


class _Writer:
    """Writes the Python expression of a node; ``names`` becomes the namespace of the generated code."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = dict(_HELPERS)
        self.variables = 0

    def constant(self, value: Any) -> str:
        name = f"c{len(self.names)}"
        self.names[name] = value
        return name

    def variable(self) -> str:
        self.variables += 1
        return f"v{self.variables}"

    def truth(self, node: Condition) -> str:
        """Python text whose value is 0, 1 or 2."""
        match node:
            case Const(value):
                return "2" if value else "0"
            case Fact():
                v = self.variable()
                return f"(1 if ({v} := {self.value(node)}) is None else 2 if {v} else 0)"
            case Not(operand):
                return f"(2 - {self.truth(operand)})"
            case And(operands):
                return f"min({', '.join(map(self.truth, operands))})"
            case Or(operands):
                return f"max({', '.join(map(self.truth, operands))})"
            case AtLeast(count, conditions):
                return f"at_least({int(count)}, {', '.join(map(self.truth, conditions))})"
            case Element(_, body):
                return self.truth(body)
            case Compare(op, left, right):
                return self._compare(op, left, right)
            case In(item, options):
                return self._test(item, f"in {self.constant(frozenset(options))}")
            case HasAny(fact, options):
                v = self.variable()
                known = f"(1 if ({v} := {self.value(fact)}) is None else"
                return f"{known} 0 if {self.constant(frozenset(options))}.isdisjoint({v}) else 2)"
            case HasAll(fact, options):
                return self._test(fact, f">= {self.constant(frozenset(options))}")

    def _test(self, item: Node, test: str) -> str:
        v = self.variable()
        return f"(1 if ({v} := {self.value(item)}) is None else 2 if {v} {test} else 0)"

    def _compare(self, op: str, left: Node, right: Node) -> str:
        if isinstance(right, Literal):
            return self._test(left, f"{_OPERATORS[op]} {self.constant(right.value)}")
        a, b = self.variable(), self.variable()
        unknown = f"({a} := {self.value(left)}) is None or ({b} := {self.value(right)}) is None"
        return f"(1 if {unknown} else 2 if {a} {_OPERATORS[op]} {b} else 0)"

    def value(self, node: Node) -> str:
        """Python text whose value is the node's value, or None where it is unknown."""
        match node:
            case Fact(id_):
                return f"get({self.constant(id_)})"
            case Literal(value):
                return self.constant(value)
            case Arithmetic("/", left, right):
                text = self.constant(f"除数为零:{to_text(node)}")
                return f"div({self.value(left)}, {self.value(right)}, notes, {text})"
            case Arithmetic(op, left, right):
                name = {"+": "add", "-": "sub", "*": "mul"}[op]
                return f"{name}({self.value(left)}, {self.value(right)})"
            case Band(table, x):
                return f"band({self.constant(table)}, {self.value(x)})"
            case Since(unit, fact):
                name = {"days": "days", "months": "months"}[unit]
                return f"{name}(get({self.constant(OBSERVED_ON)}), {self.value(fact)})"
            case _:
                raise TypeError(f"not a value: {node!r}")


def _write(node: Condition) -> tuple[str, dict[str, Any]]:
    writer = _Writer()
    return f"lambda get, notes: {writer.truth(node)}", writer.names


def source(node: Condition) -> str:
    """The Python text that is generated for ``node``; it holds no text of a pack."""
    return _write(node)[0]


def _compile(node: Condition) -> Program:
    text, names = _write(node)
    program: Program = eval(_code(text), names)  # noqa: S307  # our own text, made from nodes, without builtins
    return program


@lru_cache(1024)
def _code(text: str) -> CodeType:
    """The code of a text, which holds no name and no value: most conditions have the form of another."""
    return compile(text, "<condition>", "eval")


compile_condition: Final = ByNode(_compile)
"""The compiled form of a condition; the same node is compiled once."""


def truth(node: Condition, facts: Facts, notes: list[str] | None = None) -> bool | None:
    """Whether ``node`` holds: True, False, or None where the facts don't tell.

    :param facts: known values by fact id, of the types named in ``lang.nodes``; ``OBSERVED_ON`` for date arithmetic.
    :param notes: collects what made a value unknown although its facts are known (division by zero).
    """
    return (False, None, True)[compile_condition(node)(facts.get, notes)]
