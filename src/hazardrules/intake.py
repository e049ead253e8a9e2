"""What is read of a frame before it is judged: its facts, the settings of its rows, the cells that can't be used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from hazardrules.columns import Cell, Reader, members, shape_of
from hazardrules.engines import Engine
from hazardrules.errors import FactValueError, Problem, UnknownIndustryError, raise_all
from hazardrules.headings import FrameProblem, Names
from hazardrules.lang.exact import Stages
from hazardrules.lang.frame import START
from hazardrules.lang.parts import Part
from hazardrules.model import Observation
from hazardrules.pack.policy import Policy
from hazardrules.pack.values import clip
from hazardrules.rulebook import RuleBook
from hazardrules.seasons import Seasons

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["Intake"]


class Intake:
    """The columns of one frame, read."""

    def __init__(
        self, book: RuleBook, policies: Sequence[Policy], engine: Engine, names: Names, observation: Observation
    ) -> None:
        """Read the columns.

        :param observation: what holds for all rows: industries, day, whether reported.
        """
        self.book, self.engine, self.names, self.reported = book, engine, names, observation.reported
        self.stages = Stages("x")
        self.problems: list[FrameProblem] = []
        self.schema = engine.frame.collect_schema()
        self.days = self._text_days()
        self.frame = self.prepared(engine.frame)
        self.bad: list[tuple[Part, str, str, str | None]] = []
        self.cells = {cell.fact.id: cell for cell in self._cells()}
        self.was_reported = self._reported()
        self.seasons = self._seasons(policies, observation.industry, observation.observed_on)

    def _text_days(self) -> dict[str, str]:
        """The columns of texts that name days, by the columns that hold the days."""
        days = [name for name, fact in self.names.facts.items() if fact.type == "date"]
        days += [self.names.roles[role] for role in ("observed_on",) if role in self.names.roles]
        inner = [self.engine.inner[name] for name in days]
        return {f"d{name[1:]}": name for name in inner if shape_of(self.schema[name]) == "text"}

    def prepared(self, frame: Any) -> Any:
        """A frame of inner names with columns of days for texts that name days."""
        return self.engine.with_days(frame, self.days) if self.days else frame

    def _keep(self, key: object, make: Any) -> nw.Expr:
        return self.stages.keep(key, 0, make).expr

    def _cells(self) -> Iterator[Cell]:
        import narwhals as nw  # noqa: PLC0415

        readers = [
            Reader(self.engine, self.frame, name, fact, self.schema[self.engine.inner[name]])
            for name, fact in self.names.facts.items()
        ]
        suspects = {reader.inner: part for reader in readers if not isinstance(part := reader.suspect(), bool)}
        ones = {n: nw.when(p).then(nw.lit(1)).otherwise(nw.lit(0)).sum() for n, p in suspects.items()}
        counts = _first(self.frame.select(**ones)) if ones else {}
        for reader in readers:
            looked = counts.get(reader.inner) or 0
            if looked:
                reader.examine()
            cell = reader.cell(self.book.facts[reader.fact.id].assume, self._keep)
            if reader.odd:
                self.problems.extend(
                    FrameProblem(reader.name, clip(o.value), o.problem, o.hint, o.count, o.rows) for o in reader.odd
                )
                inner = None if reader.shape in ("texts", "empty lists", "other") else reader.inner
                name = f"{reader.name}({reader.fact.label})" if reader.name == reader.fact.id else reader.name
                self.bad.append((cell.bad, name, reader.fact.allowed(), inner))
            yield cell

    def _reported(self) -> Part:
        """The rows that were reported as hazards."""
        import narwhals as nw  # noqa: PLC0415

        name = self.names.roles.get("reported")
        if name is None:
            return self.reported
        inner = self.engine.inner[name]
        shape, raw = shape_of(self.schema[inner]), nw.col(inner)
        if shape == "boolean":
            bad = raw.is_null()
        elif shape == "text":
            bad = (~raw.cast(nw.String).is_in(["是", "否"])).fill_null(value=True)
        else:
            message = "上报的列应是 true、false 或是、否"
            raise_all([(FactValueError, Problem(name, str(self.schema[inner]), message))])
        self._role_problem(name, bad, "只能是 true 或 false(是、否),不能空")
        value = raw if shape == "boolean" else raw.cast(nw.String) == "是"
        return self._keep(("reported",), lambda: value.fill_null(value=False))

    def _role_problem(self, name: str, bad: nw.Expr, allowed: str) -> None:
        import narwhals as nw  # noqa: PLC0415

        inner = self.engine.inner[name]
        rows = self.frame.filter(bad)
        keys, first = [inner], {}
        if self.engine.eager:
            rows, first = self.frame.with_row_index("row").filter(bad), {"row": nw.col("row").min()}
        found = rows.group_by(keys).agg(n=nw.len(), **first).head(20)
        for value, count, *row in _rows(found.select(inner, "n", *first)):
            where = (row[0] + 1,) if row else ()
            self.problems.append(
                FrameProblem(name, clip(value), f"值 {clip(value)} 用不了,{allowed}", "", count, where)
            )
        self.bad.append((self._keep(("bad", name), lambda: bad), name, allowed, None))

    def _seasons(self, policies: Sequence[Policy], industries: tuple[str, ...], on: date) -> Seasons:
        """The settings that the rows fall into."""
        import narwhals as nw  # noqa: PLC0415

        columns: dict[str, nw.Expr] = {}
        day: date | nw.Expr = on
        name = self.names.roles.get("observed_on")
        if name is not None:
            inner = self.engine.inner[name]
            shape = shape_of(self.schema[inner])
            raw = nw.col(f"d{inner[1:]}") if shape == "text" else nw.col(inner)
            if shape not in ("text", "date", "moment"):
                message = "检查日期的列应是日期 YYYY-MM-DD"
                raise_all([(FactValueError, Problem(name, str(self.schema[inner]), message))])
            bad = raw.is_null()
            if shape == "moment":
                bad = (raw.dt.truncate("1d") != raw).fill_null(value=True)
                raw = raw.dt.date()
            self._role_problem(name, bad, "应是日期 YYYY-MM-DD,不能空")
            day, columns["on"] = self._keep(("on",), lambda: raw), raw
        given = self.names.roles.get("industry")
        if given is not None:
            inner = self.engine.inner[given]
            if shape_of(self.schema[inner]) not in ("text", "other"):
                raise_all([(UnknownIndustryError, Problem(given, str(self.schema[inner]), "行业的列应是文字"))])
            columns["industry"] = nw.col(inner).cast(nw.String)
        if not columns:
            return Seasons(self.book, policies, [(industries, on)], {industries: True}, on)
        found = _rows(self.frame.select(**columns).unique().select(*columns))
        rows = [dict(zip(columns, row, strict=True)) for row in found]
        groups: dict[str | None, tuple[str, ...]] = {}
        if given is not None:
            groups = self._industries(given, {row["industry"] for row in rows})
        pairs = [
            (groups[row["industry"]] if given is not None else industries, row.get("on", on))
            for row in rows
            if row.get("on", on) is not None and (given is None or row["industry"] in groups)
        ]
        which: dict[tuple[str, ...], Part] = {}
        if given is None:
            which[industries] = True
        else:
            for ids in dict.fromkeys(groups.values()):
                which[ids] = self._named(given, [raw for raw, found_ in groups.items() if found_ == ids])
        seasons = Seasons(self.book, policies, pairs, which, day)
        if len(seasons.settings) > 1:
            seasons.number = self.stages.keep(("setting",), START, seasons.numbered).expr
        return seasons

    def _named(self, column: str, raws: Sequence[str | None]) -> nw.Expr:
        """The rows whose industry is written in one of these ways."""
        import narwhals as nw  # noqa: PLC0415

        raw = nw.col(self.engine.inner[column]).cast(nw.String)
        named = raw.is_in([one for one in raws if one is not None]).fill_null(value=False)
        test = named | raw.is_null() if None in raws else named
        return self._keep(("industry", tuple(raws)), lambda: test)

    def _industries(self, column: str, raws: Iterable[str | None]) -> dict[str | None, tuple[str, ...]]:
        """The industries that the texts of a column name; texts that name none are told."""
        found: dict[str | None, tuple[str, ...]] = {}
        wrong: list[str] = []
        for raw in sorted(raws, key=str):
            names = None if raw is None else members(raw, ()) if not self._is_industry(raw) else [raw]
            try:
                found[raw] = self.book.industry_ids(names)
            except UnknownIndustryError as error:
                wrong.append(str(raw))
                told = error.problem
                self.problems.append(FrameProblem(column, clip(raw), told.problem, told.hint))
        if wrong:
            bad = self._named(column, wrong)
            self.bad.append((bad, column, "应是行业的标识、名称或别名", self.engine.inner[column]))
        return found

    def _is_industry(self, name: str) -> bool:
        try:
            return bool(self.book.industry_ids(name))
        except UnknownIndustryError:
            return False


def _rows(frame: Any) -> list[tuple[Any, ...]]:
    """The rows of a small result, for which a lazy engine runs a query."""
    return [tuple(row) for row in (frame.collect() if hasattr(frame, "collect") else frame).rows()]


def _first(frame: Any) -> dict[str, Any]:
    collected = frame.collect() if hasattr(frame, "collect") else frame
    return dict(collected.rows(named=True)[0])
