"""What the benchmarks compare says the same, or a ratio would mean nothing. Nothing is timed here."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from benchmarks.__main__ import END, START, values_of, write
from benchmarks.by_hand import count_by_hand, ids_by_hand, open_by_hand
from benchmarks.engines import ENGINES, Engine
from benchmarks.growth import larger
from benchmarks.observations import DAY, OBSERVATIONS, mixed
from benchmarks.timing import Timed

from hazardrules import RuleBook
from hazardrules.judge import default_book
from hazardrules.lang.kleene import OBSERVED_ON, truth
from hazardrules.lang.nodes import Value
from hazardrules.pack.content import Rule

ON = date.fromisoformat(DAY)


@pytest.fixture(scope="module")
def book() -> RuleBook:
    """The national book."""
    return default_book()


@pytest.fixture(scope="module")
def rules(book: RuleBook) -> list[Rule]:
    """Every rule that is not for a person to decide."""
    return [rule for rule in book.rules() if not rule.manual]


@pytest.fixture(scope="module")
def observed(book: RuleBook) -> list[dict[str, Value]]:
    """The observations that are timed, and some of the mixed ones."""
    return [values_of(one, book) for one in (*OBSERVATIONS, *mixed(book, 20))]


def holds(rule: Rule, values: dict[str, Value]) -> bool | None:
    """What the library makes of a rule."""
    return truth(rule.whole, {**values, OBSERVED_ON: ON})


def test_ifs_by_hand_say_what_the_rules_say(rules: list[Rule], observed: list[dict[str, Value]]) -> None:
    """The same rules hold, and the same are touched and undecided."""
    count, ids, both = count_by_hand(rules), ids_by_hand(rules), open_by_hand(rules)
    for values in observed:
        met = [rule.id for rule in rules if holds(rule, values)]
        undecided = [
            rule.id for rule in rules if holds(rule, values) is None and not values.keys().isdisjoint(rule.reads)
        ]
        assert ids(values, ON) == met
        assert count(values, ON) == len(met)
        assert both(values, ON) == (met, undecided)


@pytest.mark.parametrize("engine", ENGINES, ids=lambda one: one.name)
def test_other_engines_say_what_the_rules_say(
    engine: Engine, rules: list[Rule], observed: list[dict[str, Value]]
) -> None:
    """Each engine finds the same rules to hold, of nearly all that there are."""
    if not engine.there:
        if os.environ.get("HAZARDRULES_REQUIRE_ALL") == "1":
            pytest.fail(f"{engine.name} is not installed")
        pytest.skip(f"{engine.name} is not installed")
    count, prepare = engine.prepare(rules, ON)
    assert count > 0.99 * len(rules)
    for values in observed:
        assert sorted(prepare(values)()) == sorted(rule.id for rule in rules if holds(rule, values))


def test_observations_have_ten_facts(book: RuleBook) -> None:
    """Each of ten facts, known to the vocabulary, and no two of the mixed ones alike."""
    some = mixed(book, 50)
    assert {len(one.facts) for one in (*OBSERVATIONS, *some)} == {10}
    assert all(fact in book.facts for one in (*OBSERVATIONS, *some) for fact in one.facts)
    assert len({repr(one) for one in some}) == len(some)
    assert some == mixed(book, 50)
    assert some != mixed(book, 50, seed=1)


def test_larger_books_read_other_facts(book: RuleBook) -> None:
    """Three times as many rules, documents and facts; a given fact is read by the same rules as before."""
    big = larger(book, 3)
    assert len(big.rules()) == 3 * len(book.rules())
    assert len(big.documents) == 3 * len(book.documents)
    assert len(big.facts) == 3 * len(book.facts)
    assert big.readers("dust.storeys") == book.readers("dust.storeys")
    assert len(big.rules(industry="machinery")) == 3 * len(book.rules(industry="machinery"))


def test_ratios_are_of_the_same_round() -> None:
    """The median of the rounds' ratios, and the ratio of the fastest."""
    ratio = Timed((4.0, 9.0, 6.0)).over(Timed((2.0, 3.0, 6.0)))
    assert (ratio.usual, ratio.best) == (2.0, 2.0)


def test_the_table_is_written_between_the_marks(tmp_path: Path) -> None:
    """What stands around it stays; a page without the marks is refused."""
    page = tmp_path / "page.md"
    page.write_text(f"before\n{START}\nold\n{END}\nafter\n", encoding="utf-8")
    write(page, "new")
    assert page.read_text(encoding="utf-8") == f"before\n{START}\nnew\n{END}\nafter\n"
    page.write_text("nothing", encoding="utf-8")
    with pytest.raises(ValueError, match="benchmarks: start"):
        write(page, "new")
