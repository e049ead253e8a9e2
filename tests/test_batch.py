"""Frames: every row is judged as ``classify()`` judges it, in every engine."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hazardrules import FactValueError, HazardRulesError, InputError, RuleBook, UnknownFactError, classify
from hazardrules.batch import classify_frame
from hazardrules.lang.kleene import OBSERVED_ON
from hazardrules.lang.nodes import Value
from hazardrules.pack.discovery import national_folder
from packs import FACTS, RULE, rule, write_pack

TYPES = {
    "boolean": pl.Boolean,
    "integer": pl.Int64,
    "number": pl.Decimal(38, 15),
    "enum": pl.String,
    "set": pl.List(pl.String),
    "date": pl.Date,
    "text": pl.String,
}
ROLES = {"observed_on": pl.Date, "industry": pl.String, "reported": pl.Boolean}
Row = Mapping[str, Any]


@cache
def national() -> RuleBook:
    """The national rule book."""
    return RuleBook.load(packs=["national"])


def plain(value: Value) -> Any:
    """A value as a column holds it."""
    return sorted(value) if isinstance(value, frozenset) else value


def frame_of(book: RuleBook, rows: Sequence[Row], numbers: Any = TYPES["number"]) -> pl.DataFrame:
    """The rows as a frame with a column for each fact that one of them has."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    types = {**TYPES, "number": numbers}
    schema = {name: ROLES.get(name) or types[book.facts[name].type] for name in names}
    as_number = Decimal if isinstance(numbers, pl.Decimal) else float
    columns = {}
    for name in names:
        values = [None if row.get(name) is None else plain(row[name]) for row in rows]
        if schema[name] == numbers:
            values = [None if value is None else as_number(value) for value in values]
        columns[name] = pl.Series(name, values, dtype=schema[name])
    return pl.DataFrame(columns)


def told(book: RuleBook, row: Row, **given: Any) -> dict[str, Any]:
    """What ``classify()`` says of a row, as columns."""
    facts = {name: value for name, value in row.items() if name not in ROLES}
    given |= {name: row[name] for name in ROLES if name in row}
    judgment = classify(facts, book=book, **given)
    return {
        "level": judgment.level.value,
        "conclusive": judgment.conclusive,
        "rules": [finding.rule for finding in judgment.findings],
        "due_on": None if judgment.deadline is None else judgment.deadline.due_on,
        "open": len(judgment.open),
        "problem": None,
    }


def rows_of(frame: Any) -> list[dict[str, Any]]:
    """The added columns of a result, as rows."""
    if isinstance(frame, pl.LazyFrame):
        frame = frame.collect()
    elif not isinstance(frame, pl.DataFrame):
        frame = frame.pl()
    return list(frame.select("level", "conclusive", "rules", "due_on", "open", "problem").to_dicts())


def examples_of(book: RuleBook, document: str) -> list[dict[str, Any]]:
    """The examples of a document's criteria as rows; each day in the document's own time."""
    held = book.documents[document]
    found = []
    for one in (one for held_rule in held.rules for one in held_rule.examples):
        facts = {id_: value for id_, value in one.facts.items() if id_ != OBSERVED_ON}
        found.append({**facts, "observed_on": one.facts.get(OBSERVED_ON, held.starts)})
    return found


def duck(frame: pl.DataFrame) -> Any:
    """The frame as a relation of a new DuckDB database."""
    connection = duckdb.connect()
    connection.register("given", frame.to_arrow())
    return connection.table("given")


def check(book: RuleBook, rows: Sequence[Row], given: Any, **arguments: Any) -> None:
    """That a frame of the rows is judged as the rows are."""
    result = classify_frame(given, book=book, **arguments)
    assert result.problems == ()
    for row, found in zip(rows, rows_of(result.frame), strict=True):
        assert found == told(book, row, **arguments), row


