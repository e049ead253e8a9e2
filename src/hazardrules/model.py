"""What goes in and what comes out: an observation and its judgment, as frozen models that survive JSON."""

from datetime import date
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict

from hazardrules.doors import JudgmentDoors
from hazardrules.kinds import DutyKind

__all__ = [
    "SCHEMA_VERSION",
    "CheckedDocument",
    "Conflict",
    "Deadline",
    "DeadlineCandidate",
    "Duty",
    "DutyDay",
    "DutyRepeat",
    "FactValue",
    "Finding",
    "Frozen",
    "Gap",
    "Judgment",
    "Level",
    "Nearest",
    "Observation",
    "OpenRule",
    "Order",
    "PackInfo",
    "PolicyInfo",
    "PossibleRule",
    "Question",
    "Rejected",
    "RuleBookInfo",
    "Unused",
    "Upcoming",
    "built",
]

SCHEMA_VERSION = 1
"""The version of the JSON form of a judgment."""

Plain: TypeAlias = bool | int | float | str | tuple[str, ...]


class Level(StrEnum):
    """The level of a hazard."""

    MAJOR = "major"
    GENERAL = "general"
    NONE = "none"

    @property
    def label(self) -> str:
        """The level in Chinese."""
        return {"major": "重大事故隐患", "general": "一般事故隐患", "none": "未构成隐患"}[self.value]


M = TypeVar("M", bound=BaseModel)


class Frozen(BaseModel):
    """The base of what goes in and comes out: frozen, and nothing in it is unknown.

    Validation is prepared when something is first validated: judging builds what is right by itself.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


_set = object.__setattr__


@cache
def _template(model: type[BaseModel]) -> tuple[dict[str, Any], set[str]]:
    """Its fields in order with their defaults, and their names."""
    fields = model.__pydantic_fields__
    return {name: None if one.is_required() else one.default for name, one in fields.items()}, set(fields)


def built(model: type[M], **values: Any) -> M:
    """An instance made of values that are already of the right types: nothing is checked or converted.

    The same as ``model(**values)`` for such values, without preparing or running the validation; instances of which
    every field is given share the set that says so.
    """
    made = model.__new__(model)
    fields, every = _template(model)
    _set(made, "__dict__", fields | values)
    _set(made, "__pydantic_fields_set__", every if len(values) == len(fields) else set(values))
    _set(made, "__pydantic_extra__", None)
    _set(made, "__pydantic_private__", None)
    return made


class Later:
    """A model of ``LATER`` by its name, as an annotation: looked up when a schema is first made of what has it."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __get_pydantic_core_schema__(self, source: object, handler: "GetCoreSchemaHandler") -> "CoreSchema":
        """The schema of the model itself."""
        return handler.generate_schema(later(self.name))


LATER: Final = {
    **dict.fromkeys(("OpenRule", "Question"), "asking"),
    **dict.fromkeys(("Conflict", "Nearest", "Order", "PolicyInfo", "PossibleRule", "Rejected"), "seldom"),
    **dict.fromkeys(("Unused", "Upcoming"), "seldom"),
}
"""The models that are defined when they are first asked for, and in which module."""


def later(name: str) -> type[Frozen]:
    """A model of ``LATER``."""
    from importlib import import_module  # noqa: PLC0415

    found: type[Frozen] = getattr(import_module(f"hazardrules.{LATER[name]}"), name)
    return found


if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema

    from hazardrules.asking import OpenRule, Question
    from hazardrules.seldom import Conflict, Nearest, Order, PolicyInfo, PossibleRule, Rejected, Unused, Upcoming
else:  # as annotations below; afterwards ``__getattr__`` gives the models
    globals().update({name: Annotated[Any, Later(name)] for name in LATER})


class Observation(Frozen):
    """What was observed, in normal form: fact ids, enum keys, industry ids, a region code.

    ``facts`` holds plain JSON values (numbers to 15 digits, dates as YYYY-MM-DD, sets as sorted lists); ``industry`` is
    empty where none was given; ``other`` are conditions in words; ``asserted`` are criteria that a person affirms;
    ``ordered`` is a deadline that the authority set.
    """

    facts: dict[str, Plain]
    other: tuple[str, ...] = ()
    asserted: tuple[str, ...] = ()
    industry: tuple[str, ...] = ()
    region: str | None = None
    observed_on: date
    reported: bool = True
    ref: str | None = None
    ordered: Order | None = None


class FactValue(Frozen):
    """A fact with its value, ready to be read: ``text`` is "label:value with unit"."""

    fact: str
    label: str
    value: Plain
    unit: str | None = None
    text: str


class DeadlineCandidate(Frozen):
    """A deadline that applies, whether or not it is the one that counts.

    ``rolls`` says that an end on a rest day moved to the next working day, as the law of counting has it.
    """

    id: str
    source: Literal["ordered", "statutory", "policy"]
    due_on: date
    days: int
    day_kind: Literal["calendar", "working", "immediate", "months"]
    rolls: bool = False
    citation: str
    provisional: bool = False


