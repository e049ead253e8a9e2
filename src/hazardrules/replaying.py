"""Recomputing a judgment from its own record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from hazardrules._version import __version__
from hazardrules.errors import InputError
from hazardrules.judge import classify, default_book
from hazardrules.model import Judgment
from hazardrules.pack.content import Policy
from hazardrules.rulebook import RuleBook

__all__ = ["Difference", "Replay", "replay"]


class Difference(BaseModel):
    """One field of a judgment that came out otherwise; ``then`` and ``now`` are its values as JSON-like data."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: str
    then: Any
    now: Any


class Replay(BaseModel):
    """Whether a judgment comes out the same again, and if not, what differs and why (Chinese)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

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
    then_data, now_data = judgment.model_dump(mode="json"), again.model_dump(mode="json")
    differences = tuple(
        Difference(field=name, then=then_data[name], now=now_data[name])
        for name in then_data
        if then_data[name] != now_data[name]
    )
    if differences and not causes:
        causes.append("规则库和程序都没有变:期限策略、工作日历或者记录本身不同")
    return Replay(equal=not differences, differences=differences, causes=tuple(causes) if differences else ())
