"""The figures of a ledger (台账): what each of them counts, and tables of them to carry away."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hazardrules.model import Frozen
from hazardrules.outputs.excel import FORMULAS, put
from hazardrules.outputs.page import Block, Group, Items, Page, Table, Text, printable
from hazardrules.outputs.render import extra, to_markdown

if TYPE_CHECKING:
    from polars import DataFrame

__all__ = ["DIMENSIONS", "FIGURES", "Figures", "Summary", "SummaryRow"]

FIGURES: Final = {
    "found": (
        "查出",
        "到这一天为止查出的隐患:每个结论的每种命中情形算一个,不在判定标准里的一般隐患算一个;未构成隐患的不算",
    ),
    "major": ("重大", "其中的重大事故隐患"),
    "general": ("一般", "其中的一般事故隐患"),
    "rectified": ("已整改", "整改已经完成的,包括已销号的;复查、验收不合格或者再次出现以后还没有再改完的不算"),
    "in_time": ("按期整改", "整改已经完成,完成日不晚于期限(延期以后的、责令的都算)"),
    "late": ("逾期整改", "整改已经完成,完成日晚于期限"),
    "overdue": ("逾期未改", "期限在这一天以前届满而整改没有完成"),
    "reopened": ("再次出现", "销号以后再次出现过的(出现几次都算一个)"),
    "closed": ("已销号", "这一天是销号状态的"),
    "open": ("未销号", "还没有销号的:查出减去已销号"),
    "supervised": ("挂牌督办", "到这一天为止挂牌督办过的"),
}
"""What each figure is called and what it counts; all of them count hazards."""

DIMENSIONS: Final = {
    "unit": "单位",
    "industry": "行业",
    "clause": "判定情形",
    "region": "地区",
    "department": "部门",
}
"""By what a ledger can be summed up; every hazard stands in exactly one row."""


class Figures(Frozen):
    """Numbers of hazards on a day; ``FIGURES`` says what each counts. They add up."""

    found: int = 0
    major: int = 0
    general: int = 0
    rectified: int = 0
    in_time: int = 0
    late: int = 0
    overdue: int = 0
    reopened: int = 0
    closed: int = 0
    open: int = 0
    supervised: int = 0

    def __add__(self, other: Figures) -> Figures:
        names = Figures.model_fields
        return Figures(**{name: getattr(self, name) + getattr(other, name) for name in names})


class SummaryRow(Frozen):
    """The figures of one unit, industry ... or combination: ids by dimension (None: not told), labels, and numbers.

    Several industries of one observation are one id, joined with commas.
    """

    keys: tuple[str | None, ...]
    labels: tuple[str, ...]
    figures: Figures


class Summary(Frozen):
    """A ledger summed up on a day.

    ``by`` are the dimensions of the rows, ``total`` is their sum; ``entries`` counts the records up to the day (clean
    ones too), ``later`` those of later inspections, which don't count.
    """

    as_of: date
    by: tuple[str, ...]
    entries: int
    later: int
    total: Figures
    rows: tuple[SummaryRow, ...]

    def to_frame(self) -> DataFrame:
        """The rows as a polars frame: a column with the id of each dimension, one with its label, one a figure.

        :raises HazardRulesError: where polars is not installed.
        """
        with extra("frame"):
            import polars as pl  # noqa: PLC0415  # optional

        data: dict[str, list[str | None] | list[str] | list[int]] = {}
        for index, name in enumerate(self.by):
            data[name] = [row.keys[index] for row in self.rows]
            data[f"{name}_label"] = [row.labels[index] for row in self.rows]
        texts = dict.fromkeys(data, pl.String())
        data |= {name: [getattr(row.figures, name) for row in self.rows] for name in FIGURES}
        return pl.DataFrame(data, schema={**texts, **dict.fromkeys(FIGURES, pl.Int64())})

    def to_markdown(self) -> str:
        """The rows with their total, and what each figure counts, as Markdown."""
        return to_markdown(self._page())

    def to_excel(self, path: str | Path) -> None:
        """Write the rows with their total, and on a second sheet what each figure counts, as an Excel workbook.

        Text is text, also where it begins like a formula.

        :raises HazardRulesError: where openpyxl is not installed.
        """
        with extra("excel"):
            from openpyxl import Workbook  # noqa: PLC0415  # optional

        book = Workbook()
        sheet = book.active
        sheet.title = "台账汇总"
        for column, head in enumerate(self._head(), 1):
            put(sheet, 1, column, head, bold=True)
        for number, (texts, figures) in enumerate(self.lines(), 2):
            for column, text in enumerate(texts, 1):
                put(sheet, number, column, text)
            for column, name in enumerate(FIGURES, len(texts) + 1):
                sheet.cell(number, column).value = getattr(figures, name)
        sheet.freeze_panes = "A2"
        for index in range(len(self.by)):
            sheet.column_dimensions[chr(ord("A") + index)].width = 30
        said = book.create_sheet("口径")
        for number, text in enumerate(self._meaning(), 1):
            put(said, number, 1, text)
        said.column_dimensions["A"].width = 100
        book.save(path)

    def to_csv(self, path: str | Path) -> None:
        """Write the rows with their total as CSV that spreadsheets read; text that begins like a formula gets a '."""
        with Path(path).open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(self._head())
            for texts, figures in self.lines():
                safe = [f"'{text}" if text.startswith(FORMULAS) else text for text in map(printable, texts)]
                writer.writerow([*safe, *(getattr(figures, name) for name in FIGURES)])

    def _head(self) -> list[str]:
        return [*(DIMENSIONS[name] for name in self.by), *(label for label, _ in FIGURES.values())]

    def lines(self) -> Iterator[tuple[tuple[str, ...], Figures]]:
        """The labels and figures of each row, and of the total at the end."""
        for row in self.rows:
            yield row.labels, row.figures
        yield ("合计", *("" for _ in self.by[1:])), self.total

    def _meaning(self) -> list[str]:
        return [self.heading, *(f"{label}:{text}" for label, text in FIGURES.values())]

    @property
    def heading(self) -> str:
        """The day and the number of records, in Chinese."""
        later = f";另有 {self.later} 条检查在这一天以后,没有算进来" if self.later else ""
        return f"按 {self.as_of.isoformat()} 的状态,{self.entries} 条检查记录{later}"

    def _page(self) -> Page:
        rows = tuple((*texts, *(str(getattr(figures, name)) for name in FIGURES)) for texts, figures in self.lines())
        head = self._head()
        first, *rest = self._meaning()
        shares = tuple(100 // len(head) for _ in head)
        table = Table("、".join(DIMENSIONS[name] for name in self.by), tuple(head), shares, (Group("", rows),))
        blocks: tuple[Block, ...] = (table, Text("各项数字的意思:"), Items(tuple(rest)))
        return Page("隐患台账汇总", first, blocks, landscape=True)
