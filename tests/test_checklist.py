"""Checklists: which rows, in which order, with which words; topics, columns and departments."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from hazardrules import InputError, RuleBook, UnknownIndustryError, UnknownRuleError
from hazardrules.observation import today
from hazardrules.outputs.checklist import Checklist
from packs import RULE, rule, write_pack

DAY: Final = date(2026, 11, 20)


@cache
def book() -> RuleBook:
    """The national rule book."""
    return RuleBook.load(packs=["national"])


@cache
def checklist(industry: str, on: date = DAY) -> Checklist:
    """A checklist of the national rule book."""
    return book().checklist(industry, on=on)


def ids(made: Checklist) -> list[str]:
    """The criteria of a checklist, in order."""
    return [row.rule for row in made.rows]


@pytest.mark.parametrize("industry", ["机械", "煤矿", "危险化学品", "民政", "电梯", "水利"])
def test_nothing_is_left_out(industry: str) -> None:
    """Every criterion in force for the industry is a row, once; those that another document works out are told."""
    made = checklist(industry)
    in_force = book().rules(industry=industry, on=DAY)
    folded = {
        rule_.id
        for rule_ in in_force
        if rule_.manual
        and any(book().documents[d].in_force(DAY) for d in book().documents[rule_.document].elaborated_by)
    }
    assert sorted(ids(made)) == sorted({rule_.id for rule_ in in_force} - folded)
    for document in {book().rule(id_).document for id_ in folded}:
        name, count = book().documents[document].name, sum(book().rule(id_).document == document for id_ in folded)
        assert any(gap.startswith(f"{name}所列{count}项由") for gap in made.gaps)
    assert bool(folded) is (industry == "煤矿")


def test_order() -> None:
    """Own documents before those of every industry, what is known at second hand last; groups in order of articles."""
    made = checklist("危险化学品")
    assert [(part.kind, part.title) for part in made.parts] == [
        ("own", "《化工和危险化学品生产经营单位重大生产安全事故隐患判定标准(试行)》(安监总管三〔2017〕121号)"),
        ("everywhere", "《特种设备重大事故隐患判定准则》(GB 45067-2024)(各行业都适用)"),
        ("reference", "参考(第二手文字)"),
    ]
    for part in made.parts:
        groups = [row.group for row in part.rows]
        assert [g for i, g in enumerate(groups) if i == 0 or groups[i - 1] != g] == list(dict.fromkeys(groups))
        for group in dict.fromkeys((row.document, row.group) for row in part.rows):
            rows = [row.rule for row in part.rows if (row.document, row.group) == group]
            assert rows == [r.id for r in book().rules(document=group[0]) if r.id in rows]
    draft = [row.rule for row in made.parts[-1].rows]
    assert all(book().rule(id_).status == "draft" for id_ in draft)
    assert all(book().rule(id_).status == "stable" for part in made.parts[:-1] for id_ in [r.rule for r in part.rows])
    assert "不能作为认定依据" in made.parts[-1].note
    assert draft


def test_what_a_row_says() -> None:
    """A row has the facts to look at, how, the situation in words and exactly, the remedy, the term and the ground."""
    row = next(row for row in checklist("机械").rows if row.rule == "gongmao-2023.3.3")
    assert (
        row.content
        == "①企业属于金属冶炼企业\n②工贸企业主要负责人均按规定经考核合格\n③工贸企业安全生产管理人员均按规定经考核合格"
    )
    assert row.method == book().rule(row.rule).inspect
    assert row.problem == "金属冶炼企业主要负责人、安全生产管理人员没有按规定经考核合格"
    assert row.condition == (
        "企业属于金属冶炼企业:是,且(工贸企业主要负责人均按规定经考核合格:否,或者工贸企业安全生产管理人员均按规定经考核合格:否)"
    )
    assert row.brief == "①:是,且(②:否,或者③:否)"
    assert row.remedy == book().rule(row.rule).remedy
    assert row.deadline == "自发现之日起30日内(自然日;默认策略,不是法定天数)"
    assert row.basis == "《工贸企业重大事故隐患判定标准》(应急管理部令第10号)第三条第(三)项"
    assert row.department == "应急管理部(标准发布机关)"
    assert row.facts == (
        "enterprise.metal_smelting",
        "personnel.principal_assessed",
        "personnel.safety_managers_assessed",
    )
    assert row.cell("problem", brief=True) == f"{row.problem}\n即:{row.brief}"
    assert row.cell("problem", brief=False) == f"{row.problem}\n即:{row.condition}"
    assert row.cell("remedy", brief=True) == f"{row.remedy}\n期限:{row.deadline}"


def test_clauses_for_a_person() -> None:
    """A clause that only a person can decide is marked as such and asks for no facts."""
    rows = [row for row in checklist("电力").rows if row.manual]
    assert rows
    for row in rows:
        assert row.problem.endswith("(由人认定)")
        assert row.content == row.problem
        assert (row.condition, row.brief, row.facts) == ("", "", ())
        assert row.cell("problem", brief=True) == row.problem


def test_where_a_rule_says_little(tmp_path: Path) -> None:
    """Without a way to look, one is made of the facts; without a remedy, it is to remove the situation."""
    more = (
        RULE | {"inspect": "用尺量", "remedy": "装护栏", "group": "甲"},
        rule("2", "demo.height > 9", hit=[{"demo.height": 10}], miss=[{"demo.height": 9}]),
        {"id": "demo-2026.3", "ref": "第3条", "title": "其他严重情形", "manual": True},
    )
    demo = RuleBook.load(packs=[write_pack(tmp_path / "pack", rules=more)])
    first, second, third = demo.checklist(on=DAY).rows
    assert (first.method, first.remedy, first.deadline) == ("用尺量", "装护栏", "")
    assert (second.method, second.remedy) == ("现场核对:演示平台的高度", "消除所列情形")
    assert second.content == "演示平台的高度"
    assert second.brief == "该项大于9米"
    assert third.method == "由检查人员对照条文认定"
    assert first.cell("remedy", brief=True) == "装护栏"


def test_the_law_of_the_day() -> None:
    """The day decides which documents there are; without one it is today."""
    before, after = checklist("煤矿", date(2026, 6, 30)), checklist("煤矿", date(2026, 7, 1))
    assert {row.document for row in before.rows} >= {"coal-2020"}
    assert {row.document for row in after.rows} >= {"coal-2026"}
    assert {row.document for row in before.rows} & {"coal-2026"} == set()
    assert "按2026年7月1日有效的文件" in after.to_markdown()
    made = book().checklist("机械")
    assert made.on == today()


def test_what_is_not_held_is_told() -> None:
    """Documents in force whose text is not held stand on the paper, so that nobody takes it for complete."""
    made = checklist("机械")
    assert any("《重大火灾隐患判定规则》(GB 35181-2025)当日有效,规则库没有收录" in gap for gap in made.gaps)
    assert made.gaps[0] in made.to_html().replace("&#34;", '"')
    assert "## 规则库没有收录、须由人核对原文的" in made.to_markdown()


def test_duties_are_told_once() -> None:
    """What must happen after a finding stands once under the tables, with its law."""
    made = checklist("煤矿")
    assert len(made.duties) == len(set(made.duties))
    assert any("立即停止受影响区域的生产、建设" in duty and "第三十六条" in duty for duty in made.duties)
    assert not any("立即停止受影响区域的生产、建设" in duty for duty in checklist("机械").duties)
    some = [duty for duty in checklist("机械").duties if "(限《" in duty]
    assert [duty.partition(":")[0] for duty in some] == [duty.partition(":")[0] for duty in some if "特种设备" in duty]
    assert some


def test_facts_are_asked_once() -> None:
    """Every fact that a row rests on is among the questions, once, in the order of the rows."""
    made = checklist("煤矿")
    asked = [question.fact for question in made.questions]
    assert asked == list(dict.fromkeys(fact for row in made.rows for fact in row.facts))
    assert {fact for row in made.rows for fact in book().rule(row.rule).reads if not row.manual} <= set(asked)


def test_a_gate_is_asked_too(tmp_path: Path) -> None:
    """The fact that the whole document stands under is part of the condition and of the questions."""
    made = checklist("渔业船舶")
    assert "fishing_vessel.approved_persons" in made.parts[0].rows[0].facts
    assert all("不小于10" in row.condition for row in made.parts[0].rows)


def test_it_survives_json() -> None:
    """A checklist is a frozen value that comes back from its own JSON."""
    made = checklist("机械")
    assert Checklist.model_validate_json(made.model_dump_json()) == made
    with pytest.raises(ValueError, match="frozen"):
        made.title = "别的"  # type: ignore[misc]


def test_region() -> None:
    """A province's checklist has its name and its own documents."""
    assert RuleBook.load("山东").checklist("渔业船舶", on=DAY).region_label == "山东省"
    made = checklist("渔业船舶")
    assert (made.region, made.region_label) == (None, None)


