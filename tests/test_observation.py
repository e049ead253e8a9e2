"""What a caller gives: every wrong input is one of our errors, with the nearest right name; all at once."""

from __future__ import annotations

import datetime as dt
import math
import pickle
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hazardrules import (
    FactValueError,
    InputError,
    Judgment,
    PolicyError,
    RuleBook,
    UnknownFactError,
    UnknownIndustryError,
    UnknownRegionError,
    UnknownRuleError,
    classify,
)
from hazardrules.judge import default_book
from hazardrules.observation import MAX_FACTS, read_observation

BOOK = default_book()

WRONG: list[tuple[dict[str, Any], type[InputError], str]] = [
    ({"facts": {"dust.storey": 3}}, UnknownFactError, "dust.storeys"),
    ({"facts": {"粉尘爆炸危险场所所在建筑的层数": 3}}, UnknownFactError, "粉尘爆炸危险场所所在建(构)筑物的层数"),
    ({"facts": {3: 3}}, UnknownFactError, "文字"),
    ({"facts": {"dust": {"storey": 3}}}, UnknownFactError, "dust.storeys"),
    ({"facts": {"dusty": {"storeys": 3}}}, UnknownFactError, "dust"),
    ({"facts": {"dust.storeys": {"value": 3}}}, FactValueError, "分层"),
    ({"facts": {"dust.storeys": "three"}}, FactValueError, "整数"),
    ({"facts": {"dust.storeys": "3"}}, FactValueError, "不加引号"),
    ({"facts": {"dust.storeys": 2.5}}, FactValueError, "不是整数"),
    ({"facts": {"dust.storeys": True}}, FactValueError, "整数"),
    ({"facts": {"dust.storeys": 0}}, FactValueError, "不小于 1"),
    ({"facts": {"dust.storeys": math.nan}}, FactValueError, "有限"),
    ({"facts": {"dust.storeys": math.inf}}, FactValueError, "有限"),
    ({"facts": {"dust.storeys": Decimal("NaN")}}, FactValueError, "有限"),
    ({"facts": {"dust.storeys": 10**400}}, FactValueError, "太大"),
    ({"facts": {"dust.storeys": [3]}}, FactValueError, "整数"),
    ({"facts": {"dust.structure": "fram"}}, FactValueError, "frame"),
    ({"facts": {"dust.structure": "框架"}}, FactValueError, "框架结构"),
    ({"facts": {"dust.structure": 1}}, FactValueError, "单选"),
    ({"facts": {"dust.gathering": "office"}}, FactValueError, "[a, b]"),
    ({"facts": {"dust.gathering": [["office"]]}}, FactValueError, "多选"),
    ({"facts": {"dust.gathering": ["kitchen"]}}, FactValueError, "office"),
    ({"facts": {"dust.tunnel_duct": 1}}, FactValueError, "true"),
    ({"facts": {"dust.storeys": 3, "粉尘爆炸危险场所所在建(构)筑物的层数": 4}}, FactValueError, "两个不同的值"),
    ({"facts": [("dust.storeys", 3)]}, FactValueError, "映射"),
    ({"facts": {str(i): 1 for i in range(MAX_FACTS + 1)}}, FactValueError, "超过"),
    ({"observed_on": "2026/11/20"}, FactValueError, "YYYY-MM-DD"),
    ({"observed_on": "2026-02-30"}, FactValueError, "没有这一天"),
    ({"observed_on": "20261120"}, FactValueError, "YYYY-MM-DD"),
    ({"observed_on": 20261120}, FactValueError, "YYYY-MM-DD"),
    ({"observed_on": dt.datetime(2026, 11, 20, tzinfo=dt.UTC)}, FactValueError, "时刻"),
    ({"industry": "机戒"}, UnknownIndustryError, "机械"),
    ({"industry": ["机械", "machinary"]}, UnknownIndustryError, "machinery"),
    ({"industry": 5}, UnknownIndustryError, "文字"),
    ({"industry": [5]}, UnknownIndustryError, "文字"),
    ({"region": "山栋"}, UnknownRegionError, "山东"),
    ({"region": "990000"}, UnknownRegionError, "370000"),
    ({"region": 370000}, UnknownRegionError, "文字"),
    ({"asserted": ["gongmao-2023.11.11"]}, UnknownRuleError, "gongmao-2023.11.1"),
    ({"asserted": "gongmao-2023.11.1"}, FactValueError, "列表"),
    ({"other": "松动"}, FactValueError, "列表"),
    ({"other": [" "]}, FactValueError, "空"),
    ({"other": [1]}, FactValueError, "文字"),
    ({"reported": "yes"}, FactValueError, "true"),
    ({"ref": 7}, FactValueError, "文字"),
    ({"ordered": "2026-12-01"}, FactValueError, "文书编号"),
    ({"ordered": ("2026-12-01", 5)}, FactValueError, "文书编号"),
    ({"ordered": ("2026-13-01", "号")}, FactValueError, "没有这一天"),
    ({"ordered": ("2026-12-01", " ")}, FactValueError, "不能空"),
    ({"ordered": ("2020-12-01", "号")}, FactValueError, "早于"),
    ({"policy": 7}, PolicyError, "路径"),
    ({"policy": "/nowhere.yaml"}, PolicyError, "读不出来"),
]