DOCUMENTS = sorted(id_ for id_, document in national().documents.items() if document.rules)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_examples_of_every_criterion(document: str) -> None:
    """Every example of every criterion of the national book is judged in a frame as row by row."""
    book, rows = national(), examples_of(national(), document)
    industries = [id_ for id_ in book.documents[document].industries if id_ != "*"]
    check(book, rows, frame_of(book, rows), industry=industries[0] if industries else None)


@pytest.mark.parametrize("document", ["gongmao-2023", "noncoal-2022", "power-2026", "fire-2017"])
def test_examples_without_an_industry(document: str) -> None:
    """The same where no industry is given, so that those of all are considered, with numbers as doubles, lazily."""
    book, rows = national(), examples_of(national(), document)
    check(book, rows, frame_of(book, rows, pl.Float64).lazy())


@pytest.mark.parametrize("document", ["chemical-2026", "noncoal-2017", "waterway-inland-vessel-2024"])
def test_examples_in_duckdb(document: str) -> None:
    """The same inside DuckDB."""
    book, rows = national(), examples_of(national(), document)[:80]
    check(book, rows, duck(frame_of(book, rows)), industry=book.documents[document].industries[0])


def value_of(book: RuleBook, fact: str) -> st.SearchStrategy[Any]:
    """Values of a fact, or none."""
    one = book.facts[fact]
    low = 0 if one.min is None else int(one.min)
    high = low + 20 if one.max is None else min(low + 20, int(one.max))
    found: st.SearchStrategy[Any] = {
        "boolean": st.booleans(),
        "enum": st.sampled_from([*one.options, *one.options.values()]),
        "set": st.lists(st.sampled_from([*one.options] or ["-"]), unique=True, max_size=3),
        "number": st.integers(low * 10, high * 10).map(lambda n: Decimal(n) / 10),
        "integer": st.integers(low, min(low + 5, high)),
        "date": st.dates(date(2024, 1, 1), date(2027, 1, 1)),
        "text": st.text("甲乙", max_size=3),
    }[one.type]
    return st.none() | found


@st.composite
def cases(draw: st.DrawFn, book: RuleBook, industries: Sequence[str | None]) -> list[dict[str, Any]]:
    """Rows with facts that criteria of some industries read, on days around changes of the law."""
    readable = sorted({fact for one in book.documents.values() for rule_ in one.rules.reads for fact in rule_})
    start = draw(st.integers(0, len(readable) - 1))
    facts = readable[start : start + 12]
    row = st.fixed_dictionaries(
        {
            **{fact: value_of(book, fact) for fact in facts},
            "industry": st.sampled_from(industries),
            "observed_on": st.dates(date(2017, 1, 1), date(2027, 6, 1)) | st.sampled_from(DAYS),
            "reported": st.booleans(),
        }
    )
    return [*draw(st.lists(row, min_size=1, max_size=12))]


DAYS = sorted({day for one in national().documents.values() for day in (one.starts, one.expires) if day})
INDUSTRIES = [None, "机械", "coal-mining", "消防", "化工", "金属非金属矿山", "水利"]


def known_industries() -> list[str | None]:
    """Those of the industries above that the book knows by that name."""
    found: list[str | None] = []
    for name in INDUSTRIES:
        try:
            national().industry_ids(name)
        except InputError:
            continue
        found.append(name)
    return found


@given(cases(national(), known_industries()))
@settings(max_examples=12, deadline=None)
def test_mixed_industries_and_days(rows: list[dict[str, Any]]) -> None:
    """Rows of several industries and of any day, each judged by the law of its own."""
    check(national(), rows, frame_of(national(), rows))


@given(cases(national(), known_industries()))
@settings(max_examples=4, deadline=None)
def test_mixed_industries_and_days_in_duckdb(rows: list[dict[str, Any]]) -> None:
    """The same inside DuckDB."""
    check(national(), rows, duck(frame_of(national(), rows)))