TOPICS: Final[dict[str, dict[str, Any]]] = {
    "动火等危险作业": {
        "words": [
            "动火",
            "明火作业",
            "电焊",
            "危险作业",
            "特殊作业",
            "有限空间",
            "受限空间",
            "吊装作业",
            "高处作业",
            "临时用电",
        ],
        "without": ["特殊作业环境"],
    },
    "外包外租": {
        "words": ["外包", "外委", "发包", "承包", "承租", "出租", "转包", "分包", "承揽", "挂靠"],
        "without": ["出租汽车", "出租、出借"],
    },
    "全员教育培训": {
        "words": ["培训", "安全教育", "考核合格", "持证上岗", "特种作业人员 资格", "特种作业人员 证书"],
    },
    "应急预案和演练": {"words": ["预案", "演练"]},
    "重点制度措施落实": {
        "words": ["制度", "责任制", "操作规程", "隐患排查", "风险分级管控", "双重预防", "安全生产管理机构"],
    },
}


@pytest.mark.parametrize(
    ("topic", "there", "not_there"),
    [
        ("动火等危险作业", ["gongmao-2023.13.2", "power-2026.10.6", "noncoal-2022.1.29"], ["gongmao-2023.3.1"]),
        ("外包外租", ["gongmao-2023.3.1", "coal-2026.18.4", "fireworks-2017.16"], ["fireworks-2017.14"]),
        ("全员教育培训", ["gongmao-2023.3.2", "medical-2023.1"], ["noncoal-2022.1.28.2", "gongmao-2023.3.1"]),
        ("应急预案和演练", ["city-gas-2023.4.4", "power-2026.13.4"], ["construction-2024.11.4"]),
        ("重点制度措施落实", ["chemical-2017.16", "postal-2024.3.1"], ["coal-2026.10.8"]),
    ],
)
def test_topics(topic: str, there: list[str], not_there: list[str]) -> None:
    """A topic gathers criteria of all industries by words of their group, title and facts; phrases can be left out."""
    made = book().checklist(on=DAY, topic=topic, **TOPICS[topic])
    assert made.title == f"{topic}重大事故隐患检查表"
    assert set(there) <= set(ids(made))
    assert not set(not_there) & set(ids(made))
    for row in made.rows:
        own = book().rule(row.rule)
        text = row.group + own.title + "".join(book().facts[fact].label for fact in own.reads)
        assert any(all(part in text for part in word.split()) for word in TOPICS[topic]["words"])


