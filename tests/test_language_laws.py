"""Laws of the expression language, over random typed expressions and random facts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rule_engine.errors import EngineError

from hazardrules.lang.explain import alternatives, missing, steps, witness
from hazardrules.lang.kleene import OBSERVED_ON, source, truth
from hazardrules.lang.nodes import And, AtLeast, Condition, Const, Not, Or, Value, facts_read
from hazardrules.lang.parse import Parser
from hazardrules.lang.text import to_text
from oracles import engine_matcher, sqlite_truths
from strategies import (
    OBSERVED,
    SCOPE,
    TABLE,
    complete_facts,
    conditions,
    conditions_with_elements,
    fact_values,
    partial_facts,
)

PARSER = Parser(SCOPE)
TRUE, FALSE = Const(True), Const(False)


def value(node: Condition, facts: Mapping[str, Value]) -> bool | None:
    """The truth of ``node`` on the day of observation."""
    return truth(node, {**facts, OBSERVED_ON: OBSERVED})


@given(conditions, conditions, conditions, partial_facts)
def test_and_or_form_a_lattice(a: Condition, b: Condition, c: Condition, facts: dict[str, Value]) -> None:
    """Conjunction and disjunction commute, associate, absorb each other, and distribute."""
    assert value(And((a, b)), facts) is value(And((b, a)), facts)
    assert value(Or((a, b)), facts) is value(Or((b, a)), facts)
    assert value(And((a, And((b, c)))), facts) is value(And((And((a, b)), c)), facts)
    assert value(Or((a, Or((b, c)))), facts) is value(Or((Or((a, b)), c)), facts)
    assert value(And((a, Or((a, b)))), facts) is value(a, facts)
    assert value(Or((a, And((a, b)))), facts) is value(a, facts)
    assert value(And((a, Or((b, c)))), facts) is value(Or((And((a, b)), And((a, c)))), facts)


@given(conditions, conditions, partial_facts)
def test_negation_is_de_morgans(a: Condition, b: Condition, facts: dict[str, Value]) -> None:
    """Double negation cancels, and negation turns conjunction into disjunction."""
    assert value(Not(Not(a)), facts) is value(a, facts)
    assert value(Not(And((a, b))), facts) is value(Or((Not(a), Not(b))), facts)
    assert value(Not(Or((a, b))), facts) is value(And((Not(a), Not(b))), facts)


@given(conditions, partial_facts)
def test_constants_are_bounds(a: Condition, facts: dict[str, Value]) -> None:
    """False decides a conjunction and true a disjunction, whatever is unknown."""
    assert value(And((a, FALSE)), facts) is False
    assert value(Or((a, TRUE)), facts) is True
    assert value(And((a, TRUE)), facts) is value(a, facts)
    assert value(Or((a, FALSE)), facts) is value(a, facts)


@given(st.lists(conditions, min_size=1, max_size=4), partial_facts)
def test_at_least_generalises_and_and_or(parts: list[Condition], facts: dict[str, Value]) -> None:
    """One of n is a disjunction, all n a conjunction, and asking for more is never easier."""
    several = tuple(parts)
    values = [value(AtLeast(n, several), facts) for n in range(1, len(parts) + 1)]
    assert values[0] is (value(Or(several), facts) if len(several) > 1 else value(several[0], facts))
    assert values[-1] is (value(And(several), facts) if len(several) > 1 else value(several[0], facts))
    order = {False: 0, None: 1, True: 2}
    assert [order[v] for v in values] == sorted((order[v] for v in values), reverse=True)


@given(conditions_with_elements, partial_facts, partial_facts)
def test_knowledge_is_monotone(node: Condition, some: dict[str, Value], more: dict[str, Value]) -> None:
    """Learning a fact never changes an outcome that was known."""
    before = value(node, some)
    after = value(node, {**more, **some})
    assert before is None or after is before


@given(conditions_with_elements)
def test_canonical_text_parses_back(node: Condition) -> None:
    """The canonical text of a condition means the very same nodes, and is its own canonical text."""
    parsed = PARSER.parse(to_text(node))
    assert parsed == node
    assert to_text(parsed) == to_text(node)


@given(conditions, complete_facts)
def test_agrees_with_rule_engine(node: Condition, facts: dict[str, Value]) -> None:
    """On complete facts rule-engine's own evaluator gives the same outcome, wherever it gives one."""
    matches = engine_matcher(node, [TABLE], OBSERVED)
    try:
        expected = matches(facts)
    except (EngineError, LookupError):  # it raises for a division by zero and outside a table
        return
    assert value(node, facts) is expected


@settings(max_examples=300)
@given(conditions_with_elements, st.lists(partial_facts, min_size=1, max_size=6))
def test_agrees_with_sql(node: Condition, rows: list[dict[str, Value]]) -> None:
    """On partial facts sqlite3's three-valued logic gives the same outcome."""
    assert [value(node, row) for row in rows] == sqlite_truths(node, rows, OBSERVED)


@given(conditions_with_elements, partial_facts)
def test_witness_is_minimal(node: Condition, facts: dict[str, Value]) -> None:
    """The witness alone gives the outcome, and without any one of its facts it is unknown."""
    outcome = value(node, facts)
    found = witness(node, {**facts, OBSERVED_ON: OBSERVED})
    if outcome is None:
        assert found == ()
        return
    kept = {fact: facts[fact] for fact in found}
    assert value(node, kept) is outcome
    for fact in found:
        assert value(node, {k: v for k, v in kept.items() if k != fact}) is None


