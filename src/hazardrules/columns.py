"""From the columns of a frame to facts: names, types, and the cells that don't fit.

A value is accepted where ``pack.values`` accepts it. What the engine can tell at once is told there; what looks odd
(another spelling of a label, a number out of its range) is fetched, each value once, and put to ``pack.values``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from operator import add, or_
from typing import TYPE_CHECKING, Any, Final, cast

from hazardrules.engines import Engine
from hazardrules.lang.exact import bounds
from hazardrules.lang.frame import Column
from hazardrules.lang.nodes import Value
from hazardrules.lang.parts import Part, any_of, joined
from hazardrules.nearest import fold
from hazardrules.pack.content import FactDef
from hazardrules.pack.values import MAX_TEXT, ValueRefusedError, clip, normalise
from hazardrules.record import Record

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["NOTHING", "Cell", "Odd", "Reader", "members", "separators", "shape_of"]

NOTHING: Final = ("无", "[]")
"""How a text says that a set holds nothing."""
MAX_ODD: Final = 1_000
"""How many different odd values of a column are fetched from an engine that is not in memory."""
LARGEST: Final = 1e12


class Odd(Record):
    """A value that looked odd and is no value of its fact: how often it stands there, and where first."""

    value: Any
    count: int
    rows: tuple[int, ...]
    problem: str
    hint: str


class Cell(Record):
    """A column that holds a fact: how conditions read it, where it is given, and where it can't be used."""

    name: str
    fact: FactDef
    column: Column | None
    given: nw.Expr
    bad: Part


def shape_of(dtype: Any) -> str:
    """What a column holds, as far as it matters: boolean, integer, float, decimal, text, texts, date, moment, other."""
    import narwhals as nw  # noqa: PLC0415

    if dtype == nw.Boolean:
        return "boolean"
    if dtype.is_integer():
        return "integer"
    if dtype.is_float():
        return "float"
    if dtype.is_decimal():
        return "decimal"
    if dtype in (nw.String, nw.Categorical, nw.Enum):
        return "text"
    if dtype == nw.Date:
        return "date"
    if dtype == nw.Datetime:
        return "moment" if dtype.time_zone is None else "other"
    if dtype == nw.List:
        return "texts" if dtype.inner in (nw.String, nw.Categorical, nw.Enum) else "empty lists"
    return "other"


def separators(names: Iterable[str]) -> str:
    """What may stand between the members of a set in one text: ; and ;, and 、 where no member's name holds it."""
    return ";;" if any("、" in name for name in names) else ";;、"


def members(text: str, names: Iterable[str]) -> list[str]:
    """The members of a set that a text lists.

    :param names: what members are called.
    """
    names = tuple(names)
    if text.strip() in NOTHING and text.strip() not in names:
        return []
    return [part.strip() for part in re.split(f"[{separators(names)}]", text)]


