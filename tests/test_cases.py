"""Published cases: what we say of them is what was said of them."""

from __future__ import annotations

from typing import Any

import pytest

from hazardrules import classify
from hazardrules.judge import default_book
from score_cases import cases, judged

CASES = [case for _, case in cases()]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_case_has_the_published_verdict(case: dict[str, Any]) -> None:
    """Level and criteria agree with the public source; where they can't, the case says why."""
    judgment = judged(case)
    expected = case["expected"]
    assert judgment.level == expected["level"]
    assert [finding.rule for finding in judgment.findings] == expected["rules"]
    assert {one.rule for one in judgment.open} >= set(case.get("open", ()))
    held = [default_book().documents[one.document] for one in judgment.checked]
    able = any(document.rules and "*" not in document.industries for document in held)
    assert judgment.nearest or not (able and case.get("other"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_disagreement_with_the_published_verdict_is_explained(case: dict[str, Any]) -> None:
    """Where the criterion's text gives another level than the source, the case says why."""
    assert case["published"]["level"] == case["expected"]["level"] or len(case["why"]) > 20
    if case["published"]["level"] == "major" and case["expected"]["level"] == "general":
        judgment = classify(case.get("facts", {}), industry=case["industry"], observed_on=case["observed_on"])
        assert judgment.gaps or judgment.open or "没有引条文" in case["why"]


def test_every_case_stands_once() -> None:
    """No published case is told twice."""
    ids = [case["id"] for case in CASES]
    assert len(ids) == len(set(ids)) >= 48