def demo_book(folder: Path) -> RuleBook:
    """A book with everything that a criterion may have."""
    facts = {
        **FACTS,
        "level": {"type": "number", "label": "演示水位", "unit": "米"},
        "design": {"type": "number", "label": "演示设计水位", "unit": "米"},
        "persons": {"type": "integer", "label": "演示人数", "min": 0},
        "approved": {"type": "boolean", "label": "演示许可", "assume": False},
        "extra": {"type": "integer", "label": "演示加派人数", "assume": 2},
        "state": {"type": "enum", "label": "演示状态", "of": {"on": "开", "off": "关"}, "assume": "on"},
        "faults": {"type": "set", "label": "演示缺陷", "of": {"a": "甲", "b": "乙", "c": "丙"}},
        "since": {"type": "date", "label": "演示检验日期"},
        "remark": {"type": "text", "label": "演示备注"},
    }
    rules = [
        RULE,
        rule("2", "demo.level > demo.design * 1.1 and not demo.approved"),
        rule("3", 'at_least(2, [demo.height >= 1.5, has_any(demo.faults, ["a", "b"]), demo.persons > 10])'),
        rule("4", "months_since(demo.since) > 3 or days_since(demo.since) < 0"),
        rule("5", 'demo.level < band("T1", demo.height)'),
        rule("6", "(demo.persons - demo.extra) / demo.height >= 2.5"),
        rule("7", 'has_all(demo.faults, ["a", "c"]) and demo.state == "on"', level="general"),
        rule("8", "demo.persons > 5", status="draft"),
        rule("9", "demo.persons in [3, 4]", industries=["demo-trade"]),
        {"id": "demo-2026.10", "ref": "第十条", "title": "其他情形", "manual": True},
    ]
    ways = [{"id": "demo-way", "citation": "演示办法", "evidence": "policy", "end": "rolls", "text": "顺延"}]
    due = [
        {"id": "demo-major", "level": "major", "days": 7, "day_kind": "working", "documents": ["demo-2026"]},
        {"id": "demo-month", "level": "general", "days": 1, "day_kind": "months", "counting": "demo-way"},
    ]
    for one in due:
        one |= {"source": "policy", "citation": "演示办法", "evidence": "policy", "text": "演示"}
    write_pack(
        folder,
        facts=facts,
        rules=rules,
        tables={
            "T1": {
                "title": "演示表",
                "input": "高度",
                "output": "水位",
                "rows": [{"le": 2, "value": 1}, {"gt": 2, "le": 5.5, "value": 2.5}],
            }
        },
        deadlines={"policy": "演示策略", "counting": ways, "deadlines": due},
        industries=[{"id": "demo-trade", "label": "演示业"}, {"id": "demo-other", "label": "演示他业"}],
        document={"industries": ["demo-trade", "demo-other"], "gate": "demo.persons >= 1"},
    )
    return RuleBook.load(packs=[str(national_folder()), str(folder)])


DEMO: list[dict[str, Any]] = [
    {"demo.level": 110, "demo.design": 100, "demo.persons": 3},
    {"demo.level": Decimal("110.000001"), "demo.design": 100, "demo.persons": 3},
    {"demo.level": Decimal("110.000001"), "demo.design": 100, "demo.persons": 0},
    {"demo.level": 111, "demo.design": 100, "demo.persons": 6, "demo.approved": True},
    {"demo.level": 111, "demo.design": 100},
    {"demo.height": Decimal("1.5"), "demo.faults": ["a"], "demo.persons": 7, "demo.guard": "failed"},
    {"demo.height": Decimal("1.49"), "demo.faults": ["乙"], "demo.persons": 11},
    {"demo.height": 2, "demo.persons": 7},
    {"demo.height": 2, "demo.persons": 7, "demo.extra": 1},
    {"demo.height": 0, "demo.persons": 7, "demo.level": Decimal("0.5")},
    {"demo.height": Decimal("5.5"), "demo.level": Decimal("2.5"), "demo.persons": 1},
    {"demo.height": Decimal("5.6"), "demo.level": Decimal("2.4"), "demo.persons": 1},
    {"demo.height": 3, "demo.level": Decimal("2.4"), "demo.guard": "没有", "demo.persons": 1},
    {"demo.since": date(2026, 1, 31), "demo.persons": 1},
    {"demo.since": date(2025, 10, 31), "demo.persons": 1},
    {"demo.since": date(2027, 1, 1), "demo.persons": 1},
    {"demo.faults": ["a", "丙"], "demo.persons": 1, "demo.state": "关"},
    {"demo.faults": ["a", "c"], "demo.persons": 1},
    {"demo.faults": [], "demo.persons": 1},
    {"demo.remark": "只有备注"},
    {"dust.storeys": 3, "dust.structure": "brick"},
    {},
]
"""On and beside every boundary of the criteria of ``demo_book``."""


