"""ledger.py and figures.py: records read from files and summed up on a day, and tables of them."""

from __future__ import annotations

import csv
import json
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from pydantic import ValidationError

from hazardrules import Entry, HazardRulesError, LedgerError, RuleBook, classify, read_entries, summary
from hazardrules.figures import DIMENSIONS, FIGURES, Figures, Summary
from hazardrules.ledger import parse_entries
from programmes import FOUND, book_in, general, major

CLOSED: list[dict[str, Any]] = [
    {"kind": "rectified", "on": "2026-03-10"},
    {"kind": "rechecked", "on": "2026-03-11", "passed": True},
    {"kind": "closed", "on": "2026-03-12"},
]
"""A major hazard rectified in time (due 2026-03-12) and closed."""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> RuleBook:
    """The small pack, read once."""
    return book_in(tmp_path_factory.mktemp("pack"))


@pytest.fixture(scope="module")
def entries(book: RuleBook) -> list[Entry]:
    """Five inspections: closed in time; two hazards, one of them rectified late; clean; general; of a later day."""
    clean = classify({"demo.height": 1}, industry="works", observed_on=FOUND, reported=False, book=book)
    late = {"kind": "rectified", "on": "2026-03-20", "rules": ["demo-2026.1"]}
    shared = {"kind": "supervised", "on": "2026-03-05", "rules": ["demo-2026.2"]}
    given: list[dict[str, Any]] = [
        {"judgment": major(book), "unit": "甲厂", "events": CLOSED, "department": "住建局"},
        {"judgment": major(book, height=60, industry="pits"), "unit": "甲厂", "events": [late, shared]},
        {"judgment": clean, "unit": "乙厂", "department": "住建局"},
        {"judgment": general(book, region="山东"), "unit": "丙厂", "ref": "T-4"},
        {"judgment": major(book, observed_on="2026-05-01"), "unit": "丁厂"},
    ]
    return [Entry(**one) for one in given]


def test_figures_of_a_day(entries: list[Entry]) -> None:
    """Each figure counts what its definition says, counted by hand; what was inspected later is left out and told."""
    found = summary(entries, "2026-04-01")
    assert (found.entries, found.later, found.by) == (4, 1, ("unit",))
    rows = {row.keys[0]: row.figures for row in found.rows}
    assert rows == {
        "甲厂": Figures(found=3, major=3, rectified=2, in_time=1, late=1, overdue=1, closed=1, open=2, supervised=1),
        "乙厂": Figures(),
        "丙厂": Figures(found=1, general=1, overdue=1, open=1),
    }
    assert found.total == Figures(
        found=4, major=3, general=1, rectified=2, in_time=1, late=1, overdue=2, closed=1, open=3, supervised=1
    )


@pytest.mark.parametrize(
    ("day", "name", "number"),
    [
        ("2026-03-01", "found", 0),
        ("2026-03-02", "found", 4),
        ("2026-05-01", "found", 5),
        ("2026-03-04", "overdue", 0),
        ("2026-03-05", "overdue", 1),
        ("2026-03-12", "overdue", 1),
        ("2026-03-13", "overdue", 3),
        ("2026-03-20", "overdue", 2),
        ("2026-03-09", "in_time", 0),
        ("2026-03-10", "in_time", 1),
        ("2026-03-11", "closed", 0),
        ("2026-03-12", "closed", 1),
        ("2026-03-19", "late", 0),
        ("2026-03-20", "late", 1),
        ("2026-03-04", "supervised", 0),
        ("2026-03-05", "supervised", 1),
    ],
)
def test_figures_change_on_their_day(entries: list[Entry], day: str, name: str, number: int) -> None:
    """A figure changes on the very day of what it counts, and overdue begins on the day after the last."""
    assert getattr(summary(entries, day).total, name) == number


def test_what_came_back_is_open_again(book: RuleBook) -> None:
    """A hazard found again counts as reopened for good, is open, and no longer rectified in time."""
    again = [*CLOSED, {"kind": "reopened", "on": "2026-03-15"}]
    total = summary([Entry(judgment=major(book), unit="甲厂", events=again)], "2026-03-20").total
    assert total == Figures(found=1, major=1, reopened=1, open=1)
    done = [*again, {"kind": "rectified", "on": "2026-03-16"}]
    total = summary([Entry(judgment=major(book), unit="甲厂", events=done)], "2026-03-20").total
    assert total == Figures(found=1, major=1, rectified=1, in_time=1, reopened=1, open=1)


