"""The rule book: packs merged, indexed by fact, immutable and shared freely between threads."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from hazardrules.assembly import assemble
from hazardrules.doors import BookDoors
from hazardrules.errors import PackError, Problem, UnknownIndustryError, UnknownRuleError
from hazardrules.kinds import NATION
from hazardrules.lang.nodes import Value, facts_read
from hazardrules.model import PackInfo, RuleBookInfo, built
from hazardrules.nearest import fold, nearest_hint
from hazardrules.pack.canonical import digest
from hazardrules.pack.compiled import Facts
from hazardrules.pack.content import (
    Document,
    FactDef,
    Industry,
    Pack,
    Rule,
    Vocabulary,
    ancestors,
)
from hazardrules.pack.policy import Policy
from hazardrules.pack.values import clip
from hazardrules.record import Record, changed

if TYPE_CHECKING:
    from hazardrules.asking import Question
    from hazardrules.comparing import Diff
    from hazardrules.ngrams import NgramIndex

__all__ = ["EVERY_INDUSTRY", "RuleBook"]

EVERY_INDUSTRY = "*"


class RuleBook(BookDoors, Record):
    """Everything that an observation is judged by. Build it with ``RuleBook.load``; threads and processes may share it.

    ``packs`` are in the order of their dependence, the national one first; ``region`` is a GB/T 2260 code or ``"CN"``;
    ``problems`` tells of packs that were found and could not be used.
    """

    packs: tuple[Pack, ...]
    region: str = NATION
    problems: tuple[PackError, ...] = ()

    __eq__ = object.__eq__
    __hash__ = object.__hash__

    @classmethod
    def load(cls, region: str | None = None, packs: Sequence[str | Path] | None = None) -> RuleBook:
        """The rule book of a region: the national pack and every pack that is found for the region or what it lies in.

        A pack that was found and is broken is left out and told in ``problems``; the national one must be sound.

        :param region: code, name, short name or pinyin of a region; None for the whole country.
        :param packs: folders or ids of exactly the packs to use; None for those that are found. With a region, packs
            of other regions are left out.
        :raises PackErrors: for the national pack, or with ``packs``: every problem of every pack that was named.
        :raises UnknownRegionError: for a region that is not known.
        """
        return cls(*assemble(region, packs))

    @cached_property
    def facts(self) -> Vocabulary:
        """The whole vocabulary by id."""
        return Vocabulary(self.packs)

    @cached_property
    def domains(self) -> Mapping[str, str]:
        """The Chinese labels of the domains."""
        return MappingProxyType({id_: label for pack in self.packs for id_, label in pack.domains.items()})

    @cached_property
    def industries(self) -> Mapping[str, Industry]:
        """The industries by id."""
        return MappingProxyType({industry.id: industry for pack in self.packs for industry in pack.industries})

    @cached_property
    def documents(self) -> Mapping[str, Document]:
        """The documents by id."""
        return MappingProxyType({document.id: document for pack in self.packs for document in pack.documents})

    @cached_property
    def policies(self) -> tuple[Policy, ...]:
        """Deadlines and duties, pack by pack."""
        return tuple(pack.policy for pack in self.packs)

    @cached_property
    def region_names(self) -> Mapping[str, str]:
        """The Chinese names of prefectures and counties that the packs give, by code."""
        return MappingProxyType({code: name for pack in self.packs for code, name in pack.names.items()})

    @cached_property
    def _places(self) -> Mapping[str, tuple[Document, int]]:
        """Where each rule stands: its document and its number there."""
        return {id_: (document, i) for document in self.documents.values() for i, id_ in enumerate(document.rules.ids)}

    @cached_property
    def _readers(self) -> dict[str, Mapping[str, Sequence[int]]]:
        """By document, as far as it was asked for: for each fact the numbers of the rules that read it."""
        return {}

    def _reading(self, document: str) -> Mapping[str, Sequence[int]]:
        found = self._readers.get(document)
        if found is None:
            index: dict[str, list[int]] = {}
            for number, facts in enumerate(self.documents[document].rules.reads):
                for fact in facts:
                    index.setdefault(fact, []).append(number)
            found = self._readers[document] = index
        return found

    @cached_property
    def _kin(self) -> dict[str, frozenset[str]]:
        """As far as they were asked for: an industry with all that are wider and all that are narrower."""
        return {}

    def _kin_of(self, id_: str) -> frozenset[str]:
        found = self._kin.get(id_)
        if found is None:
            wider, narrower = ancestors(self.industries[id_], self.industries), [id_]
            for one in narrower:
                narrower += [more for more in self._narrower.get(one, ()) if more not in narrower]
            found = self._kin[id_] = frozenset((EVERY_INDUSTRY, *wider, *narrower))
        return found

    @cached_property
    def _narrower(self) -> Mapping[str, Sequence[str]]:
        """The industries that name one as their parent."""
        found: dict[str, list[str]] = {}
        for industry in self.industries.values():
            for parent in industry.parents:
                found.setdefault(parent, []).append(industry.id)
        return found

    @cached_property
    def _industry_names(self) -> Mapping[str, str]:
        return {fold(name): i.id for i in self.industries.values() for name in (i.id, i.label, *i.aliases)}

    @cached_property
    def fact_names(self) -> Mapping[str, str]:
        """Fact ids by their ids and folded Chinese labels."""
        names = {id_: id_ for id_ in self.facts}
        for pack in self.packs:
            facts = pack.facts
            labels = facts.names if isinstance(facts, Facts) else {id_: fold(one.label) for id_, one in facts.items()}
            names.update((label, id_) for id_, label in labels.items())
        return MappingProxyType(names)

    @cached_property
    def _descriptions(self) -> tuple[tuple[Rule, ...], NgramIndex]:
        """Every rule with the words that describe it, for ``nearest``."""
        from hazardrules.ngrams import NgramIndex  # noqa: PLC0415  # only for conditions in words

        rules = tuple(self._all())
        texts = []
        for rule in rules:
            labels = [self.facts[f].label for f in rule.reads]
            options = [o for f in rule.reads for o in self.facts[f].options.values() if self.facts[f].type == "set"]
            texts.append(" ".join([rule.title, rule.group, rule.note, *labels, *options]))
        return rules, NgramIndex(texts)

    @cached_property
    def fingerprint(self) -> str:
        """The SHA-256 of the canonical content: the same rules give the same fingerprint wherever they lie."""
        return digest([pack.fingerprint for pack in self.packs])

    @cached_property
    def info(self) -> RuleBookInfo:
        """Packs and fingerprint, as judgments carry them."""
        packs = tuple(built(PackInfo, id=pack.id, version=pack.version) for pack in self.packs)
        return built(RuleBookInfo, packs=packs, fingerprint=self.fingerprint)

    @cached_property
    def kept(self) -> dict[Any, Any]:
        """What judging has worked out for this book (see ``law``); it goes when the book goes."""
        return {}

    def on(self, day: date) -> RuleBook:
        """The book as it is on a day: only the documents that are in force then."""
        packs = []
        for pack in self.packs:
            kept = tuple(document for document in pack.documents if document.in_force(day))
            fingerprint = pack.fingerprint
            if len(kept) < len(pack.documents):
                fingerprint = digest([fingerprint, *(document.id for document in kept)])
            packs.append(changed(pack, documents=kept, fingerprint=fingerprint))
        return RuleBook(tuple(packs), self.region, self.problems)

    def diff(self, other: RuleBook) -> Diff:
        """What changes from this book to ``other``, clause by clause: between days (``on``) or between packs."""
        from hazardrules.comparing import compare  # noqa: PLC0415  # not for judging

        words = {**self.facts, **other.facts}
        books = {**{rule.id: self for rule in self.rules()}, **{rule.id: other for rule in other.rules()}}
        return compare(self.rules(), other.rules(), lambda rule: books[rule.id].cite(rule), words, other.meets_any)

    def meets_any(self, some: Collection[str], others: Collection[str]) -> bool:
        """Whether two lists of industries have one in common, or one that lies in another."""
        if EVERY_INDUSTRY in some or EVERY_INDUSTRY in others:
            return True
        return self.meets([industry for industry in some if industry in self.industries], others)

    def industry_ids(self, industry: str | Iterable[str] | None) -> tuple[str, ...]:
        """The ids of the given industries (ids, labels or aliases), each once.

        :raises UnknownIndustryError: with the nearest name, for the first that is not known.
        """
        if isinstance(industry, str) and industry in self.industries:
            return (industry,)
        names = (industry,) if isinstance(industry, str) or industry is None else tuple(industry)
        found: dict[str, None] = {}
        for name in names:
            if name is None:
                continue
            id_ = None
            if isinstance(name, str):
                id_ = name if name in self.industries else self._industry_names.get(fold(name))
            if id_ is None:
                known = [n for i in self.industries.values() for n in (i.id, i.label, *i.aliases)]
                hint = nearest_hint(name, known) if isinstance(name, str) else "行业要写成文字"
                raise UnknownIndustryError(Problem("industry", clip(name), f"没有行业 {clip(name)}", hint))
            found.setdefault(id_)
        return tuple(found)

    def meets(self, asked: Collection[str], listed: Collection[str]) -> bool:
        """Whether industries that were asked for are among those listed, or wider or narrower than one of them."""
        return not asked or EVERY_INDUSTRY in listed or any(not self._kin_of(one).isdisjoint(listed) for one in asked)

    def rule(self, rule_id: str) -> Rule:
        """A criterion by its id.

        :raises UnknownRuleError: with the nearest ids.
        """
        place = self._places.get(rule_id) if isinstance(rule_id, str) else None
        if place is None:
            hint = nearest_hint(rule_id, self._places) if isinstance(rule_id, str) else "写判定情形的标识"
            raise UnknownRuleError(Problem("rule", clip(rule_id), f"没有判定情形 {clip(rule_id)}", hint))
        document, number = place
        return document.rules[number]

    def _all(self) -> Iterator[Rule]:
        """Every rule, in the order of documents and articles."""
        return (rule for document in self.documents.values() for rule in document.rules)

    def rules(
        self,
        text: str | None = None,
        *,
        industry: str | Iterable[str] | None = None,
        document: str | None = None,
        on: date | None = None,
    ) -> tuple[Rule, ...]:
        """The criteria, in the order of documents and articles.

        :param text: only those whose id, citation, group, title, note or fact labels hold every word of it.
        :param industry: only those that apply to these industries.
        :param document: only those of this document.
        :param on: only those in force on this day.
        :raises UnknownIndustryError: for an industry that is not known.
        :raises UnknownRuleError: for a document that is not held.
        """
        if document is not None and document not in self.documents:
            hint = nearest_hint(document, self.documents)
            raise UnknownRuleError(Problem("document", document, f"没有文件 {document}", hint))
        asked = self.industry_ids(industry)
        words = [fold(word) for word in (text or "").split()]
        return tuple(
            rule
            for rule in self._all()
            if (document is None or rule.document == document)
            and (on is None or self.documents[rule.document].in_force(on))
            and self.meets(asked, rule.industries)
            and all(word in self._searchable(rule) for word in words)
        )

    def find_facts(
        self, text: str | None = None, *, industry: str | Iterable[str] | None = None, document: str | None = None
    ) -> tuple[FactDef, ...]:
        """The facts of the vocabulary.

        :param text: only those whose id, label, values, note or domain hold every word of it.
        :param industry: only those that the criteria of these industries read, in the gate of their document too.
        :param document: only those that the criteria of this document read.
        :raises UnknownIndustryError: for an industry that is not known.
        :raises UnknownRuleError: for a document that is not held.
        """
        narrowed = industry is not None or document is not None
        rules = self.rules(industry=industry, document=document) if narrowed else ()
        read = {fact for rule in rules for fact in self.asks(rule)}
        words = [fold(word) for word in (text or "").split()]
        return tuple(
            fact
            for fact in self.facts.values()
            if (not narrowed or fact.id in read) and all(word in fold(self._words(fact)) for word in words)
        )

    def asks(self, rule: Rule) -> tuple[str, ...]:
        """The facts that decide a criterion: those that it reads itself, and those of its document's gate."""
        gate = self.documents[rule.document].gate
        return rule.reads if gate is None or rule.manual else tuple(dict.fromkeys((*rule.reads, *facts_read(gate))))

    def nearest_facts(self, text: str, count: int) -> list[FactDef]:
        """The facts whose words come nearest to ``text``, best first."""
        from hazardrules.ngrams import NgramIndex  # noqa: PLC0415  # not for judging

        facts = tuple(self.facts.values())
        return [facts[index] for index, _ in NgramIndex([self._words(f) for f in facts]).rank(text, count)]

    def _words(self, fact: FactDef) -> str:
        """Everything that describes a fact."""
        return " ".join([fact.id, fact.label, *fact.options.values(), fact.note, self.domains[fact.domain]])

    def _searchable(self, rule: Rule) -> str:
        labels = [self.facts[fact].label for fact in rule.reads]
        return fold(" ".join([rule.id, rule.ref, rule.group, rule.title, rule.note, *labels]))

    def numbers(self, document: str, fact: str) -> Sequence[int]:
        """The numbers of the criteria of a document whose own condition reads a fact, in order."""
        return self._reading(document).get(fact, ())

    def assumptions(self, rule: Rule) -> tuple[tuple[str, Value], ...]:
        """The facts that a criterion or its gate reads and that are taken as given, with their values."""
        found = self._assumptions.get(rule.id)
        if found is None:
            facts = [self.facts[id_] for id_ in facts_read(rule.whole)]
            found = tuple((fact.id, fact.assume) for fact in facts if fact.assume is not None)
            self._assumptions[rule.id] = found
        return found

    @cached_property
    def _assumptions(self) -> dict[str, tuple[tuple[str, Value], ...]]:
        return {}

    def question(self, id_: str) -> Question:
        """A fact as something that can be asked."""
        found = self._questions.get(id_)
        if found is None:
            from hazardrules.asking import Question  # noqa: PLC0415

            fact = self.facts[id_]
            found = self._questions[id_] = built(
                Question,
                fact=fact.id,
                label=fact.label,
                type=fact.type,
                unit=fact.unit,
                options=dict(fact.options),
                allowed=fact.allowed(),
            )
        return found

    @cached_property
    def _questions(self) -> dict[str, Question]:
        return {}

    def reads(self, document: str, facts: Collection[str]) -> bool:
        """Whether a criterion of a document reads one of the facts."""
        return not self._reading(document).keys().isdisjoint(facts)

    def readers(self, fact: str) -> tuple[str, ...]:
        """The documents whose criteria read a fact."""
        found = self._read_by.get(fact)
        if found is None:
            found = self._read_by[fact] = tuple(id_ for id_ in self.documents if fact in self._reading(id_))
        return found

    @cached_property
    def _read_by(self) -> dict[str, tuple[str, ...]]:
        return {}

    def nearest(self, text: str, count: int, among: Collection[str]) -> list[tuple[Rule, float]]:
        """The criteria among those documents whose words come nearest to ``text``, with scores, best first."""
        rules, index = self._descriptions
        ranked = [(rules[i], score) for i, score in index.rank(text, len(rules)) if rules[i].document in among]
        return ranked[:count]

    def cite(self, rule: Rule, also: Sequence[str] = ()) -> str:
        """The citation of a criterion: 《title》(number)ref, and the further provisions that apply."""
        return self.documents[rule.document].name + "、".join([rule.ref, *also])
