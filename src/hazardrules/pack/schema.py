"""The shape of the files of a pack (pydantic), as ``docs/pack-format.md`` describes them.

Only the shape: names that must exist elsewhere, windows and expressions are checked when the pack is loaded.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, Strict, StringConstraints
from pydantic import model_validator as after_all

from hazardrules.errors import UnknownRegionError
from hazardrules.nearest import fold
from hazardrules.regions import region_code

__all__ = [
    "FILES",
    "AddedValue",
    "DeadlinesFile",
    "DocumentFile",
    "DocumentHead",
    "FactSpec",
    "FactsFile",
    "IndustriesFile",
    "PackFile",
    "RuleSpec",
    "TableRow",
    "TableSpec",
]

ID: Final = r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$"
NAME: Final = r"^[a-z][a-z0-9_]*$"
RULE_ID: Final = r"^[a-z][a-z0-9-]*(?:\.[A-Za-z0-9][A-Za-z0-9_-]*)+$"
VERSION: Final = r"^[0-9]{4}\.[0-9]{1,2}\.[0-9]+$"
REGION: Final = r"^(?:CN|[0-9]{6})$"
BOUND: Final = r"^>=[0-9]+(?:\.[0-9]+)*$"
CODE: Final = r"^[0-9]{6}$"
ELEMENT_TABLE: Final = r"^[A-Za-z][A-Za-z0-9_]*$"


def _date(value: Any) -> date:
    if isinstance(value, str) and len(value) == 10:
        with suppress(ValueError):
            day = date.fromisoformat(value)
            if day.isoformat() == value:
                return day
    raise ValueError(f"日期写作 YYYY-MM-DD,这里是 {value!r}")


def _number(value: Any) -> int | Decimal:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return value
    raise ValueError(f"应是数,这里是 {value!r}")


def _no_bool(value: Any) -> Any:
    if isinstance(value, bool | Decimal):
        raise ValueError("应是整数")  # noqa: TRY004  # pydantic takes ValueError
    return value


def _filled(value: str) -> str:
    if not value.strip():
        raise ValueError("不能是空的")
    return value


def _region(value: str) -> str:
    try:
        return region_code(value)
    except UnknownRegionError:
        raise ValueError(f"没有地区 {value},前两位要是省级代码") from None


Text = Annotated[str, Strict(), AfterValidator(_filled)]
Bool = Annotated[bool, Strict()]
Day = Annotated[date, BeforeValidator(_date, json_schema_input_type=str)]
Num = Annotated[int | Decimal, BeforeValidator(_number, json_schema_input_type=float)]
Whole = Annotated[int, Strict()]
Id = Annotated[str, Strict(), StringConstraints(pattern=ID)]
Bound = Annotated[str, Strict(), StringConstraints(pattern=BOUND)]
Name = Annotated[str, Strict(), StringConstraints(pattern=NAME)]
RuleId = Annotated[str, Strict(), StringConstraints(pattern=RULE_ID)]
Example = dict[str, Any]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=False)


class Requires(_Model):
    """What must be there for the pack to work: ``hazardrules`` and packs by id, each with a lower bound."""

    hazardrules: Bound = ">=0.1"
    packs: dict[Id, Bound] = Field(default_factory=dict)


class PackFile(_Model):
    """``pack.yaml``: what the pack is. ``names`` are the Chinese names of prefectures and counties by their codes."""

    format: Annotated[Literal[1], BeforeValidator(_no_bool)] = 1
    id: Id
    title: Text
    version: Annotated[str, Strict(), StringConstraints(pattern=VERSION)]
    region: Annotated[str, Strict(), StringConstraints(pattern=REGION), AfterValidator(_region)]
    requires: Requires = Requires()
    names: dict[Annotated[str, StringConstraints(pattern=CODE)], Text] = Field(default_factory=dict)


class FactSpec(_Model):
    """One observable: its type, its Chinese label, and what values it may take."""

    type: Literal["boolean", "integer", "number", "enum", "set", "date", "text"]
    label: Text
    unit: Text | None = None
    of: dict[Name, Text] = Field(default_factory=dict)
    min: Num | None = None
    max: Num | None = None
    assume: Any = None
    note: Text | None = None

    @after_all(mode="after")
    def _fits(self) -> FactSpec:
        listed = self.type in ("enum", "set")
        if listed and not self.of:
            raise ValueError(f"{self.type} 类型要用 of 列出可取的值")
        if self.of and not listed:
            raise ValueError(f"{self.type} 类型没有 of")
        if len({fold(label) for label in self.of.values()}) < len(self.of):
            raise ValueError("of 里的中文名重复")
        numeric = self.type in ("integer", "number")
        if not numeric and not (self.unit is None and self.min is None and self.max is None):
            raise ValueError(f"{self.type} 类型没有 unit、min、max")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError("min 大于 max")
        return self


class AddedValue(_Model):
    """A value added to a fact of a parent pack: its Chinese label, and the value that it counts as in others' rules."""

    label: Text
    like: Name


