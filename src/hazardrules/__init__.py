"""China's criteria for major hazards (重大事故隐患判定标准) as declarative rules.

``classify(facts, industry=..., observed_on=...)`` judges what was observed; ``RuleBook`` holds the rules.
"""

from hazardrules._version import __version__
from hazardrules.errors import (
    EventError,
    FactValueError,
    HazardRulesError,
    InputError,
    PackError,
    PackErrors,
    PolicyError,
    UnknownFactError,
    UnknownIndustryError,
    UnknownRegionError,
    UnknownRuleError,
)
from hazardrules.events import Event
from hazardrules.follow_up import FollowUp, follow_up
from hazardrules.judge import classify
from hazardrules.model import Deadline, Duty, Finding, Judgment, Level, Observation
from hazardrules.replaying import Replay, replay
from hazardrules.rulebook import RuleBook

__all__ = [
    "Deadline",
    "Duty",
    "Event",
    "EventError",
    "FactValueError",
    "Finding",
    "FollowUp",
    "HazardRulesError",
    "InputError",
    "Judgment",
    "Level",
    "Observation",
    "PackError",
    "PackErrors",
    "PolicyError",
    "Replay",
    "RuleBook",
    "UnknownFactError",
    "UnknownIndustryError",
    "UnknownRegionError",
    "UnknownRuleError",
    "__version__",
    "classify",
    "follow_up",
    "replay",
]
