"""A programme's list of tasks (清单化): every task with its day, and how far the list has come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Literal

from pydantic import ValidationError

from hazardrules.errors import InputError, Problem, ProgrammeError, raise_all
from hazardrules.model import Frozen
from hazardrules.nearest import nearest_hint
from hazardrules.pack.programmes import PracticeSpec
from hazardrules.pack.values import ValueRefusedError, clip, parse_day

__all__ = ["NO_UNIT", "Task", "TaskBoard", "TaskFigures", "TaskState", "UnitTasks", "task_board"]

NO_UNIT = "没有写单位"


class Task(Frozen):
    """A task: who must have done what by when. ``practice`` is the id of the practice that it belongs to."""

    id: str
    title: str
    unit: str | None = None
    due_on: date
    done_on: date | None = None
    practice: str | None = None
    note: str | None = None


class TaskState(Frozen):
    """A task on a day. ``overdue_days``: past the day it was due, until done or until ``as_of``."""

    task: Task
    state: Literal["open", "done"]
    overdue_days: int


class TaskFigures(Frozen):
    """How many tasks: all, done, of these late, open, of these overdue."""

    total: int = 0
    done: int = 0
    done_late: int = 0
    open: int = 0
    overdue: int = 0


class UnitTasks(Frozen):
    """The figures of one unit."""

    unit: str
    figures: TaskFigures


class TaskBoard(Frozen):
    """A list of tasks on a day; ``remarks`` hold its length against the numbers that the source gives (Chinese)."""

    programme: str
    as_of: date
    figures: TaskFigures
    units: tuple[UnitTasks, ...]
    tasks: tuple[TaskState, ...]
    remarks: tuple[str, ...]


def task_board(
    programme: str, practices: Sequence[PracticeSpec], tasks: Iterable[Task | Mapping[str, Any]], as_of: str | date
) -> TaskBoard:
    """The board of a list; see ``Programme.tasks``."""
    problems: list[tuple[type[InputError], Problem]] = []
    day = _day("as_of", as_of, problems)
    read = [_task(index, one, problems) for index, one in enumerate(tasks, 1)]
    known = [one.id for one in practices]
    first: dict[str, int] = {}
    for index, task in enumerate(read, 1):
        if task is None:
            continue
        if first.setdefault(task.id, index) != index:
            text = f"标识 {task.id} 重复,第 {first[task.id]} 项已经用了"
            problems.append((ProgrammeError, Problem(f"tasks[{index}]", clip(task.id), text)))
        if task.practice is not None and task.practice not in known:
            text, hint = f"没有做法 {task.practice}", nearest_hint(task.practice, known)
            problems.append((ProgrammeError, Problem(f"tasks[{index}]", clip(task.practice), text, hint)))
    if problems:
        raise_all(problems)
    assert day is not None  # noqa: S101  # else there was a problem
    states = [_state(task, day) for task in read if task is not None]
    units: dict[str, list[TaskState]] = {}
    for state in states:
        units.setdefault(state.task.unit or NO_UNIT, []).append(state)
    return TaskBoard(
        programme=programme,
        as_of=day,
        figures=_figures(states),
        units=tuple(UnitTasks(unit=unit, figures=_figures(units[unit])) for unit in sorted(units)),
        tasks=tuple(states),
        remarks=tuple(_remark(practice, states) for practice in practices if "tasks" in practice.by),
    )


def _day(where: str, given: object, problems: list[tuple[type[InputError], Problem]]) -> date | None:
    try:
        return parse_day(given)
    except ValueRefusedError as error:
        problems.append((ProgrammeError, Problem(where, clip(given), error.problem, error.hint)))
        return None


def _task(index: int, given: object, problems: list[tuple[type[InputError], Problem]]) -> Task | None:
    if isinstance(given, Task):
        return given
    where = f"tasks[{index}]"
    if not isinstance(given, Mapping):
        hint = '如 {"id": "1", "title": "培训", "due_on": "2026-12-31"}'
        problems.append((ProgrammeError, Problem(where, clip(given), "任务要写成映射", hint)))
        return None
    data = dict(given)
    name = str(data.get("title") or data.get("id") or "")
    before = len(problems)
    if data.get("due_on") is None:
        text = f"任务“{name}”没有完成时限" if name else "任务没有完成时限"
        problems.append((ProgrammeError, Problem(where, "due_on", text, "每项任务都要有 due_on")))
        data["due_on"] = date.max  # so that what else is wrong is told as well
    for key in ("due_on", "done_on"):
        if data.get(key) is not None:
            data[key] = _day(f"{where}.{key}", data[key], problems) or date.max
    try:
        task = Task.model_validate(data)
    except ValidationError as error:
        for one in error.errors():
            key, found = ".".join(map(str, one["loc"])), clip(one["input"])
            text, hint = f"{key} 的值不对:{found}", "写成文字" if one["type"] == "string_type" else ""
            if one["type"] == "missing":
                text, found = f"缺少 {key}", key
            elif one["type"] == "extra_forbidden":
                text = f"不认识的键 {key}"
                hint = nearest_hint(key, Task.model_fields) or f"可用:{'、'.join(Task.model_fields)}"
            problems.append((ProgrammeError, Problem(where, found, text, hint)))
    return task if len(problems) == before else None


def _state(task: Task, day: date) -> TaskState:
    done = task.done_on is not None and task.done_on <= day
    until = task.done_on if done and task.done_on is not None else day
    return TaskState(task=task, state="done" if done else "open", overdue_days=max(0, (until - task.due_on).days))


def _figures(states: Sequence[TaskState]) -> TaskFigures:
    done = [one.overdue_days > 0 for one in states if one.state == "done"]
    open_ = [one.overdue_days > 0 for one in states if one.state == "open"]
    return TaskFigures(total=len(states), done=len(done), done_late=sum(done), open=len(open_), overdue=sum(open_))


def _remark(practice: PracticeSpec, states: Sequence[TaskState]) -> str:
    """The length of the list beside what the source says; tasks that name a practice count for that one alone."""
    count = sum(one.task.practice in (None, practice.id) for one in states)
    said = "、".join(f"{label} {number}" for label, number in practice.numbers.items())
    if not said:
        return f"“{practice.title}”:列了 {count} 项;来源没有给数目"
    if count in practice.numbers.values():
        return f"“{practice.title}”:列了 {count} 项,与来源的数目({said})相符"
    return f"“{practice.title}”:列了 {count} 项,来源的数目是 {said},请核对有没有缺漏"
