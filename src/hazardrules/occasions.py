"""What is due when: the recurrences of programmes as days, and as a calendar file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

from dateutil.rrule import rrule, rrulestr

from hazardrules.errors import InputError, Problem, ProgrammeError, raise_all
from hazardrules.model import Frozen
from hazardrules.nearest import nearest_hint
from hazardrules.outputs.render import extra
from hazardrules.pack.programmes import CadenceSpec, PhaseSpec, ProgrammeSpec, recurrence
from hazardrules.pack.values import ValueRefusedError, clip, parse_day

if TYPE_CHECKING:
    from icalendar import Event

__all__ = ["KIND_LABELS", "MAX_OCCASIONS", "MAX_YEARS", "PRACTICE", "Occasion", "calendar", "ical"]

MAX_YEARS: Final = 20
MAX_OCCASIONS: Final = 100_000
PRACTICE: Final = "工作做法,不是法定期限"
KIND_LABELS: Final = {
    "report": "报送",
    "dispatch": "调度",
    "analyse": "分析",
    "review": "讲评",
    "inspect": "检查",
    "meeting": "会议",
    "publish": "发布",
    "assess": "考核",
    "plan": "计划",
    "phase": "阶段结束",
}
"""The kinds of occasions; ``phase`` is the last day of a phase."""

DayEvidence = Literal["read", "policy", "caller"]


class Occasion(Frozen):
    """Something that a programme wants on a day; practice, not a deadline of law.

    ``kind`` is one of ``KIND_LABELS``; ``evidence`` says whether the source tells of it at all or it is a default, and
    ``day`` the same of the day within the period (``caller``: the caller set it).
    """

    on: date
    id: str
    title: str
    kind: str
    actor: str | None
    text: str | None
    programme: str
    evidence: Literal["read", "policy"]
    day: DayEvidence


class _Series(Frozen):
    """One entry of a programme with its days in the range; ``rule`` is None for a single day."""

    programme: str
    entry: CadenceSpec | PhaseSpec
    rule: str | None
    day: DayEvidence
    days: tuple[date, ...]

    def occasions(self) -> Iterator[Occasion]:
        one = self.entry
        cadence = one if isinstance(one, CadenceSpec) else None
        for on in self.days:
            yield Occasion(
                on=on,
                id=one.id,
                title=one.title if cadence else f"{one.title}:最后一天",
                kind=cadence.kind if cadence else "phase",
                actor=cadence.actor if cadence else None,
                text=one.text,
                programme=self.programme,
                evidence=one.evidence,
                day=self.day,
            )


def calendar(
    programmes: Sequence[ProgrammeSpec],
    start: str | date,
    end: str | date,
    rules: Mapping[str, str] | None = None,
) -> tuple[Occasion, ...]:
    """What programmes want from ``start`` to ``end`` (both included), by day; see ``Programme.calendar``."""
    found = [one for series in _series(programmes, start, end, rules) for one in series.occasions()]
    return tuple(sorted(found, key=lambda one: one.on))


def _series(
    programmes: Sequence[ProgrammeSpec], start: str | date, end: str | date, rules: Mapping[str, str] | None
) -> list[_Series]:
    first, last = _range(start, end)
    replaced = _replaced(programmes, rules or {})
    found: list[_Series] = []
    total = 0
    for programme in programmes:
        begins = max(first, programme.starts)
        stops = last if programme.ends is None else min(last, programme.ends - timedelta(days=1))
        for entry in programme.cadence:
            own = replaced.get((programme.id, entry.id))
            rule = own or entry.rule
            days = []
            for day in _days(rule, programme.starts, begins, stops):
                days.append(day)
                total += 1
                if total > MAX_OCCASIONS:
                    raise ProgrammeError(
                        Problem("end", str(last), f"日历超过 {MAX_OCCASIONS} 项", "把起止日期取近一些,分几次取")
                    )
            found.append(
                _Series(
                    programme=programme.id,
                    entry=entry,
                    rule=rule,
                    day="caller" if own else entry.day,
                    days=tuple(days),
                )
            )
        for phase in programme.phases:
            ending = None if phase.ends is None else phase.ends - timedelta(days=1)
            if ending is not None and begins <= ending <= stops:
                found.append(
                    _Series(programme=programme.id, entry=phase, rule=None, day=phase.evidence, days=(ending,))
                )
    return found


def _range(start: str | date, end: str | date) -> tuple[date, date]:
    problems: list[tuple[type[InputError], Problem]] = []
    days: list[date] = []
    for where, given in (("start", start), ("end", end)):
        try:
            days.append(parse_day(given))
        except ValueRefusedError as error:
            problems.append((ProgrammeError, Problem(where, clip(given), error.problem, error.hint)))
    if not problems and days[1] < days[0]:
        text = f"结束的 {days[1].isoformat()} 早于开始的 {days[0].isoformat()}"
        problems.append((ProgrammeError, Problem("end", days[1].isoformat(), text)))
    elif not problems and (days[1] - days[0]).days > MAX_YEARS * 366:
        problems.append((ProgrammeError, Problem("end", days[1].isoformat(), f"日历最多取 {MAX_YEARS} 年")))
    if problems:
        raise_all(problems)
    return days[0], days[1]


def _replaced(programmes: Sequence[ProgrammeSpec], rules: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """The caller's recurrences by programme and entry: an id means that of the nearest programme that has it."""
    owners: dict[str, str] = {}
    for programme in reversed(programmes):
        owners.update((entry.id, programme.id) for entry in programme.cadence)
    problems: list[tuple[type[InputError], Problem]] = []
    found: dict[tuple[str, str], str] = {}
    for id_, rule in rules.items():
        where = f"rules[{clip(id_)}]"
        if id_ not in owners:
            hint = nearest_hint(str(id_), owners) or f"可用:{'、'.join(owners) or '没有'}"
            problems.append((ProgrammeError, Problem(where, clip(rule), f"没有周期 {clip(id_)}", hint)))
            continue
        try:
            found[owners[id_], id_] = recurrence(rule if isinstance(rule, str) else clip(rule))
        except ValueError as error:
            problems.append((ProgrammeError, Problem(where, clip(rule), str(error))))
    if problems:
        raise_all(problems)
    return found


