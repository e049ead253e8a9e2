"""What the columns of a frame are called: facts, what else an observation has, results, or nothing known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from hazardrules.errors import FactValueError, InputError, Problem, UnknownFactError, raise_all
from hazardrules.nearest import fold, nearest_hint
from hazardrules.pack.content import FactDef
from hazardrules.pack.values import clip
from hazardrules.record import Record
from hazardrules.rulebook import RuleBook

__all__ = ["RESULTS", "ROLES", "FrameProblem", "Names"]

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


class Names:
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
        wrong.extend(
            (FactValueError, Problem("keep", name, f"没有列 {name}", nearest_hint(name, names))) for name in absent
        )
        if wrong:
            raise_all(wrong)

    def _unknown(self, name: str) -> Problem:
        if name in _ROW_ONLY:
            return Problem(name, name, f"数据框不判{_ROW_ONLY[name]}", "这样的行用 classify() 逐条判")
        known = [n for fact in self.book.facts.values() for n in (fact.id, fact.label)]
        known += [called for role in ROLES.values() for called in role]
        near = nearest_hint(name, known)
        hint = (f"{near};" if near else "") + "不是事实的列写在 keep 里,原样带过"
        return Problem(name, name, f"列 {clip(name)} 不是事实", hint)