@given(conditions_with_elements, partial_facts)
def test_alternatives_each_suffice(node: Condition, facts: dict[str, Value]) -> None:
    """Every alternative makes the condition hold by itself; there is one exactly where it holds."""
    found = alternatives(node, {**facts, OBSERVED_ON: OBSERVED})
    assert bool(found) is (value(node, facts) is True)
    for one in found:
        assert value(node, {fact: facts[fact] for fact in one}) is True


@given(conditions_with_elements, partial_facts, st.data())
def test_only_missing_facts_can_decide(node: Condition, facts: dict[str, Value], data: st.DataObject) -> None:
    """While the outcome is unknown, facts that are not asked for don't change it; once known, nothing is asked."""
    asked = missing(node, {**facts, OBSERVED_ON: OBSERVED})
    assert set(asked).isdisjoint(facts)
    if value(node, facts) is not None:
        assert asked == ()
        return
    others = {f: fact_values[f] for f in facts_read(node) if f not in facts and f not in asked}
    learned = data.draw(st.fixed_dictionaries(others))
    assert value(node, {**facts, **learned}) is None


@given(conditions_with_elements)
def test_generated_code_holds_no_text_of_a_pack(node: Condition) -> None:
    """The generated Python has names of its own only: no fact id, enum value or string stands in it."""
    text = source(node)
    assert not any(fact in text for fact in facts_read(node))
    assert '"' not in text
    assert "'" not in text


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("a.n0 / a.divisor > 1", ["除数为零:a.n0 / a.divisor"]),
        ("a.n0 / a.n1 > 1", []),
    ],
)
def test_division_by_zero_is_unknown_and_noted(text: str, notes: list[str]) -> None:
    """Division by zero is unknown, with a note; division by an unknown is unknown without one."""
    found: list[str] = []
    node = PARSER.parse(text)
    assert truth(node, {"a.n0": 4, "a.divisor": 0}, found) is None
    assert found == notes


def test_numbers_are_exact() -> None:
    """0.1 + 0.2 is 0.3, in constants and in facts."""
    from decimal import Decimal

    assert value(PARSER.parse("0.1 + 0.2 == a.n0"), {"a.n0": Decimal("0.3")}) is True
    assert value(PARSER.parse("a.n0 + a.n1 == 0.3"), {"a.n0": Decimal("0.1"), "a.n1": Decimal("0.2")}) is True
    assert value(PARSER.parse("a.n0 + a.n1 > 0.3"), {"a.n0": Decimal("0.1"), "a.n1": Decimal("0.2")}) is False


@pytest.mark.parametrize(
    ("start", "days", "months"),
    [
        ("2026-11-20", 0, 0),
        ("2026-10-20", 31, 1),
        ("2026-10-21", 30, 0),
        ("2025-11-20", 365, 12),
        ("2024-02-29", 995, 32),
        ("2026-12-20", -30, -1),
        ("2026-12-19", -29, 0),
    ],
)
def test_days_and_months_since(start: str, days: int, months: int) -> None:
    """Whole days and whole calendar months from a date to the observation's; parts of months don't count."""
    facts: dict[str, Value] = {"z.d0": date.fromisoformat(start)}
    assert value(PARSER.parse(f"days_since(z.d0) == {days}"), facts) is True
    assert value(PARSER.parse(f"months_since(z.d0) == {months}"), facts) is True


@pytest.mark.parametrize(
    ("start", "on", "months"),
    [
        ("2026-01-31", "2026-02-27", 0),
        ("2026-01-31", "2026-02-28", 1),
        ("2024-01-31", "2024-02-28", 0),
        ("2024-01-31", "2024-02-29", 1),
        ("2026-01-31", "2026-03-01", 1),
        ("2026-10-31", "2026-11-30", 1),
    ],
)
def test_a_shorter_month_ends_on_its_last_day(start: str, on: str, months: int) -> None:
    """民法典第二百零二条: where the last month has no corresponding day, its last day ends the period."""
    day, facts = date.fromisoformat(on), {"z.d0": date.fromisoformat(start)}
    node = PARSER.parse(f"months_since(z.d0) == {months}")
    assert truth(node, {**facts, OBSERVED_ON: day}) is True
    assert sqlite_truths(node, [facts], day) == [True]
    assert engine_matcher(node, [], day)(facts)


@pytest.mark.parametrize(
    ("x", "expected"), [(2, 1), (2.5, 3), (3.5, 3), (4, None), (4.5, None), (5, 7), (100, 7), (-3, 1)]
)
def test_band_takes_the_value_of_the_row(x: float, expected: int | None) -> None:
    """A table gives the value of the band that x lies in, bounds as they are declared, unknown in its holes."""
    from decimal import Decimal

    facts: dict[str, Value] = {"a.n0": Decimal(str(x))}
    outcome = value(PARSER.parse('band("T1", a.n0) == 3'), facts)
    assert outcome is (None if expected is None else expected == 3)


@given(conditions_with_elements, partial_facts)
def test_steps_tell_the_outcome_of_every_part(node: Condition, facts: dict[str, Value]) -> None:
    """The first step is the whole with its outcome; deeper parts follow, each with its own; constants included."""
    known = {**facts, OBSERVED_ON: OBSERVED}
    told = list(steps(Or((node, TRUE)), known))
    assert (told[0].depth, told[0].outcome) == (0, True)
    assert told[1].outcome is truth(node, known)
    assert told[-1].text == "true"
    assert all(later.depth <= earlier.depth + 1 for earlier, later in pairwise(told))
