"""files/ and filing.py: files of observations, judged row by row, whatever format, encoding, fault or interruption."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any, Final

import openpyxl
import pyarrow as pa
import pytest
from pyarrow import parquet
from typer.testing import CliRunner

from hazardrules import HazardRulesError, classify
from hazardrules.cli import app
from hazardrules.errors import InputError
from hazardrules.files import excel, judging, run, text
from hazardrules.files.columns import ARGUMENTS
from hazardrules.files.excel import Checklist, Excel, write_workbook
from hazardrules.files.faults import FileError
from hazardrules.files.run import Progress, Summary, classify_file, format_of
from hazardrules.files.sources import Csv, JsonLines, Parquet, Source
from hazardrules.judge import default_book
from hazardrules.outputs.checklist import make_checklist
from hazardrules.outputs.recordsheet import FIRST, RECORD, YES
from hazardrules.pack.content import FactDef

RUN: Final = CliRunner(env={"COLUMNS": "1000", "NO_COLOR": "1"})
DAY: Final = "2026-11-20"
MIDNIGHT: Final = datetime(2026, 11, 20)  # noqa: DTZ001  # days of spreadsheets have no time zone
FORMATS: Final = ("csv", "jsonl", "parquet", "xlsx")
HEADER: Final = (
    "编号",
    "行业",
    "检查日期",
    "地区",
    "上报",
    "其他",
    "人工认定",
    "dust.storeys",
    "dust.structure",
    "粉尘爆炸危险场所内设置的人员聚集场所",
    "dust.collector_controls",
    "ammonia.freezer_separate_room",
    "ammonia.freezer_room_workers",
    "fire_evacuation.exit_width",
)
ROWS: Final = (
    ("a1", "机械", DAY, "", "", "", "", "3", "砖混结构", "", "", "", "", ""),
    ("a2", "机械", DAY, "山东", "是", "", "", "3", "frame", "[]", "", "", "", ""),
    ("a3", "轻工;机械", "2023-05-14", "", "否", "", "", "1", "框架结构", "员工宿舍、办公室", "泄爆;惰化", "", "", ""),
    ("a4", "", "", "", "", "三个螺栓松动;灯不亮", "", "", "", "", "", "", "", ""),
    ("a5", "轻工", DAY, "370200", "否", "", "", "", "", "", "", "否", "10", "0.10"),
    ("a6", "machinery", DAY, "", "false", "", "gongmao-2023.14", "", "", "meeting", '["venting"]', "true", "9", ""),
    ("a7", "机械", DAY, "", "否", "", "", "1", "框架结构", "[]", "", "", "", ""),
    ("=1+1", "机械", DAY, "", "", "", "", "3", "", "", "", "", "", "1.10"),
)
"""Rows as texts; every argument and every type of fact occurs."""


def call(row: Sequence[str]) -> dict[str, Any]:
    """The arguments of ``classify()`` that a row means, put down by hand."""
    given = dict(zip(HEADER, row, strict=True))
    facts: dict[str, Any] = {}
    for name in HEADER[7:]:
        value: Any = given[name]
        if value == "":
            continue
        if name in ("dust.storeys", "ammonia.freezer_room_workers", "fire_evacuation.exit_width"):
            value = Decimal(value)
        elif name in (HEADER[9], "dust.collector_controls"):
            value = {
                "[]": [],
                "员工宿舍、办公室": ["员工宿舍", "办公室"],
                "泄爆;惰化": ["venting", "inerting"],
                "meeting": ["meeting"],
                '["venting"]': ["venting"],
            }[value]
        elif name == "ammonia.freezer_separate_room":
            value = value in ("是", "true")
        facts[name] = value
    found: dict[str, Any] = {"facts": facts, "observed_on": given["检查日期"] or DAY}
    if given["行业"]:
        found["industry"] = given["行业"].split(";")
    if given["地区"]:
        found["region"] = given["地区"]
    if given["上报"]:
        found["reported"] = given["上报"] == "是"
    if given["其他"]:
        found["other"] = given["其他"].split(";")
    if given["人工认定"]:
        found["asserted"] = [given["人工认定"]]
    return found


def verdict(**arguments: Any) -> tuple[Any, ...]:
    """What ``classify()`` says, as the columns tell it."""
    judgment = classify(**arguments)
    due = judgment.deadline.due_on.isoformat() if judgment.deadline else ""
    rules = ";".join(finding.rule for finding in judgment.findings)
    return judgment.level.value, judgment.conclusive, rules, due, len(judgment.open)


EXPECTED: Final = [("", *verdict(**call(row))) for row in ROWS]


def write(path: Path, header: Sequence[str], rows: Sequence[Sequence[Any]], encoding: str = "utf-8") -> Path:
    """The rows in the format of the file's suffix, empty cells unknown."""
    if path.suffix == ".csv":
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows([header, *rows])
    elif path.suffix == ".jsonl":
        objects: list[dict[str, Any]] = [{k: v for k, v in zip(header, row, strict=True) if v != ""} for row in rows]
        path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects), encoding=encoding)
    elif path.suffix == ".parquet":
        columns = zip(*rows, strict=True)
        table = pa.table({n: pa.array([v or None for v in c]) for n, c in zip(header, columns, strict=True)})
        parquet.write_table(table, path, row_group_size=3)
    else:
        book = openpyxl.Workbook()
        for row in [header, *rows]:
            book.active.append([None if cell == "" else cell for cell in row])
            for cell in book.active[book.active.max_row]:
                if isinstance(cell.value, str):
                    cell.data_type = "s"
        book.save(path)
    return path


def jsonl_rows() -> list[dict[str, Any]]:
    """The rows in the types of JSON."""
    found = []
    for row in ROWS:
        arguments = call(row)
        facts = {k: float(v) if isinstance(v, Decimal) else v for k, v in arguments.pop("facts").items()}
        if not row[2]:
            del arguments["observed_on"]
        found.append({"ref": row[0], **arguments, **facts})
    return found


def source(folder: Path, kind: str) -> Path:
    """The rows as a file."""
    path = folder / f"in.{kind}"
    if kind != "jsonl":
        return write(path, HEADER, ROWS)
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in jsonl_rows()), encoding="utf-8")
    return path


def read(path: Path) -> list[dict[str, Any]]:
    """The rows of an output, its lists joined and its days as texts."""
    if path.suffix == ".csv":
        raw = path.read_bytes()
        decoded = raw.decode("gb18030" if b"\xb1\xe0\xba\xc5" in raw else "utf-8-sig")
        rows: list[dict[str, Any]] = list(csv.DictReader(io.StringIO(decoded, newline="")))
    elif path.suffix == ".jsonl":
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    elif path.suffix == ".parquet":
        rows = parquet.read_table(path).to_pylist()
    else:
        cells = [row for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows(values_only=True)]
        rows = [dict(zip(cells[0], row, strict=True)) for row in cells[1:]]
    return rows


