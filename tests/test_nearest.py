"""nearest.py: hints for wrong names, and the texts nearest to a description."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hazardrules.nearest import nearest_hint
from hazardrules.ngrams import NgramIndex

TITLES = (
    "粉尘爆炸危险场所设置在非框架结构的多层建筑物内",
    "干式除尘系统没有任何控爆措施",
    "液氨制冷的快速冻结装置所在作业间内作业人员数量超过9人",
    "有限空间作业没有履行审批手续",
)
CHINESE = st.text("粉尘爆炸除系统液氨制冷有限空间作业人员ab1 ,。", max_size=20)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("machinry", "最接近的是 machinery"),
        ("粉尘", "最接近的是 粉尘爆炸"),
        ("zzz", ""),
        ("", ""),
    ],
)
def test_nearest_hint(name: str, expected: str) -> None:
    """A close name is named; where none is close there is no hint."""
    assert nearest_hint(name, ["machinery", "metallurgy", "粉尘爆炸", "液氨制冷"]) == expected


def test_nearest_hint_orders_and_counts() -> None:
    """The nearest name stands first, and no more are named than asked for."""
    known = ["dust.storeys", "dust.storey", "dust.structure", "dust.store"]
    assert nearest_hint("dust.storeys", known).startswith("最接近的是 dust.storeys、dust.storey")
    assert nearest_hint("dust.storeys", known).count("、") == 2
    assert nearest_hint("dust.storeys", known, 1) == "最接近的是 dust.storeys"


def test_nearest_hint_takes_any_iterable() -> None:
    """A generator will do, an empty one too, and a name of any length is answered at once."""
    assert nearest_hint("ab", (name for name in ["abc"])) == "最接近的是 abc"
    assert nearest_hint("ab", ()) == ""
    assert nearest_hint("a" * 1_000_000, ["a" * 200]) == f"最接近的是 {'a' * 200}"


def test_a_text_is_nearest_to_itself() -> None:
    """Each text finds itself first, with the full score."""
    index = NgramIndex(TITLES)
    for place, title in enumerate(TITLES):
        found, score = index.rank(title, 1)[0]
        assert found == place
        assert score == pytest.approx(1)


def test_scores_are_shares() -> None:
    """What says more than a text says is less than the text itself, and half of it less again."""
    index = NgramIndex(TITLES)
    both, half = index.rank(TITLES[0] + TITLES[1], 2), index.rank(TITLES[0][:6], 1)
    assert {place for place, _ in both} == {0, 1}
    assert all(0.4 < score < 0.95 for _, score in both)
    assert 0 < half[0][1] < 0.95


@pytest.mark.parametrize(
    ("query", "expected"), [("除尘器没有控爆", 1), ("快速冻结间里有10个人", 2), ("有限空间未审批", 3), ("多层 建筑", 0)]
)
def test_words_of_a_text_find_it(query: str, expected: int) -> None:
    """A description in other words finds the text with which it shares most."""
    assert NgramIndex(TITLES).rank(query, 4)[0][0] == expected


def test_a_rare_word_weighs_more() -> None:
    """What stands in one text only says more about it than what stands in all."""
    index = NgramIndex(["作业人员甲", "作业人员乙", "作业人员丙"])
    assert index.rank("丙作业人员", 3)[0][0] == 2


def test_width_case_and_punctuation_do_not_matter() -> None:
    """Full and half width, upper and lower case are alike, and punctuation is nothing."""
    index = NgramIndex(["\uff21\uff22\uff23泄爆\uff08\uff19人\uff09", "其他"])
    [(place, score)] = index.rank("abc,泄爆9人", 1)
    assert place == 0
    assert score == pytest.approx(1)


@pytest.mark.parametrize("query", ["", ",。!?()", "zzz qqq"])
def test_nothing_in_common(query: str) -> None:
    """What shares no character with any text has no nearest text."""
    assert NgramIndex(TITLES).rank(query, 3) == []


def test_texts_without_characters() -> None:
    """An empty index, and empty texts in it, are never found and do no harm."""
    assert NgramIndex([]).rank("粉尘", 3) == []
    assert [place for place, _ in NgramIndex(["", "。", "粉尘"]).rank("粉尘", 3)] == [2]


def test_count_and_floor() -> None:
    """No more than ``count`` are given, and none whose score is below the floor."""
    index = NgramIndex(TITLES)
    every = index.rank("作业人员", 10)
    assert len(every) >= 2
    assert index.rank("作业人员", 1) == every[:1]
    assert index.rank("作业人员", 0) == []
    best, second = every[0][1], every[1][1]
    assert index.rank("作业人员", 10, floor=(best + second) / 2) == every[:1]
    assert index.rank("作业人员", 10, floor=best) == every[:1]


def test_equal_texts_keep_their_order() -> None:
    """Of texts that are equally near, the earlier comes first."""
    assert [place for place, _ in NgramIndex(["粉尘", "粉尘", "粉尘"]).rank("粉尘", 3)] == [0, 1, 2]


@given(texts=st.lists(CHINESE, max_size=6), query=CHINESE, count=st.integers(0, 8))
def test_ranks_are_in_order(texts: list[str], query: str, count: int) -> None:
    """Whatever the texts, scores lie above the floor and at most at 1, fall, and name each text once."""
    found = NgramIndex(texts).rank(query, count)
    scores = [score for _, score in found]
    assert len(found) <= count
    assert scores == sorted(scores, reverse=True)
    assert all(0.02 <= score <= 1 for score in scores)
    places = [place for place, _ in found]
    assert len(set(places)) == len(places)
    assert all(0 <= place < len(texts) for place in places)
