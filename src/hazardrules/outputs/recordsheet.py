"""The sheet 检查记录 of a checklist: made to be filled in, a row a fact and a column an object."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from hazardrules.model import Question
from hazardrules.outputs.excel import SHADE, put, set_up
from hazardrules.record import Record

__all__ = [
    "ABOUT",
    "AFFIRMED",
    "EACH_SEEN",
    "FIRST",
    "HEAD",
    "MARK",
    "NO",
    "NONE_OF_THEM",
    "OTHER",
    "RECORD",
    "YES",
    "Clause",
    "Section",
    "record_sheet",
]

RECORD: Final = "检查记录"
"""The name of the sheet."""
OPTIONS: Final = "选项"
"""The hidden sheet with the lists to choose from."""
MARK: Final = "HAZARDRULES_CHECKLIST"
"""The defined name by which the workbook is known."""
FIRST: Final = 5
"""The column of the first object; before it stand id, label, unit, and how to fill it in."""
YES, NO, NONE_OF_THEM, EACH_SEEN, AFFIRMED = "是", "否", "无", "已逐项查", "认定成立"
HEAD: Final = {
    "@industry": ("行业", "几个行业用顿号分开"),
    "@observed_on": ("检查日期", "必填,如 2026-11-20;按这一天有效的法律判定"),
    "@region": ("地区", "名称或代码"),
    "@unit": ("单位", "被检查单位"),
    "@number": ("编号", "自己的编号"),
}
ABOUT: Final = {
    "@name": ("对象的名称或编号", "一列一个对象:一台设备、一处场所、一个工作面"),
    "@reported": ("是否作为隐患上报", "填了的对象必填:是、否"),
}
OTHER: Final = "@other"


class Clause(Record):
    """A criterion that only a person can decide."""

    rule: str
    text: str


class Section(Record):
    """What is asked under one heading, as one walks."""

    title: str
    entries: tuple[Question | Clause, ...]


def record_sheet(book: Any, sections: Sequence[Section], head: dict[str, str], objects: int) -> None:
    """Add the sheet to a workbook.

    :param head: what is known of the head cells, by their ids.
    :param objects: for how many objects there are columns.
    """
    _Sheet(book, objects).write(sections, head)


class _Sheet:
    """Writes the sheet from the top down."""

    def __init__(self, book: Any, objects: int) -> None:
        self.book, self.objects = book, objects
        self.sheet, self.lists = book.create_sheet(RECORD), book.create_sheet(OPTIONS)
        self.lists.sheet_state = "hidden"
        self.row = 0
        self.choices: dict[tuple[str, ...], Any] = {}

    def write(self, sections: Sequence[Section], head: dict[str, str]) -> None:
        from openpyxl.utils import get_column_letter  # noqa: PLC0415
        from openpyxl.workbook.defined_name import DefinedName  # noqa: PLC0415

        for column, width in enumerate((6, 60, 8, 44, *[18] * self.objects), 1):
            self.sheet.column_dimensions[get_column_letter(column)].width = width
        self._line("", "检查记录:空着是没有查;查了没有,填“否”或者“无”。灰色的第一列供程序识别,不要改。")
        for id_, (label, how) in HEAD.items():
            self._line(id_, label, how=how, open_=1)
            if head.get(id_):
                put(self.sheet, self.row, FIRST, head[id_])
        self._row("标识", "观测事实", "单位", "怎么填", bold=True)
        for number in range(self.objects):
            put(self.sheet, self.row, FIRST + number, f"对象{number + 1}", bold=True, boxed=True)
        self.sheet.freeze_panes = self.sheet.cell(self.row + 1, FIRST)
        repeated = f"{self.row}:{self.row}"
        for id_, (label, how) in ABOUT.items():
            self._line(id_, label, how=how, open_=self.objects, options=(YES, NO) if id_ == "@reported" else ())
        for section in sections:
            self._section(section.title)
            for entry in section.entries:
                if isinstance(entry, Clause):
                    options = (AFFIRMED,)
                    self._line(
                        f"!{entry.rule}", entry.text, how="由人认定成立的才填", open_=self.objects, options=options
                    )
                else:
                    self._fact(entry)
        self._section("事实里没有的情况")
        self._line(OTHER, "其他情况(用文字写)", how="一行写一条", open_=self.objects)
        self.book.defined_names[MARK] = DefinedName(MARK, attr_text=f"'{RECORD}'!$A$1")
        set_up(self.sheet, landscape=True, repeated=repeated)

    def _section(self, title: str) -> None:
        from openpyxl.styles import PatternFill  # noqa: PLC0415

        self.row += 1
        put(self.sheet, self.row, 2, title, bold=True).fill = PatternFill("solid", fgColor=SHADE)

    def _fact(self, asked: Question) -> None:
        labels = tuple(asked.options.values())
        if asked.type == "set":
            how = f"一项也没有填“{NONE_OF_THEM}”;逐项查过填“{EACH_SEEN}”,有的在下面填“{YES}”"
            options = (NONE_OF_THEM, EACH_SEEN)
            self._line(asked.fact, asked.label, how=how, open_=self.objects, options=options)
            for key, label in asked.options.items():
                self._line(
                    f"{asked.fact}={key}", f"  · {label}", how=f"{YES}、{NO}", open_=self.objects, options=(YES, NO)
                )
        elif asked.type in ("enum", "boolean"):
            labels = labels or (YES, NO)
            self._line(asked.fact, asked.label, how="、".join(labels), open_=self.objects, options=labels)
        else:
            how = {"date": "日期,如 2026-11-20"}.get(asked.type, asked.allowed)
            self._line(asked.fact, asked.label, asked.unit or "", how, open_=self.objects)

    def _row(self, id_: str, label: str, unit: str, how: str, *, bold: bool = False) -> None:
        from openpyxl.styles import Font  # noqa: PLC0415

        self.row += 1
        for column, text in enumerate((id_, label, unit, how), 1):
            put(self.sheet, self.row, column, text, bold=bold, boxed=True)
        self.sheet.cell(self.row, 1).font = Font(size=6, color="FFAAAAAA")

    def _line(
        self, id_: str, label: str, unit: str = "", how: str = "", *, open_: int = 0, options: tuple[str, ...] = ()
    ) -> None:
        """A row with so many cells to fill in."""
        self._row(id_, label, unit, how)
        for number in range(open_):
            cell = put(self.sheet, self.row, FIRST + number, "", boxed=True)
            cell.value = None
            if id_ in (*HEAD, *ABOUT, OTHER) and id_ != "@observed_on":
                cell.number_format = "@"  # so that a number of a record is not read as a date
            if id_ == "@observed_on":
                cell.number_format = "yyyy-mm-dd"
            if options:
                self._choice(options).add(cell)

    def _choice(self, options: tuple[str, ...]) -> Any:
        """The list of a cell; it stands in the hidden sheet, since a list in the cell itself holds 255 characters."""
        from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

        if options not in self.choices:
            column = len(self.choices) + 1
            for row, text in enumerate(options, 1):
                put(self.lists, row, column, text)
            letter = self.lists.cell(1, column).column_letter
            made = DataValidation(
                "list", formula1=f"'{OPTIONS}'!${letter}$1:${letter}${len(options)}", allow_blank=True
            )
            made.error, made.errorTitle, made.showErrorMessage = "从列表里选,不知道就空着", "取值不对", True
            self.sheet.add_data_validation(made)
            self.choices[options] = made
        return self.choices[options]
