"""Filled checklists: what is written into 检查记录 comes back as observations, and every wrong cell is told."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import openpyxl
import pytest

from hazardrules import InputError, RuleBook, classify
from hazardrules.errors import FactValueError, UnknownFactError, UnknownRuleError
from hazardrules.judge import default_book
from hazardrules.outputs import filled
from hazardrules.outputs.checklist import is_filled_checklist, read_filled
from hazardrules.outputs.recordsheet import AFFIRMED, EACH_SEEN, FIRST, NONE_OF_THEM, OPTIONS, RECORD
from hazardrules.pack.content import Rule
from hazardrules.pack.values import plain
from packs import FACTS, RULE, rule, write_pack

DAY: Final = date(2026, 11, 20)
VOCABULARY: Final = FACTS | {
    "exits": {"type": "set", "label": "演示平台的出口", "of": {"east": "东侧", "west": "西侧"}},
    "covered": {"type": "boolean", "label": "演示平台有顶棚"},
    "steps": {"type": "integer", "label": "演示平台的台阶数", "min": 0},
    "built": {"type": "date", "label": "演示平台的建成日期"},
}
RULES: Final = (
    RULE,
    rule("2", 'has_any(demo.exits, ["east"])', hit=[{"demo.exits": ["east"]}], miss=[{"demo.exits": []}]),
    {"id": "demo-2026.3", "ref": "第3条", "title": "其他严重情形", "manual": True, "inspect": "由专家论证"},
    rule("4", "demo.covered", hit=[{"demo.covered": True}], miss=[{"demo.covered": False}]),
    rule("5", "demo.steps > 5", hit=[{"demo.steps": 6}], miss=[{"demo.steps": 5}]),
    rule(
        "6",
        'demo.built < d"2020-01-01"',
        hit=[{"demo.built": date(2019, 12, 31)}],
        miss=[{"demo.built": date(2020, 1, 1)}],
    ),
)
INDUSTRIES: Final = ({"id": "demo-works", "label": "演示业"}, {"id": "other-works", "label": "另一业"})


@pytest.fixture
def book(tmp_path: Path) -> RuleBook:
    """A rule book with a fact of every type."""
    head = {"industries": ["demo-works"]}
    folder = write_pack(tmp_path / "pack", facts=VOCABULARY, rules=RULES, industries=INDUSTRIES, document=head)
    return RuleBook.load(packs=[folder])


class Form:
    """A checklist's workbook that is filled in as an inspector does."""

    def __init__(self, book: RuleBook, file: Path, *, objects: int = 3, industry: str = "演示业") -> None:
        self.file = file
        book.checklist(industry, on=DAY).to_excel(file, objects=objects)
        self.workbook: Any = openpyxl.load_workbook(file)
        self.sheet: Any = self.workbook[RECORD]
        self.rows = {self.sheet.cell(row, 1).value: row for row in range(1, self.sheet.max_row + 1)}
        self.put("@observed_on", "2026-11-20")

    def put(self, id_: str, value: object, number: int = 1) -> str:
        """Write into the cell of an object; the cell's address."""
        cell = self.sheet.cell(self.rows[id_], FIRST + number - 1)
        cell.value = value
        return str(cell.coordinate)

    def fill(self, book: RuleBook, facts: Mapping[str, Any], number: int = 1) -> None:
        """Write facts as an inspector does: with labels, and a set member by member."""
        self.put("@reported", "是", number)
        for id_, value in facts.items():
            fact = book.facts[id_]
            if isinstance(value, frozenset):
                self.put(id_, EACH_SEEN if value else NONE_OF_THEM, number)
                for key in value:
                    self.put(f"{id_}={key}", "是", number)
            elif isinstance(value, Decimal):
                self.put(id_, float(value), number)
            elif isinstance(value, bool | str):
                self.put(id_, fact.show(value), number)
            else:
                self.put(id_, value, number)

    def read(self, book: RuleBook) -> list[dict[str, Any]]:
        """Save it and read it back."""
        self.workbook.save(self.file)
        return read_filled(self.file, book=book)

    def told(self, book: RuleBook, kind: type[InputError] = FactValueError) -> list[str]:
        """What is told of its problems."""
        with pytest.raises(kind) as caught:
            self.read(book)
        return [str(problem) for problem in caught.value.problems]


def hits(rules: Sequence[Rule]) -> list[dict[str, Any]]:
    """The first example of each rule that facts decide in which it holds."""
    every = [[dict(one.facts) for one in rule_.examples if one.kind == "hit"] for rule_ in rules if not rule_.manual]
    return [examples[0] for examples in every if examples]


