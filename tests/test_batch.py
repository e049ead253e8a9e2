"""Frames: every row is judged as ``classify()`` judges it, in every engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest

from hazardrules import RuleBook, classify
from hazardrules.lang.kleene import OBSERVED_ON
from hazardrules.lang.nodes import Value

pl = pytest.importorskip("polars")

TYPES = {
    "boolean": pl.Boolean,
    "integer": pl.Int64,
    "number": pl.Decimal(38, 15),
    "enum": pl.String,
    "set": pl.List(pl.String),
    "date": pl.Date,
    "text": pl.String,
}
ROLES = {"observed_on": pl.Date, "industry": pl.String, "reported": pl.Boolean}
Row = Mapping[str, Any]


@pytest.fixture(scope="session")
def national() -> RuleBook:
    """The national rule book."""
    return RuleBook.load(packs=["national"])


def plain(value: Value) -> Any:
    """A value as a column holds it."""
    return sorted(value) if isinstance(value, frozenset) else value


def frame_of(book: RuleBook, rows: Sequence[Row], numbers: Any = TYPES["number"]) -> pl.DataFrame:
    """The rows as a frame with a column for each fact that one of them has."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    types = {**TYPES, "number": numbers}
    schema = {name: ROLES.get(name) or types[book.facts[name].type] for name in names}
    as_number = Decimal if isinstance(numbers, pl.Decimal) else float
    columns = {}
    for name in names:
        values = [None if row.get(name) is None else plain(row[name]) for row in rows]
        if schema[name] == numbers:
            values = [None if value is None else as_number(value) for value in values]
        columns[name] = pl.Series(name, values, dtype=schema[name])
    return pl.DataFrame(columns)


def told(book: RuleBook, row: Row, **given: Any) -> dict[str, Any]:
    """What ``classify()`` says of a row, as columns."""
    facts = {name: value for name, value in row.items() if name not in ROLES}
    given |= {name: row[name] for name in ROLES if name in row}
    judgment = classify(facts, book=book, **given)
    return {
        "level": judgment.level.value,
        "conclusive": judgment.conclusive,
        "rules": [finding.rule for finding in judgment.findings],
        "due_on": None if judgment.deadline is None else judgment.deadline.due_on,
        "open": len(judgment.open),
        "problem": None,
    }


def rows_of(frame: Any) -> list[dict[str, Any]]:
    """The added columns of a result, as rows."""
    if isinstance(frame, pl.LazyFrame):
        frame = frame.collect()
    elif not isinstance(frame, pl.DataFrame):
        frame = frame.pl()
    return list(frame.select("level", "conclusive", "rules", "due_on", "open", "problem").to_dicts())


def examples_of(book: RuleBook, document: str) -> list[dict[str, Any]]:
    """The examples of a document's criteria as rows; each day in the document's own time."""
    held = book.documents[document]
    found = []
    for one in (one for rule in held.rules for one in rule.examples):
        facts = {id_: value for id_, value in one.facts.items() if id_ != OBSERVED_ON}
        found.append({**facts, "observed_on": one.facts.get(OBSERVED_ON, held.starts)})
    return found