def results(path: Path) -> list[tuple[Any, ...]]:
    """The added columns of an output, as ``EXPECTED`` has them."""
    found = []
    for row in read(path):
        rules = row["rules"] or ""
        due = row["due_on"].isoformat()[:10] if isinstance(row["due_on"], date | datetime) else row["due_on"] or ""
        sure = {"true": True, "false": False}.get(row["conclusive"], row["conclusive"])
        opened = int(row["open"]) if row["open"] not in (None, "") else None
        rules = ";".join(rules) if isinstance(rules, list) else rules
        found.append((row["problem"] or "", row["level"] or "", sure, rules, due, opened))
    return found


def refused(path: Path) -> list[list[str]]:
    """The lines of a file of rejects, without its header."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))[1:]


def judged(folder: Path, content: str | bytes, name: str = "in.csv", out: str = "out.csv", **options: Any) -> Summary:
    """A file of this content, judged."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return classify_file(path, folder / out, observed_on=DAY, **options)


def reasons(folder: Path, content: str | bytes, name: str = "in.csv", **options: Any) -> list[list[str]]:
    """What was refused of a file."""
    found = judged(folder, content, name, **options)
    return [] if found.rejects is None else refused(found.rejects)


@pytest.fixture(params=[True, False], ids=["frames", "rows"])
def together(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once as dataframes from the first row on, once one by one."""
    monkeypatch.setattr(judging, "TOGETHER", 1 if request.param else 10**9)


# What is judged


@pytest.mark.usefixtures("together")
@pytest.mark.parametrize("out", FORMATS)
@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_into_every_format(tmp_path: Path, kind: str, out: str) -> None:
    """Whatever the formats, each row is judged as ``classify()`` judges it, in the same order, its cells kept."""
    found = classify_file(source(tmp_path, kind), tmp_path / f"out.{out}", observed_on=DAY)
    assert results(tmp_path / f"out.{out}") == EXPECTED
    assert (found.rows, found.refused, found.rejects, found.resumed) == (len(ROWS), 0, None, 0)
    levels = [one[1] for one in EXPECTED]
    assert found.levels == {level: levels.count(level) for level in ("major", "general", "none")}
    assert all(found.levels.values())
    refs = [row.get("编号", row.get("ref")) for row in read(tmp_path / f"out.{out}")]
    assert refs == [row[0] for row in ROWS]
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([f"in.{kind}", f"out.{out}"])


def test_chunks_do_not_matter(tmp_path: Path) -> None:
    """Rows in chunks of two are judged like rows in one chunk."""
    path = source(tmp_path, "csv")
    for size in (1, 2, 100):
        classify_file(path, tmp_path / f"{size}.csv", observed_on=DAY, chunk=size)
    assert len({(tmp_path / f"{size}.csv").read_bytes() for size in (1, 2, 100)}) == 1


def some_value(random: Random, fact: FactDef) -> str:
    """A value of a fact as a text."""
    match fact.type:
        case "boolean":
            return random.choice(["是", "否", "true"])
        case "enum":
            return random.choice([*fact.options, *fact.options.values()])
        case "set":
            return ";".join(random.sample(sorted(fact.options), random.randint(1, len(fact.options)))) or "无"
        case "integer":
            return str(random.randint(int(fact.min or 0), 20))
    return f"{random.uniform(float(fact.min or 0), float(fact.max or 100)):.2f}"


def test_together_or_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows of many facts, industries, days and regions are judged alike as dataframes and one by one."""
    random, facts = Random(7), random_facts()
    lines = []
    for _ in range(150):
        named = random.sample(facts, 4)
        cells = {fact.id: some_value(random, fact) for fact in named}
        day = date(2017, 1, 1) + timedelta(random.randrange(3_900))
        place = random.choice(["", "", "山东", "370200"])
        head = [random.choice(["机械", "轻工;煤矿", ""]), day.isoformat(), place, random.choice(["", "是", "否"])]
        lines.append([*head, *(cells.get(fact.id, "") for fact in facts)])
    path = write(tmp_path / "in.csv", ["行业", "检查日期", "地区", "上报", *(fact.id for fact in facts)], lines)
    assert classify_file(path, tmp_path / "alone.csv").refused == 0
    monkeypatch.setattr(judging, "TOGETHER", 1)
    monkeypatch.setattr(judging, "classify", None)  # not one row is judged alone
    assert classify_file(path, tmp_path / "together.csv").refused == 0
    assert (tmp_path / "alone.csv").read_bytes() == (tmp_path / "together.csv").read_bytes()


def random_facts() -> list[FactDef]:
    """Some facts of each type."""
    random, found = Random(8), default_book().find_facts(industry=["机械", "煤矿"])
    kinds = ("boolean", "enum", "set", "integer", "number")
    by_type = {kind: [fact for fact in found if fact.type == kind] for kind in kinds}
    return [fact for some in by_type.values() for fact in random.sample(some, min(6, len(some)))]


def test_defaults_for_rows_that_say_nothing(tmp_path: Path) -> None:
    """Industry, region, day and reported of the call hold where a row's own cell is empty."""
    content = "行业,检查日期,上报,dust.storeys\n,,,3\n轻工,2020-01-01,是,3\n"
    found = judged(tmp_path, content, industry=["机械"], region="山东", reported=False)
    given: dict[str, Any] = {"facts": {"dust.storeys": 3}, "region": "山东"}
    first = verdict(**given, industry="机械", observed_on=DAY, reported=False)
    second = verdict(**given, industry="轻工", observed_on="2020-01-01", reported=True)
    assert results(found.target) == [("", *first), ("", *second)]
    assert found.levels["none"] == 1


def test_explain_adds_the_reason_of_classify(tmp_path: Path) -> None:
    """With ``explain`` the column reason holds the judgment's own reason."""
    found = judged(tmp_path, "行业,dust.storeys,dust.structure\n机械,3,brick\n", explain=True)
    judgment = classify({"dust.storeys": 3, "dust.structure": "brick"}, industry="机械", observed_on=DAY)
    assert [row["reason"] for row in read(found.target)] == [judgment.reason]


def test_policy(tmp_path: Path) -> None:
    """A policy file counts for every row, judged together or alone."""
    policy = tmp_path / "p.yaml"
    entry = (
        "{id: m, level: major, citation: 甲, evidence: policy, source: policy, days: 10, day_kind: calendar, text: 天}"
    )
    policy.write_text(f"policy: 从严策略\ndeadlines: [{entry}]\n", encoding="utf-8")
    found = judged(tmp_path, "行业,dust.storeys,dust.structure\n机械,3,brick\n", policy=policy)
    assert results(found.target)[0][4] == "2026-11-30"


def test_ordered_deadline(tmp_path: Path) -> None:
    """The two columns of an ordered deadline go together, and one alone is refused."""
    head = "行业,dust.storeys,dust.structure,责令期限,责令文书\n"
    found = judged(tmp_path, f"{head}机械,3,brick,2026-12-01,责改1号\n机械,3,brick,2026-12-01,\n")
    assert [one[4] for one in results(found.target)] == ["2026-12-01", ""]
    assert found.rejects is not None
    assert refused(found.rejects) == [["2", "3", "责令期限", "", "责令期限和责令文书要一起写"]]


def test_numbers_are_exact(tmp_path: Path) -> None:
    """A number is what is written, to its last digit: beside a limit it falls on the right side."""
    content = "行业,ammonia.freezer_room_workers\n轻工,9\n轻工,9.0\n轻工,10\n轻工,1e1\n轻工,9.5\n轻工,1e400\n"
    found = judged(tmp_path, content)
    assert [one[1] for one in results(found.target)] == ["general", "general", "major", "major", "", ""]


# Encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    """UTF-8, with BOM or not, and GB 18030 are told apart; a CSV output has the encoding of a CSV input."""
    found = classify_file(write(tmp_path / "in.csv", HEADER, ROWS, encoding), tmp_path / "out.csv", observed_on=DAY)
    assert results(found.target) == EXPECTED
    assert found.target.read_bytes().startswith("编号,行业".encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_first_chinese_text_far_into_the_file(tmp_path: Path, encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that begins in ASCII is known by its first lines that are not."""
    monkeypatch.setattr(text, "HEAD", 50)
    content = "ref,dust.storeys,dust.structure\n" + "a,3,\n" * 100 + "甲乙,3,砖混结构\n" * 20
    found = judged(tmp_path, content.encode(encoding), industry="机械")
    assert found.levels == {"major": 20, "general": 100, "none": 0}


def test_one_damaged_line_does_not_change_the_encoding(tmp_path: Path) -> None:
    """A line that is not UTF-8 in a file that is costs only itself."""
    good = "编号,dust.storeys\n甲,3\n".encode()
    assert reasons(tmp_path, good + "乙,3\n".encode("gb18030") + "丙,3\n".encode()) == [
        ["2", "3", "", "", "这一行不是 UTF-8 编码(第 1 个字节起)"]
    ]


def test_encoding_said(tmp_path: Path) -> None:
    """An encoding that is said is taken, and a name that is none is an error."""
    content = "编号,dust.structure\n甲,砖混结构\n".encode("gbk")
    assert judged(tmp_path, content, encoding="GBK", industry="机械").refused == 0
    with pytest.raises(FileError, match=r"不认识的编码 latin-1.*utf-8"):
        judged(tmp_path, content, out="2.csv", encoding="latin-1")
    with pytest.raises(FileError, match=r"--encoding 只用于 csv、jsonl"):
        classify_file(source(tmp_path, "parquet"), tmp_path / "3.csv", encoding="utf-8")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("编号\n".encode("utf-16"), "编码是 UTF-16"),
        (b"PK\x03\x04\x00", "不是文本文件"),
        ("编号,其他\r甲,乙\r".encode(), "换行只有回车符"),
        (b"ref,other\n\xff\xff,\xff\n\xfe\xff,\xff\n", "编码看不出来"),
    ],
)
def test_no_text(tmp_path: Path, content: bytes, said: str) -> None:
    """What is no text of a known encoding is refused as a whole, with what to do."""
    with pytest.raises(FileError, match=said):
        judged(tmp_path, content)


# Headers


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("dust.storey", "第1列: 不认识的列 dust.storey.*最接近的是 dust.storeys.*--keep"),
        ("dust.storeys,dust.storeys", "第1列: 列 dust.storeys 不止一个"),
        ("dust.structure,该建筑的结构形式", "第2列"),
        ("行业,industry,dust.storeys", "列 industry 与列 行业 是同一项"),
        ("dust.storeys,level", "列 level 与要加上的列同名"),
        ("dust.storeys,,other", "第2列: 没有列名"),
        ("编号,行业", "没有一列是观测事实"),
        ("编号;dust.storeys", "不认识的列"),
        ("责令期限,dust.storeys", "责令期限和责令文书两列要一起给"),
    ],
)
def test_header_mistakes(tmp_path: Path, header: str, said: str) -> None:
    """A column that means nothing, or the same as another, or what is added, stops before anything is judged."""
    with pytest.raises(FileError, match=said):
        judged(tmp_path, f"{header}\n")
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_id_and_label_of_a_fact(tmp_path: Path) -> None:
    """Two columns for one fact, by id and by label, are one too many."""
    label = default_book().facts["dust.storeys"].label
    with pytest.raises(FileError, match=re.escape(f"列 {label} 与列 dust.storeys 是同一项(dust.storeys)")):
        judged(tmp_path, f"dust.storeys,{label}\n")


def test_all_header_mistakes_at_once(tmp_path: Path) -> None:
    """Every mistake of a header is told."""
    with pytest.raises(FileError) as caught:
        judged(tmp_path, "甲列,乙列,dust.storeys,level\n", keep=["丙列"])
    assert len(caught.value.problems) == 4


def test_kept_columns(tmp_path: Path) -> None:
    """Columns that are no facts are copied where that is said, one by one or all."""
    content = "企业名称,检查人,dust.storeys\n某厂,某人,3\n"
    for keep in (["企业名称", "检查人"], ["*"]):
        found = judged(tmp_path, content, keep=keep, restart=True)
        assert [(row["企业名称"], row["检查人"]) for row in read(found.target)] == [("某厂", "某人")]
    line = '{"企业名称": "某厂", "附件": {"名": 1}, "dust": {"storeys": 3}}\n'
    assert judged(tmp_path, line, "in.jsonl", keep=["*"], restart=True).refused == 0
    line = '{"企业名称": "某厂", "dust.storeys": 3}\n'
    assert judged(tmp_path, line, "in.jsonl", keep=["*"], restart=True).refused == 0
    assert judged(tmp_path, line, "in.jsonl", keep=["企业名称"], restart=True).refused == 0
    assert reasons(tmp_path, line, "in.jsonl", restart=True)[0][2:4] == ["企业名称", "某厂"]


def test_names_of_arguments_are_no_facts() -> None:
    """No fact of the vocabulary is called like an argument's column."""
    assert not {*ARGUMENTS, *ARGUMENTS.values()} & set(default_book().fact_names)


# Rows


def test_rejects(tmp_path: Path) -> None:
    """Each refused cell is told with row, line, column, value and reason; the row isn't judged, all others are."""
    content = (
        "编号,行业,检查日期,地区,上报,dust.storeys,dust.structure,人工认定\n"
        "a,机械,2026-11-20,,,3.5,砖,\n"
        '"b\nb",机械,2026-11-20,,,3,brick,\n'
        "\n"
        "c,机器,2026/11/20,东山,也许,3,brick,\n"
        ",,,,,,,\n"
        "d,机械,2026-11-20,,,三层,brick,coal-1\n"
        "e,机械,2026-11-20,,,3,brick,\n"
    )
    found = judged(tmp_path, content, rejects=tmp_path / "no.csv")
    assert found.rejects == tmp_path / "no.csv"
    lines = refused(found.rejects)
    assert [line[:4] for line in lines] == [
        ["1", "2", "dust.storeys", "3.5"],
        ["1", "2", "dust.structure", "砖"],
        ["3", "6", "地区", "东山"],
        ["3", "6", "行业", "机器"],
        ["3", "6", "检查日期", "2026/11/20"],
        ["3", "6", "上报", "也许"],
        ["4", "8", "dust.storeys", "三层"],
        ["4", "8", "人工认定", "'coal-1'"],
    ]
    said = [line[4] for line in lines]
    for expected, one in zip(
        ["不是整数", "没有取值", "没有地区", "没有行业", "YYYY-MM-DD", "上报只能是", "不是数", "没有判定情形"],
        said,
        strict=True,
    ):
        assert expected in one
    assert [one[1] for one in results(found.target)] == ["", "major", "", "", "major"]
    assert (found.rows, found.refused) == (5, 3)
    assert all(said[index] in read(found.target)[0]["problem"] for index in (0, 1))


@pytest.mark.parametrize("text_", ["1,5", "3层", "1,000", "5%", "10²", "１０", "nan", "inf", "0x3", "- 1"])
def test_what_is_no_number(tmp_path: Path, text_: str) -> None:
    """A text that is a number only by guessing is refused."""
    assert len(reasons(tmp_path, f'dust.storeys,other\n"{text_}",\n')) == 1


def test_formulas_in_rejects(tmp_path: Path) -> None:
    """A refused value that a spreadsheet would run is marked as text."""
    assert reasons(tmp_path, "dust.structure,dust.storeys\n=cmd(),-3\n")[0][3] == "'=cmd()"
    assert reasons(tmp_path, "dust.storeys,other\n-3,\n", restart=True)[0][3] == "-3"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("a,3", "这一行有 2 格,表头有 3 格"),
        ("a,3,brick,更多", "这一行有 4 格,表头有 3 格"),
        ('a,"3"x,brick', "引号后面应是逗号或行末"),
        ('a,"3,brick', "引号"),
        ("a,3\rb,brick", "回车符"),
        ("甲" * 150_000 + ",3,brick", "一格太长"),
    ],
)
def test_broken_rows_cost_one_line(tmp_path: Path, line: str, said: str) -> None:
    """A row that can't be read is told, and the next line is read as a row again."""
    content = f"ref,dust.storeys,dust.structure\n{line}\nb,3,brick\nc,3,brick\n"
    found = judged(tmp_path, content, industry="机械")
    assert found.rejects is not None
    assert [(one[:4], said in one[4]) for one in refused(found.rejects)] == [(["1", "2", "", ""], True)]
    assert [one[1] for one in results(found.target)] == ["", "major", "major"]
    assert [row["ref"] for row in read(found.target)] == ["", "b", "c"]


def test_empty_cells_beyond_the_header(tmp_path: Path) -> None:
    """Empty cells at the ends of header and rows say nothing."""
    assert judged(tmp_path, "dust.storeys,other,,\n3,,,,,\n4,\n").rows == 2


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_a_line_without_end(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that is too long is read over in pieces, told, and the next row is judged."""
    monkeypatch.setattr(text, "LIMIT", 1_000)
    long = "x" * 10_000
    rows = {"csv": f"dust.storeys,other\n3,{long}\n3,\n", "jsonl": f'{{"other": ["{long}"]}}\n{{"dust.storeys": 3}}\n'}
    found = judged(tmp_path, rows[kind], f"in.{kind}", "out.jsonl")
    assert found.rejects is not None
    assert [line[4] for line in refused(found.rejects)] == ["这一行超过 1000 字节"]
    assert found.rows == 2


def test_a_quote_that_stays_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An open quote is given up after a bounded number of bytes, and costs its line only."""
    monkeypatch.setattr(text, "LIMIT", 1_000)
    content = 'ref,dust.storeys\na,"3\n' + "b,3\n" * 1_000
    found = judged(tmp_path, content)
    assert (found.rows, found.refused) == (1_001, 1)
    assert found.rejects is not None
    assert "引号没有闭合" in refused(found.rejects)[0][4]


@pytest.mark.parametrize("kind", FORMATS)
def test_chunks_are_bounded(tmp_path: Path, kind: str) -> None:
    """No chunk holds more rows than asked for, and together they hold all, numbered from 1."""
    path = source(tmp_path, kind)
    made: dict[str, Callable[[], Source]] = {
        "csv": lambda: Csv(path),
        "jsonl": lambda: JsonLines(path),
        "parquet": lambda: Parquet(path),
        "xlsx": lambda: Excel(path),
    }
    chunks = list(made[kind]().chunks(2))
    assert max(len(chunk.rows) for chunk in chunks) == 2
    assert [row.number for chunk in chunks for row in chunk.rows] == list(range(1, len(ROWS) + 1))
    for index, chunk in enumerate(chunks[:-1]):
        rest = list(made[kind]().chunks(2, chunk.place))
        assert [row.number for row in rest[0].rows] == [row.number for row in chunks[index + 1].rows]


def test_chunks_are_read_when_asked_for(tmp_path: Path) -> None:
    """Reading goes no further than the chunk that is asked for."""
    path = tmp_path / "in.csv"
    path.write_text("dust.storeys\n" + "3\n" * 500_000, encoding="utf-8")
    first = next(Csv(path).chunks(10))
    assert first.done < 100


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"dust.storeys": 3', "不是 JSON(第 19 个字符)"),
        ('{"dust.storeys": NaN}', "不是 JSON"),
        ("[3]", "不是对象"),
        ('{"dust.storeys": 3, "dust.storeys": 4}', "键重复:dust.storeys"),
        ('{"dust.storeys": "3"}', "数不加引号"),
        ('{"dust.storey": 3}', "没有事实 dust.storey(提示:最接近的是 dust.storeys"),
        ('{"facts": 3}', "事实要写成映射"),
        ('{"facts": {"dust.storeys": "x"}}', "类型不对"),
        ('{"facts": {"dust.storeys": 3}, "dust.storeys": 3}', "同一事实给了两次"),
        ('{"dust": {"storey": 3}}', "没有事实 storey"),
        ('{"industry": "机械", "行业": "轻工"}', "与 industry 是同一项"),
        ('{"region": "山东", "地区": "山西", "dust.storeys": 3}', "与 region 是同一项"),
        ('{"industry": "机械", "行业": "轻工", "dust": {"storeys": 3}}', "与 industry 是同一项"),
        ('{"数据": {"storeys": 3}}', "不是事实的域"),
        ('{"level": "major"}', "与要加上的列同名"),
        ('{"facts": {}, "level": "major"}', "与要加上的列同名"),
        ('{"other": "灯不亮"}', "要写成文字的列表"),
        ('{"reported": "是", "dust.storeys": 3}', "上报只能是"),
        ('{"ordered": ["2026-12-01"], "dust.storeys": 3}', "责令期限写成"),
        ('{"\\ud800": 3}', "代理字符"),
    ],
)
def test_json_lines_that_are_refused(tmp_path: Path, line: str, said: str) -> None:
    """A line of JSON is taken as ``classify()`` takes it, and refused with its reason where it would be."""
    lines = reasons(tmp_path, f'{line}\n\n{{"dust.storeys": 3}}\n', "in.jsonl", out="out.jsonl")
    assert [one[:2] for one in lines] == [["1", "1"]]
    assert said in lines[0][4]
    assert [one[1] for one in results(tmp_path / "out.jsonl")] == ["", "general"]


