"""The shape of ``programme.yaml``: how a province runs the judging, as practice and never as law.

What a source says stands with ``evidence: read``; what the source leaves open and software needs all the same (on which
day of the week, after how many days) is a default that can be replaced, and stands with ``evidence: policy``.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final, Literal

from dateutil.rrule import rrulestr
from pydantic import AfterValidator, Field
from pydantic import model_validator as after_all

from hazardrules.errors import PackErrors
from hazardrules.pack.reader import read_yaml
from hazardrules.pack.shape import validate
from hazardrules.pack.types import Day, Id, Name, Num, Shape, Text, Whole

__all__ = [
    "PROGRAMME",
    "CadenceSpec",
    "ChecklistSpec",
    "ClosingSpec",
    "EscalationSpec",
    "PhaseSpec",
    "PracticeSpec",
    "ProgrammeFile",
    "ProgrammeSpec",
    "ScopeSpec",
    "ScoringSpec",
    "TriggerSpec",
    "read_programmes",
    "recurrence",
]

PROGRAMME: Final = "programme.yaml"
"""The name of the file, in the pack's folder."""

_PART: Final = re.compile(
    r"(?:(INTERVAL)=[1-9][0-9]{0,2}|(FREQ|BYDAY|BYMONTHDAY|BYMONTH|BYSETPOS|WKST)=[A-Z0-9,+-]+)\Z"
)
_EVERY: Final = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")


def recurrence(value: str) -> str:
    """An RFC 5545 rule of days: no hours, no end of its own (the programme has one)."""
    parts = [_PART.match(part) for part in value.split(";")]
    keys = [part[1] or part[2] for part in parts if part]
    fine = all(parts) and len(set(keys)) == len(keys) and keys[:1] == ["FREQ"]
    if fine and value.split(";", maxsplit=1)[0].removeprefix("FREQ=") in _EVERY:
        try:
            rrulestr(value, dtstart=datetime(2023, 1, 1))  # noqa: DTZ001  # days have no zone
        except ValueError:
            fine = False
        else:
            return value
    example = "FREQ=WEEKLY;BYDAY=FR"
    keys_known = "INTERVAL、BYDAY、BYMONTHDAY、BYMONTH、BYSETPOS、WKST"
    raise ValueError(f"{value} 不是按日的重复规则(RFC 5545),如 {example};FREQ 写 {'、'.join(_EVERY)},可加 {keys_known}")


Recurring = Annotated[Text, AfterValidator(recurrence)]
Evidence = Literal["read", "policy"]
Count = Annotated[Whole, Field(ge=1, le=100_000)]


class _Entry(Shape):
    """An entry of a programme: its id (unique in the programme), its name, and what is said of it."""

    id: Id
    title: Text
    text: Text | None = None
    evidence: Evidence = "read"
    note: Text | None = None


class ScopeSpec(_Entry):
    """Whom the programme covers: industries, topics (added ones without criteria too) or kinds of places.

    ``count`` is the number that the source gives where it does not list them all, ``items`` what it lists, and
    ``industries`` the ids that these have here; ``departments`` are those responsible.
    """

    kind: Literal["industries", "topics", "places"]
    count: Count | None = None
    items: tuple[Text, ...] = ()
    industries: tuple[Id, ...] = ()
    departments: tuple[Text, ...] = ()

    @after_all(mode="after")
    def _says(self) -> ScopeSpec:
        if self.count is None and not self.items and not self.industries:
            raise ValueError("count、items、industries 至少写一个")
        return self


class PhaseSpec(_Entry):
    """A stage of the programme: ``[starts, ends)``, as far as the source tells."""

    starts: Day | None = None
    ends: Day | None = None

    @after_all(mode="after")
    def _ordered(self) -> PhaseSpec:
        if self.starts is not None and self.ends is not None and self.ends <= self.starts:
            raise ValueError("ends 不晚于 starts")
        return self


class CadenceSpec(_Entry):
    """Something that comes back: ``rule`` is an RFC 5545 recurrence of days.

    Sources say how often and seldom on which day: ``day`` says whether the day within the period was read or is a
    default (Friday, the last day of the month, quarter or year).
    """

    kind: Literal["report", "dispatch", "analyse", "review", "inspect", "meeting", "publish", "assess", "plan"]
    rule: Recurring
    day: Evidence = "policy"
    actor: Text | None = None


