"""Cards: what a firm is told on one page, and that nothing is left out silently."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from hazardrules import RuleBook, UnknownIndustryError
from hazardrules.observation import today
from hazardrules.outputs.card import Card
from packs import RULE, write_pack

DAY: Final = date(2026, 11, 20)


@cache
def book() -> RuleBook:
    """The national rule book."""
    return RuleBook.load(packs=["national"])


@cache
def card(industry: str, on: date = DAY) -> Card:
    """A card of the national rule book."""
    return book().card(industry, on=on)


def told(made: Card) -> list[str]:
    """The situations on a card."""
    return [title for group in made.groups for title in group.situations]


def test_all_of_a_small_industry() -> None:
    """Where all fits, every situation of the industry's own standard stands there, group by group."""
    made = card("机械")
    own = book().rules(document="gongmao-2023", industry="机械")
    assert told(made) == [rule.title for rule in own]
    assert [group.title for group in made.groups] == list(dict.fromkeys(rule.group for rule in own))
    assert made.points >= 8
    assert made.left_out == 46  # those of every industry stand in the checklist
    assert "《特种设备重大事故隐患判定准则》(GB 45067-2024):2024-12-01起,各行业都适用,46条" in made.standards
    assert made.standards[0] == "《工贸企业重大事故隐患判定标准》(应急管理部令第10号):2023-05-15起,25条"


@pytest.mark.parametrize("industry", ["煤矿", "金属非金属矿山", "工贸", "电力", "房屋市政工程", "民政", "医药"])
def test_what_does_not_fit_is_counted(industry: str) -> None:
    """Told and left out make up all major criteria in force; the page says how many are not told."""
    made = card(industry)
    every = [row for part in book().checklist(industry, on=DAY).parts if part.kind != "reference" for row in part.rows]
    assert len(told(made)) + made.left_out == len(every)
    if made.left_out:
        assert f"另有{made.left_out}条见检查表" in made.to_markdown()
    for group in made.groups:
        if group.left_out:
            assert f"### {group.title}(另有{group.left_out}条)" in made.to_markdown()
    assert len(set(told(made))) == len(told(made))


def test_every_group_of_a_large_industry() -> None:
    """Where not all fits, each group still has its heading, and they share the room."""
    made = card("煤矿")
    groups = {row.group for part in book().checklist("煤矿", on=DAY).parts if part.kind == "own" for row in part.rows}
    assert {group.title for group in made.groups} == groups
    assert made.points == 7
    assert sum(bool(group.situations) for group in made.groups) == len(groups)


def test_an_industry_without_its_own_standard() -> None:
    """Those of every industry are told; a standard of its own whose text is not held is named."""
    assert len(told(card("电梯"))) == 46
    made = card("地铁")
    assert any(gap.endswith("当日有效,本卡没有收录或者没有全部收录,核对原文") for gap in made.gaps)
    assert all(gap in made.to_markdown() for gap in made.gaps)


def test_second_hand_text_is_no_ground() -> None:
    """Criteria known at second hand are counted and not told."""
    made = card("危险化学品")
    drafts = {rule.title for rule in book().rules(document="chemical-2026") if rule.status == "draft"}
    assert f"另有{len(drafts)}条只有第二手文字,只供参考,见检查表" in made.standards
    assert not drafts - {rule.title for rule in book().rules(document="chemical-2017")} & set(told(made))


def test_what_to_do() -> None:
    """The firm's duties, the most urgent first, the term with its ground, and lines for the telephone numbers."""
    made = card("煤矿")
    assert made.deadlines == ("自发现之日起30日内(自然日;默认策略,不是法定天数)",)
    assert "煤矿企业:立即停止受影响区域的生产、建设,及时消除事故隐患" in made.duties[:2]
    assert not any("组织验收" in duty for duty in made.duties)
    assert len(made.duties) + made.further_duties == len(book().checklist("煤矿", on=DAY).duties)
    text = made.to_markdown()
    assert f"另有{made.further_duties}项后续义务" in text
    for name in ("报告部门、电话", "举报电话"):
        assert f"- {name}:＿＿" in text


def test_the_law_of_the_day() -> None:
    """The day decides which standard the card names; without one it is today."""
    assert card("煤矿", date(2026, 6, 30)).standards[0].startswith("《煤矿重大事故隐患判定标准》(应急管理部令第4号)")
    assert "按2026年6月30日有效的文件" in card("煤矿", date(2026, 6, 30)).to_markdown()
    assert book().card("机械").on == today()


def test_a_day_without_law() -> None:
    """A day before any document: the card says that there is none."""
    made = card("机械", date(1990, 1, 1))
    assert told(made) == []
    assert made.standards == ("规则库没有当日有效的判定情形",)
    assert "没有在 1990-01-01 对机械有效的判定标准文件" in made.to_markdown()


def test_general_hazards_are_not_on_the_card(tmp_path: Path) -> None:
    """The card lists major hazards only; a criterion for a general one stands in the checklist."""
    folder = write_pack(
        tmp_path / "pack",
        rules=(RULE, RULE | {"id": "demo-2026.2", "title": "一般情形", "level": "general", "when": "demo.height > 2"}),
        industries=({"id": "demo-works", "label": "演示业"},),
    )
    made = RuleBook.load(packs=[folder]).card("演示业", on=DAY)
    assert told(made) == ["演示情形1"]
    assert made.left_out == 0


def test_it_survives_json() -> None:
    """A card is a frozen value that comes back from its own JSON."""
    made = card("机械")
    assert Card.model_validate_json(made.model_dump_json()) == made


def test_several_industries_and_wrong_ones() -> None:
    """Several industries share a card; an unknown one is told with the nearest name."""
    made = book().card(["机械", "纺织"], on=DAY)
    assert made.title == "机械、纺织重大事故隐患提示卡"
    with pytest.raises(UnknownIndustryError, match="机械"):
        book().card("机诫", on=DAY)
