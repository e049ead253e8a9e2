"""Where judged rows go: CSV, JSON Lines, Parquet, Excel.

While rows are judged, one file beside the target only grows, so that an interrupted run can cut it back to what was
recorded and go on. For CSV and JSON Lines it becomes the target; Parquet and Excel are written from it at the end.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, Final

from hazardrules.files.excel import write_workbook
from hazardrules.files.faults import Fault
from hazardrules.files.judging import Verdict
from hazardrules.files.sources import Chunk, Row, needs

__all__ = ["Growing", "Rejects", "Target", "as_text", "target_of"]

REJECTS: Final = ("数据行", "文件行", "列", "值", "原因")
"""The columns of the file of what was refused."""
_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r")


class Growing:
    """A file that only grows, opened at the size that was recorded."""

    def __init__(self, path: Path, size: int) -> None:
        """Open the file, made new where ``size`` is 0; what lies beyond ``size`` is cut off.

        :raises OSError: also where the file is shorter than recorded.
        """
        self.path = path
        if size and path.stat().st_size < size:
            raise OSError(f"{path}: 比记录的短")
        self._file: BinaryIO = path.open("r+b" if size else "w+b")
        self._file.truncate(size)
        self._file.seek(size)
        self.size = size

    def write(self, data: bytes) -> None:
        """Add to the end."""
        self._file.write(data)
        self.size += len(data)

    def settle(self) -> None:
        """Make sure that all of it is on the disk."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def as_text(value: Any) -> str:
    """A value in a cell of text; lists and objects as JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, list | dict | tuple):
        return json.dumps(value, ensure_ascii=False, default=as_text)
    return str(value)


def _joined(value: Any) -> Any:
    """What is added to a row, for formats without lists."""
    return ";".join(value) if isinstance(value, tuple) else value


def _csv(rows: Sequence[Sequence[str]], encoding: str) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode(encoding, "backslashreplace")


class Rejects:
    """The file of what was refused: a line for each problem, as UTF-8 with BOM, so that Excel shows it."""

    def __init__(self, file: Growing) -> None:
        self.file = file
        if not file.size:
            file.write(b"\xef\xbb\xbf" + _csv([REJECTS], "utf-8"))

    def write(self, row: Row, faults: Sequence[Fault]) -> None:
        """Add what was refused of a row; a value that a spreadsheet would run is marked as text."""
        place = [str(row.number), str(row.line or "")]
        lines = [[*place, _harmless(one.column), _harmless(one.value), one.reason] for one in faults]
        self.file.write(_csv(lines, "utf-8"))


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULAS) and not text[1:2].isdigit() else text


_SAID: Final = {True: "true", False: "false"}


class Target:
    """A format: how a chunk is written, and how the target is made of what has grown."""

    joined = False
    """Whether the target is another file than the one that grows."""

    def __init__(self, columns: Sequence[str] | None, *, explain: bool) -> None:
        self.columns = tuple(columns or ())
        self.added = ("level", "conclusive", "rules", "due_on", "open", "problem", *(("reason",) if explain else ()))

    def _added(self, verdict: Verdict, problem: str) -> list[Any]:
        level, conclusive, rules, due_on, open_, reason = verdict
        found = [level, conclusive, rules, due_on, open_, problem or None]
        return [*found, reason] if len(self.added) > len(found) else found

    def _cells(self, row: Row) -> Sequence[Any]:
        return row.cells if row.cells is not None else [None] * len(self.columns)

    def head(self) -> bytes:
        """What the file begins with."""
        return b""

    def chunk(self, chunk: Chunk, verdicts: Sequence[Verdict], problems: Sequence[str]) -> bytes:
        """The rows of a chunk with what is added to them."""
        raise NotImplementedError

    def join(self, grown: Path, path: Path) -> int:
        """Write the target from what has grown; how many texts had to be cut."""
        raise NotImplementedError


class CsvTarget(Target):
    """CSV: lists with ``;`` between their members."""

    def __init__(self, columns: Sequence[str] | None, encoding: str | None, *, explain: bool) -> None:
        """Cells of a CSV input (which alone has an ``encoding``) are texts already."""
        super().__init__(columns, explain=explain)
        self._encoding, self._plain, self._explained = encoding or "utf-8-sig", encoding is not None, explain

    def head(self) -> bytes:
        mark = b"\xef\xbb\xbf" if self._encoding == "utf-8-sig" else b""
        return mark + self._bytes([[*self.columns, *self.added]])

    def _bytes(self, rows: Sequence[Sequence[str]]) -> bytes:
        return _csv(rows, "utf-8" if self._encoding == "utf-8-sig" else self._encoding)

    def chunk(self, chunk: Chunk, verdicts: Sequence[Verdict], problems: Sequence[str]) -> bytes:
        rows = []
        for row, verdict, problem in zip(chunk.rows, verdicts, problems, strict=True):
            cells = self._cells(row) if self._plain else map(as_text, self._cells(row))
            level, conclusive, rules, due_on, open_, reason = verdict
            said = "" if conclusive is None else _SAID[conclusive]
            day = "" if due_on is None else due_on.isoformat()
            found = [*cells, level or "", said, ";".join(rules or ()), day, as_text(open_), problem]
            rows.append([*found, reason or ""] if self._explained else found)
        return self._bytes(rows)


class JsonTarget(Target):
    """JSON Lines: each object as it was given, with more keys; empty cells of tables are null."""

    def chunk(self, chunk: Chunk, verdicts: Sequence[Verdict], problems: Sequence[str]) -> bytes:
        lines = []
        for row, verdict, problem in zip(chunk.rows, verdicts, problems, strict=True):
            added = dict(zip(self.added, self._added(verdict, problem), strict=True))
            if row.data is not None:
                inside = row.text[1:-1].rstrip()
                lines.append(f"{{{inside}{', ' if row.data else ''}{_json(added)[1:]}\n")
            elif self.columns:
                cells = [None if cell == "" else cell for cell in self._cells(row)]
                lines.append(_json(dict(zip(self.columns, cells, strict=True)) | added) + "\n")
            else:
                lines.append(_json(added) + "\n")
        return "".join(lines).encode("utf-8", "backslashreplace")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=as_text)


class ExcelTarget(Target):
    """Excel, from lines of JSON in which days and numbers that JSON lacks are marked."""

    joined = True

    def chunk(self, chunk: Chunk, verdicts: Sequence[Verdict], problems: Sequence[str]) -> bytes:
        lines = []
        for row, verdict, problem in zip(chunk.rows, verdicts, problems, strict=True):
            cells = [*self._cells(row), *map(_joined, self._added(verdict, problem))]
            lines.append(json.dumps([_marked(cell) for cell in cells]) + "\n")
        return "".join(lines).encode("ascii")

    def join(self, grown: Path, path: Path) -> int:
        with grown.open("rb") as file:
            rows = ([_unmarked(cell) for cell in json.loads(line)] for line in file)
            return write_workbook(path, [*self.columns, *self.added], rows)


def _marked(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return {"t": cell.isoformat()}
    if isinstance(cell, date):
        return {"d": cell.isoformat()}
    if isinstance(cell, Decimal):
        return {"n": str(cell)}
    if cell is None or isinstance(cell, str | bool | int) or (isinstance(cell, float) and cell - cell == 0):
        return cell
    return as_text(cell)


def _unmarked(cell: Any) -> Any:
    if not isinstance(cell, dict):
        return cell
    ((kind, text),) = cell.items()
    if kind == "n":
        return Decimal(text)
    return datetime.fromisoformat(text) if kind == "t" else date.fromisoformat(text)


class ParquetTarget(Target):
    """Parquet: a row group for each chunk; columns of a Parquet file keep their types, all others are texts."""

    joined = True

    def __init__(self, columns: Sequence[str] | None, schema: Any, *, explain: bool) -> None:
        super().__init__(columns, explain=explain)
        try:
            import pyarrow as pa  # noqa: PLC0415  # optional
        except ModuleNotFoundError:
            raise needs("parquet", "pyarrow") from None
        kinds = {"conclusive": pa.bool_(), "due_on": pa.date32(), "open": pa.int64()}
        kinds["rules"] = pa.list_(pa.string())
        more = [pa.field(name, kinds.get(name, pa.string())) for name in self.added]
        own = [pa.field(name, pa.string()) for name in self.columns]
        self._typed = schema is not None
        self._schema = pa.schema([*(_plain_fields(schema) if self._typed else own), *more])

    def chunk(self, chunk: Chunk, verdicts: Sequence[Verdict], problems: Sequence[str]) -> bytes:
        import pyarrow as pa  # noqa: PLC0415

        width = len(self.columns)
        if chunk.table is not None and self._typed:
            fields = [self._schema.field(index) for index in range(width)]
            arrays = [c.cast(f.type) for c, f in zip(chunk.table.columns, fields, strict=True)]
        else:
            rows = [[as_text(cell) or None for cell in self._cells(row)] for row in chunk.rows]
            arrays = [pa.array(list(column), pa.string()) for column in zip(*rows, strict=True)]
        pairs = zip(verdicts, problems, strict=True)
        added = [self._added(verdict, problem) for verdict, problem in pairs]
        more = [self._schema.field(width + index) for index in range(len(self.added))]
        columns = zip(*added, strict=True)
        arrays += [pa.array(list(column), field.type) for column, field in zip(columns, more, strict=True)]
        return bytes(pa.RecordBatch.from_arrays(arrays, schema=self._schema).serialize())

    def join(self, grown: Path, path: Path) -> int:
        from pyarrow import parquet  # noqa: PLC0415

        with parquet.ParquetWriter(path, self._schema, compression="zstd") as writer:
            for batch in self._batches(grown):
                writer.write_batch(batch, row_group_size=max(batch.num_rows, 1))
        return 0

    def _batches(self, grown: Path) -> Iterator[Any]:
        import pyarrow as pa  # noqa: PLC0415

        with grown.open("rb") as file:
            while file.peek(1):
                yield pa.ipc.read_record_batch(pa.ipc.read_message(file), self._schema)


def _plain_fields(schema: Any) -> Iterator[Any]:
    """The columns of a file without dictionaries, which can't be written one chunk at a time."""
    import pyarrow as pa  # noqa: PLC0415

    for field in schema:
        coded = pa.types.is_dictionary(field.type)
        yield pa.field(field.name, field.type.value_type) if coded else field


def target_of(kind: str, columns: Sequence[str] | None, *, encoding: str | None, schema: Any, explain: bool) -> Target:
    """The target of a format: csv, jsonl, parquet, xlsx.

    :param encoding: that of a CSV input, which a CSV output keeps.
    :param schema: the schema of a Parquet input, whose types a Parquet output keeps.
    """
    match kind:
        case "csv":
            return CsvTarget(columns, encoding, explain=explain)
        case "jsonl":
            return JsonTarget(columns, explain=explain)
        case "xlsx":
            return ExcelTarget(columns, explain=explain)
        case _:
            return ParquetTarget(columns, schema, explain=explain)