class TriggerSpec(Shape):
    """When a step of pressure is reached: any one of these.

    ``overdue_days`` days past the deadline, ``reopened`` times found again after closing, ``failed_rechecks`` re-checks
    not passed (each: so many or more), or a hazard that a fact of one of these ``domains`` speaks of.
    """

    overdue_days: Count | None = None
    reopened: Count | None = None
    failed_rechecks: Count | None = None
    domains: tuple[Name, ...] = ()

    @after_all(mode="after")
    def _something(self) -> TriggerSpec:
        if not (self.overdue_days or self.reopened or self.failed_rechecks or self.domains):
            raise ValueError("overdue_days、reopened、failed_rechecks、domains 至少写一个")
        return self


class EscalationSpec(_Entry):
    """A step of pressure, weakest first. ``when_evidence`` says whether the source or a default gives the numbers."""

    when: TriggerSpec
    when_evidence: Evidence = "policy"
    actor: Text | None = None


class ClosingSpec(_Entry):
    """A stage of a hazard's record (查, 改, 督, 销): its state in ``follow_up()``, and the events that it needs."""

    state: Literal["found", "rectifying", "supervised", "to_recheck", "closed"]
    needs: tuple[Name, ...] = ()
    needs_evidence: Evidence = "policy"


class ScoringSpec(_Entry):
    """How units are ranked: points for each hazard found, major, rectified in time, overdue, reopened, closed."""

    weights: dict[Literal["found", "major", "in_time", "overdue", "reopened", "closed"], Num] = Field(min_length=1)
    weights_evidence: Evidence = "policy"


Column = Literal["content", "method", "problem", "remedy", "basis", "department"]


class ChecklistSpec(_Entry):
    """A checklist drawn from the rules: by ``words`` in their titles, groups and facts, or by industries.

    ``without`` are words that a rule must not hold; ``columns`` are the columns in order, ``headings`` what they are
    called where not by their own names (查什么、谁去查、怎么查).
    """

    words: tuple[Text, ...] = ()
    without: tuple[Text, ...] = ()
    industries: tuple[Id, ...] = ()
    columns: tuple[Column, ...] = ()
    headings: dict[Column, Text] = Field(default_factory=dict)

    @after_all(mode="after")
    def _drawn(self) -> ChecklistSpec:
        if not self.words and not self.industries and not self.columns:
            raise ValueError("words、industries、columns 至少写一个")
        return self


Means = Literal[
    "scope",
    "phases",
    "calendar",
    "escalation",
    "closing",
    "ranking",
    "summary",
    "checklist",
    "card",
    "notice",
    "export",
    "follow_up",
    "classify",
    "tasks",
]


class PracticeSpec(_Entry):
    """A practice as the source tells it, and the means of this library that do it (``by``).

    ``kind`` is what sort of practice it is (mechanism, tasks, team ...), ``items`` what the source lists, ``numbers``
    the numbers that it gives, by what they count.
    """

    kind: Name
    items: tuple[Text, ...] = ()
    numbers: dict[Text, Num] = Field(default_factory=dict)
    by: Annotated[tuple[Means, ...], Field(min_length=1)]


class ProgrammeSpec(Shape):
    """One programme: a time-bound action, or practice that stands; ``[starts, ends)`` is half open.

    ``carries_out`` names the programme of a parent pack (or of this one) that it carries out.
    """

    id: Id
    title: Text
    carries_out: Id | None = None
    number: Text | None = None
    issuer: Text | None = None
    starts: Day
    ends: Day | None = None
    source: Text
    note: Text | None = None
    scope: tuple[ScopeSpec, ...] = ()
    phases: tuple[PhaseSpec, ...] = ()
    cadence: tuple[CadenceSpec, ...] = ()
    escalation: tuple[EscalationSpec, ...] = ()
    closing: tuple[ClosingSpec, ...] = ()
    scoring: ScoringSpec | None = None
    checklists: tuple[ChecklistSpec, ...] = ()
    practices: tuple[PracticeSpec, ...] = ()

    @after_all(mode="after")
    def _ordered(self) -> ProgrammeSpec:
        if self.ends is not None and self.ends <= self.starts:
            raise ValueError("ends 不晚于 starts")
        return self


class ProgrammeFile(Shape):
    """``programme.yaml``: the programmes of a pack."""

    programmes: Annotated[tuple[ProgrammeSpec, ...], Field(min_length=1)]


def read_programmes(folder: Path) -> tuple[ProgrammeSpec, ...]:
    """The programmes of a pack that was loaded from this folder.

    :raises PackErrors: where the file no longer has the right shape.
    """
    path = folder / PROGRAMME
    if not path.is_file():
        return ()
    file = read_yaml(path, str(path))
    shaped = None if file.problems else validate(file, ProgrammeFile)
    if shaped is None:
        raise PackErrors(file.problems)
    return shaped.programmes
