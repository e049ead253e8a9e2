"""China's criteria for major hazards (重大事故隐患判定标准) as declarative rules.

``classify(facts, industry=..., observed_on=...)`` judges what was observed, ``classify_frame(frame)`` every row of a
dataframe; ``RuleBook`` holds the rules;
``follow_up(judgment, as_of, events)`` says where a hazard stands; ``replay(judgment)`` recomputes a judgment.
"""

import typing as _typing

from hazardrules._version import __version__
from hazardrules.errors import (
    EventError,
    FactValueError,
    HazardRulesError,
    InputError,
    LedgerError,
    PackError,
    PackErrors,
    PolicyError,
    ProgrammeError,
    UnknownFactError,
    UnknownIndustryError,
    UnknownProgrammeError,
    UnknownRegionError,
    UnknownRuleError,
)
from hazardrules.judge import classify
from hazardrules.model import Deadline, Duty, Finding, Judgment, Level, Observation
from hazardrules.rulebook import RuleBook

if _typing.TYPE_CHECKING:
    from hazardrules.batch import FrameProblem, FrameResult, classify_frame
    from hazardrules.events import Event
    from hazardrules.following import FollowUp, follow_up
    from hazardrules.ledger import Entry, read_entries, summary
    from hazardrules.programme import Programme
    from hazardrules.replaying import Replay, replay

__all__ = [
    "Deadline",
    "Duty",
    "Entry",
    "Event",
    "EventError",
    "FactValueError",
    "Finding",
    "FollowUp",
    "FrameProblem",
    "FrameResult",
    "HazardRulesError",
    "InputError",
    "Judgment",
    "LedgerError",
    "Level",
    "Observation",
    "PackError",
    "PackErrors",
    "PolicyError",
    "Programme",
    "ProgrammeError",
    "Replay",
    "RuleBook",
    "UnknownFactError",
    "UnknownIndustryError",
    "UnknownProgrammeError",
    "UnknownRegionError",
    "UnknownRuleError",
    "__version__",
    "classify",
    "classify_frame",
    "follow_up",
    "read_entries",
    "replay",
    "summary",
]

_LATER = {
    "Event": "events",
    "FollowUp": "following",
    "FrameProblem": "batch",
    "FrameResult": "batch",
    "classify_frame": "batch",
    "follow_up": "following",
    "Programme": "programme",
    "Entry": "ledger",
    "read_entries": "ledger",
    "summary": "ledger",
    "Replay": "replaying",
    "replay": "replaying",
}
"""What judging doesn't need is imported when it is first used."""


def __getattr__(name: str) -> _typing.Any:
    """A public name of a module that is not yet imported."""
    if name in _LATER:
        from importlib import import_module  # noqa: PLC0415

        value = getattr(import_module(f"hazardrules.{_LATER[name]}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Every public name, imported yet or not."""
    return sorted({*globals(), *__all__})
