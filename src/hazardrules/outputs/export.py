"""The catalogue for other systems (重大事故隐患数据库): SQLite, Parquet, JSON or Excel, all with the same tables."""

from __future__ import annotations

import io
import json
import re
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from hazardrules.errors import InputError, Problem
from hazardrules.nearest import nearest_hint
from hazardrules.outputs.database import build, is_database, write_database
from hazardrules.outputs.schema import SCHEMA, Column, Table, tables
from hazardrules.rulebook import RuleBook

__all__ = ["FORMATS", "export"]

FORMATS: Final = {"sqlite": (".sqlite", ".db"), "parquet": (".parquet",), "json": (".json",), "excel": (".xlsx",)}
"""The formats by name, with the suffixes that stand for them."""

CELL: Final = 32_767
"""The most characters that a cell of Excel holds."""

_SHEETS: Final = ("v_rule", "v_document", "v_fact")
"""The views that a workbook shows first, for people to read."""


def export(book: RuleBook, path: str | Path, *, format: str | None = None, overwrite: bool = False) -> Path:  # noqa: A002
    """Write the catalogue of a rule book: the same book gives the same content, byte by byte.

    SQLite (``.sqlite``, ``.db``) has full-text search and takes judgments (``database.append``); Parquet
    (``.parquet``) is a folder with a file per table; JSON (``.json``) is one document; Excel (``.xlsx``) has a sheet
    per table. ``docs/database.md`` describes the tables.

    :param path: where to write; its folder must be there.
    :param format: ``sqlite``, ``parquet``, ``json`` or ``excel``; None: by the suffix.
    :param overwrite: replace what is there. Judgments in a SQLite database are taken over into the new one.
    :return: the path.
    :raises InputError: for an unknown suffix or format, for what is there already or can't be written, and where a
        package is missing that the format needs.
    """
    into = Path(path)
    name = _format(into, format)
    _check_place(into, name, overwrite=overwrite)
    writers: dict[str, Callable[[RuleBook, Path], None]] = {
        "sqlite": lambda book, new: write_database(book, new, into if into.exists() else None),
        "parquet": _write_parquet,
        "json": _write_json,
        "excel": _write_excel,
    }
    try:
        with tempfile.TemporaryDirectory(prefix=f".{into.name}.", dir=into.parent) as beside:
            new = Path(beside) / into.name  # whole when it takes its place, whatever happens before
            writers[name](book, new)
            if into.is_dir():
                shutil.rmtree(into)
            new.replace(into)
    except (OSError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(Problem("path", str(path), f"{path} 写不成:{reason}")) from error
    return into


def _format(path: Path, name: str | None) -> str:
    every = {suffix: form for form, suffixes in FORMATS.items() for suffix in suffixes}
    allowed = "、".join(f"{form}({'、'.join(suffixes)})" for form, suffixes in FORMATS.items())
    if name is not None:
        if name not in FORMATS:
            hint = nearest_hint(str(name), FORMATS)
            raise InputError(Problem("format", str(name), f"没有格式 {name},可以用 {allowed}", hint))
        return name
    suffix = path.suffix.lower()
    if suffix not in every:
        found = f"后缀 {suffix} 不认识" if suffix else "没有后缀"
        problem = f"{path} {found},不知道写成什么格式,可以用 {allowed}"
        raise InputError(Problem("path", str(path), problem, nearest_hint(suffix, every) or "或者写明 format"))
    return every[suffix]


def _check_place(path: Path, form: str, *, overwrite: bool) -> None:
    """Refuse to write over what is there, unless it was asked for and is of the same kind."""
    problem, hint, folder = "", "", form == "parquet"
    if not path.parent.is_dir():
        problem, hint = f"文件夹 {path.parent} 不存在", "先建好文件夹"
    elif not path.exists():
        return
    elif not overwrite:
        problem, hint = f"{path} 已经存在", "换一个名字,或者 overwrite=True(命令行 --overwrite)"
    elif path.is_dir() != folder:
        problem = f"{path} 是{'文件夹' if path.is_dir() else '文件'},不能换成{'文件夹' if folder else '文件'}"
    elif folder:
        ours = {f"{table.name}.parquet" for table in tables()}
        others = sorted(one.name for one in path.iterdir() if one.name not in ours)
        if others:
            problem, hint = f"{path} 里还有别的东西:{'、'.join(others[:5])}", "先移走"
    elif form != "sqlite" and is_database(path):
        problem, hint = f"{path} 是 hazardrules 的数据库,换成 {form} 会丢掉记入的判定结论", "换一个名字"
    if problem:
        raise InputError(Problem("path", str(path), problem, hint))


def _rows(connection: sqlite3.Connection, table: Table) -> Iterator[list[Any]]:
    """The rows of a table with the values as their column means them: booleans, days as ISO text."""
    names = ", ".join(column.name for column in table.columns)
    order = f" ORDER BY {', '.join(table.order)}" if table.order else ""
    for row in connection.execute(f"SELECT {names} FROM {table.name}{order}"):  # noqa: S608  # names are our own
        yield [
            bool(value) if column.type == "BOOLEAN" and value is not None else value
            for column, value in zip(table.columns, row, strict=True)
        ]


def _catalogue() -> list[Table]:
    return [table for table in tables() if table.kind == "catalogue"]


def _write_json(book: RuleBook, path: Path) -> None:
    """A line a row, so that versions can be compared."""
    with closing(build(book)) as made, path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f'{{"schema_version": {SCHEMA}, "tables": {{')
        for number, table in enumerate(_catalogue()):
            names = [column.name for column in table.columns]
            lines = [json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) for row in _rows(made, table)]
            body = "\n" + ",\n".join(lines) + "\n" if lines else ""
            file.write(f'{"," if number else ""}\n"{table.name}": [{body}]')
        file.write("\n}}\n")


