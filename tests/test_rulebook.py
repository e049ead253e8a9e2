"""The rule book: loading, merging, searching, fingerprint."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from hazardrules import PackErrors, RuleBook, UnknownIndustryError, UnknownRegionError, UnknownRuleError
from hazardrules.lang.nodes import facts_read
from hazardrules.pack.discovery import national_folder
from hazardrules.pack.loader import load_pack
from packs import RULE, rule, write_pack

BOOK = RuleBook.load()


def test_the_national_pack_is_the_default() -> None:
    """Without arguments the book holds the national pack."""
    assert [pack.id for pack in BOOK.packs] == ["national"]
    assert BOOK.region == "CN"
    assert RuleBook.load(region="山东").region == "370000"
    with pytest.raises(UnknownRegionError):
        RuleBook.load(region="山栋")


def test_packs_build_on_those_before(tmp_path: Path) -> None:
    """A pack may read its parents' facts and name their industries."""
    facts = {"a": {"type": "boolean", "label": "甲"}}
    more = rule("1", "demo.a and dust.storeys > 1", [{"demo.a": True, "dust.storeys": 2}], [{"demo.a": False}])
    folder = write_pack(tmp_path, facts=facts, rules=[more], document={"industries": ["machinery"]})
    book = RuleBook.load(packs=[national_folder(), folder])
    assert [pack.id for pack in book.packs] == ["national", "demo"]
    assert book.rule("demo-2026.1").reads == ("demo.a", "dust.storeys")
    assert len(book.rules()) == len(BOOK.rules()) + 1


def test_only_packs_of_the_region_or_above_count(tmp_path: Path) -> None:
    """A provincial pack is part of the book of its province and of what lies in it, not of another's.

    Without a region every pack that is named counts.
    """
    folder = write_pack(tmp_path, region="370000")
    for region, held in (("山东", True), ("370200", True), ("青海", False), (None, True)):
        book = RuleBook.load(region, packs=[national_folder(), folder])
        assert ("demo" in [pack.id for pack in book.packs]) is held


def test_clashing_ids_are_refused(tmp_path: Path) -> None:
    """Two packs can't share an id, nor hold a document of the same id."""
    one = write_pack(tmp_path / "one")
    other = write_pack(
        tmp_path / "two",
        id="other",
        facts="domain: second\nlabel: 二\nfacts: {}\n",
        rules=[],
        document={"coverage": "full"},
    )
    shutil.move(other / "facts" / "demo.yaml", other / "facts" / "second.yaml")
    with pytest.raises(PackErrors) as caught:
        RuleBook.load(packs=[one, other])
    assert [problem.code for problem in caught.value.problems] == ["HR401"]
    assert "demo-2026" in str(caught.value)
    with pytest.raises(PackErrors, match="已经载入"):
        RuleBook.load(packs=[one, write_pack(tmp_path / "three")])


def test_a_missing_pack_is_an_error(tmp_path: Path) -> None:
    """A folder that is no pack is refused by name."""
    with pytest.raises(PackErrors, match="没有这个规则包文件夹"):
        RuleBook.load(packs=[tmp_path / "nothing"])
    with pytest.raises(PackErrors, match=r"pack\.yaml"):
        RuleBook.load(packs=[tmp_path])


def test_fingerprint_is_of_the_content(tmp_path: Path) -> None:
    """The same rules give the same fingerprint wherever they lie and however spelled; a change gives another."""
    first = RuleBook.load(packs=[write_pack(tmp_path / "a")]).fingerprint
    assert RuleBook.load(packs=[write_pack(tmp_path / "b")]).fingerprint == first
    spelled = RULE | {"when": '(demo.height>2) and demo.guard   != "working"'}
    assert RuleBook.load(packs=[write_pack(tmp_path / "c", rules=[spelled])]).fingerprint == first
    changed = RULE | {"when": 'demo.height >= 2 and demo.guard != "working"'}
    assert RuleBook.load(packs=[write_pack(tmp_path / "d", rules=[changed])]).fingerprint != first
    assert RuleBook.load(packs=[write_pack(tmp_path / "e", document={"title": "另一标准"})]).fingerprint != first


def test_fingerprint_covers_tables(tmp_path: Path) -> None:
    """A number in a look-up table is part of the content."""
    ruled = rule("1", 'demo.height > band("T1", demo.height)')
    prints = set()
    for value in (1, 2):
        table = {"T1": {"title": "表", "input": "x", "output": "y", "rows": [{"lt": 5, "value": value}]}}
        folder = write_pack(tmp_path / str(value), rules=[RULE, ruled | {"id": "demo-2026.2"}], tables=table)
        prints.add(RuleBook.load(packs=[folder]).fingerprint)
    assert len(prints) == 2


