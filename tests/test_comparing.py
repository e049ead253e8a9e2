"""What changes in the law: between days, between packs, clause by clause."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from hazardrules import RuleBook
from hazardrules.cli import app
from hazardrules.comparing import Change, Diff
from hazardrules.lang.kleene import truth
from packs import RULE, rule, write_pack

BOOK = RuleBook.load()
OLD, NEW = BOOK.on(date(2023, 5, 14)), BOOK.on(date(2023, 5, 15))
DIFF = OLD.diff(NEW)


def change(before: str) -> Change:
    """The change of an old clause."""
    return next(c for c in DIFF.changes if c.before is not None and c.before.rule == before)


def small(folder: Path, *whens: str, **parts: Any) -> RuleBook:
    """A book of rules with those conditions, numbered from 1."""
    rules = [rule(str(n), when) for n, when in enumerate(whens, 1)]
    return RuleBook.load(packs=[write_pack(folder, rules=rules, **parts)])


def test_a_day_has_its_documents() -> None:
    """The book of a day holds what is in force then, and the same vocabulary."""
    assert {"gongmao-2017", "coal-2020"} <= set(OLD.documents)
    assert {"gongmao-2023", "coal-2020"} <= set(NEW.documents)
    assert "gongmao-2023" not in OLD.documents
    assert "gongmao-2017" not in NEW.documents
    assert OLD.facts == NEW.facts == BOOK.facts
    assert BOOK.on(date(2000, 1, 1)).rules() == ()


@pytest.mark.parametrize(
    ("before", "after", "relation"),
    [
        ("gongmao-2017.s2.2", "gongmao-2023.12.2", "stricter"),  # 且 became 或者
        ("gongmao-2017.s1.5", "gongmao-2023.11.5", "same"),
        ("gongmao-2017.h5.3", "gongmao-2023.8.3", "same"),
        ("gongmao-2017.h7.1", "gongmao-2023.10.1", "stricter"),
        ("gongmao-2017.s1.3", "gongmao-2023.11.3", "different"),  # 隔爆 no longer counts, failed devices do
        ("gongmao-2017.h8.1", None, "removed"),  # 粮食进出仓
    ],
)
def test_gongmao_2017_to_2023(before: str, after: str | None, relation: str) -> None:
    """Clauses of the 2017 standard find their successors, and how the condition changed."""
    found = change(before)
    assert (found.after.rule if found.after else None, found.relation) == (after, relation)


def test_every_clause_stands_once() -> None:
    """Each old and each new clause is in exactly one change."""
    olds = [c.before.rule for c in DIFF.changes if c.before is not None]
    news = [c.after.rule for c in DIFF.changes if c.after is not None]
    assert sorted(olds) == sorted(one.id for one in OLD.rules())
    assert sorted(news) == sorted(one.id for one in NEW.rules())


def test_a_change_tells_condition_facts_and_numbers() -> None:
    """Both sides carry citation, canonical condition and numbers; facts that came or went are listed."""
    found = change("gongmao-2017.s2.2")
    assert found.before is not None
    assert found.after is not None
    assert found.before.citation.startswith("《工贸行业重大生产安全事故隐患判定标准(2017版)》")
    assert found.after.condition == "not ammonia.freezer_separate_room or ammonia.freezer_room_workers > 9"
    assert found.after.numbers == ("9",)
    assert (found.facts_added, found.facts_removed, found.label) == ((), (), "从严")
    assert "dust.isolation_state" in change("gongmao-2017.s1.3").facts_removed


def test_nothing_changes_against_itself() -> None:
    """A book differs from itself in nothing."""
    assert {c.relation for c in BOOK.diff(BOOK).changes} == {"same"}


@pytest.mark.parametrize(
    ("old", "new", "relation"),
    [
        ("demo.height > 2", "demo.height > 3", "looser"),
        ("demo.height > 3", "demo.height > 2", "stricter"),
        ("demo.height > 3", "3 < demo.height", "same"),
        ("demo.height > 3", "demo.height < 3", "different"),
        ("demo.height + 1 > 3", "demo.height + 1 > 2", "undecided"),
        ('demo.height in [2, 3] and demo.guard == "absent"', "demo.height in [2, 3, 4]", "stricter"),
    ],
)
def test_relations(tmp_path: Path, old: str, new: str, relation: str) -> None:
    """How a condition stands to its predecessor is decided case by case, and left open where it can't be."""
    (found,) = small(tmp_path / "a", old).diff(small(tmp_path / "b", new)).changes
    assert found.relation == relation


