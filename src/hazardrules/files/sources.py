"""Files of observations read in chunks: CSV, JSON Lines, Parquet. A chunk never holds more rows than asked for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, Final, Protocol

from hazardrules.errors import HazardRulesError
from hazardrules.files.faults import Fault, file_error
from hazardrules.files.text import BrokenLineError, Lines, csv_rows, encoding_of, python_name
from hazardrules.pack.values import clip

__all__ = ["Chunk", "Csv", "JsonLines", "Parquet", "Place", "Row", "Source", "cut", "needs"]

MAX_COLUMNS: Final = 5_000
Place = dict[str, int]
"""Where reading goes on: rows taken, and what else the format needs."""


class Row:
    """A row as it stands in the file; ``number`` counts data rows from 1, ``line`` lines of the file (0: has none).

    ``cells`` are in the order of the columns, ``data`` is the object of JSON Lines with its text; both None where
    ``fault`` says why the row can't be read.
    """

    __slots__ = ("cells", "data", "fault", "line", "number", "text")

    def __init__(self, number: int, line: int, cells: list[Any] | None, fault: Fault | None = None) -> None:
        self.number, self.line, self.cells, self.fault = number, line, cells, fault
        self.data: dict[str, Any] | None = None
        self.text = ""


class Chunk:
    """Rows that are judged together; ``place`` is where the next begin, ``done`` how much of the total was read."""

    __slots__ = ("done", "place", "rows", "table")

    def __init__(self, rows: list[Row], place: Place, done: int, table: Any = None) -> None:
        self.rows, self.place, self.done, self.table = rows, place, done, table


class Source(Protocol):
    """A file that is read in chunks.

    ``columns`` is None where each row has its own; ``total`` is in the unit of ``Chunk.done``; ``encoding`` is that of
    a text, else None.
    """

    columns: tuple[str, ...] | None
    total: int
    encoding: str | None
    schema: Any
    """That of a Parquet file, else None."""

    def chunks(self, size: int, place: Place | None = None) -> Iterator[Chunk]:
        """The rows from a place on, at most ``size`` at a time, cut at the same places whoever reads."""


def needs(extra: str, package: str) -> HazardRulesError:
    """That a package is not installed."""
    return HazardRulesError(f"需要 {package},请运行:pip install 'hazardrules[{extra}]'")


def cut(rows: Iterable[tuple[Row, Place, int]], size: int) -> Iterator[Chunk]:
    """Chunks of rows that come with the place and the amount after each."""
    rows = iter(rows)
    while taken := list(islice(rows, size)):
        yield Chunk([row for row, _, _ in taken], taken[-1][1], taken[-1][2])


class Csv:
    """A CSV file with a header."""

    def __init__(self, path: Path, encoding: str | None = None) -> None:
        """Find the encoding and read the header.

        :raises FileError: for a file that is empty, no text, or whose header can't be read.
        """
        self.path, self.total, self.schema = path, path.stat().st_size, None
        self.encoding: str | None = python_name(encoding) if encoding else encoding_of(path)
        with path.open("rb") as file:
            lines = Lines(file, self.encoding)
            line, found = next(csv_rows(lines), (0, "文件是空的,没有表头"))
            if isinstance(found, str):
                raise file_error(
                    f"{path} 第{line}行" if line else str(path), "", found, "第一行写列名:事实的标识或名称"
                )
            self._start: Place = {"rows": 0, "offset": lines.offset, "line": lines.line}
        if len(found) > MAX_COLUMNS:
            raise file_error(str(path), str(len(found)), f"超过 {MAX_COLUMNS} 列")
        self.columns: tuple[str, ...] | None = tuple(name.strip() for name in found)

    def chunks(self, size: int, place: Place | None = None) -> Iterator[Chunk]:
        """The rows from a place on."""
        start = place or self._start
        with self.path.open("rb") as file:
            lines = Lines(file, self.encoding or "utf-8", start["offset"], start["line"])
            yield from _cut_lines(self._rows(lines, start["rows"]), lines, size)

    def _rows(self, lines: Lines, number: int) -> Iterator[Row]:
        for line, found in csv_rows(lines, len(self.columns or ())):
            number += 1
            if isinstance(found, str):
                yield Row(number, line, None, Fault("", "", found))
            else:
                yield Row(number, line, found)


def _cut_lines(rows: Iterator[Row], lines: Lines, size: int) -> Iterator[Chunk]:
    """Chunks of rows, each with the place that the lines have come to."""
    while taken := list(islice(rows, size)):
        place = {"rows": taken[-1].number, "offset": lines.offset, "line": lines.line}
        yield Chunk(taken, place, lines.offset)


class JsonLines:
    """A file with one JSON object on each line; with ``tabular`` its columns are all keys that occur."""

    def __init__(self, path: Path, encoding: str | None = None, *, tabular: bool = False) -> None:
        """Find the encoding, and where it is asked for the columns.

        :raises FileError: for a file that is no text, or has too many columns.
        """
        self.path, self.total, self.schema = path, path.stat().st_size, None
        self.encoding: str | None = python_name(encoding) if encoding else encoding_of(path)
        self.columns: tuple[str, ...] | None = None
        if tabular:
            found: dict[str, None] = {}
            for chunk in self.chunks(1_000):
                for row in chunk.rows:
                    found.update(dict.fromkeys(row.data or ()))
                if len(found) > MAX_COLUMNS:
                    raise file_error(str(path), str(len(found)), f"超过 {MAX_COLUMNS} 种键", "输出改用 .jsonl")
            self.columns = tuple(found)

    def chunks(self, size: int, place: Place | None = None) -> Iterator[Chunk]:
        """The rows from a place on."""
        start = place or {"rows": 0, "offset": 0, "line": 0}
        with self.path.open("rb") as file:
            lines = Lines(file, self.encoding or "utf-8", start["offset"], start["line"])
            yield from _cut_lines(self._rows(lines, start["rows"]), lines, size)

    def _rows(self, lines: Lines, number: int) -> Iterator[Row]:
        while True:
            lines.begin()
            row = Row(number + 1, lines.line + 1, None)
            try:
                text = next(lines)
            except StopIteration:
                return
            except BrokenLineError as error:
                row.fault = Fault("", "", str(error))
            else:
                if not text.strip():
                    continue
                self._read(row, text.strip())
            number += 1
            yield row

    def _read(self, row: Row, text: str) -> None:
        twice: list[str] = []

        def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
            found = dict(items)
            if len(found) < len(items):
                keys = [key for key, _ in items]
                twice.extend(key for key in found if keys.count(key) > 1)
            return found

        try:
            data = json.loads(text, parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=pairs)
        except (ValueError, RecursionError) as error:
            place = f"(第 {error.pos + 1} 个字符)" if isinstance(error, json.JSONDecodeError) else ""
            row.fault = Fault("", clip(text), f"这一行不是 JSON{place}")
            return
        if twice:
            row.fault = Fault("", clip(text), f"键重复:{'、'.join(dict.fromkeys(twice))}")
        elif not isinstance(data, dict):
            row.fault = Fault("", clip(text), '这一行不是对象,应如 {"dust.storeys": 3}')
        elif any("\ud800" <= character <= "\udfff" for key in data for character in key):
            row.fault = Fault("", clip(text), "键里有不成对的代理字符")
        else:
            row.data, row.text = data, text
            if self.columns is not None:
                row.cells = [data.get(name) for name in self.columns]


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no JSON")


class Parquet:
    """A Parquet file; each row group is cut into chunks of its own, so that any chunk can be reached."""

    def __init__(self, path: Path) -> None:
        """Read the schema.

        :raises FileError: for what is no Parquet file.
        :raises HazardRulesError: where pyarrow is not installed.
        """
        try:
            import pyarrow as pa  # noqa: PLC0415  # optional
            from pyarrow import parquet  # noqa: PLC0415
        except ModuleNotFoundError:
            raise needs("parquet", "pyarrow") from None
        try:
            self._file = parquet.ParquetFile(path)
        except (pa.ArrowException, OSError) as error:
            raise file_error(str(path), clip(error), "不是完好的 Parquet 文件") from None
        self.schema: Any = self._file.schema_arrow
        self.columns: tuple[str, ...] | None = tuple(self.schema.names)
        self.total: int = self._file.metadata.num_rows
        self.encoding: str | None = None

    def chunks(self, size: int, place: Place | None = None) -> Iterator[Chunk]:
        """The rows from a place on."""
        done, number = (place or {"rows": 0})["rows"], 0
        for group in range(self._file.metadata.num_row_groups):
            length = self._file.metadata.row_group(group).num_rows
            if number + length <= done:
                number += length
                continue
            for batch in self._file.iter_batches(size, row_groups=[group]):
                if number + batch.num_rows > done:
                    columns = [column.to_pylist() for column in batch.columns]
                    cells = zip(*columns, strict=True) if columns else iter([()] * batch.num_rows)
                    rows = [Row(number + i, 0, list(found)) for i, found in enumerate(cells, 1)]
                    after = number + batch.num_rows
                    yield Chunk(rows, {"rows": after}, after, batch)
                number += batch.num_rows
