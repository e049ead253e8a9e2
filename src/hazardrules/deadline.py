"""By when a hazard must be rectified, and what else must happen.

The law fixes few numbers of days, so each entry says whether it is law (``statutory``) or a policy that fills the gap.
Within a pack statutory comes before policy, and within a kind the earliest date counts; a pack that builds on others
can only shorten. Every entry that applies stays on record.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from hazardrules.errors import PolicyError, Problem
from hazardrules.model import Deadline, DeadlineCandidate, Duty, Level, Order
from hazardrules.pack.content import Policy
from hazardrules.pack.reader import read_yaml
from hazardrules.pack.schema import DeadlinesFile, DeadlineSpec, DutySpec
from hazardrules.pack.shape import validate
from hazardrules.rulebook import RuleBook
from hazardrules.workdays import Day, add_workdays, next_workday

__all__ = ["Case", "choose_deadline", "duties_for", "load_policy", "replace_policy"]

_STRENGTH: Final = {"ordered": 0, "statutory": 1, "policy": 2}


def load_policy(path: str | Path) -> Policy:
    """A policy file (the form of ``deadlines.yaml``) that replaces the default policy entries.

    :raises PolicyError: where the file is not of that form, or holds entries that claim to be statutory.
    """
    file = read_yaml(Path(path), str(path))
    shaped = None if file.problems else validate(file, DeadlinesFile)
    if shaped is None:
        problem = Problem("policy", str(path), "策略文件用不了:" + ";".join(map(str, file.problems)))
        raise PolicyError(problem)
    claimed = [entry.id for entry in shaped.deadlines if entry.source != "policy"]
    if claimed:
        message = f"策略文件里只能有 source: policy 的期限,{'、'.join(claimed)} 写成了法定"
        raise PolicyError(Problem("policy", str(path), message, "法定期限写在规则包的 deadlines.yaml"))
    return Policy(shaped.policy, shaped.deadlines, shaped.duties)


def replace_policy(policies: Sequence[Policy], policy: object) -> tuple[Policy, ...]:
    """The packs' deadlines and duties with their policy entries replaced by those of ``policy``.

    :param policy: a ``Policy``, the path of a policy file, or None to leave them as they are.
    :raises PolicyError: for a policy that cannot be used.
    """
    if policy is None:
        return tuple(policies)
    if isinstance(policy, str | Path):
        policy = load_policy(policy)
    if not isinstance(policy, Policy):
        name = type(policy).__name__
        raise PolicyError(Problem("policy", name, f"policy 应是策略文件的路径,这里是 {name}"))
    statutory = [replace(p, deadlines=tuple(d for d in p.deadlines if d.source == "statutory")) for p in policies]
    return (*statutory, policy)


@dataclass(frozen=True, slots=True)
class Case:
    """A hazard as deadlines see it: ``document`` is that of the criterion met, if any; ``industries`` are ids."""

    level: Level
    document: str | None
    industries: tuple[str, ...]
    on: date
    ordered: Order | None = None


def _applies(book: RuleBook, entry: DeadlineSpec | DutySpec, case: Case) -> bool:
    return (
        entry.level in ("any", case.level.value)
        and (entry.effective is None or entry.effective <= case.on)
        and (entry.expires is None or case.on < entry.expires)
        and (not entry.documents or case.document in entry.documents)
        and (not entry.industries or (bool(case.industries) and book.meets(case.industries, entry.industries)))
    )


def choose_deadline(book: RuleBook, policies: Iterable[Policy], case: Case) -> Deadline | None:
    """The deadline that counts, with all that apply; None where no entry does."""
    found: list[tuple[DeadlineCandidate, DeadlineSpec, str]] = []
    best: tuple[DeadlineCandidate, DeadlineSpec, str] | None = None
    for policy in policies:
        own: list[tuple[DeadlineCandidate, DeadlineSpec, str]] = []
        for entry in policy.deadlines:
            if _applies(book, entry, case):
                due = _count(case.on, entry.days, entry.day_kind, rolls=entry.rolls)
                candidate = DeadlineCandidate(
                    id=entry.id,
                    source=entry.source,
                    due_on=due.on,
                    provisional=due.provisional,
                    days=entry.days,
                    day_kind=entry.day_kind,
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
    return Deadline(
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
    own = DeadlineCandidate(
        id="ordered",
        source="ordered",
        due_on=order.due_on,
        days=(order.due_on - case.on).days,
        day_kind="calendar",
        citation=order.instrument,
    )
    return Deadline(
        due_on=own.due_on,
        days=own.days,
        day_kind=own.day_kind,
        starts_on=case.on,
        source="ordered",
        citation=order.instrument,
        text=f"{order.due_on.isoformat()}前完成整改(责令期限;{order.instrument})",
        considered=(own, *record),
    )


def _count(start: date, days: int, kind: str, *, rolls: bool) -> Day:
    """The last day of a period; its first day is not counted (民法典第二百零一条)."""
    if kind == "working":
        return add_workdays(start, days)
    end = date.fromordinal(min(start.toordinal() + days, date.max.toordinal()))
    return next_workday(end) if rolls else Day(end)


def _rank(one: tuple[DeadlineCandidate, DeadlineSpec, str]) -> tuple[int, date, str]:
    """Within a pack: the strongest kind, then the earliest date."""
    return _STRENGTH[one[0].source], one[0].due_on, one[0].id


def _shortens(new: DeadlineCandidate, old: DeadlineCandidate) -> bool:
    """Whether a later pack's deadline takes the place of its parents': it is earlier, or as early and stronger."""
    return (new.due_on, _STRENGTH[new.source]) < (old.due_on, _STRENGTH[old.source])


def _text(best: DeadlineCandidate, entry: DeadlineSpec, policy: str) -> str:
    ground = entry.citation if best.source == "statutory" else f"{policy},{entry.text}"
    if best.day_kind == "immediate":
        return f"立即整改({ground})"
    kind = {"calendar": "自然日", "working": "工作日"}[best.day_kind]
    moved = ",末日遇休息日顺延" if entry.rolls else ""
    unsure = ";日历未公布,暂定" if best.provisional else ""
    return f"{best.due_on.isoformat()}前完成整改({best.days}日,{kind}{moved};{ground}{unsure})"


def duties_for(book: RuleBook, policies: Iterable[Policy], case: Case) -> tuple[Duty, ...]:
    """What else must happen."""
    return tuple(_duty(entry, case) for policy in policies for entry in policy.duties if _applies(book, entry, case))


def _duty(entry: DutySpec, case: Case) -> Duty:
    due = None
    if entry.starts == "observed" and entry.days is not None and entry.day_kind is not None:
        due = _count(case.on, entry.days, entry.day_kind, rolls=False)
    return Duty(
        kind=entry.kind,
        actor=entry.actor,
        due_on=due.on if due else None,
        days=entry.days,
        day_kind=entry.day_kind,
        provisional=due.provisional if due else False,
        period=entry.period,
        trigger=entry.trigger,
        citation=entry.citation,
        text=f"{entry.actor}:{entry.text}",
    )
