"""The tables of the database as ``database.sql`` declares and describes them: one source for DDL, sheets and docs."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final

from hazardrules.markdown import table as markdown_table
from hazardrules.record import Record

__all__ = ["SCHEMA", "Column", "Table", "schema_page", "statements", "tables"]

SCHEMA: Final = 1
"""The version of the tables, as ``PRAGMA user_version`` tells it; a change that breaks queries raises it."""

_TYPES: Final = {"TEXT": "文字", "INTEGER": "整数", "BOOLEAN": "0/1", "DATE": "日期", "NUMERIC": "数"}

_TABLE: Final = re.compile(r"CREATE TABLE (\w+) \( -- (.+)")
_VIEW: Final = re.compile(r"CREATE VIEW (\w+) AS -- (.+)")
_COLUMN: Final = re.compile(r"    (\w+) (TEXT|INTEGER|BOOLEAN|DATE|NUMERIC)\b(.*?),? -- (.+)")
_SHOWN: Final = re.compile(r"    .* AS (\w+),? -- (.+)")
_REFERENCE: Final = re.compile(r"REFERENCES (\w+)")
_KEY: Final = re.compile(r"    PRIMARY KEY \((.+)\)")


class Column(Record):
    """A column: its declared type, Chinese label, explanation, and the table that it refers to.

    In a view only days have a type, others "".
    """

    name: str
    type: str
    label: str
    note: str
    key: bool = False
    required: bool = False
    refers: str = ""


class Table(Record):
    """A table or view: Chinese label, explanation, and its columns in order.

    ``kind`` is "catalogue" for tables of the rule book, "judgments" for those of what was judged, or "view".
    """

    kind: str
    name: str
    label: str
    note: str
    columns: tuple[Column, ...]

    @property
    def order(self) -> tuple[str, ...]:
        """The columns by which its rows are sorted: the place in the book, else the key."""
        keys = tuple(column.name for column in self.columns if column.key)
        placed = any(column.name == "position" for column in self.columns)
        return ("position",) if len(keys) == 1 and placed else keys


@cache
def statements() -> tuple[str, ...]:
    """The statements of ``database.sql``, in order, with the comments that stand inside them."""
    text = files("hazardrules.outputs").joinpath("database.sql").read_text(encoding="utf-8")
    return tuple(part.strip() for part in text.split("\n\n") if part.startswith("CREATE "))


@cache
def tables() -> tuple[Table, ...]:
    """Every table and then every view, in the order in which they are created."""
    found: list[Table] = []
    for statement in statements():
        first, *rest = statement.splitlines()
        if head := _TABLE.fullmatch(first):
            keys = {key for line in rest if (named := _KEY.match(line)) for key in named[1].split(", ")}
            columns = tuple(_column(line, keys) for line in map(_COLUMN.fullmatch, rest) if line)
            judged = head[1] == "judgment" or any(one.kind == "judgments" for one in found)
            kind = "judgments" if judged else "catalogue"  # the tables of judgments stand after those of the book
            found.append(Table(kind, head[1], *_described(head[2]), columns))
        elif head := _VIEW.fullmatch(first):
            shown = [line for line in map(_SHOWN.fullmatch, rest) if line]
            days = {column.name for one in found for column in one.columns if column.type == "DATE"}
            kinds = ["DATE" if line[1] in days else "" for line in shown]
            pairs = zip(shown, kinds, strict=True)
            columns = tuple(Column(line[1], kind, *_described(line[2])) for line, kind in pairs)
            found.append(Table("view", head[1], *_described(head[2]), columns))
    return tuple(found)


def _column(line: re.Match[str], keys: set[str]) -> Column:
    name, kind, more, comment = line.groups()
    refers = _REFERENCE.search(more)
    key = name in keys or "PRIMARY KEY" in more
    return Column(name, kind, *_described(comment), key, "NOT NULL" in more, refers[1] if refers else "")


def _described(comment: str) -> tuple[str, str]:
    """A comment's name and its explanation."""
    label, _, note = comment.partition(":")
    return label, note


def schema_page() -> str:
    """The part of ``docs/database.md`` that lists tables, columns and views, in Chinese."""
    lines = []
    for one in tables():
        lines += [f"### `{one.name}` {one.label}", ""]
        if one.note:
            lines += [f"{one.note}。", ""]
        if one.kind == "view":
            rows = [(f"`{column.name}`", column.label, column.note) for column in one.columns]
            lines += [*markdown_table(("列", "名称", "说明"), rows), ""] if rows else []
            continue
        cells = [(f"`{c.name}`", c.label, _TYPES[c.type], _constraints(c), c.note) for c in one.columns]
        lines += [*markdown_table(("列", "名称", "类型", "约束", "说明"), cells), ""]
    return "\n".join(lines)


def _constraints(column: Column) -> str:
    told = ["主键"] if column.key else ["必填"] if column.required else []
    return ",".join([*told, *([f"→ `{column.refers}`"] if column.refers else [])])