class FactsFile(_Model):
    """``facts/<domain>.yaml``: the vocabulary of one domain.

    For a domain of a parent pack ``label`` is left out; ``extends`` adds values to enum and set facts of the parents,
    by the name of the fact. To rules that don't know a new value it counts as the one that it is ``like``.
    """

    domain: Name
    label: Text | None = None
    facts: dict[Name, FactSpec] = Field(default_factory=dict)
    extends: dict[Name, dict[Name, AddedValue]] = Field(default_factory=dict)


class DocumentHead(_Model):
    """One version of one legal instrument with its window; ``[effective, expires)`` is half open."""

    id: Id
    title: Text
    number: Text | None
    issuer: Text
    rank: Text
    issued: Day
    effective: Day | None
    expires: Day | None
    supersedes: tuple[Id, ...] = ()
    supplements: tuple[Id, ...] = ()
    industries: Annotated[tuple[Text, ...], Field(min_length=1)]
    gate: Text | None = None
    coverage: Literal["full", "partial", "none"]
    missing: tuple[Text, ...] = ()
    source: Text | None = None
    note: Text | None = None


class TableRow(_Model):
    """One band: bounds ``gt``/``ge`` below, ``lt``/``le`` above, at most one of each, and the value there."""

    gt: Num | None = None
    ge: Num | None = None
    lt: Num | None = None
    le: Num | None = None
    value: Num

    @after_all(mode="after")
    def _bounds(self) -> TableRow:
        if self.gt is not None and self.ge is not None:
            raise ValueError("下界只能是 gt 或 ge 之一")
        if self.lt is not None and self.le is not None:
            raise ValueError("上界只能是 lt 或 le 之一")
        return self


class TableSpec(_Model):
    """A piecewise-constant look-up."""

    title: Text
    input: Text
    output: Text
    rows: Annotated[tuple[TableRow, ...], Field(min_length=1)]


class AlsoRef(_Model):
    """A further citation that applies where its condition holds."""

    ref: Text
    when: Text


class RuleSpec(_Model):
    """One clause as an expression over facts (or, under ``elements``, one sub-condition)."""

    id: RuleId
    ref: Text
    group: Text | None = None
    title: Text
    industries: tuple[Id, ...] = ()
    level: Literal["major", "general"] = "major"
    status: Literal["stable", "draft"] = "stable"
    manual: Bool = False
    when: Text | None = None
    hit: tuple[Example, ...] = ()
    miss: tuple[Example, ...] = ()
    open: tuple[Example, ...] = ()
    remedy: Text | None = None
    inspect: Text | None = None
    note: Text | None = None
    also_ref: tuple[AlsoRef, ...] = ()
    tightens: RuleId | None = None

    @after_all(mode="after")
    def _decidable(self) -> RuleSpec:
        if self.manual and (self.when or self.hit or self.miss or self.open):
            raise ValueError("manual 的条款由人判断,不写 when、hit、miss、open")
        if not self.manual and self.when is None:
            raise ValueError("缺少 when(只有由人判断的条款写 manual: true)")
        return self


