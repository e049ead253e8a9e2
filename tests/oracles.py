"""Two independent evaluators: rule-engine's own on complete facts, and SQL's three-valued logic on partial ones."""

from __future__ import annotations

import sqlite3
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Context, Decimal
from functools import singledispatch
from typing import Any

import rule_engine
from rule_engine import DataType

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
    Kind,
    Literal,
    Node,
    Not,
    Number,
    Or,
    Row,
    Since,
    Table,
    Value,
    facts_read,
)
from hazardrules.lang.text import to_text

Rows = Sequence[Mapping[str, Value]]


# --- SQL ----------------------------------------------------------------------------------------------------------


def sqlite_truths(node: Condition, rows: Rows, on: date) -> list[bool | None]:
    """What sqlite3 makes of ``node`` for each row of facts; absent facts are NULL."""
    facts = facts_read(node)
    connection = sqlite3.connect(":memory:")
    columns = ", ".join(f'"{fact}"' for fact in facts) or "dummy"
    connection.execute(f"CREATE TABLE t (i INTEGER, {columns})")
    marks = ", ".join("?" * (1 + max(len(facts), 1)))
    data = [(i, *([_stored(row.get(fact)) for fact in facts] or [None])) for i, row in enumerate(rows)]
    connection.executemany(f"INSERT INTO t VALUES ({marks})", data)  # noqa: S608  # generated names only
    found = connection.execute(f"SELECT {sql(node, on)} FROM t ORDER BY i").fetchall()  # noqa: S608
    connection.close()
    return [None if value is None else bool(value) for (value,) in found]


def _stored(value: Value | None) -> Any:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, frozenset):
        return "," + "".join(f"{member}," for member in sorted(value))
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def _quoted(value: Number | str | date) -> str:
    return f"'{value}'" if isinstance(value, str | date) else str(value)


def _row(row: Row, x: str) -> str:
    tests = ["1"]
    if row.low is not None:
        tests.append(f"{x} {'>=' if row.low_included else '>'} {row.low}")
    if row.high is not None:
        tests.append(f"{x} {'<=' if row.high_included else '<'} {row.high}")
    return f"WHEN {' AND '.join(tests)} THEN {row.value}"


@singledispatch
def sql(node: Node, on: date) -> str:
    """The SQL expression that says the same as ``node``."""
    raise TypeError(f"{node!r} {on}")


@sql.register
def _(node: Const, on: date) -> str:
    return "1" if node.value else "0"


@sql.register
def _(node: Fact, on: date) -> str:
    return f'"{node.id}"'


@sql.register
def _(node: Literal, on: date) -> str:
    return _quoted(node.value)


@sql.register
def _(node: Arithmetic, on: date) -> str:
    scale = "1.0 * " if node.op == "/" else ""
    return f"({scale}{sql(node.left, on)} {node.op} {sql(node.right, on)})"


@sql.register
def _(node: Band, on: date) -> str:
    x = sql(node.x, on)
    return f"(CASE WHEN {x} IS NULL THEN NULL {' '.join(_row(row, x) for row in node.table.rows)} END)"


@sql.register
def _(node: Since, on: date) -> str:
    column = sql(node.fact, on)
    if node.unit == "days":
        return f"(julianday('{on}') - julianday({column}))"
    year, month, day = (f"CAST(strftime('{part}', {column}) AS INTEGER)" for part in ("%Y", "%m", "%d"))
    forward = f"(({on.year} - {year}) * 12 + {on.month} - {month})"
    corresponding = f"MIN({day}, {monthrange(on.year, on.month)[1]})"  # a shorter month ends on its last day
    past, ahead = f"({forward} - ({corresponding} > {on.day}))", f"({forward} + ({on.day} > {corresponding}))"
    return f"(CASE WHEN {column} <= '{on}' THEN {past} ELSE {ahead} END)"


@sql.register
def _(node: Compare, on: date) -> str:
    return f"({sql(node.left, on)} {node.op} {sql(node.right, on)})"


@sql.register
def _(node: In, on: date) -> str:
    return f"({sql(node.item, on)} IN ({', '.join(map(_quoted, node.options))}))"


def _members(node: HasAny | HasAll, on: date) -> list[str]:
    return [f"(instr({sql(node.fact, on)}, ',{option},') > 0)" for option in node.options]


@sql.register
def _(node: HasAny, on: date) -> str:
    return f"({' OR '.join(_members(node, on))})"


@sql.register
def _(node: HasAll, on: date) -> str:
    return f"({' AND '.join(_members(node, on))})"


@sql.register
def _(node: Not, on: date) -> str:
    return f"(NOT {sql(node.operand, on)})"


@sql.register
def _(node: And, on: date) -> str:
    return f"({' AND '.join(sql(one, on) for one in node.operands)})"


@sql.register
def _(node: Or, on: date) -> str:
    return f"({' OR '.join(sql(one, on) for one in node.operands)})"