@pytest.mark.parametrize(
    "given", [{}, {"industry": "演示业"}, {"industry": "demo-other", "reported": False}, {"industry": "机械"}]
)
@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_everything_that_a_criterion_may_have(tmp_path: Path, engine: str, given: dict[str, Any]) -> None:
    """Arithmetic, tables, counts, days, gates, assumed and lacking values, drafts, levels, several deadlines."""
    book = demo_book(tmp_path)
    days = [date(2026, 1, 31), date(2026, 2, 28), date(2026, 9, 25), date(2026, 11, 20), date(2031, 1, 31)]
    rows = [{**row, "observed_on": day} for row in DEMO for day in days]
    frame = frame_of(book, rows)
    check(book, rows, duck(frame) if engine == "duckdb" else frame, **given)
    few = [{**row, "observed_on": days[3]} for row in DEMO]
    check(book, few, frame_of(book, few, pl.Float64), **given)
    result = classify_frame(frame_of(book, DEMO, pl.Float64), book=book, observed_on="2026-02-28", **given)
    assert rows_of(result.frame) == [told(book, row, observed_on="2026-02-28", **given) for row in DEMO]


SAMPLE = {"dust.storeys": [3, 1, None], "dust.structure": ["砖混结构", "brick", None], "行业": ["机械", None, "煤矿"]}
WANTED = ["major", "general", "general"]


def sample_frames() -> dict[str, Any]:
    """The same three rows in every kind of frame that is worked out without a cluster."""
    frame = pl.DataFrame(SAMPLE)
    return {
        "polars": frame,
        "lazy": frame.lazy(),
        "pandas": pd.DataFrame(SAMPLE, index=["x", "y", "z"]),
        "nullable": pd.DataFrame(SAMPLE).convert_dtypes(),
        "arrow-backed": pd.DataFrame(SAMPLE).convert_dtypes(dtype_backend="pyarrow"),
        "objects": pd.DataFrame(SAMPLE).astype(object),
        "categories": pd.DataFrame(SAMPLE).astype({"dust.structure": "category"}),
        "pyarrow": pa.table(SAMPLE),
        "duckdb": duck(frame),
        "narwhals": nw.from_native(frame),
    }


@pytest.mark.parametrize("kind", list(sample_frames()))
def test_frames_of_every_kind(kind: str) -> None:
    """A frame comes back as it was given, columns and index included, with the results beside."""
    given = sample_frames()[kind]
    result = national().classify_frame(given, observed_on="2026-11-20").frame
    native = nw.to_native(given, pass_through=True)
    assert type(result) is type(native)
    if isinstance(result, pd.DataFrame):
        assert list(result.index) == list(native.index)
        pd.testing.assert_frame_equal(result[list(native.columns)], native)
        assert result["rules"].tolist()[1:] == [[], []]
    frame = nw.from_native(result)
    frame = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    assert frame.columns == [*SAMPLE, "level", "conclusive", "rules", "due_on", "open", "problem"]
    assert frame["level"].to_list() == WANTED
    assert frame["rules"].to_list() == [["gongmao-2023.11.1"], [], []]
    assert frame["due_on"].to_list() == [date(2026, 12, 20), date(2026, 11, 20), date(2026, 11, 20)]


