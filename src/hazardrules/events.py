"""What happens to a hazard after it was found: the kinds of events, and how they are read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import get_args

from pydantic import ValidationError

from hazardrules.errors import EventError, InputError, Problem
from hazardrules.kinds import EVENT_LABELS, EventKind
from hazardrules.model import Frozen
from hazardrules.nearest import nearest_hint
from hazardrules.pack.values import clip, parse_day

__all__ = ["EVENT_LABELS", "Event", "read_day", "read_event"]


class Event(Frozen):
    """Something that happened after the discovery.

    ``rules`` are the criteria that it concerns (all of the judgment where empty), ``duties`` the duties that it fulfils
    (where empty, those of its kind that are set off). ``due_on`` and ``instrument`` are the new last day and the
    document of ``notified``, ``extended`` and ``reopened``, ``ground`` the reason of an extension; ``passed`` is the
    result of ``rechecked`` and ``accepted``.
    """

    kind: EventKind
    on: date
    rules: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    due_on: date | None = None
    instrument: str | None = None
    ground: str | None = None
    passed: bool | None = None
    note: str | None = None


def read_day(where: str, given: object, problems: list[tuple[type[InputError], Problem]]) -> date | None:
    """A day that the caller gave; None, and what is wrong in ``problems``, where it is none."""
    try:
        return parse_day(given)
    except ValueError as error:
        problems.append((EventError, Problem(where, clip(given), f"{where}: {error}")))
        return None


def read_event(index: int, given: object, problems: list[tuple[type[InputError], Problem]]) -> Event | None:
    """The ``index``-th event that the caller gave; None, and what is wrong in ``problems``, where it is no event."""
    where = f"events[{index}]"
    if isinstance(given, Event):
        return given
    if not isinstance(given, Mapping):
        hint = '如 {"kind": "rectified", "on": "2026-12-01"}'
        problems.append((EventError, Problem(where, clip(given), "事件要写成映射", hint)))
        return None
    data = dict(given)
    before = len(problems)
    for key in ("on", "due_on"):
        if data.get(key) is not None:
            data[key] = read_day(f"{where}.{key}", data[key], problems)
    if len(problems) > before:
        return None
    try:
        return Event.model_validate(data)
    except ValidationError as error:
        for one in error.errors():
            name = ".".join(map(str, one["loc"]))
            found = clip(one["input"])
            if one["type"] == "missing":
                problems.append((EventError, Problem(where, name, f"缺少 {name}")))
            elif one["type"] == "extra_forbidden":
                hint = nearest_hint(name, Event.model_fields)
                problems.append((EventError, Problem(where, found, f"不认识的键 {name}", hint)))
            elif name == "kind":
                kinds = "、".join(f"{kind}({label})" for kind, label in EVENT_LABELS.items())
                hint = nearest_hint(str(one["input"]), get_args(EventKind)) or f"可以写:{kinds}"
                problems.append((EventError, Problem(where, found, f"没有这种事件:{found}", hint)))
            else:
                problems.append((EventError, Problem(where, found, f"{name} 的值不对:{found}")))
        return None
