"""The ledger of hazards (台账): judgments with their units and events, read from files and summed up on a day."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError, field_validator

from hazardrules.errors import EventError, InputError, LedgerError, Problem, raise_all
from hazardrules.events import Event, read_day, read_event
from hazardrules.figures import DIMENSIONS, Figures, Summary, SummaryRow
from hazardrules.following import FollowUp, HazardState, follow_up
from hazardrules.judge import default_book
from hazardrules.model import Frozen, Judgment, Level
from hazardrules.nearest import nearest_hint
from hazardrules.pack.values import clip
from hazardrules.regions import region_label
from hazardrules.rulebook import RuleBook

__all__ = ["Entry", "parse_entries", "read_entries", "summary"]

NOT_TOLD: Final = {"industry": "没有给出行业", "region": "没有给出地区", "department": "没有给出部门"}
NO_CLAUSE: Final = "不在判定标准里"
_SHOWN: Final = 5
"""How much of what is wrong with one judgment is told."""


class Entry(Frozen):
    """One record of the ledger: a judgment, the unit that was inspected, and what happened since.

    ``department`` is who is responsible, ``ref`` the ledger's own number.
    """

    judgment: Judgment
    unit: str
    events: tuple[Event, ...] = ()
    department: str | None = None
    ref: str | None = None

    @field_validator("unit")
    @classmethod
    def _named(cls, unit: str) -> str:
        if not unit.strip():
            raise ValueError("unit 不能是空的")
        return unit

    @field_validator("events", mode="before")
    @classmethod
    def _read(cls, given: Any) -> Any:
        if isinstance(given, str) or not isinstance(given, Iterable):
            raise ValueError("events 要写成列表")  # noqa: TRY004  # pydantic takes ValueError
        problems: list[tuple[type[InputError], Problem]] = []
        events = [read_event(index, one, problems) for index, one in enumerate(given, 1)]
        if problems:
            raise ValueError(";".join(str(problem) for _, problem in problems))
        return events


def read_entries(path: str | Path) -> tuple[Entry, ...]:
    """The records of a JSON Lines file, one ``{"judgment": {...}, "unit": "...", "events": [...]}`` a line.

    :raises LedgerError: for every line that is no such record or whose events can't have happened, all of them at once.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise LedgerError(Problem(str(path), "", f"文件读不出来:{error.strerror}")) from error
    except UnicodeDecodeError as error:
        raise LedgerError(Problem(str(path), "", "不是 UTF-8,请另存为 UTF-8")) from error
    return parse_entries(text, str(path))


def parse_entries(text: str, name: str) -> tuple[Entry, ...]:
    """The records of a text of such lines.

    :param name: what the text is called in errors.
    :raises LedgerError: as ``read_entries``.
    """
    problems: list[tuple[type[InputError], Problem]] = []
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            entry = _entry(f"{name} 第{number}行", line, problems)
            if entry is not None:
                found.append(entry)
    if problems:
        raise_all(problems)
    return tuple(found)


def _entry(where: str, line: str, problems: list[tuple[type[InputError], Problem]]) -> Entry | None:
    def wrong(value: object, text: str, hint: str = "") -> None:
        problems.append((LedgerError, Problem(where, clip(value), text, hint)))

    twice: list[str] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in items]
        twice.extend(key for key in dict.fromkeys(keys) if keys.count(key) > 1)
        return dict(items)

    before = len(problems)
    try:
        data = json.loads(line, object_pairs_hook=pairs)
    except (ValueError, RecursionError) as error:
        place = (
            f",第 {error.colno} 个字符起读不懂" if isinstance(error, json.JSONDecodeError) else ",数太长或者嵌套太深"
        )
        wrong(line, f"不是 JSON{place}", "一行一个 JSON")
        return None
    if twice:
        wrong(line, f"键重复:{'、'.join(dict.fromkeys(twice))}")
    if not isinstance(data, dict):
        wrong(data, "要写成映射", '如 {"judgment": {...}, "unit": "甲厂", "events": []}')
        return None
    for key in data:
        if key not in Entry.model_fields:
            wrong(key, f"不认识的键 {key}", nearest_hint(key, Entry.model_fields))
    for key in ("judgment", "unit"):
        if key not in data:
            wrong(key, f"缺少 {key}", "judgment 是 classify --json 的输出" if key == "judgment" else "")
    for key in ("unit", "department", "ref"):
        value = data.get(key)
        if value is not None and (not isinstance(value, str) or not value.strip()):
            wrong(value, f"{key} 应是文字,不能是空的:{clip(value)}")
    given = data.get("events") or []
    listed: list[tuple[type[InputError], Problem]] = []
    if not isinstance(given, list):
        wrong(given, "events 要写成列表", '如 [{"kind": "rectified", "on": "2026-12-01"}]')
    events = [read_event(i, one, listed) for i, one in enumerate(given, 1)] if isinstance(given, list) else []
    judgment = _judgment(data["judgment"], wrong) if "judgment" in data else None
    problems.extend((LedgerError, _placed(where, problem)) for _, problem in listed)
    if judgment is None or len(problems) > before:
        return None
    entry = Entry(
        judgment=judgment,
        unit=data["unit"],
        events=tuple(event for event in events if event is not None),
        department=data.get("department"),
        ref=data.get("ref"),
    )
    return entry if _followed(where, entry, date.min, problems) is not None else None


def _judgment(given: object, wrong: Callable[..., None]) -> Judgment | None:
    try:
        return Judgment.model_validate(given)
    except ValidationError as error:
        for one in error.errors()[:_SHOWN]:
            place = ".".join(map(str, ("judgment", *one["loc"])))
            what = {"missing": "缺少", "extra_forbidden": "不认识的键"}.get(one["type"], "值不对:")
            shown = "" if one["type"] in ("missing", "extra_forbidden") else clip(one["input"])
            wrong(one["input"], f"{what} {place} {shown}".strip(), "judgment 是 classify --json 的输出")
        return None