def test_rules_are_searched() -> None:
    """Criteria are found by words, industry, document and day."""
    found = {one.id for one in BOOK.rules("液氨 快速冻结")}
    assert {"gongmao-2023.12.2", "gongmao-2017.s2.2"} <= found
    today = BOOK.rules("快速冻结", on=date(2026, 11, 20))
    assert [one.id for one in today] == ["gongmao-2023.12.2"]
    assert {one.document for one in BOOK.rules(document="gongmao-2017")} == {"gongmao-2017"}
    metal = {one.id for one in BOOK.rules(industry="冶金", document="gongmao-2023")}
    assert "gongmao-2023.4.1" in metal
    assert "gongmao-2023.11.1" in metal
    assert "gongmao-2023.9.1" not in metal
    assert BOOK.rules("没有这样的字") == ()


def test_unknown_names_are_errors() -> None:
    """A criterion, document or industry that is not held is refused with the nearest name."""
    with pytest.raises(UnknownRuleError, match=r"gongmao-2023\.11\.1"):
        BOOK.rule("gongmao-2023.11.1a")
    with pytest.raises(UnknownRuleError, match="gongmao-2023"):
        BOOK.rules(document="gongmao2023")
    with pytest.raises(UnknownIndustryError, match="机械"):
        BOOK.rules(industry="机械业务")


def test_industries_meet_up_and_down() -> None:
    """An industry meets itself, what is wider and what is narrower, not its sisters."""
    assert BOOK.meets(["food-manufacturing"], ["light-industry"])
    assert BOOK.meets(["light-industry"], ["food-manufacturing"])
    assert BOOK.meets(["gongmao"], ["food-manufacturing"])
    assert not BOOK.meets(["baijiu"], ["food-manufacturing"])
    assert not BOOK.meets(["textile"], ["light-industry"])
    assert BOOK.meets([], ["textile"])
    assert BOOK.meets(["textile"], ["*"])


def test_citation() -> None:
    """A citation names title, number, article, and further provisions."""
    one = BOOK.rule("gongmao-2023.12.2")
    assert (
        BOOK.cite(one, ["第十四条"]) == "《工贸企业重大事故隐患判定标准》(应急管理部令第10号)第十二条第(二)项、第十四条"
    )


def test_manual_rules_have_no_condition(tmp_path: Path) -> None:
    """A clause that only a person can decide is held, and has no condition to ask for."""
    manual = {"id": "demo-2026.9", "ref": "第九条", "title": "其他情形", "manual": True}
    pack = load_pack(write_pack(tmp_path, rules=[RULE, manual]))
    with pytest.raises(ValueError, match="由人判断"):
        _ = pack.documents[0].rules[1].whole


def test_facts_are_searched() -> None:
    """Facts are found by words of their id, label, values, note and domain, and narrowed by industry and document."""
    assert [fact.id for fact in BOOK.find_facts("快速冻结 人员数量")] == ["ammonia.freezer_room_workers"]
    assert "dust.structure" in {fact.id for fact in BOOK.find_facts("砖混结构")}
    assert {fact.domain for fact in BOOK.find_facts("粉尘爆炸", document="gongmao-2023")} >= {"dust"}
    textile = {fact.id for fact in BOOK.find_facts(industry="纺织", document="gongmao-2023")}
    assert "textile.heat_setting_layout" in textile
    assert "burner.main_pressure_alarm" not in textile
    assert BOOK.find_facts("没有这样的字") == ()


def test_facts_of_a_document_are_all_that_decide_its_criteria() -> None:
    """Those of the gate too: nobody who looks for the facts of an industry misses one that a criterion waits for."""
    gated = 0
    for document in BOOK.documents.values():
        found = {fact.id for fact in BOOK.find_facts(document=document.id)}
        for one in document.rules:
            decides = set() if one.manual else set(facts_read(one.whole))
            assert decides | set(one.reads) == set(BOOK.asks(one))
            assert set(BOOK.asks(one)) <= found
            gated += bool(set(BOOK.asks(one)) - set(one.reads))
    assert gated
    vessel = {fact.id for fact in BOOK.find_facts(industry="内河船舶")}
    assert {"inland_vessel.category", "inland_vessel.gross_tonnage", "inland_vessel.in_service"} <= vessel


def test_nearest_facts() -> None:
    """Words that no fact has come near those that share their characters."""
    assert BOOK.nearest_facts("快速冻结间作业人数", 1)[0].id == "ammonia.freezer_room_workers"
