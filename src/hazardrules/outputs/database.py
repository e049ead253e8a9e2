"""The catalogue as a SQLite database that judgments can be added to and that finds clauses by their words.

Nothing but the standard library is used. The tables are declared and described in ``database.sql``.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Final

from hazardrules.errors import InputError, Problem
from hazardrules.model import Frozen, Judgment, Level
from hazardrules.outputs.records import judgment_row, judgment_rows
from hazardrules.outputs.rows import Row, catalogue_rows
from hazardrules.outputs.schema import SCHEMA, statements, tables
from hazardrules.pack.values import clip
from hazardrules.rulebook import RuleBook

__all__ = ["OtherBook", "SearchResult", "append", "build", "is_database", "other_books", "search", "write_database"]

APPLICATION: Final = 0x485A5244
"""``PRAGMA application_id`` of these databases: "HZRD"."""

WAIT: Final = 30
"""Seconds that a writer waits for another one."""

LONGEST: Final = 500
"""How many characters a text may have that is looked for."""

_TEXT: Final = """
CREATE VIRTUAL TABLE rule_text USING fts5(
    id, title, group_name, citation, facts, note, condition, content='', tokenize='ascii'
)
"""
"""Rows are numbered as ``rule.seq``; what stands in it are tokens (see ``_tokens``), which ``ascii`` leaves whole."""

_WEIGHTS: Final = "10.0, 10.0, 5.0, 5.0, 2.0, 1.0, 1.0"
"""How much a word counts by where it stands, in the order of the columns of ``rule_text``."""

_EDGE: Final = "\ue000"
"""Stands between labels, so that no phrase runs from one into the next; no letter, so that nobody can look for it."""


class SearchResult(Frozen):
    """A criterion that was found in a database, with the days of its document (``expires``: no longer on that day)."""

    rule: str
    document: str
    citation: str
    title: str
    level: Level
    manual: bool
    starts: date
    expires: date | None


class OtherBook(Frozen):
    """A rule book that is not the database's own, by its fingerprint, and how many judgments rest on it."""

    fingerprint: str
    judgments: int


def build(book: RuleBook) -> sqlite3.Connection:
    """The catalogue in memory, without the full-text index; the same book gives the same rows in the same order."""
    connection = sqlite3.connect(":memory:", isolation_level=None, uri=True)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("BEGIN")
    for statement in statements():
        connection.execute(statement)
    _insert(connection, catalogue_rows(book))
    connection.execute("COMMIT")
    return connection


def write_database(book: RuleBook, path: Path, former: Path | None = None) -> None:
    """Write the catalogue to a file that isn't there yet.

    :param former: a file whose judgments are taken over, if it is such a database.
    :raises InputError: if that one is of another version.
    """
    with closing(build(book)) as made:
        made.execute(f"PRAGMA application_id = {APPLICATION}")
        made.execute(f"PRAGMA user_version = {SCHEMA}")
        made.execute("BEGIN")
        made.execute(_TEXT)
        made.executemany(f"INSERT INTO rule_text (rowid, {_columns()}) VALUES (?{', ?' * 7})", _texts(book))  # noqa: S608
        made.execute("INSERT INTO rule_text (rule_text) VALUES ('optimize')")
        made.execute("COMMIT")
        if former is not None and is_database(former):
            _take_over(made, former)
        with closing(sqlite3.connect(path)) as file:
            made.backup(file)


