"""``classify()``: from an observation to a judgment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final, TypeAlias, TypeVar

from hazardrules._version import __version__
from hazardrules.deadline import Case, choose_deadline, duties_for, replace_policy
from hazardrules.errors import UnknownRegionError
from hazardrules.lang.explain import grounds, missing, witness
from hazardrules.lang.kleene import OBSERVED_ON, truth
from hazardrules.lang.nodes import ByNode, Value, facts_read
from hazardrules.model import (
    CheckedDocument,
    Conflict,
    Deadline,
    Duty,
    FactValue,
    Finding,
    Gap,
    Judgment,
    Level,
    Nearest,
    OpenRule,
    PolicyInfo,
    PossibleRule,
    Unused,
    Upcoming,
    built,
)
from hazardrules.observation import Reading, read_observation
from hazardrules.pack.content import Document, Rule
from hazardrules.pack.policy import Policy
from hazardrules.reasons import finding_reason, judgment_reason
from hazardrules.rulebook import RuleBook
from hazardrules.setting import Hazard, setting_of

__all__ = ["classify", "default_book"]

T = TypeVar("T")
_Choice: TypeAlias = "Callable[[RuleBook, Sequence[Policy], Case], T]"
NEAREST: Final = 3
"""How many criteria are named beside a condition in words."""


@lru_cache(maxsize=64)
def default_book(region: str | None = None) -> RuleBook:
    """The rule book that ``classify()`` uses for a region where none is given, loaded once.

    :raises UnknownRegionError: for a region that is not known.
    """
    return RuleBook.load(region)


def _book_for(region: object) -> RuleBook:
    """The region's book; the national one where the region is wrong, which is told with all else that is wrong."""
    try:
        return default_book(region if isinstance(region, str) else None)
    except UnknownRegionError:
        return default_book()


def classify(
    facts: Mapping[str, Any] | None = None,
    *,
    other: Iterable[str] = (),
    asserted: Iterable[str] = (),
    industry: str | Iterable[str] | None = None,
    region: str | None = None,
    observed_on: str | date | None = None,
    reported: bool = True,
    ref: str | None = None,
    ordered: tuple[str | date, str] | Mapping[str, Any] | None = None,
    strict: bool = True,
    policy: Policy | str | Path | None = None,
    book: RuleBook | None = None,
) -> Judgment:
    """Judge what was observed: 重大, 一般 or no hazard, with reasons, legal basis and deadline.

    :param facts: values by fact id or Chinese label, flat or nested by domain; what is absent or None is unknown.
    :param other: conditions in words that no fact describes; they are general and get the nearest criteria beside them.
    :param asserted: ids of criteria that a person affirms.
    :param industry: id, label or alias, or several; None considers every industry and says so.
    :param region: GB/T 2260 code, name, short name or pinyin.
    :param observed_on: ``date`` or YYYY-MM-DD; the law of that day applies. Default: today in China.
    :param reported: whether the inspector reported it as a hazard, so that it is at least general.
    :param ref: the caller's own reference, kept as it is.
    :param ordered: the last day and the instrument number of a deadline that the authority set.
    :param strict: False collects wrong facts in ``rejected`` instead of raising.
    :param policy: a policy file that replaces the default deadlines where the law fixes none.
    :param book: the rule book to use; default: the national one, with the packs that are found for the region.
    :raises InputError: ``UnknownFactError``, ``FactValueError``, ``UnknownIndustryError``, ``UnknownRegionError``,
        ``UnknownRuleError`` or ``PolicyError``, with every problem of the call.
    """
    used = book if book is not None else _book_for(region)
    reading = read_observation(
        used,
        {} if facts is None else facts,
        other=other,
        asserted=asserted,
        industry=industry,
        region=region,
        observed_on=observed_on,
        reported=reported,
        ref=ref,
        ordered=ordered,
        strict=strict,
    )
    return _Judging(used, reading, *replace_policy(used.policies, policy)).judgment()


