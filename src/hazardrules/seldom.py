"""Parts of observations and judgments that few of them have; ``model`` has the others, and these under its name too.

Defining a model takes a third of a millisecond: these are defined when one is first made, or read back.
"""

from datetime import date
from typing import Literal

from hazardrules.model import FactValue, Frozen, Level

__all__ = ["Conflict", "Nearest", "Order", "PolicyInfo", "PossibleRule", "Rejected", "Unused", "Upcoming"]


class Order(Frozen):
    """A deadline that the authority set: its last day and the number of the instrument."""

    due_on: date
    instrument: str


class PossibleRule(Frozen):
    """A criterion whose text is known only at second hand: ``outcome`` is what it would say, and it decides nothing."""

    rule: str
    document: str
    level: Level
    title: str
    citation: str
    outcome: Literal["holds", "open"]
    because: tuple[FactValue, ...] = ()


class Unused(Frozen):
    """A given fact that no criterion considered here reads, with the documents that would.

    ``superseded`` says that one of them was replaced by a document in force, which asks for other facts of the same
    thing; ``elsewhere`` that one is in force for another industry. Either way the answer is not conclusive.
    """

    fact: str
    label: str
    documents: tuple[str, ...] = ()
    superseded: bool = False
    elsewhere: bool = False
    text: str


class Rejected(Frozen):
    """An input that was refused (only with ``strict=False``)."""

    where: str
    value: str
    problem: str
    hint: str = ""


class Conflict(Frozen):
    """A criterion that a person affirms although something speaks against it."""

    rule: str
    citation: str
    because: tuple[FactValue, ...] = ()
    text: str


class Nearest(Frozen):
    """For a condition in words: a criterion that comes nearest to it, for a person to look at; score 0 to 1."""

    other: str
    rule: str
    title: str
    citation: str
    score: float


class Upcoming(Frozen):
    """A criterion that is issued but not yet in force, and that the facts meet."""

    rule: str
    document: str
    effective: date
    level: Level
    citation: str
    text: str


class PolicyInfo(Frozen):
    """The deadline policy that the caller gave in place of the packs' own: its name and the SHA-256 of its content."""

    name: str
    fingerprint: str