def append(path: str | Path, judgments: Iterable[Judgment], *, unit: str | None = None) -> int:
    """Add judgments to a database, all or none, and tell how many were new.

    A judgment that is already there for the same unit, with the very same content, is not added again. So two places
    of one unit that were found in the same state need different ``ref``. A judgment of another rule book is kept as
    it is, with that book's fingerprint (see ``other_books``).

    :param path: a database that ``export`` wrote.
    :param unit: the unit (生产经营单位) that they concern.
    :raises InputError: for a file that is no such database, for what is no judgment, for an empty unit.
    """
    if unit is not None and not unit.strip():
        raise InputError(Problem("unit", clip(unit), "单位不能是空的", "没有单位就不写"))
    items: Iterable[object] = judgments
    problems: list[Problem] = []
    added = 0
    with _opened(path, write=True) as connection:
        connection.execute("BEGIN IMMEDIATE")
        for number, judgment in enumerate(items, 1):
            if not isinstance(judgment, Judgment):
                problem = f"第{number}项不是判定结论,是 {type(judgment).__name__}"
                problems.append(Problem("judgments", clip(judgment), problem, "给 classify() 的结果"))
            elif not problems:
                added += _add(connection, judgment, unit)
        if problems:
            raise InputError(problems[0], [(InputError, problem) for problem in problems])
        connection.execute("COMMIT")
    return added


def other_books(path: str | Path) -> tuple[OtherBook, ...]:
    """The rule books other than the database's own that its judgments rest on, by fingerprint.

    :raises InputError: for a file that is no such database.
    """
    query = "SELECT fingerprint, count(*) FROM v_other_rulebook GROUP BY fingerprint ORDER BY fingerprint"
    with _opened(path) as connection:
        found = connection.execute(query).fetchall()
    return tuple(OtherBook(fingerprint=fingerprint, judgments=count) for fingerprint, count in found)


def search(path: str | Path, text: str, *, limit: int = 20) -> list[SearchResult]:
    """The criteria of a database whose words hold every word of a text, best first.

    Looked at are id, title, group, citation, note, condition, and the labels of the facts that a criterion reads and
    of their options. Words are separated by spaces, and each is found as it stands, however short; full and half
    width, capital and small letters are alike. Marks and operators have no meaning of their own.

    :param limit: at most so many.
    :raises InputError: for a file that is no such database, for a text without a letter or digit or with more than
        500 characters, for a wrong limit.
    """
    if len(text) > LONGEST:
        raise InputError(Problem("text", clip(text), f"要找的文字有 {len(text)} 字,最多 {LONGEST} 字", "写几个词"))
    phrases = [tokens for word in dict.fromkeys(text.split()) if (tokens := _tokens(word))]
    if not phrases:
        raise InputError(Problem("text", clip(text), "要找的文字里没有字、字母或数字", "如 液氨 或 动火 审批"))
    if not isinstance(limit, int) or isinstance(limit, bool) or limit < 1:
        raise InputError(Problem("limit", clip(limit), "limit 要是不小于 1 的整数"))
    query = f"""
        SELECT rule.id, rule.document, rule.citation, rule.title, rule.level, rule.manual, starts, expires
        FROM rule_text JOIN rule ON rule.seq = rule_text.rowid JOIN document ON document.id = rule.document
        WHERE rule_text MATCH ? ORDER BY bm25(rule_text, {_WEIGHTS}), rule.seq LIMIT ?
    """  # noqa: S608  # the weights are our own
    with _opened(path) as connection:
        found = connection.execute(query, (" AND ".join(map(_phrase, phrases)), limit)).fetchall()
    names = tuple(SearchResult.model_fields)
    return [SearchResult.model_validate(dict(zip(names, row, strict=True))) for row in found]


def _phrase(tokens: list[str]) -> str:
    """Tokens that stand one after the other; a last one of letters may be the beginning of a longer one."""
    return f'"{" ".join(tokens)}"' + (" *" if tokens[-1].isascii() and tokens[-1].isalpha() else "")