@sql.register
def _(node: AtLeast, on: date) -> str:
    texts = [sql(one, on) for one in node.conditions]
    sure = " + ".join(f"({text} IS TRUE)" for text in texts)
    maybe = " + ".join(f"({text} IS NOT FALSE)" for text in texts)
    return f"(CASE WHEN {sure} >= {node.count} THEN 1 WHEN {maybe} >= {node.count} THEN NULL ELSE 0 END)"


@sql.register
def _(node: Element, on: date) -> str:
    return sql(node.body, on)


# --- rule-engine --------------------------------------------------------------------------------------------------

_TYPES = {
    Kind.BOOLEAN: DataType.BOOLEAN,
    Kind.NUMBER: DataType.FLOAT,
    Kind.ENUM: DataType.STRING,
    Kind.SET: DataType.SET(DataType.STRING),
    Kind.DATE: DataType.DATETIME,
}


def _kinds(node: Node, found: dict[str, Kind]) -> dict[str, Kind]:
    from hazardrules.lang.nodes import children

    if isinstance(node, Fact):
        found[node.id] = node.kind
    for child in children(node):
        _kinds(child, found)
    return found


def inlined(node: Condition) -> Condition:
    """The condition with what its elements stand for in their place."""
    match node:
        case Element(_, body):
            return inlined(body)
        case Not(operand):
            return Not(inlined(operand))
        case And(operands):
            return And(tuple(map(inlined, operands)))
        case Or(operands):
            return Or(tuple(map(inlined, operands)))
        case AtLeast(count, conditions):
            return AtLeast(count, tuple(map(inlined, conditions)))
        case _:
            return node


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _months_between(on: date, start: date) -> int:
    months = (on.year - start.year) * 12 + on.month - start.month
    corresponding = min(start.day, monthrange(on.year, on.month)[1])  # a shorter month ends on its last day
    return months - (corresponding > on.day) if start <= on else months + (on.day > corresponding)


def engine_matcher(node: Condition, tables: Sequence[Table], on: date) -> Callable[[Mapping[str, Value]], bool]:
    """rule-engine's own evaluation of the canonical text of ``node``, elements inlined, for complete facts."""
    node = inlined(node)
    kinds = _kinds(node, {})
    domains: dict[str, dict[str, Any]] = {}
    for name, kind in kinds.items():
        domain, _, fact = name.partition(".")
        domains.setdefault(domain, {})[fact] = _TYPES[kind]
    types: dict[str, Any] = {
        name: DataType.OBJECT(name, attributes, accessor=lambda thing, key: thing[key])
        for name, attributes in domains.items()
    }
    listed = DataType.ARRAY(DataType.STRING)
    for name in ("has_any", "has_all"):
        types[name] = DataType.FUNCTION(name, return_type=DataType.BOOLEAN, argument_types=(_TYPES[Kind.SET], listed))
    conditions = DataType.ARRAY(DataType.BOOLEAN)
    types["at_least"] = DataType.FUNCTION(
        "at_least", return_type=DataType.BOOLEAN, argument_types=(DataType.FLOAT, conditions)
    )
    types["band"] = DataType.FUNCTION(
        "band", return_type=DataType.FLOAT, argument_types=(DataType.STRING, DataType.FLOAT)
    )
    for name in ("days_since", "months_since"):
        types[name] = DataType.FUNCTION(name, return_type=DataType.FLOAT, argument_types=(DataType.DATETIME,))
    by_name = {table.name: table for table in tables}

    def band(name: str, x: Decimal) -> Decimal:
        value = by_name[name].look_up(x)
        if value is None:
            raise LookupError
        return Decimal(value)

    functions: dict[str, Any] = {
        "has_any": lambda members, options: bool(set(members) & set(options)),
        "has_all": lambda members, options: set(options) <= set(members),
        "at_least": lambda count, truths: sum(truths) >= count,
        "band": band,
        "days_since": lambda start: Decimal((on - start.date()).days),
        "months_since": lambda start: Decimal(_months_between(on, start.date())),
    }
    context = rule_engine.Context(
        type_resolver=types, mapping_attribute_lookup=False, decimal_context=Context(prec=50), default_timezone=UTC
    )
    rule = rule_engine.Rule(to_text(node), context=context)

    def matches(facts: Mapping[str, Value]) -> bool:
        thing: dict[str, Any] = dict(functions)
        for name in kinds:
            domain, _, fact = name.partition(".")
            value: Any = facts[name]
            if isinstance(value, date):
                value = _midnight(value)
            elif isinstance(value, frozenset):
                value = set(value)
            elif isinstance(value, int) and not isinstance(value, bool):
                value = Decimal(value)
            thing.setdefault(domain, {})[fact] = value
        return bool(rule.matches(thing))

    return matches


__all__ = ["engine_matcher", "sql", "sqlite_truths"]
