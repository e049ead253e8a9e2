"""Conditions and values as plain JSON data, and back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from hazardrules.lang.nodes import (
    COMPARISONS,
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
    Kind,
    Literal,
    Node,
    Not,
    Or,
    Row,
    Since,
    Table,
)

__all__ = ["Tables", "decode", "decode_table", "decode_value", "encode", "encode_table", "encode_value"]

CALCULATIONS: Final = ("+", "-", "*", "/")
UNITS: Final = ("days", "months")

Tables = dict[str, Table]
"""The look-up tables of the document by name, to which conditions refer."""


def encode_value(value: Any) -> Any:
    """A value of a fact or constant: whatever JSON doesn't have is a map of one key."""
    if isinstance(value, Decimal):
        return {"n": str(value)}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, frozenset):
        return {"s": sorted(value)}
    return value


def decode_value(data: Any) -> Any:
    """The value that ``encode_value`` made the data from."""
    if isinstance(data, dict):
        ((kind, text),) = data.items()
        if kind == "n":
            return Decimal(text)
        return date.fromisoformat(text) if kind == "d" else frozenset(text)
    return data


def encode(node: Node) -> list[Any]:
    """A node as a list: its kind, and what it is made of."""
    match node:
        case Const(value):
            return ["const", value]
        case Fact(id_, kind):
            return ["fact", id_, kind.value]
        case Literal(value):
            return ["is", encode_value(value)]
        case Compare(op, left, right):
            return ["cmp", op, encode(left), encode(right)]
        case Arithmetic(op, left, right):
            return ["calc", op, encode(left), encode(right)]
        case In(item, options):
            return ["in", encode(item), [encode_value(one) for one in options]]
        case HasAny(fact, options):
            return ["any", encode(fact), list(options)]
        case HasAll(fact, options):
            return ["all", encode(fact), list(options)]
        case Not(operand):
            return ["not", encode(operand)]
        case And(operands):
            return ["and", *map(encode, operands)]
        case Or(operands):
            return ["or", *map(encode, operands)]
        case AtLeast(count, conditions):
            return ["least", count, *map(encode, conditions)]
        case Element(name, body):
            return ["elem", name, encode(body)]
        case Band(table, x):
            return ["band", table.name, encode(x)]
        case Since(unit, fact):
            return ["since", unit, encode(fact)]


def decode(data: Sequence[Any], tables: Tables) -> Condition:
    """The condition that ``encode`` made the data from.

    :raises KeyError, ValueError, TypeError, IndexError: for data that it did not make.
    """
    node: Condition = _decode(data, tables)
    return node


def _decode(data: Sequence[Any], tables: Tables) -> Any:
    kind, *rest = data
    match kind:
        case "fact":
            return Fact(rest[0], Kind(rest[1]))
        case "const":
            return Const(rest[0])
        case "is":
            return Literal(decode_value(rest[0]))
        case "cmp":
            return Compare(_one_of(rest[0], COMPARISONS), _decode(rest[1], tables), _decode(rest[2], tables))
        case "calc":
            return Arithmetic(_one_of(rest[0], CALCULATIONS), _decode(rest[1], tables), _decode(rest[2], tables))
        case "in":
            return In(_decode(rest[0], tables), tuple(decode_value(one) for one in rest[1]))
        case "any":
            return HasAny(_decode(rest[0], tables), tuple(rest[1]))
        case "all":
            return HasAll(_decode(rest[0], tables), tuple(rest[1]))
        case "not":
            return Not(_decode(rest[0], tables))
        case "and":
            return And(tuple(_decode(one, tables) for one in rest))
        case "or":
            return Or(tuple(_decode(one, tables) for one in rest))
        case "least":
            return AtLeast(int(rest[0]), tuple(_decode(one, tables) for one in rest[1:]))
        case "elem":
            return Element(rest[0], _decode(rest[1], tables))
        case "band":
            return Band(tables[rest[0]], _decode(rest[1], tables))
        case "since":
            return Since(_one_of(rest[0], UNITS), _decode(rest[1], tables))
        case _:
            raise ValueError(f"no kind of node: {kind!r}")


def _one_of(word: str, allowed: Sequence[str]) -> str:
    """A word that becomes part of generated code."""
    if word not in allowed:
        raise ValueError(f"not allowed: {word!r}")
    return word


def encode_table(table: Table) -> list[Any]:
    """A look-up table with its bands."""
    rows = [
        [encode_value(r.low), r.low_included, encode_value(r.high), r.high_included, encode_value(r.value)]
        for r in table.rows
    ]
    return [table.name, rows]


def decode_table(data: Sequence[Any]) -> Table:
    """The table that ``encode_table`` made the data from."""
    name, rows = data
    bands = tuple(
        Row(decode_value(low), low_in, decode_value(high), high_in, decode_value(value))
        for low, low_in, high, high_in, value in rows
    )
    return Table(name, bands)
