"""pack/values.py: what fits a fact, in its one normal form, and how the rest is refused."""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from typing import Any, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hazardrules.lang.nodes import Value
from hazardrules.nearest import fold
from hazardrules.pack.content import FactDef
from hazardrules.pack.values import (
    MAX_DIGITS,
    MAX_MEMBERS,
    MAX_NUMBER,
    MAX_TEXT,
    ValueRefusedError,
    clip,
    normalise,
    parse_day,
    plain,
)

OPTIONS = {"frame": "框架结构", "brick": "砖混结构", "other": "其他(非框架)结构", "steel_3": "钢 结构3"}


def fact(type_: str, *, low: Any = None, high: Any = None, unit: str | None = None) -> FactDef:
    """A fact of a type; enum and set facts take ``OPTIONS``."""
    options: Mapping[str, str] = OPTIONS if type_ in ("enum", "set") else {}
    return FactDef("demo.x", "demo", type_, "演示", unit=unit, options=options, min=low, max=high)


def refused(given_fact: FactDef, raw: object) -> ValueRefusedError:
    """The error with which a value is refused; its message names the value's fault in Chinese."""
    with pytest.raises(ValueRefusedError) as caught:
        normalise(given_fact, raw)
    assert caught.value.problem == str(caught.value) != ""
    return caught.value


def wide(text: str) -> str:
    """The text with full-width letters, digits and punctuation."""
    return "".join(chr(ord(character) + 0xFEE0) if "!" <= character <= "~" else character for character in text)


class Raising:
    """An object that does nothing right."""

    def __repr__(self) -> NoReturn:
        raise RuntimeError("no repr")

    def __index__(self) -> NoReturn:
        raise RuntimeError("no index")


class Whole:
    """An integer type of somebody else's, such as numpy has."""

    def __index__(self) -> int:
        """Seven."""
        return 7


class Storeys(IntEnum):
    """An int with a name."""

    THREE = 3


@pytest.mark.parametrize(("raw", "value"), [(True, True), (False, False), ("是", True), ("否", False)])
def test_boolean(raw: object, *, value: bool) -> None:
    """A boolean is true or false, or 是 or 否."""
    assert normalise(fact("boolean"), raw) is value


@pytest.mark.parametrize("raw", [1, 0, 1.0, "true", "yes", "", "有", None, [], [True], Decimal(1), b"1", Raising()])
def test_no_boolean(raw: object) -> None:
    """Nothing else is a boolean, and the hint says how to write one."""
    error = refused(fact("boolean"), raw)
    assert "true" in error.hint
    assert "是否" in error.problem


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (3, 3), (-3, -3), (0, 0), (3.0, 3), (-0.0, 0), (Decimal(3), 3), (Decimal("3.00"), 3), (Decimal("3E+2"), 300),
        (Whole(), 7), (Storeys.THREE, 3), (MAX_NUMBER, MAX_NUMBER), (-MAX_NUMBER, -MAX_NUMBER), (1e12, MAX_NUMBER),
    ],
)  # fmt: skip
def test_integer(raw: object, value: int) -> None:
    """Whole numbers of every numeric type become one and the same int."""
    found = normalise(fact("integer"), raw)
    assert (type(found), found) == (int, value)


@pytest.mark.parametrize("raw", [3.5, Decimal("3.5"), Decimal("2.999999"), 1e-9])
def test_no_integer(raw: object) -> None:
    """A number with a fraction is no integer; nothing is rounded."""
    assert "不是整数" in refused(fact("integer"), raw).problem


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (0.1, Decimal("0.1")), (2.5, Decimal("2.5")), (Decimal("2.50"), Decimal("2.5")), (3, 3), (3.0, 3),
        (Decimal("1e-15"), Decimal("1e-15")), (123456789.012345, Decimal("123456789.012345")), (-0.5, Decimal("-0.5")),
        (Decimal("-0.0"), 0), (Decimal("0E-400"), 0), (1e12, MAX_NUMBER), (Whole(), 7),
    ],
)  # fmt: skip
def test_number(raw: object, value: Value) -> None:
    """A number is exact: an int where it is whole, else a Decimal without trailing zeros."""
    found = normalise(fact("number"), raw)
    assert (type(found), found) == (type(value), value)
    assert repr(found) == repr(value)


def test_float_sums_count_as_what_they_mean() -> None:
    """The float 0.1 + 0.2 is 0.3, not a little more."""
    assert 0.1 + 0.2 != 0.3
    assert normalise(fact("number"), 0.1 + 0.2) == Decimal("0.3")
    assert normalise(fact("number", high=Decimal("0.3")), 0.1 + 0.2) == normalise(fact("number"), Decimal("0.3"))


