"""Provinces: every practice that a source tells is shown working or named as left out; packs only add to the nation."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest

from hazardrules import Deadline, Judgment, Level, RuleBook, classify
from hazardrules.pack.check import check_pack, open_pack, test_pack
from hazardrules.pack.content import Example, Rule
from hazardrules.regions import PROVINCES
from provinces.features import (
    Feature,
    claims,
    national_programme,
    pack_of,
    practices,
    programme_file,
    province_modules,
    readme,
)

MODULES: Final = province_modules()
FEATURES: Final = [
    pytest.param(name, one, id=f"{name}-{number}-{one.check.__name__}")
    for name, module in MODULES.items()
    for number, one in enumerate(module.FEATURES, 1)
]
ORDER: Final = {Level.NONE: 0, Level.GENERAL: 1, Level.MAJOR: 2}
STEP: Final = 12
"""Every so many national criteria are judged in each province as well."""


@cache
def book_of(name: str) -> RuleBook:
    """The rule book of a province."""
    return RuleBook.load(name)


@cache
def nation() -> RuleBook:
    """The national pack alone."""
    return RuleBook.load()


@cache
def sample() -> tuple[tuple[Rule, Example], ...]:
    """Examples of national criteria: every twelfth criterion's first hit and first miss."""
    rules = [rule for rule in nation().rules() if rule.examples][::STEP]
    return tuple(
        (rule, next(example for example in rule.examples if example.kind == kind))
        for rule in rules
        for kind in ("hit", "miss")
    )


@pytest.mark.parametrize(("name", "feature"), FEATURES)
def test_every_practice_has_its_means(name: str, feature: Feature) -> None:
    """What a source tells is done by a call, or the pack's README says why software has no part in it."""
    feature.check(book_of(name))


@pytest.mark.parametrize("name", MODULES)
def test_no_practice_is_missing(name: str) -> None:
    """The table, the pack's README and its programme speak of as many practices as the source lists."""
    module, book = MODULES[name], book_of(name)
    listed, held, out = claims(book)
    assert listed == module.SEED == len(module.FEATURES) == len({one.words for one in module.FEATURES})
    assert (held, out) == (len(practices(book)), listed - held)


@pytest.mark.parametrize("name", MODULES)
def test_the_pack_is_sound(name: str) -> None:
    """It loads over the nation for its province alone, is clean, and says what it is."""
    book = book_of(name)
    pack = pack_of(book)
    (province,) = (one for one in PROVINCES if one.pinyin == name)
    assert (pack.id, pack.region, book.region) == (name, province.code, province.code)
    assert pack.title == f"{province.name}重大事故隐患判定规则包"
    assert [one.id for one in book.packs] == ["national", name]
    assert not book.problems
    opened = open_pack(Path(pack.origin))
    assert not check_pack(opened)
    assert not test_pack(opened)


@pytest.mark.parametrize("name", MODULES)
def test_its_programme_carries_out_the_national_one(name: str) -> None:
    """The programme of 2023 has the window of the national one, and what is a default says so."""
    wider = national_programme(nation())
    programme = programme_file(book_of(name))
    assert programme.id == f"{name}-2023"
    assert (programme.starts, programme.ends) == (wider.starts, wider.ends)
    assert "全国重大事故隐患专项排查整治2023行动典型经验汇总" in programme.source


@pytest.mark.parametrize("name", MODULES)
def test_its_laws_are_listed(name: str) -> None:
    """Every law is there with what of it was not read; only laws that were verified have duties."""
    laws = {f"{law.title}{law.number or ''}": law for law in pack_of(book_of(name)).policy.laws}
    module: ModuleType = MODULES[name]
    assert sorted(law.title for law in laws.values()) == sorted(module.LAWS)
    for law in laws.values():
        assert law.missing or law.coverage == "full"
    policy = pack_of(book_of(name)).policy
    sources = {law.title for law in laws.values() if law.status != "unverified"}
    repealed = {f"《{law.title}》({law.number})" for law in laws.values() if law.status == "repealed"}
    for provision in (*policy.duties, *policy.deadlines):
        assert provision.evidence == "read"
        assert provision.expires or not any(title in provision.citation for title in repealed), provision.id
        assert any(f"《{title}》" in provision.citation for title in sources), provision.id
    for law in laws.values():
        if law.status == "unverified":
            assert law.title in readme(book_of(name)), law.title


@pytest.mark.parametrize("name", MODULES)
def test_a_province_only_adds(name: str) -> None:
    """Whatever the nation finds stands in the province too: no lower level, no finding less, no later deadline."""
    for rule, example in sample():
        day = nation().documents[rule.document].starts
        alone, there = (judged(book, rule, example, str(day)) for book in (nation(), book_of(name)))
        assert ORDER[there.level] >= ORDER[alone.level]
        found = {finding.rule: finding for finding in there.findings}
        for finding in alone.findings:
            assert no_later(found[finding.rule].deadline, finding.deadline)
            assert {duty.citation for duty in finding.duties} <= {duty.citation for duty in found[finding.rule].duties}


def judged(book: RuleBook, rule: Rule, example: Example, day: str) -> Judgment:
    """The example of a criterion, judged on a day in one of its industries."""
    industry = None if "*" in rule.industries else rule.industries[0]
    facts = {id_: sorted(value) if isinstance(value, frozenset) else value for id_, value in example.facts.items()}
    facts.pop("observed_on", None)
    return classify(facts, industry=industry, observed_on=day, book=book)


def no_later(one: Deadline | None, other: Deadline | None) -> bool:
    """Whether a deadline is no later than another; none is later than all."""
    if other is None or other.due_on is None:
        return True
    return one is not None and one.due_on is not None and one.due_on <= other.due_on
