"""Replaying a judgment: equal on the same book, explained on another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hazardrules import Judgment, RuleBook, classify, replay
from packs import RULE, write_pack

HIGH = {"demo.height": 3, "demo.guard": "absent"}


@settings(max_examples=60)
@given(
    facts=st.fixed_dictionaries(
        {},
        optional={
            "dust.storeys": st.integers(1, 5),
            "dust.structure": st.sampled_from(["frame", "brick", "other"]),
            "burner.main_pressure_alarm": st.sampled_from(["working", "failed", "absent"]),
            "coal_gas.drainer_seal_pressure": st.decimals(0, 60, places=2),
        },
    ),
    options=st.fixed_dictionaries(
        {"observed_on": st.dates().map(str)},
        optional={
            "industry": st.sampled_from(["机械", "有色", "工贸"]),
            "region": st.sampled_from(["山东", "370200"]),
            "other": st.just(["三个螺栓松动"]),
            "reported": st.booleans(),
            "ref": st.just("R-1"),
            "ordered": st.just(("9999-12-31", "某责改1号")),
        },
    ),
)
def test_any_judgment_replays_equal(facts: dict[str, Any], options: dict[str, Any]) -> None:
    """A judgment read back from its JSON and recomputed on the same book is equal."""
    judgment = Judgment.model_validate_json(classify(facts, **options).model_dump_json())
    assert replay(judgment).equal


def test_lenient_judgments_replay_equal() -> None:
    """What was refused then stays in the record and doesn't count as a difference."""
    assert replay(classify({"dust.storeys": 3, "nothing": 1}, strict=False, observed_on="2026-11-20")).equal


def test_a_changed_rule_book_is_the_cause(tmp_path: Path) -> None:
    """On another rule book the differences are listed, and the change of the book is named."""
    old = RuleBook.load(packs=[write_pack(tmp_path / "old")])
    stricter = RULE | {"when": 'demo.height > 5 and demo.guard != "working"'}
    new = RuleBook.load(packs=[write_pack(tmp_path / "new", rules=[stricter], version="2026.2.0")])
    judgment = classify(HIGH, book=old, observed_on="2026-11-20")
    again = replay(judgment, book=new)
    assert not again.equal
    assert {"level", "findings", "reason", "rulebook"} <= {one.field for one in again.differences}
    assert any("demo 2026.1.0" in cause and "demo 2026.2.0" in cause for cause in again.causes)
    assert replay(judgment, book=old).equal


def test_a_fact_that_is_gone_is_told(tmp_path: Path) -> None:
    """Where the book no longer knows a fact, the replay says so instead of failing."""
    old = RuleBook.load(packs=[write_pack(tmp_path)])
    again = replay(classify(HIGH, book=old, observed_on="2026-11-20"))
    assert not again.equal
    assert any("demo.height" in cause for cause in again.causes)


def test_a_changed_record_is_told() -> None:
    """A record that was tampered with differs, though nothing else has changed."""
    judgment = classify({"dust.storeys": 3, "dust.structure": "brick"}, observed_on="2026-11-20")
    again = replay(judgment.model_copy(update={"reason": "无"}))
    assert [one.field for one in again.differences] == ["reason"]
    assert "记录本身" in again.causes[0]


@pytest.mark.parametrize("version", ["0.0.1"])
def test_a_changed_library_is_told(version: str) -> None:
    """A judgment of another version of the library says so."""
    judgment = classify({}, observed_on="2026-11-20").model_copy(update={"library_version": version})
    again = replay(judgment)
    assert [one.field for one in again.differences] == ["library_version"]
    assert version in again.causes[0]
