"""What provincial laws add to a judgment: the duties of Beijing, and which laws of seven provinces were not read."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from hazardrules import Judgment, Level, RuleBook, classify, follow_up

DUST = {"dust.storeys": 3, "dust.structure": "brick"}
BEIJING = {"beijing-township", "beijing-order", "beijing-stop-work"}

LAW_GAPS = [
    ("北京", "机械", "2026-11-20", ["beijing-safety-regulation-2022", "beijing-hazard-measures"]),
    (
        "北京",
        "消防",
        "2026-11-20",
        ["beijing-safety-regulation-2022", "beijing-hazard-measures", "beijing-fire-regulation-2011"],
    ),
    ("北京", "机械", "2022-07-31", ["beijing-hazard-measures"]),
    (
        "河北",
        "机械",
        "2026-11-20",
        ["hebei-safety-regulation-2017", "hebei-risk-hazard-rules-2018", "hebei-supervision-2018"],
    ),
    ("河北", "机械", "2018-10-22", ["hebei-safety-regulation-2017", "hebei-risk-hazard-rules-2018"]),
    ("贵州", "机械", "2026-11-20", ["guizhou-safety-regulation-2017", "guizhou-hazard-provisional-rules"]),
    (
        "贵州",
        "建筑施工",
        "2026-11-20",
        ["guizhou-safety-regulation-2017", "guizhou-hazard-provisional-rules", "guizhou-construction-governance"],
    ),
    ("宁夏", "机械", "2026-11-20", ["ningxia-safety-regulation"]),
    ("广西", "机械", "2024-03-28", ["guangxi-safety-regulation-2024"]),
    ("广西", "机械", "2024-03-27", []),
    (
        "安徽",
        "机械",
        "2026-11-20",
        ["anhui-safety-regulation", "anhui-hazard-measures", "anhui-six-mechanisms-2018"],
    ),
    ("上海", "机械", "2026-11-20", ["shanghai-safety-regulation-2021", "shanghai-hazard-measures"]),
    ("上海", "机械", "2021-12-01", ["shanghai-safety-regulation-2021", "shanghai-hazard-measures"]),
    ("上海", "机械", "2021-11-30", ["shanghai-safety-regulation-2018", "shanghai-hazard-measures"]),
    (
        "上海",
        "消防",
        "2026-11-20",
        ["shanghai-safety-regulation-2021", "shanghai-hazard-measures", "shanghai-fire-regulation-2020"],
    ),
]


@cache
def book_of(region: str) -> RuleBook:
    """The rule book of a province."""
    return RuleBook.load(region)


def judged(region: str, on: str, industry: str = "机械", **more: Any) -> Judgment:
    """A workshop for dust on three storeys of brick; in other industries, what an inspector reported in words."""
    given: dict[str, Any] = {"facts": DUST} if industry == "机械" else {"facts": {}, "other": ["有一处隐患"]}
    return classify(given.pop("facts"), industry=industry, observed_on=on, book=book_of(region), **given, **more)


def own(judgment: Judgment, pack: str) -> set[str]:
    """The duties that a province's pack adds, of all findings and of a hazard in no criterion."""
    duties = [*judgment.duties, *(duty for finding in judgment.findings for duty in finding.duties)]
    return {duty.id for duty in duties if duty.id.startswith(f"{pack}-")}


def test_beijing_adds_its_duties() -> None:
    """A major hazard has all three, a general one not the stop; before the law was in force there is none."""
    assert own(judged("北京", "2026-11-20"), "beijing") == BEIJING
    general = classify({}, other=["栏杆松动"], industry="机械", observed_on="2026-11-20", book=book_of("北京"))
    assert general.level is Level.GENERAL
    assert own(general, "beijing") == BEIJING - {"beijing-stop-work"}
    assert own(judged("北京", "2022-08-01"), "beijing") >= {"beijing-order"}
    assert own(judged("北京", "2022-07-31"), "beijing") == set()