def test_what_holds_is_explained() -> None:
    """``explain`` adds the criteria with citations, or says that none holds."""
    frame = pl.DataFrame({**SAMPLE, "上报": [True, True, False]})
    reasons = classify_frame(frame, book=national(), observed_on="2026-11-20", explain=True).frame["reason"].to_list()
    citation = "《工贸企业重大事故隐患判定标准》(应急管理部令第10号)第十一条第(一)项"
    assert reasons[0].startswith(f"属于{citation}所列情形(")
    assert reasons[1:] == [
        "没有判定情形成立;检查人员报告为隐患,按一般事故隐患处理",
        "没有判定情形成立;检查人员没有报告为隐患,未构成隐患",
    ]


BAD = {
    "dust.storeys": [3.0, 2.5, -1.0, 1e13, float("nan"), 3.0],
    "dust.structure": ["brick", "框架结构", "砖混", "brick", "brick", "　砖混 结构"],
    "dust.gathering": [["dormitory"], ["宿舍"], [], [], [], ["办公室"]],
}


@pytest.mark.parametrize("engine", ["polars", "lazy", "duckdb"])
def test_cells_that_do_not_fit(engine: str) -> None:
    """A cell that can't be used spoils its own row, and says why; the others are judged, odd spellings included."""
    frame = pl.DataFrame(BAD)
    given = {"polars": frame, "lazy": frame.lazy(), "duckdb": duck(frame)}[engine]
    result = classify_frame(given, book=national(), industry="机械", observed_on="2026-11-20")
    found = rows_of(result.frame)
    assert [row["level"] for row in found] == ["major", None, None, None, None, "major"]
    assert all(row["rules"] is None and row["open"] is None and row["conclusive"] is None for row in found[1:5])
    assert "dust.storeys" in found[1]["problem"]
    assert "2.5" in found[1]["problem"]
    assert "dust.gathering" in found[1]["problem"]
    assert "砖混" in found[2]["problem"]
    assert found[0]["problem"] is None
    problems = {(one.column, one.value): one for one in result.problems}
    assert problems["dust.structure", "'砖混'"].hint == "最接近的是 砖混结构"
    assert "不是整数" in problems["dust.storeys", "2.5"].problem
    assert "不是有限的数" in problems["dust.storeys", "nan"].problem
    assert len(result.problems) == 6
    assert {one.count for one in result.problems} == {1}
    rows = {one.rows for one in result.problems}
    assert rows == ({()} if engine != "polars" else {(2,), (3,), (4,), (5,)})
    if engine == "polars":
        assert str(problems["dust.storeys", "2.5"]).startswith("dust.storeys(第2行起,共1行): 值 2.5 不是整数")


def test_sets_as_text() -> None:
    """Members of a set may stand in one text, by keys or labels; nothing is 无 or []; an empty text is no answer."""
    texts = ["dormitory", "员工宿舍;办公室", "rest、会议室", " 办公室 ; rest ", "无", "[]", None, "", "宿舍", ";"]
    frame = pl.DataFrame({"dust.gathering": texts})
    result = classify_frame(frame, book=national(), industry="机械", observed_on="2026-11-20")
    found = rows_of(result.frame)
    assert [row["level"] for row in found] == ["major"] * 4 + ["general"] * 3 + [None] * 3
    assert {one.value for one in result.problems} == {"''", "'宿舍'", "';'"}
    assert next(one for one in result.problems if one.value == "''").hint == "没有就写“无”,不知道就留空值(null)"


