"""The commands checklist, card and notice: forms by the name of the file, options, and how they end."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import docx
import openpyxl
import pytest
from typer.testing import CliRunner

from hazardrules import classify
from hazardrules.cli import app
from hazardrules.outputs.notice import MARKING
from hazardrules.outputs.recordsheet import RECORD

RUNNER: Final = CliRunner(env={"COLUMNS": "1000", "NO_COLOR": "1"})
ON: Final = ("--on", "2026-11-20")


def run(*arguments: str | Path, code: int = 0, stdin: str | None = None) -> Any:
    """The command line's result; its exit code is ``code``, and no exception but an exit left it."""
    result = RUNNER.invoke(app, [str(argument) for argument in arguments], input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    assert result.exit_code == code, result.output
    return result


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A judgment as ``classify --json`` prints it."""
    facts = {"dust.storeys": 3, "dust.structure": "brick"}
    file = tmp_path / "结论.json"
    judgment = classify(facts, industry="machinery", observed_on="2026-11-20")
    file.write_text(judgment.model_dump_json(), encoding="utf-8")
    return file


def test_checklist_of_an_industry() -> None:
    """Without a file it is Markdown, by the law of the day."""
    text = run("checklist", "-i", "机械", *ON).output
    assert text.startswith("# 机械重大事故隐患检查表\n")
    assert "按2026年11月20日有效的文件,71项" in text


def test_checklist_of_a_topic() -> None:
    """Words, phrases that don't count, a title, and columns."""
    arguments = ("-t", "承包", "-t", "出租", "--without", "出租汽车", "--title", "外包外租", "--column", "查什么")
    text = run("checklist", *arguments, "--column", "怎么查", *ON).output
    assert text.startswith("# 外包外租重大事故隐患检查表\n")
    assert "| 查什么 | 怎么查 |" in text
    assert "网约车" not in text
    assert run("checklist", "-t", "承包", *ON).output.startswith("# 承包重大事故隐患检查表\n")


@pytest.mark.parametrize("form", ["md", "html", "docx", "xlsx", "HTML"])
def test_checklist_files(tmp_path: Path, form: str) -> None:
    """The name of the file says which form it gets; its name is printed."""
    file = tmp_path / f"表.{form}"
    assert run("checklist", "-i", "烟花爆竹", *ON, "-o", file).output.strip() == str(file)
    if form == "docx":
        content = docx.Document(str(file)).paragraphs[0].text
    elif form == "xlsx":
        content = openpyxl.load_workbook(file).worksheets[0]["A1"].value
    else:
        content = file.read_text(encoding="utf-8")
    assert "烟花爆竹重大事故隐患检查表" in content


def test_objects_of_the_record(tmp_path: Path) -> None:
    """The number of objects of the sheet to fill in can be chosen."""
    run("checklist", "-i", "渔船", *ON, "--objects", "5", "-o", tmp_path / "a.xlsx")
    heads = [cell.value for row in openpyxl.load_workbook(tmp_path / "a.xlsx")[RECORD].iter_rows() for cell in row]
    assert {"对象1", "对象5"} <= set(heads)
    assert "对象6" not in heads
    assert (
        "对象的个数应是" in run("checklist", "-i", "渔船", "--objects", "0", "-o", tmp_path / "b.xlsx", code=1).output
    )


def test_card(tmp_path: Path) -> None:
    """A card as Markdown, and as a file."""
    assert run("card", "-i", "煤矿", *ON, "-r", "山东").output.startswith("# 煤矿重大事故隐患提示卡\n\n山东省\n")
    run("card", "-i", "煤矿", *ON, "-o", tmp_path / "卡.html")
    assert "<h1>煤矿重大事故隐患提示卡</h1>" in (tmp_path / "卡.html").read_text(encoding="utf-8")


def test_notice(tmp_path: Path, saved: Path) -> None:
    """A notice from a saved judgment, a file or the standard input, with what was given and blanks for the rest."""
    given = ("--unit", "某厂", "--place", "一号车间", "--inspector", "甲", "--inspector", "乙", "--authority", "某局")
    text = run("notice", saved, *given, "--number", "某〔2026〕1号").output
    for words in (
        "被检查单位:某厂",
        "检查地点:一号车间",
        "检查人员:甲、乙",
        "签发机关:某局",
        "文书编号:某〔2026〕1号",
        MARKING,
    ):
        assert words in text
    assert "被检查单位:＿" in run("notice", "-", stdin=saved.read_text(encoding="utf-8")).output
    run("notice", saved, "-o", tmp_path / "通知.docx")
    assert docx.Document(str(tmp_path / "通知.docx")).sections[0].header.paragraphs[0].text == MARKING


def test_wrong_usage(tmp_path: Path, saved: Path) -> None:
    """Neither industry nor topic, an unknown form, a folder that isn't there, a file that is no judgment."""
    assert "用 -i 给出行业,或者用 --topic 给出专题的关键词" in run("checklist", code=2).output
    assert "用 -i 给出行业" in run("card", code=2).output
    told = run("card", "-i", "煤矿", "-o", tmp_path / "卡.xlsx", code=2).output
    assert "不认识的扩展名 .xlsx;可用:.md、.html、.docx" in told
    assert "不认识的扩展名 (没有)" in run("notice", saved, "-o", tmp_path / "通知", code=2).output
    assert "文件写不进去" in run("card", "-i", "煤矿", "-o", tmp_path / "没有" / "卡.md", code=1).output
    assert "没有行业 '煤框'" in run("card", "-i", "煤框", code=1).output
    assert "没有列 '查啥'" in run("checklist", "-i", "煤矿", "--column", "查啥", code=1).output
    (tmp_path / "a.json").write_text("{}", encoding="utf-8")
    assert "不是判定结论的 JSON" in run("notice", tmp_path / "a.json", code=1).output
    assert "文件读不出来" in run("notice", tmp_path / "没有.json", code=1).output
    assert "unit 要是文字" in run("notice", saved, "--unit", " ", code=1).output
