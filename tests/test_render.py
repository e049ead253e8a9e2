"""Pages as Markdown and HTML, and what happens where a package is not installed."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hazardrules import HazardRulesError, RuleBook
from hazardrules.judge import default_book
from hazardrules.outputs.excel import page_sheet
from hazardrules.outputs.filled import read_filled
from hazardrules.outputs.page import Fields, Group, Heading, Items, Page, Panel, Panels, Signs, Table, Text, printable
from hazardrules.outputs.render import to_html, to_markdown
from hazardrules.outputs.word import to_word

NASTY: Final = "<script>alert(1)</script> & \"引号\" '|' [x](y) *b* _i_ `c` ~~d~~ \\ # 1. {{ 7*7 }}"


def page(text: str) -> Page:
    """A page with the text in every place that there is."""
    return Page(
        text,
        text,
        (
            Heading(text),
            Text(text),
            Text(text, "warning"),
            Items((text, text), ordered=True),
            Items((text,)),
            Fields(((text, text), (text, ""))),
            Table(text, (text, text), (50, 50), (Group(text, ((text, text),)), Group("", ((text, text),)))),
            Panels((Panel(text, (text,)), Panel(text, (text, text)))),
            Signs(((text, text),)),
        ),
        marking=text,
    )


class Tags(HTMLParser):
    """Collects the tags and the text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:  # noqa: ARG002
        """Keep the tag."""
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.text.append(data)


def parsed(html: str) -> Tags:
    """A page as a browser reads it."""
    reading = Tags()
    reading.feed(html)
    return reading


def test_html_is_escaped_everywhere() -> None:
    """Whatever stands on a page, its tags are those of the template, and its text is the text."""
    plain, nasty = parsed(to_html(page("字"))), parsed(to_html(page(NASTY)))
    assert nasty.tags == plain.tags
    assert "script" not in nasty.tags
    assert sum(NASTY in text for text in nasty.text) == sum("字" in text for text in plain.text) - 1  # one is in CSS
    style = to_html(page(NASTY + "\n;}")).partition("<style>")[2].partition("</style>")[0]
    assert re.search(r'@top-center { content: "[^"\\<>{}&\n]*"; font:', style)


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=40))
def test_html_of_any_text(text: str) -> None:
    """The same for any text."""
    assert parsed(to_html(page(text))).tags == parsed(to_html(page("字"))).tags


def test_html_stands_alone() -> None:
    """A page refers to nothing outside itself, names its language, and prints on A4."""
    html = to_html(page("字"))
    assert 'lang="zh-CN"' in html
    assert not any(word in html for word in ("http", "src=", "href=", "@import", "url("))
    assert "size: A4;" in html
    assert "size: A4 landscape;" in to_html(Page("字", "", (), landscape=True))


def test_markdown_is_escaped_everywhere() -> None:
    """No character of a text means anything to Markdown."""
    text = to_markdown(page(NASTY))
    assert text.startswith("# \\<script\\>alert(1)\\</script\\> &amp; ")
    assert "<script" not in text.replace("\\<", "")
    table = [line for line in text.splitlines() if line.startswith("|")]
    assert all(line.replace("\\|", "").count("|") == 3 for line in table)
    for starts, escaped in (("# a", "\\# a"), ("- a", "\\- a"), ("1. a", "\\1. a"), ("+ a", "\\+ a"), ("=", "\\=")):
        assert to_markdown(Page("t", "", (Text(starts),))).endswith(f"\n{escaped}\n")
    assert to_markdown(Page("t", "", (Text("a\nb"),))).endswith("a<br>b\n")


def test_blocks() -> None:
    """Each kind of block has its form."""
    text = to_markdown(page("字"))
    for line in (
        "# 字",
        "> **字**",
        "## 字",
        "> 字",
        "1. 字",
        "2. 字",
        "- 字",
        "- 字:字",
        "- 字:＿＿＿＿＿＿＿＿",
        "**字**",
        "| 字 | 字 |",
        "|---|---|",
        "### 字",
        "- 字:字＿＿＿＿＿＿＿＿ 日期:＿＿＿＿＿＿＿＿",
    ):
        assert line in text.splitlines(), line


def test_what_cannot_be_printed() -> None:
    """Control characters, and those that turn text round, are replaced by a mark that can be seen; lines stay lines."""
    assert printable("a\x00b\x0bc\u202ed\u2066e\x1bf\x85") == "a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf\ufffd"
    assert printable("a\r\nb\tc\nd") == "a\nb c\nd"
    assert "\u202e" not in to_html(page("a\u202eb"))
    assert "\x0b" not in to_markdown(page("a\x0bb"))


@pytest.mark.parametrize(
    ("module", "name", "make"),
    [
        ("jinja2", "html", lambda book, _: book.card("机械").to_html()),
        ("docx", "word", lambda book, file: book.card("机械").to_word(file)),
        ("openpyxl", "excel", lambda book, file: book.checklist("机械").to_excel(file)),
        ("openpyxl", "excel", lambda _, file: read_filled(file)),
    ],
)
def test_missing_package(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    module: str,
    name: str,
    make: Callable[[RuleBook, Path], object],
) -> None:
    """Where an optional package is missing, the error says which extra brings it."""
    from hazardrules.outputs import render

    render._environment.cache_clear()
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(HazardRulesError, match=rf"pip install 'hazardrules\[{name}\]'"):
        make(default_book(), tmp_path / "文件")
    assert default_book().card("机械").to_markdown()
    render._environment.cache_clear()


def test_excel_of_every_block(tmp_path: Path) -> None:
    """A sheet holds every text of a page, whatever the block, each as a text."""
    book = openpyxl.Workbook()
    page_sheet(book.active, page("=1+1"))
    book.save(tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    texts = [cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert all(cell.data_type == "s" for row in sheet.iter_rows() for cell in row if cell.value is not None)
    assert sum("=1+1" in text for text in texts) == len(texts) == 24


def test_word_of_any_text(tmp_path: Path) -> None:
    """A Word file can be written whatever the texts are."""
    to_word(page(NASTY + "\x00\u202e\ud7ff"), tmp_path / "a.docx")
    assert (tmp_path / "a.docx").stat().st_size > 1000
