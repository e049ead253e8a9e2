"""By when a hazard must be rectified, and what else must happen.

The law fixes few numbers of days, so each entry says whether it is law (``statutory``) or a policy that fills the gap.
Statutory comes before policy; within a kind the earliest date counts. Every entry that applies stays on record.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from hazardrules.errors import PolicyError, Problem
from hazardrules.model import Deadline, DeadlineCandidate, Duty, Level
from hazardrules.pack.content import Policy
from hazardrules.pack.reader import read_yaml
from hazardrules.pack.schema import DeadlinesFile, DeadlineSpec, DutySpec
from hazardrules.pack.shape import validate
from hazardrules.rulebook import RuleBook

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
    for policy in policies:
        for entry in policy.deadlines:
            if _applies(book, entry, case):
                due = min(case.on.toordinal() + entry.days, date.max.toordinal())
                candidate = DeadlineCandidate(
                    id=entry.id,
                    source=entry.source,
                    due_on=date.fromordinal(due),
                    days=entry.days,
                    day_kind=entry.day_kind,
                    citation=entry.citation,
                )
                found.append((candidate, entry, policy.name))
    if not found:
        return None
    found.sort(key=lambda one: (_STRENGTH[one[0].source], one[0].due_on, one[0].id))
    best, entry, name = found[0]
    return Deadline(
        due_on=best.due_on,
        days=best.days,
        day_kind=best.day_kind,
        starts_on=case.on,
        source=best.source,
        citation=best.citation,
        text=_text(best, entry, name),
        considered=tuple(candidate for candidate, _, _ in found),
    )


def _text(best: DeadlineCandidate, entry: DeadlineSpec, policy: str) -> str:
    ground = entry.citation if best.source == "statutory" else f"{policy},{entry.text}"
    if best.day_kind == "immediate":
        return f"立即整改({ground})"
    return f"{best.due_on.isoformat()}前完成整改({best.days}日,自然日;{ground})"


def duties_for(book: RuleBook, policies: Iterable[Policy], case: Case) -> tuple[Duty, ...]:
    """What else must happen."""
    return tuple(
        Duty(
            kind=entry.kind,
            actor=entry.actor,
            trigger=entry.trigger,
            period=entry.period,
            citation=entry.citation,
            text=f"{entry.actor}:{entry.text}",
        )
        for policy in policies
        for entry in policy.duties
        if _applies(book, entry, case)
    )
