"""``python -m benchmarks``: measure, print a table, and with ``--markdown`` write it into a page."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from benchmarks.by_hand import Check, count_by_hand, ids_by_hand, open_by_hand
from benchmarks.cold import cold
from benchmarks.engines import ENGINES
from benchmarks.growth import larger
from benchmarks.observations import DAY, OBSERVATIONS, Observed, mixed
from benchmarks.timing import Ratio, by_turns, in_turn
from hazardrules import RuleBook, classify
from hazardrules.lang.nodes import Value
from hazardrules.observation import read_observation
from hazardrules.pack.content import Rule

START, END = "<!-- benchmarks: start -->", "<!-- benchmarks: end -->"
ON = date.fromisoformat(DAY)


class Row(NamedTuple):
    """A line of the table: what is compared, on what, the ratio, and what is to be reached."""

    what: str
    on: str
    ratio: Ratio
    wanted: str = ""

    def __str__(self) -> str:
        return f"| {self.what} | {self.on} | {self.ratio} | {self.wanted} |"


def judge(observed: Observed, book: RuleBook) -> Callable[[], object]:
    """The whole of ``classify()`` for an observation."""
    return partial(classify, observed.facts, book=book, **observed.arguments)


def values_of(observed: Observed, book: RuleBook) -> dict[str, Value]:
    """The facts of an observation in normal form, which the others get for nothing."""
    return dict(read_observation(book, observed.facts, **observed.arguments).values)


def single(book: RuleBook, rules: list[Rule]) -> Iterator[Row]:
    """One observation against everything else that could judge it."""
    hand: dict[str, tuple[Check, str]] = {
        "手写 if,只数命中": (count_by_hand(rules), "> 1"),
        "手写 if,列出命中": (ids_by_hand(rules), "> 1"),
        "手写 if,列出命中和待定": (open_by_hand(rules), "> 1"),
    }
    engines = [(one, *one.prepare(rules, ON)) for one in ENGINES if one.there]
    for observed in OBSERVATIONS:
        judgment, values = classify(observed.facts, book=book, **observed.arguments), values_of(observed, book)
        label = f"{observed.label}(成立 {len(judgment.findings)},待定 {len(judgment.open)})"
        ways: dict[str, Callable[[], object]] = {"classify": judge(observed, book)}
        wanted: dict[str, str] = {}
        for name, (check, aim) in hand.items():
            ways[name], wanted[name] = partial(check, values, ON), aim
        for engine, count, prepare in engines:
            name = f"{engine.name}({count} 条)"
            ways[name], wanted[name] = prepare(values), "≥ 200" if engine.module == "rule_engine" else "> 1"
        times = by_turns(ways)
        note(f"{label}: classify {times['classify'].best * 1e6:.0f} µs")
        yield from (Row(name, label, times[name].over(times["classify"]), wanted[name]) for name in wanted)


def stream(book: RuleBook, rules: list[Rule]) -> Row:
    """Observations of which each differs from all before, so that nothing kept from one answers the next."""
    check = ids_by_hand(rules)
    rounds = [mixed(book, seed=seed) for seed in range(1, 8)]
    judged = [[judge(one, book) for one in each] for each in rounds]
    by_hand = [[partial(check, values_of(one, book), ON) for one in each] for each in rounds]
    for one in mixed(book):
        judge(one, book)()
    times = in_turn({"classify": judged, "hand": by_hand})
    return Row("手写 if,列出命中", "500 条,事实、取值、行业各不相同", times["hand"].over(times["classify"]))


def growth(book: RuleBook) -> Iterator[Row]:
    """The same observations in larger books."""
    books = {times: larger(book, times) for times in (1, 3, 10)}
    for observed in (OBSERVATIONS[0], OBSERVATIONS[1], OBSERVATIONS[3]):
        times = by_turns({str(size): judge(observed, one) for size, one in books.items()})
        for size in (3, 10):
            ratio = times[str(size)].over(times["1"])
            yield Row(f"规则 {size} 倍时的用时", observed.label, ratio, "< 1.5" if size == 10 else "")


def starting(rounds: int) -> Iterator[Row]:
    """A new process."""
    with tempfile.TemporaryDirectory() as folder:
        times = cold(Path(folder), rounds)
    note(", ".join(f"{name} {one.best * 1e3:.0f} ms" for name, one in times.items()))
    yield Row("冷启动到第一次判定", "给了行业", times["first"].over(times["pydantic"]), "≤ 1.6")
    yield Row("冷启动到第一次判定", "未给行业", times["anywhere"].over(times["pydantic"]), "≤ 1.6")
    yield Row("冷启动(空的解释器)", "", times["python"].over(times["pydantic"]))


def note(text: str) -> None:
    """What is good to know and no ratio, for whoever runs it."""
    print(text, file=sys.stderr, flush=True)


def machine() -> str:
    """What it was measured on, in Chinese."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    names = ["hazardrules", "pydantic", *(one.name for one in ENGINES if one.there)]
    versions = "、".join(f"{name} {version(name)}" for name in names)
    size = f"{os.cpu_count()} 核、{pages:.0f} GiB 内存"
    return f"{date.today().isoformat()},{size},Python {platform.python_version()};{versions}。"  # noqa: DTZ011


def write(page: Path, text: str) -> None:
    """Put the table between the marks of a page.

    :raises ValueError: for a page without them.
    """
    before, start, rest = page.read_text(encoding="utf-8").partition(START)
    _, end, after = rest.partition(END)
    if not start or not end:
        raise ValueError(f"{page}: {START} … {END}")
    page.write_text(f"{before}{START}\n{text}\n{END}{after}", encoding="utf-8")


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", default=[], help="single, stream, growth, cold, frames; all by default")
    parser.add_argument("--markdown", type=Path, metavar="PAGE", help="write the table into this page")
    parser.add_argument("--rounds", type=int, default=15, help="rounds of cold starts")
    asked = parser.parse_args()
    book = RuleBook.load()
    rules = [rule for rule in book.rules() if not rule.manual]
    note(f"{len(rules)} rules with conditions, {len(book.rules())} in all")
    parts: dict[str, Callable[[], Iterator[Row]]] = {
        "single": lambda: single(book, rules),
        "stream": lambda: iter([stream(book, rules)]),
        "growth": lambda: growth(book),
        "cold": lambda: starting(asked.rounds),
    }
    chosen = asked.parts or [*parts, "frames"]
    rows = [row for name, part in parts.items() if name in chosen for row in part()]
    head = "| 比较 | 检查发现 | 倍数:中位(最快) | 目标 |\n|---|---|---|---|"
    text = f"{machine()}\n\n" + "\n".join([head, *map(str, rows)])
    if "frames" in chosen and find_spec("benchmarks.frames"):
        text += f"\n\n{import_module('benchmarks.frames').table()}"
    print(text)
    if asked.markdown:
        write(asked.markdown, text)


if __name__ == "__main__":
    main()
