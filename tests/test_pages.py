"""Pages that the program makes are as it makes them now, and the README's numbers are those of the rule book."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hazardrules import RuleBook
from hazardrules.catalogue import coverage_page
from hazardrules.cli import app
from hazardrules.transition import transition_page

ROOT = Path(__file__).parents[1]
BOOK = RuleBook.load()


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_coverage_page_is_current() -> None:
    """``docs/coverage.md`` is what the command writes for its day."""
    text = page("docs/coverage.md")
    (day,) = re.findall(r"按 (\S+) 有效的文件列出", text)
    assert coverage_page(BOOK, date.fromisoformat(day)) == text


def test_the_page_of_the_provinces_is_current() -> None:
    """``docs/provinces.md`` is what the command writes, and tells of every pack that comes with the library."""
    result = CliRunner().invoke(app, ["packs", "--markdown"])
    assert result.exit_code == 0
    assert result.stdout == page("docs/provinces.md")
    packs = {path.parent.name for path in (ROOT / "rules").glob("*/pack.yaml")} - {"national"}
    assert set(re.findall(r"^\| `(\S+)` \|", result.stdout, re.MULTILINE)) == packs


def test_the_coal_page_is_current() -> None:
    """``docs/coal-2020-2026.md`` is what the command writes; it tells what is gone, and what the examples become."""
    text = page("docs/coal-2020-2026.md")
    assert transition_page(BOOK, date(2026, 6, 30), date(2026, 7, 1), "煤矿") == text
    assert "| 删去 | `coal-2020.4.2`" in text
    assert re.search(r"\d+ 个正例:仍为重大 \d+,待定 \d+,一般 \d+。", text)


def test_the_command_writes_the_page() -> None:
    """One industry must be named."""
    result = CliRunner().invoke(app, ["diff", "2023-05-14", "2023-05-15", "--markdown"])
    assert result.exit_code == 2
    result = CliRunner().invoke(app, ["diff", "2023-05-14", "2023-05-15", "-i", "工贸", "--markdown"])
    assert result.exit_code == 0
    assert "`gongmao-2023.12.2`" in result.stdout


def test_the_readme_counts_what_is_held() -> None:
    """Documents, criteria, facts and examples."""
    text = page("README.md")
    rules = BOOK.rules()
    manual = sum(rule.manual for rule in rules)
    draft = sum(rule.status == "draft" and not rule.manual for rule in rules)
    elements = [element for document in BOOK.documents.values() for element in document.elements]
    examples = sum(len(rule.examples) for rule in (*rules, *elements))
    line = (
        f"{len(BOOK.documents)} 个文件,{len(rules)} 条判定情形"
        f"(其中 {manual} 条只能由人认定,{draft} 条只有第二手文字、不影响级别),"
        f"{len(BOOK.facts)} 个观测事实,{examples} 个例子。"
    )
    assert line in text
    assert f"{len(BOOK.documents)} documents with {len(rules):,} criteria" in page("README.en.md")


@pytest.mark.parametrize("industry", [one.label for one in BOOK.industries.values()])
def test_every_industry_is_judged_or_told_as_a_gap(industry: str) -> None:
    """Asked for any industry, with nothing but a day, the book has criteria for it, or says what to look at."""
    from hazardrules import classify

    judgment = classify(industry=industry, observed_on="2026-11-20")
    own = [one for one in judgment.checked if "*" not in BOOK.documents[one.document].industries]
    held = [one for one in own if BOOK.documents[one.document].rules]
    assert held or judgment.gaps
    assert all(gap.text for gap in judgment.gaps)
