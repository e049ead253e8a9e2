"""The dataframes that can be judged, and the little that each engine does in its own way.

pandas and pyarrow are worked out by polars, piece by piece, and get the new columns in their own form; polars' lazy
frames, DuckDB relations and Spark's DataFrames stay lazy, and everything runs inside their own engine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from hazardrules.errors import FactValueError, HazardRulesError, Problem, raise_all
from hazardrules.pack.values import clip

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["EXTRA", "SLICE", "Engine", "engine_of"]

EXTRA: Final = "pip install 'hazardrules[frame]'"
SLICE: Final = 131_072
"""How many rows are worked out at a time where the frame is in memory; it bounds what is needed besides."""


def narwhals() -> Any:
    """The library that the expressions are written for.

    :raises HazardRulesError: where it is not installed.
    """
    try:
        import narwhals as found  # noqa: PLC0415  # judging one observation takes no dataframes
        import polars  # noqa: F401, ICN001, PLC0415
    except ImportError:
        raise HazardRulesError(f"数据框判定要先安装:{EXTRA}") from None
    return found


class Engine:
    """A frame as it was given, its column names, and how its engine does what differs.

    ``frame`` is what expressions are written for: the same rows under the names that ``inner`` gives, since dots in a
    name mean something to some engines.
    """

    eager = False

    def __init__(self, native: Any, names: Sequence[str]) -> None:
        self.native, self.names = native, tuple(names)
        self.inner = {name: f"c{number}" for number, name in enumerate(self.names)}

    @property
    def frame(self) -> nw.LazyFrame[Any] | nw.DataFrame[Any]:
        """The rows under their inner names."""
        raise NotImplementedError

    def with_days(self, frame: Any, names: Mapping[str, str]) -> Any:
        """Columns of days for columns of text; null where a text names no day."""
        raise NotImplementedError

    def added(self, work: Callable[[Any], Any], new: Sequence[str]) -> Any:
        """The native frame with the columns ``new`` that ``work`` adds to a narwhals frame with inner names."""
        raise NotImplementedError


class _Polars(Engine):
    """polars: frames in memory go slice by slice, lazy ones as a whole."""

    def __init__(self, native: Any, names: Sequence[str], data: Any) -> None:
        super().__init__(native, names)
        self.data = data
        self.eager = type(data).__name__ == "DataFrame"

    @property
    def frame(self) -> Any:
        return narwhals().from_native(self._renamed(self.data))

    def _renamed(self, data: Any) -> Any:
        import polars as pl  # noqa: PLC0415

        return data.select(pl.col(name).alias(inner) for name, inner in self.inner.items() if name in self._held)

    @property
    def _held(self) -> frozenset[str]:
        return frozenset(self.data.collect_schema().names())

    def with_days(self, frame: Any, names: Mapping[str, str]) -> Any:
        import polars as pl  # noqa: PLC0415

        parsed = [
            pl.when(pl.col(old).str.contains(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))
            .then(pl.col(old))
            .str.to_date("%Y-%m-%d", strict=False)
            .alias(new)
            for new, old in names.items()
        ]
        return narwhals().from_native(frame.to_native().with_columns(parsed))

    def added(self, work: Callable[[Any], Any], new: Sequence[str]) -> Any:
        import polars as pl  # noqa: PLC0415

        if not self.eager:
            given = narwhals().from_native(self._renamed(self.data))
            back = {inner: name for name, inner in self.inner.items()}
            done = work(given).to_native()
            return done.select([*(pl.col(inner).alias(name) for inner, name in back.items()), *new])
        pieces = [self._piece(work, new, start) for start in range(0, max(self.data.height, 1), SLICE)]
        return self._joined(pl.concat(pieces))

    def _piece(self, work: Callable[[Any], Any], new: Sequence[str], start: int) -> Any:
        part = self._renamed(self.data.slice(start, SLICE))
        return work(narwhals().from_native(part)).to_native().select(new)

    def _joined(self, results: Any) -> Any:
        return self.data.hstack(results)


class _Pandas(_Polars):
    """pandas, worked out by polars; the index stays."""

    def _joined(self, results: Any) -> Any:
        import pandas as pd  # noqa: PLC0415

        index, arrow = self.native.index, results.to_arrow()
        types = {name: pd.ArrowDtype(arrow.schema.field(name).type) for name in results.columns}
        columns = {name: pd.Series(pd.array(arrow[name], dtype=kind), index=index) for name, kind in types.items()}
        return self.native.assign(**columns)


class _Arrow(_Polars):
    """pyarrow, worked out by polars."""

    def _joined(self, results: Any) -> Any:
        table, arrow = self.native, results.to_arrow()
        for name in results.columns:
            table = table.append_column(name, arrow[name])
        return table


class _Duck(Engine):
    """A DuckDB relation."""

    @property
    def frame(self) -> Any:
        listed = ", ".join(f"{_quoted(name)} AS {inner}" for name, inner in self.inner.items())
        return narwhals().from_native(self.native.project(listed))

    def with_days(self, frame: Any, names: Mapping[str, str]) -> Any:
        parsed = ", ".join(
            f"CASE WHEN regexp_full_match({old}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}') "
            f"THEN TRY_CAST({old} AS DATE) END AS {new}"
            for new, old in names.items()
        )
        return narwhals().from_native(frame.to_native().project(f"*, {parsed}"))

    def added(self, work: Callable[[Any], Any], new: Sequence[str]) -> Any:
        back = [f"{inner} AS {_quoted(name)}" for name, inner in self.inner.items()]
        return work(self.frame).to_native().project(", ".join([*back, *new]))


class _Spark(Engine):
    """A Spark DataFrame."""

    @property
    def frame(self) -> Any:
        return narwhals().from_native(self.native.toDF(*self.inner.values()))

    def with_days(self, frame: Any, names: Mapping[str, str]) -> Any:
        parsed = [
            f"CASE WHEN {old} RLIKE '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}$' THEN try_cast({old} AS DATE) END AS {new}"
            for new, old in names.items()
        ]
        return narwhals().from_native(frame.to_native().selectExpr("*", *parsed))

    def added(self, work: Callable[[Any], Any], new: Sequence[str]) -> Any:
        done = work(self.frame).to_native().select(*self.inner.values(), *new)
        return done.toDF(*self.names, *new)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _from_pandas(native: Any, names: Sequence[str], wanted: Sequence[str]) -> _Pandas:
    """The wanted columns of a pandas frame; a column of objects of several types can't be judged."""
    import polars as pl  # noqa: PLC0415

    series, problems = [], []
    for name in wanted:
        column = native[name]
        try:
            series.append(pl.Series(name, pl.from_pandas(column, nan_to_null=True)))
        except Exception as error:  # noqa: BLE001  # pyarrow and polars have many kinds of errors for one thing
            reason = f"这一列的值不是同一类型,转换不了:{clip(error)}"
            problems.append((FactValueError, Problem(name, str(column.dtype), reason, "先统一这一列的类型")))
    if problems:
        raise_all(problems)
    return _Pandas(native, names, pl.DataFrame(series))