def test_an_order_and_an_extension_set_the_day(book: RuleBook) -> None:
    """In time is what the deadline says as it stands: ordered, or extended."""
    order = {"kind": "notified", "on": "2026-03-03", "due_on": "2026-03-05", "instrument": "某责改1号"}
    longer = {"kind": "extended", "on": "2026-03-12", "due_on": "2026-03-30", "instrument": "延1号", "ground": "供货"}
    done = {"kind": "rectified", "on": "2026-03-20"}
    for events, name in (([order, done], "late"), ([longer, done], "in_time"), ([done], "late")):
        total = summary([Entry(judgment=major(book), unit="甲厂", events=events)], "2026-04-01").total
        assert getattr(total, name) == 1


def test_dimensions(entries: list[Entry], book: RuleBook) -> None:
    """By industry, clause, region, department: ids with Chinese labels, and what was not told under its own name."""

    def by(*names: str) -> dict[tuple[str | None, ...], tuple[tuple[str, ...], int]]:
        found = summary(entries, "2026-04-01", by=names, book=book)
        return {row.keys: (row.labels, row.figures.found) for row in found.rows}

    assert by("industry") == {("works",): (("演示工程",), 2), ("pits",): (("演示基坑",), 2)}
    cited = "《演示判定标准》(演示令第1号)第{}条"
    assert by("clause") == {
        ("demo-2026.1",): ((cited.format(1),), 2),
        ("demo-2026.2",): ((cited.format(2),), 1),
        (None,): (("不在判定标准里",), 1),
    }
    assert by("region") == {("370000",): (("山东省",), 1), (None,): (("没有给出地区",), 3)}
    assert by("department") == {("住建局",): (("住建局",), 1), (None,): (("没有给出部门",), 3)}
    assert by("unit", "clause")["甲厂", "demo-2026.2"] == (("甲厂", cited.format(2)), 1)


def test_industries_that_no_book_names(book: RuleBook) -> None:
    """None given, several given, and ids that the national book doesn't know: each stands in one row."""
    several = [
        Entry(judgment=classify(other=["甲"], observed_on=FOUND, book=book), unit="甲厂"),
        Entry(judgment=classify(other=["甲"], industry=["works", "shops"], observed_on=FOUND, book=book), unit="甲厂"),
    ]
    found = summary(several, "2026-04-01", by="industry")
    assert [(row.keys, row.labels) for row in found.rows] == [
        (("works,shops",), ("works、shops",)),
        ((None,), ("没有给出行业",)),
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"as_of": "2026-04-31"}, ["as_of", "没有这一天"]),
        ({"as_of": "2026-04-01", "by": "units"}, ["不能按 'units' 汇总", "unit"]),
        ({"as_of": "2026-04-01", "by": ["x", "unit", "unit"]}, ["可用:unit、industry", "不能重复"]),
        ({"as_of": "2026-04-01", "by": ()}, ["至少写一个"]),
    ],
)
def test_what_cannot_be_asked(entries: list[Entry], arguments: dict[str, Any], words: list[str]) -> None:
    """Days and dimensions that don't exist are refused, all at once."""
    with pytest.raises(LedgerError) as caught:
        summary(entries, **arguments)
    assert all(word in str(caught.value) for word in words)


def test_impossible_events_of_all_records(book: RuleBook) -> None:
    """Events that can't have happened are told of every record, with its number, also of those of a later day."""
    wrong = {"kind": "closed", "on": "2026-06-01"}
    bad = [Entry(judgment=major(book, observed_on=day), unit="甲", events=[wrong]) for day in (FOUND, "2026-05-30")]
    with pytest.raises(LedgerError) as caught:
        summary(bad, "2026-04-01")
    assert [problem.where for problem in caught.value.problems] == ["entries[1]", "entries[2]"]
    assert "整改还没有完成" in str(caught.value)


def test_an_entry_is_checked_when_it_is_made(book: RuleBook) -> None:
    """A record needs a unit, and events of the right form; what is wrong is told in Chinese."""
    with pytest.raises(ValidationError, match="unit 不能是空的"):
        Entry(judgment=major(book), unit=" ")
    with pytest.raises(ValidationError, match="最接近的是 closed"):
        Entry(judgment=major(book), unit="甲", events=[{"kind": "closd", "on": "2026-03-03"}])
    with pytest.raises(ValidationError, match="events 要写成列表"):
        Entry(judgment=major(book), unit="甲", events="closed")


