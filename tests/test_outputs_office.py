"""Word and Excel papers: what their files say, and that an office program opens and prints them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import unicodedata
import zipfile
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn

from hazardrules import classify
from hazardrules.judge import default_book
from hazardrules.outputs.card import Card
from hazardrules.outputs.checklist import Checklist
from hazardrules.outputs.notice import MARKING, Notice
from hazardrules.outputs.recordsheet import OPTIONS, RECORD

DAY: Final = date(2026, 11, 20)


@cache
def checklist() -> Checklist:
    """The checklist of an industry."""
    return default_book().checklist("机械", on=DAY)


@cache
def card() -> Card:
    """A card with much on it."""
    return default_book().card("煤矿", on=DAY)


@cache
def notice() -> Notice:
    """A notice whose names look like formulas and hold what no paper shows."""
    judgment = classify(
        {"dust.storeys": 3, "dust.structure": "brick"},
        industry="machinery",
        observed_on=DAY,
        other=['=HYPERLINK("x")\x0b后面', "+1", "<b>&"],
    )
    return judgment.to_notice(unit="=1+1", inspector="@甲\u202e乙")


def bare(text: str) -> str:
    """A text without white space, in one form."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def texts(file: Path) -> str:
    """All text of a Word file's body."""
    document: Any = docx.Document(str(file))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_word_checklist(tmp_path: Path) -> None:
    """A4 across, heading styles, a head row that repeats and rows that don't break, fonts for Chinese, every cell."""
    file = tmp_path / "表.docx"
    made = checklist()
    made.to_word(file)
    document: Any = docx.Document(str(file))
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    styles = [paragraph.style.name for paragraph in document.paragraphs if paragraph.style.name.startswith("Heading")]
    assert styles[0] == "Heading 1"
    assert styles.count("Heading 1") == 1
    assert styles.count("Heading 2") == len(made.parts) + 2  # what is not held, and what follows
    assert len(document.tables) == len(made.parts)
    for table in document.tables:
        first, *others = table.rows
        assert [cell.text for cell in first.cells] == [heading for _, heading in made.columns]
        assert first._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in (first, *others))
        assert all(row._tr.trPr.find(qn("w:tblHeader")) is None for row in others)
    text = texts(file)
    assert all(row.cell(id_, brief=True) in text for row in made.rows for id_, _ in made.columns)
    for name in ("Normal", "Heading 1", "Heading 2"):
        assert document.styles[name].element.rPr.rFonts.get(qn("w:eastAsia")) == "微软雅黑"
    assert document.core_properties.title == "机械重大事故隐患检查表"


def test_word_notice(tmp_path: Path) -> None:
    """The marking stands in the header of every page, and what cannot be shown is replaced, not lost silently."""
    file = tmp_path / "通知.docx"
    notice().to_word(file)
    document: Any = docx.Document(str(file))
    assert document.sections[0].header.paragraphs[0].text == MARKING
    assert not document.sections[0].different_first_page_header_footer
    text = texts(file)
    assert '=HYPERLINK("x")\ufffd后面' in text
    assert "@甲\ufffd乙" in text
    assert "<b>&" in text


def test_word_card(tmp_path: Path) -> None:
    """A card holds what the page holds, in columns."""
    file = tmp_path / "卡.docx"
    card().to_word(file)
    document: Any = docx.Document(str(file))
    counts = [section._sectPr.find(qn("w:cols")).get(qn("w:num")) for section in document.sections]
    assert counts == [None, str(card().columns), "1"] or counts[1:] == [str(card().columns), "1"]
    text = texts(file)
    assert all(title in text for group in card().groups for title in group.situations)


