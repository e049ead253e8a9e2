"""What a province module says: one entry a practice of its source, in the source's order.

A module has the name of its pack, ``SEED``, the number of practices that the source lists, ``LAWS``, the titles of the
laws that the pack lists, and ``FEATURES``, one entry a practice. What is here shows practices at work, with one and the
same hazard: an unqualified welder, found on 3 July 2023.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Final, NamedTuple

from hazardrules import Event, Judgment, Level, RuleBook, classify, follow_up
from hazardrules.ledger import Entry
from hazardrules.outputs.checklist import Checklist
from hazardrules.pack.content import Pack
from hazardrules.pack.programmes import PracticeSpec, ProgrammeSpec, ScopeSpec, read_programmes
from hazardrules.programme import Programme
from hazardrules.tasking import TaskFigures

__all__ = [
    "FOUND_ON",
    "TODAY",
    "Feature",
    "checklist",
    "claims",
    "clean",
    "climb",
    "days",
    "due",
    "entries",
    "events",
    "gap_of",
    "left_out",
    "major",
    "national_programme",
    "order",
    "pack_of",
    "practice",
    "practices",
    "programme",
    "programme_file",
    "province_modules",
    "readme",
    "scope",
    "task_figures",
    "walk",
]

CLAIM: Final = re.compile(r"来源列出做法(\d+)项:收录(\d+)项,没有收录(\d+)项")
NATIONAL: Final = "action-2023"
LEFT_OUT: Final = "没有收录的,以及为什么"
FOUND_ON: Final = date(2023, 7, 3)
HAZARD: Final = "gongmao-2023.3.2"
TODAY: Final = date(2026, 11, 20)


class Feature(NamedTuple):
    """A practice in the words of its source, and a check that shows it working; the check raises where it does not."""

    words: str
    check: Callable[[RuleBook], None]


def province_modules() -> Mapping[str, ModuleType]:
    """The province modules by the name of their pack."""
    found = sorted(one.name for one in iter_modules([str(Path(__file__).parent)]))
    modules = {name: import_module(f"provinces.{name}") for name in found if name != "features"}
    return {name: module for name, module in modules.items() if hasattr(module, "FEATURES")}


def pack_of(book: RuleBook) -> Pack:
    """The province's own pack, which comes last."""
    return book.packs[-1]


def readme(book: RuleBook) -> str:
    """What the pack says of itself."""
    return (Path(pack_of(book).origin) / "README.md").read_text(encoding="utf-8")


def claims(book: RuleBook) -> tuple[int, int, int]:
    """How many practices its source lists, and how many the pack holds and leaves out, as the README says."""
    found = CLAIM.search(readme(book))
    assert found is not None, "README.md 没有写“来源列出做法…项:收录…项,没有收录…项”"
    listed, held, out = map(int, found.groups())
    return listed, held, out


def national_programme(book: RuleBook) -> ProgrammeSpec:
    """The national programme of 2023 as its file states it."""
    (found,) = (one for one in read_programmes(Path(book.packs[0].origin)) if one.id == NATIONAL)
    return found


def programme_file(book: RuleBook) -> ProgrammeSpec:
    """The province's programme of 2023 as the pack's file states it."""
    (found,) = (one for one in read_programmes(Path(pack_of(book).origin)) if one.carries_out == NATIONAL)
    return found


def practices(book: RuleBook) -> tuple[PracticeSpec, ...]:
    """The practices of the source itself, without those that are known from reports only."""
    return tuple(one for one in programme_file(book).practices if "见于报道" not in (one.note or ""))


def programme(book: RuleBook) -> Programme:
    """The province's programme of 2023."""
    return book.programme(f"{pack_of(book).id}-2023")


def practice(book: RuleBook, id_: str, *means: str) -> PracticeSpec:
    """A practice by its id; it says that these means do it."""
    (found,) = (one for one in programme(book).practices() if one.id == id_)
    assert set(found.by) == set(means), f"{id_}: {found.by}"
    return found


def left_out(name: str) -> Callable[[RuleBook], None]:
    """A check that the README names the practice as one without a part for software, and says why."""

    def check(book: RuleBook) -> None:
        table = readme(book).split(LEFT_OUT, 1)[1]
        rows = [[cell.strip() for cell in line.strip("| ").split("|")] for line in table.splitlines() if "|" in line]
        reasons = [row[-1] for row in rows if name in row[0]]
        assert len(reasons) == 1, f"README.md 的“{LEFT_OUT}”里没有“{name}”"
        assert len(reasons[0]) >= 8, f"“{name}”没有写明原因"
        assert all(name not in one.title for one in programme(book).practices())

    check.__name__ = "left_out"
    return check


def scope(book: RuleBook, id_: str) -> ScopeSpec:
    """An entry of the programme's scope."""
    (found,) = (one for one in programme(book).scope() if one.id == id_)
    return found