def test_added_removed_and_manual(tmp_path: Path) -> None:
    """A clause without a counterpart is added or removed; two clauses for a person's judgment are the same."""
    manual = {"id": "demo-2026.9", "ref": "第九条", "title": "其他情形", "manual": True}
    decided = rule("9", "demo.height > 1")
    one = RuleBook.load(packs=[write_pack(tmp_path / "a", rules=[RULE, manual])])
    two = RuleBook.load(packs=[write_pack(tmp_path / "b", rules=[manual])])
    three = RuleBook.load(packs=[write_pack(tmp_path / "c", rules=[decided])])
    assert [c.relation for c in one.diff(two).changes] == ["removed", "same"]
    assert [c.relation for c in two.diff(one).changes] == ["same", "added"]
    (found,) = two.diff(three).only("undecided")
    assert found.before is not None
    assert found.before.condition == "由人判断"


def test_a_pack_only_adds(tmp_path: Path) -> None:
    """Between a book and the same with another pack, the parents' clauses are the same and the pack's are added."""
    more = RuleBook.load(packs=["national", write_pack(tmp_path)])
    assert {c.relation for c in BOOK.diff(more).changes} == {"same", "added"}
    assert [c.after.rule for c in BOOK.diff(more).only("added") if c.after] == ["demo-2026.1"]


def test_json_round_trip() -> None:
    """A diff survives JSON."""
    assert Diff.model_validate_json(DIFF.model_dump_json()) == DIFF


_texts = st.sampled_from(
    ["demo.height > 2", "demo.height >= 2", "demo.height > 5", 'demo.guard == "absent"', 'demo.guard != "working"']
)
_whens = st.one_of(_texts, st.tuples(_texts, st.sampled_from(["and", "or"]), _texts).map(" ".join))


@settings(max_examples=40)
@given(old=_whens, new=_whens, height=st.integers(0, 8), guard=st.sampled_from(["working", "failed", "absent"]))
def test_no_observation_contradicts_a_relation(
    tmp_path_factory: pytest.TempPathFactory, old: str, new: str, height: int, guard: str
) -> None:
    """Where a clause is called stricter, looser or the same, every observation bears it out."""
    folder = tmp_path_factory.mktemp("pair")
    first, second = small(folder / "a", old), small(folder / "b", new)
    (found,) = first.diff(second).changes
    facts: dict[str, Any] = {"demo.height": height, "demo.guard": guard}
    before, after = (truth(book.rules()[0].whole, facts) for book in (first, second))
    if found.relation in ("same", "stricter"):
        assert after or not before
    if found.relation in ("same", "looser"):
        assert before or not after


def test_on_the_command_line() -> None:
    """``hazardrules diff`` lists what changed between two days, for an industry, as text and as JSON."""
    runner = CliRunner()
    text = runner.invoke(app, ["diff", "2023-05-14", "2023-05-15", "-i", "轻工"])
    assert text.exit_code == 0
    assert "从严:gongmao-2017.s2.2 → gongmao-2023.12.2" in text.stdout
    assert "gongmao-2017.s1.5" not in text.stdout
    assert "gongmao-2023.4.1" not in text.stdout
    everything = runner.invoke(app, ["diff", "2023-05-14", "2023-05-15", "--all", "--json"])
    assert [row["relation"] for row in json.loads(everything.stdout)] == [c.relation for c in DIFF.changes]
    assert runner.invoke(app, ["diff", "2023-05-14", "tomorrow"]).exit_code == 2