def test_values_as_a_row_takes_them() -> None:
    """是/否, keys or labels, days as text; decimals with more digits than count; points in time only at midnight."""
    book = national()
    boolean = "chemical_staff.principal_qualified" if "chemical_staff.principal_qualified" in book.facts else BOOLEAN
    frame = pl.DataFrame({boolean: ["是", "否", "true", None]})
    assert [row["level"] is None for row in rows_of(classify_frame(frame, book=book).frame)] == [
        False,
        False,
        True,
        False,
    ]
    number = NUMBER
    digits = [Decimal("1.2345678901234567"), Decimal("1.23456789012345"), Decimal("1.50000000000000000")]
    frame = pl.DataFrame({number: pl.Series(digits, dtype=pl.Decimal(38, 17))})
    assert [row["level"] is None for row in rows_of(classify_frame(frame, book=book).frame)] == [True, False, False]


BOOLEAN = next(id_ for id_, fact in national().facts.items() if fact.type == "boolean")
NUMBER = next(id_ for id_, fact in national().facts.items() if fact.type == "number" and fact.max is None)


def test_days_in_columns(tmp_path: Path) -> None:
    """Days may be days, texts of the one form, or midnights without a time zone; nothing else is one."""
    book = demo_book(tmp_path)
    texts = ["2026-01-31", "2026-02-30", "2026-1-31", "20260131", None]
    frame = pl.DataFrame({"demo.since": texts, "demo.persons": [1] * 5})
    levels = [row["level"] for row in rows_of(classify_frame(frame, book=book, observed_on="2026-11-20").frame)]
    assert levels == ["major", None, None, None, "general"]
    assert levels == [
        row["level"] for row in rows_of(classify_frame(duck(frame), book=book, observed_on="2026-11-20").frame)
    ]
    moments = [datetime(2026, 1, 31), datetime(2026, 1, 31, 8)]  # noqa: DTZ001  # without a zone on purpose
    columns = {"demo.since": moments, "demo.persons": [1, 1]}
    for moment in (pl.DataFrame(columns), pd.DataFrame(columns)):
        result = classify_frame(moment, book=book, observed_on="2026-11-20")
        assert nw.from_native(result.frame)["level"].is_null().to_list() == [False, True]
    zoned = pl.DataFrame({"demo.since": moments}).with_columns(
        pl.col("demo.since").dt.replace_time_zone("Asia/Shanghai")
    )
    assert rows_of(classify_frame(zoned, book=book).frame)[0]["level"] is None


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_roles_that_do_not_fit(engine: str) -> None:
    """An industry that nobody knows, a day that is none, an empty day or report: the row says so."""
    frame = pl.DataFrame(
        {
            "dust.storeys": [3, 3, 3, 3, 3],
            "dust.structure": ["brick"] * 5,
            "industry": ["机械", "机戒", "机械;有色", "机械", "机械"],
            "检查日期": ["2026-11-20", "2026-11-20", "2026-11-20", "2026-11-31", "2026-11-20"],
            "上报": ["是", "否", "是", "否", None],
            "编号": ["一", "二", "三", "四", "五"],
        }
    )
    result = classify_frame(duck(frame) if engine == "duckdb" else frame, book=national())
    found = rows_of(result.frame)
    assert [row["level"] for row in found] == ["major", None, "major", None, None]
    assert "机戒" in found[1]["problem"]
    assert "检查日期" in found[3]["problem"]
    assert "上报" in found[4]["problem"]
    assert {one.column for one in result.problems} == {"industry", "检查日期", "上报"}
    assert "机械" in next(one.hint for one in result.problems if one.column == "industry")


def test_columns_that_are_nothing_known() -> None:
    """Unknown columns are told all at once with the nearest names, collected, or kept."""
    frame = pl.DataFrame({"dust.storey": [3], "企业": ["甲"], "dust.structure": ["brick"]})
    with pytest.raises(UnknownFactError) as caught:
        classify_frame(frame, book=national())
    assert [one.where for one in caught.value.problems] == ["dust.storey", "企业"]
    assert "dust.storeys" in caught.value.problems[0].hint
    assert caught.value.problems[1].hint.endswith("不是事实的列写在 keep 里,原样带过")
    result = classify_frame(frame, book=national(), strict=False)
    assert [one.column for one in result.problems] == ["dust.storey", "企业"]
    assert result.frame["企业"].to_list() == ["甲"]
    kept = classify_frame(
        frame.rename({"dust.storey": "dust.storeys"}), book=national(), keep=["企业"], industry="机械"
    )
    assert kept.problems == ()
    assert kept.frame["level"].to_list() == ["major"]


