"""Deadlines and duties: where each comes from, and how the default policy is replaced."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hazardrules import Duty, FactValueError, PackErrors, PolicyError, RuleBook, classify, replay
from hazardrules.deadline import load_policy
from hazardrules.judge import default_book
from hazardrules.pack.discovery import national_folder
from packs import RULE, write_pack

DUST = {"dust.storeys": 3, "dust.structure": "brick"}
POLICY = """policy: 某省策略
deadlines:
- {id: major-15, level: major, source: policy, days: 15, day_kind: calendar, citation: 某省规定, evidence: policy,
   text: 本省从严}
"""


def entry(**differs: Any) -> dict[str, Any]:
    """A deadline as its file states it."""
    return {
        "id": "d1",
        "level": "major",
        "source": "policy",
        "days": 10,
        "day_kind": "calendar",
        "citation": "演示依据",
        "evidence": "policy",
        "text": "演示",
    } | differs


def test_general_is_immediate_by_law() -> None:
    """A general hazard is put right at once, and the law is named."""
    deadline = classify(other=["三个螺栓松动"], industry="机械", observed_on="2026-11-20").deadline
    assert deadline is not None
    assert (deadline.source, deadline.day_kind, deadline.days) == ("statutory", "immediate", 0)
    assert deadline.due_on == deadline.starts_on == date(2026, 11, 20)
    assert "国家安全生产监督管理总局令第16号)第十五条第一款" in deadline.text


def test_major_is_by_the_default_policy_that_says_so() -> None:
    """A major hazard has the policy's days, the first not counted, and the text says that they are not law."""
    deadline = classify(DUST, industry="机械", observed_on="2026-12-31").deadline
    assert deadline is not None
    assert (deadline.source, deadline.days, deadline.due_on) == ("policy", 30, date(2027, 1, 30))
    assert "法律未定天数" in deadline.text
    assert [one.id for one in deadline.considered] == ["major-default"]


def test_policy_is_replaced_by_a_file(tmp_path: Path) -> None:
    """A policy file takes the place of the default days; what the law fixes stays."""
    path = tmp_path / "policy.yaml"
    path.write_text(POLICY, encoding="utf-8")
    deadline = classify(DUST, industry="机械", observed_on="2026-11-20", policy=path).deadline
    assert deadline is not None
    assert deadline.text == "2026-12-05前完成整改(15日,自然日;某省策略,本省从严)"
    assert [one.id for one in deadline.considered] == ["major-15"]
    general = classify(other=["x"], observed_on="2026-11-20", policy=load_policy(path)).deadline
    assert general is not None
    assert general.source == "statutory"


def test_policy_files_are_checked(tmp_path: Path) -> None:
    """A policy file with a wrong key, or one that claims to be law, is refused with the place."""
    path = tmp_path / "policy.yaml"
    path.write_text(POLICY.replace("day_kind", "daykind"), encoding="utf-8")
    with pytest.raises(PolicyError, match="day_kind"):
        load_policy(path)
    path.write_text(POLICY.replace("source: policy", "source: statutory"), encoding="utf-8")
    with pytest.raises(PolicyError, match="major-15"):
        load_policy(path)


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([entry(id="a", days=5), entry(id="b", days=3)], "b"),
        ([entry(id="a", days=3), entry(id="b", days=5, source="statutory")], "b"),
        ([entry(id="a", industries=["machinery"]), entry(id="b", days=20)], "a"),
        ([entry(id="a", industries=["textile"]), entry(id="b", days=20)], "b"),
        ([entry(id="a", documents=["demo-2026"]), entry(id="b", days=20)], "a"),
        ([entry(id="a", documents=["gongmao-2023"]), entry(id="b", days=20)], "b"),
        ([entry(id="a", documents=["demo-2026"], industries=["textile"]), entry(id="b", days=20)], "a"),
        ([entry(id="a", documents=["gongmao-2023"], industries=["machinery"]), entry(id="b", days=20)], "a"),
        ([entry(id="a", documents=["gongmao-2023"], industries=["textile"]), entry(id="b", days=20)], "b"),
        ([entry(id="a", effective="2026-11-21"), entry(id="b", days=20)], "b"),
        ([entry(id="a", expires="2026-11-20"), entry(id="b", days=20)], "b"),
        ([entry(id="a", effective="2026-11-20", expires="2026-11-21"), entry(id="b", days=20)], "a"),
        ([entry(id="a", level="general"), entry(id="b", days=20)], "b"),
        ([entry(id="a", level="any"), entry(id="b", days=20)], "a"),
    ],
)
def test_the_strongest_then_the_earliest_counts(tmp_path: Path, entries: list[dict[str, Any]], expected: str) -> None:
    """Law comes before policy, then the earlier date; level, industry, document and window decide what applies."""
    industries = [{"id": "machinery", "label": "机械"}, {"id": "textile", "label": "纺织"}]
    deadlines = {"policy": "演示策略", "deadlines": entries}
    documents = {d for one in entries for d in one.get("documents", ())} - {"demo-2026"}
    files = {f"documents/{d}.yaml": _empty(d) for d in documents}
    folder = write_pack(tmp_path, industries=industries, deadlines=deadlines, files=files)
    book = RuleBook.load(packs=[folder])
    facts = {"demo.height": 3, "demo.guard": "absent"}
    deadline = classify(facts, book=book, industry="机械", observed_on="2026-11-20").deadline
    assert deadline is not None
    assert deadline.considered[0].id == expected
    applying = {one.id for one in deadline.considered}
    assert applying <= {one["id"] for one in entries}
    assert deadline.due_on == deadline.considered[0].due_on


