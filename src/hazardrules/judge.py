"""``classify()``: from an observation to a judgment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

from hazardrules._version import __version__
from hazardrules.criterion import Outcome, affirmed
from hazardrules.deadline import Case, choose_deadline, duties_for, replace_policy
from hazardrules.errors import UnknownRegionError
from hazardrules.index import Touched
from hazardrules.lang.kleene import OBSERVED_ON
from hazardrules.lang.nodes import Value
from hazardrules.model import (
    SCHEMA_VERSION,
    Deadline,
    Duty,
    Finding,
    Gap,
    Judgment,
    Level,
    built,
)
from hazardrules.observation import Reading, read_observation
from hazardrules.pack.content import Rule
from hazardrules.pack.policy import Policy
from hazardrules.reasons import judgment_reason
from hazardrules.rulebook import RuleBook
from hazardrules.setting import Hazard, setting_of

if TYPE_CHECKING:
    from hazardrules.asking import OpenRule
    from hazardrules.seldom import Conflict, Nearest, PolicyInfo, Unused, Upcoming

__all__ = ["classify", "default_book", "loaded_book"]

T = TypeVar("T")
_Choice: TypeAlias = "Callable[[RuleBook, Sequence[Policy], Case], T]"
NEAREST: Final = 3
"""How many criteria are named beside a condition in words."""


def default_book(region: str | None = None) -> RuleBook:
    """The rule book that ``classify()`` uses for a region where none is given, loaded once.

    :raises UnknownRegionError: for a region that is not known.
    """
    return loaded_book(region)


@lru_cache(maxsize=64)
def loaded_book(region: str | None) -> RuleBook:
    """The same, kept by the region however it was given to ``default_book``."""
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


class _Judging:
    """One call: everything that is derived from one reading and one book."""

    def __init__(self, book: RuleBook, reading: Reading, policies: Sequence[Policy], policy: PolicyInfo | None) -> None:
        self.book, self.reading, self.policies, self.policy = book, reading, policies, policy
        observation = reading.observation
        self.on = observation.observed_on
        self.industries = observation.industry
        self._bears = policy is not None or observation.ordered is not None
        self.setting = setting_of(self.book, self.industries, self.on)
        self.law = self.setting.law
        self.values: dict[str, Value] = {**reading.values, OBSERVED_ON: self.on}
        self.reach = self.law.reach(frozenset(reading.values))
        self.sorted = self.reach.now.sorted_out(self.values)
        self.met = in_order(self.sorted.met)

    def judgment(self) -> Judgment:
        """Everything together."""
        observation, reach = self.reading.observation, self.reach
        findings = tuple([self._finding(outcome) for outcome in self.met]) if self.met else ()
        if observation.asserted:
            findings += tuple(self._affirmed())
        open_, gaps, unused = self._open(), self._gaps(), reach.unused
        possible = tuple(in_order(self.sorted.possible)) if self.sorted.possible else ()
        level = self._level(findings)
        hazard = level is not Level.NONE
        return built(
            Judgment,
            schema_version=SCHEMA_VERSION,
            library_version=__version__,
            rulebook=self.book.info,
            policy=self.policy,
            observation=observation,
            level=level,
            conclusive=not (gaps or _major(open_) or _misplaced(unused)),
            industry_assumed=not self.industries,
            reason=judgment_reason(observation, level, findings, open_, gaps, possible, reach.checked_text),
            deadline=self._first_deadline(level, findings) if hazard else None,
            duties=self._duties(level, None) if hazard and not findings else (),
            findings=findings,
            open=open_,
            possible=possible,
            gaps=gaps,
            law_gaps=self.setting.law_gaps if hazard else (),
            upcoming=() if reach.awaited is None else tuple(self._upcoming(reach.awaited)),
            conflicts=tuple(self._conflicts()) if observation.asserted else (),
            nearest=tuple(self._nearest()) if observation.other else (),
            assumed=reach.assumed,
            unused=unused,
            rejected=self.reading.rejected,
            checked=reach.checked,
        )

    def _first_deadline(self, level: Level, findings: Sequence[Finding]) -> Deadline | None:
        """The earliest of the findings that make the level, or that of a hazard without any."""
        deadlines = [f.deadline for f in findings if f.level is level and f.deadline is not None]
        return min(deadlines, key=lambda d: d.due_on) if deadlines else self._deadline(level, None)

    def _level(self, findings: Sequence[Finding]) -> Level:
        observation = self.reading.observation
        if findings and Level.MAJOR in [finding.level for finding in findings]:
            return Level.MAJOR
        if findings or observation.other or observation.reported:
            return Level.GENERAL
        return Level.NONE

    def _affirmed(self) -> Iterator[Finding]:
        """Findings that rest on a person's word alone."""
        decided = {outcome.rule.id for outcome in self.met}
        for id_ in self.reading.observation.asserted:
            if id_ not in decided:
                rule = self.book.rule(id_)
                level = Level(rule.level)
                yield self._made(rule, level, affirmed(rule, level, self.book.cite(rule)))

    def _finding(self, outcome: Outcome) -> Finding:
        """The finding of a criterion that holds; kept for the day, unless the call itself bears on its deadline."""
        if self._bears:
            return self._made(outcome.rule, outcome.criterion.level, outcome.met)
        found = self.setting.findings.get(outcome)
        if found is None:
            found = self.setting.keep(outcome, self._made(outcome.rule, outcome.criterion.level, outcome.met))
        return found

    def _made(self, rule: Rule, level: Level, fields: Mapping[str, Any]) -> Finding:
        return built(Finding, **fields, deadline=self._deadline(level, rule), duties=self._duties(level, rule))

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
        if self._bears:
            return choose(self.book, self.policies, self._case(level, rule))
        hazard = (level, None, ()) if rule is None else (level, rule.document, rule.industries)
        found = kept.get(hazard)
        if found is None:
            found = kept[hazard] = choose(self.book, self.policies, self._case(level, rule))
        return found

    def _open(self) -> tuple[OpenRule, ...]:
        """Criteria that are undecided, and those that only a person can decide."""
        every, affirmed = (*in_order(self.sorted.open), *self.law.manual), self.reading.observation.asserted
        return tuple([one for one in every if one.rule not in affirmed]) if affirmed else every

    def _gaps(self) -> tuple[Gap, ...]:
        """What is not held and matters here: for the industry, for a given fact, or for a condition in words."""
        observation = self.reading.observation
        if observation.other and len(self.reach.gaps) < len(self.law.lacking):
            return self.law.gaps(observation.facts, self._told()) + self.setting.unregulated
        return self.reach.gaps + self.setting.unregulated

    def _told(self) -> frozenset[str]:
        """The documents, in force or not, whose criteria come nearest to the conditions in words."""
        others = self.reading.observation.other
        return frozenset(rule.document for o in others for rule, _ in self.book.nearest(o, 1, self.book.documents))

    def _upcoming(self, awaited: Touched) -> Iterator[Upcoming]:
        for outcome in in_order(awaited.sorted_out(self.values).met):
            from hazardrules.seldom import Upcoming  # noqa: PLC0415

            criterion, starts = outcome.criterion, self.book.documents[outcome.rule.document].starts
            yield built(
                Upcoming,
                rule=outcome.rule.id,
                document=outcome.rule.document,
                effective=starts,
                level=criterion.level,
                citation=criterion.citation,
                text=f"{starts.isoformat()}起为{criterion.level.label}:{criterion.citation}",
            )

    def _conflicts(self) -> Iterator[Conflict]:
        from hazardrules.seldom import Conflict  # noqa: PLC0415

        criteria = {criterion.rule.id: criterion for criterion in self.reach.now.criteria}
        for id_ in self.reading.observation.asserted:
            rule, criterion = self.book.rule(id_), criteria.get(id_)
            outcome = None if criterion is None else criterion.outcome(self.values.get)
            citation = self.book.cite(rule)
            if not self.law.meets(rule.industries):
                text = f"人工认定的{citation}不适用于所报行业"
                yield built(Conflict, rule=id_, citation=citation, text=text)
            if outcome is not None and outcome.holds is False:
                facts = ";".join(value.text for value in outcome.witness)
                text = f"人工认定{citation},但所报事实使该情形不成立:{facts}"
                yield built(Conflict, rule=id_, citation=citation, because=outcome.witness, text=text)

    def _nearest(self) -> Iterator[Nearest]:
        from hazardrules.seldom import Nearest  # noqa: PLC0415

        for other in self.reading.observation.other:
            for rule, score in self.book.nearest(other, NEAREST, self.law.documents):
                citation = self.book.cite(rule)
                yield built(
                    Nearest, other=other, rule=rule.id, title=rule.title, citation=citation, score=round(score, 3)
                )


def in_order(found: Mapping[int, T]) -> list[T]:
    """What stands in places, in their order."""
    return list(map(found.__getitem__, sorted(found)))


def _major(undecided: Sequence[OpenRule]) -> bool:
    """Whether a major criterion is among them."""
    return bool(undecided) and any(one.level is Level.MAJOR for one in undecided)


def _misplaced(unused: Sequence[Unused]) -> bool:
    """Whether a document that was replaced, or is for another industry, reads one of the facts that were of no use."""
    return bool(unused) and any(one.superseded or one.elsewhere for one in unused)
