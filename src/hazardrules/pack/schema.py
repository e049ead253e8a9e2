"""The shape of the files of a pack (pydantic), as ``docs/pack-format.md`` describes them.

Only the shape: names that must exist elsewhere, windows and expressions are checked when the pack is loaded.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, Strict, StringConstraints
from pydantic import model_validator as after_all

from hazardrules.nearest import fold
from hazardrules.pack.programmes import ProgrammeFile
from hazardrules.pack.provisions import DeadlinesFile
from hazardrules.pack.types import (
    CODE,
    ELEMENT_TABLE,
    REGION,
    VERSION,
    Bool,
    Bound,
    Day,
    Example,
    Id,
    Name,
    Num,
    RuleId,
    Shape,
    Text,
    national_region,
    no_bool,
)

__all__ = [
    "FILES",
    "AddedValue",
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


class Requires(Shape):
    """What must be there for the pack to work: ``hazardrules`` and packs by id, each with a lower bound."""

    hazardrules: Bound = ">=0.1"
    packs: dict[Id, Bound] = Field(default_factory=dict)


class PackFile(Shape):
    """``pack.yaml``: what the pack is. ``names`` are the Chinese names of prefectures and counties by their codes."""

    format: Annotated[Literal[1], BeforeValidator(no_bool)] = 1
    id: Id
    title: Text
    version: Annotated[str, Strict(), StringConstraints(pattern=VERSION)]
    region: Annotated[str, Strict(), StringConstraints(pattern=REGION), AfterValidator(national_region)]
    requires: Requires = Requires()
    names: dict[Annotated[str, StringConstraints(pattern=CODE)], Text] = Field(default_factory=dict)


class FactSpec(Shape):
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


class AddedValue(Shape):
    """A value added to a fact of a parent pack: its Chinese label, and the value that it counts as in others' rules."""

    label: Text
    like: Name


class FactsFile(Shape):
    """``facts/<domain>.yaml``: the vocabulary of one domain.

    For a domain of a parent pack ``label`` is left out; ``extends`` adds values to enum and set facts of the parents,
    by the name of the fact. To rules that don't know a new value it counts as the one that it is ``like``.
    """

    domain: Name
    label: Text | None = None
    facts: dict[Name, FactSpec] = Field(default_factory=dict)
    extends: dict[Name, dict[Name, AddedValue]] = Field(default_factory=dict)


class DocumentHead(Shape):
    """One version of one legal instrument with its window; ``[effective, expires)`` is half open.

    ``elaborated_by`` are documents that work out what this one only names: while one of them is in force, its manual
    clauses are not open by themselves, and what is missing of it is no gap.
    """

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
    elaborated_by: tuple[Id, ...] = ()
    industries: Annotated[tuple[Text, ...], Field(min_length=1)]
    gate: Text | None = None
    coverage: Literal["full", "partial", "none"]
    missing: tuple[Text, ...] = ()
    source: Text | None = None
    note: Text | None = None


class TableRow(Shape):
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


class TableSpec(Shape):
    """A piecewise-constant look-up."""

    title: Text
    input: Text
    output: Text
    rows: Annotated[tuple[TableRow, ...], Field(min_length=1)]


class AlsoRef(Shape):
    """A further citation that applies where its condition holds."""

    ref: Text
    when: Text


class RuleSpec(Shape):
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


class DocumentFile(Shape):
    """``documents/<id>.yaml``: one document version with its rules, in the order of its articles."""

    document: DocumentHead
    tables: dict[Annotated[str, StringConstraints(pattern=ELEMENT_TABLE)], TableSpec] = Field(default_factory=dict)
    elements: tuple[RuleSpec, ...] = ()
    rules: tuple[RuleSpec, ...] = ()


class IndustrySpec(Shape):
    """One industry or topic; ``parents`` are the wider ones that it belongs to.

    ``gap`` says in Chinese which criteria are lacking for it: every judgment there tells it as a gap.
    """

    id: Id
    label: Text
    aliases: tuple[Text, ...] = ()
    parents: tuple[Id, ...] = ()
    gap: Text | None = None


class IndustriesFile(Shape):
    """``industries.yaml``."""

    industries: tuple[IndustrySpec, ...]


FILES: Final[dict[str, type[Shape]]] = {
    "pack": PackFile,
    "facts": FactsFile,
    "document": DocumentFile,
    "industries": IndustriesFile,
    "deadlines": DeadlinesFile,
    "programme": ProgrammeFile,
}
"""The kinds of files in a pack, for JSON Schemas."""