def _empty(document: str) -> str:
    return (
        f"document: {{id: {document}, title: t, number: null, issuer: i, rank: r, issued: 2026-01-01, effective: null, "
        "expires: null, industries: ['*'], coverage: full}\n"
    )


def test_no_entry_no_deadline(tmp_path: Path) -> None:
    """Where a pack fixes nothing there is no deadline, rather than an invented one."""
    book = RuleBook.load(packs=[write_pack(tmp_path)])
    judgment = classify({"demo.height": 3, "demo.guard": "absent"}, book=book, observed_on="2026-11-20")
    assert judgment.findings[0].deadline is None
    assert judgment.deadline is None
    assert judgment.findings[0].duties == ()


def test_the_earliest_of_several_findings_counts(tmp_path: Path) -> None:
    """The judgment's deadline is the earliest of its findings of that level."""
    entries = [entry(id="a", days=20)]
    second = RULE | {"id": "demo-2026.2", "title": "另一情形"}
    book = RuleBook.load(
        packs=[write_pack(tmp_path, rules=[RULE, second], deadlines={"policy": "p", "deadlines": entries})]
    )
    judgment = classify({"demo.height": 3, "demo.guard": "absent"}, book=book, observed_on="2026-11-20")
    assert len(judgment.findings) == 2
    assert judgment.deadline is not None
    assert judgment.deadline.due_on == date(2026, 12, 10)


def test_the_end_of_the_calendar_is_no_accident() -> None:
    """A date at the end of the calendar gives the last day there is."""
    deadline = classify(DUST, industry="机械", observed_on="9999-12-31").deadline
    assert deadline is not None
    assert deadline.due_on == date(9999, 12, 31)


def test_every_national_entry_has_a_ground() -> None:
    """Each shipped deadline and duty cites its ground; statutory ones were read, and name a document."""
    for policy in default_book().policies:
        for one in (*policy.deadlines, *policy.duties):
            assert one.citation
            assert one.evidence in ("read", "policy")
            assert "《" in one.citation or one.evidence == "policy"


# --- orders, working days, duties -----------------------------------------------------------------------------------

TWO_WAYS: dict[str, Any] = {
    "policy": "p",
    "counting": [
        {"id": "civil-code", "end": "rolls", "citation": "《示例法》第一条", "evidence": "read", "text": "末日顺延"}
    ],
}


def _always(folder: Path, one: dict[str, Any]) -> RuleBook:
    """A book whose deadline applies to general hazards, whatever the day."""
    return RuleBook.load(packs=[write_pack(folder, deadlines={"policy": "p", "deadlines": [one | {"level": "any"}]})])


def test_an_unscheduled_year_is_provisional(tmp_path: Path) -> None:
    """A count into a year whose schedule is not out says so, in the record and in the text."""
    one = entry(days=10, day_kind="working")
    deadline = classify({}, other=["x"], book=_always(tmp_path, one), observed_on="2050-06-15").deadline
    assert deadline is not None
    assert deadline.provisional
    assert "暂定" in deadline.text