@pytest.mark.parametrize("type_", ["integer", "number"])
@pytest.mark.parametrize(
    "raw",
    [
        True,
        False,
        "3",
        wide("3"),
        "三",
        "",
        None,
        b"3",
        [3],
        {"a": 3},
        3j,
        Fraction(3, 1),
        date(2026, 1, 1),
        object(),
        Raising(),
    ],
)
def test_no_number(type_: str, raw: object) -> None:
    """Booleans, text and everything else that is no number are refused with what is allowed."""
    assert "类型不对" in refused(fact(type_, low=1, unit="层"), raw).problem
    assert "单位 层" in refused(fact(type_, low=1, unit="层"), raw).problem


@pytest.mark.parametrize("raw", ["3", "-3", "0.5"])
def test_number_in_quotes(raw: str) -> None:
    """A number as text gets the hint to leave the quotes out."""
    assert "引号" in refused(fact("number"), raw).hint
    assert refused(fact("number"), raw + "米").hint == ""


@pytest.mark.parametrize(
    "raw", [math.nan, math.inf, -math.inf, Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Decimal("-Infinity")]
)
def test_not_finite(raw: object) -> None:
    """What is not a finite number is refused, and the hint says to leave out what is not known."""
    for type_ in ("integer", "number"):
        error = refused(fact(type_), raw)
        assert "有限" in error.problem
        assert "不知道" in error.hint


@pytest.mark.parametrize(
    "raw",
    [
        MAX_NUMBER + 1, -MAX_NUMBER - 1, 1.1e12, 1e300, Decimal("1000000000000.5"), Decimal("1E+400"),
        Decimal("1E+999999"), Decimal("1E+1000000"), Decimal("-1E+999999999"),
        pytest.param(10**5_000, id="5001 digits"),
    ],
)  # fmt: skip
def test_too_large(raw: object) -> None:
    """Beyond a million million either way, numbers are refused, however large they are."""
    for type_ in ("integer", "number"):
        assert str(MAX_NUMBER) in refused(fact(type_), raw).problem


@pytest.mark.parametrize("text", ["123456789012.345", "0.123456789012345", "12345.6789012345", "-99999999999.9999"])
def test_fifteen_digits(text: str) -> None:
    """Fifteen significant digits are kept to the last one, trailing zeros not counted."""
    assert normalise(fact("number"), Decimal(text + "000")) == Decimal(text)


@pytest.mark.parametrize(
    "text",
    [
        "0.1234567890123456", "1.234567890123456", "123456789012.3456", "1e-16", "1e-400", "1e-1000100",
        "1.00000000000000000000000000001", "0.99999999999999999999999999999", "1000000000000.00000000000000001",
    ],
)  # fmt: skip
def test_more_than_fifteen_digits(text: str) -> None:
    """A sixteenth digit or decimal place is refused, never rounded away."""
    for type_ in ("integer", "number"):
        error = refused(fact(type_), Decimal(text))
        assert str(MAX_DIGITS) in error.problem or str(MAX_NUMBER) in error.problem


def test_tiny_floats() -> None:
    """A float with more than fifteen decimal places is refused as well."""
    assert normalise(fact("number"), 1e-15) == Decimal("1e-15")
    refused(fact("number"), 1e-16)
    refused(fact("number"), 5e-324)


@pytest.mark.parametrize(
    ("type_", "low", "high", "inside", "outside"),
    [
        ("integer", 1, 10, [1, 2, 9, 10], [0, 11, -1]),
        ("integer", 0, None, [0, 10**6], [-1]),
        ("integer", None, 0, [0, -(10**6)], [1]),
        ("number", 0, 100, [0, Decimal("0.0001"), Decimal("99.9999"), 100], [Decimal("-0.0001"), Decimal("100.0001")]),
        ("number", Decimal("0.5"), Decimal("0.5"), [0.5], [0.4999, 0.5001]),
        ("number", None, None, [-5, 5], []),
    ],
)
def test_range(type_: str, low: Any, high: Any, inside: list[Any], outside: list[Any]) -> None:
    """The bounds themselves are allowed; beside them on the wrong side a value is refused, and the bounds are named."""
    bounded = fact(type_, low=low, high=high, unit="米")
    for raw in inside:
        assert normalise(bounded, raw) == Decimal(str(raw))
    for raw in outside:
        error = refused(bounded, raw)
        assert "超出范围" in error.problem
        assert all(f"{bound}" in error.problem for bound in (low, high) if bound is not None)
        assert "单位" in error.hint


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("frame", "frame"), ("框架结构", "frame"), ("其他(非框架)结构", "other"), (wide("其他(非框架)结构"), "other"),
        ("框架 结构", "frame"), (" 框架结构\n", "frame"), ("钢结构3", "steel_3"), (wide("钢结构3"), "steel_3"),
        ("钢\u3000结构3", "steel_3"),
    ],
)  # fmt: skip
def test_enum(raw: str, value: str) -> None:
    """A key or its label, whatever the width of its characters and its white space, is the key."""
    assert normalise(fact("enum"), raw) == value


