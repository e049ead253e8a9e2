"""The law for some industries between two days on which it changes: what applies, found by fact.

Whatever follows from the rule book, the industries and that span alone is worked out once, when it is first asked
for, and kept with the book, so that no call looks at all rules or all documents. Threads may fill it at the same time:
each entry depends on nothing but its key, so that it doesn't matter whose is kept.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Final

from hazardrules.index import Index, Touched
from hazardrules.lang.nodes import keep
from hazardrules.model import CheckedDocument, Gap, Level, built
from hazardrules.pack.content import Document, Rule
from hazardrules.reasons import checked_text, unused_text
from hazardrules.record import Record
from hazardrules.rulebook import EVERY_INDUSTRY, RuleBook

if TYPE_CHECKING:
    from hazardrules.asking import OpenRule
    from hazardrules.seldom import Unused

__all__ = ["KEPT", "Lacking", "Law", "Reach", "law_of"]

KEPT: Final = 128
"""How many laws are kept for a book: the same industries come again."""

REACHES: Final = 64
"""For how many sets of given facts it is kept how far they reach: forms come again."""


class Lacking(Record):
    """A gap, whether it always matters, and the documents whose facts it speaks of."""

    gap: Gap
    always: bool
    line: tuple[str, ...]


class Reach:
    """How far some given facts reach in a law, whatever their values: all that the values don't decide."""

    def __init__(self, law: Law, facts: frozenset[str]) -> None:
        self.now = Touched(law.now, facts)
        self.awaited = None if law.awaited is None else Touched(law.awaited, facts)
        touched = self.now.criteria
        if self.awaited is not None:
            touched += tuple(one for one in self.awaited.criteria if one.stable)
        assumed = {more.fact: more for one in touched if one.assumptions for more in one.assumed(facts)}
        self.assumed = tuple([assumed[id_] for id_ in sorted(assumed)])
        """What is taken as given, since nobody reported it."""
        counts = Counter(one.rule.document for one in self.now.criteria)
        considered = [law.considered(id_, count) for id_, count in counts.items()]
        self.checked = law.checked(considered)
        self.checked_text = checked_text(considered)
        self.unused = tuple([law.unused(id_) for id_ in self.now.unread if law.book.facts[id_].kind is not None])
        self.gaps = law.gaps(facts)