def test_excel_checklist(tmp_path: Path) -> None:
    """Every cell of the checklist, the head row repeated in print, A4 across as wide as the paper, and three sheets."""
    file = tmp_path / "表.xlsx"
    made = checklist()
    made.to_excel(file)
    book: Any = openpyxl.load_workbook(file)
    assert book.sheetnames == ["检查表", RECORD, OPTIONS]
    assert book[OPTIONS].sheet_state == "hidden"
    sheet = book["检查表"]
    assert sheet.page_setup.orientation == "landscape"
    assert str(sheet.page_setup.paperSize) == sheet.PAPERSIZE_A4
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = [heading for _, heading in made.columns]
    number = rows.index(head) + 1
    assert rows.count(head) == 1
    assert sheet.print_title_rows == f"${number}:${number}"
    assert sheet.freeze_panes == f"A{number + 1}"
    for row in made.rows:
        assert [row.cell(id_, brief=True) for id_, _ in made.columns] in rows
    assert all(cell.data_type == "s" for row in sheet.iter_rows() for cell in row if cell.value is not None)


def test_excel_text_is_no_formula(tmp_path: Path) -> None:
    """A text that begins like a formula is stored as text, and stays text when somebody edits the cell."""
    file = tmp_path / "表.xlsx"
    topics = {"=cmd|' /C calc'!A0": "=1+1", "*": ["@SUM(A1)", "+2", "-2"]}
    names = {"gongmao-2023": topics["=cmd|' /C calc'!A0"], "*": topics["*"]}
    default_book().checklist("机械", on=DAY, topic="=cmd|' /C calc'!A0", words=["粉尘"], departments=names).to_excel(
        file
    )
    book: Any = openpyxl.load_workbook(file)
    found = [c for sheet in book for row in sheet.iter_rows() for c in row if str(c.value)[:1] in ("=", "+", "-", "@")]
    shown = {cell.value for cell in found if not cell.value.startswith("@") or "SUM" in cell.value}
    assert {"=1+1", "=cmd|' /C calc'!A0重大事故隐患检查表"} <= shown
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in found)
    with zipfile.ZipFile(file) as parts:
        assert not any(b"<f>" in parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/"))


def test_an_office_program_prints_them(tmp_path: Path) -> None:
    """LibreOffice opens each file and prints it with its text; a card is one page, a notice is marked on each."""
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if soffice is None or shutil.which("pdftotext") is None:
        if os.environ.get("HAZARDRULES_REQUIRE_ALL") == "1":
            pytest.fail("LibreOffice or pdftotext is missing")
        pytest.skip("LibreOffice or pdftotext is not installed")
    made = checklist()
    made.to_excel(tmp_path / "excel.xlsx")
    made.to_word(tmp_path / "word.docx")
    card().to_word(tmp_path / "card.docx")
    notice().to_word(tmp_path / "notice.docx")
    files = sorted(str(file) for file in tmp_path.iterdir())
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    run = [soffice, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path / "pdf"), *files]
    subprocess.run(run, check=True, capture_output=True, timeout=300)  # noqa: S603  # our own files
    pages = {file.stem: printed(file) for file in (tmp_path / "pdf").glob("*.pdf")}
    assert set(pages) == {"excel", "word", "card", "notice"}
    for stem in ("excel", "word"):
        text = "".join(pages[stem])
        assert made.title in text
        assert "《工贸企业重大事故隐患判定标准》(应急管理部令第10号)" in text
        assert all(heading in page for page in pages[stem][:3] for _, heading in made.columns)
        assert re.search(rf"第1页共{len(pages[stem])}页", text)
    assert RECORD in "".join(pages["excel"])
    assert len(pages["card"]) == 1
    assert card().title in pages["card"][0]
    assert all(bare(MARKING) in page for page in pages["notice"])
    assert "=1+1:" in pages["notice"][0]


def printed(file: Path) -> list[str]:
    """The text of each page of a PDF."""
    run = ["pdftotext", "-layout", str(file), "-"]
    text = subprocess.run(run, capture_output=True, check=True).stdout.decode()  # noqa: S603
    return [bare(page) for page in text.split("\f")[:-1]]
