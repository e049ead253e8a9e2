"""Excel workbooks: a sheet read row by row, and rows written as sheets. Texts are never formulas."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from hazardrules.files.columns import ExcelFault
from hazardrules.files.faults import Fault, file_error
from hazardrules.files.sources import MAX_COLUMNS, Chunk, Place, Row, cut, needs
from hazardrules.nearest import nearest_hint
from hazardrules.outputs.filled import is_filled_checklist, read_filled
from hazardrules.pack.values import clip
from hazardrules.rulebook import RuleBook

__all__ = ["Checklist", "Excel", "filled_checklist", "write_workbook"]

MAX_SHARED: Final = 256 << 20
"""The most bytes of shared texts, which Excel keeps apart from the cells and which must be held in memory."""
MAX_CELL: Final = 32_767
MAX_ROWS: Final = 1_048_576
_TAGS: Final = re.compile(rb"<(?:\w+:)?(f|mergeCell)[ >/]")
_STAMP: Final = (1980, 1, 1, 0, 0, 0)
"""The time of every part of a written workbook, so that the same rows give the same bytes."""


def _openpyxl() -> Any:
    try:
        import openpyxl  # noqa: PLC0415  # optional
    except ModuleNotFoundError:
        raise needs("excel", "openpyxl") from None
    return openpyxl


def filled_checklist(path: Path, book: RuleBook | None) -> list[dict[str, Any]] | None:
    """The observations of a checklist that was filled in, as arguments of ``classify()``; None for any other workbook.

    :param book: the rule book that knows the facts; None for that of the region that the checklist names.
    :raises InputError: with everything that is wrong with the checklist.
    """
    _openpyxl()
    return read_filled(path, book=book) if is_filled_checklist(path) else None


class Checklist:
    """The objects of a filled checklist, a row each; ``line`` tells nothing, since objects are columns there."""

    def __init__(self, observations: Sequence[Mapping[str, Any]]) -> None:
        self.observations, self.schema = observations, None
        self.total = len(observations)
        self.encoding: str | None = None
        self.columns: tuple[str, ...] | None = tuple(dict.fromkeys(name for one in observations for name in one))

    def chunks(self, size: int, place: Place | None = None) -> Iterator[Chunk]:
        """The objects from a place on."""
        done = (place or {"rows": 0})["rows"]
        yield from cut(((self._row(n), {"rows": n}, n) for n in range(done + 1, self.total + 1)), size)

    def _row(self, number: int) -> Row:
        data = dict(self.observations[number - 1])
        row = Row(number, 0, [data.get(name) for name in self.columns or ()])
        row.data, row.text = data, json.dumps(data, ensure_ascii=False, default=str)
        return row


class Excel:
    """A sheet of a workbook whose first row with any text is the header."""

    def __init__(self, path: Path, sheet: str | None = None) -> None:
        """Find the sheet and read the header.

        :raises FileError: for what is no workbook, or a sheet that can't be read row by row.
        :raises HazardRulesError: where openpyxl is not installed.
        """
        self.path, self.schema = path, None
        self.encoding: str | None = None
        self._check_zip()
        with closing(self._book(values=True)) as book:
            names = [one.title for one in book.worksheets]
            self.sheet = self._chosen(
                names, [one.title for one in book.worksheets if one.sheet_state == "visible"], sheet
            )
            found = book[self.sheet]
            self.total: int = found.max_row or 0
            tags = _tags_of(found)
        if b"mergeCell" in tags:
            hint = "取消合并,每一格都填"
            raise file_error(f"{path} 表 {self.sheet}", "", "有合并的单元格,不知道值属于哪几行", hint)
        self._formulas = b"f" in tags
        head = next(self._cells(), None)
        if head is None:
            raise file_error(f"{path} 表 {self.sheet}", "", "表是空的,没有表头", "第一行写列名:事实的标识或名称")
        self._head_line, names_found = head[0], list(head[1])
        while _blank(names_found[-1]):
            names_found.pop()
        if len(names_found) > MAX_COLUMNS:
            raise file_error(str(path), str(len(names_found)), f"超过 {MAX_COLUMNS} 列")
        self.columns: tuple[str, ...] | None = tuple("" if name is None else str(name).strip() for name in names_found)

    def _check_zip(self) -> None:
        try:
            with zipfile.ZipFile(self.path) as archive:
                shared = sum(i.file_size for i in archive.infolist() if i.filename.endswith("sharedStrings.xml"))
        except (zipfile.BadZipFile, OSError) as error:
            hint = "旧的 .xls 另存为 .xlsx;加了密码的先去掉密码"
            raise file_error(str(self.path), clip(error), "不是完好的 Excel 工作簿(.xlsx)", hint) from None
        if shared > MAX_SHARED:
            raise file_error(str(self.path), str(shared), f"文字超过 {MAX_SHARED >> 20} MiB,内存放不下", "另存为 CSV")

    def _book(self, *, values: bool) -> Any:
        openpyxl = _openpyxl()
        try:
            return openpyxl.load_workbook(self.path, read_only=True, data_only=values)
        except Exception as error:  # noqa: BLE001  # a damaged workbook may raise anything
            raise file_error(str(self.path), clip(error), "不是完好的 Excel 工作簿(.xlsx)") from None

    def _chosen(self, names: Sequence[str], visible: Sequence[str], sheet: str | None) -> str:
        if sheet is not None:
            if sheet not in names:
                hint = nearest_hint(sheet, names) or f"有:{'、'.join(names)}"
                raise file_error(str(self.path), sheet, f"没有表 {sheet[:60]}", hint)
            return sheet
        if len(visible) != 1:
            raise file_error(str(self.path), "", f"有 {len(visible)} 张表:{'、'.join(visible)}", "用 --sheet 指明一张")
        return visible[0]

    def _cells(self) -> Iterator[tuple[int, list[Any]]]:
        """The rows that have any text, with their numbers in the sheet."""
        with closing(self._book(values=True)) as book, closing(self._book(values=False)) as formulas:
            sheets = [book[self.sheet], formulas[self.sheet]] if self._formulas else [book[self.sheet]]
            for one in sheets:
                one.reset_dimensions()
            for together in zip(*[one.iter_rows() for one in sheets], strict=True):
                row = together[0]
                line = next((cell.row for cell in row if hasattr(cell, "row")), 0)
                found = [_value(cell) for cell in row]
                if self._formulas:
                    for index, cell in enumerate(together[1]):
                        if cell.data_type == "f" and found[index] is None:
                            found[index] = ExcelFault.of(
                                str(cell.value), "公式没有存下算出的值,在 Excel 里打开并保存一次"
                            )
                if not all(map(_blank, found)):
                    yield line, found

    def chunks(self, size: int, place: Place | None = None) -> Iterator[Chunk]:
        """The rows from a place on; those before are read over."""
        yield from cut(self._rows((place or {"rows": 0})["rows"]), size)

    def _rows(self, done: int) -> Iterator[tuple[Row, Place, int]]:
        width = len(self.columns or ())
        for number, (line, cells) in enumerate((one for one in self._cells() if one[0] > self._head_line), 1):
            if number <= done:
                continue
            extra = [cell for cell in cells[width:] if not _blank(cell)]
            row = Row(number, line, (cells + [None] * (width - len(cells)))[:width])
            if extra:
                row.cells = None
                row.fault = Fault("", clip(extra[0]), f"表头只有 {width} 列,右边的格里有内容")
            yield row, {"rows": number}, line


def _blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _value(cell: Any) -> Any:
    """What a cell holds, or that it can't be taken for what it shows."""
    value = cell.value
    if cell.data_type == "e":
        return ExcelFault.of(str(value), f"单元格里是错误值 {value}")
    if isinstance(value, int | float) and not isinstance(value, bool) and "%" in cell.number_format:
        shown = f"单元格是百分数格式:存的是 {value!r},显示的是它的100倍"
        return ExcelFault.of(repr(value), f"{shown};改成常规格式,写数本身")
    if isinstance(value, time | timedelta):
        return ExcelFault.of(str(value), "单元格是时间")
    return value