def _placed(where: str, problem: Problem) -> Problem:
    """A problem with the place of its record before its own."""
    return Problem(where, problem.value, f"{problem.where}:{problem.problem}", problem.hint)


def _followed(
    where: str, entry: Entry, as_of: date, problems: list[tuple[type[InputError], Problem]]
) -> FollowUp | None:
    """Where the record stands on the day, or on that of the inspection where that is later."""
    try:
        return follow_up(entry.judgment, max(as_of, entry.judgment.observation.observed_on), entry.events)
    except EventError as error:
        problems.extend((LedgerError, _placed(where, problem)) for problem in error.problems)
        return None


def summary(
    entries: Iterable[Entry],
    as_of: str | date,
    *,
    by: str | Sequence[str] = ("unit",),
    book: RuleBook | None = None,
) -> Summary:
    """A ledger summed up on a day: found, rectified in time, overdue, closed ...; ``FIGURES`` says what each counts.

    The same records give the same figures whenever they are asked for: what happened after ``as_of`` doesn't count.

    :param by: ``unit``, ``industry``, ``clause``, ``region`` or ``department``, or several of them.
    :param book: the rule book that names industries and regions; default: the national one.
    :raises LedgerError: for dimensions that don't exist, a day that is none, and events that can't have happened.
    """
    problems: list[tuple[type[InputError], Problem]] = []
    names = (by,) if isinstance(by, str) else tuple(by)
    for name in names:
        if name not in DIMENSIONS:
            hint = nearest_hint(str(name), DIMENSIONS) or f"可用:{'、'.join(DIMENSIONS)}"
            problems.append((LedgerError, Problem("by", clip(name), f"不能按 {clip(name)} 汇总", hint)))
    if not names or len(set(names)) < len(names):
        problems.append((LedgerError, Problem("by", clip(names), "by 至少写一个,不能重复")))
    wrong: list[tuple[type[InputError], Problem]] = []
    day = read_day("as_of", as_of, wrong)
    problems.extend((LedgerError, problem) for _, problem in wrong)
    if problems:
        raise_all(problems)
    assert day is not None  # noqa: S101  # else there was a problem
    counted = later = 0
    labels = _Labels(book)
    found: dict[tuple[str | None, ...], tuple[tuple[str, ...], Figures]] = {}
    for number, entry in enumerate(entries, 1):
        state = _followed(f"entries[{number}]", entry, day, problems)
        if entry.judgment.observation.observed_on > day:
            later += 1
        elif state is not None:
            counted += 1
            for rule, figures in _counted(entry, state, clean="clause" not in names):
                pairs = [labels.of(name, entry, rule) for name in names]
                key, label = tuple(id_ for id_, _ in pairs), tuple(text for _, text in pairs)
                _, so_far = found.get(key, (label, Figures()))
                found[key] = (label, so_far + figures)
    if problems:
        raise_all(problems)
    rows = [SummaryRow(keys=k, labels=label, figures=figures) for k, (label, figures) in found.items()]
    rows.sort(key=lambda row: tuple((key is None, key or "") for key in row.keys))
    total = sum((row.figures for row in rows), Figures())
    return Summary(as_of=day, by=names, entries=counted, later=later, total=total, rows=tuple(rows))


def _counted(entry: Entry, state: FollowUp, *, clean: bool) -> Iterator[tuple[str | None, Figures]]:
    """The hazards of a record, each with its rule and figures of its own.

    :param clean: whether a record without any hazard makes a row of zeros.
    """
    for hazard in state.hazards:
        yield hazard.rule, _figures(hazard, entry.events, state.as_of)
    if clean and not state.hazards:
        yield None, Figures()


def _figures(hazard: HazardState, events: Sequence[Event], as_of: date) -> Figures:
    major, closed = hazard.level is Level.MAJOR, hazard.state == "closed"
    rectified, due = hazard.rectified_on, hazard.due_on
    supervised = any(
        event.kind == "supervised" and event.on <= as_of and (not event.rules or hazard.rule in event.rules)
        for event in events
    )
    return Figures(
        found=1,
        major=int(major),
        general=int(not major),
        rectified=int(rectified is not None),
        in_time=int(rectified is not None and due is not None and rectified <= due),
        late=int(rectified is not None and due is not None and rectified > due),
        overdue=int(rectified is None and due is not None and due < as_of),
        reopened=int(hazard.reopened > 0),
        closed=int(closed),
        open=int(not closed),
        supervised=int(supervised),
    )


class _Labels:
    """What the keys of rows are called."""

    def __init__(self, book: RuleBook | None) -> None:
        self.given = book

    @property
    def book(self) -> RuleBook:
        return self.given or default_book()

    def of(self, name: str, entry: Entry, rule: str | None) -> tuple[str | None, str]:
        """The key of a hazard in a dimension, and its label."""
        observation = entry.judgment.observation
        if name == "unit":
            return entry.unit, entry.unit
        if name == "clause":
            cited: Mapping[str, str] = {one.rule: one.citation for one in entry.judgment.findings}
            return rule, cited[rule] if rule is not None else NO_CLAUSE
        if name == "industry" and observation.industry:
            known = self.book.industries
            names = [known[id_].label if id_ in known else id_ for id_ in observation.industry]
            return ",".join(observation.industry), "、".join(names)
        if name == "region" and observation.region is not None:
            return observation.region, region_label(observation.region, self.book.region_names)
        if name == "department" and entry.department is not None:
            return entry.department, entry.department
        return None, NOT_TOLD[name]
