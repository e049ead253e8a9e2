"""One book shared by many threads: what they fill at the same time is the same whoever fills it, and nothing waits."""

from __future__ import annotations

import ast
import random
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import hazardrules
from hazardrules import Judgment, RuleBook, classify
from hazardrules.criterion import Criterion
from hazardrules.judge import default_book
from hazardrules.pack.values import plain

THREADS = 16
SOURCE = Path(hazardrules.__file__).parent
ON_THE_PATH = [
    *("judge", "setting", "law", "index", "criterion", "rulebook", "observation", "deadline", "reasons", "nearest"),
    *("lang/kleene", "lang/explain", "lang/nodes", "pack/content", "pack/compiled", "pack/values"),
]
"""The modules through which a judgment goes."""


def fresh() -> RuleBook:
    """The national book, of which nothing is worked out yet."""
    return RuleBook(default_book().packs)


def calls(book: RuleBook, count: int) -> list[dict[str, Any]]:
    """Arguments of ``classify`` that differ in facts, day, industry and all else."""
    draw = random.Random(7)
    examples = [(rule, example) for rule in book.rules() for example in rule.examples]
    industries = sorted(book.industries)
    found = []
    for rule, example in draw.sample(examples, count):
        document = book.documents[rule.document]
        day = draw.choice([document.starts, document.starts - timedelta(days=1), date(2026, 11, 20)])
        found.append(
            {
                "facts": {id_: plain(value) for id_, value in example.facts.items()},
                "observed_on": day,
                "industry": draw.choice([None, draw.choice(industries), draw.sample(industries, 2)]),
                "other": draw.choice([[], [], [], [rule.title]]),
                "asserted": [rule.id] if document.in_force(day) and draw.random() < 0.2 else [],
                "ordered": (day + timedelta(days=9), "文书1号") if draw.random() < 0.1 else None,
                "reported": draw.random() < 0.8,
            }
        )
    return found


@pytest.fixture
def impatient() -> Iterator[None]:
    """Threads that take turns as often as can be."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("impatient")
def test_threads_judge_as_one_does() -> None:
    """Sixteen threads that start at once on a book of which nothing is worked out yet judge as one thread does."""
    alone, shared = fresh(), fresh()
    asked = calls(alone, 48)
    expected = [classify(book=alone, **one) for one in asked]
    barrier = threading.Barrier(THREADS)

    def work(number: int) -> list[Judgment]:
        barrier.wait()
        turned = asked[number * 2 :] + asked[: number * 2]  # each begins elsewhere and meets what the others did
        return [classify(book=shared, **one) for one in turned]

    with ThreadPoolExecutor(THREADS) as pool:
        for number, found in enumerate(pool.map(work, range(THREADS))):
            assert found == expected[number * 2 :] + expected[: number * 2]


@pytest.mark.usefixtures("impatient")
def test_what_is_kept_may_be_let_go_at_any_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits so small that everything is thrown away again and again change no judgment."""
    book, shared = fresh(), fresh()
    asked = calls(book, 48)
    expected = [classify(book=book, **one) for one in asked]
    for module, names in {
        "criterion": ["OUTCOMES"],
        "index": ["VALUES"],
        "law": ["KEPT", "REACHES"],
        "setting": ["KEPT", "FINDINGS"],
    }.items():
        for name in names:
            monkeypatch.setattr(f"hazardrules.{module}.{name}", 1)

    def work(shift: int) -> bool:
        order = [*range(shift, len(asked)), *range(shift)]
        return all(classify(book=shared, **asked[i]) == expected[i] for i in order)

    with ThreadPoolExecutor(THREADS) as pool:
        assert all(pool.map(work, range(0, 48, 3)))


def test_no_lock_stands_on_the_path() -> None:
    """No module through which a judgment goes makes threads wait for each other."""
    for name in ON_THE_PATH:
        tree = ast.parse((SOURCE / f"{name}.py").read_text(encoding="utf-8"))
        imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert imported.isdisjoint({"threading", "_thread", "multiprocessing", "queue", "asyncio"}), name
        named = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        named |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert named.isdisjoint({"Lock", "RLock", "Semaphore", "acquire"}), name


def test_a_judgment_waits_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """While one thread stands still in the midst of working a criterion out, another judges the same to its end."""
    facts = {"dust.storeys": 3, "dust.structure": "brick"}
    book = fresh()
    expected = classify(facts, book=fresh(), industry="machinery", observed_on="2026-11-20")
    classify({}, book=book, industry="machinery", observed_on="2026-11-20")
    stopped, go_on = threading.Event(), threading.Event()
    slow = threading.Thread(target=lambda: results.append(judge()))
    results: list[Any] = []
    outcome: Callable[..., Any] = Criterion.outcome

    def judge() -> Any:
        return classify(facts, book=book, industry="machinery", observed_on="2026-11-20")

    def halting(self: Criterion, value: Any) -> Any:
        if threading.current_thread() is slow:
            stopped.set()
            assert go_on.wait(60)
        return outcome(self, value)

    monkeypatch.setattr(Criterion, "outcome", halting)
    slow.start()
    assert stopped.wait(60)
    assert judge() == expected
    go_on.set()
    slow.join(60)
    assert results == [expected]
