"""By when a hazard must be rectified, and what else must happen.

The law fixes few numbers of days, so each entry says whether it is law (``statutory``) or a policy that fills the gap.
Within a pack statutory comes before policy, and within a kind the earliest date counts; a pack that builds on others
can only shorten. Every entry that applies stays on record.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hazardrules.errors import PolicyError, Problem
from hazardrules.model import Deadline, DeadlineCandidate, Duty, DutyDay, DutyRepeat, Level, built
from hazardrules.pack.canonical import digest
from hazardrules.pack.policy import DeadlineProvision, DutyProvision, Policy
from hazardrules.record import Record, changed
from hazardrules.rulebook import RuleBook
from hazardrules.workdays import count, day_of_next_period

if TYPE_CHECKING:
    from hazardrules.seldom import Order, PolicyInfo

__all__ = ["Case", "choose_deadline", "concerned", "duties_for", "load_policy", "next_day", "replace_policy"]

_STRENGTH: Final = {"ordered": 0, "statutory": 1, "policy": 2}


def load_policy(path: str | Path) -> Policy:
    """A policy file (the form of ``deadlines.yaml``) that replaces the default policy entries.

    :raises PolicyError: where the file is not of that form, or holds entries that claim to be statutory.
    """
    from hazardrules.pack.provisions import DeadlinesFile, policy_of  # noqa: PLC0415  # only where a file is read
    from hazardrules.pack.reader import read_yaml  # noqa: PLC0415
    from hazardrules.pack.shape import validate  # noqa: PLC0415

    file = read_yaml(Path(path), str(path))
    shaped = None if file.problems else validate(file, DeadlinesFile)
    if shaped is None:
        problem = Problem("policy", str(path), "策略文件用不了:" + ";".join(map(str, file.problems)))
        raise PolicyError(problem)
    claimed = [entry.id for entry in shaped.deadlines if entry.source != "policy"]
    if claimed:
        message = f"策略文件里只能有 source: policy 的期限,{'、'.join(claimed)} 写成了法定"
        raise PolicyError(Problem("policy", str(path), message, "法定期限写在规则包的 deadlines.yaml"))
    return policy_of(shaped)


def replace_policy(policies: Sequence[Policy], policy: object) -> tuple[tuple[Policy, ...], PolicyInfo | None]:
    """The packs' deadlines and duties with their policy entries replaced by those of ``policy``, and which it is.

    :param policy: a ``Policy``, the path of a policy file, or None to leave them as they are.
    :raises PolicyError: for a policy that cannot be used.
    """
    if policy is None:
        return tuple(policies), None
    from hazardrules.seldom import PolicyInfo  # noqa: PLC0415

    if isinstance(policy, str | Path):
        policy = load_policy(policy)
    if not isinstance(policy, Policy):
        name = type(policy).__name__
        raise PolicyError(Problem("policy", name, f"policy 应是策略文件的路径,这里是 {name}"))
    unknown = {entry.counting for entry in (*policy.deadlines, *policy.duties) if entry.counting}
    unknown -= {way.id for one in (*policies, policy) for way in one.counting}
    if unknown:
        raise PolicyError(Problem("policy", policy.name, f"没有计日规则 {'、'.join(sorted(unknown))}"))
    statutory = [changed(p, deadlines=tuple(d for d in p.deadlines if d.source == "statutory")) for p in policies]
    return (*statutory, policy), built(PolicyInfo, name=policy.name, fingerprint=digest(policy))


class Case(Record):
    """A hazard as deadlines see it: ``document`` is that of the criterion met, if any.

    ``industries`` are those that were given, ``own`` those of the criterion, which count where none was given.
    """

    level: Level
    document: str | None
    industries: tuple[str, ...]
    own: tuple[str, ...]
    on: date
    ordered: Order | None = None


def _applies(book: RuleBook, entry: DeadlineProvision | DutyProvision, case: Case) -> bool:
    return (
        entry.level in ("any", case.level.value)
        and (entry.effective is None or entry.effective <= case.on)
        and (entry.expires is None or case.on < entry.expires)
        and (case.document in entry.documents or _concerns(book, entry, case))
    )


def _concerns(book: RuleBook, entry: DeadlineProvision | DutyProvision, case: Case) -> bool:
    """Whether a provision concerns the hazard by its industries: one of those given, else all of the criterion's.

    One of no industry and no document concerns every hazard.
    """
    if not entry.industries:
        return not entry.documents
    if case.industries:
        return book.meets(case.industries, entry.industries)
    return bool(case.own) and all(book.meets((one,), entry.industries) for one in case.own)


def concerned(book: RuleBook, policies: Iterable[Policy], case: Case) -> tuple[str, ...]:
    """The deadlines that are laid down for a hazard, whatever the day: hazards with the same have the same last day."""
    return tuple(
        f"{policy.name} {entry.id}"
        for policy in policies
        for entry in policy.deadlines
        if entry.level in ("any", case.level.value)
        and (case.document in entry.documents or _concerns(book, entry, case))
    )


def choose_deadline(book: RuleBook, policies: Iterable[Policy], case: Case) -> Deadline | None:
    """The deadline that counts, with all that apply; None where no entry does."""
    policies = tuple(policies)
    found: list[tuple[DeadlineCandidate, DeadlineProvision, str]] = []
    best: tuple[DeadlineCandidate, DeadlineProvision, str] | None = None
    for policy in policies:
        own: list[tuple[DeadlineCandidate, DeadlineProvision, str]] = []
        for entry in policy.deadlines:
            if _applies(book, entry, case):
                rolls = _rolls(policies, entry, case.on)
                due = count(case.on, entry.days, entry.day_kind, rolls=rolls)
                candidate = built(
                    DeadlineCandidate,
                    id=entry.id,
                    source=entry.source,
                    due_on=due.on,
                    provisional=due.provisional,
                    days=entry.days,
                    day_kind=entry.day_kind,
                    rolls=rolls,
                    citation=entry.citation,
                )
                own.append((candidate, entry, policy.name))
        own.sort(key=_rank)
        found.extend(own)
        if own and (best is None or _shortens(own[0][0], best[0])):
            best = own[0]
    record = tuple(one for one, _, _ in sorted(found, key=lambda one: (one is not best, _rank(one))))
    if case.ordered is not None:
        return _by_order(case, case.ordered, record)
    if best is None:
        return None
    chosen, entry, name = best
    return built(
        Deadline,
        due_on=chosen.due_on,
        days=chosen.days,
        day_kind=chosen.day_kind,
        starts_on=case.on,
        source=chosen.source,
        citation=chosen.citation,
        text=_text(chosen, entry, name),
        provisional=chosen.provisional,
        considered=record,
    )


def _by_order(case: Case, order: Order, record: tuple[DeadlineCandidate, ...]) -> Deadline:
    """The deadline that the authority set; it comes before every other."""
    own = built(
        DeadlineCandidate,
        id="ordered",
        source="ordered",
        due_on=order.due_on,
        days=(order.due_on - case.on).days,
        day_kind="calendar",
        citation=order.instrument,
    )
    return built(
        Deadline,
        due_on=own.due_on,
        days=own.days,
        day_kind=own.day_kind,
        starts_on=case.on,
        source="ordered",
        citation=order.instrument,
        text=f"{order.due_on.isoformat()}前完成整改(责令期限;{order.instrument})",
        considered=(own, *record),
    )


def _rolls(policies: Iterable[Policy], entry: DeadlineProvision | DutyProvision, on: date) -> bool:
    """Whether an end on a rest day moves, by the rule of counting that the entry names."""
    return any(
        way.id == entry.counting and way.end == "rolls" and (way.effective is None or way.effective <= on)
        for policy in policies
        for way in policy.counting
    )


def _rank(one: tuple[DeadlineCandidate, DeadlineProvision, str]) -> tuple[int, date, str]:
    """Within a pack: the strongest kind, then the earliest date."""
    return _STRENGTH[one[0].source], one[0].due_on, one[0].id


def _shortens(new: DeadlineCandidate, old: DeadlineCandidate) -> bool:
    """Whether a later pack's deadline takes the place of its parents': it is earlier, or as early and stronger."""
    return (new.due_on, _STRENGTH[new.source]) < (old.due_on, _STRENGTH[old.source])


def _text(best: DeadlineCandidate, entry: DeadlineProvision, policy: str) -> str:
    ground = entry.citation if best.source == "statutory" else f"{policy},{entry.text}"
    if best.day_kind == "immediate":
        return f"立即整改({ground})"
    length = {"calendar": "{}日,自然日", "working": "{}日,工作日", "months": "{}个月"}[best.day_kind].format(best.days)
    moved = ",末日遇休息日顺延" if best.rolls else ""
    unsure = ";日历未公布,暂定" if best.provisional else ""
    return f"{best.due_on.isoformat()}前完成整改({length}{moved};{ground}{unsure})"


def duties_for(book: RuleBook, policies: Iterable[Policy], case: Case) -> tuple[Duty, ...]:
    """What else must happen."""
    policies = tuple(policies)
    return tuple(
        _duty(entry, case, rolls=_rolls(policies, entry, case.on))
        for policy in policies
        for entry in policy.duties
        if _applies(book, entry, case)
    )


def _duty(entry: DutyProvision, case: Case, *, rolls: bool) -> Duty:
    due = None
    if "observed" in entry.starts and entry.days is not None and entry.day_kind is not None:
        due = count(case.on, entry.days, entry.day_kind, rolls=rolls)
    recurs = tuple(built(DutyDay, every=one.every, month=one.month, day=one.day) for one in entry.recurs)
    return built(
        Duty,
        id=entry.id,
        kind=entry.kind,
        actor=entry.actor,
        due_on=due.on if due else min((next_day(one, case.on) for one in recurs), default=None),
        days=entry.days,
        day_kind=entry.day_kind,
        rolls=rolls,
        provisional=due.provisional if due else False,
        period=entry.period,
        trigger=entry.trigger,
        starts=entry.starts,
        recurs=recurs,
        repeats=tuple(
            built(DutyRepeat, event=one.event, times=one.times, within=one.within, unit=one.unit)
            for one in entry.repeats
        ),
        extends=entry.extends,
        citation=entry.citation,
        text=f"{entry.actor}:{entry.text}",
    )


def next_day(recurring: DutyDay, on: date) -> date:
    """The recurring day that follows the quarter or year that holds ``on``."""
    return day_of_next_period(on, {"quarter": 3, "year": 12}[recurring.every], recurring.month, recurring.day)
