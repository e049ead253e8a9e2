"""Pages as Word files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hazardrules.outputs.page import (
    Block,
    Fields,
    Heading,
    Items,
    Page,
    Panels,
    Signs,
    Table,
    Text,
    printable,
)
from hazardrules.outputs.render import BLANK, extra

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

__all__ = ["to_word"]

LATIN: Final = "Arial"
CHINESE: Final = "微软雅黑"
LONG: Final = 297
SHORT: Final = 210
"""The sides of A4 in millimetres."""


def to_word(page: Page, path: str | Path) -> None:
    """Write the page as a Word file (A4, heading styles, table heads that repeat, fonts for Chinese).

    :raises HazardRulesError: where python-docx is not installed.
    """
    with extra("word"):
        from docx import Document as new_document  # noqa: N813, PLC0415  # optional

    writer = _Writer(new_document(), page)
    writer.write()
    writer.document.save(str(path))


class _Writer:
    """Writes one page."""

    def __init__(self, document: Document, page: Page) -> None:
        self.document, self.page = document, page

    def write(self) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415

        self._paper()
        self._styles()
        self._margins()
        self.document.add_heading(printable(self.page.title), 1).alignment = WD_ALIGN_PARAGRAPH.CENTER
        if self.page.marking:
            self._paragraph(self.page.marking, bold=True).alignment = WD_ALIGN_PARAGRAPH.CENTER
        if self.page.subtitle:
            self._paragraph(self.page.subtitle).alignment = WD_ALIGN_PARAGRAPH.CENTER
        for block in self.page.blocks:
            self._block(block)

    def _paper(self) -> None:
        from docx.enum.section import WD_ORIENT  # noqa: PLC0415
        from docx.shared import Mm  # noqa: PLC0415

        section = self.document.sections[0]
        wide = self.page.landscape
        section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = (Mm(LONG), Mm(SHORT)) if wide else (Mm(SHORT), Mm(LONG))
        side = Mm(10 if self.page.card else 15)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = side
        section.header_distance = section.footer_distance = Mm(6)

    def _styles(self) -> None:
        from docx.shared import Pt, RGBColor  # noqa: PLC0415

        properties = self.document.core_properties
        properties.title, properties.language = printable(self.page.title), "zh-CN"
        properties.author = properties.comments = ""
        sizes = {"Normal": 1.0, "Heading 1": 1.75, "Heading 2": 1.25, "Heading 3": 1.1, "Caption": 1.0}
        for name, times in sizes.items():
            style: Any = self.document.styles[name]
            style.font.size, style.font.name = Pt(self.page.points * times), LATIN
            style.font.color.rgb = RGBColor(0, 0, 0)
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(_name(theme), None)
            fonts.set(_name("eastAsia"), CHINESE)
            style.paragraph_format.space_after = Pt(1 if self.page.card else 3)
            style.paragraph_format.space_before = Pt(0 if name == "Normal" else 4)

    def _margins(self) -> None:
        """The marking at the top and the number of the page at the bottom of each."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415

        section = self.document.sections[0]
        if self.page.marking:
            head = section.header.paragraphs[0]
            head.alignment = WD_ALIGN_PARAGRAPH.CENTER
            self._run(head, self.page.marking, bold=True)
        if not self.page.card:
            foot = section.footer.paragraphs[0]
            foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
            for before, field in (("第", "PAGE"), ("页 共", "NUMPAGES")):
                self._run(foot, before)
                _field(foot, field)
            self._run(foot, "页")

    def _block(self, block: Block) -> None:
        match block:
            case Heading(text, level):
                self.document.add_heading(printable(text), level)
            case Text(text, kind):
                self._paragraph(text, bold=kind == "warning")
            case Items(items, ordered):
                for number, item in enumerate(items, 1):
                    self._item(item, f"{number}." if ordered else "•")
            case Fields(pairs):
                for label, value in pairs:
                    paragraph = self._paragraph(f"{label}:", bold=True)
                    self._run(paragraph, value or BLANK)
            case Signs(lines):
                for label, value in lines:
                    self._paragraph(f"{label}:{value}{BLANK} 日期:{BLANK}")
            case Table():
                self._table(block)
            case Panels():
                self._panels(block)

    def _run(self, paragraph: Paragraph, text: str, *, bold: bool = False) -> None:
        paragraph.add_run(printable(text)).bold = bold or None

    def _paragraph(self, text: str, *, bold: bool = False) -> Paragraph:
        paragraph = self.document.add_paragraph()
        self._run(paragraph, text, bold=bold)
        return paragraph

    def _item(self, text: str, mark: str, points: float | None = None) -> None:
        from docx.shared import Pt  # noqa: PLC0415

        paragraph = self._paragraph(f"{mark}\t{text}")
        indent = Pt(1.8 * (points or self.page.points))
        paragraph.paragraph_format.left_indent = indent
        paragraph.paragraph_format.first_line_indent = -indent
        paragraph.paragraph_format.tab_stops.add_tab_stop(indent)
        if points is not None:
            paragraph.runs[0].font.size = Pt(points)
            paragraph.paragraph_format.space_after = Pt(0)

    def _table(self, block: Table) -> None:
        from docx.shared import Mm  # noqa: PLC0415

        caption = self.document.add_paragraph(printable(block.caption), style="Caption")
        caption.paragraph_format.keep_with_next = True
        table: Any = self.document.add_table(0, len(block.head), style="Table Grid")
        table.autofit = False
        width = (LONG if self.page.landscape else SHORT) - 30
        widths = [Mm(width * share / sum(block.shares)) for share in block.shares]
        for column, one in zip(table.columns, widths, strict=True):
            column.width = one
        self._row(table, block.head, widths, head=True)
        for group in block.groups:
            if group.title:
                row = table.add_row()
                cell = row.cells[0].merge(row.cells[-1])
                self._run(cell.paragraphs[0], group.title, bold=True)
                cell.paragraphs[0].paragraph_format.keep_with_next = True
                _set(row._tr.get_or_add_trPr(), "cantSplit")  # noqa: SLF001  # python-docx has no name for it
                _shade(cell)
            for cells in group.rows:
                self._row(table, cells, widths)

    def _row(self, table: Any, cells: tuple[str, ...], widths: list[Any], *, head: bool = False) -> None:
        row = table.add_row()
        properties = row._tr.get_or_add_trPr()  # noqa: SLF001  # python-docx has no name for these
        _set(properties, "cantSplit")
        if head:
            _set(properties, "tblHeader")
        for cell, text, width in zip(row.cells, cells, widths, strict=True):
            cell.width = width
            self._run(cell.paragraphs[0], text, bold=head)
            if head:
                _shade(cell)

    def _panels(self, block: Panels) -> None:
        """Lists side by side: a section of its own, with columns."""
        from docx.enum.section import WD_SECTION  # noqa: PLC0415
        from docx.shared import Pt  # noqa: PLC0415

        _columns(self.document.add_section(WD_SECTION.CONTINUOUS), block.columns)
        for panel in block.panels:
            heading = self.document.add_heading(level=3)
            heading.paragraph_format.space_before = Pt(2)
            heading.paragraph_format.space_after = Pt(0)
            heading.add_run(printable(panel.title)).font.size = Pt(block.points)
            for item in panel.items:
                self._item(item, "•", block.points)
        _columns(self.document.add_section(WD_SECTION.CONTINUOUS), 1)


def _name(tag: str) -> str:
    from docx.oxml.ns import qn  # noqa: PLC0415

    return str(qn(f"w:{tag}"))


def _element(tag: str, **attributes: str) -> Any:
    from docx.oxml import OxmlElement  # noqa: PLC0415

    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(_name(name), value)
    return made


def _set(properties: Any, tag: str) -> None:
    """A property of a table row that is there or not."""
    properties.append(_element(tag))


def _shade(cell: Any) -> None:
    cell._tc.get_or_add_tcPr().append(_element("shd", val="clear", color="auto", fill="F0F2F5"))  # noqa: SLF001


def _columns(section: Any, count: int) -> None:
    properties = section._sectPr  # noqa: SLF001  # python-docx has no name for columns
    for old in properties.findall(_name("cols")):
        properties.remove(old)
    properties.append(_element("cols", num=str(count), space="400"))


def _field(paragraph: Paragraph, code: str) -> None:
    """A field that the word processor works out, such as the number of the page."""
    run = paragraph.add_run()._r  # noqa: SLF001  # python-docx has no name for fields
    run.append(_element("fldChar", fldCharType="begin"))
    text = _element("instrText")
    text.text = code
    run.append(text)
    run.append(_element("fldChar", fldCharType="end"))
