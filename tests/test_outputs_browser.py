"""The HTML papers in a real browser: their structure for those who hear them, their look, and what the printer gets."""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
import unicodedata
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest

from hazardrules import classify
from hazardrules.judge import default_book
from hazardrules.outputs.checklist import Checklist
from hazardrules.outputs.notice import MARKING, Notice

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

DAY: Final = date(2026, 11, 20)
ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
POINT: Final = 72 / 25.4
"""A millimetre in the points of a PDF."""


def missing(what: str) -> None:
    """Skip, or fail where everything must be there."""
    if os.environ.get("HAZARDRULES_REQUIRE_ALL") == "1":
        pytest.fail(f"{what} is missing")
    pytest.skip(f"{what} is not installed")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    sync_api = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        missing("Chromium")
    if shutil.which("pdftotext") is None:
        missing("pdftotext")
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that fails the test where the browser complains or asks the network for anything."""
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "request", lambda request: complaints.append(request.url) if not request.url.startswith("file:") else None
    )
    yield opened
    opened.close()
    assert complaints == []


def shown(page: Page, folder: Path, text: str) -> None:
    """Load a paper from a file, as a user does."""
    file = folder / "paper.html"
    file.write_text(text, encoding="utf-8")
    page.goto(file.as_uri())


def checklist(industry: str = "机械") -> Checklist:
    """A checklist of the national rule book."""
    return default_book().checklist(industry, on=DAY)


def notice() -> Notice:
    """A notice in which much occurs: findings, a general hazard, open criteria, the nearest clauses, marks in names."""
    judgment = classify(
        {"dust.storeys": 3, "dust.structure": "brick", "dust.gathering": ["office"], "contractor.coordinated": True},
        industry="machinery",
        observed_on=DAY,
        other=["三个螺栓<b>松动</b>", "地面有油 & 水"],
        asserted=["gongmao-2023.3.2"],
        ref="2026-SD-0001",
    )
    return judgment.to_notice(unit='<script>alert("厂")</script>', inspector=["甲", "乙"], place="一号车间")


PAPERS: Final = {
    "checklist": lambda: checklist().to_html(),
    "topic": lambda: (
        default_book()
        .checklist(on=DAY, topic="外包外租", words=["承包"], columns=["查什么", "谁去查", "怎么查"])
        .to_html()
    ),
    "card": lambda: default_book().card("煤矿", on=DAY).to_html(),
    "notice": lambda: notice().to_html(),
}


@pytest.mark.parametrize("paper", PAPERS)
def test_structure(page: Page, tmp_path: Path, paper: str) -> None:
    """One title, headings that skip no level, a language, every table with a name, column heads and row heads."""
    shown(page, tmp_path, PAPERS[paper]())
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert page.get_by_role("heading", level=1).count() == 1
    levels = [int(tag[1]) for tag in page.locator("h1,h2,h3,h4,h5,h6").evaluate_all("all => all.map(e => e.tagName)")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert page.title() == page.get_by_role("heading", level=1).inner_text()
    for table in page.get_by_role("table").all():
        heads = table.get_by_role("columnheader").all_inner_texts()
        assert len(heads) == len(set(heads)) >= 3
        rows = table.locator("tbody tr:not(:has(th.group))")
        assert rows.count() == table.get_by_role("rowheader").count() - table.locator("th.group").count()
        assert set(rows.evaluate_all("all => all.map(e => e.children.length)")) == {len(heads)}
        assert table.locator("caption").inner_text()
    assert (page.get_by_role("table").count() > 0) is (paper in ("checklist", "topic"))


def test_the_table_is_heard(page: Page, tmp_path: Path) -> None:
    """What a screen reader gets of a checklist: the table by its caption, and its cells by their heads."""
    shown(page, tmp_path, PAPERS["topic"]())
    name = "《工贸企业重大事故隐患判定标准》(应急管理部令第10号):1项"
    tree = page.get_by_role("table", name=name).aria_snapshot()
    assert re.search(r"columnheader .*查什么.*\n.*columnheader .*谁去查.*\n.*columnheader .*怎么查", tree)
    assert re.search(r"rowheader .*管理类", tree)
    assert re.search(r"rowheader .*企业对承包单位、承租单位的安全生产工作实行统一协调、管理", tree)
    assert re.search(r"cell .*应急管理部\(标准发布机关\)", tree)


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("paper", PAPERS)
def test_nothing_runs_out_of_the_window(page: Page, tmp_path: Path, paper: str, width: int) -> None:
    """The page is never wider than the window, of a desk or of a telephone; a wide table scrolls by itself."""
    page.set_viewport_size({"width": width, "height": 800})
    shown(page, tmp_path, PAPERS[paper]())
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_users_wrote_is_text(page: Page, tmp_path: Path) -> None:
    """Names and conditions that look like HTML are shown as they were written, and nothing of them runs."""
    shown(page, tmp_path, notice().to_html())
    assert page.locator("script, b").count() == 0
    assert page.get_by_text('<script>alert("厂")</script>', exact=True).count() == 1
    assert page.get_by_text("“三个螺栓<b>松动</b>”、“地面有油 & 水”", exact=True).count() == 1


class Word(NamedTuple):
    """A word of a PDF with the box of its ink, in points from the upper left corner of its page."""

    left: float
    top: float
    right: float
    bottom: float
    text: str

    @classmethod
    def of(cls, box: list[str], text: str) -> Word:
        """From the box that its font takes, which for Chinese is more than twice as tall as its ink."""
        left, top, right, bottom = map(float, box)
        middle, half = (top + bottom) / 2, (bottom - top) * 0.17
        return cls(left, middle - half, right, middle + half, bare(html.unescape(text)))


class Sheet(NamedTuple):
    """A page of a PDF."""

    width: float
    height: float
    words: list[Word]


def printed(page: Page, folder: Path) -> list[Sheet]:
    """What the browser prints, page by page."""
    file = folder / "paper.pdf"
    page.pdf(path=file, format="A4", prefer_css_page_size=True)
    run = ["pdftotext", "-bbox", str(file), "-"]
    text = subprocess.run(run, capture_output=True, check=True).stdout.decode()  # noqa: S603
    sheets = []
    for part in text.split("<page ")[1:]:
        width, height = (float(number) for number in re.findall(r'(?:width|height)="([\d.]+)"', part)[:2])
        words = [
            Word.of(box, said)
            for *box, said in re.findall(
                r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>', part
            )
        ]
        sheets.append(Sheet(width, height, words))
    return sheets


def bare(text: str) -> str:
    """A text without white space, in one form."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def read(words: list[Word]) -> str:
    """The words line by line."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda w: (w.top + w.bottom) / 2):
        middle = (word.top + word.bottom) / 2
        if lines and abs((lines[-1][-1].top + lines[-1][-1].bottom) / 2 - middle) < 3:
            lines[-1].append(word)
        else:
            lines.append([word])
    return "".join(word.text for line in lines for word in sorted(line))


def inside(sheets: list[Sheet], side: float, top: float) -> None:
    """No word stands in the margins (by more than half a millimetre), except the lines that belong there."""
    for sheet in sheets:
        for word in sheet.words:
            assert side * POINT - 1.4 <= word.left, word
            assert word.right <= sheet.width - side * POINT + 1.4, word
        body = [w for w in sheet.words if top * POINT - 1 <= w.top and w.bottom <= sheet.height - top * POINT + 1]
        margin = read([word for word in sheet.words if word not in body])
        assert re.fullmatch(rf"({re.escape(bare(MARKING))})?(第\d+页共\d+页)?", margin), margin


@pytest.mark.parametrize("industry", ["机械", "井工煤矿"])
def test_every_cell_is_printed_whole(page: Page, tmp_path: Path, industry: str) -> None:
    """On A4 across, every cell of a checklist stands whole on one page, under the heads of its columns."""
    made = checklist(industry)
    shown(page, tmp_path, made.to_html())
    edges = (
        page.locator("thead").first.locator("th").evaluate_all("all => all.map(e => e.getBoundingClientRect().left)")
    )
    whole = page.locator("table").first.evaluate("e => e.getBoundingClientRect().width")
    starts = [(edge - edges[0]) / whole for edge in edges]
    sheets = printed(page, tmp_path)
    inside(sheets, side=12, top=15)
    assert {(round(sheet.width), round(sheet.height)) for sheet in sheets} == {(842, 595)}
    columns: list[list[str]] = []
    for sheet in sheets:
        left, room = 12 * POINT, sheet.width - 24 * POINT
        bounds = [left + room * start for start in starts] + [sheet.width]
        columns.append(
            [read([word for word in sheet.words if low - 1 <= word.left < high - 1]) for low, high in pairwise(bounds)]
        )
    for row in made.rows:
        cells = [bare(row.cell(id_, brief=True)) for id_, _ in made.columns]
        assert any(all(cell in text for cell, text in zip(cells, page_, strict=True)) for page_ in columns), row.rule
    heads = [bare(heading) for _, heading in made.columns]
    of_tables = [
        page_ for page_, sheet in zip(columns, sheets, strict=True) if any("即:" in w.text for w in sheet.words)
    ]
    assert len(of_tables) > 5
    assert all(head in text for page_ in of_tables for head, text in zip(heads, page_, strict=True))


@pytest.mark.parametrize(
    "industry", ["机械", "煤矿", "工贸", "金属非金属矿山", "地铁", "民政", "火电", "医药", "房屋市政工程"]
)
def test_a_card_is_one_page(page: Page, tmp_path: Path, industry: str) -> None:
    """A card prints as one page of A4, in print that can be read, with all that it says and a count of the rest."""
    card = default_book().card(industry, on=DAY)
    shown(page, tmp_path, card.to_html())
    (sheet,) = printed(page, tmp_path)
    inside([sheet], side=10, top=9)
    assert (round(sheet.width), round(sheet.height)) == (595, 842)
    words = bare(
        " ".join(word.text for word in sorted(sheet.words, key=lambda w: (round(w.left > 297), w.top, w.left)))
    )
    assert all(bare(title) in words for group in card.groups for title in group.situations)
    left_out = re.search(rf"另有{card.left_out}条见检查表", words)
    assert bool(left_out) is bool(card.left_out)
    assert card.points >= 7


def test_a_notice_is_marked_on_every_page(page: Page, tmp_path: Path) -> None:
    """Every page of a notice says that it is a draft, and every line of it stands whole on a page."""
    made = notice()
    shown(page, tmp_path, made.to_html())
    sheets = printed(page, tmp_path)
    inside(sheets, side=12, top=15)
    assert len(sheets) > 1
    texts = [read(sheet.words) for sheet in sheets]
    assert all(text.startswith(bare(MARKING)) for text in texts)
    assert all(f"第{number}页共{len(sheets)}页" in text for number, text in enumerate(texts, 1))
    everything = "".join(texts)
    for finding in made.judgment.findings:
        assert bare(finding.citation) in everything
