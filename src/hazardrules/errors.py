"""What can go wrong, and how it is told.

::

    HazardRulesError
    ├── PackError            one problem in a pack: code, file, line, column, problem, hint
    ├── PackErrors           all problems of one load, in the order of file and line
    └── InputError           a problem in what the caller gave; ``problems`` holds all of them
        ├── UnknownFactError
        ├── FactValueError
        ├── UnknownIndustryError
        ├── UnknownRegionError
        ├── UnknownRuleError
        ├── UnknownProgrammeError
        ├── PolicyError
        ├── EventError
        ├── ProgrammeError
        └── LedgerError

Each class is also the builtin that people already catch (``ValueError`` or ``LookupError``).
Messages are Chinese, for the people who write packs and observations; codes are listed in ``CODES``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NoReturn

from hazardrules.record import Record

__all__ = [
    "CODES",
    "EventError",
    "FactValueError",
    "HazardRulesError",
    "InputError",
    "LedgerError",
    "PackError",
    "PackErrors",
    "PolicyError",
    "Problem",
    "ProgrammeError",
    "UnknownFactError",
    "UnknownIndustryError",
    "UnknownProgrammeError",
    "UnknownRegionError",
    "UnknownRuleError",
    "raise_all",
]

CODES: Final[dict[str, str]] = {
    # 1xx: the file as text and YAML
    "HR101": "文件读不出来",
    "HR102": "YAML 语法错误",
    "HR103": "同一映射里键重复",
    "HR104": "不允许的 YAML 写法(锚点、别名、标签、多文档)",
    "HR105": "超出大小或嵌套上限",
    "HR106": "规则包缺文件或放错位置",
    "HR107": "规则包的格式版本比本库新",
    "HR108": "编译文件没有采用",
    # 2xx: the shape of the data
    "HR201": "缺少必填项",
    "HR202": "不认识的键",
    "HR203": "值的类型或写法不对",
    "HR204": "标识的写法不对",
    # 3xx: expressions
    "HR301": "表达式里有不允许的记号",
    "HR302": "表达式语法错误",
    "HR303": "表达式引用了不存在的事实、要素、表或函数",
    "HR304": "表达式的类型不对",
    "HR305": "枚举里没有这个值",
    "HR306": "表达式超出长度、记号数或嵌套上限",
    "HR307": "注释会吞掉后面的条件",
    # 4xx: consistency of a pack
    "HR401": "标识重复",
    "HR402": "引用了不存在的文件、行业或规则",
    "HR403": "施行期间不合理",
    "HR404": "覆盖声明与缺口不一致",
    "HR405": "规则标识与所在文件不符",
    "HR406": "判定表的区间重叠或为空",
    "HR407": "规则包要求的东西没有",
    "HR408": "规则包互相依赖成圈",
    "HR409": "规则包放松或改动了上级",
    # 5xx: lint
    "HR501": "规则缺少正例或反例",
    "HR502": "条件恒真或恒假",
    "HR503": "两条规则的条件完全相同",
    "HR504": "事实没有被任何规则使用",
    "HR505": "标签重复",
    # 6xx: examples
    "HR601": "例子的判定结果与声明不符",
    "HR602": "例子里的事实或取值不对",
    "HR603": "有条件没有任何例子能翻转",
}
"""Every code of a pack problem with its short title; ``docs/errors/`` has a page for each."""


class HazardRulesError(Exception):
    """Base of every error that this library raises on purpose."""


class PackError(HazardRulesError, ValueError):
    """One problem in a pack.

    ``line`` and ``column`` count from 1 and are 0 where the problem belongs to the file as a whole;
    ``problem`` says what was found and what is allowed, ``hint`` what would put it right ("" if nothing can be said).
    """

    def __init__(self, code: str, file: str, line: int, column: int, problem: str, hint: str = "") -> None:
        self.code, self.file, self.line, self.column = code, file, line, column
        self.problem, self.hint = problem, hint
        super().__init__(str(self))

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place}: {self.code} {self.problem}" + (f"(提示:{self.hint})" if self.hint else "")

    def __reduce__(self) -> tuple[type[PackError], tuple[str, str, int, int, str, str]]:
        return PackError, (self.code, self.file, self.line, self.column, self.problem, self.hint)

    def _key(self) -> tuple[str, int, int, str, str, str]:
        return self.file, self.line, self.column, self.code, self.problem, self.hint

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PackError) and self._key() == other._key()

    def __lt__(self, other: PackError) -> bool:
        return self._key() < other._key()

    def __hash__(self) -> int:
        return hash(self._key())


class PackErrors(HazardRulesError, ValueError):  # noqa: N818  # the plural says what it holds
    """All the problems that were found in one load; ``problems`` is sorted by file and line."""

    def __init__(self, problems: Sequence[PackError]) -> None:
        self.problems: tuple[PackError, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join([f"规则包有 {len(self.problems)} 个问题:", *map(str, self.problems)]))

    def __reduce__(self) -> tuple[type[PackErrors], tuple[tuple[PackError, ...]]]:
        return PackErrors, (self.problems,)


class Problem(Record):
    """One thing that is wrong in the input: ``where`` (a fact or an argument), the value as text, what, and a hint."""

    where: str
    value: str
    problem: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.problem}" + (f"(提示:{self.hint})" if self.hint else "")


class InputError(HazardRulesError):
    """Something is wrong in what the caller gave. ``problems`` holds every problem of the call, not only the first."""

    def __init__(self, problem: Problem, problems: Sequence[tuple[type[InputError], Problem]] = ()) -> None:
        self.problem = problem
        self.problems: tuple[Problem, ...] = tuple(p for _, p in problems) or (problem,)
        self._all = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[InputError], tuple[Problem, Sequence[tuple[type[InputError], Problem]]]]:
        return type(self), (self.problem, self._all)


class UnknownFactError(InputError, LookupError):
    """A fact that no pack of the rule book defines."""


class FactValueError(InputError, ValueError):
    """A value of the wrong type or form, outside its range, or not in its enumeration."""


class UnknownIndustryError(InputError, LookupError):
    """An industry that no pack of the rule book names."""


class UnknownRegionError(InputError, LookupError):
    """A region that is no GB/T 2260 code or name known here."""


class UnknownRuleError(InputError, LookupError):
    """A criterion or document that the rule book does not hold."""


class UnknownProgrammeError(InputError, LookupError):
    """A programme that no pack of the rule book holds."""


class PolicyError(InputError, ValueError):
    """A deadline policy that cannot be used."""


class EventError(InputError, ValueError):
    """An event of a follow-up that is of the wrong form, or that can't have happened in that order."""


class ProgrammeError(InputError, ValueError):
    """What was given to a programme and can't be used: days, triggers, weights, tasks."""


class LedgerError(InputError, ValueError):
    """A record of a ledger, or of its file, that is of the wrong form."""


def raise_all(problems: Sequence[tuple[type[InputError], Problem]]) -> NoReturn:
    """Raise the first problem's class, with every problem in the message and in ``problems``."""
    kind, first = problems[0]
    raise kind(first, problems)