def _tags_of(sheet: Any) -> set[bytes]:
    """Whether a sheet has formulas and merged cells."""
    found: set[bytes] = set()
    with sheet._get_source() as source:  # noqa: SLF001  # the only stream of the sheet's own XML
        tail = b""
        while block := source.read(1 << 20):
            found.update(match[1] for match in _TAGS.finditer(tail + block))
            tail = block[-64:]
    return found


def write_workbook(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write rows as sheets of at most ``MAX_ROWS``, the header on each; equal rows give equal bytes.

    :returns: how many texts were cut, since a cell of Excel holds no more than ``MAX_CELL`` characters.
    :raises HazardRulesError: where openpyxl is not installed.
    """
    openpyxl = _openpyxl()
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.utils.escape import escape  # noqa: PLC0415

    cut_texts = 0

    def cell(sheet: Any, value: Any) -> Any:
        nonlocal cut_texts
        if isinstance(value, str):
            text = escape(value.encode("utf-8", "backslashreplace").decode())
            if len(text) > MAX_CELL:
                text, cut_texts = text[: MAX_CELL - 1] + "…", cut_texts + 1
            made = WriteOnlyCell(sheet, text)
            made.data_type = "s"
            return made
        if isinstance(value, datetime) and value.tzinfo is not None:
            return value.isoformat()
        return value

    book = openpyxl.Workbook(write_only=True)
    sheet, count = None, MAX_ROWS
    for row in rows:
        if count >= MAX_ROWS:
            sheet, count = _sheet(book, columns, cell), 1
        sheet.append([cell(sheet, value) for value in row])  # type: ignore[union-attr]
        count += 1
    if sheet is None:
        _sheet(book, columns, cell)
    raw = path.with_name(path.name + ".zip")
    book.save(raw)
    _steady(raw, path)
    raw.unlink()
    return cut_texts


def _sheet(book: Any, columns: Sequence[str], cell: Any) -> Any:
    number = len(book.worksheets) + 1
    sheet = book.create_sheet("判定结论" if number == 1 else f"判定结论{number}")
    sheet.freeze_panes = "A2"
    sheet.append([cell(sheet, name) for name in columns])
    return sheet


def _steady(raw: Path, path: Path) -> None:
    """Copy a workbook without the times at which it was made."""
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.infolist():
            info = zipfile.ZipInfo(part.filename, _STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            with source.open(part) as inside, target.open(info, "w", force_zip64=True) as outside:
                if part.filename == "docProps/core.xml":
                    outside.write(re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"1980-01-01T00:00:00Z", inside.read()))
                    continue
                while block := inside.read(1 << 20):
                    outside.write(block)
