"""Many observations at once: ``classify()`` for every row of a dataframe, inside the frame's own engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from operator import add
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from hazardrules.columns import Cell, Reader, members, shape_of
from hazardrules.deadline import replace_policy
from hazardrules.engines import Engine, engine_of
from hazardrules.errors import (
    FactValueError,
    HazardRulesError,
    InputError,
    Problem,
    UnknownFactError,
    UnknownIndustryError,
    raise_all,
)
from hazardrules.judge import default_book
from hazardrules.lang.exact import Stages
from hazardrules.lang.frame import START, Column, FrameWriter, Part, TooLongError, all_of, any_of, inverse, joined
from hazardrules.lang.nodes import facts_read
from hazardrules.model import Level
from hazardrules.nearest import fold, nearest_hint
from hazardrules.observation import read_observation
from hazardrules.pack.content import FactDef, Rule
from hazardrules.pack.policy import Policy
from hazardrules.pack.values import clip
from hazardrules.record import Record
from hazardrules.rulebook import RuleBook
from hazardrules.seasons import Seasons
from hazardrules.setting import Setting

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["RESULTS", "ROLES", "FrameProblem", "FrameResult", "classify_frame"]

RESULTS: Final = ("level", "conclusive", "rules", "due_on", "open", "problem")
"""The columns that are added; with ``explain=True`` also ``reason``."""
ROLES: Final[Mapping[str, tuple[str, ...]]] = {
    "industry": ("industry", "行业"),
    "observed_on": ("observed_on", "检查日期"),
    "reported": ("reported", "上报"),
    "ref": ("ref", "编号"),
}
"""What a column may hold besides a fact, and how it is then called."""
_ROW_ONLY: Final = {
    "other": "文字描述的情况",
    "asserted": "人工认定",
    "ordered": "责令期限",
}


class FrameProblem(Record):
    """Something in a column that can't be used: which value, in how many rows, where first (rows count from 1).

    ``rows`` is empty where the engine knows no order of rows; ``count`` is 0 for what concerns the column as a whole.
    """

    column: str
    value: str
    problem: str
    hint: str = ""
    count: int = 0
    rows: tuple[int, ...] = ()

    def __str__(self) -> str:
        where = f"{self.column}" + (f"(第{'、'.join(map(str, self.rows))}行起,共{self.count}行)" if self.rows else "")
        return f"{where}: {self.problem}" + (f"(提示:{self.hint})" if self.hint else "")


class FrameResult(Record):
    """A judged frame: ``frame`` is of the kind that was given, ``problems`` are the cells and columns left unused."""

    frame: Any
    problems: tuple[FrameProblem, ...]


def classify_frame(
    frame: Any,
    *,
    book: RuleBook | None = None,
    industry: str | Iterable[str] | None = None,
    region: str | None = None,
    observed_on: str | date | None = None,
    reported: bool | None = None,
    explain: bool = False,
    strict: bool = True,
    keep: Iterable[str] = (),
    policy: Policy | str | Path | None = None,
) -> FrameResult:
    """Judge every row of a dataframe as ``classify()`` judges one observation.

    Columns are facts, by id or Chinese label; what is null is unknown. Industry, day, and whether it was reported may
    be given for all rows, or as columns (``ROLES``). A row with a cell that can't be used gets no result and says why
    in ``problem``; the other rows are judged.

    :param frame: of polars (eager or lazy), pandas, pyarrow, DuckDB or PySpark, or as narwhals wraps them.
    :param book: the rule book to use; default: the national one, with the packs that are found for the region.
    :param industry: of all rows; None considers every industry.
    :param region: GB/T 2260 code, name, short name or pinyin.
    :param observed_on: of all rows; default: today in China.
    :param reported: whether the inspectors reported hazards, so that each is at least general; default: yes.
    :param explain: adds ``reason``: the criteria that hold, with their citations.
    :param strict: False tells of unknown columns in ``problems`` and hands them on instead of raising.
    :param keep: columns to hand on that are no facts.
    :param policy: a policy file that replaces the default deadlines where the law fixes none.
    :raises InputError: with every problem: columns that are no facts, or that say twice what is given; no frame.
    :raises HazardRulesError: where the packages for dataframes are not installed.
    """
    used = book if book is not None else default_book(region)
    names = _Names(used, tuple(keep), {"industry": industry, "observed_on": observed_on, "reported": reported})
    engine = engine_of(frame, names.wanted)
    names.read(engine.names, RESULTS if not explain else (*RESULTS, "reason"), strict=strict)
    constant = {
        "industry": industry,
        "region": region,
        "observed_on": observed_on,
        "reported": True if reported is None else reported,
    }
    observation = read_observation(used, {}, **constant).observation
    policies, _ = replace_policy(used.policies, policy)
    plan = _Plan(used, policies, engine, names, observation.industry, observation.observed_on, observation.reported)
    results = plan.results(explain=explain)
    return FrameResult(engine.added(plan.work(results), list(results)), (*names.problems, *plan.problems))


class _Names:
    """What the columns of a frame are: facts, roles, or handed on."""

    def __init__(self, book: RuleBook, keep: tuple[str, ...], given: Mapping[str, Any]) -> None:
        self.book, self.keep = book, keep
        self.given = {role for role, value in given.items() if value is not None}
        self.facts: dict[str, FactDef] = {}
        self.roles: dict[str, str] = {}
        self.problems: list[FrameProblem] = []

    def _role(self, name: str) -> str | None:
        return next((role for role, called in ROLES.items() if name in called), None)

    def _fact(self, name: str) -> str | None:
        return name if name in self.book.facts else self.book.fact_names.get(fold(name[:500]))

    def wanted(self, names: Sequence[str]) -> list[str]:
        """The columns that are read."""
        return [n for n in names if n not in self.keep and self._role(n) != "ref" and (self._role(n) or self._fact(n))]

    def read(self, names: Sequence[str], new: Sequence[str], *, strict: bool) -> None:
        """Find out what each column is.

        :raises InputError: with every column that is nothing known, twice the same, or in the way of a result.
        """
        wrong: list[tuple[type[InputError], Problem]] = []
        facts: dict[str, str] = {}
        for name in names:
            role, id_ = self._role(name), self._fact(name)
            if name in new:
                problem = Problem(name, name, "这个列名是判定结果用的", "改列名,或先去掉上次的结果")
                wrong.append((FactValueError, problem))
            elif name in self.keep:
                continue
            elif role is not None:
                if role in self.given or role in self.roles:
                    problem = Problem(name, name, f"{role} 给了两次:参数和列,或两列", "只留一个")
                    wrong.append((FactValueError, problem))
                self.roles[role] = name
            elif id_ is not None and id_ in facts:
                problem = Problem(name, name, f"与列 {facts[id_]} 是同一个事实 {id_}", "只留一列")
                wrong.append((FactValueError, problem))
            elif id_ is not None:
                facts[id_] = name
                self.facts[name] = self.book.facts[id_]
            else:
                problem = self._unknown(name)
                if strict or name in _ROW_ONLY:
                    wrong.append((UnknownFactError, problem))
                else:
                    self.problems.append(FrameProblem(name, name, problem.problem, problem.hint))
        absent = [name for name in self.keep if name not in names]
        wrong.extend((FactValueError, Problem("keep", name, f"没有列 {name}", nearest_hint(name, names))) for name in absent)
        if wrong:
            raise_all(wrong)

    def _unknown(self, name: str) -> Problem:
        if name in _ROW_ONLY:
            return Problem(name, name, f"数据框不判{_ROW_ONLY[name]}", "这样的行用 classify() 逐条判")
        known = [n for fact in self.book.facts.values() for n in (fact.id, fact.label)]
        known += [called for role in ROLES.values() for called in role]
        hint = nearest_hint(name, known) or "不是事实的列写在 keep 里,原样带过"
        return Problem(name, name, f"列 {clip(name)} 不是事实", hint)


class _Held(NamedTuple):
    """A criterion, and the rows in which it holds and in which it is open."""

    rule: Rule
    holds: Part
    open: Part


class _Plan:
    """The expressions for one frame."""

    def __init__(
        self,
        book: RuleBook,
        policies: Sequence[Policy],
        engine: Engine,
        names: _Names,
        industries: tuple[str, ...],
        on: date,
        reported: bool,
    ) -> None:
        self.book, self.engine, self.names, self.reported = book, engine, names, reported
        self.stages = Stages("x")
        self.problems: list[FrameProblem] = []
        self.schema = engine.frame.collect_schema()
        self.days = self._text_days()
        self.frame = self._prepared(engine.frame)
        self.bad: list[tuple[Part, str, str, str | None]] = []
        self.cells = {cell.fact.id: cell for cell in self._cells()}
        self.was_reported = self._reported()
        self.seasons = self._seasons(policies, industries, on)
        self.held = [self._held(rule) for rule in self._rules() if rule.stands_under is not None]

    # What is read

    def _text_days(self) -> dict[str, str]:
        """The columns of texts that name days, by the columns that hold the days."""
        days = [name for name, fact in self.names.facts.items() if fact.type == "date"]
        days += [self.names.roles[role] for role in ("observed_on",) if role in self.names.roles]
        inner = [self.engine.inner[name] for name in days]
        return {f"d{name[1:]}": name for name in inner if shape_of(self.schema[name]) == "text"}

    def _prepared(self, frame: Any) -> Any:
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
            bad = nw.lit(value=True)
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
            self.problems.append(FrameProblem(name, clip(value), f"值 {clip(value)} 用不了,{allowed}", "", count, where))
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
            bad = nw.lit(value=True)
            if shape in ("text", "date"):
                bad = raw.is_null()
            elif shape == "moment":
                bad = (raw.dt.truncate("1d") != raw).fill_null(value=True)
                raw = raw.dt.date()
            self._role_problem(name, bad, "应是日期 YYYY-MM-DD,不能空")
            if shape not in ("text", "date", "moment"):
                raise_all([(FactValueError, Problem(name, str(self.schema[inner]), "检查日期的列应是日期 YYYY-MM-DD"))])
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

    # What is judged

    def _rules(self) -> tuple[Rule, ...]:
        """The criteria that read one of the columns, in a setting that one of the rows has."""
        settings = self.seasons.settings.values()
        documents = [id_ for id_ in self.book.documents if any(id_ in setting.documents for setting in settings)]
        found = self.book.reading(list(self.cells), documents)
        return tuple(rule for rule in found if self._where(rule) is not False)

    def _where(self, rule: Rule) -> Part:
        return self.seasons.where(lambda one: rule.document in one.documents and one.meets(rule.industries))

    def _considered(self, rule: Rule) -> Part:
        """The rows in which a criterion is held against the facts."""
        return all_of([self._where(rule), any_of([self.cells[id_].given for id_ in rule.reads if id_ in self.cells])])

    @property
    def _writer(self) -> FrameWriter:
        columns: dict[str, Column] = {}
        for id_, cell in self.cells.items():
            if cell.column is not None:
                columns[id_] = cell.column
        assumed = _Assumed(self.book)
        return FrameWriter(self.stages, columns, assumed, self.seasons.on)

    def _held(self, rule: Rule) -> _Held:
        if rule.status != "stable":
            return _Held(rule, holds=False, open=False)
        try:
            sure, maybe = self._writer.truth(rule.whole)
        except TooLongError as error:
            problem = f"{rule.id} 的算式 {error} 位数太多,数据框不能精确计算"
            raise HazardRulesError(f"{problem};这样的行用 classify() 逐条判") from None
        considered = self._considered(rule)
        return _Held(rule, all_of([considered, sure]), all_of([considered, maybe, inverse(sure)]))

    def _settled(self) -> list[_Held]:
        """The criteria with columns of their own for where they hold."""
        level = len(self.stages.layers)
        kept = []
        for rule, holds, open_ in self.held:
            both = [self._column((what, rule.id), part, level) for what, part in (("holds", holds), ("open", open_))]
            kept.append(_Held(rule, both[0], both[1]))
        return kept

    def _column(self, key: object, part: Part, level: int) -> Part:
        return part if isinstance(part, bool) else self.stages.keep(key, level, lambda: part).expr

    def _gaps(self) -> Part:
        """The rows for which something is not held that matters to them."""
        always = self.seasons.where(lambda setting: any(one.always for one in setting.lacking))
        parts: list[Part] = [always]
        lines = {one.line for setting in self.seasons.settings.values() for one in setting.lacking if not one.always}
        for line in sorted(lines):
            spoken = [c.given for id_, c in self.cells.items() if any(self.book.reads(d, (id_,)) for d in line)]
            there = self.seasons.where(
                lambda setting, line=line: any(one.line == line and not one.always for one in setting.lacking)
            )
            parts.append(all_of([there, any_of(spoken)]))
        return any_of(parts)

    def _lost(self) -> Part:
        """The rows with a fact that no criterion looked at, although one of another time or industry would."""
        parts: list[Part] = []
        for id_, cell in self.cells.items():
            if cell.fact.kind is None:
                continue
            matters = self.seasons.where(lambda one, fact=cell.fact: _matters(one, fact))
            if matters is False:
                continue
            used = [self._considered(h.rule) for h in self.held if id_ in _reads(h.rule)]
            parts.append(all_of([matters, cell.given, inverse(any_of(used))]))
        return any_of(parts)

    def results(self, *, explain: bool) -> dict[str, nw.Expr]:
        """The columns that are added."""
        import narwhals as nw  # noqa: PLC0415

        held = self._settled()
        major = [one for one in held if one.rule.level == Level.MAJOR]
        general = [one for one in held if one.rule.level == Level.GENERAL]
        level = len(self.stages.layers)
        is_major = self._column(("major",), any_of([one.holds for one in major]), level)
        is_general = self._column(("general",), any_of([*(one.holds for one in general), self.was_reported]), level)
        manual = self.seasons.where(lambda s: any(one.level is Level.MAJOR for one in s.manual))
        open_major = any_of([manual, *(one.open for one in major)])
        unsure = any_of([self._gaps(), open_major, self._lost()])
        opened = [nw.when(h.open).then(nw.lit(1)).otherwise(nw.lit(0)) for h in held if not isinstance(h.open, bool)]
        count = joined([self.seasons.count(lambda setting: len(setting.manual)), *opened], add)
        found = {
            "level": _choose(is_major, nw.lit("major"), _choose(is_general, nw.lit("general"), nw.lit("none"))),
            "conclusive": _expr(inverse(unsure)),
            "rules": self._listed(held),
            "due_on": self._due(held, is_major, is_general),
            "open": count.cast(nw.Int64),
        }
        if explain:
            found["reason"] = self._reasons(held, is_general)
        usable = inverse(any_of([part for part, *_ in self.bad]))
        if not isinstance(usable, bool):
            usable = self.stages.keep(("usable",), level, lambda usable=usable: usable).expr
            found = {name: nw.when(usable).then(expr) for name, expr in found.items()}
        found["problem"] = self._told()
        return {name: found[name] for name in (*RESULTS, "reason") if name in found}

    def _listed(self, held: Sequence[_Held]) -> nw.Expr:
        import narwhals as nw  # noqa: PLC0415

        nothing = nw.lit([], dtype=nw.List(nw.String))
        text = _joined([(one.holds, one.rule.id) for one in held])
        if text is None:
            return nothing
        kept = self.stages.keep(("rules",), len(self.stages.layers) - 1, lambda: text).expr
        return nw.when(kept == "").then(nothing).otherwise(kept.str.split(";"))

    def _due(self, held: Sequence[_Held], is_major: Part, is_general: Part) -> nw.Expr:
        import narwhals as nw  # noqa: PLC0415

        nothing = nw.lit(None, dtype=nw.Date)
        days = {}
        for level in (Level.MAJOR, Level.GENERAL):
            there = {one.rule.id: one.holds for one in held if one.rule.level == level and one.holds is not False}
            rules = [one.rule for one in held if one.rule.id in there]
            told, bare = self.seasons.due(level, rules)
            each = [_choose(any_of([there[rule.id] for rule in same]), due, nothing) for same, due in told]
            if not each:
                days[level] = bare
                continue
            earliest = each[0] if len(each) == 1 else nw.min_horizontal(*each)
            days[level] = nw.coalesce(earliest, bare)
        return _choose(is_major, days[Level.MAJOR], _choose(is_general, days[Level.GENERAL], nothing))

    def _reasons(self, held: Sequence[_Held], is_general: Part) -> nw.Expr:
        import narwhals as nw  # noqa: PLC0415

        text = _joined([(one.holds, _reason(self.book, one.rule)) for one in held])
        reported = nw.lit("没有判定情形成立;检查人员报告为隐患,按一般事故隐患处理")
        nothing = _choose(is_general, reported, nw.lit("没有判定情形成立;检查人员没有报告为隐患,未构成隐患"))
        return nothing if text is None else nw.when(text == "").then(nothing).otherwise(text)

    def _told(self) -> nw.Expr:
        """What is wrong with the cells of a row."""
        import narwhals as nw  # noqa: PLC0415

        nothing = nw.lit(None, dtype=nw.String)
        parts = []
        for part, name, allowed, inner in self.bad:
            if isinstance(part, bool):
                continue
            text = nw.lit(f"{name}:值用不了,应为{allowed}")
            if inner is not None:
                value = nw.col(inner).cast(nw.String).fill_null("空")
                text = nw.concat_str([nw.lit(f"{name}:值 "), value, nw.lit(f" 用不了,应为{allowed}")])
            parts.append(nw.when(part).then(text))
        if not parts:
            return nothing
        told = parts[0] if len(parts) == 1 else nw.concat_str(parts, separator=";", ignore_nulls=True)
        return nw.when(any_of([part for part, *_ in self.bad])).then(told)

    def work(self, results: Mapping[str, nw.Expr]) -> Any:
        """What is done to a frame with inner names."""

        def run(frame: Any) -> Any:
            here = self._prepared(frame)
            for layer in self.stages.layers:
                if layer:
                    here = here.with_columns(**layer)
            return here.with_columns(**results)

        return run


class _Assumed(Mapping[str, Any]):
    """The values that are taken where a fact is not reported, for facts without a column."""

    def __init__(self, book: RuleBook) -> None:
        self.book = book

    def __getitem__(self, id_: str) -> Any:
        fact = self.book.facts[id_]
        if fact.assume is None:
            raise KeyError(id_)
        return fact.assume

    def __iter__(self) -> Iterator[str]:
        return (id_ for id_, fact in self.book.facts.items() if fact.assume is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _matters(setting: Setting, fact: FactDef) -> bool:
    unused = setting.unused(fact)
    return unused.superseded or unused.elsewhere


def _reads(rule: Rule) -> frozenset[str]:
    also = (fact for one in rule.also_cited for fact in facts_read(one.condition))
    return frozenset((*facts_read(rule.whole), *also))


def _reason(book: RuleBook, rule: Rule) -> str:
    return f"属于{book.cite(rule)}所列情形({rule.title}),判定为{Level(rule.level).label}"


def _choose(part: Part, yes: nw.Expr, no: nw.Expr) -> nw.Expr:
    import narwhals as nw  # noqa: PLC0415

    if isinstance(part, bool):
        return yes if part else no
    return nw.when(part).then(yes).otherwise(no)


def _expr(part: Part) -> nw.Expr:
    import narwhals as nw  # noqa: PLC0415

    return nw.lit(part) if isinstance(part, bool) else part


def _joined(texts: Sequence[tuple[Part, str]]) -> nw.Expr | None:
    """The texts of what holds, with ``;`` between them; None where nothing can hold."""
    import narwhals as nw  # noqa: PLC0415

    parts = [_choose(part, nw.lit(text), nw.lit(None, dtype=nw.String)) for part, text in texts if part is not False]
    if not parts:
        return None
    return nw.concat_str(parts, separator=";", ignore_nulls=True)


def _rows(frame: Any) -> list[tuple[Any, ...]]:
    """The rows of a small result, for which a lazy engine runs a query."""
    return [tuple(row) for row in (frame.collect() if hasattr(frame, "collect") else frame).rows()]


def _first(frame: Any) -> dict[str, Any]:
    collected = frame.collect() if hasattr(frame, "collect") else frame
    return dict(collected.rows(named=True)[0])


