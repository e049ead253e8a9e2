"""Pages as sheets of an Excel workbook. A text is never a formula, whatever it begins with."""

from __future__ import annotations

from typing import Any, Final

from hazardrules.outputs.page import Fields, Group, Heading, Items, Page, Panels, Signs, Table, Text, printable

__all__ = ["SHADE", "THIN", "page_sheet", "put", "set_up"]

SHADE: Final = "FFF0F2F5"
THIN: Final = "FF808080"
WIDTH: Final = 150
"""The width of all columns together, in characters: what an A4 page across holds in small print."""
FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r")


def put(sheet: Any, row: int, column: int, text: str, *, bold: bool = False, boxed: bool = False) -> Any:
    """Write a text into a cell as a text, also if it looks like a formula or a number."""
    from openpyxl.styles import Alignment, Border, Font, Side  # noqa: PLC0415  # optional, and checked before

    cell = sheet.cell(row, column)
    cell.value = printable(text)
    cell.data_type = "s"
    if text.startswith(FORMULAS):
        cell.quotePrefix = True
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    if bold:
        cell.font = Font(bold=True)
    if boxed:
        line = Side(style="thin", color=THIN)
        cell.border = Border(left=line, right=line, top=line, bottom=line)
    return cell


def set_up(sheet: Any, *, landscape: bool, repeated: str | None) -> None:
    """Print on A4, as wide as the paper, with the rows at the top of each page and the number at the bottom."""
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = repeated
    sheet.oddFooter.center.text = "第&P页 共&N页"
    margins = sheet.page_margins
    margins.left = margins.right = 0.4
    margins.top = margins.bottom = 0.5


def page_sheet(sheet: Any, page: Page) -> None:
    """Write a page into a sheet: a row a line, tables with their columns."""
    _Sheet(sheet, page).write()


class _Sheet:
    """Writes one sheet from the top down."""

    def __init__(self, sheet: Any, page: Page) -> None:
        self.sheet, self.page, self.row = sheet, page, 0
        tables = [block for block in page.blocks if isinstance(block, Table)]
        self.shares = tables[0].shares if tables else (100,)
        self.head: int | None = None

    def write(self) -> None:
        for index, share in enumerate(self.shares):
            letter = chr(ord("A") + index)
            self.sheet.column_dimensions[letter].width = WIDTH * share / sum(self.shares)
        self._line(self.page.title, bold=True, size=16)
        for text in (self.page.marking, self.page.subtitle):
            if text:
                self._line(text)
        for block in self.page.blocks:
            match block:
                case Heading(text):
                    self._line(text, bold=True, size=12)
                case Text(text):
                    self._line(text)
                case Items(items):
                    for number, item in enumerate(items, 1):
                        self._line(f"{number}. {item}")
                case Fields(pairs) | Signs(pairs):
                    for label, value in pairs:
                        self._line(f"{label}:{value}")
                case Table():
                    self._table(block)
                case Panels(panels):
                    for panel in panels:
                        self._line(panel.title, bold=True)
                        for item in panel.items:
                            self._line(item)
        set_up(self.sheet, landscape=True, repeated=None)
        self.sheet.print_title_rows = f"{self.head}:{self.head}" if self.head else None

    def _line(self, text: str, *, bold: bool = False, size: float | None = None) -> None:
        """A text across all columns."""
        from openpyxl.styles import Font  # noqa: PLC0415

        self.row += 1
        cell = put(self.sheet, self.row, 1, text, bold=bold)
        if size is not None:
            cell.font = Font(bold=bold, size=size)
        if len(self.shares) > 1:
            self.sheet.merge_cells(start_row=self.row, end_row=self.row, start_column=1, end_column=len(self.shares))
        self._height([text], [WIDTH], size or 11)

    def _table(self, block: Table) -> None:
        if self.head is None:  # the tables of a checklist have the same columns: the first head stands for all
            self._cells(block.head, bold=True)
            self.head = self.row
            self.sheet.freeze_panes = f"A{self.row + 1}"
        for group in block.groups:
            self._group(group)

    def _group(self, group: Group) -> None:
        if group.title:
            self._line(group.title, bold=True)
            self._shade(1)
        for cells in group.rows:
            self._cells(cells)

    def _cells(self, cells: tuple[str, ...], *, bold: bool = False) -> None:
        self.row += 1
        for column, text in enumerate(cells, 1):
            put(self.sheet, self.row, column, text, bold=bold, boxed=True)
            if bold:
                self._shade(column)
        self._height(list(cells), [WIDTH * share / sum(self.shares) for share in self.shares], 11)

    def _shade(self, column: int) -> None:
        from openpyxl.styles import PatternFill  # noqa: PLC0415

        self.sheet.cell(self.row, column).fill = PatternFill("solid", fgColor=SHADE)

    def _height(self, texts: list[str], widths: list[float], points: float) -> None:
        """Tall enough for the longest text: a Chinese character is as wide as two."""
        most = 1
        for text, width in zip(texts, widths, strict=True):
            wide = (sum(2 if ord(c) > 0xFF else 1 for c in line) for line in text.split("\n"))
            most = max(most, sum(1 + int(one * points / 11 / max(width - 2, 1)) for one in wide))
        self.sheet.row_dimensions[self.row].height = min(most * points * 1.4 + 3, 409)