@pytest.mark.parametrize("industry", ["机械", "渔业船舶", "井工煤矿"])
def test_round_trip(tmp_path: Path, industry: str) -> None:
    """What examples of the rules say, filled in and read back, is judged as it is without the sheet."""
    book = default_book()
    rules = book.rules(industry=industry, on=DAY)
    examples = [
        facts
        for facts in hits(rules)
        if not any("days_since" in id_ or "$" in id_ for id_ in facts) and set(facts) <= set(book.facts)
    ][:20]
    assert len(examples) > 5
    form = Form(book, tmp_path / "表.xlsx", objects=len(examples), industry=industry)
    form.put("@number", "2026-1")
    for number, facts in enumerate(examples, 1):
        form.fill(book, facts, number)
    read = form.read(book)
    assert len(read) == len(examples)
    ids = list(book.industry_ids(industry))
    for number, (given, facts) in enumerate(zip(read, examples, strict=True), 1):
        assert given["facts"] == {id_: plain(value) for id_, value in facts.items()}
        expected = classify(
            {id_: plain(v) for id_, v in facts.items()},
            industry=ids,
            observed_on=DAY,
            ref=f"2026-1/对象{number}",
            book=book,
        )
        assert classify(**given, book=book) == expected
        assert expected.findings


def test_every_kind_of_cell(tmp_path: Path, book: RuleBook) -> None:
    """Head cells, every type of fact, conditions in words, affirmed clauses; what is blank is not there."""
    form = Form(book, tmp_path / "表.xlsx")
    form.put("@observed_on", datetime(2026, 11, 19))  # noqa: DTZ001  # what a spreadsheet makes of a date
    form.put("@region", "山东")
    form.put("@unit", "某厂")
    form.put("@number", 7)
    form.put("@name", "3号平台", 2)
    form.put("@reported", "否", 2)
    form.put("demo.height", 2.5, 2)
    form.put("demo.guard", "损坏", 2)
    form.put("demo.covered", True, 2)
    form.put("demo.steps", " 12 ", 2)
    form.put("demo.built", datetime(2019, 12, 31), 2)  # noqa: DTZ001
    form.put("demo.exits=east", "是", 2)
    form.put("demo.exits=west", "否", 2)
    form.put("!demo-2026.3", AFFIRMED, 2)
    form.put("@other", "螺栓松动\n\n地面有油", 2)
    assert form.read(book) == [
        {
            "facts": {
                "demo.height": 2.5,
                "demo.guard": "failed",
                "demo.exits": ("east",),
                "demo.covered": True,
                "demo.steps": 12,
                "demo.built": "2019-12-31",
            },
            "industry": ["demo-works"],
            "region": "370000",
            "observed_on": date(2026, 11, 19),
            "other": ["螺栓松动", "地面有油"],
            "asserted": ["demo-2026.3"],
            "reported": False,
            "ref": "7/某厂/3号平台",
        }
    ]


def test_objects_apart(tmp_path: Path, book: RuleBook) -> None:
    """Each column is an observation of its own, in order; empty ones between are none."""
    form = Form(book, tmp_path / "表.xlsx")
    form.fill(book, {"demo.steps": 1}, 1)
    form.fill(book, {"demo.exits": frozenset()}, 3)
    first, second = form.read(book)
    assert (first["facts"], first["ref"]) == ({"demo.steps": 1}, "对象1")
    assert (second["facts"], second["ref"]) == ({"demo.exits": ()}, "对象3")


