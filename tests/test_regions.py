"""regions.py: what a region may be called, and what it inherits from."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hazardrules.errors import UnknownRegionError
from hazardrules.regions import NATION, PROVINCES, Province, lineage, region_code, region_label

CODES = st.sampled_from([province.code for province in PROVINCES])
LOCAL = st.builds(lambda code, rest: f"{code[:2]}{rest:04}", CODES, st.integers(0, 9999))


def test_provinces() -> None:
    """All thirty-four are there, and no code or name stands for two."""
    assert len(PROVINCES) == 34
    names = [name for p in PROVINCES for name in {p.code, p.name, p.short, p.pinyin}]
    assert len(set(names)) == len(names)
    assert all(p.code.endswith("0000") and len(p.code) == 6 and p.name.startswith(p.short) for p in PROVINCES)


@pytest.mark.parametrize("province", PROVINCES, ids=lambda province: province.pinyin)
def test_names_of_a_province(province: Province) -> None:
    """A province is known by its code, its name, its short name and its pinyin in any case, with white space around."""
    names = [province.code, province.name, province.short, province.pinyin]
    names += [province.pinyin.upper(), province.pinyin.title(), f"  {province.short}\n"]
    assert {region_code(name) for name in names} == {province.code}
    assert region_label(province.code) == province.name


@pytest.mark.parametrize("name", ["CN", "全国", "中国", " CN "])
def test_the_whole_country(name: str) -> None:
    """The country has its own code."""
    assert region_code(name) == NATION == "CN"


@pytest.mark.parametrize(
    ("name", "code"), [("山西", "140000"), ("陕西", "610000"), ("shanxi", "140000"), ("shaanxi", "610000")]
)
def test_names_that_sound_alike(name: str, code: str) -> None:
    """山西 and 陕西 are told apart."""
    assert region_code(name) == code


@pytest.mark.parametrize("code", ["370200", "370203", "110101", "379999"])
def test_codes_below_a_province(code: str) -> None:
    """A code of six digits is taken as it is where its province exists."""
    assert region_code(code) == code


@pytest.mark.parametrize(
    "name",
    ["", "000000", "990000", "380000", "37020", "3702000", "37 0200", "\uff13\uff170200", "青岛", "CN-37", "x" * 999],
)
def test_unknown_region(name: str) -> None:
    """Any other name is refused with a hint, and the message stays short."""
    with pytest.raises(UnknownRegionError) as caught:
        region_code(name)
    assert caught.value.problem.where == "region"
    assert caught.value.problem.hint
    assert len(str(caught.value)) < 300
    assert isinstance(caught.value, LookupError)


@pytest.mark.parametrize(("name", "near"), [("shangdong", "shandong"), ("山东市", "山东"), ("内蒙", "内蒙古")])
def test_nearest_region(name: str, near: str) -> None:
    """A name that is nearly right gets the right one as a hint."""
    with pytest.raises(UnknownRegionError, match=near):
        region_code(name)


def test_wrong_codes_are_not_guessed() -> None:
    """A code that is not known gets the forms that there are, and no other place's code."""
    with pytest.raises(UnknownRegionError, match="六位代码"):
        region_code("380000")


@pytest.mark.parametrize("region", [370000, None, True, b"370000", ["370000"], 37.0])
def test_region_that_is_no_text(region: Any) -> None:
    """A region must be text; a number could have lost its form."""
    with pytest.raises(UnknownRegionError, match="文字"):
        region_code(region)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("CN", ("CN",)),
        ("370000", ("CN", "370000")),
        ("370200", ("CN", "370000", "370200")),
        ("370203", ("CN", "370000", "370200", "370203")),
    ],
)
def test_lineage(code: str, expected: tuple[str, ...]) -> None:
    """A code inherits from the country, its province and its city, widest first, itself last, each once."""
    assert lineage(code) == expected


@given(code=LOCAL)
def test_lineage_of_any_code(code: str) -> None:
    """Every step of a lineage inherits from those before it, and is a region itself."""
    steps = lineage(code)
    assert steps[0] == NATION
    assert steps[-1] == code
    assert len(set(steps)) == len(steps)
    for length, step in enumerate(steps, 1):
        assert lineage(step) == steps[:length]
        assert region_code(step) == step


@pytest.mark.parametrize(
    ("code", "label"),
    [("CN", "全国"), ("370000", "山东省"), ("370200", "山东省(370200)"), ("990000", "990000")],
)
def test_region_label(code: str, label: str) -> None:
    """A province has its name; a code below it is named with its province; one that is not built in stays a code."""
    assert region_label(code) == label


NAMES = {"220200": "吉林市", "370200": "青岛市", "370202": "市南区", "370281": "胶州市", "150100": "呼和浩特市"}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("青岛市", "370200"),
        ("青岛", "370200"),
        ("市南", "370202"),
        ("胶州", "370281"),
        ("呼和浩特", "150100"),
        ("吉林市", "220200"),
        ("吉林", "220000"),
        ("370200", "370200"),
    ],
)
def test_names_below_a_province(name: str, code: str) -> None:
    """Places below a province are known by the names that packs bring, with or without 市, 区; provinces prevail."""
    assert region_code(name, NAMES) == code


def test_names_that_packs_do_not_bring() -> None:
    """Without a name there is no code, and near names are hints."""
    with pytest.raises(UnknownRegionError):
        region_code("青岛")
    with pytest.raises(UnknownRegionError, match="青岛"):
        region_code("青岛区", NAMES)


@pytest.mark.parametrize(
    ("name", "names"),
    [("鼓楼区", {"320106": "鼓楼区", "320302": "鼓楼区"}), ("朝阳", {"211300": "朝阳市", "110105": "朝阳区"})],
)
def test_ambiguous_names(name: str, names: dict[str, str]) -> None:
    """A name that stands for two places is refused with the codes of both, and not guessed."""
    with pytest.raises(UnknownRegionError) as caught:
        region_code(name, names)
    assert all(code in str(caught.value) for code in names)


def test_labels_below_a_province() -> None:
    """A code whose name is known is called by it."""
    assert region_label("370200", NAMES) == "青岛市"
    assert region_label("370203", NAMES) == "山东省(370203)"
    assert region_label("370000", NAMES) == "山东省"
