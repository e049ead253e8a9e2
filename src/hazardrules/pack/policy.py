"""Deadlines, duties and how days are counted, as they are used; ``provisions`` has the shape of their file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from hazardrules.record import Record

__all__ = [
    "Counting",
    "DeadlineProvision",
    "DutyProvision",
    "Law",
    "Policy",
    "Provision",
    "Recurring",
    "Repeating",
    "make_policy",
]


class Counting(Record):
    """How a law counts its days; see ``provisions.CountingSpec``."""

    id: str
    end: str
    citation: str
    evidence: str
    effective: date | None
    text: str


class Provision(Record):
    """What a deadline and a duty have in common; see ``provisions``."""

    id: str
    level: str
    industries: tuple[str, ...]
    documents: tuple[str, ...]
    citation: str
    evidence: str
    effective: date | None
    expires: date | None
    counting: str | None
    text: str


class DeadlineProvision(Provision):
    """When a hazard must be rectified; see ``provisions.DeadlineSpec``."""

    source: str
    days: int
    day_kind: str


class Recurring(Record):
    """A day that comes back; see ``provisions.Recurrence``."""

    every: str
    month: int
    day: int


class Repeating(Record):
    """So many events within a time; see ``provisions.Repetition``."""

    event: str
    times: int
    within: int
    unit: str


class DutyProvision(Provision):
    """What must happen besides rectification; see ``provisions.DutySpec``."""

    kind: str
    actor: str
    trigger: str
    period: str | None
    days: int | None
    day_kind: str | None
    starts: tuple[str, ...]
    recurs: tuple[Recurring, ...]
    repeats: tuple[Repeating, ...]
    extends: str | None


class Law(Record):
    """A law or regulation that fixes deadlines and duties: its window, and how much of it is held.

    ``status`` is ``in_force``, ``unverified`` (whether it still applies was not verified) or ``repealed``; ``missing``
    says what of it was not read.
    """

    id: str
    title: str
    rank: str
    status: str
    coverage: str
    number: str | None = None
    issued: date | None = None
    effective: date | None = None
    expires: date | None = None
    industries: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    source: str | None = None
    note: str | None = None

    @property
    def name(self) -> str:
        """《title》(number), as it is cited."""
        return f"《{self.title}》" + (f"({self.number})" if self.number else "")

    def in_force(self, on: date) -> bool:
        """Whether it applies on that day, as far as its dates and status are known."""
        starts = self.effective or self.issued
        begun = starts is None or starts <= on
        ended = self.status == "repealed" if self.expires is None else self.expires <= on
        return begun and not ended


class Policy(Record):
    """How days are counted, deadlines and duties: of a pack, or of a file that replaces its policy entries."""

    name: str = ""
    counting: tuple[Counting, ...] = ()
    deadlines: tuple[DeadlineProvision, ...] = ()
    duties: tuple[DutyProvision, ...] = ()
    laws: tuple[Law, ...] = ()


def make_policy(
    name: str,
    counting: Iterable[Mapping[str, Any]],
    deadlines: Iterable[Mapping[str, Any]],
    duties: Iterable[Mapping[str, Any]],
    laws: Iterable[Mapping[str, Any]],
) -> Policy:
    """A policy from the fields of its parts: days as dates, lists as tuples."""
    return Policy(
        name,
        tuple(Counting(**one) for one in counting),
        tuple(DeadlineProvision(**one) for one in deadlines),
        tuple(
            DutyProvision(
                **{
                    **one,
                    "recurs": tuple(Recurring(**day) for day in one["recurs"]),
                    "repeats": tuple(Repeating(**times) for times in one["repeats"]),
                }
            )
            for one in duties
        ),
        tuple(Law(**one) for one in laws),
    )