@pytest.mark.parametrize("raw", [1, True, None, ["frame"], {"frame": True}, b"frame", Raising()])
def test_enum_of_another_type(raw: object) -> None:
    """What is no text is no enum value."""
    assert "类型不对" in refused(fact("enum"), raw).problem


def test_enum_value_that_does_not_exist() -> None:
    """A value that is not listed is refused with all that are, and with the nearest where one is near."""
    error = refused(fact("enum"), "框架")
    assert all(key in error.problem and label in error.problem for key, label in OPTIONS.items())
    assert "框架结构" in error.hint
    assert refused(fact("enum"), "zzzz").hint == ""
    assert "frame" in refused(fact("enum"), "Frame").hint
    assert len(refused(fact("enum"), "长" * 100_000).problem) < 500


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ([], frozenset()),
        (["frame"], frozenset({"frame"})),
        (("frame", "brick"), frozenset({"frame", "brick"})),
        ({"frame", "砖混结构"}, frozenset({"frame", "brick"})),
        (frozenset({"框架结构"}), frozenset({"frame"})),
        (["frame", "frame", "框架结构"], frozenset({"frame"})),
        ({"frame": 1}.keys(), frozenset({"frame"})),
    ],
)
def test_set(raw: object, value: frozenset[str]) -> None:
    """Lists, tuples and sets of keys or labels are one set of keys; the empty one says that there is none."""
    found = normalise(fact("set"), raw)
    assert (type(found), found) == (frozenset, value)


@pytest.mark.parametrize(
    "raw",
    [None, 1, True, "", {"frame": True}, {}, iter([]), [["frame"]], [None], [1], b"", bytearray(), b"frame", range(3)],
)
def test_no_set(raw: object) -> None:
    """A mapping, a nested list, bytes and whatever else is no list of texts are refused, even where they are empty."""
    assert refused(fact("set"), raw).problem


def test_set_as_text() -> None:
    """One text for a set gets the hint to write a list."""
    assert "列表" in refused(fact("set"), "frame").hint
    assert refused(fact("set"), 1).hint == ""


def test_set_with_a_wrong_member() -> None:
    """One wrong member is enough to refuse a set, and it is named."""
    error = refused(fact("set"), ["frame", "brik"])
    assert "brik" in error.problem
    assert "brick" in error.hint


def test_size_of_a_set() -> None:
    """The number of members is bounded before any is looked at."""
    assert normalise(fact("set"), ["frame"] * MAX_MEMBERS) == frozenset({"frame"})
    assert str(MAX_MEMBERS) in refused(fact("set"), ["?"] * (MAX_MEMBERS + 1)).problem


@pytest.mark.parametrize("raw", [date(2026, 11, 20), "2026-11-20"])
def test_date(raw: object) -> None:
    """A date is a ``date`` or YYYY-MM-DD."""
    assert normalise(fact("date"), raw) == date(2026, 11, 20) == parse_day(raw)


@pytest.mark.parametrize(
    "raw",
    [
        "2026-1-2", "20261120", "2026/11/20", "2026-11-20 ", "2026-11-20T00:00:00", "2026年11月20日", "", "2026-W47-5",
        wide("2026-11-20"), "٢٠٢٦-11-20", 20261120, None, True, b"2026-11-20", ["2026-11-20"], Raising(),
    ],
)  # fmt: skip
def test_no_date(raw: object) -> None:
    """Everything else is refused and the hint shows the form."""
    error = refused(fact("date"), raw)
    assert "YYYY-MM-DD" in error.problem
    assert "2026-11-20" in error.hint


@pytest.mark.parametrize("raw", ["2026-02-29", "2026-13-01", "2026-00-10", "0000-01-01"])
def test_day_that_does_not_exist(raw: str) -> None:
    """A day that is in no calendar is refused as such."""
    assert refused(fact("date"), raw).problem == f"没有这一天:{raw}"
    assert normalise(fact("date"), "2024-02-29") == date(2024, 2, 29)


@pytest.mark.parametrize("raw", [datetime(2026, 11, 20), datetime(2026, 11, 20, 8, tzinfo=UTC)])  # noqa: DTZ001
def test_point_in_time(raw: datetime) -> None:
    """A point in time is no day, since the day depends on the place."""
    error = refused(fact("date"), raw)
    assert "时刻" in error.problem
    assert "北京" in error.hint


