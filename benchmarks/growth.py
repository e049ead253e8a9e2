"""The national book made larger: its documents once more and once more, with facts of their own.

Each copy has other ids and reads other facts, so that the given facts are read by as many rules as before, and all
that is added has nothing to do with them: growing books hold more industries and domains, not more of the same. The
copies apply to the same industries as their originals, so that an index by industry alone would not help.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hazardrules import RuleBook
from hazardrules.lang.nodes import Fact
from hazardrules.pack.content import Document, FactDef, Pack, Rule, Rules
from hazardrules.record import Record, changed

__all__ = ["larger"]


def larger(book: RuleBook, times: int) -> RuleBook:
    """A book with ``times`` as many rules, documents and facts."""
    return RuleBook(tuple(_larger(pack, times) for pack in book.packs), book.region, book.problems)


def _larger(pack: Pack, times: int) -> Pack:
    facts = dict(pack.facts)
    domains = dict(pack.domains)
    documents = list(pack.documents)
    for number in range(1, times):
        mark = f"_{number}"
        facts.update({_renamed(id_, mark): _fact(fact, mark) for id_, fact in pack.facts.items()})
        domains.update({f"{id_}{mark}": f"{label}{number}" for id_, label in pack.domains.items()})
        documents.extend(_document(document, mark) for document in pack.documents)
    return changed(pack, facts=facts, domains=domains, documents=tuple(documents))


def _renamed(fact: str, mark: str) -> str:
    domain, _, name = fact.partition(".")
    return f"{domain}{mark}.{name}"


def _fact(fact: FactDef, mark: str) -> FactDef:
    return changed(fact, id=_renamed(fact.id, mark), domain=f"{fact.domain}{mark}", label=f"{fact.label}{mark}")


def _document(document: Document, mark: str) -> Document:
    def ids(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(f"{name}{mark}" for name in names)

    return changed(
        document,
        id=f"{document.id}{mark}",
        supersedes=ids(document.supersedes),
        supplements=ids(document.supplements),
        elaborated_by=ids(document.elaborated_by),
        gate=_with_other_facts(document.gate, mark),
        rules=Rules.of(_rules(document.rules, mark)),
        elements=Rules.of(_rules(document.elements, mark)),
    )


def _rules(rules: Rules, mark: str) -> Iterator[Rule]:
    for rule in rules:
        yield changed(
            rule,
            id=f"{rule.id}{mark}",
            document=f"{rule.document}{mark}",
            condition=_with_other_facts(rule.condition, mark),
            stands_under=_with_other_facts(rule.stands_under, mark),
            reads=tuple(_renamed(fact, mark) for fact in rule.reads),
            also_cited=_with_other_facts(rule.also_cited, mark),
        )


def _with_other_facts(part: Any, mark: str) -> Any:
    """A condition, or whatever holds some, that reads facts with other names."""
    if isinstance(part, tuple):
        return tuple(_with_other_facts(one, mark) for one in part)
    if isinstance(part, Fact):
        return Fact(_renamed(part.id, mark), part.kind)
    if isinstance(part, Record):
        fields = {name: _with_other_facts(getattr(part, name), mark) for name in part.__match_args__}
        return type(part)(**fields)
    return part