class Deadline(Frozen):
    """By when a hazard must be rectified, and on what ground.

    ``days`` are counted from ``starts_on`` (that day not counted), 0 for ``immediate``, a number of months for
    ``months``; ``source`` says whether an order, the law, or a policy that is not law fixes it; ``considered`` are all
    that apply.
    """

    due_on: date
    days: int
    day_kind: Literal["calendar", "working", "immediate", "months"]
    starts_on: date
    source: Literal["ordered", "statutory", "policy"]
    citation: str
    text: str
    provisional: bool = False
    considered: tuple[DeadlineCandidate, ...] = ()


class DutyDay(Frozen):
    """A day that comes back: the ``day`` of the ``month``-th month of the next quarter or year."""

    every: Literal["quarter", "year"]
    month: int
    day: int


class DutyRepeat(Frozen):
    """Sets a duty off: ``times`` events of a kind, the last at most ``within`` units after the first."""

    event: Literal["penalised", "found_producing"]
    times: int
    within: int
    unit: Literal["days", "months", "years"]


class Duty(Frozen):
    """What must happen besides rectification.

    ``due_on`` is told where it counts from the discovery, or where the day comes back by the calendar (``recurs``);
    otherwise ``days`` (or hours, by ``day_kind``) count from the event that sets it off, and ``follow_up()`` tells the
    day. ``starts`` are those events (``trigger``: none that is recorded), ``repeats`` the numbers of events that do so
    too, ``extends`` the duty whose time it lengthens. ``provisional``: a year's working days are not yet known.
    """

    id: str
    kind: DutyKind
    actor: str
    due_on: date | None = None
    days: int | None = None
    day_kind: Literal["calendar", "working", "hours"] | None = None
    rolls: bool = False
    provisional: bool = False
    period: str | None = None
    trigger: str
    starts: tuple[str, ...] = ("trigger",)
    recurs: tuple[DutyDay, ...] = ()
    repeats: tuple[DutyRepeat, ...] = ()
    extends: str | None = None
    citation: str
    text: str


class Finding(Frozen):
    """A criterion that is met.

    ``because`` are the fewest facts that make it hold; ``also_because`` are further alternatives of the same clause
    that hold as well; ``assumed`` are values that nobody reported and the clause takes as given; ``by`` says whether
    the facts or a person decided.
    """

    rule: str
    document: str
    level: Level
    by: Literal["facts", "person"]
    title: str
    citation: str
    reason: str
    because: tuple[FactValue, ...] = ()
    also_because: tuple[tuple[FactValue, ...], ...] = ()
    assumed: tuple[FactValue, ...] = ()
    remedy: str = ""
    note: str = ""
    deadline: Deadline | None = None
    duties: tuple[Duty, ...] = ()


class Gap(Frozen):
    """A document that is in force and whose text is not (wholly) held, or a day without any document in force."""

    document: str | None
    title: str
    missing: tuple[str, ...] = ()
    text: str


class CheckedDocument(Frozen):
    """A document that was in force and held against the facts, with the number of criteria considered.

    ``note`` says what must be known of the document itself, such as a date that the notice does not name.
    """

    document: str
    name: str
    window: str
    note: str = ""
    considered: int


class PackInfo(Frozen):
    """Which version of which pack was used."""

    id: str
    version: str


class RuleBookInfo(Frozen):
    """The rule book of a judgment: its packs and the SHA-256 of its canonical content."""

    packs: tuple[PackInfo, ...]
    fingerprint: str


class Judgment(JudgmentDoors, Frozen):
    """The answer to one observation.

    ``conclusive`` is False while a major criterion is open or a gap applies; ``industry_assumed`` says that no industry
    was given, so that those of all were considered; ``policy`` is None where the packs' own deadlines counted.
    ``duties`` are those of a hazard that meets no criterion; otherwise each finding has its own. ``law_gaps`` are laws
    in force whose provisions are not wholly held: deadlines and duties may be missing, the level doesn't hang on them.
    """

    schema_version: int = SCHEMA_VERSION
    library_version: str
    rulebook: RuleBookInfo
    policy: PolicyInfo | None = None
    observation: Observation
    level: Level
    conclusive: bool
    industry_assumed: bool
    reason: str
    deadline: Deadline | None
    duties: tuple[Duty, ...] = ()
    findings: tuple[Finding, ...] = ()
    open: tuple[OpenRule, ...] = ()
    possible: tuple[PossibleRule, ...] = ()
    gaps: tuple[Gap, ...] = ()
    law_gaps: tuple[Gap, ...] = ()
    upcoming: tuple[Upcoming, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    nearest: tuple[Nearest, ...] = ()
    assumed: tuple[FactValue, ...] = ()
    unused: tuple[Unused, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    checked: tuple[CheckedDocument, ...] = ()


if not TYPE_CHECKING:
    for _name in LATER:
        del globals()[_name]

    def __getattr__(name: str) -> type[Frozen]:
        """A model of ``LATER``."""
        if name in LATER:
            return globals().setdefault(name, later(name))
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
