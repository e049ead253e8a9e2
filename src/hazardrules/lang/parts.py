"""Columns of true and false, joined; and comparisons as such columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import and_, or_
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["Part", "against", "all_of", "any_of", "holds", "inverse", "joined", "signed"]

T = TypeVar("T")
Part: TypeAlias = "nw.Expr | bool"
"""A column of true and false without nulls, or one value for all rows."""


def inverse(part: Part) -> Part:
    """Not."""
    return not part if isinstance(part, bool) else ~part


def all_of(parts: Sequence[Part]) -> Part:
    """And; true of nothing."""
    if any(part is False for part in parts):
        return False
    kept = [part for part in parts if not isinstance(part, bool)]
    return joined(kept, and_) if kept else True


def any_of(parts: Sequence[Part]) -> Part:
    """Or; false of nothing."""
    if any(part is True for part in parts):
        return True
    kept = [part for part in parts if not isinstance(part, bool)]
    return joined(kept, or_) if kept else False


def joined(parts: Sequence[T], join: Callable[[T, T], T]) -> T:
    """One expression of many, as a tree that is not deep: engines walk expressions by recursion."""
    if len(parts) == 1:
        return parts[0]
    half = len(parts) // 2
    return join(joined(parts[:half], join), joined(parts[half:], join))


def holds(op: str, left: Any, right: Any) -> Any:
    """A comparison of two columns, or of a column with a value."""
    match op:
        case "==":
            return left == right
        case "!=":
            return left != right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case _:
            return left >= right


def signed(op: str, positive: Part, nil: Part, negative: Part | None = None) -> Any:
    """What a comparison is, by the sign of the difference."""
    below = all_of([inverse(positive), inverse(nil)]) if negative is None else negative
    parts = {"==": nil, "!=": inverse(nil), "<": below, "<=": any_of([below, nil]), ">": positive}
    return parts.get(op, any_of([positive, nil]))


def against(op: str, x: nw.Expr, low: float, high: float) -> nw.Expr:
    """A column of doubles against a number; below ``low`` they stand for less, above ``high`` for more."""
    match op:
        case "==":
            return (x >= low) & (x <= high)
        case "!=":
            return (x < low) | (x > high)
        case "<":
            return x < low
        case "<=":
            return x <= high
        case ">":
            return x > high
        case _:
            return x >= low
