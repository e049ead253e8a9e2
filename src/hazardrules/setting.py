"""What follows from the rule book, the industries and the day alone, kept, since many observations share them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final
from weakref import WeakKeyDictionary

from hazardrules.deadline import Case
from hazardrules.model import Deadline, Duty, Gap, Level, OpenRule, built
from hazardrules.pack.content import Document
from hazardrules.record import Record
from hazardrules.rulebook import EVERY_INDUSTRY, RuleBook

__all__ = ["Lacking", "Setting", "setting_of"]


class Lacking(Record):
    """A gap, whether it always matters, and the documents whose facts it speaks of."""

    gap: Gap
    always: bool
    line: tuple[str, ...]


@dataclass(frozen=True)
class Setting:
    """What follows from the book, the industries and the day alone; kept, since many observations share them."""

    book: RuleBook
    industries: tuple[str, ...]
    on: date
    deadlines: dict[Case, Deadline | None] = field(default_factory=dict)
    duties: dict[Case, tuple[Duty, ...]] = field(default_factory=dict)

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
        if self.industries and not self.documents:
            names = "、".join(self.book.industries[id_].label for id_ in self.industries)
            text = f"规则库没有在 {self.on.isoformat()} 对{names}有效的判定标准文件;需由人查明当日的依据"
            gap = built(Gap, document=None, title="没有有效文件", missing=(), text=text)
            found.append(Lacking(gap, always=True, line=()))
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
        rules = [rule for document in documents for rule in document.rules if rule.manual]
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
            if self.book.meets(self.industries, rule.industries)
        )


_SETTINGS: Final[WeakKeyDictionary[RuleBook, dict[tuple[tuple[str, ...], date], Setting]]] = WeakKeyDictionary()
KEPT: Final = 512
"""How many settings are kept for a book: days and industries repeat."""


def setting_of(book: RuleBook, industries: tuple[str, ...], on: date) -> Setting:
    """The setting, kept with the book."""
    kept = _SETTINGS.setdefault(book, {})
    found = kept.get((industries, on))
    if found is None:
        if len(kept) >= KEPT:
            kept.clear()
        found = kept[industries, on] = Setting(book, industries, on)
    return found
