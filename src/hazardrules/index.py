"""The criteria of some documents, found by the facts that they read, and what they come to for the values of these."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, TypeVar

from hazardrules.criterion import Criteria, Criterion, Outcome
from hazardrules.lang.kleene import OBSERVED_ON
from hazardrules.lang.nodes import Value, keep
from hazardrules.pack.content import Document
from hazardrules.rulebook import RuleBook

if TYPE_CHECKING:
    from hazardrules.asking import OpenRule
    from hazardrules.seldom import PossibleRule

__all__ = ["Index", "Readers", "Sorted", "Touched"]

T = TypeVar("T")

VALUES: Final = 16
"""For how many values of a fact it is kept what its criteria come to."""


class Sorted:
    """What criteria come to, by their places: those that hold, those undecided, and drafts; none that is false."""

    __slots__ = ("met", "open", "possible")

    def __init__(self, met: dict[int, Outcome], open_: dict[int, OpenRule], possible: dict[int, PossibleRule]) -> None:
        self.met, self.open, self.possible = met, open_, possible

    def add(self, place: int, outcome: Outcome) -> None:
        """One more."""
        if outcome.holds is False:
            return
        if not outcome.criterion.stable:
            self.possible[place] = outcome.possible
        elif outcome.holds:
            self.met[place] = outcome
        else:
            self.open[place] = outcome.open

    def without(self, places: Collection[int]) -> Sorted:
        """The same without those that stand in these places."""

        def rest(found: Mapping[int, T]) -> dict[int, T]:
            return {place: one for place, one in found.items() if place not in places}

        return Sorted(rest(self.met), rest(self.open), rest(self.possible))


class Readers:
    """The criteria whose own condition reads one fact, by their place among all of the law."""

    def __init__(self, fact: str, criteria: Mapping[int, Criterion]) -> None:
        self.fact, self.criteria = fact, criteria
        self._with: dict[str, list[tuple[int, Criterion]]] = {}
        for place, criterion in criteria.items():
            for other in criterion.depends_on:
                if other != fact:
                    self._with.setdefault(other, []).append((place, criterion))
        self._others = frozenset(self._with)
        self.by_value: dict[Value, Sorted] = {}

    def alone(self, value: Value) -> Sorted:
        """What they come to where nothing else is known, kept in ``by_value``."""
        known = {self.fact: value}.get
        found = Sorted({}, {}, {})
        for place, criterion in self.criteria.items():
            found.add(place, criterion.outcome(known))
        return keep(self.by_value, value, found, VALUES)

    def also_reading(self, given: frozenset[str]) -> dict[int, Criterion]:
        """Those of them that read something else that is known, by their place."""
        if self._others.isdisjoint(given):
            return {}
        return {place: one for other in self._others & given for place, one in self._with[other]}


class Index:
    """The criteria of some documents by the facts that they read, as far as they were asked for."""

    def __init__(
        self, book: RuleBook, documents: Mapping[str, Document], meets: Callable[[tuple[str, ...]], bool]
    ) -> None:
        self._book, self._documents, self._meets = book, documents, meets
        self._criteria = Criteria.of(book)
        self._found: dict[str, Readers] = {}

    @cached_property
    def _starts(self) -> dict[str, int]:
        """The place of each document's first criterion among all."""
        starts, at = {}, 0
        for id_, document in self._documents.items():
            starts[id_] = at
            at += len(document.rules)
        return starts

    def readers(self, fact: str) -> Readers:
        """The criteria whose own condition reads a fact."""
        found = self._found.get(fact)
        if found is None:
            found = self._found[fact] = Readers(fact, dict(self._reading(fact)))
        return found

    def _reading(self, fact: str) -> Iterator[tuple[int, Criterion]]:
        for id_, document in self._documents.items():
            for number in self._book.numbers(id_, fact):
                criterion = self._criteria.criterion(document, number)
                if self._meets(criterion.rule.industries):
                    yield self._starts[id_] + number, criterion


class Together:
    """A criterion of whose facts several are known, with what it comes to by their values."""

    def __init__(self, criterion: Criterion, known: Collection[str]) -> None:
        self.criterion = criterion
        self.key = itemgetter(*[fact for fact in criterion.depends_on if fact in known])
        self.kept: dict[Any, Outcome] = {}

    def outcome(self, values: Mapping[str, Value]) -> Outcome:
        """What it comes to, kept."""
        return keep(self.kept, self.key(values), self.criterion.outcome(values.get), VALUES)


class Alone:
    """The criteria of which one fact is known and nothing else, with what they come to by its value."""

    def __init__(self, readers: Readers, others: Collection[int]) -> None:
        """``others`` are the places of those of which more is known."""
        self.fact, self._readers = readers.fact, readers
        self._others = readers.criteria.keys() & others
        self.kept: dict[Value, Sorted] = {}

    def come_to(self, value: Value) -> Sorted:
        """What they come to, kept."""
        found = self._readers.by_value.get(value) or self._readers.alone(value)
        return keep(self.kept, value, found.without(self._others) if self._others else found, VALUES)


class Touched:
    """The criteria whose own condition reads one of some facts, in the order of the book, whatever the values are."""

    def __init__(self, index: Index, facts: frozenset[str]) -> None:
        known = facts | {OBSERVED_ON}
        criteria: dict[int, Criterion] = {}
        together: dict[int, Criterion] = {}
        readers = [one for one in map(index.readers, facts) if one.criteria]
        for one in readers:
            criteria.update(one.criteria)
            together.update(one.also_reading(known))
        self._together = [(place, Together(criterion, known)) for place, criterion in together.items()]
        self._alone = [Alone(one, together) for one in readers if not one.criteria.keys() <= together.keys()]
        self.criteria = tuple([criteria[place] for place in sorted(criteria)])
        rest = facts.difference([one.fact for one in readers])
        self.unread = sorted(rest.difference(*[one.facts for one in self.criteria])) if rest else []
        """The facts that none of them reads, in its gate and further citations neither."""

    def sorted_out(self, values: Mapping[str, Value]) -> Sorted:
        """What they come to for the values of these facts.

        Most of them read one of the given facts only, and come to what they come to for that fact alone.
        """
        met: dict[int, Outcome] = {}
        open_: dict[int, OpenRule] = {}
        possible: dict[int, PossibleRule] = {}
        for one in self._alone:
            value = values[one.fact]
            alone = one.kept.get(value) or one.come_to(value)
            if alone.met:
                met.update(alone.met)
            if alone.open:
                open_.update(alone.open)
            if alone.possible:
                possible.update(alone.possible)
        found = Sorted(met, open_, possible)
        for place, together in self._together:
            outcome = together.kept.get(together.key(values)) or together.outcome(values)
            if outcome.holds is not False:
                found.add(place, outcome)
        return found