def test_a_phrase_that_does_not_count() -> None:
    """A word counts again where it also stands outside the phrase."""
    words, without = ["出租"], ["出租汽车"]
    with pytest.raises(InputError, match="没有符合条件的判定情形"):
        book().checklist("城市客运", on=DAY, topic="外租", words=words, without=without)
    assert ids(book().checklist("城市客运", on=DAY, topic="外租", words=words))


def test_a_topic_is_its_own_word() -> None:
    """Without words the topic itself is looked for, within the industry if one is given."""
    assert ids(book().checklist(on=DAY, topic="有限空间", industry="机械")) == [
        "gongmao-2023.13.1",
        "gongmao-2023.13.2",
    ]
    with pytest.raises(InputError, match="专题没有关键词"):
        book().checklist(on=DAY, topic="空", words=[" "])


def test_named_criteria() -> None:
    """Named criteria come in the order of the book; unknown ones and those not in force are told, all of them."""
    asked = ["gongmao-2023.13.2", "coal-2026.4.1-a", "gongmao-2023.3.1"]
    assert ids(book().checklist(on=DAY, topic="重点", rules=asked)) == [asked[1], asked[2], asked[0]]
    with pytest.raises(UnknownRuleError) as caught:
        book().checklist(on=DAY, rules=["gongmao-2023.3.1", "gongmao-2023.3.l", "coal-2020.4.1"])
    first, second = map(str, caught.value.problems)
    assert "gongmao-2023.3.l" in first
    assert "coal-2020.4.1 在 2026-11-20 不适用" in second or "没有判定情形" in second