def _expanded(rule: str, anchor: date, last: date) -> rrule:
    made = rrulestr(rule, dtstart=datetime.combine(anchor, time()))
    assert isinstance(made, rrule)  # noqa: S101  # one rule, no set of rules
    return made.replace(until=datetime.combine(last, time()))


def _days(rule: str, anchor: date, first: date, last: date) -> Iterator[date]:
    """The days of a recurrence that begins with the programme, as far as they lie between the two."""
    if first > last:
        return
    for moment in _expanded(rule, anchor, last):
        if moment.date() >= first:
            yield moment.date()


def ical(
    programmes: Sequence[ProgrammeSpec],
    packs: Sequence[str],
    start: str | date,
    end: str | date,
    rules: Mapping[str, str] | None = None,
) -> str:
    """The same as an iCalendar file (RFC 5545); see ``Programme.to_ical``.

    :param packs: the ids of the packs of the programmes, in their order: two packs may name an entry alike.
    """
    with extra("calendar"):
        from icalendar import Calendar  # noqa: PLC0415  # optional

    made = Calendar()
    made.add("prodid", "-//hazardrules//programme//ZH")
    made.add("version", "2.0")
    made.add("x-wr-calname", programmes[0].title)
    known = {one.id: (one, pack) for one, pack in zip(programmes, packs, strict=True)}
    for series in _series(programmes, start, end, rules):
        for event in _events(series, *known[series.programme]):
            made.add_component(event)
    return str(made.to_ical().decode("utf-8"))


def _events(series: _Series, programme: ProgrammeSpec, pack: str) -> Iterator[Event]:
    """One event that comes back where that gives the same days, else one for each day."""
    if not series.days:
        return
    first, last = series.days[0], series.days[-1]
    name, at = f"{programme.id}.{series.entry.id}", f"@{pack}.hazardrules"
    if series.rule is not None and [*_days(series.rule, first, first, last)] == [*series.days]:
        yield _event(series, programme, first, f"{name}{at}", (series.rule, last))
    else:
        for day in series.days:
            yield _event(series, programme, day, f"{name}.{day.isoformat()}{at}")


def _event(
    series: _Series, programme: ProgrammeSpec, day: date, uid: str, again: tuple[str, date] | None = None
) -> Event:
    from icalendar import Event, vRecur  # noqa: PLC0415  # optional, and checked before

    (occasion,) = series.model_copy(update={"days": (day,)}).occasions()
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", datetime.combine(programme.starts, time(), UTC))  # the same calendar each time it is made
    event.add("dtstart", day)
    event.add("summary", occasion.title)
    event.add("description", "\n".join(_description(occasion, programme)))
    event.add("categories", [KIND_LABELS[occasion.kind]])
    event.add("transp", "TRANSPARENT")
    if again is not None:
        parts: dict[str, Any] = dict(part.split("=") for part in again[0].split(";"))
        event.add("rrule", vRecur({**{key: value.split(",") for key, value in parts.items()}, "UNTIL": again[1]}))
    return event


def _description(occasion: Occasion, programme: ProgrammeSpec) -> Iterable[str]:
    yield f"{PRACTICE}。"
    yield f"{programme.title}({programme.source})"
    if occasion.actor:
        yield f"由谁做:{occasion.actor}"
    if occasion.text:
        yield occasion.text
    if occasion.evidence == "policy":
        yield "这一项是默认配置,来源没有说"
    elif occasion.day != "read":
        yield {"policy": "哪一天是默认配置,来源没有说", "caller": "哪一天由使用者设定"}[occasion.day]
