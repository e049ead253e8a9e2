"""What stays open in a judgment, and the facts that would decide it; ``model`` has them under its name too.

They are defined when one is first made, or read back, as those of ``seldom``.
"""

from hazardrules.model import Frozen, Level

__all__ = ["OpenRule", "Question"]


class Question(Frozen):
    """A fact that would help to decide: what it is and which values it may take."""

    fact: str
    label: str
    type: str
    unit: str | None = None
    options: dict[str, str] = {}  # noqa: RUF012  # each model has its own copy
    allowed: str


class OpenRule(Frozen):
    """A criterion that the facts touch but don't decide; ``questions`` are the facts that still can.

    ``manual`` criteria can only be decided by a person: then ``inspect`` says what to look at.
    """

    rule: str
    document: str
    level: Level
    title: str
    citation: str
    manual: bool = False
    questions: tuple[Question, ...] = ()
    inspect: str = ""
    notes: tuple[str, ...] = ()