class Law:
    """What applies to some industries between two days on which the law changes; ``on`` is a day of that span."""

    def __init__(self, book: RuleBook, industries: tuple[str, ...], on: date) -> None:
        self.book, self.industries = book, industries
        mine = {id_: one for id_, one in book.documents.items() if book.meets(industries, one.industries)}
        self.documents = {id_: one for id_, one in mine.items() if one.in_force(on)}
        awaited = {id_: one for id_, one in mine.items() if one.issued <= on < one.starts}
        self._in_force = frozenset(id_ for id_, document in book.documents.items() if document.in_force(on))
        self._met: dict[tuple[str, ...], bool] = {}
        self.now = Index(book, self.documents, self.meets)
        self.awaited = Index(book, awaited, self.meets) if awaited else None
        self._checked: dict[tuple[str, int], CheckedDocument] = {}
        self._unused: dict[str, Unused] = {}
        self._reaches: dict[frozenset[str], Reach] = {}

    def meets(self, listed: tuple[str, ...]) -> bool:
        """Whether the industries meet those of a criterion."""
        found = self._met.get(listed)
        if found is None:
            found = self._met[listed] = self.book.meets(self.industries, listed)
        return found

    def _worked_out(self, document: Document) -> bool:
        """Whether another document in force works out what this one names."""
        return any(id_ in self.documents for id_ in document.elaborated_by)

    def checked(self, considered: Iterable[CheckedDocument]) -> tuple[CheckedDocument, ...]:
        """The documents in force, with those of which criteria were considered in their places."""
        every = list(self._unchecked)
        for one in considered:
            every[self._places[one.document]] = one
        return tuple(every)

    @cached_property
    def _unchecked(self) -> tuple[CheckedDocument, ...]:
        return tuple(self.considered(id_, 0) for id_ in self.documents)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {id_: place for place, id_ in enumerate(self.documents)}

    def considered(self, id_: str, count: int) -> CheckedDocument:
        """A document in force, ``count`` of whose criteria were considered."""
        found = self._checked.get((id_, count))
        if found is None:
            one = self.documents[id_]
            found = self._checked[id_, count] = built(
                CheckedDocument, document=id_, name=one.name, window=one.window, note=one.note, considered=count
            )
        return found

    def unused(self, fact: str) -> Unused:
        """That no criterion considered here reads a fact, and which documents would."""
        found = self._unused.get(fact)
        if found is None:
            from hazardrules.seldom import Unused  # noqa: PLC0415

            book, readers = self.book, self.book.readers(fact)
            label = book.facts[fact].label
            old = [book.documents[d] for held in self.documents for d in self._line(held)[1:] if d in readers]
            there = [book.documents[id_] for id_ in readers]
            elsewhere = [document for document in there if document.id in self._in_force]
            found = self._unused[fact] = built(
                Unused,
                fact=fact,
                label=label,
                documents=tuple(sorted(readers)),
                superseded=bool(old),
                elsewhere=bool(elsewhere),
                text=unused_text(label, there, old, elsewhere),
            )
        return found

    @cached_property
    def lacking(self) -> tuple[Lacking, ...]:
        """The documents in force whose text is not wholly held, the industries without any, and when that matters.

        It matters for the industry that a document is made for. One for every industry (fire) matters where there is
        no other, and else for the facts that it or what it replaced speaks of; so does any where no industry is given.
        """
        own = [id_ for id_, document in self.documents.items() if EVERY_INDUSTRY not in document.industries]
        found: list[Lacking] = []
        for document in self.documents.values():
            if document.coverage != "full" and not self._worked_out(document):
                missing = document.missing
                text = f"{document.name}当日有效,规则库没有收录:{'、'.join(missing)};需由人核对原文"
                gap = built(Gap, document=document.id, title=document.title, missing=missing, text=text)
                always = bool(self.industries) and (not own or document.id in own)
                found.append(Lacking(gap, always, self._line(document.id)))
        for id_ in self.industries:
            industry = self.book.industries[id_]
            if industry.gap:
                title = f"{industry.label}的判定标准"
                gap = built(Gap, document=None, title=title, missing=(), text=f"{industry.gap};需由人判断")
                found.append(Lacking(gap, always=True, line=()))
        return tuple(found)

    def gaps(self, facts: Collection[str], told: Collection[str] = ()) -> tuple[Gap, ...]:
        """What is not held and matters: for the industry, for a given fact, or for one of the documents of ``told``."""
        reads = self.book.reads
        return tuple(
            [one.gap for one in self.lacking if one.always or any(id_ in told or reads(id_, facts) for id_ in one.line)]
        )

    def reach(self, facts: frozenset[str]) -> Reach:
        """How far these facts reach, kept."""
        found = self._reaches.get(facts)
        if found is None:
            found = keep(self._reaches, facts, Reach(self, facts), REACHES)
        return found

    def _line(self, document: str) -> tuple[str, ...]:
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
        return tuple([self._by_a_person(rule) for rule in rules if self.meets(rule.industries)])

    def _by_a_person(self, rule: Rule) -> OpenRule:
        from hazardrules.asking import OpenRule  # noqa: PLC0415

        return built(
            OpenRule,
            rule=rule.id,
            document=rule.document,
            level=Level(rule.level),
            title=rule.title,
            citation=self.book.cite(rule),
            manual=True,
            inspect=rule.inspect,
        )


def law_of(book: RuleBook, industries: tuple[str, ...], on: date) -> Law:
    """The law for the industries on a day, kept with the book."""
    days: tuple[date, ...] | None = book.kept.get("days")
    if days is None:
        days = book.kept["days"] = tuple(sorted(_changes(book)))
    kept: dict[tuple[tuple[str, ...], int], Law] = book.kept.setdefault(Law, {})
    span = industries, bisect_right(days, on)
    found = kept.get(span)
    if found is None:
        found = keep(kept, span, Law(book, industries, on), KEPT)
    return found


def _changes(book: RuleBook) -> set[date]:
    """The days on which a document is issued, starts or ends."""
    each = (day for one in book.documents.values() for day in (one.issued, one.starts, one.expires))
    return {day for day in each if day is not None}
