"""A rule as judging meets it again and again: what it comes to for the values of the facts that it reads, kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from hazardrules.lang.explain import grounds, missing, witness
from hazardrules.lang.kleene import OBSERVED_ON, truth
from hazardrules.lang.nodes import Since, Value, facts_read, keep, walk
from hazardrules.model import FactValue, Level, built
from hazardrules.pack.content import Document, Rule
from hazardrules.pack.values import plain
from hazardrules.reasons import finding_reason
from hazardrules.rulebook import RuleBook

if TYPE_CHECKING:
    from hazardrules.asking import OpenRule
    from hazardrules.seldom import PossibleRule

__all__ = ["Criteria", "Criterion", "Outcome"]

OUTCOMES: Final = 16
"""How many outcomes are kept for a criterion: most facts have few values, and the same come again."""


class Outcome:
    """A criterion held against the facts that it reads; nothing here depends on who asked, or on when.

    ``given`` are those of its facts that were reported, ``values`` include what was assumed for it.
    """

    def __init__(self, criterion: Criterion, given: Mapping[str, Value]) -> None:
        notes: list[str] = []
        self.criterion, self.rule, self.given = criterion, criterion.rule, given
        lacking = [(id_, value) for id_, value in criterion.assumptions if id_ not in given]
        self.values: Mapping[str, Value] = {**given, **dict(lacking)}
        self.holds = truth(criterion.rule.whole, self.values, notes)
        self.notes = tuple(notes)

    def _facts(self, ids: Iterable[str]) -> tuple[FactValue, ...]:
        fact_value = self.criterion.among.fact_value
        return tuple([fact_value(id_, self.values[id_]) for id_ in ids])

    @cached_property
    def met(self) -> dict[str, Any]:
        """The fields of its finding, which hold on whatever day it was observed; only where it holds."""
        rule, level = self.rule, self.criterion.level
        sets = grounds(rule.whole, self.values)
        reasons = [self._facts([f for f in facts if f in self.given]) for facts in sets]
        taken = self._facts([f for f in sets[0] if f not in self.given])
        citation = self.criterion.among.book.cite(
            rule, [one.ref for one in rule.also_cited if truth(one.condition, self.values)]
        )
        fields = affirmed(rule, level, citation)
        fields["by"] = "facts"
        fields["reason"] = finding_reason(rule.title, level, citation, reasons[0], taken, by_person=False)
        fields["because"] = reasons[0]
        fields["also_because"] = tuple([one for one in reasons[1:] if one])
        fields["assumed"] = taken
        return fields

    @cached_property
    def open(self) -> OpenRule:
        """What would decide it; only where it is undecided."""
        from hazardrules.asking import OpenRule  # noqa: PLC0415

        rule, criterion = self.rule, self.criterion
        return built(
            OpenRule,
            rule=rule.id,
            document=rule.document,
            level=criterion.level,
            title=rule.title,
            citation=criterion.citation,
            questions=tuple(map(criterion.among.book.question, missing(rule.whole, self.values))),
            inspect=rule.inspect,
            notes=self.notes,
        )

    @cached_property
    def possible(self) -> PossibleRule:
        """What it would say; only for a draft that is not false."""
        from hazardrules.seldom import PossibleRule  # noqa: PLC0415

        rule, criterion = self.rule, self.criterion
        return built(
            PossibleRule,
            rule=rule.id,
            document=rule.document,
            level=criterion.level,
            title=rule.title,
            citation=criterion.citation,
            outcome="holds" if self.holds else "open",
            because=self.witness,
        )

    @cached_property
    def witness(self) -> tuple[FactValue, ...]:
        """The fewest facts that make it what it is: for a draft those reported, else those assumed as well."""
        facts = witness(self.rule.whole, self.values)
        return self._facts([f for f in facts if f in self.given] if self.rule.status == "draft" else facts)


def affirmed(rule: Rule, level: Level, citation: str) -> dict[str, Any]:
    """The fields of a finding, as those of one that rests on a person's word."""
    return {
        "rule": rule.id,
        "document": rule.document,
        "level": level,
        "by": "person",
        "title": rule.title,
        "citation": citation,
        "reason": finding_reason(rule.title, level, citation, (), (), by_person=True),
        "because": (),
        "also_because": (),
        "assumed": (),
        "remedy": rule.remedy,
        "note": rule.note,
    }


class Criterion:
    """A rule that reads facts, with its outcomes by the values of these facts."""

    def __init__(self, among: Criteria, rule: Rule) -> None:
        self.among, self.rule = among, rule
        self.level = Level(rule.level)
        self.stable = rule.status == "stable"
        conditions = (rule.whole, *(one.condition for one in rule.also_cited))
        self.facts = tuple(dict.fromkeys(fact for one in conditions for fact in facts_read(one)))
        dated = any(isinstance(node, Since) for one in conditions for node in walk(one))
        self.depends_on = (*self.facts, OBSERVED_ON) if dated else self.facts
        self.assumptions = among.book.assumptions(rule)
        self.citation = among.book.cite(rule)
        self._outcomes: dict[tuple[Value | None, ...], Outcome] = {}

    def assumed(self, given: Collection[str]) -> list[FactValue]:
        """What is taken as given besides the facts that were reported."""
        return [self.among.fact_value(id_, value) for id_, value in self.assumptions if id_ not in given]

    def outcome(self, value: Callable[[str], Value | None]) -> Outcome:
        """What it comes to, where ``value`` gives what is known of a fact."""
        key = tuple(map(value, self.depends_on))
        found = self._outcomes.get(key)
        if found is None:
            given = {id_: one for id_, one in zip(self.depends_on, key, strict=True) if one is not None}
            found = keep(self._outcomes, key, Outcome(self, given), OUTCOMES)
        return found


class Criteria:
    """The criteria of a book and its facts with their values, kept with the book: see ``Criteria.of``."""

    def __init__(self, book: RuleBook) -> None:
        self.book = book
        self._kept: dict[str, Criterion] = {}
        self._values: dict[tuple[str, Value], FactValue] = {}

    @classmethod
    def of(cls, book: RuleBook) -> Criteria:
        """Those of a book."""
        found: Criteria | None = book.kept.get(cls)
        return book.kept.setdefault(cls, cls(book)) if found is None else found

    def criterion(self, document: Document, number: int) -> Criterion:
        """The criterion with that number in a document."""
        id_ = document.rules.ids[number]
        found = self._kept.get(id_)
        if found is None:
            found = self._kept[id_] = Criterion(self, document.rules[number])
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
