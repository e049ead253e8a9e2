"""The national pack: clean, proven by its examples, and evaluated alike by three independent evaluators."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

import pytest

from hazardrules import RuleBook
from hazardrules.lang.kleene import OBSERVED_ON, truth
from hazardrules.lang.nodes import Value, facts_read
from hazardrules.pack.check import check_pack, open_pack, test_pack
from hazardrules.pack.content import FactDef, Rule
from hazardrules.pack.discovery import national_folder
from hazardrules.pack.examples import with_assumed
from oracles import engine_matcher, sqlite_truths

BOOK = RuleBook.load()
RULES = BOOK.rules()
ON = date(2026, 11, 20)
EVALUATIONS = 200


def random_value(fact: FactDef, draw: random.Random) -> Value:
    """Any value that the fact allows; numbers near the thresholds that rules use."""
    if fact.type == "boolean":
        return draw.random() < 0.5
    if fact.type == "enum":
        return draw.choice(list(fact.options))
    if fact.type == "set":
        return frozenset(option for option in fact.options if draw.random() < 0.3)
    if fact.type == "date":
        return ON - timedelta(days=draw.randrange(-400, 800))
    low, high = fact.min if fact.min is not None else 0, fact.max if fact.max is not None else 60
    whole = draw.randrange(int(low), int(high) + 1)
    return whole if fact.type == "integer" or draw.random() < 0.5 else whole + Decimal(draw.randrange(4)) / 4


def random_facts(rule: Rule, draw: random.Random, chance: float) -> dict[str, Value]:
    """Each fact that the rule reads, with that chance."""
    read = facts_read(rule.whole)
    return {fact: random_value(BOOK.facts[fact], draw) for fact in read if draw.random() < chance}


def with_day(facts: Mapping[str, Value]) -> dict[str, Value]:
    """The facts and the day of observation."""
    return {**facts, OBSERVED_ON: ON}


@pytest.mark.parametrize("rule", [rule for rule in RULES if not rule.manual], ids=lambda rule: rule.id)
def test_three_evaluators_agree(rule: Rule) -> None:
    """Our evaluation equals SQL's on partial facts and rule-engine's on complete ones, two hundred times a rule."""
    draw = random.Random(rule.id)
    partial = [random_facts(rule, draw, draw.choice([0.3, 0.6, 0.9])) for _ in range(EVALUATIONS)]
    assert [truth(rule.whole, with_day(facts)) for facts in partial] == sqlite_truths(rule.whole, partial, ON)
    matches = engine_matcher(rule.whole, BOOK.documents[rule.document].tables, ON)
    complete = [random_facts(rule, draw, 1) for _ in range(EVALUATIONS)]
    assert [truth(rule.whole, with_day(facts)) for facts in complete] == [matches(facts) for facts in complete]


def test_pack_is_clean() -> None:
    """Neither check nor the examples find anything, and no part of a condition is left undecided."""
    opened = open_pack(national_folder())
    assert check_pack(opened) == []
    assert test_pack(opened) == []


def test_every_rule_says_how_to_inspect_and_mend() -> None:
    """Each criterion has words for the checklist."""
    assert [rule.id for rule in RULES if not (rule.inspect and rule.remedy)] == []


@pytest.mark.parametrize(("document", "situations"), [("gongmao-2023", 65), ("gongmao-2017", 59)])
def test_documents_are_whole(document: str, situations: int) -> None:
    """The 工贸 standards are held whole: 64 situations and 第十四条; 59 situations."""
    assert len(BOOK.rules(document=document)) == situations
    assert BOOK.documents[document].coverage == "full"


def test_the_2017_version_ends_where_the_2023_version_starts() -> None:
    """On every day from the issue of the first there is exactly one 工贸 standard."""
    old, new = BOOK.documents["gongmao-2017"], BOOK.documents["gongmao-2023"]
    assert old.in_force(date(2023, 5, 14))
    assert not new.in_force(date(2023, 5, 14))
    assert not old.in_force(date(2023, 5, 15))
    assert new.in_force(date(2023, 5, 15))
    assert not old.in_force(date(2017, 11, 29))
    assert old.in_force(date(2017, 11, 30))


def test_failed_devices_cite_article_14() -> None:
    """Every 2023 rule that counts a failed device beside a missing one cites 第十四条 for it."""
    own_text = {"gongmao-2023.6.7", "gongmao-2023.14"}  # 失效 is their own condition
    failed = [
        (rule, with_assumed(rule.whole, example.facts, BOOK.facts))
        for rule in BOOK.rules(document="gongmao-2023")
        for example in rule.examples
        if example.kind == "hit" and rule.id not in own_text and set(example.facts.values()) == {"failed"}
    ]
    assert len(failed) > 40
    lacking = [rule.id for rule, facts in failed if not any(truth(a.condition, facts) for a in rule.also_cited)]
    assert lacking == []