@pytest.mark.parametrize("out", ["jsonl", "csv"])
def test_nested_json(tmp_path: Path, out: str) -> None:
    """Facts may stand under ``facts`` or by domain, beside the other arguments of ``classify()``."""
    lines = [
        {"facts": {"dust.storeys": 3, "dust": {"structure": "brick"}}, "industry": "机械", "observed_on": DAY},
        {"dust": {"storeys": 3, "structure": "brick"}, "industry": ["机械"], "ordered": ["2026-12-01", "责改1号"]},
        {"dust.storeys": 3, "ordered": {"due_on": "2026-12-01", "instrument": "责改1号"}, "region": "山东"},
        {},
    ]
    found = judged(tmp_path, "".join(json.dumps(one) + "\n" for one in lines), "in.jsonl", f"out.{out}")
    facts = {"dust.storeys": 3, "dust.structure": "brick"}
    order = ("2026-12-01", "责改1号")
    assert results(found.target) == [
        ("", *verdict(facts=facts, industry="机械", observed_on=DAY)),
        ("", *verdict(facts=facts, industry="机械", observed_on=DAY, ordered=order)),
        ("", *verdict(facts={"dust.storeys": 3}, observed_on=DAY, ordered=order, region="山东")),
        ("", *verdict(observed_on=DAY)),
    ]