@pytest.mark.parametrize(
    ("frame", "given", "words"),
    [
        ({"dust.storeys": [3], "行业": ["机械"]}, {"industry": "机械"}, "给了两次"),
        ({"dust.storeys": [3], "检查日期": ["2026-11-20"], "observed_on": ["2026-11-20"]}, {}, "给了两次"),
        ({"dust.storeys": [3], "level": ["major"]}, {}, "判定结果用的"),
        ({"dust.storeys": [3], "粉尘爆炸危险场所所在建(构)筑物的层数": [3]}, {}, "是同一个事实"),
        ({"dust.storeys": [3], "other": ["松动"]}, {"strict": False}, "文字描述"),
        ({"dust.storeys": [3]}, {"keep": ["企业"]}, "没有列 企业"),
        ({"dust.storeys": [3]}, {"observed_on": "2026-13-01"}, "没有这一天"),
        ({"dust.storeys": [3], "检查日期": [3]}, {}, "应是日期"),
        ({"dust.storeys": [3], "行业": [3]}, {}, "应是文字"),
    ],
)
def test_what_is_refused_as_a_whole(frame: dict[str, Any], given: dict[str, Any], words: str) -> None:
    """What concerns the whole frame raises, and names the column."""
    label = national().facts["dust.storeys"].label
    columns = {label if "层数" in name else name: values for name, values in frame.items()}
    with pytest.raises(InputError, match=words):
        classify_frame(pl.DataFrame(columns), book=national(), **given)


def test_pandas_objects_that_can_not_be_read() -> None:
    """A column of objects of several types is refused with its name."""
    frame = pd.DataFrame({"dust.structure": ["brick", 3, object()]})
    with pytest.raises(FactValueError, match=r"dust\.structure.*不是同一类型"):
        classify_frame(frame, book=national())


def test_no_frame() -> None:
    """What is no frame is refused with the kinds that are known."""
    with pytest.raises(FactValueError, match="不认识的数据框"):
        classify_frame([{"dust.storeys": 3}], book=national())


def test_arithmetic_beyond_the_frames(tmp_path: Path) -> None:
    """A criterion whose arithmetic a frame can't work out exactly is named."""
    long = rule("1", "demo.height * demo.height * demo.height * demo.height > 3")
    folder = write_pack(tmp_path, rules=[long])
    book = RuleBook.load(packs=[str(national_folder()), str(folder)])
    with pytest.raises(HazardRulesError, match=r"demo-2026\.1 的算式 .*位数太多"):
        classify_frame(pl.DataFrame({"demo.height": [1.5]}), book=book)


def test_no_rows() -> None:
    """A frame without rows gets the columns all the same."""
    frame = pl.DataFrame(SAMPLE).clear()
    for empty in (frame, duck(frame)):
        assert rows_of(classify_frame(empty, book=national(), observed_on="2026-11-20").frame) == []


def test_many_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Frames in memory are worked out in slices; the rows stay in order."""
    monkeypatch.setattr("hazardrules.engines.SLICE", 2)
    frame = pl.DataFrame({"dust.storeys": [3, 1] * 5, "dust.structure": ["brick"] * 10})
    found = rows_of(classify_frame(frame, book=national(), industry="机械").frame)
    assert [row["level"] for row in found] == ["major", "general"] * 5


def test_without_the_packages() -> None:
    """Without narwhals the error says what to install."""
    code = (
        "import sys; sys.modules['narwhals'] = None\n"
        "from hazardrules import classify_frame, HazardRulesError\n"
        "try: classify_frame(None)\n"
        "except HazardRulesError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)  # noqa: S603  # our own interpreter
    assert "pip install 'hazardrules[frame]'" in done.stdout.decode()
