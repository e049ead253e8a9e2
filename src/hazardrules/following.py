"""A judgment over time: 查 (found), 改 (rectify), 督 (supervise), 销 (close).

``follow_up(judgment, as_of, events)`` is a pure function: it keeps nothing, and the same events always give the same
answer. Events after ``as_of`` don't count, so that the state of any day can be asked for again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final, Literal

from hazardrules.errors import EventError, InputError, Problem, raise_all
from hazardrules.events import EVENT_LABELS, Event, read_day, read_event
from hazardrules.model import Deadline, Duty, Finding, Frozen, Judgment, Level
from hazardrules.nearest import nearest_hint
from hazardrules.obligations import Obligation, Record, obligation
from hazardrules.workdays import count

__all__ = ["STATE_LABELS", "Extension", "FollowUp", "HazardState", "follow_up"]

_AFTER_CLOSING: Final = {"reopened", "publicised", "penalised", "reported", "staff_notified", "dispatched", "resumed"}
"""What may still be recorded of a hazard that is closed."""


class Extension(Frozen):
    """A prolongation: when and by which document it was granted, from which day to which, and on what ground."""

    on: date
    before: date
    due_on: date
    instrument: str
    ground: str


class HazardState(Frozen):
    """One criterion met (``rule`` is None for a general hazard in no criterion) and where it stands.

    ``state`` is ``found`` 查, ``rectifying`` 改, ``supervised`` 督 (rectifying under supervision), ``to_recheck``
    (rectified, to be checked) or ``closed`` 销. ``overdue_days`` are days past ``due_on`` until rectified, or until
    ``as_of``. ``standing`` are duties that an event outside the record sets off.
    """

    rule: str | None
    level: Level
    state: Literal["found", "rectifying", "supervised", "to_recheck", "closed"]
    due_on: date | None
    due_text: str
    provisional: bool = False
    overdue_days: int = 0
    rectified_on: date | None = None
    closed_on: date | None = None
    stopped: bool = False
    reopened: int = 0
    failed_rechecks: int = 0
    extensions: tuple[Extension, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    standing: tuple[Duty, ...] = ()


class FollowUp(Frozen):
    """Where a judgment stands on a day: the least advanced of its hazards, the longest delay, what comes next.

    ``later`` is the number of events after ``as_of``, which don't count. ``text`` says it in Chinese.
    """

    as_of: date
    ref: str | None
    state: Literal["none", "found", "rectifying", "supervised", "to_recheck", "closed"]
    overdue_days: int
    next: Obligation | None
    hazards: tuple[HazardState, ...]
    later: int
    text: str


NO_DEADLINE: Final = "没有期限"
STATE_LABELS: Final = {
    "none": "没有隐患",
    "found": "已查出,尚未部署整改",
    "rectifying": "整改中",
    "supervised": "挂牌督办,整改中",
    "to_recheck": "已整改,待复查",
    "closed": "已销号",
}
_ORDER: Final = ("found", "rectifying", "supervised", "to_recheck", "closed")


def follow_up(judgment: Judgment, as_of: str | date, events: Iterable[Event | Mapping[str, Any]] = ()) -> FollowUp:
    """Where the hazards of a judgment stand on a day, what is overdue, and what must be done next.

    :param as_of: the day that is asked for; events after it don't count.
    :param events: what happened since, in any order (of one day, in the order given); mappings have the fields of
        ``Event``, days as ``date`` or YYYY-MM-DD.
    :raises EventError: for events that are not of that form or that can't have happened in that order (closed before
        it was rectified, an extension to an earlier day ...), all of them at once.
    """
    problems: list[tuple[type[InputError], Problem]] = []
    day = read_day("as_of", as_of, problems)
    read = [read_event(index, event, problems) for index, event in enumerate(events, 1)]
    if problems:
        raise_all(problems)
    assert day is not None  # noqa: S101  # else there was a problem
    placed = sorted(((index, event) for index, event in enumerate(read, 1) if event is not None), key=_when)
    tracks = _tracks(judgment)
    known = {track.rule for track in tracks}
    begun = judgment.observation.observed_on
    if day < begun:
        text = f"as_of 是 {day.isoformat()},早于检查日期 {begun.isoformat()}"
        problems.append((EventError, Problem("as_of", day.isoformat(), text)))
    for index, event in placed:
        where = f"events[{index}]"
        for rule in event.rules:
            if rule not in known:
                hint = nearest_hint(rule, [one for one in known if one])
                problems.append((EventError, Problem(where, rule, f"结论里没有判定情形 {rule}", hint)))
        ids = {duty.id for track in tracks for duty in track.duties}
        for duty in event.duties:
            if duty not in ids:
                problem = f"结论里没有义务 {duty}"
                problems.append((EventError, Problem(where, duty, problem, nearest_hint(duty, ids))))
        for wrong in _walk(tracks, event, begun):
            text = f"{event.on.isoformat()} {EVENT_LABELS[event.kind]}({event.kind}):{wrong}"
            problems.append((EventError, Problem(where, event.kind, text)))
    if problems:
        raise_all(list(dict.fromkeys(problems)))
    tracks = _tracks(judgment)  # once more, with the events up to the day alone
    counted = [event for _, event in placed if event.on <= day]
    for event in counted:
        _walk(tracks, event, begun)
    return _answer(judgment, day, [track.state(day) for track in tracks], len(placed) - len(counted))


def _walk(tracks: Iterable[_Track], event: Event, begun: date) -> list[str]:
    """Take an event into every hazard that it concerns, and give why it can't have happened."""
    taken = [track.take(event, begun) for track in tracks if not event.rules or track.rule in event.rules]
    return [wrong for wrong in taken if wrong]