class Reader:
    """Reads one column as a fact."""

    def __init__(self, engine: Engine, frame: Any, name: str, fact: FactDef, dtype: Any) -> None:
        """What is known beforehand.

        :param frame: the rows under their inner names, with a column ``d…`` of days for each text of days.
        """
        import narwhals as nw  # noqa: PLC0415

        self.engine, self.frame, self.name, self.fact = engine, frame, name, fact
        self.shape = shape_of(dtype)
        self.inner = engine.inner[name]
        self.raw: nw.Expr = nw.col(self.inner)
        if dtype in (nw.Categorical, nw.Enum):
            self.raw = self.raw.cast(nw.String)
        self.spelled: dict[str, str] = {}
        for key, label in reversed([*fact.options.items()]):
            self.spelled |= {fold(label): key, label: key}
        self.spelled |= {key: key for key in fact.options}
        self.accepted: list[Any] = []
        self.odd: list[Odd] = []

    @property
    def day(self) -> str:
        """The column of days that a column of texts is read as."""
        return f"d{self.inner[1:]}"

    @property
    def fits(self) -> bool:
        """Whether the type of the column can hold values of the fact."""
        return (
            self.shape
            in {
                "boolean": ("boolean", "text"),
                "integer": ("integer", "float", "decimal"),
                "number": ("integer", "float", "decimal"),
                "enum": ("text",),
                "set": ("texts", "text", "empty lists"),
                "date": ("date", "moment", "text"),
                "text": ("text",),
            }[self.fact.type]
        )

    def suspect(self) -> Part:
        """Where a value looks odd; never null. Without what was fetched and accepted."""
        if not self.fits:
            return ~self.raw.is_null()
        check = {"integer": "number"}.get(self.fact.type, self.fact.type)
        looks: Part = getattr(self, f"_odd_{check}")()
        if isinstance(looks, bool):
            return looks
        looks = looks.fill_null(value=False)
        return looks & ~self.raw.is_in(self.accepted) if self.accepted else looks

    def _odd_boolean(self) -> Part:
        return False if self.shape == "boolean" else ~self.raw.is_in(["是", "否"])

    def _odd_number(self) -> Part:
        fact, tests = self.fact, list[Any]()
        x = self._double()
        if fact.min is not None:
            tests.append(x < bounds(fact.min)[0])
        if fact.max is not None:
            tests.append(x > bounds(fact.max)[1])
        tests.append(x.abs() > LARGEST)
        if self.shape == "float":
            size = x.abs()
            near = ((size * 1e15 + 0.5).floor() / 1e15 - size).abs() <= size * 2.5e-16
            tests += [~x.is_finite(), (size < 0.1) & ~near]
        if self.shape == "decimal":
            import narwhals as nw  # noqa: PLC0415

            text = self.raw.cast(nw.String)
            digits = text.str.replace_all(r"[-.]", "").str.replace_all(r"^0+|0+$", "")
            tests += [digits.str.len_chars() > 15, text.str.contains(r"\.[0-9]{15}[0-9]*[1-9]")]
        if fact.type == "integer" and self.shape != "integer":
            tests.append(x.floor() != x)
        return any_of(tests)

    def _double(self) -> nw.Expr:
        import narwhals as nw  # noqa: PLC0415

        return self.raw.cast(nw.Float64)

    def _odd_enum(self) -> Part:
        return ~self.raw.is_in(list(self.spelled))

    def _odd_set(self) -> Part:
        import narwhals as nw  # noqa: PLC0415

        if self.shape == "empty lists":
            return self.raw.list.len() > 0
        if self.shape == "text":
            return ~self.raw.str.contains(self._pattern())
        found = [self.raw.list.contains(name) for name in self.spelled]
        ones = [nw.when(one).then(nw.lit(1)).otherwise(nw.lit(0)) for one in found]
        return (joined(ones, add) != self.raw.list.unique().list.len()) | (self.raw.list.len() > MAX_ODD)

    def _pattern(self) -> str:
        """What a text that lists members of the set looks like."""
        name = "(?:" + "|".join(re.escape(one) for one in sorted(self.spelled, key=len, reverse=True)) + ")"
        gap = f"[ \\t]*[{separators(self.spelled)}][ \\t]*"
        nothing = [re.escape(one) for one in NOTHING if one not in self.spelled]
        return f"^[ \\t]*(?:{'|'.join([f'{name}(?:{gap}{name})*', *nothing])})[ \\t]*$"

    def _odd_date(self) -> Part:
        import narwhals as nw  # noqa: PLC0415

        if self.shape == "date":
            return False
        if self.shape == "moment":
            return self.raw.dt.truncate("1d") != self.raw
        return ~self.raw.is_null() & nw.col(self.day).is_null()

    def _odd_text(self) -> Part:
        return self.raw.str.len_chars() > MAX_TEXT

    def examine(self) -> None:
        """Fetch what looks odd, accept what ``pack.values`` accepts, and note the rest in ``odd``."""
        for value, count, rows in self._fetched():
            try:
                self._accept(value)
            except ValueRefusedError as refused:
                self.odd.append(Odd(value, count, rows, refused.problem, refused.hint))

    def _accept(self, value: Any) -> None:
        """Take a value as it is meant.

        :raises ValueRefusedError: where it is no value of the fact.
        """
        fact = self.fact
        if not self.fits:
            normalise(fact, value)
            raise ValueRefusedError(f"这一列的类型不对,应为{fact.allowed()}", "改这一列的类型")
        if fact.type == "enum":
            self.spelled[value] = str(normalise(fact, value))
        elif fact.type == "set":
            names = [*fact.options, *fact.options.values()]
            listed = members(value, names) if isinstance(value, str) else list(value)
            if isinstance(value, str) and not value.strip():
                raise ValueRefusedError("多选是空白", "没有就写“无”,不知道就留空值(null)")
            normalise(fact, listed)
            for one in listed:
                (self.spelled[one],) = cast("frozenset[str]", normalise(fact, [one]))
        elif fact.type in ("integer", "number"):
            normalise(fact, value)
            self.accepted.append(value)
        else:
            normalise(fact, value)
            raise ValueRefusedError(f"值 {clip(value)} 用不了,应为{fact.allowed()}")

    def _fetched(self) -> list[tuple[Any, int, tuple[int, ...]]]:
        """The odd values, each once where the engine can tell, with how many there are and the first rows."""
        import narwhals as nw  # noqa: PLC0415

        suspect, listed = self.suspect(), self.shape in ("texts", "empty lists", "other")
        if isinstance(suspect, bool):
            return []
        value = nw.col(self.inner)
        if self.engine.eager:
            rows = self.frame.with_row_index("row").filter(suspect)
            if listed:
                some = rows.select("row", value=value).head(MAX_ODD).rows()
                return [(one, 1, (row + 1,)) for row, one in some]
            counted = rows.group_by(self.inner).agg(n=nw.len(), row=nw.col("row").min()).sort("row")
            return [(one, count, (row + 1,)) for one, count, row in counted.select(self.inner, "n", "row").rows()]
        rows = self.frame.filter(suspect)
        if listed:
            return [(one, 1, ()) for (one,) in _rows(rows.select(self.inner).head(MAX_ODD))]
        counted = rows.group_by(self.inner).agg(n=nw.len()).head(MAX_ODD).select(self.inner, "n")
        return [(one, count, ()) for one, count in _rows(counted)]

    def cell(self, assumed: Value | None, keep: Callable[[object, Callable[[], nw.Expr]], nw.Expr]) -> Cell:
        """The fact as conditions read it.

        :param assumed: the value that is taken where the cell is empty.
        :param keep: keeps a column that is used more than once.
        """
        given = keep(("given", self.name), lambda: ~self.raw.is_null())
        suspect = self.suspect()
        bad = suspect if isinstance(suspect, bool) else keep(("bad", self.name), lambda: suspect)
        if not self.fits or self.fact.kind is None:
            return Cell(self.name, self.fact, None, given, bad)
        known = given if assumed is None else True
        if self.fact.type in ("enum", "set"):
            return Cell(self.name, self.fact, Column(known, None, self._test(assumed)), given, bad)
        value = keep(("value", self.name), lambda: self._value(assumed))
        return Cell(self.name, self.fact, Column(known, value, None, self._is_whole()), given, bad)

    def _is_whole(self) -> bool:
        return self.fact.type == "integer" or self.shape == "integer"

    def _value(self, assumed: Value | None) -> nw.Expr:
        import narwhals as nw  # noqa: PLC0415

        match self.fact.type:
            case "boolean":
                found = self.raw if self.shape == "boolean" else self.raw == "是"
            case "integer":
                found = (self._double() + 0.5).floor()
            case "number":
                found = self._double()
            case _:
                found = self.raw if self.shape == "date" else nw.col(self.day)
                found = self.raw.dt.date() if self.shape == "moment" else found
        if assumed is None:
            return found
        start = float(assumed) if isinstance(assumed, int | Decimal) and not isinstance(assumed, bool) else assumed
        return nw.coalesce(found, nw.lit(cast("Any", start)))

    def _test(self, assumed: Value | None) -> Callable[[str], nw.Expr]:
        """How to ask whether the fact is, or holds, a value."""
        import narwhals as nw  # noqa: PLC0415

        taken = frozenset([assumed]) if isinstance(assumed, str) else assumed or frozenset()
        line: nw.Expr | None = None
        if self.fact.type == "set" and self.shape == "text":
            between = self.raw.str.replace_all(f"[ \\t]*[{separators(self.spelled)}][ \\t]*", ";")
            line = nw.concat_str([nw.lit(";"), between.str.strip_chars(" \t"), nw.lit(";")])

        def test(option: str) -> nw.Expr:
            names = [name for name, key in self.spelled.items() if key == option]
            found: nw.Expr
            if self.shape == "empty lists" or not names:
                found = self.raw.is_null() & ~self.raw.is_null()
            elif line is not None:
                found = joined([line.str.contains(f";{name};", literal=True) for name in names], or_)
            elif self.fact.type == "set":
                found = joined([self.raw.list.contains(name) for name in names], or_)
            else:
                found = self.raw.is_in(names)
            return found.fill_null(option in cast("frozenset[str]", taken))

        return test


def _rows(frame: Any) -> list[tuple[Any, ...]]:
    """The rows of a lazy frame, for which a query is run."""
    collected = frame.collect() if hasattr(frame, "collect") else frame
    return [tuple(row) for row in collected.rows()]
