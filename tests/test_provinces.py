"""Provinces: every practice that a source tells is shown working or named as left out; packs only add to the nation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from hazardrules import Deadline, Duty, Judgment, Level, RuleBook, classify
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
STEP: Final = 25
"""Every so many national criteria are judged in each province as well."""
ON: Final = date(2026, 11, 20)


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
    """Examples of national criteria: of every 25th criterion the first hit and first miss."""
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


def test_all_packs_stand_beside_each_other() -> None:
    """The packs that come with the library can be loaded as one book: no id and no name of an industry clashes."""
    book = RuleBook.load(packs=["national", *MODULES])
    assert {pack.id for pack in book.packs} == {"national", *MODULES}
    assert len({one.id for one in book.programmes}) == len(book.programmes)


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
    """Every law is there with what of it was not read, and judgments tell of it while it is in force."""
    book = book_of(name)
    laws = pack_of(book).policy.laws
    assert sorted(law.title for law in laws) == sorted(MODULES[name].LAWS)
    assert len({(law.title, law.number) for law in laws}) == len(laws)
    for law in laws:
        assert law.missing or law.coverage == "full"
        if law.status == "unverified":
            assert law.title in readme(book), law.title
        industry = law.industries[0] if law.industries else "机械"
        told = classify(other=["护栏松动"], industry=industry, observed_on=ON, book=book).law_gaps
        in_force = law.coverage != "full" and law.in_force(ON)
        assert (law.id in {gap.document for gap in told}) is in_force, law.id


@pytest.mark.parametrize("name", MODULES)
def test_only_verified_laws_have_provisions(name: str) -> None:
    """Duties and deadlines rest on laws that are known to be in force, or to have been, and then they end."""
    policy = pack_of(book_of(name)).policy
    verified = [law for law in policy.laws if law.status != "unverified"]
    for provision in (*policy.duties, *policy.deadlines):
        assert provision.evidence == "read"
        grounds = [law for law in verified if f"《{law.title}》" in provision.citation]
        if len(grounds) > 1:  # versions of one law are told apart by their numbers
            grounds = [law for law in grounds if law.number and law.number in provision.citation]
        (ground,) = grounds
        starts = ground.effective or ground.issued
        assert provision.effective is not None
        assert starts is not None
        assert provision.effective >= starts
        if ground.status == "repealed":
            assert provision.expires is not None
            assert ground.expires is not None
            assert provision.expires <= ground.expires


@pytest.mark.parametrize("name", MODULES)
def test_a_province_only_adds(name: str) -> None:
    """Whatever the nation finds stands in the province too: no lower level, no finding less, no later deadline."""
    for rule, example in sample():
        document = nation().documents[rule.document]
        for day in {document.starts, *([ON] if document.in_force(ON) else [])}:
            alone, there = (judged(book, rule, example, day) for book in (nation(), book_of(name)))
            assert ORDER[there.level] >= ORDER[alone.level]
            assert no_later(there.deadline, alone.deadline)
            assert duties(alone.duties) <= duties(there.duties)
            assert {gap.document for gap in alone.gaps} <= {gap.document for gap in there.gaps}
            found = {finding.rule: finding for finding in there.findings}
            for finding in alone.findings:
                assert no_later(found[finding.rule].deadline, finding.deadline)
                assert duties(finding.duties) <= duties(found[finding.rule].duties)


CHONGQING: Final = {"chongqing-plan", "chongqing-notify-staff", "chongqing-supervise-in-writing"}


@pytest.mark.parametrize(
    ("region", "industry", "day", "expected"),
    [
        ("重庆", "机械", "2024-03-27", CHONGQING),
        ("重庆", "物业服务", "2024-03-27", {*CHONGQING, "chongqing-property-warn", "chongqing-property-report"}),
        ("重庆", "物业服务", "2024-03-28", set()),
        ("重庆", "机械", "2024-03-28", set()),
        ("湖北", "机械", "2024-03-27", set()),
    ],
    ids=["in-force", "property", "property-ended", "ended", "elsewhere"],
)
def test_the_law_of_chongqing_of_2015(region: str, industry: str, day: str, expected: set[str]) -> None:
    """Its duties stand to the day before the revision was passed, those of property managers for them alone."""
    book = RuleBook.load(region)
    judgment = classify({"fire_layout.hazmat_site": "other"}, industry=industry, observed_on=day, book=book)
    assert [finding.rule for finding in judgment.findings] == ["fire-2017.6.1"]
    ids = {duty.id for duty in judgment.findings[0].duties}
    assert {id_ for id_ in ids if id_.startswith("chongqing")} == expected
    general = classify(other=["护栏松动"], industry=industry, observed_on=day, book=book)
    assert general.deadline is not None
    own = [one.id for one in general.deadline.considered if one.id == "chongqing-general-immediate"]
    assert bool(own) is bool(expected)


def duties(some: Iterable[Duty]) -> set[str]:
    """The duties by id."""
    return {duty.id for duty in some}


def judged(book: RuleBook, rule: Rule, example: Example, day: date) -> Judgment:
    """The example of a criterion, judged on a day in one of its industries."""
    industry = None if "*" in rule.industries else rule.industries[0]
    facts = {
        id_: sorted(value) if isinstance(value, frozenset) else value
        for id_, value in example.facts.items()
        if id_ in book.facts
    }
    return classify(facts, industry=industry, observed_on=day, book=book)


def no_later(one: Deadline | None, other: Deadline | None) -> bool:
    """Whether a deadline is no later than another; none is later than all."""
    return other is None or (one is not None and one.due_on <= other.due_on)
