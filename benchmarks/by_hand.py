"""What a person would write instead: an ``if`` a criterion, with a check that each fact was reported.

The ``if``s are made from the rules once, so that they say the same. They know true from not true and nothing else:
no reason, no deadline, no question, no law of the day, no industry, and no wrong input.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from benchmarks.sure import Writer
from hazardrules.lang.nodes import Band, Scalar, Since, Value
from hazardrules.pack.content import Rule

__all__ = ["Check", "count_by_hand", "ids_by_hand", "open_by_hand"]

Check = Callable[[Mapping[str, Value], date], Any]


class _Python(Writer[str]):
    """Python text: a fact is looked up once where it is tested, and kept in a variable for what follows in the test."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {}

    def fact(self, id_: str) -> str:
        return id_.replace(".", "__")

    def reported(self, id_: str) -> str:
        return f"({self.fact(id_)} := get({id_!r})) is not None"

    def literal(self, value: object) -> str:
        if isinstance(value, bool | int | str):
            return repr(value)
        name = f"C{len(self.names)}"
        self.names[name] = value
        return name

    def flag(self, fact: str, *, wanted: bool) -> str:
        return fact if wanted else f"not {fact}"

    def join(self, tests: Sequence[str], *, every: bool) -> str:
        return f"({(' and ' if every else ' or ').join(tests)})"

    def at_least(self, count: int, tests: Sequence[str]) -> str:
        return f"({' + '.join(f'bool({test})' for test in tests)}) >= {count}"

    def operation(self, op: str, left: str, right: str) -> str:
        return f"({left} {op} {right})"

    def among(self, item: str, options: Sequence[Scalar], *, wanted: bool) -> str:
        return f"{item} {'in' if wanted else 'not in'} {self.literal(frozenset(options))}"

    def has_any(self, fact: str, options: Sequence[str], *, wanted: bool) -> str:
        return f"{'not ' if wanted else ''}{self.literal(frozenset(options))}.isdisjoint({fact})"

    def has_all(self, fact: str, options: Sequence[str], *, wanted: bool) -> str:
        return f"{'' if wanted else 'not '}{fact} >= {self.literal(frozenset(options))}"

    def call(self, node: Band | Since) -> str:
        if isinstance(node, Band):
            return f"{self.literal(node.table.look_up)}({self.value(node.x)})"
        day = self.fact(node.fact.id)
        if node.unit == "days":
            return f"(on - {day}).days"
        return f"((on.year - {day}.year) * 12 + on.month - {day}.month - ({day}.day > on.day))"


def _function(body: Sequence[str], python: _Python) -> Check:
    exec("\n".join(["def check(facts, on):", "    get = facts.get", *body]), python.names)  # noqa: S102  # our own text
    check: Check = python.names["check"]
    return check


def count_by_hand(rules: Iterable[Rule]) -> Check:
    """A function of facts and day that says how many of the criteria hold."""
    python = _Python()
    lines = [line for rule in rules for line in (f"    if {python.holds(rule.whole)}:", "        met += 1")]
    return _function(["    met = 0", *lines, "    return met"], python)


def ids_by_hand(rules: Iterable[Rule]) -> Check:
    """A function of facts and day that lists the ids of the criteria that hold."""
    python, lines = _Python(), []
    for rule in rules:
        lines += [f"    if {python.holds(rule.whole)}:", f"        met.append({rule.id!r})"]
    return _function(["    met = []", *lines, "    return met"], python)


def open_by_hand(rules: Iterable[Rule]) -> Check:
    """A function of facts and day that lists the ids of the criteria that hold, and of those touched but undecided."""
    python, lines = _Python(), []
    for rule in rules:
        touched = " or ".join(f"{fact!r} in facts" for fact in rule.reads)
        lines += [f"    if {python.holds(rule.whole)}:", f"        met.append({rule.id!r})"]
        lines += [f"    elif ({touched}) and not {python.holds(rule.whole, wanted=False)}:"]
        lines += [f"        undecided.append({rule.id!r})"]
    return _function(["    met, undecided = [], []", *lines, "    return met, undecided"], python)
