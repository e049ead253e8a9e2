"""ranking.py: units by points, with the programme's weights or the caller's."""

from __future__ import annotations

import math
import random
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hazardrules import Entry, LedgerError, Programme, ProgrammeError, RuleBook, classify
from hazardrules.ranking import Rank
from programmes import FOUND, book_in, major

DONE = [{"kind": "rectified", "on": "2026-03-10"}]
LATE = [{"kind": "rectified", "on": "2026-03-20"}]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> RuleBook:
    """The small pack, read once."""
    return book_in(tmp_path_factory.mktemp("pack"))


@pytest.fixture(scope="module")
def narrow(book: RuleBook) -> Programme:
    """A programme that has its weights from the one it carries out: 1, 2, 3, -3, -2."""
    return book.programme("narrow")


@pytest.fixture(scope="module")
def entries(book: RuleBook) -> list[Entry]:
    """Four units: in time, in time, rectified late, and two hazards of which none is rectified."""
    given: list[dict[str, Any]] = [
        {"judgment": major(book), "unit": "乙厂", "events": DONE},
        {"judgment": major(book), "unit": "甲厂", "events": DONE},
        {"judgment": major(book), "unit": "丙厂", "events": LATE},
        {"judgment": major(book, height=60), "unit": "丁厂"},
    ]
    return [Entry(**one) for one in given]


def places(ranks: tuple[Rank, ...]) -> list[tuple[int, str, int | float]]:
    return [(one.place, one.label, one.points) for one in ranks]


def test_points_and_places(narrow: Programme, entries: list[Entry]) -> None:
    """Points are weights times figures, counted by hand; the same points share a place, and the next is skipped."""
    found = narrow.ranking(entries, "2026-04-01")
    assert places(found) == [(1, "乙厂", 6), (1, "甲厂", 6), (3, "丙厂", 3), (4, "丁厂", 0)]
    assert found[0].parts == {"found": 1, "major": 2, "in_time": 3, "overdue": 0, "reopened": 0}
    assert found[-1].parts == {"found": 2, "major": 4, "in_time": 0, "overdue": -6, "reopened": 0}
    assert {one.weights_evidence for one in found} == {"policy"}
    assert found[0].figures.in_time == 1


def test_weights_of_the_caller(narrow: Programme, entries: list[Entry]) -> None:
    """The caller's weights count alone and are told as the caller's; decimals are exact."""
    found = narrow.ranking(entries, "2026-04-01", weights={"overdue": -0.1, "late": Decimal("-0.2")})
    assert places(found) == [(1, "乙厂", 0), (1, "甲厂", 0), (3, "丁厂", -0.2), (3, "丙厂", -0.2)]
    assert {one.weights_evidence for one in found} == {"caller"}
    assert found[0].weights == {"overdue": -0.1, "late": -0.2}


def test_other_dimensions(narrow: Programme, entries: list[Entry]) -> None:
    """Industries, clauses, regions and departments can be ranked as well."""
    assert places(narrow.ranking(entries, "2026-04-01", by="industry")) == [(1, "演示工程", 15)]
    assert [one.key for one in narrow.ranking(entries, "2026-04-01", by="clause")] == ["demo-2026.1", "demo-2026.2"]


def test_a_clean_unit_is_ranked(narrow: Programme, book: RuleBook, entries: list[Entry]) -> None:
    """A unit in which nothing was found has no points and its place."""
    clean = classify({"demo.height": 1}, industry="works", observed_on=FOUND, reported=False, book=book)
    found = places(narrow.ranking([*entries, Entry(judgment=clean, unit="净厂")], "2026-04-01"))
    assert found[3:] == [(4, "丁厂", 0), (4, "净厂", 0)]


def test_nothing_to_rank(narrow: Programme) -> None:
    """No records, no ranks."""
    assert narrow.ranking([], "2026-04-01") == ()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"by": "units"}, ["不能按 'units' 排队", "unit"]),
        ({"by": ["unit"]}, ["不能按"]),
        ({"weights": {}}, ["权重要写成映射"]),
        ({"weights": {"overdu": 1, "found": True}}, ["没有数字 'overdu'", "overdue", "'found' 的权重不对:True"]),
        ({"weights": {"found": math.nan}}, ["'found' 的权重不对:nan"]),
        ({"weights": {"found": 10**7}}, ["绝对值不超过 1000000"]),
    ],
)
def test_what_cannot_be_used(narrow: Programme, entries: list[Entry], arguments: Any, words: list[str]) -> None:
    """Weights and dimensions that can't be used are refused, all at once."""
    with pytest.raises(ProgrammeError) as caught:
        narrow.ranking(entries, "2026-04-01", **arguments)
    assert all(word in str(caught.value) for word in words)


def test_a_programme_without_weights(entries: list[Entry]) -> None:
    """Where no programme of the line has weights, the caller must give them."""
    programme = RuleBook.load().programme("action-2023")
    with pytest.raises(ProgrammeError, match="用 weights= 给出"):
        programme.ranking(entries, "2026-04-01")
    assert programme.ranking(entries, "2026-04-01", weights={"found": -1})[0].points == -1


def test_impossible_events(narrow: Programme, book: RuleBook) -> None:
    """Records that can't be summed up can't be ranked."""
    with pytest.raises(LedgerError, match="整改还没有完成"):
        narrow.ranking([Entry(judgment=major(book), unit="甲", events=[{"kind": "closed", "on": FOUND}])], "2026-04-01")


@given(st.randoms(use_true_random=False), st.integers(-3, 3), st.integers(-3, 3))
def test_ranking_is_deterministic(
    narrow: Programme, entries: list[Entry], order: random.Random, first: int, second: int
) -> None:
    """The order of the records is no matter; places follow the points, and only equal points share one."""
    shuffled = list(entries)
    order.shuffle(shuffled)
    weights = {"found": first, "overdue": second}
    found = narrow.ranking(shuffled, "2026-04-01", weights=weights)
    assert found == narrow.ranking(entries, "2026-04-01", weights=weights)
    for one in found:
        assert one.place == 1 + sum(other.points > one.points for other in found)
        assert one.points == sum(one.parts.values())
