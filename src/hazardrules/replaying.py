"""Recomputing a judgment from its own record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hazardrules._version import __version__
from hazardrules.errors import InputError
from hazardrules.judge import classify, default_book
from hazardrules.model import Frozen, Judgment
from hazardrules.pack.policy import Policy
from hazardrules.rulebook import RuleBook

__all__ = ["Difference", "Replay", "replay"]


class Difference(Frozen):
    """One field of a judgment that came out otherwise; ``then`` and ``now`` are its values as JSON-like data."""

    field: str
    then: Any
    now: Any


class Replay(Frozen):
    """Whether a judgment comes out the same again, and if not, what differs and why (Chinese)."""

    equal: bool
    differences: tuple[Difference, ...] = ()
    causes: tuple[str, ...] = ()


def replay(judgment: Judgment, *, book: RuleBook | None = None, policy: Policy | str | Path | None = None) -> Replay:
    """Recompute a judgment from its observation and hold the two against each other.

    :param book: the rule book to use; default: that of the observation's region, as it is installed now.
    :param policy: the deadline policy that the judgment was made with, if not the default one.
    """
    observation = judgment.observation
    used = book if book is not None else default_book(observation.region)
    causes = []
    if used.fingerprint != judgment.rulebook.fingerprint:
        then = "、".join(f"{pack.id} {pack.version}" for pack in judgment.rulebook.packs)
        now = "、".join(f"{pack.id} {pack.version}" for pack in used.info.packs)
        causes.append(f"规则库变了:当时是 {then},现在是 {now}")
    if judgment.library_version != __version__:
        causes.append(f"程序变了:当时是 {judgment.library_version},现在是 {__version__}")
    ordered = observation.ordered
    try:
        again = classify(
            observation.facts,
            other=observation.other,
            asserted=observation.asserted,
            industry=observation.industry or None,
            region=observation.region,
            observed_on=observation.observed_on,
            reported=observation.reported,
            ref=observation.ref,
            ordered=(ordered.due_on, ordered.instrument) if ordered is not None else None,
            policy=policy,
            book=used,
        )
    except InputError as error:
        causes.append(f"现在的规则库不认这份检查发现:{error}")
        return Replay(equal=False, causes=tuple(causes))
    again = again.model_copy(update={"rejected": judgment.rejected})  # what was refused then is not in the record
    if again.policy != judgment.policy:
        then, now = (one.name if one is not None else "规则包自己的" for one in (judgment.policy, again.policy))
        same = "(名称相同,内容不同)" if then == now else ""
        causes.append(f"期限策略不同:当时是{then},现在是{now}{same}")
    then_data, now_data = judgment.model_dump(mode="json"), again.model_dump(mode="json")
    differences = tuple(
        Difference(field=name, then=then_data[name], now=now_data[name])
        for name in then_data
        if then_data[name] != now_data[name]
    )
    clauses = _clauses(then_data, now_data)
    if clauses:
        causes.append(f"结果不同的判定情形:{'、'.join(clauses)}")
    if _provisional(judgment) and any(one.field in ("deadline", "findings") for one in differences):
        causes.append("当时的期限按没有公布的日历暂定,日历公布以后会变")
    if differences and not causes:
        causes.append("规则库、程序和期限策略都没有变:工作日历或者记录本身不同")
    return Replay(equal=not differences, differences=differences, causes=tuple(causes) if differences else ())


def _clauses(then: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """The criteria that came out otherwise: met, open or possible then and not now, or the reverse, or differently."""
    found: set[str] = set()
    for name in ("findings", "open", "possible", "upcoming"):
        before, after = ({one["rule"]: one for one in side[name]} for side in (then, now))
        found |= {rule for rule in before.keys() | after.keys() if before.get(rule) != after.get(rule)}
    return sorted(found)


def _provisional(judgment: Judgment) -> bool:
    deadlines = [judgment.deadline, *(finding.deadline for finding in judgment.findings)]
    return any(one is not None and one.provisional for one in deadlines)
