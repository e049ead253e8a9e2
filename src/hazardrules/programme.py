"""Programmes (专项行动) at work: who checks what, what is due when, how pressure rises, how a hazard is closed.

All of it is practice and not law, and says so. The data stand in packs (``programme.yaml``); what is here are pure
functions over them, and nothing is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from hazardrules.errors import Problem, ProgrammeError, UnknownIndustryError, UnknownProgrammeError
from hazardrules.events import Event, read_event
from hazardrules.following import FollowUp, HazardState, follow_up
from hazardrules.ledger import Entry
from hazardrules.model import Judgment
from hazardrules.nearest import fold, nearest_hint
from hazardrules.occasions import Occasion, calendar, ical
from hazardrules.outputs.checklist import Checklist
from hazardrules.outputs.columns import COLUMNS
from hazardrules.pack.content import ancestors
from hazardrules.pack.programmes import (
    ChecklistSpec,
    PhaseSpec,
    PracticeSpec,
    ProgrammeSpec,
    ScopeSpec,
    TriggerSpec,
    read_programmes,
)
from hazardrules.pack.values import clip
from hazardrules.pressure import Pressure, ProgrammeState, Trigger, escalate, stage_of
from hazardrules.ranking import Rank, rank
from hazardrules.record import Record
from hazardrules.rulebook import RuleBook
from hazardrules.tasking import Task, TaskBoard, task_board

__all__ = ["Programme", "named_programme", "programmes_of"]


class Programme(Record):
    """A programme of a pack: ``spec`` is what its file says, ``parent`` the programme that it carries out.

    ``pack`` is the id of the pack and ``region`` its region. What a programme doesn't have itself (steps, stages,
    weights) is that of the programme that it carries out, and the answer names whose it is.
    """

    spec: ProgrammeSpec
    pack: str
    region: str
    book: RuleBook
    parent: Programme | None = None

    def __repr__(self) -> str:
        return f"Programme({self.id!r}, {self.title!r})"

    @property
    def id(self) -> str:
        """Its id, unique in its pack and those that the pack builds on."""
        return self.spec.id

    @property
    def title(self) -> str:
        """Its Chinese title."""
        return self.spec.title

    @property
    def line(self) -> tuple[Programme, ...]:
        """Itself, the programme that it carries out, the one that that carries out, and so on."""
        return (self,) if self.parent is None else (self, *self.parent.line)

    def runs(self, on: date) -> bool:
        """Whether it runs on a day: from ``starts`` to the day before ``ends``; without an end, it goes on."""
        return self.spec.starts <= on and (self.spec.ends is None or on < self.spec.ends)

    def scope(self, kind: str | None = None, *, inherited: bool = False) -> tuple[ScopeSpec, ...]:
        """Whom it covers.

        :param kind: only ``industries``, ``topics`` or ``places``.
        :param inherited: with the scope of the programmes that it carries out, after its own.
        """
        programmes = self.line if inherited else (self,)
        return tuple(one for programme in programmes for one in programme.spec.scope if kind in (None, one.kind))

    def departments(self, industry: str) -> tuple[str, ...]:
        """Who is responsible for an industry, each department once: its own scope's first, then its parents'.

        What is said of a wider industry holds for the narrower ones.

        :param industry: id, label or alias of an industry, or an item of the scope that has no industry here.
        :raises UnknownIndustryError: with the nearest names.
        """
        entries = self.scope(inherited=True)
        items = {fold(item) for entry in entries for item in entry.items}
        try:
            (id_,) = self.book.industry_ids(industry)
        except UnknownIndustryError:
            if not isinstance(industry, str) or fold(industry) not in items:
                raise
            wider: frozenset[str] = frozenset()
        else:
            wider = ancestors(self.book.industries[id_], self.book.industries) | {id_}
        name = fold(industry)
        found = [
            department
            for entry in entries
            if not wider.isdisjoint(entry.industries) or any(fold(item) == name for item in entry.items)
            for department in entry.departments
        ]
        return tuple(dict.fromkeys(found))

    def phases(self, on: date | None = None) -> tuple[PhaseSpec, ...]:
        """Its phases, in order.

        :param on: only those that can be running that day: the programme runs, and no date that the source gives says
            otherwise; a phase without dates is among them.
        """
        if on is None:
            return self.spec.phases
        if not self.runs(on):
            return ()
        return tuple(
            one
            for one in self.spec.phases
            if (one.starts is None or one.starts <= on) and (one.ends is None or on < one.ends)
        )

    def practices(self, kind: str | None = None, by: str | None = None) -> tuple[PracticeSpec, ...]:
        """Its practices as the source tells them.

        :param kind: only those of a kind.
        :param by: only those that these means of the library do.
        """
        return tuple(one for one in self.spec.practices if kind in (None, one.kind) and (by is None or by in one.by))

    @property
    def checklists(self) -> tuple[ChecklistSpec, ...]:
        """Its own checklists."""
        return self.spec.checklists

    def calendar(
        self,
        start: str | date,
        end: str | date,
        *,
        rules: Mapping[str, str] | None = None,
        inherited: bool = True,
    ) -> tuple[Occasion, ...]:
        """What is due when, from ``start`` to ``end`` (both included) and while the programme runs, by day.

        The last days of phases are among it. Days that the source leaves open are defaults, and say so.

        :param rules: recurrences (RFC 5545) in place of the programme's, by the entry's id.
        :param inherited: with what the programmes that it carries out want while they run.
        :raises ProgrammeError: for days or recurrences that can't be used, ids that don't exist, more than 20 years or
            100,000 occasions.
        """
        return calendar(self._specs(inherited=inherited), start, end, rules)

    def to_ical(
        self,
        start: str | date,
        end: str | date,
        *,
        rules: Mapping[str, str] | None = None,
        inherited: bool = True,
    ) -> str:
        """The same as an iCalendar file: days without hours, marked as practice.

        An entry has the same ``UID`` each time, so that a calendar which reads the file again replaces what it had.

        :raises ProgrammeError: as for ``calendar``.
        :raises HazardRulesError: where the package ``icalendar`` is not installed.
        """
        packs = [one.pack for one in (self.line if inherited else (self,))]
        return ical(self._specs(inherited=inherited), packs, start, end, rules)

    def _specs(self, *, inherited: bool) -> list[ProgrammeSpec]:
        return [one.spec for one in (self.line if inherited else (self,))]

    def escalation(
        self,
        state: FollowUp,
        *,
        steps: Mapping[str, TriggerSpec | Trigger | Mapping[str, Any]] | None = None,
        facts: Iterable[str] = (),
    ) -> Pressure:
        """Which steps of pressure are reached, by the hazards that are not closed.

        :param state: what ``follow_up()`` says.
        :param steps: triggers in place of the programme's, by the step's id, as ``{"talk": {"overdue_days": 10}}``.
        :param facts: ids of the facts that the hazards are about, for steps that some domains trigger.
        :raises ProgrammeError: for triggers that can't be used, and where no programme of the line has steps.
        """
        owner = next((one for one in self.line if one.spec.escalation), None)
        if owner is None:
            raise ProgrammeError(Problem("escalation", self.id, f"专项行动 {self.id} 没有逐步加压的步骤"))
        return escalate(owner.id, owner.spec.escalation, state, steps, facts, self.book.domains)

    def follow_up(
        self,
        judgment: Judgment,
        as_of: str | date,
        events: Iterable[Event | Mapping[str, Any]] = (),
        *,
        steps: Mapping[str, TriggerSpec | Trigger | Mapping[str, Any]] | None = None,
    ) -> ProgrammeState:
        """Where a judgment stands (``hazardrules.follow_up``), the pressure on it, and what each hazard's record lacks.

        The facts that trigger steps are those that make the hazards that are not closed what they are.

        :raises EventError: as ``hazardrules.follow_up``.
        :raises ProgrammeError: for ``steps`` that can't be used.
        """
        given = tuple(events)
        state = follow_up(judgment, as_of, given)
        read = [event for i, one in enumerate(given, 1) if (event := read_event(i, one, [])) is not None]
        counted = sorted((event for event in read if event.on <= state.as_of), key=lambda event: event.on)
        owner = next((one for one in self.line if one.spec.closing), self)
        pressure = None
        if steps or any(one.spec.escalation for one in self.line):
            pressure = self.escalation(state, steps=steps, facts=_facts(judgment, state.hazards))
        return ProgrammeState(
            programme=self.id,
            follow_up=state,
            pressure=pressure,
            stages=tuple(stage_of(owner.spec.closing, one, counted) for one in state.hazards if owner.spec.closing),
        )

    def ranking(
        self,
        entries: Iterable[Entry],
        as_of: str | date,
        *,
        by: str = "unit",
        weights: Mapping[str, Any] | None = None,
    ) -> tuple[Rank, ...]:
        """Units by points over the figures of the ledger, best first; those with the same points share a place.

        :param by: ``unit``, ``industry``, ``clause``, ``region`` or ``department``.
        :param weights: points for each hazard by figure, in place of the programme's (``ledger.FIGURES``).
        :raises ProgrammeError: for weights or a dimension that can't be used, and where there are no weights.
        :raises LedgerError: for records whose events can't have happened.
        """
        scoring = next((one.spec.scoring for one in self.line if one.spec.scoring is not None), None)
        return rank(entries, as_of, by, scoring, weights, self.book)

    def checklist(
        self, checklist_id: str, *, on: date | None = None, industry: str | Iterable[str] | None = None
    ) -> Checklist:
        """A checklist of the programme, or of one that it carries out, made from the rules of a day.

        :param on: the day whose law applies; default: today in China.
        :param industry: id, label or alias, or several, in place of the industries that the checklist names.
        :raises ProgrammeError: for an id that doesn't exist, with the nearest.
        :raises UnknownIndustryError: for an industry that is not known.
        :raises InputError: where no criterion is left.
        """
        specs = {spec.id: spec for one in reversed(self.line) for spec in one.spec.checklists}
        spec = specs.get(checklist_id)
        if spec is None:
            hint = nearest_hint(str(checklist_id), specs) or f"可用:{'、'.join(specs) or '没有'}"
            text = f"专项行动 {self.id} 没有检查表 {clip(checklist_id)}"
            raise ProgrammeError(Problem("checklist", clip(checklist_id), text, hint))
        headings: dict[str, str] = COLUMNS | dict(spec.headings.items())
        columns = {COLUMNS[id_]: headings[id_] for id_ in spec.columns or COLUMNS}
        listed = {id_ for entry in self.scope(inherited=True) if entry.departments for id_ in entry.industries}
        made = self.book.checklist(
            industry if industry is not None else spec.industries or None,
            on=on,
            topic=spec.title if spec.words else None,
            words=spec.words or None,
            without=spec.without,
            columns=columns,
            departments={id_: self.departments(id_) for id_ in sorted(listed)},
        )
        title = spec.title if spec.title.endswith(("表", "清单")) else f"{spec.title}检查表"
        return made.model_copy(update={"topic": spec.title, "title": title})

    def tasks(self, tasks: Iterable[Task | Mapping[str, Any]], as_of: str | date) -> TaskBoard:
        """A list of tasks on a day: open, done, overdue, by unit.

        :param tasks: mappings with the fields of ``tasking.Task``; each must have a ``due_on``.
        :raises ProgrammeError: for tasks without a day or of the wrong form, all of them at once.
        """
        return task_board(self.id, self.spec.practices, tasks, as_of)


def _facts(judgment: Judgment, hazards: Iterable[HazardState]) -> set[str]:
    """What the hazards that are not closed rest on: the facts of their reasons, or all that was observed."""
    findings = {finding.rule: finding for finding in judgment.findings}
    found: set[str] = set()
    for hazard in hazards:
        finding = findings.get(hazard.rule or "")
        values = [*finding.because, *(v for also in finding.also_because for v in also)] if finding else []
        if hazard.state != "closed":
            found |= {value.fact for value in values} or set(judgment.observation.facts)
    return found


def programmes_of(book: RuleBook) -> tuple[Programme, ...]:
    """The programmes of a book's packs; see ``RuleBook.programmes``."""
    found: list[Programme] = []
    for pack in book.packs:
        specs = {spec.id: spec for spec in read_programmes(Path(pack.origin))}
        own: dict[str, Programme] = {}
        while len(own) < len(specs):  # those that others carry out are made before them
            before = len(own)
            for spec in specs.values():
                if spec.id not in own and (spec.carries_out in own or spec.carries_out not in specs):
                    wider = own.get(spec.carries_out or "") or _last(found, spec.carries_out)
                    own[spec.id] = Programme(spec, pack.id, pack.region, book, wider)
            if len(own) == before:  # the file was changed since it was checked
                left = "、".join(id_ for id_ in specs if id_ not in own)
                raise ProgrammeError(Problem("programme", pack.id, f"规则包 {pack.id} 的 carries_out 绕成一圈:{left}"))
        found.extend(own[id_] for id_ in specs)
    return tuple(found)


def _last(programmes: Sequence[Programme], id_: str | None) -> Programme | None:
    return next((one for one in reversed(programmes) if one.id == id_), None)


def named_programme(book: RuleBook, programme_id: str) -> Programme:
    """A programme of a book; see ``RuleBook.programme``."""
    found = [one for one in book.programmes if one.id == programme_id]
    if len(found) == 1:
        return found[0]
    if found:
        packs = "、".join(one.pack for one in found)
        text, hint = f"不止一个规则包有专项行动 {programme_id}:{packs}", "按地区载入规则库"
    else:
        known = [one.id for one in book.programmes]
        text = f"没有专项行动 {clip(programme_id)}"
        hint = nearest_hint(str(programme_id), known) or f"可用:{'、'.join(known) or '没有'}"
    raise UnknownProgrammeError(Problem("programme", clip(programme_id), text, hint))
