"""How many digits arithmetic can have: beyond those that the row path keeps, a frame can't say the same."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from hazardrules.lang.nodes import Arithmetic, Fact, Literal, Node, Since
from hazardrules.lang.text import to_text

__all__ = ["DIGITS", "Reach", "TooLongError", "linear", "reach_of", "reciprocal"]


class TooLongError(ValueError):
    """Arithmetic that dataframes can't work out to the last digit."""


class Reach(NamedTuple):
    """How many digits a number can have: the powers of ten below its last and above its first, and how many matter."""

    low: int
    high: int
    digits: int


DIGITS: Final = 50
"""The row path works out arithmetic to so many digits (``kleene``)."""


def reciprocal(node: Node) -> Decimal | None:
    """What to multiply by in place of dividing by a number of a criterion, where that is a decimal with an end."""
    if not isinstance(node, Literal) or not isinstance(node.value, int | Decimal) or node.value == 0:
        return None
    inverse_ = 1 / Fraction(node.value)
    rest, places = inverse_.denominator, 0
    for prime in (2, 5):
        times = 0
        while rest % prime == 0:
            rest, times = rest // prime, times + 1
        places = max(places, times)
    if rest != 1 or places > DIGITS // 2:
        return None
    return Decimal(int(inverse_ * 10**places)).scaleb(-places)


def reach_of(node: Node, of: Callable[[Node], Reach]) -> Reach:
    """How many digits a number can have.

    :raises TooLongError: where they are more than the row path keeps, so that it would round.
    """
    match node:
        case Literal(int() | Decimal() as value):
            exact = Decimal(value)
            low, digits = int(exact.as_tuple().exponent), len(exact.as_tuple().digits)
            reach = Reach(min(low, 0), max(low + digits, 1), digits)
        case Arithmetic(op, left, right):
            a = reach_of(left, of)
            factor = reciprocal(right) if op == "/" else None
            b = reach_of(right if factor is None else Literal(factor), of)
            if op in "*/":
                reach = Reach(a.low + b.low, a.high + b.high, a.digits + b.digits)
            else:
                low, high = min(a.low, b.low), max(a.high, b.high) + 1
                reach = Reach(low, high, high - low)
        case _:
            reach = of(node)
    if reach.digits > DIGITS:
        raise TooLongError(to_text(node))
    return reach


def linear(node: Node) -> dict[Node | None, Fraction] | None:
    """A number as a sum of facts (or days, months) times factors, and a constant (under None); None where it is not.

    Factors and sums are exact: what the row path rounds to its digits is no such sum (see ``reach_of``).
    """
    match node:
        case Literal(int() | Decimal() as value):
            return {None: Fraction(value)}
        case Fact() | Since():
            return {node: Fraction(1)}
        case Arithmetic("/", left, right):
            factor = reciprocal(right)
            return None if factor is None else linear(Arithmetic("*", left, Literal(factor)))
        case Arithmetic("*", left, right):
            one, other = linear(left), linear(right)
            if one is None or other is None:
                return None
            if set(one) == {None}:
                one, other = other, one
            return {key: factor * other[None] for key, factor in one.items()} if set(other) == {None} else None
        case Arithmetic(op, left, right):
            one, other = linear(left), linear(right)
            if one is None or other is None:
                return None
            sign = 1 if op == "+" else -1
            return {key: one.get(key, Fraction(0)) + sign * other.get(key, Fraction(0)) for key in {**one, **other}}
        case _:
            return None