def test_json_lines_keep_their_text(tmp_path: Path) -> None:
    """The objects of JSON Lines come out as they went in, numbers to the last digit, with more keys."""
    found = judged(tmp_path, '{"dust.storeys": 3.00, "ref": "甲"}\n{ }\n', "in.jsonl", "out.jsonl")
    lines = found.target.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith('{"dust.storeys": 3.00, "ref": "甲", "level": "general"')
    assert json.loads(lines[1])["level"] == "general"


# Empty files


def test_empty_files(tmp_path: Path) -> None:
    """A CSV file without a header is an error; one with nothing else, and empty JSON Lines, are no rows."""
    for content in ("", "\n\n", "\ufeff"):
        with pytest.raises(FileError, match="文件是空的,没有表头"):
            judged(tmp_path, content)
    assert judged(tmp_path, "dust.storeys\n").rows == 0
    assert (tmp_path / "out.csv").read_bytes() == b"dust.storeys,level,conclusive,rules,due_on,open,problem\r\n"
    for out in FORMATS:
        assert judged(tmp_path, "", "in.jsonl", f"none.{out}").rows == 0
        assert read(tmp_path / f"none.{out}") == []
        assert judged(tmp_path, "dust.storeys\n", "in.csv", f"head.{out}").rows == 0
        assert read(tmp_path / f"head.{out}") == []