def test_wrong_cells_are_told_at_once(tmp_path: Path, book: RuleBook) -> None:
    """Each with sheet and cell, the fact, what was found, and what is allowed."""
    form = Form(book, tmp_path / "表.xlsx")
    height, guard = form.put("demo.height", "约3米"), form.put("demo.guard", "坏了")
    steps, covered = form.put("demo.steps", 2.5), form.put("demo.covered", "有")
    built, reported = form.put("demo.built", "去年"), form.put("@reported", None)
    tall, member = form.put("demo.height", 300, 2), form.put("demo.exits=east", "可能", 2)
    form.put("@reported", "好", 2)
    affirmed = form.put("!demo-2026.3", "否", 2)
    form.put("@industry", "演示业、演示叶")
    day = form.put("@observed_on", "11月20日")
    told = form.told(book, InputError)
    parts = {
        height: ["演示平台的高度(demo.height)", "约3米", "不大于 100,单位 米"],
        guard: ["演示平台护栏的状态(demo.guard)", "坏了", "填 完好、损坏、没有 之一"],
        steps: ["演示平台的台阶数(demo.steps)", "2.5", "不是整数"],
        covered: ["演示平台有顶棚(demo.covered)", "有", "填 是、否 之一"],
        built: ["演示平台的建成日期(demo.built)", "去年", "YYYY-MM-DD"],
        reported: ["没有填是否作为隐患上报", "填 是 或 否"],
        f"F{reported[1:]}": ["是否作为隐患上报:'好' 不对"],
        tall: ["300", "超出范围"],
        member: ["演示平台的出口—东侧", "可能", "填 是 或 否"],
        affirmed: ["demo-2026.3", AFFIRMED],
        day: ["检查日期", "YYYY-MM-DD"],
    }
    for cell, words in parts.items():
        (line,) = [line for line in told if line.startswith(f"{RECORD}!{cell}:")]
        assert all(word in line for word in words), line
    assert any("没有行业 '演示叶'" in line and "演示业" in line for line in told)
    assert len(told) == len(parts) + 1


def test_a_set_is_whole_or_unknown(tmp_path: Path, book: RuleBook) -> None:
    """Some members answered and others blank say nothing of the others: told, unless each was looked at."""
    form = Form(book, tmp_path / "表.xlsx")
    form.put("@reported", "是")
    form.put("demo.exits=east", "是")
    (line,) = form.told(book)
    assert "演示平台的出口(demo.exits):只填了几项" in line
    cell = form.put("demo.exits", NONE_OF_THEM)
    (line,) = form.told(book)
    assert line.startswith(f"{RECORD}!{cell}: ")
    assert "填了“无”,下面又有填“是”的" in line
    form.put("demo.exits", "有")
    assert "'有' 不对" in form.told(book)[0]
    form.put("demo.exits", EACH_SEEN)
    assert form.read(book)[0]["facts"] == {"demo.exits": ("east",)}


def test_formulas_and_errors_are_refused(tmp_path: Path, book: RuleBook) -> None:
    """A formula's value may be missing or old, so that it is told and never taken for a blank."""
    form = Form(book, tmp_path / "表.xlsx")
    form.put("@reported", "是")
    form.put("demo.steps", 3)
    form.put("demo.height", "=1+1")
    guard = form.sheet[form.put("demo.guard", "#N/A")]
    guard.data_type = "e"
    told = form.told(book)
    assert any("是公式:'=1+1'" in line for line in told)
    assert any("是错误值:'#N/A'" in line for line in told)


def test_nothing_is_lost_silently(tmp_path: Path, book: RuleBook) -> None:
    """No date, no facts, a name without facts, a column without head, a fact or clause that the book doesn't know."""
    form = Form(book, tmp_path / "表.xlsx")
    assert "没有填写任何对象的事实" in form.told(book, InputError)[0]
    form.put("@observed_on", None)
    name = form.put("@name", "3号平台")
    beyond = form.put("demo.steps", 3, 4)
    told = form.told(book)
    assert any("没有填检查日期" in line for line in told)
    assert any(line.startswith(f"{RECORD}!{name}: 这个对象没有填任何事实") for line in told)
    assert any(line.startswith(f"{RECORD}!{beyond}: 这一列没有表头") for line in told)
    form = Form(book, tmp_path / "表.xlsx")
    form.put("@reported", "是")
    form.sheet.cell(form.rows["demo.steps"], 1).value = "demo.stairs"
    form.sheet.cell(form.rows["!demo-2026.3"], 1).value = "!demo-2026.33"
    form.put("demo.steps", 3)
    form.put("!demo-2026.3", AFFIRMED)
    with pytest.raises(InputError) as caught:
        form.read(book)
    assert {type_ for type_, _ in caught.value._all} == {UnknownFactError, UnknownRuleError}
    form.sheet.cell(form.rows["demo.steps"], 1).value = "demo.height"
    assert any("标识 demo.height 重复" in line for line in form.told(book))


def test_rows_may_be_moved(tmp_path: Path, book: RuleBook) -> None:
    """Rows are known by their ids, not by where they stand."""
    form = Form(book, tmp_path / "表.xlsx")
    form.fill(book, {"demo.steps": 6, "demo.guard": "failed"})
    form.sheet.insert_rows(form.rows["demo.guard"], 3)
    assert form.read(book)[0]["facts"] == {"demo.guard": "failed", "demo.steps": 6}


