"""How long frames take, beside ``classify()`` row by row.

``python benchmarks/frames.py [rows] [polars|duckdb|spark ...]``

Twenty fact columns that criteria for coal mines read, three in ten cells empty, one industry, one day.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from hazardrules import RuleBook, classify, classify_frame

GIVEN: dict[str, Any] = {"industry": "煤矿", "observed_on": date(2026, 11, 20)}
KINDS = {"boolean": 8, "enum": 5, "set": 2, "number": 5}


def columns(book: RuleBook) -> list[str]:
    """The first facts of each type that the criteria read."""
    by_type: dict[str, dict[str, None]] = {kind: {} for kind in KINDS}
    for rule in book.rules(industry=GIVEN["industry"], on=GIVEN["observed_on"]):
        for fact in rule.reads:
            by_type.setdefault(book.facts[fact].type, {})[fact] = None
    return [fact for kind, count in KINDS.items() for fact in list(by_type[kind])[:count]]


def made(book: RuleBook, fact: str, count: int) -> pl.Series:
    """A column of random values."""
    one = book.facts[fact]
    keys = list(one.options)
    low, high = float(one.min or 0), float(one.max or 100)
    kinds: dict[str, list[Any]] = {
        "boolean": [True, False],
        "enum": keys,
        "set": [[], keys[:1], keys[:2]],
        "number": [round(low + (high - low) * step / 997, 2) for step in range(1, 997)],
    }
    values = pl.Series(fact, kinds[one.type]).sample(count, with_replacement=True, seed=len(fact))
    known = pl.Series([True] * 7 + [False] * 3).sample(count, with_replacement=True, seed=1 + len(fact))
    return pl.select(pl.when(known).then(values).alias(fact)).to_series()


def told(name: str, count: int, start: float, row: float) -> None:
    """Print what was measured."""
    taken = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{name}: {taken:.1f} s, {taken / count * 1e6:.2f} us/row, {row * count / taken:.0f}x, peak {peak:.2f} GiB")


def spark_session() -> Any:
    """A session of two threads."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    session = (
        builder.config("spark.sql.session.timeZone", "UTC")
        .config("spark.driver.memory", "3g")
        .config("spark.sql.codegen.hugeMethodLimit", "8000")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    return session


def by_rows(book: RuleBook, frame: pl.DataFrame) -> float:
    """Seconds that ``classify()`` takes for a row."""
    rows = [{k: v for k, v in one.items() if v is not None} for one in frame.head(1_200).to_dicts()]
    for one in rows[:200]:
        classify(one, book=book, **GIVEN)
    start = time.perf_counter()
    for one in rows[200:]:
        classify(one, book=book, **GIVEN)
    return (time.perf_counter() - start) / len(rows[200:])


def table(count: int = 1_000_000) -> str:
    """A table of frames against rows, in Markdown; how Spark does is told by ``python benchmarks/frames.py``."""
    import duckdb

    book = RuleBook.load(packs=["national"])
    frame = pl.DataFrame([made(book, fact, count) for fact in columns(book)])
    row = by_rows(book, frame)
    lines = ["| 一百万行、二十个事实列 | 用时 | 与逐行 `classify()` 的倍数 |", "|---|---|---|"]
    lines.append(f"| 逐行 `classify()`(按一千行推算) | {row * count:.0f} 秒 | 1 |")
    with tempfile.TemporaryDirectory() as folder:
        file, out = str(Path(folder) / "given.parquet"), str(Path(folder) / "judged.parquet")
        frame.write_parquet(file, row_group_size=125_000)
        start = time.perf_counter()
        classify_frame(frame, book=book, **GIVEN)
        first = time.perf_counter()
        classify_frame(duckdb.connect().read_parquet(file), book=book, **GIVEN).frame.to_parquet(out)
        for name, taken in (("polars", first - start), ("DuckDB(读写 Parquet)", time.perf_counter() - first)):
            lines.append(f"| {name} | {taken:.1f} 秒 | {row * count / taken:.0f} |")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return "\n".join([*lines, "", f"内存峰值 {peak:.2f} GiB(含输入)。"])


def main(count: int, engines: list[str]) -> None:
    """Measure the engines that were named."""
    book = RuleBook.load(packs=["national"])
    frame = pl.DataFrame([made(book, fact, count) for fact in columns(book)])
    row = by_rows(book, frame)
    print(f"classify(): {row * 1e6:.0f} us/row")
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "given.parquet")
        frame.write_parquet(file, row_group_size=125_000)
        for name in engines:
            start = time.perf_counter()
            if name == "polars":
                classify_frame(frame, book=book, **GIVEN)
            elif name == "duckdb":
                import duckdb

                given = duckdb.connect().read_parquet(file)
                classify_frame(given, book=book, **GIVEN).frame.to_parquet(str(Path(folder) / "duckdb.parquet"))
            else:
                given = spark_session().read.parquet(file)
                given.count()
                for time_ in ("first", "second"):
                    start = time.perf_counter()
                    judged = classify_frame(given, book=book, **GIVEN).frame
                    told(f"spark, {time_}: planning", count, start, row)
                    start = time.perf_counter()
                    judged.write.format("noop").mode("overwrite").save()
                    told(f"spark, {time_}: running", count, start, row)
                continue
            told(name, count, start, row)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000, sys.argv[2:] or ["polars"])