def _when(placed: tuple[int, Event]) -> tuple[date, int]:
    return placed[1].on, placed[0]


def _tracks(judgment: Judgment) -> list[_Track]:
    if judgment.findings:
        return [_Track.of_finding(judgment, finding) for finding in judgment.findings]
    if judgment.level is Level.NONE:
        return []
    return [_Track(None, judgment.level, judgment.deadline, judgment.duties, judgment.observation.observed_on)]


class _Track:
    """One hazard while its events are walked through."""

    def __init__(
        self, rule: str | None, level: Level, deadline: Deadline | None, duties: tuple[Duty, ...], begun: date
    ) -> None:
        self.rule, self.level, self.deadline, self.duties = rule, level, deadline, duties
        self.extensions: list[Extension] = []
        self.history: list[Event] = []
        self.reopened = 0
        self.begin(begun)
        self.due: date | None = deadline.due_on if deadline else None
        self.text = deadline.text if deadline else NO_DEADLINE
        self.provisional = deadline.provisional if deadline else False

    @classmethod
    def of_finding(cls, judgment: Judgment, finding: Finding) -> _Track:
        return cls(finding.rule, finding.level, finding.deadline, finding.duties, judgment.observation.observed_on)

    def begin(self, on: date) -> None:
        """Found, or found again."""
        self.begun = on
        self.started = self.supervised = self.stopped = self.passed = False
        self.rectified: date | None = None
        self.closed: date | None = None
        self.failed = 0
        self.cycle: list[Event] = []

    def take(self, event: Event, observed: date) -> str:
        """Take an event in; in Chinese, why it can't have happened then ("" where it can)."""
        if event.on < observed:
            return f"早于检查日期 {observed.isoformat()}"
        if self.closed is not None and event.kind not in _AFTER_CLOSING:
            return f"{self.closed.isoformat()} 已经销号,再次出现的先记 reopened"
        wrong = getattr(self, f"_{event.kind}", self._plain)(event)
        if not wrong:
            self.history.append(event)
            self.cycle.append(event)
        return str(wrong)

    def _plain(self, event: Event) -> str:
        self.started = self.started or event.kind in ("planned", "evacuated", "reported")
        return ""

    def _notified(self, event: Event) -> str:
        wrong = _misordered(event, "送达")
        if wrong:
            return wrong
        self._order(event)
        self.started = True
        return ""

    def _order(self, event: Event) -> bool:
        """Take the last day that the authority set with the event, and say whether there is one."""
        if event.due_on is None or event.instrument is None:
            return False
        self.due, self.provisional = event.due_on, False
        self.text = f"{event.due_on.isoformat()}前完成整改(责令期限;{event.instrument})"
        return True

    def _stopped(self, _: Event) -> str:
        self.started = self.stopped = True
        return ""

    def _supervised(self, _: Event) -> str:
        if self.supervised:
            return "已经挂牌督办"
        self.started = self.supervised = True
        return ""

    def _extended(self, event: Event) -> str:
        missing = [name for name in ("due_on", "instrument", "ground") if getattr(event, name) is None]
        if missing or event.due_on is None or event.instrument is None or event.ground is None:
            return f"缺少 {'、'.join(missing)}"
        if self.due is None:
            return "没有期限,不能延期"
        if self.rectified is not None:
            return f"{self.rectified.isoformat()} 已经整改完成"
        if event.due_on <= self.due:
            return f"延期后的 {event.due_on.isoformat()} 不晚于原来的 {self.due.isoformat()}"
        self.extensions.append(
            Extension(
                on=event.on, before=self.due, due_on=event.due_on, instrument=event.instrument, ground=event.ground
            )
        )
        self.due, self.provisional, self.started = event.due_on, False, True
        self.text = f"{event.due_on.isoformat()}前完成整改(批准延期;{event.instrument};{event.ground})"
        return ""

    def _rectified(self, event: Event) -> str:
        if self.rectified is not None:
            return f"{self.rectified.isoformat()} 已经记了整改完成,复查不合格以后才能再记"
        self.rectified, self.started = event.on, True
        return ""

    def _rechecked(self, event: Event) -> str:
        if event.passed is None:
            return "缺少 passed(复查是否合格)"
        if self.rectified is None and (self.due is None or event.on <= self.due):
            return "整改还没有完成,期限也没有届满"
        if event.passed:
            self.rectified = self.rectified or event.on
            self.passed = True
        else:
            self._fail()
        return ""

    def _fail(self) -> None:
        """A re-check or an acceptance found the rectification wanting."""
        self.rectified, self.passed = None, False
        self.failed += 1

    def _applied(self, _: Event) -> str:
        return "" if self.stopped else "没有停产停业,不用申请恢复"

    def _accepted(self, event: Event) -> str:
        if event.passed is None:
            return "缺少 passed(验收是否合格)"
        if not self.stopped:
            return "没有停产停业,不用验收"
        if event.passed:
            if self.rectified is None:
                return "整改还没有完成"
            self.passed = True
        else:
            self._fail()
        return ""

    def _resumed(self, _: Event) -> str:
        if not self.stopped:
            return "没有停产停业,谈不上恢复"
        if self.level is Level.MAJOR and not self.passed:
            return "重大事故隐患排除以后经审查同意(复查、验收合格)才能恢复"
        self.stopped = False
        return ""

    def _closed(self, event: Event) -> str:
        if self.rectified is None:
            return "整改还没有完成"
        if self.level is Level.MAJOR and not self.passed:
            return "重大事故隐患复查或者验收合格以后才能销号"
        self.closed = event.on
        return ""

    def _reopened(self, event: Event) -> str:
        wrong = "还没有销号" if self.closed is None else _misordered(event, "再次出现")
        if wrong:
            return wrong
        self.reopened += 1
        self.begin(event.on)
        if not self._order(event):
            self._count_again()
        return ""

    def _count_again(self) -> None:
        """The deadline of a hazard that came back: those that applied, counted from the day it did."""
        candidates = [one for one in (self.deadline.considered if self.deadline else ()) if one.source != "ordered"]
        if not candidates:
            self.due, self.text, self.provisional = None, NO_DEADLINE, False
            return
        counted = [(count(self.begun, one.days, one.day_kind, rolls=one.rolls), one) for one in candidates]
        due, chosen = counted[0]  # the one that counted then is the first on record
        self.due, self.provisional = due.on, due.provisional
        self.text = f"{due.on.isoformat()}前完成整改(自再次出现之日起重新计算;{chosen.citation})"

    def state(self, as_of: date) -> HazardState:
        """How it stands after the events that were taken in."""
        until = self.rectified or as_of
        late = max(0, (until - self.due).days) if self.due is not None else 0
        if self.closed is not None:
            state = "closed"
        elif self.rectified is not None:
            state = "to_recheck"
        elif self.supervised:
            state = "supervised"
        else:
            state = "rectifying" if self.started else "found"
        record = Record(self.begun, self.due, self.rectified, self.closed, self.cycle, self.history)
        set_off = [one for one in (obligation(duty, self.duties, record, as_of) for duty in self.duties) if one]
        ids = {one.id for one in set_off}
        return HazardState.model_validate(
            {
                "rule": self.rule,
                "level": self.level,
                "state": state,
                "due_on": self.due,
                "due_text": self.text,
                "provisional": self.provisional,
                "overdue_days": late,
                "rectified_on": self.rectified,
                "closed_on": self.closed,
                "stopped": self.stopped,
                "reopened": self.reopened,
                "failed_rechecks": self.failed,
                "extensions": tuple(self.extensions),
                "obligations": (self._rectification(late), *set_off),
                "standing": tuple(duty for duty in self.duties if duty.id not in ids and duty.extends is None),
            }
        )

    def _rectification(self, late: int) -> Obligation:
        return Obligation(
            id="rectify",
            kind="rectify",
            actor="生产经营单位",
            text=self.text,
            citation=self.deadline.citation if self.deadline else "",
            set_off_on=self.begun,
            due_on=self.due,
            provisional=self.provisional,
            done_on=self.rectified,
            overdue_days=late,
        )