HAPPENED = st.lists(
    st.sampled_from(
        [
            [],
            CLOSED,
            CLOSED[:1],
            [*CLOSED, {"kind": "reopened", "on": "2026-03-14"}],
            [{"kind": "supervised", "on": "2026-03-05"}, {"kind": "rectified", "on": "2026-03-25"}],
        ]
    ),
    max_size=6,
)


@given(HAPPENED, st.integers(0, 40), st.integers(0, 40), st.sampled_from([*DIMENSIONS, "unit,clause,industry"]))
def test_laws_of_a_summary(book: RuleBook, happened: list[Any], first: int, more: int, by: str) -> None:
    """Rows add up to the total, which no dimension changes; figures fit each other; found never gets fewer."""
    found = [
        Entry(
            judgment=major(
                book, height=60 if number % 2 else 3, observed_on=f"2026-03-{2 + number:02}", ref=str(number)
            ),
            unit=f"单位{number % 3}",
            department=None if number % 2 else "甲局",
            events=[event | {"on": str(date.fromisoformat(event["on"]) + timedelta(days=number))} for event in events],
        )
        for number, events in enumerate(happened)
    ]
    day = date.fromisoformat(FOUND) + timedelta(days=first)
    one = summary(found, day, by=by.split(","), book=book)
    assert sum((row.figures for row in one.rows), Figures()) == one.total == summary(found, day).total
    total = one.total
    assert total.major + total.general == total.found == total.open + total.closed
    assert total.in_time + total.late == total.rectified
    assert total.overdue + total.rectified <= total.found
    assert total.closed <= total.rectified
    assert one.entries + one.later == len(found)
    later = summary(found, day + timedelta(days=more)).total
    assert later.found >= total.found
    assert later.reopened >= total.reopened
    assert later.supervised >= total.supervised


def written(path: Path, *lines: Any) -> Path:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
    path.write_text(text, encoding="utf-8")
    return path


def test_records_read_from_a_file(tmp_path: Path, entries: list[Entry]) -> None:
    """What is written as JSON Lines is read back the same; blank lines and a byte order mark are no matter."""
    path = tmp_path / "台账.jsonl"
    text = "\n\n".join(entry.model_dump_json() for entry in entries)
    path.write_text("\ufeff" + text + "\n", encoding="utf-8")
    assert read_entries(path) == tuple(entries)
    assert summary(read_entries(str(path)), "2026-04-01") == summary(entries, "2026-04-01")
    assert parse_entries("", "空") == ()


def test_a_plain_line(tmp_path: Path, book: RuleBook) -> None:
    """Judgment and unit are enough."""
    line = {"judgment": major(book).model_dump(mode="json"), "unit": "甲厂"}
    (entry,) = read_entries(written(tmp_path / "a.jsonl", line))
    assert (entry.unit, entry.events, entry.department) == ("甲厂", (), None)


def test_every_problem_of_a_file_at_once(tmp_path: Path, book: RuleBook) -> None:
    """Each wrong line is told with its number: form, keys, values, judgments, events, their order."""
    good: dict[str, Any] = {"judgment": major(book).model_dump(mode="json"), "unit": "甲厂"}
    twice = '{"unit": "甲", ' + json.dumps(good)[1:]
    lines = [
        good,
        '{"judgment": ',
        [1],
        good | {"units": "乙"},
        {"unit": "甲厂"},
        good | {"unit": ""},
        good | {"department": 3},
        good | {"events": "closed"},
        good | {"events": [{"kind": "closd", "on": "2026-03-03"}]},
        good | {"events": [{"kind": "closed", "on": "2026-03-03"}]},
        good | {"judgment": good["judgment"] | {"level": "huge", "extra": 1}},
        twice,
    ]
    path = written(tmp_path / "a.jsonl", *lines)
    with pytest.raises(LedgerError) as caught:
        read_entries(path)
    told = [(problem.where.rpartition(" ")[2], problem.problem) for problem in caught.value.problems]
    expected = [
        ("第2行", "不是 JSON,第 14 个字符起读不懂"),
        ("第3行", "要写成映射"),
        ("第4行", "不认识的键 units"),
        ("第5行", "缺少 judgment"),
        ("第6行", "unit 应是文字"),
        ("第7行", "department 应是文字"),
        ("第8行", "events 要写成列表"),
        ("第9行", "没有这种事件"),
        ("第10行", "整改还没有完成"),
        ("第11行", "judgment.level 'huge'"),
        ("第11行", "不认识的键 judgment.extra"),
        ("第12行", "键重复:unit"),
    ]
    assert len(told) == len(expected)
    for (place, words), (where, problem) in zip(expected, told, strict=True):
        assert place == where
        assert words in problem


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """No file, no UTF-8, and nesting without end are errors that name the file."""
    with pytest.raises(LedgerError, match=r"没有\.jsonl.*读不出来"):
        read_entries(tmp_path / "没有.jsonl")
    (tmp_path / "gbk.jsonl").write_bytes("甲".encode("gbk"))
    with pytest.raises(LedgerError, match="不是 UTF-8"):
        read_entries(tmp_path / "gbk.jsonl")
    with pytest.raises(LedgerError, match="嵌套太深"):
        parse_entries("[" * 200_000, "深")


