"""The law of one day, with the deadlines and duties that count from it, kept, since many observations share them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Final, TypeAlias

from hazardrules.criterion import Outcome
from hazardrules.lang.nodes import keep
from hazardrules.law import Lacking, law_of
from hazardrules.model import Deadline, Duty, Finding, Gap, Level, built
from hazardrules.pack.content import Document
from hazardrules.rulebook import RuleBook

__all__ = ["Hazard", "Setting", "setting_of"]

Hazard: TypeAlias = "tuple[Level, str | None, tuple[str, ...]]"
"""What deadlines and duties depend on within a setting: level, document, and the criterion's own industries."""

KEPT: Final = 512
"""How many settings are kept for a book: days and industries repeat."""

FINDINGS: Final = 32
"""How many findings are kept for a setting."""


class Setting:
    """What follows from the book, the industries and the day alone."""

    def __init__(self, book: RuleBook, industries: tuple[str, ...], on: date) -> None:
        self.book, self.industries, self.on = book, industries, on
        self.law = law_of(book, industries, on)
        self.deadlines: dict[Hazard, Deadline | None] = {}
        self.duties: dict[Hazard, tuple[Duty, ...]] = {}
        self.findings: dict[Outcome, Finding] = {}

    def keep(self, outcome: Outcome, finding: Finding) -> Finding:
        """Keep a finding, whose deadline and duties count from this day."""
        return keep(self.findings, outcome, finding, FINDINGS)

    @property
    def documents(self) -> Mapping[str, Document]:
        """The documents in force on the day for the industries."""
        return self.law.documents

    @cached_property
    def lacking(self) -> tuple[Lacking, ...]:
        """The documents in force whose text is not wholly held, or that none is in force, and when that matters."""
        return self.law.lacking + tuple(Lacking(gap, always=True, line=()) for gap in self.unregulated)

    @cached_property
    def unregulated(self) -> tuple[Gap, ...]:
        """The gap of a day on which no document is in force for the industries."""
        if not self.industries or self.documents:
            return ()
        names = "、".join(self.book.industries[id_].label for id_ in self.industries)
        text = f"规则库没有在 {self.on.isoformat()} 对{names}有效的判定标准文件;需由人查明当日的依据"
        return (built(Gap, document=None, title="没有有效文件", missing=(), text=text),)

    @cached_property
    def law_gaps(self) -> tuple[Gap, ...]:
        """The laws in force for the industries whose provisions on deadlines and duties are not wholly held."""
        found = []
        for law in (law for policy in self.book.policies for law in policy.laws):
            lacking = law.coverage != "full" and law.in_force(self.on)
            if lacking and (not law.industries or self.book.meets(self.industries, law.industries)):
                unsure = "(是否现行没有核对)" if law.status == "unverified" else ""
                missing = "、".join(law.missing)
                text = f"{law.name}{unsure}没有读到:{missing};另有的期限和义务,要由人核对原文"
                found.append(built(Gap, document=law.id, title=law.title, missing=law.missing, text=text))
        return tuple(found)


def setting_of(book: RuleBook, industries: tuple[str, ...], on: date) -> Setting:
    """The setting, kept with the book."""
    kept: dict[tuple[tuple[str, ...], date], Setting] = book.kept.setdefault(Setting, {})
    found = kept.get((industries, on))
    if found is None:
        found = keep(kept, (industries, on), Setting(book, industries, on), KEPT)
    return found