def engine_of(native: Any, wanted: Callable[[Sequence[str]], Sequence[str]]) -> Engine:
    """The engine of a frame.

    :param wanted: which of its columns are read, by all its names; the others are only handed on.
    :raises HazardRulesError: where the libraries for frames are not installed.
    :raises FactValueError: for what is no frame that is known here, or for a column that can't be read.
    """
    nw = narwhals()
    import polars as pl  # noqa: PLC0415

    if isinstance(native, nw.DataFrame | nw.LazyFrame):
        native = native.to_native()
    try:
        names = list(nw.from_native(native).collect_schema().names())
    except Exception as error:  # noqa: BLE001  # narwhals raises several kinds
        hint = "可用 polars、pandas、pyarrow、DuckDB、PySpark 的数据框"
        raise FactValueError(Problem("frame", type(native).__name__, f"不认识的数据框:{clip(error)}", hint)) from None
    kind = type(native).__module__.partition(".")[0].lstrip("_")
    match kind:
        case "polars":
            return _Polars(native, names, native)
        case "pandas":
            return _from_pandas(native, names, wanted(names))
        case "pyarrow":
            data = pl.DataFrame(pl.from_arrow(native.select(list(wanted(names)))))
            return _Arrow(native, names, data)
        case "duckdb":
            return _Duck(native, names)
        case "pyspark":
            return _Spark(native, names)
        case _:
            hint = "可用 polars、pandas、pyarrow、DuckDB、PySpark 的数据框"
            raise FactValueError(Problem("frame", type(native).__name__, f"不认识的数据框 {kind}", hint))
