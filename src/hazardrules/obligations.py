"""What must be done besides rectification, as it stands on a day: set off or not, due when, done or late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from hazardrules.deadline import next_day
from hazardrules.events import Event
from hazardrules.model import Duty, DutyDay, DutyRepeat, Frozen
from hazardrules.workdays import Day, add_months, count

__all__ = ["Obligation", "Record", "obligation"]

_FULFILS: Final[dict[str, str]] = {
    "planned": "plan",
    "reported": "report",
    "stopped": "stop_work",
    "evacuated": "evacuate",
    "supervised": "supervise",
    "notified": "supervise",
    "rechecked": "recheck",
    "accepted": "accept",
    "publicised": "publicise",
    "staff_notified": "notify_staff",
    "dispatched": "dispatch",
}
"""Which kind of duty an event fulfils, where it names none."""


class Obligation(Frozen):
    """A duty as it stands: when it was set off, when it is due, when it was done.

    ``kind`` is that of the duty, or ``rectify`` for the rectification itself. ``due_on`` is None where the law fixes no
    day (promptly). ``overdue_days`` are the days by which it was or is late.
    """

    id: str
    kind: str
    actor: str
    text: str
    citation: str
    set_off_on: date
    due_on: date | None = None
    provisional: bool = False
    done_on: date | None = None
    overdue_days: int = 0


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of a hazard: when it was found (again), its deadline, and what happened.

    ``cycle`` are the events since it was found last, ``history`` all of them, both by date.
    """

    begun: date
    due: date | None
    rectified: date | None
    closed: date | None
    cycle: Sequence[Event]
    history: Sequence[Event]


def obligation(duty: Duty, duties: Sequence[Duty], record: Record, as_of: date) -> Obligation | None:
    """A duty that has been set off; None for one that has not, or that only lengthens another's time.

    :param duties: all of the finding, since one may lengthen another's time.
    """
    if duty.extends is not None:
        return None
    if duty.recurs:
        return None if record.closed else _made(duty, record.begun, Day(_recurring(duty.recurs, record, as_of)), as_of)
    starts = [_started(name, record, as_of) for name in duty.starts] + [_repeated(r, record) for r in duty.repeats]
    begun = min((on for on in starts if on is not None), default=None)
    if begun is None:
        return None
    due = None
    if duty.days is not None and duty.day_kind is not None and duty.day_kind != "hours":
        due = count(begun, duty.days, duty.day_kind, rolls=duty.rolls)
        if any(event.kind == "expert_reviewed" for event in record.cycle):
            due = _lengthened(due, duty, duties)
    done = [event.on for event in record.cycle if event.on >= begun and _fulfils(event, duty)]
    return _made(duty, begun, due, as_of, min(done, default=None))


def _lengthened(due: Day, duty: Duty, duties: Sequence[Duty]) -> Day:
    for more in duties:
        if more.extends == duty.id and more.days is not None and more.day_kind is not None:
            longer = count(due.on, more.days, more.day_kind, rolls=more.rolls)
            due = Day(longer.on, due.provisional or longer.provisional)
    return due


def _recurring(days: Sequence[DutyDay], record: Record, as_of: date) -> date:
    """The next of the recurring days that follow the discovery."""
    found = []
    for one in days:
        day = next_day(one, record.begun)
        while day < as_of and day != date.max:
            day = next_day(one, day)
        found.append(day)
    return min(found)


def _started(name: str, record: Record, as_of: date) -> date | None:
    """When what sets a duty off last happened."""
    if name == "observed":
        return record.begun
    if name == "due":
        in_time = record.rectified is not None and record.due is not None and record.rectified <= record.due
        return record.due if record.due is not None and record.due < as_of and not in_time else None
    return max((event.on for event in record.cycle if event.kind == name), default=None)


def _repeated(one: DutyRepeat, record: Record) -> date | None:
    """When so many events had happened within the time; None where they have not."""
    days = [event.on for event in record.history if event.kind == one.event]
    for first, last in zip(days, days[one.times - 1 :], strict=False):
        months = {"days": 0, "months": 1, "years": 12}[one.unit] * one.within
        if (last - first).days <= one.within if one.unit == "days" else last <= add_months(first, months):
            return last
    return None


def _fulfils(event: Event, duty: Duty) -> bool:
    if event.duties:
        return duty.id in event.duties
    return _FULFILS.get(event.kind) == duty.kind


def _made(duty: Duty, begun: date, due: Day | None, as_of: date, done: date | None = None) -> Obligation:
    late = 0 if due is None else max(0, ((done or as_of) - due.on).days)
    return Obligation(
        id=duty.id,
        kind=duty.kind,
        actor=duty.actor,
        text=duty.text,
        citation=duty.citation,
        set_off_on=begun,
        due_on=due.on if due else None,
        provisional=due.provisional if due else False,
        done_on=done,
        overdue_days=late,
    )