@pytest.fixture
def dangerous(book: RuleBook) -> Summary:
    """A summary whose unit begins like a formula and holds marks of Markdown and HTML."""
    units = ["=1+1", "|<b>甲*"]
    return summary([Entry(judgment=major(book), unit=unit) for unit in units], "2026-04-01", by=("unit", "clause"))


def test_to_frame(dangerous: Summary) -> None:
    """A row for each row, ids and labels as text, figures as whole numbers."""
    frame = dangerous.to_frame()
    assert frame.columns == ["unit", "unit_label", "clause", "clause_label", *FIGURES]
    assert frame.height == 2
    assert frame["found"].sum() == dangerous.total.found
    assert frame["clause"].to_list() == ["demo-2026.1", "demo-2026.1"]
    assert summary([], "2026-04-01").to_frame().schema == {
        name: kind for name, kind in frame.schema.items() if not name.startswith("clause")
    }


def test_to_excel(dangerous: Summary, tmp_path: Path) -> None:
    """Numbers are numbers, text is text and no formula, the total stands last, the second sheet says what counts."""
    path = tmp_path / "a.xlsx"
    dangerous.to_excel(path)
    workbook = load_workbook(path)
    rows = list(workbook["台账汇总"].iter_rows())
    assert [cell.value for cell in rows[0]][:3] == ["单位", "判定情形", "查出"]
    assert (rows[1][0].value, rows[1][0].data_type, rows[1][2].value) == ("=1+1", "s", 1)
    assert [rows[-1][0].value, rows[-1][2].value] == ["合计", 2]
    said = [row[0].value for row in workbook["口径"].iter_rows()]
    assert said == [dangerous.heading, *(f"{label}:{text}" for label, text in FIGURES.values())]


def test_to_csv(dangerous: Summary, tmp_path: Path) -> None:
    """What begins like a formula is made text for spreadsheets; the rest is as it is."""
    path = tmp_path / "a.csv"
    dangerous.to_csv(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert [row[0] for row in rows] == ["单位", "'=1+1", "|<b>甲*", "合计"]
    assert len({len(row) for row in rows}) == 1


def test_to_markdown(dangerous: Summary) -> None:
    """A table with the total and the definitions; what users wrote is text."""
    text = dangerous.to_markdown()
    assert "| =1+1 |" in text
    assert "\\|\\<b\\>甲\\*" in text
    assert "| 合计 |  | 2 |" in text
    assert all(f"- {label}:" in text for label, _ in FIGURES.values())


def test_what_is_later_is_told(entries: list[Entry]) -> None:
    """The heading tells how many inspections are of a later day."""
    assert summary(entries, "2026-04-01").heading == (
        "按 2026-04-01 的状态,4 条检查记录;另有 1 条检查在这一天以后,没有算进来"
    )


@pytest.mark.parametrize(
    ("module", "call", "extra"),
    [("polars", lambda one, _: one.to_frame(), "frame"), ("openpyxl", lambda one, path: one.to_excel(path), "excel")],
)
def test_without_the_package(
    dangerous: Summary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, call: Any, extra: str
) -> None:
    """Where a package is not installed, the error names the extra that brings it."""
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(HazardRulesError, match=rf"hazardrules\[{extra}\]"):
        call(dangerous, tmp_path / "a.xlsx")


def test_a_summary_survives_json(entries: list[Entry]) -> None:
    """A summary is the same after it was written as JSON and read."""
    found = summary(entries, "2026-04-01", by=("unit", "region"))
    assert Summary.model_validate_json(found.model_dump_json()) == found
