"""Conditions over frames say what ``kleene`` says of each row, in every engine, to the last digit."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import narwhals as nw
import polars as pl
import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st

from hazardrules.lang.digits import TooLongError
from hazardrules.lang.exact import Stages, Term, bounds, canonical
from hazardrules.lang.frame import Column, FrameWriter
from hazardrules.lang.kleene import OBSERVED_ON, truth
from hazardrules.lang.nodes import (
    Arithmetic,
    AtLeast,
    Band,
    Compare,
    Condition,
    Const,
    Fact,
    In,
    Kind,
    Literal,
    Node,
    Or,
    Row,
    Since,
    Table,
    Value,
    tidy_number,
)
from strategies import (
    BOOLEANS,
    DATES,
    DIVISOR,
    ENUMS,
    NUMBERS,
    OBSERVED,
    OPTIONS,
    SETS,
    conditions_with_elements,
    fact_values,
    partial_facts,
)

Facts = Mapping[str, Value]
FACTS = (*BOOLEANS, *NUMBERS, DIVISOR, *ENUMS, *SETS, *DATES)
TYPES: dict[Kind, Any] = {
    Kind.BOOLEAN: pl.Boolean,
    Kind.NUMBER: pl.Float64,
    Kind.ENUM: pl.String,
    Kind.SET: pl.List(pl.String),
    Kind.DATE: pl.Date,
}


def stored(value: Value | None) -> Any:
    """A value as a column holds it."""
    if isinstance(value, frozenset):
        return sorted(value)
    return float(value) if isinstance(value, Decimal | int) and not isinstance(value, bool) else value


def frame_of(rows: Sequence[Facts]) -> pl.DataFrame:
    """The rows, with a column for each fact and one for the day."""
    columns = {
        f"c{i}": pl.Series([stored(row.get(fact.id)) for row in rows], dtype=TYPES[fact.kind])
        for i, fact in enumerate(FACTS)
    }
    return pl.DataFrame({**columns, "day": pl.Series([row[OBSERVED_ON] for row in rows], dtype=pl.Date)})


def duck(frame: pl.DataFrame) -> Any:
    """The frame as a relation of a new DuckDB database."""
    connection = duckdb.connect()
    connection.register("given", frame.to_arrow())
    return connection.table("given")


ENGINES: dict[str, Callable[[pl.DataFrame], Any]] = {
    "polars": lambda frame: frame,
    "lazy": lambda frame: frame.lazy(),
    "duckdb": duck,
}


def column(i: int, fact: Fact) -> Column:
    """A column as ``columns`` prepares it."""
    raw = nw.col(f"c{i}")
    if fact.kind is Kind.ENUM:
        return Column(~raw.is_null(), None, lambda option: raw.is_in([option]).fill_null(value=False))
    if fact.kind is Kind.SET:
        return Column(~raw.is_null(), None, lambda option: raw.list.contains(option).fill_null(value=False))
    return Column(~raw.is_null(), raw)


def truths(
    nodes: Sequence[Condition],
    rows: Sequence[Facts],
    engine: Callable[[pl.DataFrame], Any] = ENGINES["polars"],
    *,
    day: date | None = None,
    assumed: Facts | None = None,
) -> list[list[bool | None]]:
    """What an engine makes of the conditions, for each row; facts in ``assumed`` have no column."""
    stages = Stages("x")
    columns = {fact.id: column(i, fact) for i, fact in enumerate(FACTS) if fact.id not in (assumed or {})}
    writer = FrameWriter(stages, columns, assumed or {}, nw.col("day") if day is None else day)
    found = [writer.truth(node) for node in nodes]
    frame = nw.from_native(engine(frame_of(rows)))
    for layer in stages.layers:
        frame = frame.with_columns(**layer) if layer else frame
    ends = {
        f"{what}{i}": nw.lit(part) if isinstance(part, bool) else part
        for i, one in enumerate(found)
        for what, part in (("s", one.sure), ("m", one.maybe))
    }
    result = frame.with_columns(**ends).select(*ends)
    if hasattr(result, "collect"):
        result = result.collect()
    parts = {name: result[name].to_list() for name in ends}
    assert all(value is not None for values in parts.values() for value in values)
    meaning = {(True, True): True, (False, True): None, (False, False): False}
    return [
        [meaning[sure, maybe] for sure, maybe in zip(parts[f"s{i}"], parts[f"m{i}"], strict=True)]
        for i in range(len(nodes))
    ]


def expected(nodes: Sequence[Condition], rows: Sequence[Facts]) -> list[list[bool | None]]:
    """What the row path makes of them."""
    return [[truth(node, row) for row in rows] for node in nodes]


def dated(rows: Sequence[Facts], day: date = OBSERVED) -> list[Facts]:
    """The rows with their day."""
    return [{OBSERVED_ON: day, **row} for row in rows]


some_conditions = st.lists(conditions_with_elements, min_size=1, max_size=8)
some_rows = st.lists(partial_facts, min_size=1, max_size=25)


@pytest.mark.parametrize("engine", ["polars", "lazy"])
@given(some_conditions, some_rows)
@settings(max_examples=40, deadline=None)
def test_rows_and_frames_agree(engine: str, nodes: list[Condition], rows: list[Facts]) -> None:
    """Random conditions over random partial facts have the same truth in a frame as row by row."""
    rows = dated(rows)
    assert truths(nodes, rows, ENGINES[engine]) == expected(nodes, rows)


@given(some_conditions, some_rows)
@settings(max_examples=12, deadline=None)
def test_rows_and_duckdb_agree(nodes: list[Condition], rows: list[Facts]) -> None:
    """The same inside DuckDB."""
    rows = dated(rows)
    assert truths(nodes, rows, duck) == expected(nodes, rows)


@given(some_conditions, some_rows, st.fixed_dictionaries({}, optional=fact_values))
@settings(max_examples=30, deadline=None)
def test_facts_without_a_column(nodes: list[Condition], rows: list[Facts], assumed: Facts) -> None:
    """Facts that have no column and are taken as given count in every row."""
    told = [{OBSERVED_ON: OBSERVED, **{k: v for k, v in row.items() if k not in assumed}} for row in rows]
    full = [{**row, **assumed} for row in told]
    assert truths(nodes, told, day=OBSERVED, assumed=assumed) == expected(nodes, full)


decimals = st.builds(
    lambda digits, places: tidy_number(Decimal(digits).scaleb(-places)),
    st.integers(-(10**9), 10**9),
    st.integers(0, 6),
)
factors = st.builds(lambda n, places: tidy_number(Decimal(n).scaleb(-places)), st.integers(1, 9_999), st.integers(0, 3))
steps = st.sampled_from([Decimal(0), *(Decimal(sign).scaleb(-places) for sign in (1, -1) for places in range(9))])
COMPARISONS = ["==", "!=", "<", "<=", ">", ">="]


def boundary_rows(some: Sequence[tuple[Any, Any, Decimal]], limit: Any) -> list[Facts]:
    """Rows in which one number is another times the limit, or a step beside it."""
    n0, n1, n2 = NUMBERS
    kept = [one for one in some if len(Decimal(one[0] * limit + one[2]).as_tuple().digits) <= 15]
    return dated(
        [
            {
                n0.id: value,
                n1.id: tidy_number(value * limit + step),
                n2.id: factor,
                DIVISOR.id: tidy_number(factor * limit),
            }
            for value, factor, step in kept
        ]
        or [{}]
    )


def boundaries(op: str, limit: Any) -> list[Condition]:
    """Conditions that are decided by whether one number is above, on or below another times the limit."""
    n0, n1, n2 = NUMBERS
    return [
        Compare(op, n1, Arithmetic("*", n0, Literal(limit))),
        Compare(op, n1, n0),
        Compare(op, Arithmetic("/", n1, DIVISOR), Arithmetic("/", n0, n2)),
        Compare(op, Arithmetic("-", n1, n2), Arithmetic("*", n0, Literal(limit))),
        Compare(op, n1, Arithmetic("/", Arithmetic("*", n0, Literal(80)), Literal(100))),
        Compare(op, Arithmetic("*", n1, n2), Arithmetic("*", n0, DIVISOR)),
        Compare(op, Arithmetic("+", n0, n1), Literal(limit)),
    ]


boundary_cases = st.lists(st.tuples(decimals, factors, steps), min_size=1, max_size=20)


@given(boundary_cases, st.sampled_from(COMPARISONS), factors)
@settings(max_examples=25, deadline=None)
def test_products_on_and_beside_the_boundary(some: list[tuple[Any, Any, Decimal]], op: str, limit: Any) -> None:
    """A number against another times a limit is exact where they are equal, and beside it."""
    rows, nodes = boundary_rows(some, limit), boundaries(op, limit)
    assert truths(nodes, rows) == expected(nodes, rows)


@pytest.mark.parametrize(("op", "limit"), [(">=", Decimal("1.1")), ("==", Decimal("0.98")), ("<", 2)])
def test_products_in_duckdb(op: str, limit: Any) -> None:
    """The same inside DuckDB."""
    values = [Decimal(v) for v in ("120", "0.3", "-7.25", "999999.999", "0.000007")]
    some = [(v, Decimal("1.7"), Decimal(step)) for v in values for step in ("0", "0.0001", "-0.000000001")]
    rows, nodes = boundary_rows(some, limit), boundaries(op, limit)[:3]
    assert truths(nodes, rows, duck) == expected(nodes, rows)


doubles = st.one_of(
    st.floats(-1e12, 1e12, allow_nan=False, allow_subnormal=False).filter(lambda x: abs(x) >= 0.1),
    st.builds(lambda n, k: n / 10**k, st.integers(-(10**15), 10**15), st.integers(3, 14)).filter(
        lambda x: abs(x) >= 0.1
    ),
    st.builds(lambda n, k: n + 0.5**k, st.integers(1, 10**11), st.integers(1, 40)),
)


def meant(value: float) -> Decimal:
    """The decimal that a double stands for, as the row path has it."""
    return Decimal(f"{value:.15g}")


@given(doubles, st.integers(-6, 6), st.integers(0, 16))
def test_bounds_keep_the_order(value: float, away: int, places: int) -> None:
    """A double is below the lower bound where it stands for less, and above the upper where it stands for more."""
    number = meant(value) if places == 16 else round(Decimal(value), places)
    low, high = bounds(tidy_number(number))
    for _ in range(abs(away)):
        value = math.nextafter(value, math.copysign(math.inf, away))
    assert (value >= low) == (meant(value) >= number)
    assert (value <= high) == (meant(value) <= number)


@given(st.lists(doubles, min_size=1, max_size=40))
@settings(deadline=None)
def test_canonical_doubles(values: list[float]) -> None:
    """Doubles of the same decimal become the same double, those of different ones differ and keep their order."""
    stages = Stages("x")
    kept = canonical(stages, "a", Term(nw.col("a"), 0))
    frame = nw.from_native(pl.DataFrame({"a": values}))
    for layer in stages.layers:
        frame = frame.with_columns(**layer)
    found = frame.select(kept.expr).to_native().to_series().to_list()
    for one, x in zip(values, found, strict=True):
        assert [x < y for y in found] == [meant(one) < meant(other) for other in values]
        assert [x == y for y in found] == [meant(one) == meant(other) for other in values]


days = st.dates(date(1, 1, 2), date(9999, 12, 30))


day_pairs = st.lists(st.tuples(days, st.one_of(days, st.integers(-800, 800))), min_size=1, max_size=40)


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@given(pairs=day_pairs)
@settings(max_examples=12, deadline=None)
def test_days_and_months(engine: str, pairs: list[tuple[date, Any]]) -> None:
    """Days and months from any day to any other, of one day of observation or of many."""
    rows: list[Facts] = []
    for on, start in pairs:
        ordinal = min(max(on.toordinal() + start, 1), date.max.toordinal()) if isinstance(start, int) else 0
        rows.append({OBSERVED_ON: on, DATES[0].id: date.fromordinal(ordinal) if ordinal else start})
    first, since = rows[0][OBSERVED_ON], rows[0][DATES[0].id]
    assert isinstance(first, date)
    assert isinstance(since, date)
    span = relativedelta(first, since)
    counts = {"days": (first - since).days, "months": span.years * 12 + span.months}
    nodes: list[Condition] = [
        Compare(op, Since(unit, DATES[0]), Literal(count)) for unit, count in counts.items() for op in ("==", ">", "<=")
    ]
    nodes.append(Compare(">", Arithmetic("*", Since("months", DATES[0]), Literal(2)), Literal(3)))
    assert truths(nodes, rows, ENGINES[engine]) == expected(nodes, rows)
    same = [row for row in rows if row[OBSERVED_ON] == first]
    assert truths(nodes, same, day=first) == expected(nodes, same)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("start", "on", "months"),
    [
        ("2026-01-31", "2026-02-27", 0),
        ("2026-01-31", "2026-02-28", 1),
        ("2024-01-31", "2024-02-28", 0),
        ("2024-01-31", "2024-02-29", 1),
        ("2026-03-31", "2026-04-30", 1),
        ("2026-02-28", "2026-03-27", 0),
        ("2026-02-28", "2026-03-28", 1),
    ],
)
def test_a_shorter_month_ends_on_its_last_day(engine: str, start: str, on: str, months: int) -> None:
    """民法典第二百零二条: where the last month has no corresponding day, its last day ends the period."""
    row: Facts = {OBSERVED_ON: date.fromisoformat(on), DATES[0].id: date.fromisoformat(start)}
    nodes: list[Condition] = [Compare("==", Since("months", DATES[0]), Literal(months))]
    assert truths(nodes, [row], ENGINES[engine]) == [[True]] == expected(nodes, [row])


OPEN = Table("T2", (Row(None, False, None, False, 5),))
TENTHS = Table("T3", (Row(Decimal("0.1"), True, Decimal("0.3"), True, 1), Row(Decimal("0.3"), False, 1, False, 2)))


@pytest.mark.parametrize("engine", ENGINES)
def test_tables_on_and_beside_their_bounds(engine: str) -> None:
    """A table's rows begin and end where it says; outside it the value is unknown; x may itself be worked out."""
    x, y = NUMBERS[0], NUMBERS[1]
    values = [Decimal(v) for v in ("0.0999", "0.1", "0.3", "0.300000000000001", "0.2999", "0.999999", "1", "5")]
    rows = dated([{x.id: v, y.id: w} for v in values for w in (1, 2)] + [{y.id: 1}, {x.id: 1}])
    twice = Band(TENTHS, Arithmetic("*", x, Literal(2)))
    nodes: list[Condition] = [
        Compare("==", y, Band(TENTHS, x)),
        Compare("<", Band(TENTHS, x), y),
        Compare(">=", y, twice),
        Compare("<", y, Band(OPEN, x)),
        Compare("==", Band(OPEN, twice), Literal(5)),
        Compare("==", Arithmetic("+", Band(TENTHS, x), y), Literal(3)),
        In(Band(TENTHS, x), (1, 7)),
    ]
    assert truths(nodes, rows, ENGINES[engine]) == expected(nodes, rows)


