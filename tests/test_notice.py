"""Notices: what a draft says by level, what stays blank, what stays open, and that nothing is invented."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from hazardrules import FactValueError, Judgment, RuleBook, classify
from hazardrules.judge import default_book
from hazardrules.model import Level
from hazardrules.outputs.notice import MARKING, Notice
from packs import RULE, rule, write_pack

DAY: Final = date(2026, 11, 20)
BLANK: Final = "＿＿"


def judged(facts: dict[str, Any] | None = None, **more: Any) -> Judgment:
    """A judgment of a workshop in the machinery industry."""
    arguments: dict[str, Any] = {"industry": "machinery", "observed_on": DAY} | more
    return classify(facts, **arguments)


MAJOR: Final = {"dust.storeys": 3, "dust.structure": "brick", "dust.gathering": ["office"]}


def section(text: str, title: str) -> str:
    """What stands under a heading of level 2."""
    return text.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def test_a_major_hazard() -> None:
    """Heading, facts, ground, reasons, remedy, duties of a major hazard; each finding of the judgment is there."""
    judgment = judged(MAJOR, asserted=["gongmao-2023.3.2"], ref="2026-1")
    text = judgment.to_notice().to_markdown()
    assert text.startswith(f"# 重大事故隐患整改通知书(草稿)\n\n> **{MARKING}**\n")
    assert "2026年11月20日对你单位进行检查,发现存在重大事故隐患2项。" in text
    seen = section(text, "检查中观察到的情况")
    assert "- 粉尘爆炸危险场所所在建(构)筑物的层数:3层" in seen
    assert "- 粉尘爆炸危险场所内设置的人员聚集场所:办公室" in seen
    found = section(text, "认定的事故隐患")
    for number, finding in enumerate(judgment.findings, 1):
        assert f"### {number}. {finding.title}" in found
        assert f"- 依据:{finding.citation}" in found
        assert f"- 理由:{finding.reason}" in found
        assert f"- 整改要求:{finding.remedy}" in found
        for also in finding.also_because:
            assert f"- 另一理由:{','.join(value.text for value in also)}" in found
    assert "经人工认定" in found
    duties = section(text, "后续义务")
    assert all(duty.text in duties for finding in judgment.findings for duty in finding.duties)
    assert duties.count("及时报告,写明现状及产生原因") == 1


def test_a_deadline_that_no_law_fixes_is_left_to_the_authority() -> None:
    """The default policy is only a suggestion beside a blank; statutory and ordered ones are stated."""
    text = judged(MAJOR).to_notice().to_markdown()
    assert re.search(rf"整改期限:{BLANK}+年＿+月＿+日前\(由签发机关确定;参考:2026-12-20前完成整改\(30日", text)
    ordered = judged(MAJOR, ordered=("2026-12-01", "某应急责改〔2026〕1号")).to_notice().to_markdown()
    assert "整改期限:2026-12-01前完成整改(责令期限;某应急责改〔2026〕1号)" in ordered
    general = judged(other=["三个螺栓松动"]).to_notice().to_markdown()
    assert "整改期限:立即整改(《安全生产事故隐患排查治理暂行规定》" in general


def test_a_general_hazard() -> None:
    """A hazard in no criterion: the wording of a general one, why it is none, and the criteria that come nearest."""
    judgment = judged(other=["三个螺栓松动"])
    made = judgment.to_notice()
    text = made.to_markdown()
    assert made.title == "事故隐患整改通知书(草稿)"
    assert "发现存在一般事故隐患。" in text
    assert "重大事故隐患整改通知书" not in text
    assert judgment.reason in section(text, "认定的事故隐患")
    assert "与文字描述的情况最接近的条款,须人工核对" in text
    assert "- 其他情况:三个螺栓松动" in section(text, "检查中观察到的情况")


def test_general_criteria(tmp_path: Path) -> None:
    """Findings of both levels are counted apart; a criterion for a general hazard alone is a general notice."""
    general = rule("2", "demo.height > 1", hit=[{"demo.height": 2}], miss=[{"demo.height": 1}], level="general")
    folder = write_pack(tmp_path / "pack", rules=(RULE, general), industries=({"id": "demo-works", "label": "演示业"},))
    book = RuleBook.load(packs=[folder])
    both = classify({"demo.height": 3, "demo.guard": "failed"}, industry="演示业", observed_on=DAY, book=book)
    assert "存在重大事故隐患1项,以及一般事故隐患1项。" in both.to_notice(book=book).to_markdown()
    one = classify({"demo.height": 2, "demo.guard": "failed"}, industry="演示业", observed_on=DAY, book=book)
    text = one.to_notice(book=book).to_markdown()
    assert "存在一般事故隐患1项。" in text
    assert "- 整改要求:消除所列情形" in text
    assert f"- 整改期限:{BLANK}" in text
    assert "- 行业:演示业" in text


def test_no_hazard() -> None:
    """Where nothing was found the paper demands nothing; it tells what was checked and what is open."""
    judgment = judged({"contractor.coordinated": True, "contractor.inspected_regularly": True}, reported=False)
    assert judgment.level is Level.NONE
    made = judgment.to_notice()
    text = made.to_markdown()
    assert made.title == "检查情况告知书(草稿)"
    assert "整改" not in section(text, "检查中观察到的情况") + section(text, "核对的结果")
    assert "没有被认定为事故隐患" in text
    assert "## 后续义务" not in text
    assert MARKING in text


def test_what_is_not_given_is_blank() -> None:
    """Unit, place, number, authority and inspectors are lines to fill in; nothing stands there that nobody gave."""
    text = judged(MAJOR).to_notice().to_markdown()
    for label in ("文书编号", "签发机关", "被检查单位", "检查地点"):
        assert re.search(rf"^- {label}:＿+$", text, re.MULTILINE), label
    signs = section(text, "签名和签发")
    for label in ("检查人员", "被检查单位负责人", "审核人", "签发机关(盖章)"):
        assert re.search(rf"^- {re.escape(label)}:＿+ 日期:＿+$", signs, re.MULTILINE), label
    assert "检查编号" not in text
    made = judged(MAJOR, ref="2026-1").to_notice(
        unit=" 某厂 ", place="一号车间", inspector=["甲", "乙"], authority="某局", number="某〔2026〕1号"
    )
    text = made.to_markdown()
    assert (made.unit, made.inspectors) == ("某厂", ("甲", "乙"))
    for line in ("文书编号:某〔2026〕1号", "签发机关:某局", "被检查单位:某厂", "检查地点:一号车间", "检查编号:2026-1"):
        assert f"- {line}" in text
    assert "\n某厂:\n" in text
    assert "- 检查人员:甲、乙＿" in text
    assert "- 签发机关(盖章)某局:＿" in text


def test_what_stays_open() -> None:
    """Open criteria with their questions, gaps, unused facts, nearest clauses: none of it is taken for settled."""
    judgment = judged({"contractor.coordinated": True, "fishing_vessel.approved_persons": 12}, other=["地面有油"])
    assert not judgment.conclusive
    text = section(judgment.to_notice().to_markdown(), "本通知没有作出结论的事项")
    assert "> 结论不是最终的" in text
    for one in judgment.open:
        assert f"{one.citation}:{one.title}(还要查明:{'、'.join(q.label for q in one.questions)})" in text
    assert judgment.unused
    assert all(text_ in text for text_ in [*(o.text for o in judgment.unused), *(g.text for g in judgment.gaps)])
    assert all(f"“{one.other}”:{one.citation}:{one.title}" in text for one in judgment.nearest)


def test_manual_criteria_conflicts_and_more() -> None:
    """Clauses for a person, second-hand text, conflicts, refused input: each under its own heading."""
    power = classify(None, industry="power", observed_on=DAY, other=["x"]).to_notice().to_markdown()
    assert re.search(r"### 须由人认定\(\d+项\)", power)
    facts = {"contractor.coordinated": True, "contractor.inspected_regularly": True, "no.such": 1}
    judgment = judged(facts, asserted=["gongmao-2023.3.1"], strict=False)
    assert judgment.conflicts
    assert judgment.rejected
    text = judgment.to_notice().to_markdown()
    assert f"### 与人工认定不一致的事实({len(judgment.conflicts)}项)" in text
    assert "### 没有采用的输入(1项)" in text
    assert "no.such:1(没有事实 no.such)" in text
    draft = default_book().rule("chemical-2026.5.6.1")
    drafts = classify(
        next(example.facts for example in draft.examples if example.kind == "hit"), industry="医药", observed_on=DAY
    )
    assert drafts.possible
    assert f"{drafts.possible[0].citation}:{draft.title}(可能成立)" in drafts.to_notice().to_markdown()


def test_laws_that_were_not_read() -> None:
    """Whoever signs is told of the laws whose deadlines and duties may be missing here."""
    judgment = judged(MAJOR, region="山东")
    duties = section(judgment.to_notice().to_markdown(), "后续义务")
    assert "### 条文没有读到的法规,另有的期限和义务须核对原文" in duties
    assert judgment.law_gaps
    assert all(f"- {gap.text}" in duties for gap in judgment.law_gaps)


def test_nothing_open() -> None:
    """Where nothing is open the section says so, and does not vanish."""
    judgment = judged({"contractor.coordinated": False, "contractor.inspected_regularly": False})
    assert judgment.conclusive
    text = section(judgment.to_notice().to_markdown(), "本通知没有作出结论的事项")
    assert text.strip() == "没有。"


def test_what_users_wrote_is_text() -> None:
    """Marks of Markdown and HTML in names and conditions are shown and mean nothing."""
    made = judged(other=["# 标题\n<script>*x*</script>|[a](b) `c` &amp; 1. 二"]).to_notice(unit="<b>_厂_</b>")
    text = made.to_markdown()
    assert "\\<b\\>\\_厂\\_\\</b\\>" in text
    assert not re.search(r"(?<!\\)<(?!br>)", text)
    assert "&amp;amp;" in text
    assert not re.search(r"(?m)^# 标题", text)
    html = made.to_html()
    assert "<script" not in html
    assert "&lt;b&gt;_厂_&lt;/b&gt;" in html
    assert "<b>" not in html


@pytest.mark.parametrize("value", ["", "  ", 3, "\ud800", "长" * 10_001])
def test_wrong_texts(value: Any) -> None:
    """What cannot be printed is told with its name, all at once."""
    with pytest.raises(FactValueError) as caught:
        judged(MAJOR).to_notice(unit=value, number=value, inspector=[value, "甲"])
    assert [problem.where for problem in caught.value.problems] == ["unit", "number", "inspector"]
    assert "不知道就不要给" in str(caught.value)


def test_it_comes_from_the_judgment_alone() -> None:
    """A judgment that was saved gives the same notice, which survives JSON itself; the book names its facts."""
    judgment = judged(MAJOR, region="山东", ref="1")
    again = Judgment.model_validate_json(judgment.model_dump_json())
    made = again.to_notice(unit="某厂")
    assert made == judgment.to_notice(unit="某厂")
    assert Notice.model_validate_json(made.model_dump_json()) == made
    other = judgment.to_notice(book=RuleBook(()))
    assert "dust.storeys:3" in other.to_markdown()
    assert other.industry_labels == ("machinery",)


def test_no_industry_and_no_facts() -> None:
    """No industry was given: the paper says so. Nothing but a person's word: the paper says that."""
    assert "- 行业:没有给出,按全部行业核对" in classify(MAJOR, observed_on=DAY).to_notice().to_markdown()
    text = judged(asserted=["gongmao-2023.3.2"]).to_notice().to_markdown()
    assert "没有记录观察到的事实" in section(text, "检查中观察到的情况")