def _tokens(text: str) -> list[str]:
    """What can be found in a text: runs of Latin letters and digits, and every other letter (字) by itself."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.findall(r"[a-z0-9]+|[^\W\x00-\x7f]", folded)


def _columns() -> str:
    return "id, title, group_name, citation, facts, note, condition"


def _texts(book: RuleBook) -> Iterator[tuple[int | str, ...]]:
    """The rows of ``rule_text``: what is said of each criterion, in tokens."""
    conditions = {row["id"]: row["condition"] or "" for table, row in catalogue_rows(book) if table == "rule"}
    rules = (rule for document in book.documents.values() for rule in document.rules)
    for seq, rule in enumerate(rules, 1):
        facts = [book.facts[id_] for id_ in rule.reads]
        words = [word for fact in facts for word in (fact.label, *fact.options.values())]
        labels = f" {_EDGE} ".join(" ".join(_tokens(word)) for word in words)
        before, after = (rule.id, rule.title, rule.group, book.cite(rule)), (rule.note, conditions[rule.id])
        yield seq, *(" ".join(_tokens(t)) for t in before), labels, *(" ".join(_tokens(t)) for t in after)


def _insert(connection: sqlite3.Connection, rows: Iterable[Row]) -> None:
    for table, row in rows:
        places = ", ".join("?" * len(row))
        connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", tuple(row.values()))  # noqa: S608  # names are our own


def _add(connection: sqlite3.Connection, judgment: Judgment, unit: str | None) -> int:
    """Add one judgment, unless it is there; how many were added."""
    row = judgment_row(judgment, unit)
    known = "SELECT 1 FROM judgment WHERE sha256 = ? AND ifnull(unit, '') = ifnull(?, '')"
    if connection.execute(known, (row["sha256"], unit)).fetchone():
        return 0
    free = {name: _free(connection, name) for name in ("judgment", "finding", "open_rule")}
    _insert(connection, [("judgment", {"id": free["judgment"], **row})])
    _insert(connection, judgment_rows(judgment, free["judgment"], free["finding"], free["open_rule"]))
    return 1


def _free(connection: sqlite3.Connection, table: str) -> int:
    (highest,) = connection.execute(f"SELECT ifnull(max(id), 0) FROM {table}").fetchone()  # noqa: S608
    return int(highest) + 1


def _take_over(made: sqlite3.Connection, former: Path) -> None:
    with _opened(former):  # of a version that is known
        pass
    with _told(former):
        made.execute("ATTACH ? AS former", (_uri(former, "ro"),))
        made.execute("BEGIN")
        for table in tables():
            if table.kind == "judgments":
                made.execute(f"INSERT INTO main.{table.name} SELECT * FROM former.{table.name}")  # noqa: S608
        made.execute("COMMIT")
        made.execute("DETACH former")


def is_database(path: Path) -> bool:
    """Whether a file is a database of ours, of whatever version: its header says so."""
    with path.open("rb") as file:
        head = file.read(100)
    return head.startswith(b"SQLite format 3\0") and head[68:72] == APPLICATION.to_bytes(4, "big")


def _uri(path: Path, mode: str) -> str:
    return f"{path.absolute().as_uri()}?mode={mode}"


@contextmanager
def _opened(path: str | Path, *, write: bool = False) -> Iterator[sqlite3.Connection]:
    """A connection to a database of ours; what is not committed is undone.

    :raises InputError: for any other file, and for what SQLite refuses.
    """
    file = Path(path)
    hint = "先用 hazardrules export 导出 .sqlite"
    if not file.is_file():
        raise InputError(Problem("path", str(path), f"没有数据库文件 {path}", hint))
    with _told(file):
        if not is_database(file):
            raise InputError(Problem("path", str(path), f"{path} 不是 hazardrules 导出的数据库", hint))
        uri = _uri(file, "rw" if write else "ro")
        with closing(sqlite3.connect(uri, uri=True, timeout=WAIT, isolation_level=None)) as connection:
            connection.execute("PRAGMA foreign_keys = ON")
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version != SCHEMA:
                problem = f"{path} 的表是第 {version} 版,这里用的是第 {SCHEMA} 版"
                raise InputError(Problem("path", str(path), problem, "用同一版本的 hazardrules 打开,或者重新导出"))
            yield connection


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """What SQLite or the system refuses, as an error of the library."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        reason: Any = getattr(error, "strerror", None) or error
        raise InputError(Problem("path", str(path), f"数据库 {path} 读写不成:{reason}")) from error