def test_what_the_doubles_of_a_sum_stand_for() -> None:
    """0.1 + 0.2, worked out in doubles, is 0.3: against numbers, against other facts, in arithmetic."""
    x, y = NUMBERS[0], NUMBERS[1]
    stages = Stages("x")
    columns = {fact.id: Column(known=True, value=nw.col(name)) for fact, name in ((x, "x"), (y, "y"))}
    writer = FrameWriter(stages, columns, {}, OBSERVED)
    nodes: list[Condition] = [
        Compare("==", x, Literal(Decimal("0.3"))),
        Compare("==", x, y),
        Compare("==", Arithmetic("*", x, Literal(2)), Arithmetic("+", y, y)),
        In(x, (1, Decimal("0.3"))),
    ]
    parts = {f"t{i}": writer.truth(node).sure for i, node in enumerate(nodes)}
    frame = nw.from_native(pl.DataFrame({"x": [0.1 + 0.2, 0.31], "y": [0.3, 0.3]}))
    for layer in stages.layers:
        frame = frame.with_columns(**layer)
    for part in parts.values():
        assert not isinstance(part, bool)
        assert frame.select(found=part).to_native().to_series().to_list() == [True, False]


def test_constants_take_no_columns() -> None:
    """What rests on no column is worked out beforehand."""
    writer = FrameWriter(Stages("x"), {}, {BOOLEANS[0].id: True}, OBSERVED)
    assert writer.truth(Const(value=True)) == (True, True)
    assert writer.truth(BOOLEANS[0]) == (True, True)
    assert writer.truth(BOOLEANS[1]) == (False, True)
    assert writer.truth(AtLeast(2, (BOOLEANS[0], Const(value=False), BOOLEANS[0]))) == (True, True)
    assert writer.truth(AtLeast(2, (BOOLEANS[0], Const(value=False), BOOLEANS[1]))) == (False, True)
    assert writer.truth(Or((BOOLEANS[0], BOOLEANS[1]))) == (True, True)


def too_long() -> Iterator[Node]:
    """Arithmetic with more digits than the row path keeps."""
    x, y = NUMBERS[0], NUMBERS[1]
    yield Arithmetic("*", Arithmetic("*", x, x), Arithmetic("*", x, x))
    yield Arithmetic("*", Arithmetic("/", x, Literal(3)), Literal(3))
    yield Arithmetic("+", Arithmetic("/", x, y), Literal(1))


@pytest.mark.parametrize("node", [*too_long()])
def test_arithmetic_that_would_be_rounded_is_refused(node: Node) -> None:
    """Where the row path rounds at its 50th digit, a frame can't say the same, and says so."""
    columns = {fact.id: Column(known=True, value=nw.col("x")) for fact in NUMBERS}
    with pytest.raises(TooLongError):
        FrameWriter(Stages("x"), columns, {}, OBSERVED).truth(Compare("==", node, NUMBERS[2]))


def test_every_option_is_known_to_the_strategies() -> None:
    """The frames of these tests hold every kind of fact."""
    assert {fact.kind for fact in FACTS} == set(Kind)
    assert len(OPTIONS) == 3
    assert OBSERVED - timedelta(days=1) < OBSERVED