class _Outcome:
    """A criterion held against the facts; ``values`` include what was assumed for it."""

    __slots__ = ("holds", "notes", "rule", "values")

    def __init__(self, rule: Rule, values: Mapping[str, Value]) -> None:
        notes: list[str] = []
        self.rule, self.values = rule, values
        self.holds = truth(rule.whole, values, notes)
        self.notes = tuple(notes)


class _Judging:
    """One call: everything that is derived from one reading and one book."""

    def __init__(self, book: RuleBook, reading: Reading, policies: Sequence[Policy], policy: PolicyInfo | None) -> None:
        self.book, self.reading, self.policies, self.policy = book, reading, policies, policy
        self.assumed: dict[str, FactValue] = {}
        observation = reading.observation
        self.on = observation.observed_on
        self.industries = observation.industry
        self.setting = setting_of(self.book, self.industries, self.on)
        self.documents = self.setting.documents
        self.values: dict[str, Value] = {**reading.values, OBSERVED_ON: self.on}
        self.outcomes = [self._evaluate(rule) for rule in self._touching(self.documents)]

    def _touching(self, documents: Mapping[str, Document]) -> Iterator[Rule]:
        """The rules of these documents that read a given fact and meet the industries."""
        for rule in self.book.reading(self.reading.values, documents):
            if self.setting.meets(rule.industries):
                yield rule

    def _evaluate(self, rule: Rule) -> _Outcome:
        values = self.values
        assumptions = self.book.assumptions(rule)
        lacking = {id_: value for id_, value in assumptions if id_ not in values} if assumptions else None
        if lacking:
            values = {**values, **lacking}
            for id_, value in lacking.items():
                if id_ not in self.assumed:
                    self.assumed[id_] = self.setting.fact_value(id_, value)
        return _Outcome(rule, values)

    def judgment(self) -> Judgment:
        """Everything together."""
        observation = self.reading.observation
        findings = (*self._findings(), *self._affirmed())
        open_, gaps = (*self._open(), *self._manual()), tuple(self._gaps())
        upcoming = tuple(self._upcoming())
        level = self._level(findings)
        deadlines = [f.deadline for f in findings if f.level is level and f.deadline is not None]
        deadline = min(deadlines, key=lambda d: d.due_on, default=None)
        bare = level is not Level.NONE and not findings
        if deadline is None and level is not Level.NONE:
            deadline = self._deadline(level, None)
        checked, unused = tuple(self._checked()), tuple(self._unused())
        return built(
            Judgment,
            library_version=__version__,
            rulebook=self.book.info,
            policy=self.policy,
            observation=observation,
            level=level,
            conclusive=not gaps
            and not any(one.level is Level.MAJOR for one in open_)
            and not any(one.superseded or one.elsewhere for one in unused),
            industry_assumed=not self.industries,
            reason=judgment_reason(observation, level, findings, open_, gaps, checked),
            deadline=deadline,
            duties=self._duties(level, None) if bare else (),
            findings=findings,
            open=open_,
            possible=tuple(self._possible()),
            gaps=gaps,
            law_gaps=() if level is Level.NONE else self.setting.law_gaps,
            upcoming=upcoming,
            conflicts=tuple(self._conflicts()),
            nearest=tuple(self._nearest()),
            assumed=tuple(self.assumed[id_] for id_ in sorted(self.assumed)),
            unused=unused,
            rejected=self.reading.rejected,
            checked=checked,
        )

    def _level(self, findings: Sequence[Finding]) -> Level:
        levels = {finding.level for finding in findings}
        if Level.MAJOR in levels:
            return Level.MAJOR
        observation = self.reading.observation
        if Level.GENERAL in levels or observation.other or observation.reported:
            return Level.GENERAL
        return Level.NONE

    def _findings(self) -> Iterator[Finding]:
        for outcome in self.outcomes:
            if outcome.holds and outcome.rule.status == "stable":
                yield self._finding(outcome.rule, outcome)

    def _affirmed(self) -> Iterator[Finding]:
        """Findings that rest on a person's word alone."""
        decided = {outcome.rule.id for outcome in self.outcomes if outcome.holds and outcome.rule.status == "stable"}
        for id_ in self.reading.observation.asserted:
            if id_ not in decided:
                yield self._finding(self.book.rule(id_), None)

    def _finding(self, rule: Rule, outcome: _Outcome | None) -> Finding:
        level = Level(rule.level)
        reasons: list[tuple[FactValue, ...]] = []
        taken: tuple[FactValue, ...] = ()
        also: list[str] = []
        if outcome is not None:
            given = self.reading.values
            sets = grounds(rule.whole, outcome.values)
            reasons = [self._values([f for f in facts if f in given], outcome) for facts in sets]
            taken = self._values([f for f in sets[0] if f not in given], outcome)
            also = [one.ref for one in rule.also_cited if truth(one.condition, outcome.values)]
        citation = self.book.cite(rule, also)
        because = reasons[0] if reasons else ()
        return built(
            Finding,
            rule=rule.id,
            document=rule.document,
            level=level,
            by="person" if outcome is None else "facts",
            title=rule.title,
            citation=citation,
            reason=finding_reason(rule.title, level, citation, because, taken, by_person=outcome is None),
            because=because,
            also_because=tuple([one for one in reasons[1:] if one]),
            assumed=taken,
            remedy=rule.remedy,
            note=rule.note,
            deadline=self._deadline(level, rule),
            duties=self._duties(level, rule),
        )

    def _case(self, level: Level, rule: Rule | None) -> Case:
        """A hazard of this observation as deadlines see it; where no industry was given, it is the criterion's own."""
        own = () if rule is None else tuple(id_ for id_ in rule.industries if id_ in self.book.industries)
        document = None if rule is None else rule.document
        return Case(level, document, self.industries, own, self.on, self.reading.observation.ordered)

    def _deadline(self, level: Level, rule: Rule | None) -> Deadline | None:
        return self._kept(self.setting.deadlines, choose_deadline, level, rule)

    def _duties(self, level: Level, rule: Rule | None) -> tuple[Duty, ...]:
        return self._kept(self.setting.duties, duties_for, level, rule)

    def _kept(self, kept: dict[Hazard, T], choose: _Choice[T], level: Level, rule: Rule | None) -> T:
        """What is laid down for a hazard, worked out once for the setting unless the call itself bears on it."""
        if self.policy is not None or self.reading.observation.ordered is not None:
            return choose(self.book, self.policies, self._case(level, rule))
        hazard = (level, None, ()) if rule is None else (level, rule.document, rule.industries)
        if hazard not in kept:
            kept[hazard] = choose(self.book, self.policies, self._case(level, rule))
        return kept[hazard]

    def _values(self, facts: Iterable[str], outcome: _Outcome) -> tuple[FactValue, ...]:
        return tuple([self.setting.fact_value(id_, outcome.values[id_]) for id_ in facts])

    def _open(self) -> Iterator[OpenRule]:
        for outcome in self.outcomes:
            rule = outcome.rule
            affirmed = rule.id in self.reading.observation.asserted
            if outcome.holds is None and rule.status == "stable" and not affirmed:
                asked = missing(rule.whole, outcome.values)
                yield built(
                    OpenRule,
                    rule=rule.id,
                    document=rule.document,
                    level=Level(rule.level),
                    title=rule.title,
                    citation=self.book.cite(rule),
                    questions=tuple(map(self.book.question, asked)),
                    inspect=rule.inspect,
                    notes=outcome.notes,
                )

    def _manual(self) -> Iterator[OpenRule]:
        affirmed = self.reading.observation.asserted
        return (one for one in self.setting.manual if one.rule not in affirmed)

    def _possible(self) -> Iterator[PossibleRule]:
        for outcome in self.outcomes:
            rule = outcome.rule
            if rule.status == "draft" and outcome.holds is not False:
                facts = [f for f in witness(rule.whole, outcome.values) if f in self.reading.values]
                yield built(
                    PossibleRule,
                    rule=rule.id,
                    document=rule.document,
                    level=Level(rule.level),
                    title=rule.title,
                    citation=self.book.cite(rule),
                    outcome="holds" if outcome.holds else "open",
                    because=self._values(facts, outcome),
                )

    def _gaps(self) -> Iterator[Gap]:
        """What is not held and matters here: for the industry, for a given fact, or for a condition in words."""
        for lacking in self.setting.lacking:
            if lacking.always or self._speaks_of(lacking.line):
                yield lacking.gap

    def _speaks_of(self, documents: Sequence[str]) -> bool:
        facts = self.reading.observation.facts
        return any(self.book.reads(id_, facts) for id_ in documents) or not self._told.isdisjoint(documents)

    @cached_property
    def _told(self) -> frozenset[str]:
        """The documents, in force or not, whose criteria come nearest to the conditions in words."""
        others = self.reading.observation.other
        return frozenset(rule.document for o in others for rule, _ in self.book.nearest(o, 1, self.book.documents))

    def _upcoming(self) -> Iterator[Upcoming]:
        for rule in self._touching(self.setting.awaited):
            document = self.setting.awaited[rule.document]
            if rule.status == "stable" and self._evaluate(rule).holds:
                level, citation = Level(rule.level), self.book.cite(rule)
                yield built(
                    Upcoming,
                    rule=rule.id,
                    document=document.id,
                    effective=document.starts,
                    level=level,
                    citation=citation,
                    text=f"{document.starts.isoformat()}起为{level.label}:{citation}",
                )

    def _conflicts(self) -> Iterator[Conflict]:
        outcomes = {outcome.rule.id: outcome for outcome in self.outcomes}
        for id_ in self.reading.observation.asserted:
            rule, outcome = self.book.rule(id_), outcomes.get(id_)
            citation = self.book.cite(rule)
            if not self.setting.meets(rule.industries):
                text = f"人工认定的{citation}不适用于所报行业"
                yield built(Conflict, rule=id_, citation=citation, text=text)
            if outcome is not None and outcome.holds is False:
                against = self._values(witness(rule.whole, outcome.values), outcome)
                facts = ";".join(value.text for value in against)
                text = f"人工认定{citation},但所报事实使该情形不成立:{facts}"
                yield built(Conflict, rule=id_, citation=citation, because=against, text=text)

    def _nearest(self) -> Iterator[Nearest]:
        for other in self.reading.observation.other:
            for rule, score in self.book.nearest(other, NEAREST, self.documents):
                citation = self.book.cite(rule)
                yield built(
                    Nearest, other=other, rule=rule.id, title=rule.title, citation=citation, score=round(score, 3)
                )

    def _unused(self) -> Iterator[Unused]:
        used: set[str] = set().union(*[_reads(outcome.rule) for outcome in self.outcomes])
        for id_ in self.reading.observation.facts:
            fact = self.book.facts[id_]
            if id_ in used or fact.kind is None:
                continue
            yield self.setting.unused(fact)

    def _checked(self) -> Iterator[CheckedDocument]:
        counts: dict[str, int] = {}
        for outcome in self.outcomes:
            counts[outcome.rule.document] = counts.get(outcome.rule.document, 0) + 1
        for id_, one in self.setting.unchecked.items():
            yield built(CheckedDocument, **{**one.__dict__, "considered": counts[id_]}) if id_ in counts else one


def _facts_of(rule: Rule) -> tuple[str, ...]:
    also = (fact for one in rule.also_cited for fact in facts_read(one.condition))
    return (*facts_read(rule.whole), *also)


_reads: Final = ByNode(_facts_of)
"""Every fact that a criterion reads, its gate and further citations included."""
