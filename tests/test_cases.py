"""Published cases: what we say of them is what was said of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hazardrules import classify
from hazardrules.pack.reader import read_yaml

FOLDER = Path(__file__).parent / "cases"


def cases() -> list[dict[str, Any]]:
    """Every case of every file."""
    found = []
    for path in sorted(FOLDER.glob("*.yaml")):
        file = read_yaml(path, path.name)
        assert file.problems == []
        found.extend(file.data["cases"])
    return found


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["id"])
def test_case_has_the_published_verdict(case: dict[str, Any]) -> None:
    """Level and criteria agree with the public source; where they can't, the case says why."""
    judgment = classify(
        case.get("facts", {}),
        other=case.get("other", ()),
        industry=case["industry"],
        region=case["region"],
        observed_on=case["observed_on"],
    )
    expected = case["expected"]
    assert judgment.level == expected["level"]
    assert [finding.rule for finding in judgment.findings] == expected["rules"]
    assert {one.rule for one in judgment.open} >= set(case.get("open", ()))
    assert len(judgment.nearest) > 0 or not case.get("other")
