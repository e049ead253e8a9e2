"""The shape of ``deadlines.yaml``: how days are counted, deadlines, and what else must happen."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from pydantic import model_validator as after_all

from hazardrules.kinds import DutyKind
from hazardrules.pack.policy import Policy, make_policy
from hazardrules.pack.types import Day, Id, Shape, Text, Whole

__all__ = [
    "CountingSpec",
    "DeadlineSpec",
    "DeadlinesFile",
    "DutySpec",
    "LawSpec",
    "Recurrence",
    "Repetition",
    "policy_of",
]


class CountingSpec(Shape):
    """How a law counts its days: the first day is never counted; with ``end: rolls`` an end on a rest day moves on.

    Months and years end on the day of the same number, or on the month's last day where it has no such day.
    """

    id: Id
    end: Literal["stays", "rolls"]
    citation: Text
    evidence: Text
    effective: Day | None = None
    text: Text


class _Provision(Shape):
    """What a deadline and a duty have in common: for which findings they stand, since when, and on what ground."""

    id: Id
    level: Literal["major", "general", "any"]
    industries: tuple[Id, ...] = ()
    documents: tuple[Id, ...] = ()
    citation: Text
    evidence: Text
    effective: Day | None = None
    expires: Day | None = None
    counting: Id | None = None


class DeadlineSpec(_Provision):
    """When a hazard must be rectified. ``days`` counts what ``day_kind`` says; it is 0 for ``immediate``.

    The first day is not counted; ``counting`` names the rule by which an end on a rest day moves. ``policy`` entries
    are not law and say so.
    """

    source: Literal["statutory", "policy"]
    days: Annotated[Whole, Field(ge=0, le=3650)]
    day_kind: Literal["calendar", "working", "immediate", "months"]
    text: Text

    @after_all(mode="after")
    def _counts(self) -> DeadlineSpec:
        if self.day_kind == "immediate" and self.days != 0:
            raise ValueError("day_kind 是 immediate,days 只能是 0")
        return self


class Recurrence(Shape):
    """A day that comes back: the ``day`` of the ``month``-th month of the next quarter or year."""

    every: Literal["quarter", "year"]
    month: Annotated[Whole, Field(ge=1, le=12)]
    day: Annotated[Whole, Field(ge=1, le=31)]

    @after_all(mode="after")
    def _exists(self) -> Recurrence:
        if self.every == "quarter" and self.month > 3:
            raise ValueError("一个季度只有3个月,month 只能是 1 到 3")
        return self


class Repetition(Shape):
    """So many events of a kind within a time: ``times`` events, the last at most ``within`` units after the first."""

    event: Literal["penalised", "found_producing"]
    times: Annotated[Whole, Field(ge=2, le=100)]
    within: Annotated[Whole, Field(ge=1, le=3650)]
    unit: Literal["days", "months", "years"]


Start = Literal[
    "observed",
    "notified",
    "determined",
    "rectified",
    "due",
    "stopped",
    "applied",
    "resumed",
    "closure_proposed",
    "trigger",
]


class DutySpec(_Provision):
    """What must happen besides rectification.

    ``starts`` names the events that set it off, the first that happens counting: ``observed`` is the discovery,
    ``due`` the end of the time for rectification, ``trigger`` something that no event stands for. ``days`` count from
    there; without ``days`` it is due promptly. ``recurs`` are days that come back, ``repeats`` set it off when one of
    them is reached. A duty that ``extends`` another only lengthens that one's time by ``days``, once experts are heard.
    """

    kind: DutyKind
    actor: Text
    trigger: Text
    period: Text | None = None
    days: Annotated[Whole, Field(ge=0, le=3650)] | None = None
    day_kind: Literal["calendar", "working", "hours"] | None = None
    starts: tuple[Start, ...] = ("trigger",)
    recurs: tuple[Recurrence, ...] = ()
    repeats: tuple[Repetition, ...] = ()
    extends: Id | None = None
    text: Text

    @after_all(mode="after")
    def _counts(self) -> DutySpec:
        if (self.days is None) != (self.day_kind is None):
            raise ValueError("days 和 day_kind 要一起写")
        if self.day_kind == "hours" and self.starts != ("trigger",):
            raise ValueError("按小时的义务没有起算的日子,starts 只能是 [trigger]")
        if self.extends is not None and (self.days is None or self.day_kind == "hours"):
            raise ValueError("extends 要有 days,按日计")
        return self


class LawSpec(Shape):
    """A law or regulation that fixes deadlines and duties, so that what of it is not held is known and told.

    ``effective`` and ``issued`` are None where no source gives them; ``status`` says whether it applies, or that this
    was not verified; ``industries`` narrow it to some.
    """

    id: Id
    title: Text
    number: Text | None = None
    rank: Text
    issued: Day | None = None
    effective: Day | None = None
    expires: Day | None = None
    status: Literal["in_force", "unverified", "repealed"]
    coverage: Literal["full", "partial", "none"]
    industries: tuple[Id, ...] = ()
    missing: tuple[Text, ...] = ()
    source: Text | None = None
    note: Text | None = None

    @after_all(mode="after")
    def _fits(self) -> LawSpec:
        if (self.coverage == "full") == bool(self.missing):
            raise ValueError("coverage 是 full 就没有 missing,不是 full 就要在 missing 里写明没有读到什么")
        starts = self.effective or self.issued
        if starts is not None and self.expires is not None and self.expires <= starts:
            raise ValueError("expires 不晚于 effective(或 issued)")
        return self


class DeadlinesFile(Shape):
    """``deadlines.yaml``: how days are counted, the laws, and the deadlines and duties, each with its ground."""

    policy: Text
    laws: tuple[LawSpec, ...] = ()
    counting: tuple[CountingSpec, ...] = ()
    deadlines: tuple[DeadlineSpec, ...]
    duties: tuple[DutySpec, ...] = ()


def policy_of(file: DeadlinesFile) -> Policy:
    """The content of a file that has the right shape."""
    content = file.model_dump()
    return make_policy(content["policy"], content["counting"], content["deadlines"], content["duties"], content["laws"])
