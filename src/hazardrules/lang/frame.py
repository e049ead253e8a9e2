"""Conditions as dataframe expressions: the same truth as ``kleene`` gives, for every row at once, inside the engine.

Engines differ in what they make of nulls (pandas, Spark and SQL each have their own logic), so nothing here rests on
it: a condition becomes two columns that are never null. ``sure`` says that it holds whatever the unknown facts are
taken for, ``maybe`` that they don't yet rule it out; a row is unknown where it is maybe and not sure. What no column
can change is worked out beforehand (``True`` and ``False`` in place of an expression).

Numbers are doubles that stand for exact decimals (see ``exact``).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import gcd, lcm
from operator import add
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from hazardrules.lang.days import days_between, months_between
from hazardrules.lang.digits import DIGITS, Reach, TooLongError, linear, reach_of, reciprocal
from hazardrules.lang.exact import Big, Stages, Term, bounds, canonical, weighed
from hazardrules.lang.kleene import OBSERVED_ON, truth
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
    Since,
    Value,
    children,
    facts_read,
)
from hazardrules.lang.parts import Part, against, all_of, any_of, holds, inverse, joined, signed
from hazardrules.lang.tables import first_band, replaced, within
from hazardrules.lang.text import to_text
from hazardrules.record import Record

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["START", "Column", "FrameWriter", "Truth"]

START: Final = 1
"""The stage in which conditions begin: the columns that they read stand there already."""


class Column(Record):
    """A fact that the frame has a column for, in the form that conditions read.

    ``known`` is never null; where it is false, ``value`` is null. ``value`` is a boolean, a double, or a date.
    ``test`` tells for a value of an enum or a set whether the fact is, or holds, that value (false where unknown).
    ``whole``: a number that is an integer.
    """

    known: Part
    value: Any = None
    test: Callable[[str], nw.Expr] | None = None
    whole: bool = False


class Truth(NamedTuple):
    """Whether a condition surely holds, and whether it may hold."""

    sure: Part
    maybe: Part


UNKNOWN: Final = Truth(sure=False, maybe=True)
FALSE: Final = Truth(sure=False, maybe=False)


_FLIPPED: Final = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


class FrameWriter:
    """Writes conditions as expressions over the columns of one frame."""

    def __init__(
        self, stages: Stages, columns: Mapping[str, Column], assumed: Mapping[str, Value], on: date | nw.Expr
    ) -> None:
        """What every condition shares.

        :param columns: the facts that the frame has columns for.
        :param assumed: the values of facts that it has no column for and that are taken as given.
        :param on: the date of observation, or the column of dates that has it, without nulls.
        """
        self.stages, self.columns, self.assumed, self.on = stages, columns, assumed, on

    def truth(self, node: Condition) -> Truth:
        """The condition for each row.

        :raises TooLongError: where its arithmetic can have more digits than are kept.
        """
        match node:
            case Const(value):
                return Truth(value, value)
            case Not(operand):
                sure, maybe = self.truth(operand)
                return Truth(inverse(maybe), inverse(sure))
            case And(operands):
                parts = [self.truth(one) for one in operands]
                return Truth(all_of([one.sure for one in parts]), all_of([one.maybe for one in parts]))
            case Or(operands):
                parts = [self.truth(one) for one in operands]
                return Truth(any_of([one.sure for one in parts]), any_of([one.maybe for one in parts]))
            case AtLeast(count, conditions):
                parts = [self.truth(one) for one in conditions]
                return Truth(
                    _at_least(count, [one.sure for one in parts]), _at_least(count, [one.maybe for one in parts])
                )
            case Element(_, body):
                return self.truth(body)
            case _:
                return self._atom(node)

    def _atom(self, node: Fact | Compare | In | HasAny | HasAll) -> Truth:
        read = facts_read(node)
        if not any(id_ in self.columns for id_ in read) and not (_counts(node) and not isinstance(self.on, date)):
            known = {id_: self.assumed[id_] for id_ in read if id_ in self.assumed}
            outcome = truth(node, {**known, OBSERVED_ON: self.on} if isinstance(self.on, date) else known)
            return UNKNOWN if outcome is None else Truth(outcome, outcome)
        if any(id_ not in self.columns and id_ not in self.assumed for id_ in read):
            return UNKNOWN
        match node:
            case Fact(id_):
                column = self.columns[id_]
                return self._truth(node, Term(column.value, START), [column.known])
            case HasAny(Fact(id_), options) | HasAll(Fact(id_), options):
                join = any_of if isinstance(node, HasAny) else all_of
                return self._tested(node, id_, join([self._test(id_, option) for option in options]))
            case In(item, options):
                return self._in(node, item, options)
            case Compare(op, left, right):
                return self._compare(node, op, left, right)

    def _truth(self, key: object, holds: Term, known: Sequence[Part]) -> Truth:
        """Of an expression that is null, or anything, where the facts are not known."""
        sure = self.stages.keep(("sure", key), holds.level, lambda: holds.expr.fill_null(value=False)).expr
        return Truth(sure, any_of([sure, inverse(all_of(known))]))

    def _tested(self, key: object, id_: str, holds: Part) -> Truth:
        if isinstance(holds, bool):
            return Truth(holds, holds)
        sure = self.stages.keep(("sure", key), START, lambda: holds).expr
        return Truth(sure, any_of([sure, inverse(self.columns[id_].known)]))

    def _test(self, id_: str, option: str) -> Part:
        test = self.columns[id_].test
        if test is None:
            raise TypeError(id_)
        return self.stages.keep(("test", id_, option), 0, lambda: test(option)).expr

    def _in(self, node: In, item: Node, options: Sequence[Number | str | date]) -> Truth:
        if isinstance(item, Fact) and item.kind is Kind.ENUM:
            return self._tested(node, item.id, any_of([self._test(item.id, str(option)) for option in options]))
        return self.truth(Or(tuple(Compare("==", item, Literal(option)) for option in options)))

    def _compare(self, node: Compare, op: str, left: Node, right: Node) -> Truth:
        if isinstance(left, Literal):
            op, left, right = _FLIPPED[op], right, left
        match left, right:
            case Fact(id_, Kind.ENUM), Literal(str(value)):
                truth = self._tested(Compare("==", left, right), id_, self._test(id_, value))
                return truth if op == "==" else Truth(inverse(truth.maybe), inverse(truth.sure))
            case Fact(_, Kind.DATE), _:
                return self._compare_dates(node, op, left, right)
        band = first_band(left) or first_band(right)
        if band is not None:
            return self._cases(band, Compare(op, left, right))
        return self._compare_numbers(node, op, left, right)

    def _compare_dates(self, node: Compare, op: str, left: Node, right: Node) -> Truth:
        known: list[Part] = []
        sides: list[Any] = []
        for side in (left, right):
            column = self.columns.get(side.id) if isinstance(side, Fact) else None
            if column is not None:
                known.append(column.known)
                sides.append(column.value)
            else:
                sides.append(side.value if isinstance(side, Literal) else self.assumed[side.id])  # type: ignore[union-attr]
        if isinstance(sides[0], date):
            op, sides = _FLIPPED[op], sides[::-1]
        return self._truth(node, Term(holds(op, sides[0], sides[1]), START), known)

    def _cases(self, band: Band, node: Compare) -> Truth:
        """A comparison with a table's value: the one that holds in the row of the table that x lies in."""
        holds: list[Part] = []
        fails: list[Part] = []
        for row in band.table.rows:
            there = self.truth(within(row, band.x)).sure
            case = self.truth(replaced(node, band, Literal(row.value)))
            holds.append(all_of([there, case.sure]))
            fails.append(all_of([there, inverse(case.maybe)]))
        return Truth(any_of(holds), inverse(any_of(fails)))

    def _compare_numbers(self, node: Compare, op: str, left: Node, right: Node) -> Truth:
        known = [column.known for id_ in facts_read(node) if (column := self.columns.get(id_)) is not None]
        one, other = self._simple(left), self._simple(right)
        if one is not None and isinstance(right, Literal) and isinstance(right.value, int | Decimal):
            low, high = bounds(right.value)
            return self._truth(node, Term(against(op, one.expr, low, high), one.level), known)
        if one is not None and other is not None:
            a, b = self._canonical(left, one), self._canonical(right, other)
            return self._truth(node, Term(holds(op, a.expr, b.expr), max(a.level, b.level)), known)
        signs = self._weighed(left, right)
        if signs is not None:
            (positive, level), (nil, _) = signs
            return self._truth(node, Term(signed(op, positive, nil), level), known)
        return self._compare_exactly(node, op, left, right, known)

    def _weighed(self, left: Node, right: Node) -> tuple[Term, Term] | None:
        """How one side compares with the other where both are sums of facts with factors, as most arithmetic is."""
        sides = linear(left), linear(right)
        if sides[0] is None or sides[1] is None:
            return None
        factors: dict[Node, Fraction] = {}
        constant = Fraction(0)
        for side, sign in zip(sides, (1, -1), strict=True):
            for node, factor in side.items():  # type: ignore[union-attr]  # neither is None
                if node is None:
                    constant += sign * factor
                elif isinstance(node, Fact) and node.id not in self.columns:
                    constant += sign * factor * Fraction(cast("Decimal", self.assumed[node.id]))
                else:
                    factors[node] = factors.get(node, Fraction(0)) + sign * factor
        scale = Fraction(lcm(*(factor.denominator for factor in factors.values())))
        scale /= gcd(*(int(factor * scale) for factor in factors.values())) or 1
        found: dict[Hashable, tuple[Term, bool, int]] = {}
        for node, factor in factors.items():
            term = self._simple(node)
            if term is None:
                return None
            found[node] = term, self._whole(node), int(factor * scale)
        return weighed(self.stages, found, constant * scale) if found else None

    def _simple(self, node: Node) -> Term | None:
        """A column of doubles for a fact, or for days or months; None for what has to be worked out."""
        if isinstance(node, Fact) and node.id in self.columns:
            return Term(self.columns[node.id].value, START)
        return self._since(node) if isinstance(node, Since) and node.fact.id in self.columns else None

    def _whole(self, node: Node) -> bool:
        return isinstance(node, Since) or (isinstance(node, Fact) and self.columns[node.id].whole)

    def _canonical(self, node: Node, term: Term) -> Term:
        return term if self._whole(node) else canonical(self.stages, node, term)

    def _since(self, node: Since) -> Term:
        start = self.columns[node.fact.id].value
        count = days_between if node.unit == "days" else months_between
        return self.stages.keep(node, START, lambda: count(self.on, start))

    def _compare_exactly(self, node: Compare, op: str, left: Node, right: Node, known: list[Part]) -> Truth:
        a, b = self._fraction(left), self._fraction(right)
        (over, under), (over2, under2) = a, b
        first = over if under2 is None else over * under2
        second = over2 if under is None else over2 * under
        above, zero = (first - second).signs()
        level = max([part.level for part in (above, zero) if isinstance(part, Term)], default=START)
        positive, nil = (part.expr if isinstance(part, Term) else part for part in (above, zero))
        negative = all_of([inverse(positive), inverse(nil)])
        for divisor in (under, under2):
            if divisor is None:
                continue
            signs = divisor.signs()
            level = max([level, *(part.level for part in signs if isinstance(part, Term))])
            up, null = (part.expr if isinstance(part, Term) else part for part in signs)
            known.append(self._kept(inverse(null), level))
            level += 1
            positive, negative = (
                any_of([all_of([up, positive]), all_of([inverse(up), negative])]),
                any_of([all_of([up, negative]), all_of([inverse(up), positive])]),
            )
        whether = all_of([signed(op, positive, nil, negative), *known])
        sure = whether if isinstance(whether, bool) else self._truth(node, Term(whether, level), []).sure
        return Truth(sure, any_of([sure, inverse(all_of(known))]))

    def _kept(self, part: Part, level: int) -> Part:
        """A condition that is false, and not null, where it rests on unknown facts."""
        if isinstance(part, bool):
            return part
        return self.stages.keep(object(), level, lambda: part.fill_null(value=False)).expr

    def _fraction(self, node: Node) -> tuple[Big, Big | None]:
        """A number as one value over another; a division is only where the row path rounds it nowhere that matters."""
        reach_of(node, self._digits_of)
        if isinstance(node, Arithmetic) and node.op == "/" and reciprocal(node.right) is None:
            reach = [reach_of(side, self._digits_of).digits for side in (node.left, node.right)]
            if sum(reach) > DIGITS - 2:
                raise TooLongError(to_text(node))
            return self._big(node.left), self._big(node.right)
        return self._big(node), None

    def _big(self, node: Node) -> Big:
        match node:
            case Literal(int() | Decimal() as value):
                return Big.constant(self.stages, value)
            case Fact(id_) if id_ not in self.columns:
                return Big.constant(self.stages, self.assumed[id_])  # type: ignore[arg-type]  # a number, by its kind
            case Fact() | Since():
                term = self._simple(node)
                if term is None:
                    raise TooLongError(to_text(node))
                return Big.whole(self.stages, term) if self._whole(node) else Big.decimal(self.stages, node, term)
            case Arithmetic("/", left, right):
                factor = reciprocal(right)
                if factor is None:
                    raise TooLongError(to_text(node))
                return self._big(left) * Big.constant(self.stages, factor)
            case Arithmetic(op, left, right):
                a, b = self._big(left), self._big(right)
                return a + b if op == "+" else a - b if op == "-" else a * b
            case _:
                raise TypeError(f"not a number: {node!r}")

    def _digits_of(self, node: Node) -> Reach:
        return Reach(0, 13, 13) if isinstance(node, Since) or self._integer(node) else Reach(-15, 13, 15)

    def _integer(self, node: Node) -> bool:
        return isinstance(node, Fact) and node.id in self.columns and self.columns[node.id].whole


def _counts(node: Node) -> bool:
    return isinstance(node, Since) or any(map(_counts, children(node)))


def _at_least(count: int, parts: Sequence[Part]) -> Part:
    import narwhals as nw  # noqa: PLC0415

    count -= sum(part is True for part in parts)
    open_ = [part for part in parts if not isinstance(part, bool)]
    if count <= 0:
        return True
    if count > len(open_):
        return False
    if count == 1:
        return any_of(open_)
    if count == len(open_):
        return all_of(open_)
    ones = [nw.when(part).then(nw.lit(1)).otherwise(nw.lit(0)) for part in open_]
    return joined(ones, add) >= count