def gap_of(book: RuleBook, industry: str, facts: Mapping[str, object] | None = None) -> Judgment:
    """The judgment of a topic without criteria: it tells the gap and is not conclusive."""
    judgment = classify(dict(facts or {}), industry=industry, observed_on="2026-11-20", book=book)
    (id_,) = book.industry_ids(industry)
    label = book.industries[id_].label
    assert not judgment.conclusive
    assert [gap.title for gap in judgment.gaps if gap.document is None] == [f"{label}的判定标准"]
    assert f"没有读到{label}" in judgment.reason
    return judgment


def major(book: RuleBook) -> Judgment:
    """The hazard of all these examples: major, to be rectified in 30 days by the default policy."""
    judgment = classify(
        {"personnel.special_operation_qualified": False}, industry="机械", observed_on=FOUND_ON, book=book
    )
    assert judgment.level is Level.MAJOR
    assert [finding.rule for finding in judgment.findings] == [HAZARD]
    return judgment


def clean(book: RuleBook) -> Judgment:
    """The same place where nothing is wrong."""
    judgment = classify(
        {"personnel.special_operation_qualified": True},
        industry="机械",
        observed_on=FOUND_ON,
        reported=False,
        book=book,
    )
    assert judgment.level is Level.NONE
    return judgment


def due(judgment: Judgment) -> date:
    """The last day for the hazard."""
    (finding,) = judgment.findings
    assert finding.deadline is not None
    return finding.deadline.due_on


def climb(book: RuleBook) -> list[str]:
    """The steps of pressure that a major hazard reaches, one after the other, when nobody rectifies it."""
    judgment = major(book)
    seen: list[str] = []
    for late in range(100):
        state = follow_up(judgment, due(judgment) + timedelta(days=late))
        current = programme(book).escalation(state).current
        if late == 0:
            assert current is None  # nothing is late on the last day itself
        elif current is not None and current.title not in seen:
            seen.append(current.title)
    assert seen == [step.title for step in programme(book).escalation(follow_up(judgment, FOUND_ON)).steps]
    return seen


def events(*, supervised: bool = False) -> tuple[Event, ...]:
    """What happens to a hazard that is put right in time."""
    watched = [Event(kind="supervised", on=date(2023, 7, 6))] if supervised else []
    return (
        Event(kind="notified", on=date(2023, 7, 4)),
        *watched,
        Event(kind="rectified", on=date(2023, 7, 20)),
        Event(kind="rechecked", on=date(2023, 7, 25), passed=True),
        Event(kind="closed", on=date(2023, 7, 26)),
    )


def walk(book: RuleBook) -> list[str]:
    """The stages of the record through which a hazard under supervision goes until it is struck off."""
    seen: list[str] = []
    for day in range(30):
        on = FOUND_ON + timedelta(days=day)
        (stage,) = programme(book).follow_up(major(book), on, events(supervised=True)).stages
        assert not stage.missing
        if stage.title not in seen:
            seen.append(stage.title)
    return seen


def entries(book: RuleBook) -> tuple[Entry, ...]:
    """A ledger: 甲厂 put its hazard right in time, 乙厂 did nothing, in 丙厂 nothing was found."""
    return (
        Entry(judgment=major(book), unit="甲厂", events=events(), department="市应急管理局"),
        Entry(judgment=major(book), unit="乙厂", department="市应急管理局"),
        Entry(judgment=clean(book), unit="丙厂", department="市工信局"),
    )


def order(book: RuleBook) -> list[str]:
    """The units of the ledger as they are ranked on 1 September 2023; places are told apart."""
    ranks = programme(book).ranking(entries(book), "2023-09-01")
    assert [one.place for one in ranks] == [1, 2, 3]
    assert all(one.points == sum(one.parts.values()) for one in ranks)
    return [one.label for one in ranks]


def days(book: RuleBook, id_: str, start: str = "2023-07-01", end: str = "2023-07-31") -> list[str]:
    """The days of a recurrence of the programme (month-day), July 2023 unless told otherwise."""
    found = programme(book).calendar(start, end, inherited=False)
    return [one.on.isoformat()[5:] for one in found if one.id == id_]


def checklist(book: RuleBook, id_: str, industry: str | None = None) -> Checklist:
    """A checklist of the programme by the law of 20 November 2026."""
    return programme(book).checklist(id_, on=TODAY, industry=industry)


def task_figures(book: RuleBook, titles: Sequence[str], practice_id: str) -> TaskFigures:
    """A list of tasks, one a title: due day by day from 1 July 2023, the first two done; as it stands on 10 July."""
    first = date(2023, 7, 1)
    tasks = [
        {"id": f"{number}", "title": title, "due_on": first + timedelta(days=number), "practice": practice_id}
        for number, title in enumerate(titles)
    ]
    for task in tasks[:2]:
        task["done_on"] = first
    board = programme(book).tasks(tasks, "2023-07-10")
    assert [state.task.title for state in board.tasks] == [*titles]
    return board.figures
