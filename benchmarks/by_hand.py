"""What a person would write instead: an ``if`` a criterion, with a check that each fact was reported.

The ``if``s are made from the rules once, so that they say the same. They know true from not true and nothing else:
no reason, no deadline, no question, no law of the day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

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
    Literal,
    Node,
    Not,
    Or,
    Since,
    Value,
    facts_read,
)
from hazardrules.pack.content import Rule

__all__ = ["Check", "count_by_hand", "ids_by_hand"]

Check = Callable[[Mapping[str, Value], date], Any]
OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


class _Writer:
    """Python text of conditions; values stand as constants in ``names``."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {}
        self.variables = 0

    def constant(self, value: object) -> str:
        if isinstance(value, bool | int | str):
            return repr(value)
        name = f"C{len(self.names)}"
        self.names[name] = value
        return name

    def variable(self) -> str:
        self.variables += 1
        return f"v{self.variables}"

    def known(self, node: Node, test: str) -> str:
        """That the facts of ``node`` were reported, and then the test, in which ``{}`` is its value."""
        names = {id_: self.variable() for id_ in facts_read(node)}
        checks = [f"({name} := get({id_!r})) is not None" for id_, name in names.items()]
        value = self.value(node, names, checks)
        return f"({' and '.join([*checks, test.format(value)])})"

    def value(self, node: Node, names: Mapping[str, str], checks: list[str]) -> str:
        match node:
            case Fact(id_):
                return names[id_]
            case Literal(value):
                return self.constant(value)
            case Arithmetic(op, left, right):
                one, other = self.value(left, names, checks), self.value(right, names, checks)
                if op == "/":
                    checks.append(f"{other} != 0")
                return f"({one} {op} {other})"
            case Band(table, x):
                found = self.variable()
                look_up = f"{self.constant(table.look_up)}({self.value(x, names, checks)})"
                checks.append(f"({found} := {look_up}) is not None")
                return found
            case Since("days", fact):
                return f"(on - {names[fact.id]}).days"
            case Since(_, fact):
                day = names[fact.id]
                return f"((on.year - {day}.year) * 12 + on.month - {day}.month - ({day}.day > on.day))"
            case _:
                raise TypeError(f"not a value: {node!r}")

    def holds(self, node: Condition, wanted: bool = True) -> str:
        """The text of the test that ``node`` is known to be true, or false where that is wanted."""
        match node:
            case Const(value):
                return str(value is wanted)
            case Fact():
                return self.known(node, "{}" if wanted else "not {}")
            case Not(operand):
                return self.holds(operand, not wanted)
            case And(operands) | Or(operands):
                word = " and " if isinstance(node, And) is wanted else " or "
                return f"({word.join(self.holds(one, wanted) for one in operands)})"
            case AtLeast(count, conditions):
                needed = count if wanted else len(conditions) - count + 1
                return f"(({' + '.join(f'bool({self.holds(one, wanted)})' for one in conditions)}) >= {needed})"
            case Element(_, body):
                return self.holds(body, wanted)
            case Compare(op, left, right):
                return self.known(Arithmetic(op if wanted else OPPOSITE[op], left, right), "{}")
            case In(item, options):
                among = self.constant(frozenset(options))
                return self.known(item, f"{{}} {'' if wanted else 'not '}in {among}")
            case HasAny(fact, options):
                among = self.constant(frozenset(options))
                return self.known(fact, f"{'not ' if wanted else ''}{among}.isdisjoint({{}})")
            case HasAll(fact, options):
                among = self.constant(frozenset(options))
                return self.known(fact, f"{'' if wanted else 'not '}{{}} >= {among}")


def _function(rules: Iterable[Rule], start: str, met: str, end: str) -> Check:
    writer = _Writer()
    lines = ["def check(facts, on):", "    get = facts.get", f"    {start}"]
    for rule in rules:
        lines += [f"    if {writer.holds(rule.whole)}:", f"        {met.format(repr(rule.id))}"]
    lines.append(f"    {end}")
    exec("\n".join(lines), writer.names)  # noqa: S102  # our own text
    check: Check = writer.names["check"]
    return check


def count_by_hand(rules: Iterable[Rule]) -> Check:
    """A function of facts and day that says how many of the criteria hold."""
    return _function(rules, "met = 0", "met += 1", "return met")


def ids_by_hand(rules: Iterable[Rule]) -> Check:
    """A function of facts and day that lists the ids of the criteria that hold."""
    return _function(rules, "met = []", "met.append({})", "return met")
