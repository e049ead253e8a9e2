"""Deadlines and duties: where each comes from, and how the default policy is replaced."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hazardrules import PolicyError, RuleBook, classify
from hazardrules.deadline import load_policy
from hazardrules.judge import default_book
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