def test_beijing_fixes_no_days() -> None:
    """The law sets no number of days: the deadline is that of the nation, and what the law wants is prompt."""
    there, nation = judged("北京", "2026-11-20"), classify(DUST, industry="机械", observed_on="2026-11-20")
    assert [one.deadline for one in there.findings] == [one.deadline for one in nation.findings]
    (hazard,) = follow_up(there, "2026-11-20").hazards
    started = {one.id: one for one in hazard.obligations if one.id in BEIJING}
    assert set(started) == {"beijing-township", "beijing-order"}
    assert all(one.due_on is None for one in started.values())
    assert "beijing-stop-work" in {duty.id for duty in hazard.standing}


def test_beijing_cites_article_and_paragraph() -> None:
    """Each duty says by which provision."""
    found = {duty.id: duty.citation for duty in judged("北京", "2026-11-20").findings[0].duties if duty.id in BEIJING}
    assert found == {
        "beijing-township": "《北京市安全生产条例》第四十一条",
        "beijing-order": "《北京市安全生产条例》第四十九条第一款",
        "beijing-stop-work": "《北京市安全生产条例》第四十九条第二款",
    }


def test_shandong_adds_its_duties() -> None:
    """A major hazard has all eleven, a general one those of every hazard; before the law was in force there is none."""
    any_ = {"evacuate", "notify-staff", "order", "township"}
    major_ = {"report", "plan", "report-plan", "stop-work", "sign", "power-cut", "power-cut-notice"}
    named = {f"shandong-{one}" for one in any_ | major_}
    there = judged("山东", "2026-11-20")
    assert own(there, "shandong") == named
    general = classify({}, other=["栏杆松动"], industry="机械", observed_on="2026-11-20", book=book_of("山东"))
    assert general.level is Level.GENERAL
    assert own(general, "shandong") == {f"shandong-{one}" for one in any_}
    assert own(judged("山东", "2022-03-01"), "shandong") == named
    assert own(judged("山东", "2022-02-28"), "shandong") == set()
    duties = {duty.id: duty for finding in there.findings for duty in finding.duties}
    assert (duties["shandong-report"].period, duties["shandong-report-plan"].period) == ("立即", "及时")
    assert "通报从业人员" in duties["shandong-notify-staff"].text
    (hazard,) = follow_up(there, "2026-11-20").hazards
    started = {one.id for one in hazard.obligations if one.id in named}
    assert started == {f"shandong-{one}" for one in ("report", "plan", "notify-staff", "order")}


def test_chongqing_tells_property_managers_of_every_hazard() -> None:
    """Putting it right and warning hold for general hazards too, the report for major ones alone."""
    book = book_of("重庆")
    general = classify({}, other=["栏杆松动"], industry="物业", observed_on="2024-03-27", book=book)
    assert general.level is Level.GENERAL
    assert own(general, "chongqing") == {"chongqing-notify-staff", "chongqing-property-warn"}


@pytest.mark.parametrize(("region", "industry", "on", "laws"), LAW_GAPS)
def test_laws_that_were_not_read_are_told(region: str, industry: str, on: str, laws: list[str]) -> None:
    """By province, industry and day; laws that were not verified say so."""
    book = book_of(region)
    pack = book.packs[-1]
    gaps = {gap.document: gap for gap in judged(region, on, industry).law_gaps}
    listed = {law.id: law for law in pack.policy.laws}
    assert [id_ for id_ in gaps if id_ in listed] == laws
    for id_ in laws:
        assert ("是否现行没有核对" in gaps[id_].text) == (listed[id_].status == "unverified")


@pytest.mark.parametrize("region", ["河北", "贵州", "宁夏", "广西", "安徽", "上海"])
def test_what_was_not_verified_is_no_duty(region: str) -> None:
    """Where no provision of a law in force was read that follows a hazard, the pack has no duty and no deadline."""
    policy = book_of(region).packs[-1].policy
    assert (policy.duties, policy.deadlines) == ((), ())
    nation = classify(DUST, industry="机械", observed_on="2026-11-20")
    there = judged(region, "2026-11-20")
    assert [one.duties for one in there.findings] == [one.duties for one in nation.findings]
