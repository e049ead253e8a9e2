"""Many observations at once: ``classify()`` for every row of a dataframe, inside the frame's own engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from operator import add
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from hazardrules.deadline import replace_policy
from hazardrules.engines import engine_of
from hazardrules.errors import (
    HazardRulesError,
)
from hazardrules.headings import RESULTS, ROLES, FrameProblem, Names
from hazardrules.intake import Intake
from hazardrules.judge import default_book
from hazardrules.lang.digits import TooLongError
from hazardrules.lang.frame import Column, FrameWriter
from hazardrules.lang.nodes import facts_read
from hazardrules.lang.parts import Part, all_of, any_of, inverse, joined
from hazardrules.model import Level
from hazardrules.observation import read_observation
from hazardrules.pack.content import FactDef, Rule
from hazardrules.pack.policy import Policy
from hazardrules.record import Record
from hazardrules.rulebook import RuleBook
from hazardrules.setting import Setting

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["RESULTS", "ROLES", "FrameProblem", "FrameResult", "classify_frame"]


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
    names = Names(used, tuple(keep), {"industry": industry, "observed_on": observed_on, "reported": reported})
    engine = engine_of(frame, names.wanted)
    names.read(engine.names, RESULTS if not explain else (*RESULTS, "reason"), strict=strict)
    every = True if reported is None else reported
    given = read_observation(used, {}, industry=industry, region=region, observed_on=observed_on, reported=every)
    policies, _ = replace_policy(used.policies, policy)
    intake = Intake(used, policies, engine, names, given.observation)
    plan = _Plan(intake)
    results = plan.results(explain=explain)
    return FrameResult(engine.added(plan.work(results), list(results)), (*names.problems, *intake.problems))


class _Held(NamedTuple):
    """A criterion, and the rows in which it holds and in which it is open."""

    rule: Rule
    holds: Part
    open: Part


class _Plan:
    """The expressions for one frame."""

    def __init__(self, intake: Intake) -> None:
        self.intake, self.book, self.stages = intake, intake.book, intake.stages
        self.cells, self.seasons, self.bad = intake.cells, intake.seasons, intake.bad
        self.held = [self._held(rule) for rule in self._rules() if rule.stands_under is not None]

    def _rules(self) -> tuple[Rule, ...]:
        """The criteria that read one of the columns, in a setting that one of the rows has."""
        settings = self.seasons.settings.values()
        documents = [id_ for id_ in self.book.documents if any(id_ in setting.documents for setting in settings)]
        found: list[Rule] = []
        for id_ in documents:
            numbers = {number for fact in self.cells for number in self.book.numbers(id_, fact)}
            rules = self.book.documents[id_].rules
            found.extend(rules[number] for number in sorted(numbers))
        return tuple(rule for rule in found if self._where(rule) is not False)

    def _where(self, rule: Rule) -> Part:
        return self.seasons.where(lambda one: rule.document in one.documents and one.law.meets(rule.industries))

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
        return part if isinstance(part, bool) else self._kept(key, part, level)

    def _kept(self, key: object, expr: nw.Expr, level: int) -> nw.Expr:
        return self.stages.keep(key, level, lambda: expr).expr

    def _gaps(self) -> Part:
        """The rows for which something is not held that matters to them."""
        always = self.seasons.where(lambda setting: any(one.always for one in setting.lacking))
        parts: list[Part] = [always]
        lines = {one.line for setting in self.seasons.settings.values() for one in setting.lacking if not one.always}
        for line in sorted(lines):
            spoken = [c.given for id_, c in self.cells.items() if any(self.book.reads(d, (id_,)) for d in line)]
            there = self.seasons.where(partial(_lacks, line))
            parts.append(all_of([there, any_of(spoken)]))
        return any_of(parts)

    def _lost(self) -> Part:
        """The rows with a fact that no criterion looked at, although one of another time or industry would."""
        parts: list[Part] = []
        for id_, cell in self.cells.items():
            if cell.fact.kind is None:
                continue
            matters = self.seasons.where(partial(_matters, cell.fact))
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
        is_general = self._column(
            ("general",), any_of([*(one.holds for one in general), self.intake.was_reported]), level
        )
        manual = self.seasons.where(lambda s: any(one.level is Level.MAJOR for one in s.law.manual))
        open_major = any_of([manual, *(one.open for one in major)])
        unsure = any_of([self._gaps(), open_major, self._lost()])
        opened = [nw.when(h.open).then(nw.lit(1)).otherwise(nw.lit(0)) for h in held if not isinstance(h.open, bool)]
        count = joined([self.seasons.count(lambda setting: len(setting.law.manual)), *opened], add)
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
            rows = self._kept(("usable",), usable, level)
            found = {name: nw.when(rows).then(expr) for name, expr in found.items()}
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
        return _choose(any_of([part for part, *_ in self.bad]), told, nothing)

    def work(self, results: Mapping[str, nw.Expr]) -> Any:
        """What is done to a frame with inner names."""

        def run(frame: Any) -> Any:
            here = self.intake.prepared(frame)
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


def _lacks(line: tuple[str, ...], setting: Setting) -> bool:
    return any(one.line == line and not one.always for one in setting.lacking)


def _matters(fact: FactDef, setting: Setting) -> bool:
    unused = setting.law.unused(fact.id)
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