def test_counting_needs_its_law(tmp_path: Path) -> None:
    """An entry that counts otherwise than plainly names a rule of counting that a pack states with its ground."""
    with pytest.raises(PackErrors, match=r"HR402 没有计日规则 civil-cod.*civil-code"):
        RuleBook.load(packs=[write_pack(tmp_path, deadlines=TWO_WAYS | {"deadlines": [entry(counting="civil-cod")]})])


INSTRUMENT = "(鲁)应急责改〔2026〕1号"


@pytest.mark.parametrize(
    "given",
    [
        ("2026-12-01", INSTRUMENT),
        (date(2026, 12, 1), INSTRUMENT),
        {"due_on": "2026-12-01", "instrument": INSTRUMENT},
    ],
)
def test_an_order_comes_before_everything(given: Any) -> None:
    """The authority's own deadline counts, with its instrument; what it displaces stays on record."""
    judgment = classify(DUST, industry="机械", observed_on="2026-11-20", ordered=given)
    deadline = judgment.deadline
    assert deadline is not None
    assert (deadline.source, deadline.due_on, deadline.days) == ("ordered", date(2026, 12, 1), 11)
    assert deadline.text == "2026-12-01前完成整改(责令期限;(鲁)应急责改〔2026〕1号)"
    assert [one.id for one in deadline.considered] == ["ordered", "major-default"]
    assert judgment.observation.ordered is not None


@pytest.mark.parametrize(
    ("industry", "on", "duty", "due"),
    [
        ("消防", "2026-11-20", "自检查之日起3个工作日", "2026-11-25"),
        ("消防", "2026-09-30", "自检查之日起3个工作日", "2026-10-10"),
        ("煤矿", "2026-11-20", "立即停止受影响区域", "2026-11-20"),
    ],
)
def test_duties_that_count_from_the_discovery_are_dated(
    tmp_path: Path, industry: str, on: str, duty: str, due: str
) -> None:
    """A duty whose days run from the inspection has its date at once."""
    found = _duties(tmp_path, industry, on)
    assert [one.due_on for one in found if duty in one.text] == [date.fromisoformat(due)]


def _duties(tmp_path: Path, industry: str, on: str) -> tuple[Duty, ...]:
    """The duties of a major finding in that industry, over the national deadlines."""
    folder = write_pack(tmp_path, rules=[RULE], document={"issued": "2000-01-01", "effective": "2000-01-01"})
    book = RuleBook.load(packs=[national_folder(), folder])
    facts = {"demo.height": 3, "demo.guard": "absent"}
    (finding,) = classify(facts, book=book, industry=industry, observed_on=on).findings
    return finding.duties


@pytest.mark.parametrize(
    ("on", "days", "citation"),
    [
        ("2024-04-30", 60, "国务院令第446号"),
        ("2024-05-01", 20, "国务院令第774号"),
        ("2026-11-20", 20, "国务院令第774号"),
    ],
)
def test_duties_follow_the_law_of_the_day(tmp_path: Path, on: str, days: int, citation: str) -> None:
    """煤矿 acceptance took 60 days under the order of 2005 and takes 20 under the regulation of 2024."""
    (accept,) = [duty for duty in _duties(tmp_path, "煤矿", on) if duty.kind == "accept" and duty.days]
    assert (accept.days, citation in accept.citation) == (days, True)
    assert accept.due_on is None


def test_expired_provisions_stay_in_history(tmp_path: Path) -> None:
    """The six months of the order of 2007 end on 2026-02-01."""
    assert [d for d in _duties(tmp_path / "a", "机械", "2026-01-31") if "6个月" in d.text]
    assert not [d for d in _duties(tmp_path / "b", "机械", "2026-02-01") if "6个月" in d.text]


# --- days at the edges ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "level", "gap"),
    [
        ("1990-01-01", "general", "没有在 1990-01-01"),  # before the first document
        ("2017-11-29", "general", "没有在 2017-11-29"),
        ("2024-02-29", "major", ""),
        ("2099-12-31", "major", ""),  # after the last: the newest go on
    ],
)
def test_a_day_outside_the_documents_is_answered(on: str, level: str, gap: str) -> None:
    """Before the first document the gap is told; after the last one, and on a leap day, the law of the day holds."""
    judgment = classify(DUST, industry="机械", observed_on=on)
    assert judgment.level == level
    assert [one.text.partition("对")[0] for one in judgment.gaps] == ([f"规则库{gap} "] if gap else [])


