"""tasking.py: lists of tasks, each with its day, and how far they have come."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hazardrules import Programme, ProgrammeError
from hazardrules.tasking import NO_UNIT, Task, TaskFigures
from programmes import book_in

TASKS: list[dict[str, Any]] = [
    {"id": "1", "title": "全员培训", "unit": "住建局", "due_on": "2026-04-30", "done_on": "2026-04-20"},
    {"id": "2", "title": "复产验收", "unit": "住建局", "due_on": "2026-04-30", "done_on": "2026-05-02"},
    {"id": "3", "title": "明察暗访", "unit": "安委办", "due_on": date(2026, 5, 31)},
    {"id": "4", "title": "修订标准", "due_on": "2026-05-01", "practice": "free"},
]


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    """A programme whose source gives a number of tasks."""
    return book_in(tmp_path_factory.mktemp("pack")).programme("narrow")


@pytest.mark.parametrize(
    ("day", "figures"),
    [
        ("2026-04-01", (4, 0, 0, 4, 0)),
        ("2026-04-20", (4, 1, 0, 3, 0)),
        ("2026-05-01", (4, 1, 0, 3, 1)),
        ("2026-05-02", (4, 2, 1, 2, 1)),
        ("2026-06-01", (4, 2, 1, 2, 2)),
    ],
)
def test_figures_of_a_day(narrow: Programme, day: str, figures: tuple[int, ...]) -> None:
    """All, done, done late, open, overdue; what is done later is open until then."""
    found = narrow.tasks(TASKS, day).figures
    assert (found.total, found.done, found.done_late, found.open, found.overdue) == figures


def test_units_and_states(narrow: Programme) -> None:
    """The figures of the units add up to the whole; each task has its state and delay."""
    board = narrow.tasks(TASKS, "2026-05-03")
    assert [one.unit for one in board.units] == ["住建局", "安委办", NO_UNIT]
    for name in TaskFigures.model_fields:
        assert sum(getattr(one.figures, name) for one in board.units) == getattr(board.figures, name)
    assert [(one.state, one.overdue_days) for one in board.tasks] == [
        ("done", 0),
        ("done", 2),
        ("open", 0),
        ("open", 2),
    ]
    assert (board.programme, board.as_of) == ("narrow", date(2026, 5, 3))
    assert narrow.tasks([one.task for one in board.tasks], "2026-05-03") == board
    assert Task(id="1", title="甲", due_on=date(2026, 1, 1)).done_on is None


def test_the_number_of_tasks_is_held_against_the_source(narrow: Programme) -> None:
    """A remark for each practice that lists tasks: more or fewer than the source says, as many, or no number given."""
    assert narrow.tasks(TASKS, "2026-05-03").remarks == (
        "“三十项任务”:列了 3 项,来源的数目是 任务 2、类 6,请核对有没有缺漏",
        "“清单”:列了 4 项;来源没有给数目",
    )
    assert narrow.tasks(TASKS[:2], "2026-05-03").remarks[0] == "“三十项任务”:列了 2 项,与来源的数目(任务 2、类 6)相符"


WRONG: dict[str, tuple[list[Any], list[str]]] = {
    "no day": ([{"id": "1", "title": "甲"}, {"id": "2", "title": "乙", "due_on": None}], ["“甲”没有完成时限", "“乙”"]),
    "no mapping": (["培训"], ["tasks[1]", "要写成映射"]),
    "no such day": ([{"id": "1", "title": "甲", "due_on": "2026-02-30"}], ["tasks[1].due_on", "没有这一天"]),
    "done on no day": ([TASKS[0] | {"done_on": "昨天"}], ["tasks[1].done_on", "YYYY-MM-DD"]),
    "missing": ([{"due_on": "2026-05-01"}], ["缺少 id", "缺少 title"]),
    "unknown key": ([TASKS[0] | {"units": "甲"}], ["不认识的键 units", "unit"]),
    "number for text": ([TASKS[0] | {"id": 1}], ["id 的值不对:1", "写成文字"]),
    "twice": ([TASKS[0], TASKS[0]], ["标识 1 重复,第 1 项"]),
    "no practice": ([TASKS[0] | {"practice": "lists"}], ["没有做法 lists", "list"]),
}


@pytest.mark.parametrize("case", WRONG)
def test_tasks_that_cannot_be_used(narrow: Programme, case: str) -> None:
    """A task without a day, or of the wrong form, is refused; all of them at once."""
    tasks, words = WRONG[case]
    with pytest.raises(ProgrammeError) as caught:
        narrow.tasks(tasks, "2026-05-03")
    assert all(word in str(caught.value) for word in words)


def test_the_day_is_a_day(narrow: Programme) -> None:
    """``as_of`` that is no day is told together with what is wrong with the tasks."""
    with pytest.raises(ProgrammeError) as caught:
        narrow.tasks([{"id": "1", "title": "甲"}], "2026")
    assert len(caught.value.problems) == 2