def test_text() -> None:
    """Text is kept to the letter, up to a bound."""
    assert normalise(fact("text"), " 三个螺栓\n松动 ") == " 三个螺栓\n松动 "
    assert normalise(fact("text"), "") == ""
    assert normalise(fact("text"), "长" * MAX_TEXT) == "长" * MAX_TEXT
    assert str(MAX_TEXT) in refused(fact("text"), "长" * (MAX_TEXT + 1)).problem


def test_text_that_json_cannot_hold() -> None:
    """A lone surrogate is half a character: no file can hold it, so it is refused."""
    assert refused(fact("text"), "a\ud800").problem
    assert normalise(fact("text"), "\U0001f6a7") == "\U0001f6a7"


@pytest.mark.parametrize("raw", [1, None, True, b"x", ["x"], Raising()])
def test_no_text(raw: object) -> None:
    """What is no text is not turned into text."""
    assert "类型不对" in refused(fact("text"), raw).problem


JSON_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals(allow_nan=True, allow_infinity=True)
    | st.text(max_size=8)
    | st.dates().map(date.isoformat)
    | st.sampled_from([*OPTIONS, *OPTIONS.values(), "是", "否"])
)
ANYTHING = JSON_SCALARS | st.lists(JSON_SCALARS, max_size=4) | st.dictionaries(st.text(max_size=3), JSON_SCALARS)
FITTING: dict[str, st.SearchStrategy[Any]] = {
    "boolean": st.sampled_from([True, False, "是", "否"]),
    "integer": st.integers(-MAX_NUMBER, MAX_NUMBER) | st.integers(-999, 999).map(float),
    "number": st.floats(-(10.0**6), 10.0**6).map(lambda x: round(x, 6)) | st.decimals(-1000, 1000, places=9),
    "enum": st.sampled_from([*OPTIONS, *OPTIONS.values()]),
    "set": st.lists(st.sampled_from([*OPTIONS, *OPTIONS.values()]), max_size=6),
    "date": st.dates() | st.dates().map(date.isoformat),
    "text": st.text(max_size=50),
}


@pytest.mark.parametrize("type_", FITTING)
@given(data=st.data())
def test_normal_form_survives_json(type_: str, data: st.DataObject) -> None:
    """For every type, the plain form of a normal value is normal again, and is the same value of the same type."""
    value = normalise(fact(type_), data.draw(FITTING[type_]))
    again = normalise(fact(type_), plain(value))
    assert (type(again), again) == (type(value), value)
    assert plain(again) == plain(value)
    assert normalise(fact(type_), value) == value


@pytest.mark.parametrize("type_", FITTING)
@given(raw=ANYTHING)
def test_anything_fits_or_is_refused(type_: str, raw: object) -> None:
    """Whatever is given, it is a value with a stable plain form, or refused; nothing else is raised."""
    with suppress(ValueRefusedError):
        value = normalise(fact(type_), raw)
        again = normalise(fact(type_), plain(value))
        assert (type(again), again) == (type(value), value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, True),
        (3, 3),
        (Decimal("0.3"), 0.3),
        ("frame", "frame"),
        (frozenset({"frame", "brick"}), ("brick", "frame")),
        (frozenset(), ()),
        (date(2026, 11, 20), "2026-11-20"),
    ],
)
def test_plain(value: Value, expected: object) -> None:
    """The plain form is what JSON can hold: floats for decimals, sorted tuples for sets, text for dates."""
    found = plain(value)
    assert (type(found), found) == (type(expected), expected)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("abc", "'abc'"),
        (3, "3"),
        (None, "None"),
        ("x" * 58, f"'{'x' * 58}'"),
        ("x" * 59, f"'{'x' * 58}…"),
        (Raising(), "<Raising>"),
        pytest.param(10**5_000, "<int>", id="5001 digits"),
    ],
)
def test_clip(value: object, expected: str) -> None:
    """``clip`` is the repr up to sixty characters, whatever the object does."""
    assert clip(value) == expected
    assert len(clip(value)) <= 60


@given(value=ANYTHING, limit=st.integers(1, 100))
def test_clip_keeps_its_limit(value: object, limit: int) -> None:
    """No text is longer than its limit, and a shorter one is the whole repr."""
    found = clip(value, limit)
    assert len(found) <= limit
    assert found == repr(value) if len(repr(value)) <= limit else found.endswith("…")


@pytest.mark.parametrize(
    ("one", "other"), [(wide("泄爆(ABC)"), "泄爆(ABC)"), ("a b\tc\u3000d\n", "abcd"), ("㎡", "m2"), ("Ⅱ级", "II级")]
)
def test_fold(one: str, other: str) -> None:
    """Names are compared without regard to width and white space."""
    assert fold(one) == fold(other)
    assert fold("甲") != fold("乙")
