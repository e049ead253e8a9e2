"""What follows from the rule book, the industries and the day alone, kept, since many observations share them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Final, TypeAlias

from hazardrules.lang.nodes import Value
from hazardrules.model import CheckedDocument, Deadline, Duty, FactValue, Gap, Level, OpenRule, Unused, built
from hazardrules.pack.content import Document, FactDef
from hazardrules.pack.values import plain
from hazardrules.reasons import unused_text
from hazardrules.record import Record
from hazardrules.rulebook import EVERY_INDUSTRY, RuleBook

__all__ = ["Hazard", "Lacking", "Setting", "setting_of"]

Hazard: TypeAlias = "tuple[Level, str | None, tuple[str, ...]]"
"""What deadlines and duties depend on within a setting: level, document, and the criterion's own industries."""


class Lacking(Record):
    """A gap, whether it always matters, and the documents whose facts it speaks of."""

    gap: Gap
    always: bool
    line: tuple[str, ...]


class Setting:
    """What follows from the book, the industries and the day alone; kept, since many observations share them."""

    def __init__(self, book: RuleBook, industries: tuple[str, ...], on: date) -> None:
        self.book, self.industries, self.on = book, industries, on
        self.deadlines: dict[Hazard, Deadline | None] = {}
        self.duties: dict[Hazard, tuple[Duty, ...]] = {}
        self._met: dict[tuple[str, ...], bool] = {}
        self._values: dict[tuple[str, Value], FactValue] = {}
        self._unused: dict[str, Unused] = {}

    @cached_property
    def documents(self) -> dict[str, Document]:
        """The documents in force on the day for the industries."""
        return {id_: document for id_, document in self._of_industries() if document.in_force(self.on)}

    @cached_property
    def awaited(self) -> dict[str, Document]:
        """The documents for the industries that are issued and not yet in force."""
        found = self._of_industries()
        return {id_: document for id_, document in found if document.issued <= self.on < document.starts}

    def _of_industries(self) -> Iterator[tuple[str, Document]]:
        for id_, document in self.book.documents.items():
            if self.book.meets(self.industries, document.industries):
                yield id_, document

    def _worked_out(self, document: Document) -> bool:
        """Whether another document in force works out what this one names."""
        return any(id_ in self.documents for id_ in document.elaborated_by)

    @cached_property
    def unchecked(self) -> dict[str, CheckedDocument]:
        """The documents in force, as none of whose criteria was considered."""
        return {
            id_: built(
                CheckedDocument,
                document=id_,
                name=document.name,
                window=document.window,
                note=document.note,
                considered=0,
            )
            for id_, document in self.documents.items()
        }

    def meets(self, listed: tuple[str, ...]) -> bool:
        """Whether the industries meet those of a criterion."""
        found = self._met.get(listed)
        if found is None:
            found = self._met[listed] = self.book.meets(self.industries, listed)
        return found

    def fact_value(self, id_: str, value: Value) -> FactValue:
        """A fact with its value; kept where a fact has few."""
        found = self._values.get((id_, value))
        if found is None:
            fact = self.book.facts[id_]
            text = f"{fact.label}:{fact.show(value)}"
            found = built(FactValue, fact=id_, label=fact.label, value=plain(value), unit=fact.unit, text=text)
            if fact.type in ("boolean", "enum"):
                self._values[id_, value] = found
        return found

    def unused(self, fact: FactDef) -> Unused:
        """That no criterion considered here reads a fact, and which documents would."""
        found = self._unused.get(fact.id)
        if found is None:
            readers = self.book.readers(fact.id)
            old = [d for held in self.documents for d in self.line(held)[1:] if d in readers]
            there = [self.book.documents[id_] for id_ in readers]
            elsewhere = [document for document in there if document.in_force(self.on)]
            text = unused_text(fact.label, there, [self.book.documents[d] for d in old], elsewhere)
            state = {"superseded": bool(old), "elsewhere": bool(elsewhere)}
            names = tuple(sorted(readers))
            found = built(Unused, fact=fact.id, label=fact.label, documents=names, text=text, **state)
            self._unused[fact.id] = found
        return found

    @cached_property
    def lacking(self) -> tuple[Lacking, ...]:
        """The documents in force whose text is not wholly held, and when that matters.

        It matters for the industry that a document is made for. One for every industry (fire) matters where there is
        no other, and else for the facts that it or what it replaced speaks of; so does any where no industry is given.
        """
        own = [document for document in self.documents.values() if EVERY_INDUSTRY not in document.industries]
        found: list[Lacking] = []
        for document in self.documents.values():
            if document.coverage != "full" and not self._worked_out(document):
                missing = document.missing
                text = f"{document.name}当日有效,规则库没有收录:{'、'.join(missing)};需由人核对原文"
                gap = built(Gap, document=document.id, title=document.title, missing=missing, text=text)
                always = bool(self.industries) and (document in own or not own)
                found.append(Lacking(gap, always, self.line(document.id)))
        for id_ in self.industries:
            industry = self.book.industries[id_]
            if industry.gap:
                title = f"{industry.label}的判定标准"
                gap = built(Gap, document=None, title=title, missing=(), text=f"{industry.gap};需由人判断")
                found.append(Lacking(gap, always=True, line=()))
        if self.industries and not self.documents:
            names = "、".join(self.book.industries[id_].label for id_ in self.industries)
            text = f"规则库没有在 {self.on.isoformat()} 对{names}有效的判定标准文件;需由人查明当日的依据"
            gap = built(Gap, document=None, title="没有有效文件", missing=(), text=text)
            found.append(Lacking(gap, always=True, line=()))
        return tuple(found)

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

    def line(self, document: str) -> tuple[str, ...]:
        """A document and all that it replaced, one after the other."""
        line = [document]
        for id_ in line:
            line.extend(old for old in self.book.documents[id_].supersedes if old in self.book.documents)
        return tuple(line)

    @cached_property
    def manual(self) -> tuple[OpenRule, ...]:
        """Criteria that only a person can decide, where their industry was asked for."""
        if not self.industries:
            return ()
        documents = [document for document in self.documents.values() if not self._worked_out(document)]
        rules = [rule for document in documents for rule in document.rules.unread() if rule.manual]
        return tuple(
            built(
                OpenRule,
                rule=rule.id,
                document=rule.document,
                level=Level(rule.level),
                title=rule.title,
                citation=self.book.cite(rule),
                manual=True,
                inspect=rule.inspect,
            )
            for rule in rules
            if self.meets(rule.industries)
        )


KEPT: Final = 512
"""How many settings are kept for a book: days and industries repeat."""


def setting_of(book: RuleBook, industries: tuple[str, ...], on: date) -> Setting:
    """The setting, kept with the book."""
    kept: dict[tuple[tuple[str, ...], date], Setting] = book.settings
    found = kept.get((industries, on))
    if found is None:
        if len(kept) >= KEPT:
            kept.clear()
        found = kept[industries, on] = Setting(book, industries, on)
    return found