def _misordered(event: Event, what: str) -> str:
    """What is wrong with the last day that the authority set with an event ("" where nothing is)."""
    if (event.due_on is None) != (event.instrument is None):
        return "due_on 和 instrument 要一起写"
    if event.due_on is not None and event.due_on < event.on:
        return f"期限 {event.due_on.isoformat()} 早于{what}"
    return ""


def _answer(judgment: Judgment, as_of: date, hazards: list[HazardState], later: int) -> FollowUp:
    open_ = [one for hazard in hazards for one in hazard.obligations if one.done_on is None]
    dated = [one for one in open_ if one.due_on is not None]
    coming = min(dated, key=lambda one: (one.due_on or date.max, one.kind != "rectify"), default=None)
    coming = coming or (open_[0] if open_ else None)
    state = min((hazard.state for hazard in hazards), key=_ORDER.index, default="none")
    late = max((hazard.overdue_days for hazard in hazards if hazard.state != "closed"), default=0)
    parts = [STATE_LABELS[state]]
    if late:
        parts.append(f"逾期 {late} 日")
    reopened = max((hazard.reopened for hazard in hazards), default=0)
    if reopened:
        parts.append(f"再次出现 {reopened} 次")
    if coming is not None:
        when = f"{coming.due_on.isoformat()}前" if coming.due_on else "及时"
        unsure = "(日历未公布,暂定)" if coming.provisional else ""
        parts.append(f"下一项:{when}{unsure},{coming.text}")
    return FollowUp(
        as_of=as_of,
        ref=judgment.observation.ref,
        state=state,
        overdue_days=late,
        next=coming,
        hazards=tuple(hazards),
        later=later,
        text=";".join(parts),
    )