# Files that can't be read or written


def test_formats() -> None:
    """The suffix tells the format, unless it is said; what is neither is an error with what may be."""
    assert [format_of(Path(f"a{suffix}")) for suffix in (".CSV", ".ndjson", ".pq", ".xlsm")] == [*FORMATS]
    assert format_of(Path("a.txt"), "csv") == "csv"
    for path, kind, said in (("a.txt", None, "后缀是 .txt"), ("a", None, "空的"), ("a.xls", None, "另存为 .xlsx")):
        with pytest.raises(FileError, match=said):
            format_of(Path(path), kind)
    with pytest.raises(FileError, match=r"不认识的格式 cvs.*最接近的是 csv"):
        format_of(Path("a.csv"), "cvs")


def test_files_that_can_not_be(tmp_path: Path) -> None:
    """No input, an input that is the output, an output in no folder, damaged files: each says so."""
    path = source(tmp_path, "csv")
    with pytest.raises(FileError, match="没有这个文件"):
        classify_file(tmp_path / "no.csv", tmp_path / "out.csv")
    with pytest.raises(FileError, match="不是文件"):
        classify_file(tmp_path, tmp_path / "out.csv")
    with pytest.raises(FileError, match="不能是同一个文件"):
        classify_file(path, path)
    with pytest.raises(FileError, match="文件读写不了"):
        classify_file(path, tmp_path / "no" / "out.csv")
    for name in ("bad.parquet", "bad.xlsx"):
        (tmp_path / name).write_bytes(b"no")
        with pytest.raises(FileError, match="不是完好的"):
            classify_file(tmp_path / name, tmp_path / "out.csv")
    with pytest.raises(InputError, match="没有行业"):
        classify_file(path, tmp_path / "out.csv", industry="机器")
    with pytest.raises(FileError, match="YYYY-MM-DD"):
        classify_file(path, tmp_path / "out.csv", observed_on="2026-1-1")


