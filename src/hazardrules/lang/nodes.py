"""The nodes of the expression language: what a condition means, free of text and of the parser.

Values are ``bool``, ``int``/``Decimal`` (exact numbers), ``str`` (enum values), ``frozenset[str]`` (set facts) and
``date``. Truth is three-valued (Kleene): ``True``, ``False``, ``None`` for unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Context, Decimal
from enum import StrEnum
from typing import Any, Final, Generic, TypeAlias, TypeVar

from hazardrules.record import Record

__all__ = [
    "COMPARISONS",
    "And",
    "Arithmetic",
    "AtLeast",
    "Band",
    "ByNode",
    "Compare",
    "Condition",
    "Const",
    "Element",
    "Fact",
    "HasAll",
    "HasAny",
    "In",
    "Kind",
    "Literal",
    "Node",
    "Not",
    "Number",
    "Or",
    "Row",
    "Scalar",
    "Since",
    "Table",
    "Value",
    "atoms",
    "children",
    "facts_read",
    "keep",
    "size",
    "tidy_number",
    "walk",
]

COMPARISONS: Final = ("==", "!=", "<", "<=", ">", ">=")
"""The operators of ``Compare``."""

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")
Number: TypeAlias = "int | Decimal"
Scalar: TypeAlias = "bool | int | Decimal | str | date"
Value: TypeAlias = "bool | int | Decimal | str | date | frozenset[str]"


class Kind(StrEnum):
    """The type of a value in an expression."""

    BOOLEAN = "boolean"
    NUMBER = "number"
    ENUM = "enum"
    SET = "set"
    DATE = "date"

    @property
    def label(self) -> str:
        """The Chinese name, for messages."""
        return {"boolean": "是否", "number": "数", "enum": "枚举", "set": "集合", "date": "日期"}[self.value]


_WIDE = Context(prec=200)


def tidy_number(value: Number) -> Number:
    """The one form of a number: an int where it is whole, else a Decimal without trailing zeros."""
    if isinstance(value, int):
        return value
    return int(value) if value == value.to_integral_value() else _WIDE.normalize(value)


class Row(Record):
    """One band of a table: ``value`` holds where x is above/from ``low`` and below/up to ``high`` (None: no bound)."""

    low: Number | None
    low_included: bool
    high: Number | None
    high_included: bool
    value: Number

    def holds(self, x: Number) -> bool:
        """Whether ``x`` lies in this band."""
        above = self.low is None or x > self.low or (self.low_included and x == self.low)
        below = self.high is None or x < self.high or (self.high_included and x == self.high)
        return above and below


class Table(Record):
    """A piecewise-constant look-up of one document."""

    name: str
    rows: tuple[Row, ...]

    def look_up(self, x: Number) -> Number | None:
        """The value of the band in which ``x`` lies, or None outside the table."""
        return next((row.value for row in self.rows if row.holds(x)), None)


class Fact(Record):
    """The value of one fact; of kind boolean it is a condition by itself."""

    id: str
    kind: Kind


class Literal(Record):
    """A number, enum value or date that stands in the text."""

    value: Number | str | date


class Arithmetic(Record):
    """``op`` is one of ``+ - * /``; division by zero is unknown."""

    op: str
    left: Node
    right: Node


class Band(Record):
    """``band("T1", x)``."""

    table: Table
    x: Node


class Since(Record):
    """``days_since(d)`` or ``months_since(d)``: whole days or months from a date fact to the observation's date."""

    unit: str
    fact: Fact


class Const(Record):
    """``true`` or ``false``."""

    value: bool


class Compare(Record):
    """``op`` is one of ``== != < <= > >=``."""

    op: str
    left: Node
    right: Node


class In(Record):
    """The value is one of the options."""

    item: Node
    options: tuple[Number | str | date, ...]


class HasAny(Record):
    """A set fact holds at least one of the options."""

    fact: Fact
    options: tuple[str, ...]


class HasAll(Record):
    """A set fact holds every one of the options."""

    fact: Fact
    options: tuple[str, ...]


class Not(Record):
    """Negation."""

    operand: Condition


class And(Record):
    """All hold; never nested directly in another And."""

    operands: tuple[Condition, ...]


class Or(Record):
    """At least one holds; never nested directly in another Or."""

    operands: tuple[Condition, ...]


class AtLeast(Record):
    """``count`` or more of the conditions hold (综合判定)."""

    count: int
    conditions: tuple[Condition, ...]


class Element(Record):
    """A named sub-condition of the same document, with the condition that it stands for."""

    name: str
    body: Condition


Condition: TypeAlias = "Const | Fact | Compare | In | HasAny | HasAll | Not | And | Or | AtLeast | Element"
Node: TypeAlias = "Condition | Literal | Arithmetic | Band | Since"


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below ``node``."""
    match node:
        case And(operands) | Or(operands):
            return operands
        case AtLeast(_, conditions):
            return conditions
        case Not(operand):
            return (operand,)
        case Element(_, body):
            return (body,)
        case Compare(_, left, right) | Arithmetic(_, left, right):
            return (left, right)
        case In(item, _):
            return (item,)
        case HasAny(fact, _) | HasAll(fact, _) | Since(_, fact):
            return (fact,)
        case Band(_, x):
            return (x,)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and every node below it."""
    yield node
    for child in children(node):
        yield from walk(child)


class ByNode(Generic[T]):
    """What was worked out for a node, kept by the node's identity: hashing one would walk all of it.

    Each entry keeps its node, so that no identity is used again; when there are too many, all are let go.
    """

    def __init__(self, work_out: Callable[[Any], T], limit: int = 100_000) -> None:
        self._work_out, self._limit = work_out, limit
        self._kept: dict[int, tuple[object, T]] = {}

    def __call__(self, node: object) -> T:
        """The value for ``node``."""
        found = self._kept.get(id(node))
        if found is not None:
            return found[1]
        return keep(self._kept, id(node), (node, self._work_out(node)), self._limit)[1]


def keep(kept: dict[K, V], key: K, value: V, limit: int) -> V:
    """Keep what was worked out for a key, and give it back; when there are too many, all are let go."""
    if len(kept) >= limit:
        kept.clear()
    kept[key] = value
    return value


def _read(node: Node) -> tuple[str, ...]:
    found: dict[str, None] = {}

    def walk(here: Node) -> None:
        if isinstance(here, Fact):
            found.setdefault(here.id)
        for child in children(here):
            walk(child)

    walk(node)
    return tuple(found)


facts_read: Final = ByNode(_read)
"""The ids of the facts that the expression reads, each once, in the order in which they first stand in it."""


def atoms(node: Condition) -> Iterator[Condition]:
    """The smallest conditions, in order; those inside an element belong to the element, not to its users."""
    match node:
        case And() | Or() | AtLeast() | Not():
            for child in children(node):
                yield from atoms(child)  # type: ignore[arg-type]  # below these stand only conditions
        case _:
            yield node


def size(node: Node) -> int:
    """How many nodes the expression has, elements included."""
    return 1 + sum(size(child) for child in children(node))
