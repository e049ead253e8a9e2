"""Conditions in other languages, as tests that they are known to be true: what two-valued engines can say of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar

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
    Scalar,
    Since,
    facts_read,
)
from hazardrules.pack.content import Rule

__all__ = ["CannotExpressError", "Writer"]

T = TypeVar("T")
OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


class CannotExpressError(Exception):
    """The language has no words for it."""


class Writer(ABC, Generic[T]):
    """Writes conditions in a language, whose words are of type ``T``.

    A language without the unknown must ask of each fact whether it was reported; then *not known to be true* is false.
    """

    def holds(self, node: Condition, *, wanted: bool = True) -> T:
        """The test that ``node`` is known to be true, or to be false where that is wanted."""
        match node:
            case Const(value):
                return self.literal(value is wanted)
            case Fact():
                return self.known(node, self.flag(self.fact(node.id), wanted=wanted))
            case Not(operand):
                return self.holds(operand, wanted=not wanted)
            case And(operands) | Or(operands):
                every = isinstance(node, And) is wanted
                return self.join([self.holds(one, wanted=wanted) for one in operands], every=every)
            case AtLeast(count, conditions):
                needed = count if wanted else len(conditions) - count + 1
                return self.at_least(needed, [self.holds(one, wanted=wanted) for one in conditions])
            case Element(_, body):
                return self.holds(body, wanted=wanted)
            case Compare(op, left, right):
                op = op if wanted else OPPOSITE[op]
                both = Arithmetic(op, left, right)
                return self.known(both, self.operation(op, self.value(left), self.value(right)))
            case In(item, options):
                return self.known(item, self.among(self.value(item), options, wanted=wanted))
            case HasAny(fact, options):
                return self.known(fact, self.has_any(self.fact(fact.id), options, wanted=wanted))
            case HasAll(fact, options):
                return self.known(fact, self.has_all(self.fact(fact.id), options, wanted=wanted))

    def value(self, node: Node) -> T:
        """The value of ``node``, whose facts are known."""
        match node:
            case Fact(id_):
                return self.fact(id_)
            case Literal(value):
                return self.literal(value)
            case Arithmetic(op, left, right):
                return self.operation(op, self.value(left), self.value(right))
            case Band() | Since():
                return self.call(node)
            case _:
                raise TypeError(f"not a value: {node!r}")

    def known(self, node: Node, test: T) -> T:
        """That the facts of ``node`` were reported, that it doesn't divide by zero, and then the test."""
        zero = self.literal(0)
        safe = [self.operation("!=", self.value(one), zero) for one in _divisors(node)]
        return self.join([*(self.reported(id_) for id_ in facts_read(node)), *safe, test], every=True)

    def all_that_can(self, rules: Iterable[Rule]) -> dict[str, T]:
        """The rules that the language can express, by id."""
        found = {}
        for rule in rules:
            try:
                found[rule.id] = self.holds(rule.whole)
            except CannotExpressError:
                continue
        return found

    def call(self, node: Band | Since) -> T:
        """A look-up in a table, or the time from a date."""
        raise CannotExpressError(node)

    def at_least(self, count: int, tests: Sequence[T]) -> T:
        """That ``count`` or more of the tests hold."""
        raise CannotExpressError(count, tests)

    @abstractmethod
    def fact(self, id_: str) -> T:
        """The value of a fact."""

    @abstractmethod
    def reported(self, id_: str) -> T:
        """That a fact was reported."""

    @abstractmethod
    def literal(self, value: Scalar) -> T:
        """A value."""

    @abstractmethod
    def flag(self, fact: T, *, wanted: bool) -> T:
        """That a boolean fact is so."""

    @abstractmethod
    def join(self, tests: Sequence[T], *, every: bool) -> T:
        """That every test holds, or one of them."""

    @abstractmethod
    def operation(self, op: str, left: T, right: T) -> T:
        """A comparison or a calculation."""

    @abstractmethod
    def among(self, item: T, options: Sequence[Scalar], *, wanted: bool) -> T:
        """That a value is among the options."""

    @abstractmethod
    def has_any(self, fact: T, options: Sequence[str], *, wanted: bool) -> T:
        """That a set holds one of the options."""

    @abstractmethod
    def has_all(self, fact: T, options: Sequence[str], *, wanted: bool) -> T:
        """That a set holds all of the options."""


def _divisors(node: Node) -> list[Node]:
    if not isinstance(node, Arithmetic):
        return []
    return [*([node.right] if node.op == "/" else []), *_divisors(node.left), *_divisors(node.right)]