@pytest.mark.parametrize("on", ["2025-02-29", "2026-11-31", "2026-11-20T08:00:00+08:00", "20261120", ""])
def test_a_day_that_is_none_is_refused(on: str) -> None:
    """A day that the calendar lacks, or a time with its zone, is refused by name."""
    with pytest.raises(FactValueError, match="observed_on"):
        classify(DUST, industry="机械", observed_on=on)


@settings(max_examples=60, deadline=None)
@given(st.dates(date(2008, 2, 1), date(2030, 12, 31)), st.integers(1, 400), st.booleans())
def test_a_later_discovery_is_never_due_earlier(found: date, later: int, grave: bool) -> None:
    """For hazards of either level, by the national deadlines."""
    facts: dict[str, Any] = {"facts": DUST} if grave else {"other": ["三个螺栓松动"]}
    first, second = (
        classify(**facts, industry="机械", observed_on=day).deadline for day in (found, found + timedelta(days=later))
    )
    assert first is not None
    assert second is not None
    if (first.source, second.source) != ("statutory", "policy"):  # the law of one day may know the hazard as general
        assert first.due_on <= second.due_on


def test_without_an_industry_the_criterions_own_counts(tmp_path: Path) -> None:
    """Deadlines of an industry concern a finding whose criterion is of that industry alone."""
    entries = [entry(id="a", days=3, industries=["machinery"]), entry(id="b", days=20)]
    industries = [{"id": "machinery", "label": "机械"}, {"id": "textile", "label": "纺织"}]
    facts = {"demo.height": 3, "demo.guard": "absent"}
    for mine, expected in ((["machinery"], "a"), (["machinery", "textile"], "b"), (["*"], "b")):
        folder = write_pack(
            tmp_path / expected / str(len(mine)) / mine[0].strip("*"),
            industries=industries,
            deadlines={"policy": "p", "deadlines": entries},
            document={"industries": mine},
        )
        deadline = classify(facts, book=RuleBook.load(packs=[folder]), observed_on="2026-11-20").deadline
        assert deadline is not None
        assert deadline.considered[0].id == expected


def test_the_policy_that_was_used_is_on_record(tmp_path: Path) -> None:
    """Its name and content; another one is told when the judgment is replayed."""
    path = tmp_path / "policy.yaml"
    path.write_text(POLICY, encoding="utf-8")
    judgment = classify(DUST, industry="机械", observed_on="2026-11-20", policy=path)
    assert judgment.policy is not None
    assert judgment.policy.name == "某省策略"
    assert replay(judgment, policy=path).equal
    assert "期限策略不同:当时是某省策略,现在是规则包自己的" in replay(judgment).causes
    path.write_text(POLICY.replace("15", "14"), encoding="utf-8")
    assert any("名称相同,内容不同" in cause for cause in replay(judgment, policy=path).causes)


def test_a_policy_counts_by_known_ways(tmp_path: Path) -> None:
    """A policy file may count by the ways of the packs or its own, and by no other."""
    path = tmp_path / "policy.yaml"
    path.write_text(POLICY.replace("text: 本省从严", "counting: civil-code, text: 本省从严"), encoding="utf-8")
    deadline = classify(DUST, industry="机械", observed_on="2026-11-20", policy=path).deadline
    assert deadline is not None
    assert deadline.due_on == date(2026, 12, 7)  # 5 December is a Saturday
    assert "末日遇休息日顺延" in deadline.text
    path.write_text(POLICY.replace("text: 本省从严", "counting: other, text: 本省从严"), encoding="utf-8")
    with pytest.raises(PolicyError, match="没有计日规则 other"):
        classify(DUST, industry="机械", observed_on="2026-11-20", policy=path)


EXTENDS = """policy: p
deadlines: []
duties:
- {id: a, level: any, kind: report, actor: 甲, trigger: 乙, days: 1, day_kind: working, extends: EXTENDED, citation: 丙,
   evidence: read, text: 丁}
- {id: b, level: any, kind: report, actor: 甲, trigger: 乙, citation: 丙, evidence: read, text: 丁}
"""


@pytest.mark.parametrize("extended", ["c", "b"])
def test_an_extension_names_a_duty_with_days(tmp_path: Path, extended: str) -> None:
    """A duty whose time is lengthened must be there, and have a time."""
    with pytest.raises(PackErrors, match="HR402 extends"):
        RuleBook.load(packs=[write_pack(tmp_path, deadlines=EXTENDS.replace("EXTENDED", extended))])