@pytest.mark.parametrize(("arguments", "error", "words"), WRONG, ids=[str(a)[:40] for a, *_ in WRONG])
def test_wrong_input_is_refused_with_the_right_name(
    arguments: dict[str, Any], error: type[InputError], words: str
) -> None:
    """Each wrong input gives its own error class, and the message says what is allowed or nearest."""
    with pytest.raises(error) as caught:
        classify(**arguments)
    assert words in str(caught.value)
    assert caught.value.problems


def test_every_problem_is_told_at_once() -> None:
    """One call with several mistakes reports them all, whatever their kind."""
    with pytest.raises(FactValueError) as caught:
        classify(
            {"dust.storeys": 0, "dust.storey": 1},
            industry="机戒",
            region="山栋",
            observed_on="2026-13-01",
            other=[""],
            asserted=["nothing"],
        )
    places = [problem.where for problem in caught.value.problems]
    assert len(places) == 7
    assert {"dust.storey", "industry", "region", "observed_on", "other", "rule"} < set(places)


def test_errors_survive_pickling() -> None:
    """An error can cross a process boundary with all its problems."""
    with pytest.raises(InputError) as caught:
        classify({"dust.storeys": 0, "dust.storey": 1})
    copy = pickle.loads(pickle.dumps(caught.value))  # noqa: S301  # our own bytes
    assert type(copy) is type(caught.value)
    assert copy.problems == caught.value.problems
    assert str(copy) == str(caught.value)


def test_lenient_still_refuses_what_the_law_depends_on() -> None:
    """With ``strict=False`` facts and texts may be wrong, but date, industry and region may not."""
    assert len(classify({"x": 1}, other=[""], strict=False).rejected) == 2
    with pytest.raises(UnknownIndustryError):
        classify({"x": 1}, industry="机戒", strict=False)
    with pytest.raises(FactValueError):
        classify({"x": 1}, observed_on="tomorrow", strict=False)


def test_normal_form() -> None:
    """Names, values, industries and regions take one form whatever way they were given."""
    reading = read_observation(
        BOOK,
        {
            "dust": {"storeys": 3.0, "structure": "砖混结构", "tunnel_duct": "是"},
            "粉尘爆炸危险场所内设置的人员聚集场所": ("休息室", "office", "rest"),
            "coal_gas.drainer_seal_pressure": Decimal("29.50"),
            "dust.kind": None,
        },
        industry=["机械", "machinery"],
        region="shandong",
        observed_on=dt.date(2026, 11, 20),
        other=["甲", "甲"],
        ref="R-1",
    )
    observation = reading.observation
    assert observation.facts == {
        "coal_gas.drainer_seal_pressure": 29.5,
        "dust.gathering": ("office", "rest"),
        "dust.storeys": 3,
        "dust.structure": "brick",
        "dust.tunnel_duct": True,
    }
    assert reading.values["coal_gas.drainer_seal_pressure"] == Decimal("29.5")
    assert (observation.industry, observation.region) == (("machinery",), "370000")
    assert (observation.other, observation.ref) == (("甲",), "R-1")


