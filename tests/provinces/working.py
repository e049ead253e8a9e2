"""More of practices at work: hazards of an industry, reports, exports, programmes beside that of 2023."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hazardrules import Judgment, Level, RuleBook, classify
from hazardrules.ledger import Entry, summary
from provinces.features import FOUND_ON, TODAY, entries, major, readme

__all__ = ["IN_JULY", "by_industry", "confined", "counted", "exported", "hit", "partly_left_out"]

IN_JULY = {
    "daily": [f"07-{day:02}" for day in range(1, 32)],
    "weekly": ["07-07", "07-14", "07-21", "07-28"],
    "monthly": ["07-31"],
}
"""Days of July 2023 (month-day): every one, the Fridays, the last."""


def hit(book: RuleBook, document: str, industry: str) -> Judgment:
    """A major hazard of an industry: the first criterion of a document, by its first example."""
    rule = next(one for one in book.rules(document=document) if not one.manual and one.status == "stable")
    facts = next(dict(example.facts) for example in rule.examples if example.kind == "hit")
    given = {id_: sorted(value) if isinstance(value, frozenset) else value for id_, value in facts.items()}
    judgment = classify(given, industry=industry, observed_on=TODAY, book=book)
    assert judgment.level is Level.MAJOR
    assert rule.id in [finding.rule for finding in judgment.findings]
    return judgment


def confined(book: RuleBook) -> Judgment:
    """Work in a confined space that nobody approved, found on the same day as the other example."""
    judgment = classify({"confined_space.approved": False}, industry="机械", observed_on=FOUND_ON, book=book)
    assert [finding.rule for finding in judgment.findings] == ["gongmao-2023.13.2"]
    return judgment


def counted(book: RuleBook) -> dict[str | None, tuple[int, int, int]]:
    """The ledger of the examples by unit on 1 September 2023: found, overdue, closed."""
    rows = summary(entries(book), "2023-09-01", by="unit", book=book).rows
    return {row.keys[0]: (row.figures.found, row.figures.overdue, row.figures.closed) for row in rows}


def by_industry(book: RuleBook) -> dict[str | None, int]:
    """Two hazards of two industries, counted by industry."""
    found = (
        Entry(judgment=major(book), unit="甲厂"),
        Entry(judgment=hit(book, "construction-2024", "建筑施工"), unit="乙公司"),
    )
    rows = summary(found, TODAY, by="industry", book=book).rows
    return {row.keys[0]: row.figures.found for row in rows}


def exported(book: RuleBook) -> dict[str, list[dict[str, Any]]]:
    """The tables of the catalogue, exported as JSON and read again."""
    with TemporaryDirectory() as folder:
        path = book.export(Path(folder) / "catalogue.json")
        tables: dict[str, list[dict[str, Any]]] = json.loads(path.read_text(encoding="utf-8"))["tables"]
    assert {row["id"] for row in tables["rule"]} == {rule.id for rule in book.rules()}
    return tables


def partly_left_out(book: RuleBook, words: str) -> None:
    """The README says why this part of a practice is not in the pack."""
    rows = [line for line in readme(book).splitlines() if line.startswith("|") and words in line.split("|")[1]]
    assert len(rows) == 1, f"README.md 没有写明“{words}”"
