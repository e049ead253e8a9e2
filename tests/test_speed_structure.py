"""Why judging stays fast when rules are added: what is looked at depends on the facts given. No clock here."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from benchmarks.growth import larger
from benchmarks.observations import DAY, OBSERVATIONS, Observed

from hazardrules import RuleBook, classify
from hazardrules.criterion import Criterion
from hazardrules.judge import default_book
from hazardrules.law import Law, Reach
from hazardrules.pack.content import Document, Rules


@pytest.fixture(scope="module")
def books() -> tuple[RuleBook, RuleBook]:
    """The national book, and one of ten times its rules, of which nine tenths read other facts."""
    book = default_book()
    return book, larger(book, 10)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often judging works something out, walks through documents or asks about one."""
    found: Counter[str] = Counter()

    def count(owner: type, name: str) -> None:
        whole = getattr(owner, name)

        def counting(*arguments: Any, **named: Any) -> Any:
            found[f"{owner.__name__}.{name}"] += 1
            return whole(*arguments, **named)

        monkeypatch.setattr(owner, name, counting)

    for owner, names in {
        Criterion: ["outcome"],
        Rules: ["__getitem__"],
        Document: ["in_force"],
        RuleBook: ["numbers", "reads", "readers", "meets"],
        Law: ["__init__"],
        Reach: ["__init__"],
    }.items():
        for name in names:
            count(owner, name)
    return found


def judged(observed: Observed, book: RuleBook) -> Any:
    """The judgment without the fingerprint of the book and without the documents that were in force as well."""
    judgment = classify(observed.facts, book=book, **observed.arguments)
    return judgment.model_dump(exclude={"rulebook", "checked", "gaps", "reason", "open"})


@pytest.mark.parametrize("observed", OBSERVATIONS, ids=lambda one: one.label)
def test_rules_that_read_other_facts_change_nothing(observed: Observed, books: tuple[RuleBook, RuleBook]) -> None:
    """Ten times the rules: the same findings, of the same facts, with the same deadlines."""
    assert len(books[1].rules()) == 10 * len(books[0].rules())
    assert judged(observed, books[0]) == judged(observed, books[1])


@pytest.mark.parametrize("observed", OBSERVATIONS, ids=lambda one: one.label)
def test_no_call_grows_with_the_book(
    observed: Observed, books: tuple[RuleBook, RuleBook], counted: Counter[str]
) -> None:
    """With ten times the rules a call looks at no more criteria, documents and industries than before."""
    seen = []
    for book in books:
        classify(observed.facts, book=book, **observed.arguments)
        counted.clear()
        classify(observed.facts, book=book, **observed.arguments)
        seen.append(dict(counted))
    assert seen[0] == seen[1] == {}


def test_other_values_look_only_at_the_criteria_of_their_facts(
    books: tuple[RuleBook, RuleBook], counted: Counter[str]
) -> None:
    """A value not seen before: the criteria that read the fact are worked out, in either book the same, and no more."""
    seen = []
    for book in books:
        classify({"dust.storeys": 2, "dust.structure": "brick"}, book=book, industry="machinery", observed_on=DAY)
        counted.clear()
        classify({"dust.storeys": 77, "dust.structure": "brick"}, book=book, industry="machinery", observed_on=DAY)
        seen.append(dict(counted))
    assert seen[0] == seen[1]
    assert set(seen[0]) == {"Criterion.outcome"}
    readers = [rule for rule in books[0].rules() if "dust.storeys" in rule.reads]
    assert 0 < seen[0]["Criterion.outcome"] <= 2 * len(readers)


def test_days_of_the_same_law_share_it(books: tuple[RuleBook, RuleBook], counted: Counter[str]) -> None:
    """Another day between two changes of the law works nothing out but deadlines and duties."""
    book = books[0]
    facts = {"dust.storeys": 3, "dust.structure": "brick"}
    classify(facts, book=book, industry="machinery", observed_on="2026-11-20")
    counted.clear()
    later = classify(facts, book=book, industry="machinery", observed_on="2026-11-21")
    assert set(counted) <= {"RuleBook.meets"}
    assert later == classify(facts, book=RuleBook(book.packs), industry="machinery", observed_on="2026-11-21")


def test_more_laws_than_are_kept(books: tuple[RuleBook, RuleBook], monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept has a limit, so that a service that runs for long does not fill its memory."""
    monkeypatch.setattr("hazardrules.law.KEPT", 5)
    monkeypatch.setattr("hazardrules.setting.KEPT", 5)
    book = RuleBook(books[0].packs)
    for industry in sorted(book.industries)[:20]:
        classify({}, book=book, industry=industry, observed_on=DAY)
    assert all(len(kept) <= 5 for kept in book.kept.values() if isinstance(kept, dict))