def test_the_same_fact_twice_with_one_value_is_fine() -> None:
    """Id and label of one fact may both be given if they agree."""
    facts = {"dust.storeys": 3, "粉尘爆炸危险场所所在建(构)筑物的层数": 3}
    assert read_observation(BOOK, facts).observation.facts == {"dust.storeys": 3}


REPEATED: list[tuple[object, object]] = [(1, 1), (1.0, 1), (2.5, None), (True, None), ("1", None), (1.0, 1), (1, 1)]


def test_values_that_come_again_are_what_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers and words are kept in their normal form, by type, and no more of them than there is room for."""
    book = RuleBook(BOOK.packs)
    monkeypatch.setattr("hazardrules.observation.VALUES", 2)
    for _ in range(3):
        for raw, value in REPEATED:
            if value is None:
                with pytest.raises(FactValueError):
                    read_observation(book, {"dust.storeys": raw})
            else:
                reading = read_observation(book, {"dust.storeys": raw})
                assert reading.observation.facts == {"dust.storeys": value}
                assert type(reading.values["dust.storeys"]) is type(reading.observation.facts["dust.storeys"]) is int
        for label in ("砖混结构", "框架结构"):
            assert read_observation(book, {"dust.structure": label}).values["dust.structure"] in ("brick", "frame")
        assert 0 < len(book.facts.read) <= 2


@given(st.lists(st.integers(0, 10**6), max_size=5))
def test_a_kept_number_is_the_number(thousandths: list[int]) -> None:
    """Read for the second time, a number and its JSON form are those of the first time, and of a new book."""
    for value in thousandths:
        facts = {"coal_gas.drainer_seal_pressure": value / 1000}
        first, again, fresh = (read_observation(book, facts) for book in (BOOK, BOOK, RuleBook(BOOK.packs)))
        assert first.values == again.values == fresh.values
        assert first.observation == again.observation == fresh.observation


_anything = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.decimals(),
        st.text(max_size=20),
        st.binary(max_size=5),
        st.dates(),
        st.datetimes(),
        st.complex_numbers(),
        st.builds(object),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.frozensets(st.integers(), max_size=2),
        st.dictionaries(st.one_of(st.text(max_size=10), st.integers(), st.none()), inner, max_size=3),
    ),
    max_leaves=4,
)
_names = st.one_of(
    st.sampled_from([*BOOK.facts, *BOOK.domains, *(fact.label for fact in BOOK.facts.values())]), st.text(max_size=12)
)


@settings(max_examples=400)
@given(st.one_of(_anything, st.dictionaries(_names, _anything, max_size=5)), st.booleans())
def test_no_facts_make_anything_but_our_errors(facts: Any, strict: bool) -> None:
    """Whatever stands for the facts, the answer is a judgment or one of our errors."""
    try:
        judgment = classify(facts, strict=strict)
    except InputError as error:
        assert error.problems
    else:
        assert Judgment.model_validate_json(judgment.model_dump_json()) == judgment


ARGUMENTS = ("other", "asserted", "industry", "region", "observed_on", "reported", "ref", "ordered", "policy")


@settings(max_examples=300)
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(ARGUMENTS, _anything)))
def test_no_arguments_make_anything_but_our_errors(arguments: dict[str, Any]) -> None:
    """Whatever stands for the other arguments, the answer is a judgment or one of our errors."""
    try:
        classify({"dust.storeys": 3}, **arguments)
    except InputError as error:
        assert error.problems