class DocumentFile(_Model):
    """``documents/<id>.yaml``: one document version with its rules, in the order of its articles."""

    document: DocumentHead
    tables: dict[Annotated[str, StringConstraints(pattern=ELEMENT_TABLE)], TableSpec] = Field(default_factory=dict)
    elements: tuple[RuleSpec, ...] = ()
    rules: tuple[RuleSpec, ...] = ()


class IndustrySpec(_Model):
    """One industry; ``parents`` are the wider ones that it belongs to."""

    id: Id
    label: Text
    aliases: tuple[Text, ...] = ()
    parents: tuple[Id, ...] = ()


class IndustriesFile(_Model):
    """``industries.yaml``."""

    industries: tuple[IndustrySpec, ...]


class _Provision(_Model):
    """What a deadline and a duty have in common: for which findings they stand, since when, and on what ground."""

    id: Id
    level: Literal["major", "general", "any"]
    industries: tuple[Id, ...] = ()
    documents: tuple[Id, ...] = ()
    citation: Text
    evidence: Text
    effective: Day | None = None
    expires: Day | None = None


class DeadlineSpec(_Provision):
    """When a hazard must be rectified. ``days`` is 0 for ``immediate``; ``policy`` entries are not law and say so.

    The first day is not counted; with ``rolls`` an end on a rest day moves to the next working day, where the law that
    ``counting`` names says so.
    """

    source: Literal["statutory", "policy"]
    days: Annotated[Whole, Field(ge=0, le=3650)]
    day_kind: Literal["calendar", "working", "immediate"]
    rolls: Bool = False
    counting: Text | None = None
    text: Text

    @after_all(mode="after")
    def _counts(self) -> DeadlineSpec:
        if self.day_kind == "immediate" and self.days != 0:
            raise ValueError("day_kind 是 immediate,days 只能是 0")
        if self.rolls and not self.counting:
            raise ValueError("rolls 要有 counting:写明末日顺延的法律依据")
        return self


class DutySpec(_Provision):
    """What must happen besides rectification.

    ``days`` count from the trigger. Where the trigger is the discovery itself, ``starts`` is ``observed`` and the day
    it is due can be told at once; otherwise it is told when the trigger has happened.
    """

    kind: Literal[
        "report",
        "plan",
        "stop_work",
        "evacuate",
        "supervise",
        "recheck",
        "accept",
        "publicise",
        "notify_staff",
        "dispatch",
    ]
    actor: Text
    trigger: Text
    period: Text | None = None
    days: Annotated[Whole, Field(ge=0, le=3650)] | None = None
    day_kind: Literal["calendar", "working", "hours"] | None = None
    starts: Literal["observed", "trigger"] = "trigger"
    text: Text

    @after_all(mode="after")
    def _counts(self) -> DutySpec:
        if (self.days is None) != (self.day_kind is None):
            raise ValueError("days 和 day_kind 要一起写")
        if self.starts == "observed" and (self.days is None or self.day_kind == "hours"):
            raise ValueError("starts 是 observed 的要有 days,按日计")
        return self


class DeadlinesFile(_Model):
    """``deadlines.yaml``: deadlines and duties, each with its ground."""

    policy: Text
    deadlines: tuple[DeadlineSpec, ...]
    duties: tuple[DutySpec, ...] = ()


FILES: Final[dict[str, type[_Model]]] = {
    "pack": PackFile,
    "facts": FactsFile,
    "document": DocumentFile,
    "industries": IndustriesFile,
    "deadlines": DeadlinesFile,
}
"""The kinds of files in a pack, for JSON Schemas."""