def test_columns() -> None:
    """Columns can be chosen and called otherwise; the exact condition has labels where no column has their marks."""
    made = book().checklist("机械", on=DAY, columns=["查什么", "谁去查", "怎么查"])
    assert made.columns == (("content", "查什么"), ("department", "谁去查"), ("method", "怎么查"))
    text = made.to_markdown()
    assert "| 查什么 | 谁去查 | 怎么查 |" in text
    assert "问题表现" not in text
    made = book().checklist("机械", on=DAY, columns={"问题表现": "重大隐患", "依据": "哪一条"})
    assert "| 重大隐患 | 哪一条 |" in made.to_markdown()
    assert "即:企业属于金属冶炼企业:是" in made.to_markdown()


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (["检查内客"], ["没有列 '检查内客'", "检查内容"]),
        (["检查内容", "查什么", "谁来"], ["是同一列(检查内容)", "没有列 '谁来'"]),
        ([], ["检查表没有列"]),
        ([3], ["没有列 3", "可用:检查内容"]),
    ],
)
def test_wrong_columns(columns: Any, said: list[str]) -> None:
    """Columns that are not known or that stand for the same are told, all at once, with those that there are."""
    with pytest.raises(InputError) as caught:
        book().checklist("机械", on=DAY, columns=columns)
    assert all(words in str(caught.value) for words in said)


def test_departments() -> None:
    """A document's department comes before an industry's, a narrower industry's before a wider one's, ``*`` for all."""
    named = {"工贸": ["应急局"], "gongmao-2017": ["旧"], "*": ["市场监管局", "消防"], "coal-2026": "煤管局"}
    made = book().checklist("机械", on=DAY, departments=named)
    assert {row.department for row in made.parts[0].rows} == {"应急局"}
    assert {row.department for row in made.parts[1].rows} == {"市场监管局、消防"}
    made = book().checklist("机械", on=DAY, departments=named | {"machinery": ["工信局"], "gongmao-2023": ["某局"]})
    assert {row.department for row in made.parts[0].rows} == {"某局"}
    made = book().checklist("机械", on=DAY, departments={"machinery": ["工信局"], "gongmao": ["应急局"]})
    assert {row.department for row in made.parts[0].rows} == {"工信局"}
    assert {row.department for row in made.parts[1].rows} == {
        "国家市场监督管理总局、国家标准化管理委员会(标准发布机关)"
    }
    made = book().checklist(on=DAY, topic="有限空间", departments={"工贸": ["应急局"], "电力": ["能源局"]})
    found = {row.document: row.department for row in made.rows}
    assert found["gongmao-2023"] == "应急局"
    assert found["power-2026"] == "能源局"
    with pytest.raises(UnknownIndustryError, match="没有行业 '机戒'"):
        book().checklist("机械", on=DAY, departments={"机戒": ["某局"]})


def test_nothing_to_check() -> None:
    """Where no criterion is in force the answer is an error that tells why, and no empty paper."""
    with pytest.raises(UnknownIndustryError):
        book().checklist("机戒", on=DAY)
    with pytest.raises(InputError) as caught:
        book().checklist("机械", on=date(1990, 1, 1))
    assert "1990-01-01 没有符合条件的判定情形" in str(caught.value)
    assert "没有在 1990-01-01 对机械有效的判定标准文件" in str(caught.value)


def test_markdown() -> None:
    """One title, a table a group, rows of as many cells as there are columns."""
    lines = checklist("机械").to_markdown().splitlines()
    assert [line for line in lines if line.startswith("# ")] == ["# 机械重大事故隐患检查表"]
    rows = [line for line in lines if line.startswith("|") and not line.startswith("|---")]
    assert {line.replace("\\|", "").count("|") for line in rows} == {7}
    assert len(rows) == len(checklist("机械").rows) + sum(line.startswith("|---") for line in lines)
