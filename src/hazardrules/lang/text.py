"""Canonical text: one spelling for one meaning, which parses back to the same nodes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import singledispatch

from hazardrules.lang.nodes import (
    And,
    Arithmetic,
    AtLeast,
    Band,
    Compare,
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
)

__all__ = ["literal_text", "number_text", "to_text"]


def number_text(value: Number) -> str:
    """Plain decimal digits, never an exponent."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def literal_text(value: Number | str | date) -> str:
    """A literal as it stands in an expression."""
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, date):
        return f'd"{value.isoformat()}"'
    return number_text(value)


def _list(options: tuple[Number | str | date, ...]) -> str:
    return "[" + ", ".join(map(literal_text, options)) + "]"


def _group(node: Node) -> str:
    """As an operand of and, or, not: whatever is itself made of conditions gets parentheses."""
    return f"({to_text(node)})" if isinstance(node, And | Or) else to_text(node)


def _operand(node: Node) -> str:
    return f"({to_text(node)})" if isinstance(node, Arithmetic) else to_text(node)


@singledispatch
def to_text(node: Node) -> str:
    """The canonical text of a node."""
    raise TypeError(f"not a node: {node!r}")


@to_text.register(Const)
def _(node: Const) -> str:
    return "true" if node.value else "false"


@to_text.register(Fact)
def _(node: Fact) -> str:
    return node.id


@to_text.register(Literal)
def _(node: Literal) -> str:
    return literal_text(node.value)


@to_text.register(Element)
def _(node: Element) -> str:
    return f"element.{node.name}"


@to_text.register(Arithmetic)
def _(node: Arithmetic) -> str:
    return f"{_operand(node.left)} {node.op} {_operand(node.right)}"


@to_text.register(Band)
def _(node: Band) -> str:
    return f'band("{node.table.name}", {to_text(node.x)})'


@to_text.register(Since)
def _(node: Since) -> str:
    return f"{node.unit}_since({node.fact.id})"


@to_text.register(Compare)
def _(node: Compare) -> str:
    return f"{_operand(node.left)} {node.op} {_operand(node.right)}"


@to_text.register(In)
def _(node: In) -> str:
    return f"{_operand(node.item)} in {_list(node.options)}"


@to_text.register(HasAny)
def _(node: HasAny) -> str:
    return f"has_any({node.fact.id}, {_list(node.options)})"


@to_text.register(HasAll)
def _(node: HasAll) -> str:
    return f"has_all({node.fact.id}, {_list(node.options)})"


@to_text.register(Not)
def _(node: Not) -> str:
    return f"not {_group(node.operand)}"


@to_text.register(And)
def _(node: And) -> str:
    return " and ".join(map(_group, node.operands))


@to_text.register(Or)
def _(node: Or) -> str:
    return " or ".join(map(_group, node.operands))


@to_text.register(AtLeast)
def _(node: AtLeast) -> str:
    return f"at_least({node.count}, [" + ", ".join(map(to_text, node.conditions)) + "])"