@pytest.mark.parametrize(("name", "kind"), [("openpyxl", "xlsx"), ("pyarrow", "parquet")])
def test_packages_that_are_not_installed(tmp_path: Path, name: str, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a package is missing, the error says how to install it."""
    path, other = source(tmp_path, kind), source(tmp_path, "csv")
    monkeypatch.setitem(sys.modules, name, None)
    for given, out in ((path, "out.csv"), (other, f"out.{kind}")):
        with pytest.raises(HazardRulesError, match=r"pip install 'hazardrules\["):
            classify_file(given, tmp_path / out, observed_on=DAY)


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A file that is there stays, unless ``restart`` is said."""
    path = source(tmp_path, "csv")
    (tmp_path / "out.csv").write_text("mine")
    with pytest.raises(FileError, match=r"已经有了.*--restart"):
        classify_file(path, tmp_path / "out.csv", observed_on=DAY)
    assert (tmp_path / "out.csv").read_text() == "mine"
    (tmp_path / "out.csv.rejects.csv").write_text("old")
    classify_file(path, tmp_path / "out.csv", observed_on=DAY, restart=True)
    assert results(tmp_path / "out.csv") == EXPECTED
    assert not (tmp_path / "out.csv.rejects.csv").exists()


# Excel


def sheet_of(path: Path, rows: Sequence[Sequence[Any]]) -> Any:
    """A workbook with one sheet of these rows, not yet saved."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    book.active.parent.file = path
    return book


def test_typed_cells(tmp_path: Path) -> None:
    """Numbers, days, booleans of cells are taken as they are, a time of day is refused."""
    head = ["编号", "检查日期", "上报", "地区", "dust.storeys", "dust.structure", "fire_evacuation.exit_width"]
    rows: list[list[Any]] = [
        head,
        [20260001, MIDNIGHT, False, 370000, 3, "brick", 1.1],
        [2.0, date(2026, 11, 20), True, None, 3.0, None, None],
        ["c", MIDNIGHT.replace(hour=8), None, None, 3, None, None],
    ]
    book = sheet_of(tmp_path / "in.xlsx", rows)
    book.save(tmp_path / "in.xlsx")
    found = classify_file(tmp_path / "in.xlsx", tmp_path / "out.xlsx")
    facts = {"dust.storeys": 3, "dust.structure": "brick", "fire_evacuation.exit_width": Decimal("1.1")}
    first = verdict(facts=facts, observed_on=DAY, reported=False, region="山东")
    second = verdict(facts={"dust.storeys": 3}, observed_on=DAY)
    assert results(found.target)[:2] == [("", *first), ("", *second)]
    assert found.rejects is not None
    assert [(line[:3], "不是时刻" in line[4]) for line in refused(found.rejects)] == [(["3", "4", "检查日期"], True)]


def test_cells_that_are_not_what_they_show(tmp_path: Path) -> None:
    """Percentages, errors, formulas without a value, and cells beyond the header are refused."""
    name = "fire_evacuation.emergency_lighting_damage_rate"
    rows: list[list[Any]] = [[name, "其他"], [0.015, None], ["#N/A", None], ["=1+1", None], [5, None, "x"], [5, None]]
    book = sheet_of(tmp_path / "in.xlsx", rows)
    book.active["A2"].number_format = "0.00%"
    book.active["A3"].data_type = "e"
    book.save(tmp_path / "in.xlsx")
    found = classify_file(tmp_path / "in.xlsx", tmp_path / "out.csv", observed_on=DAY)
    assert found.rejects is not None
    lines = refused(found.rejects)
    assert [line[:2] for line in lines] == [["1", "2"], ["2", "3"], ["3", "4"], ["4", "5"]]
    for said, line in zip(
        ["百分数格式", "错误值 #N/A", "公式没有存下算出的值", "右边的格里有内容"], lines, strict=True
    ):
        assert said in line[4]
    assert found.rows == 5


def test_sheets(tmp_path: Path) -> None:
    """A workbook with one visible sheet needs no name; with several one must be said."""
    book = sheet_of(tmp_path / "in.xlsx", [[], ["dust.storeys", "其他"], [3], [None, " "], [4]])
    book.create_sheet("另一张")
    book.save(tmp_path / "in.xlsx")
    with pytest.raises(FileError, match=r"有 2 张表:Sheet、另一张.*--sheet"):
        classify_file(tmp_path / "in.xlsx", tmp_path / "out.csv")
    with pytest.raises(FileError, match=r"没有表 Shet.*最接近的是 Sheet"):
        classify_file(tmp_path / "in.xlsx", tmp_path / "out.csv", sheet="Shet")
    with pytest.raises(FileError, match="表是空的"):
        classify_file(tmp_path / "in.xlsx", tmp_path / "out.csv", sheet="另一张")
    assert classify_file(tmp_path / "in.xlsx", tmp_path / "out.csv", sheet="Sheet").rows == 2
    book["另一张"].sheet_state = "hidden"
    book.save(tmp_path / "in.xlsx")
    assert classify_file(tmp_path / "in.xlsx", tmp_path / "out.csv", restart=True).rows == 2
    book.active.merge_cells("A3:A4")
    book.save(tmp_path / "in.xlsx")
    with pytest.raises(FileError, match="有合并的单元格"):
        classify_file(tmp_path / "in.xlsx", tmp_path / "2.csv")


def test_workbooks_that_are_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shared texts that don't fit into the memory are refused before they are read."""
    monkeypatch.setattr(excel, "MAX_SHARED", 10)
    path = source(tmp_path, "xlsx")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", "<sst>十一</sst>")
    with pytest.raises(FileError, match="另存为 CSV"):
        classify_file(path, tmp_path / "out.csv")


def test_written_workbooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts are no formulas, long ones are cut and counted, control characters survive, rows go on in a next sheet."""
    monkeypatch.setattr(excel, "MAX_ROWS", 3)
    rows: list[list[Any]] = [["=1+1", 1], ["@x", None], ["x" * 40_000, date(2026, 11, 20)], ["a\x01b", True]]
    assert write_workbook(tmp_path / "a.xlsx", ["=甲", "乙"], rows) == 1
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["判定结论", "判定结论2"]
    cells = list(book["判定结论"].iter_rows())
    assert [(cell.value, cell.data_type) for cell in (cells[0][0], cells[1][0])] == [("=甲", "s"), ("=1+1", "s")]
    second = list(book["判定结论2"].iter_rows(values_only=True))
    assert second[0] == ("=甲", "乙")
    assert (len(second[1][0]), second[1][1]) == (32_767, MIDNIGHT)
    assert second[2][1] is True


def test_same_rows_same_workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A workbook does not tell when it was written."""
    write_workbook(tmp_path / "a.xlsx", ["甲"], [["x"]])
    later = time.localtime(time.time() + 100_000)
    monkeypatch.setattr(time, "localtime", lambda *_: later)
    write_workbook(tmp_path / "b.xlsx", ["甲"], [["x"]])
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


@pytest.mark.parametrize("out", ["csv", "jsonl", "xlsx"])
def test_filled_checklists(tmp_path: Path, out: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The objects of a filled checklist are judged like rows."""
    objects: list[dict[str, Any]] = [
        {"facts": {"dust.storeys": 3, "dust.structure": "brick"}, "industry": ["machinery"], "observed_on": DAY}
    ]
    objects.append({"facts": {"dust.storeys": 1}, "observed_on": date(2026, 11, 20), "ref": "二号"})
    monkeypatch.setattr(run, "filled_checklist", lambda _: objects)
    classify_file(source(tmp_path, "xlsx"), tmp_path / f"out.{out}")
    assert results(tmp_path / f"out.{out}") == [("", *verdict(**one)) for one in objects]
    assert [row.number for chunk in Checklist(objects).chunks(1, {"rows": 1}) for row in chunk.rows] == [2]


def test_a_checklist_that_was_filled_in(tmp_path: Path) -> None:
    """A workbook that is a checklist's is judged as what was filled in, object by object."""
    path = tmp_path / "in.xlsx"
    make_checklist(default_book(), "机械", on=date(2026, 11, 20)).to_excel(path, objects=2)
    book = openpyxl.load_workbook(path)
    sheet = book[RECORD]
    rows = {str(row[0].value): row[0].row for row in sheet.iter_rows(max_col=1) if row[0].value}
    sheet.cell(rows["@observed_on"], FIRST).value = DAY
    filled = {"dust.storeys": 3, "dust.structure": "砖混结构", "@reported": YES}
    for id_, value in filled.items():
        sheet.cell(rows[id_], FIRST + 1).value = value
    book.save(path)
    found = classify_file(path, tmp_path / "out.csv")
    facts = {"dust.storeys": 3, "dust.structure": "brick"}
    assert results(found.target) == [("", *verdict(facts=facts, industry="机械", observed_on=DAY))]


# Parquet


def test_parquet_types(tmp_path: Path) -> None:
    """Typed columns are read as they are, and keep their types in Parquet."""
    table = pa.table(
        {
            "dust.storeys": pa.array([3, None, 2], pa.int8()),
            "dust.structure": pa.array(["brick", "frame", None]).dictionary_encode(),
            "dust.gathering": pa.array([["meeting"], [], None]),
            "检查日期": pa.array([date(2026, 11, 20)] * 3),
            "fire_evacuation.exit_width": pa.array([Decimal("1.10"), None, Decimal("0.90")]),
            "ammonia.freezer_separate_room": pa.array([True, False, None]),
        }
    )
    parquet.write_table(table, tmp_path / "in.parquet")
    found = classify_file(tmp_path / "in.parquet", tmp_path / "out.parquet")
    rows = table.to_pylist()
    expected = []
    for row in rows:
        facts = {k: v for k, v in row.items() if k != "检查日期"}
        expected.append(("", *verdict(facts=facts, observed_on=DAY)))
    assert results(found.target) == expected
    schema = parquet.read_schema(found.target)
    assert schema.field("dust.storeys").type == pa.int8()
    assert schema.field("rules").type == pa.list_(pa.string())
    assert [{k: row[k] for k in table.column_names} for row in read(found.target)] == rows


# Interruption


class StopError(Exception):
    """What the callback raises."""


def many(folder: Path, kind: str) -> Path:
    """Forty rows, some of them refused."""
    rows = [["" if i % 7 else "x", f"行{i}", "机械", str(i % 5), ("brick", "frame")[i % 2]] for i in range(40)]
    return write(folder / f"in.{kind}", ["dust.gathering", "编号", "行业", "dust.storeys", "dust.structure"], rows)


def stop_after(chunks: int) -> Callable[[Progress], None]:
    """A callback that interrupts."""
    seen = []

    def stop(progress: Progress) -> None:
        seen.append(progress)
        if len(seen) == chunks:
            raise StopError

    return stop


@pytest.mark.parametrize("out", FORMATS)
@pytest.mark.parametrize("kind", FORMATS)
def test_interrupted_and_gone_on(tmp_path: Path, kind: str, out: str) -> None:
    """A run that is interrupted at any chunk, recorded or not, and gone on with ends with the same bytes."""
    path = many(tmp_path, kind)
    options: dict[str, Any] = {"observed_on": DAY, "chunk": 6}
    whole = classify_file(path, tmp_path / f"whole.{out}", **options)
    for number, every in ((1, 0.0), (3, 0.0), (5, 1e9)):
        target = tmp_path / f"out{number}.{out}"
        with pytest.raises(StopError):
            classify_file(path, target, on_chunk=stop_after(number), every=every, **options)
        with pytest.raises(StopError):
            classify_file(path, target, on_chunk=stop_after(1), every=0.0, **options)
        again = classify_file(path, target, **options)
        assert again.resumed >= 3 * (number + 1) if not every else again.resumed
        assert again._replace(target=whole.target, rejects=whole.rejects, resumed=0) == whole
        assert target.read_bytes() == whole.target.read_bytes()
        assert whole.rejects is not None
        assert again.rejects is not None
        assert again.rejects.read_bytes() == whole.rejects.read_bytes()
    assert not [one for one in tmp_path.iterdir() if one.suffix in (".part", ".checkpoint", ".new", ".zip")]


@pytest.mark.parametrize("out", FORMATS)
def test_interrupted_while_finishing(tmp_path: Path, out: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that is interrupted after the last row, before, between or after the files get their names, is finished."""
    path = many(tmp_path, "csv")
    whole = classify_file(path, tmp_path / f"whole.{out}", observed_on=DAY)
    assert whole.rejects is not None
    real, steps = Path.replace, list[str]()

    def replace(self: Path, target: Path) -> Path:
        if self.name.endswith(".part") or ".part" not in self.name:
            steps.append(str(target))
        if target.name.startswith("out") and not target.name.endswith(".checkpoint") and len(breaks) > count[0]:
            count[0] += 1
            if breaks[count[0] - 1] == "before":
                raise StopError
            real(self, target)
            raise StopError
        return real(self, target)

    for breaks in (["before"], ["after"], ["after", "before"], ["after", "after"]):
        count = [0]
        monkeypatch.setattr(Path, "replace", replace)
        for _ in breaks:
            with pytest.raises(StopError):
                classify_file(path, tmp_path / f"out.{out}", observed_on=DAY)
        found = classify_file(path, tmp_path / f"out.{out}", observed_on=DAY)
        monkeypatch.undo()
        assert found.target.read_bytes() == whole.target.read_bytes()
        assert found.rejects is not None
        assert found.rejects.read_bytes() == whole.rejects.read_bytes()
        assert found.levels == whole.levels
        for made in tmp_path.glob("out*"):
            made.unlink()


def test_killed_and_gone_on(tmp_path: Path) -> None:
    """A process that is killed in the middle leaves what another goes on from, to the same bytes."""
    path = many(tmp_path, "csv")
    whole = classify_file(path, tmp_path / "whole.csv", observed_on=DAY, chunk=3)
    code = (
        "import sys, time; from hazardrules.files.run import classify_file\n"
        "def stop(p):\n    print(p.rows, flush=True)\n    if p.rows >= 12: time.sleep(600)\n"
        f"classify_file(sys.argv[1], sys.argv[2], observed_on={DAY!r}, chunk=3, every=0.0, on_chunk=stop)"
    )
    command = [sys.executable, "-c", code, str(path), str(tmp_path / "out.csv")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  # our own interpreter
        assert process.stdout is not None
        for line in process.stdout:
            if int(line) >= 12:
                break
        os.kill(process.pid, signal.SIGKILL)
    assert not (tmp_path / "out.csv").exists()
    with (tmp_path / "out.csv.part").open("ab") as file:
        file.write(b"half a li")
    again = classify_file(path, tmp_path / "out.csv", observed_on=DAY, chunk=3)
    assert again.resumed >= 12
    assert again.target.read_bytes() == whole.target.read_bytes()


def interrupted(folder: Path, **options: Any) -> Path:
    """An input whose judging was interrupted."""
    path = many(folder, "csv")
    with pytest.raises(StopError):
        classify_file(path, folder / "out.csv", chunk=6, every=0.0, on_chunk=stop_after(2), **options)
    return path


def test_the_day_does_not_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run without a day keeps the day on which it began."""
    monkeypatch.setattr(run, "today", lambda: date(2023, 5, 14))
    path = interrupted(tmp_path)
    monkeypatch.setattr(run, "today", lambda: date(2026, 11, 20))
    found = classify_file(path, tmp_path / "out.csv", chunk=6)
    assert found.resumed == 12
    monkeypatch.setattr(run, "today", lambda: date(2023, 5, 14))
    assert classify_file(path, tmp_path / "2.csv").target.read_bytes() == found.target.read_bytes()


def change_text(path: Path) -> None:
    """Other bytes, the same length and time."""
    times = path.stat()
    raw = path.read_bytes()
    path.write_bytes(raw.replace(b"brick", b"frame", 1))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def lengthen(path: Path) -> None:
    """One row more."""
    with path.open("ab") as file:
        file.write(b",a,,,\n")


@pytest.mark.parametrize(
    ("change", "options", "said"),
    [
        (change_text, {}, ["输入文件的开头变了"]),
        (lambda path: os.utime(path, (1, 1)), {}, ["输入文件的修改时间变了"]),
        (lengthen, {}, ["输入文件的大小变了", "输入文件的修改时间变了", "输入文件的开头变了"]),
        (lambda _: None, {"industry": "机械"}, ['--industry变了:原来是 [],现在是 ["machinery"]']),
        (lambda _: None, {"explain": True, "reported": False}, ["--explain变了", "--reported变了"]),
        (lambda _: None, {"chunk": 7}, ["每块行数变了"]),
        (lambda _: None, {"book": default_book().on(date(2026, 11, 20))}, ["规则库变了"]),
    ],
)
def test_what_does_not_fit_is_not_gone_on_with(
    tmp_path: Path, change: Callable[[Path], None], options: dict[str, Any], said: list[str]
) -> None:
    """Another input, other options, another rule book: refused with all differences; restart begins anew."""
    path = interrupted(tmp_path, observed_on=DAY)
    change(path)
    options = {"observed_on": DAY, "chunk": 6, **options}
    with pytest.raises(FileError, match=r"不能接着做[\s\S]*--restart") as caught:
        classify_file(path, tmp_path / "out.csv", **options)
    assert [text_ for text_ in said if text_ not in str(caught.value)] == []
    assert len(caught.value.problems) == len(said)
    assert classify_file(path, tmp_path / "out.csv", restart=True, **options).resumed == 0


@pytest.mark.parametrize("content", ["", "{", "[]", '{"version": 1}', '{"version": 99, "identity": {}, "state": {}}'])
def test_checkpoints_that_are_none(tmp_path: Path, content: str) -> None:
    """A record that can't be read, or of another version, is refused."""
    path = interrupted(tmp_path, observed_on=DAY)
    (tmp_path / "out.csv.checkpoint").write_text(content)
    with pytest.raises(FileError, match=r"不能接着做,进度文件.*--restart"):
        classify_file(path, tmp_path / "out.csv", observed_on=DAY, chunk=6)


def test_outputs_that_are_shorter_than_recorded(tmp_path: Path) -> None:
    """What was written must still be there."""
    path = interrupted(tmp_path, observed_on=DAY)
    (tmp_path / "out.csv.part").write_bytes(b"x")
    with pytest.raises(FileError, match="中间文件不完整"):
        classify_file(path, tmp_path / "out.csv", observed_on=DAY, chunk=6)
    (tmp_path / "out.csv.part").unlink()
    with pytest.raises(FileError, match="中间文件不完整"):
        classify_file(path, tmp_path / "out.csv", observed_on=DAY, chunk=6)


def test_an_input_that_changes_meanwhile(tmp_path: Path) -> None:
    """An input that is written to while it is judged is noticed."""
    path = many(tmp_path, "csv")
    with pytest.raises(FileError, match="判定过程中输入文件被改动"):
        classify_file(path, tmp_path / "out.csv", observed_on=DAY, on_chunk=lambda _: os.utime(path, (1, 1)))


# The command


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """Two rows, one of which is refused."""
    path = tmp_path / "in.csv"
    path.write_text("行业,dust.storeys,dust.structure\n机械,3,brick\n机械,三,brick\n", encoding="utf-8")
    return path


def test_command(few: Path, tmp_path: Path) -> None:
    """The command tells rows, levels and rejects, and ends with 1 where something was refused, else with 0."""
    command = ["classify-file", str(few), str(tmp_path / "out.csv"), "--on", DAY]
    done = RUN.invoke(app, command)
    assert done.exit_code == 1
    assert "2 行:重大事故隐患 1、一般事故隐患 0、未构成隐患 0、拒收 1" in done.stdout
    assert f"拒收 1 行:有问题,没有判定,逐项列在 {tmp_path / 'out.csv.rejects.csv'}" in done.stderr
    few.write_text("行业,dust.storeys,dust.structure\n机械,3,brick\n", encoding="utf-8")
    assert RUN.invoke(app, command).exit_code == 1  # it is there already
    done = RUN.invoke(app, [*command, "--restart", "--explain", "-i", "机械", "-r", "山东", "--not-reported"])
    assert (done.exit_code, done.stderr) == (0, "")
    assert read(tmp_path / "out.csv")[0]["reason"].startswith("经查")


def test_command_with_packs(few: Path, tmp_path: Path) -> None:
    """The packs that are named are used, and no others."""
    national = Path(__file__).parents[1] / "rules" / "national"
    command = ["classify-file", str(few), str(tmp_path / "out.csv"), "--on", DAY, "--pack", str(national)]
    assert RUN.invoke(app, command).exit_code == 1
    assert results(tmp_path / "out.csv")[0][1] == "major"


def test_wrong_usage(few: Path, tmp_path: Path) -> None:
    """A suffix or a format that is none, and a day that is none, are wrong usage."""
    for arguments in (
        [str(few), str(tmp_path / "out.txt")],
        [str(tmp_path / "in.txt"), str(tmp_path / "out.csv")],
        [str(few), str(tmp_path / "out.csv"), "--format", "exel"],
        [str(few), str(tmp_path / "out.csv"), "--on", "2026-1-1"],
    ):
        assert RUN.invoke(app, ["classify-file", *arguments]).exit_code == 2


def test_interrupted_command(few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends with what to do next."""

    def stop(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("hazardrules.filing.classify_file", stop)
    done = RUN.invoke(app, ["classify-file", str(few), str(tmp_path / "out.csv")])
    assert done.exit_code == 1
    assert "从中断的地方接着做" in done.stderr


def test_progress_bar(few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal a bar shows how far it is; elsewhere nothing is drawn."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    done = CliRunner(env={"COLUMNS": "100", "TERM": "xterm"}).invoke(
        app, ["classify-file", str(few), str(tmp_path / "out.csv"), "--on", DAY]
    )
    assert "100%" in done.stderr
    assert "2 行" in done.stderr


def test_texts_that_excel_cuts(few: Path, tmp_path: Path) -> None:
    """The command tells of texts that a cell of Excel can't hold."""
    few.write_text(f"备注,dust.storeys\n{'长' * 40_000},3\n", encoding="utf-8")
    done = RUN.invoke(app, ["classify-file", str(few), str(tmp_path / "out.xlsx"), "--on", DAY, "--keep", "备注"])
    assert done.exit_code == 0
    assert "1 格文字超过 Excel 一格的上限" in done.stderr
