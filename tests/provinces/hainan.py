"""海南省: the practices of its source, and the calls that do them."""

from __future__ import annotations

from datetime import date
from typing import Final

from hazardrules import RuleBook, classify
from provinces.features import Feature, gap_of, left_out, practice, programme, scope, task_figures

SEED: Final = 4
LAWS: Final = ["海南经济特区安全生产条例"]


def fifty_one_tasks(book: RuleBook) -> None:
    """Fifty-one tasks, each with its day; a task without one is refused, and the number is held against the source."""
    found = practice(book, "fifty-one-tasks", "tasks")
    assert found.numbers["任务"] == 51
    titles = [f"第{number}项" for number in range(1, 52)]
    figures = task_figures(book, titles, "fifty-one-tasks")
    assert (figures.total, figures.done, figures.overdue) == (51, 2, 7)
    tasks = [{"id": title, "title": title, "due_on": "2023-12-01", "practice": found.id} for title in titles]
    assert any("相符" in text for text in programme(book).tasks(tasks, "2023-07-10").remarks)
    assert any("请核对" in text for text in programme(book).tasks(tasks[1:], "2023-07-10").remarks)


def added_tasks(book: RuleBook) -> None:
    """Three more tasks, and how far they have come."""
    found = practice(book, "added-tasks", "tasks")
    assert len(found.items) == found.numbers["增加任务"] == 3
    assert task_figures(book, found.items, "added-tasks").total == 3


def five_topics(book: RuleBook) -> None:
    """Five topics: two are industries of the nation, three have no criteria and say so."""
    found = practice(book, "five-topics", "scope", "classify")
    topics = scope(book, "added-topics")
    assert topics.items == found.items
    assert len(topics.industries) == found.numbers["增加领域"] == 5
    labels = [book.industries[id_].label for id_ in topics.industries]
    assert labels == ["渡运", "文化和旅游", "休闲渔业", "游艇观光", "电动自行车"]
    for label in labels[2:]:
        gap_of(book, label)
    ferry = classify({}, industry="渡船", region="海南", observed_on="2026-11-20")
    assert not any(gap.document is None for gap in ferry.gaps)
    tourism = classify({}, industry="旅游", observed_on="2026-11-20", book=book)
    assert not tourism.conclusive  # of tourism only what holds for every industry
    assert book.industry_ids("电动自行车") == book.industry_ids("电动自行车火灾")
    leisure = {document.document for document in gap_of(book, "休闲渔业").checked}
    assert "fishing-vessel-2022" in leisure  # what holds for fishing vessels holds for these too
    (phase,) = programme(book).phases(on=date(2023, 6, 30))  # the reports: firms are done by the end of June
    assert phase.ends == date(2023, 7, 1)
    assert not programme(book).phases(on=date(2023, 7, 1))


FEATURES: Final = [
    Feature("细化 51 项具体任务,逐一明确完成时限、清单化推动", fifty_one_tasks),
    Feature("11 个工作专班,依托省消安委和 8 个专业委员会", left_out("11个工作专班")),
    Feature("增加 3 项重点任务", added_tasks),
    Feature("增加 5 方面整治重点", five_topics),
]