def _write_parquet(book: RuleBook, path: Path) -> None:
    polars = _library("polars", "frame", "Parquet")
    types = {
        "TEXT": polars.String,
        "INTEGER": polars.Int64,
        "BOOLEAN": polars.Boolean,
        "DATE": polars.Date,
        "NUMERIC": polars.Float64,
    }
    path.mkdir()
    with closing(build(book)) as made:
        for table in _catalogue():
            rows = [[_typed(*pair) for pair in zip(table.columns, row, strict=True)] for row in _rows(made, table)]
            schema = {column.name: types[column.type] for column in table.columns}
            polars.DataFrame(rows, schema=schema, orient="row").write_parquet(path / f"{table.name}.parquet")


def _write_excel(book: RuleBook, path: Path) -> None:
    openpyxl = _library("openpyxl", "excel", "Excel")
    shown = [*(table for name in _SHEETS for table in tables() if table.name == name), *_catalogue()]
    guide = [(table.label, one.label, table.name, one.name, one.note) for table in shown for one in table.columns]
    sheets: list[tuple[str, list[Sequence[Any]]]] = [
        ("目录", [("工作表", "列", "数据库的表", "数据库的列", "说明"), *guide])
    ]
    with closing(build(book)) as made:
        for table in shown:
            rows = [[_typed(*pair) for pair in zip(table.columns, row, strict=True)] for row in _rows(made, table)]
            sheets.append((table.label, [[column.label for column in table.columns], *rows]))
    _check_cells(openpyxl, sheets)
    workbook = openpyxl.Workbook(write_only=True)
    for title, lines in sheets:
        _sheet(openpyxl, workbook.create_sheet(title), lines)
    written = io.BytesIO()
    workbook.save(written)
    _without_time(written, path)


def _check_cells(openpyxl: ModuleType, sheets: Sequence[tuple[str, list[Sequence[Any]]]]) -> None:
    """Refuse what a cell can't hold, before anything is written."""
    refused = openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE
    problems = []
    for title, rows in sheets:
        for number, row in enumerate(rows, 1):
            for label, value in zip(rows[0], row, strict=True):
                place = f"工作表 {title} 第{number}行 {label}"
                if isinstance(value, str) and len(value) > CELL:
                    problems.append(f"{place}:有 {len(value)} 字,Excel 的一格只放得下 {CELL} 字")
                elif isinstance(value, str) and refused.search(value):
                    problems.append(f"{place}:有 Excel 不收的控制字符")
    if problems:
        told = [Problem("format", "excel", problem, "换 sqlite、parquet 或 json") for problem in problems]
        raise InputError(told[0], [(InputError, problem) for problem in told])


def _sheet(openpyxl: ModuleType, sheet: Any, rows: Sequence[Sequence[Any]]) -> None:
    """Fill a sheet: a bold first row that stays in sight, a filter, columns as wide as what stands in them."""
    letters = [openpyxl.utils.get_column_letter(number) for number in range(1, len(rows[0]) + 1)]
    for letter, *values in zip(letters, *rows, strict=True):
        sheet.column_dimensions[letter].width = min(max(map(_breadth, values)) + 2, 60)
    sheet.freeze_panes = "A2"
    bold = openpyxl.styles.Font(bold=True)
    for number, row in enumerate(rows):
        cells = [openpyxl.cell.WriteOnlyCell(sheet, value=value) for value in row]
        for cell, value in zip(cells, row, strict=True):
            if isinstance(value, str):
                cell.data_type = "s"  # text is text, also where it begins like a formula
            elif isinstance(value, date):
                cell.number_format = "yyyy-mm-dd"
            if number == 0:
                cell.font = bold
        sheet.append(cells)
    sheet.auto_filter.ref = f"A1:{letters[-1]}{len(rows)}"


def _breadth(value: Any) -> int:
    """How broad a value is shown, in Latin letters."""
    return sum(1 if character < "\u2e80" else 2 for character in str(value)) if value is not None else 0


def _typed(column: Column, value: Any) -> Any:
    """A value of the type of its column: days as dates, numbers as floats."""
    if value is None:
        return None
    if column.type == "DATE":
        return date.fromisoformat(value)
    return float(value) if column.type == "NUMERIC" else value


def _without_time(written: io.BytesIO, path: Path) -> None:
    """The workbook without the time at which it was made."""
    with zipfile.ZipFile(written) as made, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in made.namelist():
            data = made.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb">[0-9-]{10}T[0-9:]{8}Z<", b">1980-01-01T00:00:00Z<", data)
            kept.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)


def _library(name: str, extra: str, form: str) -> ModuleType:
    """A package that an extra brings."""
    try:
        return import_module(name)
    except ImportError:
        hint = f"pip install 'hazardrules[{extra}]'"
        raise InputError(Problem("format", form, f"导出 {form} 要用 {name},这里没有安装", hint)) from None