def test_lists_to_choose_from(tmp_path: Path, book: RuleBook) -> None:
    """The cells of enum, boolean and set facts offer exactly their labels, however long the list is."""
    form = Form(book, tmp_path / "表.xlsx")
    offered: dict[str, list[str]] = {}
    for choice in form.sheet.data_validations.dataValidation:
        first, last = choice.formula1.replace("$", "").partition("!")[2].split(":")
        values = [row[0].value for row in form.workbook[OPTIONS][first:last]]
        offered.update({str(cell): values for cell in str(choice.sqref).split()})
    for id_, values in {
        "demo.guard": ["完好", "损坏", "没有"],
        "demo.covered": ["是", "否"],
        "demo.exits": [NONE_OF_THEM, EACH_SEEN],
        "demo.exits=east": ["是", "否"],
        "!demo-2026.3": [AFFIRMED],
    }.items():
        row = form.rows[id_]
        found = [values_ for cells, values_ in offered.items() if _holds(cells, row)]
        assert found == [values], id_


def _holds(cells: str, row: int) -> bool:
    first, _, last = cells.partition(":")
    rows = [int("".join(c for c in cell if c.isdigit())) for cell in (first, last or first)]
    return rows[0] <= row <= rows[1]


@pytest.mark.parametrize("objects", [0, 101, True, "3"])
def test_number_of_objects(tmp_path: Path, book: RuleBook, objects: Any) -> None:
    """One to a hundred objects, and no file is written for another number."""
    with pytest.raises(InputError, match="对象的个数应是 1 到 100 的整数"):
        book.checklist("演示业", on=DAY).to_excel(tmp_path / "表.xlsx", objects=objects)
    assert not (tmp_path / "表.xlsx").exists()


def test_which_files_are_filled_checklists(tmp_path: Path, book: RuleBook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Known by its mark; other workbooks and other files are none, and reading them says so."""
    form = Form(book, tmp_path / "表.xlsx")
    assert is_filled_checklist(form.file)
    other = openpyxl.Workbook()
    other.active.title = RECORD
    other.save(tmp_path / "别的.xlsx")
    (tmp_path / "文字.xlsx").write_text("不是工作簿", encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "压缩.xlsx", "w") as archive:
        archive.writestr("a.txt", "a")
    monkeypatch.setattr(filled, "MAX_UNPACKED", 2**20)
    with zipfile.ZipFile(tmp_path / "大.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", b"0" * (2**20 + 1))
    with pytest.raises(InputError, match="超过上限 1048576"):
        read_filled(tmp_path / "大.xlsx")
    (tmp_path / "文件夹.xlsx").mkdir()
    expected = {"别的.xlsx": "不是检查表的工作簿", "文字.xlsx": "不是 Excel 工作簿", "压缩.xlsx": "不是 Excel 工作簿"}
    for name, said in (
        expected | {"没有.xlsx": "文件读不出来", "文件夹.xlsx": "文件读不出来", "表.csv": "不是 Excel 工作簿"}
    ).items():
        if name == "表.csv":
            (tmp_path / name).write_text("a,b", encoding="utf-8")
        assert not is_filled_checklist(tmp_path / name)
        with pytest.raises(InputError, match=said):
            read_filled(tmp_path / name, book=book)


def test_the_region_chooses_the_book(tmp_path: Path) -> None:
    """Without a book, it is that of the region that the sheet names; a wrong region is told with its cell."""
    book = default_book("山东")
    form = Form(book, tmp_path / "表.xlsx", industry="渔业船舶")
    assert form.sheet.cell(form.rows["@region"], FIRST).value == "山东省"
    form.put("@other", "螺栓松动")
    form.put("@reported", "是")
    form.workbook.save(form.file)
    (given,) = read_filled(form.file)
    assert given["region"] == "370000"
    assert classify(**given).observation.region == "370000"
    cell = form.put("@region", "山冬")
    form.workbook.save(form.file)
    with pytest.raises(InputError, match=f"{RECORD}!{cell}: 地区:没有地区 山冬"):
        read_filled(form.file)


def test_numbers_as_texts(tmp_path: Path, book: RuleBook) -> None:
    """Full-width digits are digits; a superscript or a thousands separator is no digit, and nothing is guessed."""
    form = Form(book, tmp_path / "表.xlsx")
    form.put("@reported", "是")
    form.put("demo.height", "12.5 ")
    assert form.read(book)[0]["facts"] == {"demo.height": 12.5}
    for wrong in ("10²", "1,000", "½", "十"):
        cell = form.put("demo.height", wrong)
        (line,) = form.told(book)
        assert line.startswith(f"{RECORD}!{cell}: ")
        assert wrong in line
