"""Exact decimal arithmetic as dataframe expressions, in ordinary double precision numbers.

Engines have no decimals in common: each has its own width, its own rounding, its own overflow. They do have IEEE
doubles in common, so that whole numbers below 2**50 are added, multiplied and rounded down alike everywhere. A number
is therefore a sum of such whole numbers times powers of 100,000 (``Big``), as one multiplies on paper.

A column of doubles stands for decimals: as in ``pack.values``, each counts with the 15 digits that it can be trusted
with, so that 0.1 + 0.2 is 0.3. ``bounds`` says which doubles stand for less or more than a number of a criterion;
``split`` gives the decimal that a double stands for, rounded as Python rounds.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache, partial, reduce
from itertools import count as counted
from operator import add
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from hazardrules.lang.nodes import Number

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["Big", "Stages", "Term", "bounds", "canonical", "split", "weighed"]

BASE: Final = 100_000
PLACES: Final = 5
EXACT: Final = 2**50
"""Below this, sums and products are exact in doubles, and quotients are as ``_carry`` rounds them down."""
WHOLE: Final = 10**12
"""No fact is larger (``pack.values``)."""
FRACTION: Final = 10**15
"""Facts have no more than 15 decimal places."""


class Term(NamedTuple):
    """An expression, and how many stages must have run before it can be used."""

    expr: nw.Expr
    level: int


class Stages:
    """Columns that are worked out one after the other, so that no expression is written, or run, twice."""

    def __init__(self, mark: str) -> None:
        self.layers: list[dict[str, nw.Expr]] = []
        self._names = (f"{mark}{number}" for number in counted())
        self._kept: dict[object, Term] = {}

    def keep(self, key: object, level: int, make: Callable[[], nw.Expr]) -> Term:
        """A column for an expression over terms of ``level`` at most; one for each key."""
        found = self._kept.get(key)
        if found is None:
            import narwhals as nw  # noqa: PLC0415  # only where there are frames

            while len(self.layers) <= level:
                self.layers.append({})
            name = next(self._names)
            self.layers[level][name] = make()
            found = self._kept[key] = Term(nw.col(name), level + 1)
        return found


def meant(value: float) -> Decimal:
    """The decimal that a double stands for."""
    return Decimal(f"{value:.15g}")


@lru_cache(maxsize=10_000)
def bounds(number: Number) -> tuple[float, float]:
    """The smallest double that stands for at least ``number``, and the largest that stands for at most ``number``.

    Rounding to 15 digits keeps the order, so ``x >= number`` is ``x >= first``, and ``x > number`` is ``x > second``.
    """
    low = high = float(number)
    while meant(low) >= number:
        low = math.nextafter(low, -math.inf)
    while meant(low) < number:
        low = math.nextafter(low, math.inf)
    while meant(high) <= number:
        high = math.nextafter(high, math.inf)
    while meant(high) > number:
        high = math.nextafter(high, -math.inf)
    return low, high


_HALVING: Final = 134_217_729.0  # 2**27 + 1: cuts a double into two halves whose products are exact


def _halves(x: nw.Expr) -> tuple[nw.Expr, nw.Expr]:
    cut = x * _HALVING
    high = cut - (cut - x)
    return high, x - high


class _Parts(NamedTuple):
    """The size of a number: its whole part, and ``many`` times 1 / ``scale``; ``sign`` is 1 or -1."""

    whole: Term
    many: Term
    scale: Term
    sign: nw.Expr


def _parts(stages: Stages, key: object, x: Term) -> _Parts:
    """The decimal that a double stands for.

    The fraction of a number with k digits before its point is rounded to 15 - k places, ties to even, by its exact
    binary value: where a product lies on a tie, its own rounding error (Dekker) tells the side.
    """
    import narwhals as nw  # noqa: PLC0415

    def keep(name: str, level: int, expr: nw.Expr) -> Term:
        return stages.keep((name, key), level, lambda: expr)

    size = keep("size", x.level, x.expr.abs())
    whole = keep("whole", size.level, size.expr.floor())
    places = nw.when(size.expr < 1).then(nw.lit(1e15))
    for digits in range(1, 13):
        places = places.when(size.expr < 10.0**digits).then(nw.lit(10.0 ** (15 - digits)))
    scale = keep("scale", size.level, places.otherwise(nw.lit(100.0)))
    rest = size.expr - whole.expr
    product = keep("product", whole.level, rest * scale.expr)
    down = keep("down", product.level, product.expr.floor())
    (a, b), (c, d) = _halves(rest), _halves(scale.expr)
    error = ((a * c - product.expr) + a * d + b * c) + b * d
    # The product's distance from a tie is no less than its last place, the error no more than half of that.
    beyond = keep("beyond", down.level, (product.expr - down.expr - 0.5) + error)
    odd = (down.expr / 2.0).floor() * 2.0 != down.expr
    up = (beyond.expr > 0) | ((beyond.expr == 0) & odd)
    count = keep("count", beyond.level, down.expr + nw.when(up).then(nw.lit(1.0)).otherwise(nw.lit(0.0)))
    return _Parts(whole, count, scale, nw.when(x.expr < 0).then(nw.lit(-1.0)).otherwise(nw.lit(1.0)))


def _quotient(x: nw.Expr, size: float) -> nw.Expr:
    """How often ``size`` goes into a whole number; a half keeps clear of whole quotients."""
    found: nw.Expr = ((x + 0.5) / size).floor()
    return found


def _rest(x: nw.Expr, quotient: nw.Expr, size: float) -> nw.Expr:
    return x - quotient * size


def split(stages: Stages, key: object, x: Term) -> tuple[Term, Term]:
    """The whole part and the fraction (times 10**15) of the decimal that ``x`` stands for, both with its sign."""
    whole, count, scale, sign = _parts(stages, key, x)
    fraction = stages.keep(("fraction", key), count.level, lambda: count.expr * (float(FRACTION) / scale.expr) * sign)
    return stages.keep(("whole part", key), whole.level, lambda: whole.expr * sign), fraction


def canonical(stages: Stages, key: object, x: Term) -> Term:
    """One double for one decimal: those of different decimals differ, and are in their order."""
    whole, count, scale, sign = _parts(stages, key, x)
    return stages.keep(("canonical", key), count.level, lambda: (whole.expr + count.expr / scale.expr) * sign)


LOW: Final = 10**8
HIGH: Final = FRACTION // LOW
WEIGHT: Final = 1_000
"""How large the factors of ``weighed`` may be together: what they are multiplied with stays exact."""


def weighed(
    stages: Stages, factors: Mapping[Hashable, tuple[Term, bool, int]], constant: Fraction
) -> tuple[Term, Term] | None:
    """Whether a sum of numbers times whole factors, and a constant, is above zero, and whether it is zero.

    Whole parts, and fractions cut in two, are each summed exactly. None where factors or constant are too large for it.

    :param factors: by key: the column, whether it holds whole numbers, and the factor.
    """
    exact = constant * FRACTION
    sizes = sum(abs(factor) for _, _, factor in factors.values())
    if sizes > WEIGHT or exact.denominator != 1 or abs(exact) >= WHOLE * FRACTION:
        return None
    whole, rest = divmod(int(exact), FRACTION)
    sums: list[list[Any]] = [[], [], []]
    for key, (x, is_whole, factor) in factors.items():
        if is_whole:
            sums[0].append((x, factor))
            continue
        integer, fraction = split(stages, key, x)
        high = stages.keep(("high", key), fraction.level, partial(_quotient, fraction.expr, float(LOW)))
        low = stages.keep(("low", key), high.level, partial(_rest, fraction.expr, high.expr, float(LOW)))
        for column, part in zip(sums, (integer, high, low), strict=True):
            column.append((part, factor))

    def total(column: list[tuple[Term, int]], start: int) -> Any:
        parts = [term.expr * float(factor) for term, factor in column]
        return (reduce(add, parts) + float(start)) if parts else float(start)

    level = max(term.level for column in sums for term, _ in column)
    integers, highs, lows = (
        total(column, start) for column, start in zip(sums, (whole, rest // LOW, rest % LOW), strict=True)
    )
    if not sums[1]:  # whole numbers alone: what is left of the constant is above zero or nothing
        one = stages.keep(object(), level, lambda: integers)
        return Term(one.expr >= 0 if rest else one.expr > 0, one.level), Term((one.expr == 0) & (rest == 0), one.level)
    first = stages.keep(object(), level, ((lows + 0.5) / float(LOW)).floor)
    end = stages.keep(object(), first.level, lambda: lows - first.expr * float(LOW))
    middle = stages.keep(object(), first.level, lambda: highs + first.expr)
    second = stages.keep(object(), middle.level, ((middle.expr + 0.5) / float(HIGH)).floor)
    between = stages.keep(object(), second.level, lambda: middle.expr - second.expr * float(HIGH))
    top = stages.keep(object(), second.level, lambda: integers + second.expr)
    some = (between.expr > 0) | (end.expr > 0)
    above = (top.expr > 0) | ((top.expr == 0) & some)
    return Term(above, between.level), Term((top.expr == 0) & ~some, between.level)


class _Limb(NamedTuple):
    """One digit: an expression, or a constant; ``bound`` is the largest size that it can have."""

    value: nw.Expr | int
    bound: int
    level: int


class Big:
    """A number as the sum of ``limbs[k] * BASE**k``."""

    def __init__(self, stages: Stages, limbs: dict[int, _Limb]) -> None:
        self.stages, self.limbs = stages, limbs

    @classmethod
    def constant(cls, stages: Stages, value: Number) -> Big:
        """A number of a criterion."""
        exact = Fraction(value)
        power = 0
        while exact.denominator != 1:
            exact, power = exact * BASE, power - 1
        sign, rest, limbs = (-1 if exact < 0 else 1), abs(int(exact)), dict[int, _Limb]()
        while rest:
            rest, digit = divmod(rest, BASE)
            if digit:
                limbs[power] = _Limb(sign * digit, digit, 0)
            power += 1
        return cls(stages, limbs)

    @classmethod
    def whole(cls, stages: Stages, x: Term, bound: int = WHOLE) -> Big:
        """A whole number that a column holds."""
        return cls(stages, {0: _Limb(x.expr, bound, x.level)})

    @classmethod
    def decimal(cls, stages: Stages, key: object, x: Term) -> Big:
        """The decimal that a double stands for."""
        whole, fraction = split(stages, key, x)
        last = _Limb(fraction.expr, FRACTION, fraction.level)
        return cls(stages, {0: _Limb(whole.expr, WHOLE, whole.level), -3: last})

    def __neg__(self) -> Big:
        return Big(self.stages, {k: _times(limb, _Limb(-1, 1, 0)) for k, limb in self.limbs.items()})

    def __add__(self, other: Big) -> Big:
        sums = dict(self.limbs)
        for power, limb in other.limbs.items():
            sums[power] = _plus(sums[power], limb) if power in sums else limb
        if any(limb.bound >= EXACT for limb in sums.values()):
            return self.carried() + other.carried()
        return Big(self.stages, sums)

    def __sub__(self, other: Big) -> Big:
        return self + -other

    def __mul__(self, other: Big) -> Big:
        largest = [max((limb.bound for limb in one.limbs.values()), default=0) for one in (self, other)]
        terms = min(len(self.limbs), len(other.limbs))
        if largest[0] * largest[1] * terms >= EXACT:
            return self.carried() * other.carried()
        products: dict[int, _Limb] = {}
        for i, left in self.limbs.items():
            for j, right in other.limbs.items():
                one = _times(left, right)
                products[i + j] = _plus(products[i + j], one) if i + j in products else one
        return Big(self.stages, products)

    def carried(self) -> Big:
        """The same number with limbs from 0 to BASE - 1, of which the highest has the sign."""
        if not self.limbs:
            return self
        limbs: dict[int, _Limb] = {}
        power, carry = min(self.limbs), _Limb(0, 0, 0)
        while power <= max(self.limbs) or carry.bound >= BASE:
            here = _plus(self.limbs.get(power, _Limb(0, 0, 0)), carry)
            power, carry = power + 1, self._carry(here)
            rest = here.value - carry.value * BASE
            limbs[power - 1] = self._kept(_Limb(rest, BASE - 1, max(here.level, carry.level)))
        if carry.bound:
            limbs[power] = carry
        return Big(self.stages, limbs)

    def _carry(self, limb: _Limb) -> _Limb:
        if isinstance(limb.value, int):
            carry = limb.value // BASE
            return _Limb(carry, abs(carry), 0)
        # A half keeps clear of whole quotients: some engines multiply by the reciprocal, which may fall below one.
        down = ((limb.value + 0.5) / float(BASE)).floor()
        return self._kept(_Limb(down, limb.bound // BASE + 1, limb.level))

    def _kept(self, limb: _Limb) -> _Limb:
        if isinstance(limb.value, int):
            return limb
        value = limb.value
        term = self.stages.keep(object(), limb.level, lambda: value)
        return _Limb(term.expr, limb.bound, term.level)

    def signs(self) -> tuple[Term | bool, Term | bool]:
        """Whether it is above zero, and whether it is zero."""
        digits = self.carried().limbs
        if all(isinstance(limb.value, int) for limb in digits.values()):
            powers = ((cast("int", limb.value), k) for k, limb in digits.items())
            total = sum((value * Fraction(BASE) ** k for value, k in powers), Fraction(0))
            return total > 0, total == 0
        top = max(digits)
        level = max(limb.level for limb in digits.values())
        zero, positive = None, None
        for limb in digits.values():
            nil, more = limb.value == 0, limb.value > 0
            zero = nil if zero is None else zero & nil
            positive = more if positive is None else positive | more
        above = (digits[top].value >= 0) & positive  # type: ignore[operator]
        return Term(above, level), Term(zero, level)  # type: ignore[arg-type]


def _plus(left: _Limb, right: _Limb) -> _Limb:
    if isinstance(left.value, int) and left.value == 0:
        return right
    if isinstance(right.value, int) and right.value == 0:
        return left
    return _Limb(left.value + right.value, left.bound + right.bound, max(left.level, right.level))


def _times(left: _Limb, right: _Limb) -> _Limb:
    return _Limb(left.value * right.value, left.bound * right.bound, max(left.level, right.level))
