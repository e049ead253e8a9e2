"""Deadlines, duties and how days are counted, as they are used; ``provisions`` has the shape of their file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

__all__ = ["Counting", "DeadlineProvision", "DutyProvision", "Policy", "Provision", "Recurring", "Repeating"]


@dataclass(frozen=True, slots=True)
class Counting:
    """How a law counts its days; see ``provisions.CountingSpec``."""

    id: str
    end: str
    citation: str
    evidence: str
    effective: date | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """What a deadline and a duty have in common; see ``provisions``."""

    id: str
    level: str
    industries: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    citation: str
    evidence: str
    effective: date | None = None
    expires: date | None = None
    counting: str | None = None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineProvision(Provision):
    """When a hazard must be rectified; see ``provisions.DeadlineSpec``."""

    source: str
    days: int
    day_kind: str


@dataclass(frozen=True, slots=True)
class Recurring:
    """A day that comes back; see ``provisions.Recurrence``."""

    every: str
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class Repeating:
    """So many events within a time; see ``provisions.Repetition``."""

    event: str
    times: int
    within: int
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyProvision(Provision):
    """What must happen besides rectification; see ``provisions.DutySpec``."""

    kind: str
    actor: str
    trigger: str
    period: str | None = None
    days: int | None = None
    day_kind: str | None = None
    starts: tuple[str, ...] = ("trigger",)
    recurs: tuple[Recurring, ...] = ()
    repeats: tuple[Repeating, ...] = ()
    extends: str | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """How days are counted, deadlines and duties: of a pack, or of a file that replaces its policy entries."""

    name: str = ""
    counting: tuple[Counting, ...] = ()
    deadlines: tuple[DeadlineProvision, ...] = ()
    duties: tuple[DutyProvision, ...] = ()
