"""Spark: the same expressions inside Spark's own engine say what the row path says."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from hazardrules import RuleBook
from hazardrules.batch import classify_frame
from hazardrules.lang.nodes import Compare, Condition, Literal, Since
from strategies import DATES, OBSERVED, conditions_with_elements, partial_facts
from test_batch import DEMO, ROLES, check, demo_book, examples_of, frame_of, national, rows_of, told
from test_frame import FACTS, boundaries, boundary_rows, dated, expected, truths

pytestmark = [
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.xdist_group("spark"),
]


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """A session of two threads; skipped where there is no Java, unless everything is required."""
    if shutil.which("java") is None and os.environ.get("HAZARDRULES_REQUIRE_ALL") != "1":
        pytest.skip("没有 Java,不测 Spark")
    from pyspark.sql import SparkSession

    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "2",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.python.sql.dataFrameDebugging.enabled": "false",
    }
    builder = SparkSession.builder.master("local[2]").appName("hazardrules")
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


def given(session: Any, frame: pl.DataFrame) -> Any:
    """A frame in Spark, in the same order."""
    return session.createDataFrame(frame.to_arrow()).coalesce(1)


def back(frame: Any) -> pl.DataFrame:
    """What Spark worked out."""
    return pl.DataFrame(pl.from_arrow(frame.toArrow()))


def sampled(strategy: Any, count: int, seed: int) -> list[Any]:
    """Values that a strategy can give, the same in every run."""
    from hypothesis import HealthCheck, Phase, settings
    from hypothesis import given as over
    from hypothesis import seed as seeded

    found: list[Any] = []

    @seeded(seed)
    @settings(
        max_examples=count,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @over(strategy)
    def collect(value: Any) -> None:
        found.append(value)

    collect()
    return found[:count]


def test_conditions(spark: Any) -> None:
    """Random conditions over random partial facts; products on and beside their boundary; days and months."""
    nodes: list[Condition] = sampled(conditions_with_elements, 18, 1)
    rows = dated(sampled(partial_facts, 120, 2))
    assert truths(nodes, rows, lambda frame: given(spark, frame)) == expected(nodes, rows)

    values = [Decimal(v) for v in ("120", "0.3", "-7.25", "999999.999", "0.000007")]
    some = [(v, Decimal("1.7"), Decimal(step)) for v in values for step in ("0", "0.0001", "-0.000000001")]
    rows, nodes = boundary_rows(some, Decimal("1.1")), boundaries(">=", Decimal("1.1"))[:1]
    assert truths(nodes, rows, lambda frame: given(spark, frame)) == expected(nodes, rows)

    pick = random.Random(3)
    days = [date.fromordinal(pick.randint(1, date.max.toordinal())) for _ in range(80)]
    days += [date(2026, 1, 31), date(2026, 2, 28), date(2024, 2, 29), OBSERVED, date(1582, 10, 10), date(1500, 3, 1)]
    rows = [{"@observed_on": on, DATES[0].id: start} for on, start in zip(days, [*days[1:], days[0]], strict=True)]
    rows += [{"@observed_on": on, DATES[0].id: date(2026, 1, 31)} for on in (date(2026, 2, 27), date(2026, 2, 28))]
    nodes = [
        Compare(op, Since(unit, DATES[0]), Literal(n))
        for unit in ("days", "months")
        for op in ("==", ">")
        for n in (0, 1)
    ]
    assert truths(nodes, rows, lambda frame: given(spark, frame)) == expected(nodes, rows)
    assert DATES[0] in FACTS


def test_frames(spark: Any, tmp_path: Path) -> None:
    """Examples of national criteria, and rows on the boundaries of a small pack, many settings at once."""
    for document in ("noncoal-2017",):
        rows = examples_of(national(), document)[:60]
        industry = national().documents[document].industries[0]
        result = classify_frame(given(spark, frame_of(national(), rows)), book=national(), industry=industry)
        assert result.problems == ()
        assert rows_of(back(result.frame)) == [told(national(), row, industry=industry) for row in rows]

    book = demo_book(tmp_path)
    days = [date(2026, 2, 28), date(2026, 9, 25)]
    names: list[str | None] = [None, "演示业", "demo-other", "机械"]
    rows = [{**row, "observed_on": day, "industry": names[i % 4]} for i, row in enumerate(DEMO) for day in days]
    result = classify_frame(given(spark, frame_of(book, rows, pl.Float64)), book=book)
    assert result.problems == ()
    assert rows_of(back(result.frame)) == [told(book, row) for row in rows]
    assert set(ROLES) >= {"observed_on", "industry"}
    check(book, rows, frame_of(book, rows, pl.Float64))


def test_cells_and_kinds(spark: Any) -> None:
    """Names with dots, labels, texts of days, cells that don't fit: as in the other engines, in Spark's own kind."""
    frame = pl.DataFrame(
        {
            "dust.storeys": [3.0, 2.5, 1.0, 3.0],
            "dust.gathering": ["员工宿舍;办公室", "无", "宿舍", None],
            "dust.structure": ["brick", "砖混结构", "　框架结构", "brick"],
            "行业": ["机械", "机械", "机械", "机戒"],
            "检查日期": ["2026-11-20", "2026-11-20", "2026-02-30", "2026-11-20"],
        }
    )
    result = classify_frame(given(spark, frame), book=RuleBook.load(packs=["national"]))
    assert type(result.frame).__module__.startswith("pyspark")
    assert result.frame.columns == [*frame.columns, "level", "conclusive", "rules", "due_on", "open", "problem"]
    found = rows_of(back(result.frame))
    assert [row["level"] for row in found] == ["major", None, None, None]
    assert [one is None for one in (row["problem"] for row in found)] == [True, False, False, False]
    assert {one.column for one in result.problems} == {"dust.storeys", "dust.gathering", "行业", "检查日期"}
