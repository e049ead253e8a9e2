"""Packs over packs: what they may add, that they only tighten, and that a counter-example is shown."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hazardrules import Level, PackErrors, RuleBook, classify
from hazardrules.lang.kleene import truth
from hazardrules.lang.nodes import AtLeast, Element, Value
from hazardrules.lang.parse import Parser, Scope, Signature
from hazardrules.lang.widen import widen
from hazardrules.pack.cases import cases, implies
from hazardrules.pack.content import FactDef
from hazardrules.pack.discovery import arrange, named, national_folder
from hazardrules.pack.loader import load_pack, read_pack
from packs import rule, write_pack

WORDS = {
    "a.n": FactDef("a.n", "a", "number", "数", min=0),
    "a.i": FactDef("a.i", "a", "integer", "整数"),
    "a.e": FactDef("a.e", "a", "enum", "单选", options={"p": "甲", "q": "乙", "r": "丙"}),
    "a.s": FactDef("a.s", "a", "set", "多选", options={f"o{i}": f"项{i}" for i in range(12)}),
    "a.b": FactDef("a.b", "a", "boolean", "是否"),
    "a.d": FactDef("a.d", "a", "date", "日期"),
}
PARSER = Parser(Scope({f.id: Signature(f.kind, tuple(f.options)) for f in WORDS.values() if f.kind is not None}))


@pytest.mark.parametrize(
    ("premise", "conclusion", "proven"),
    [
        ("a.n > 30", "a.n > 20", True),
        ("a.n > 30", "a.n >= 30", True),
        ("a.n >= 30", "a.n > 30", False),
        ("a.n > 20", "a.n > 30", False),
        ("a.n > 3 and a.b", "a.b", True),
        ("a.b", "a.b or a.n > 3", True),
        ("a.b or a.n > 3", "a.b", False),
        ("a.i > 2 and a.i < 4", "a.i == 3", True),
        ("a.n > 2 and a.n < 4", "a.n == 3", False),
        ("a.n < 0", "a.b", True),
        ('a.e in ["p", "q"]', 'a.e != "r"', True),
        ('a.e != "r"', 'a.e == "p"', False),
        ('has_any(a.s, ["o1", "o2"])', 'has_any(a.s, ["o0", "o1", "o2", "o3", "o4", "o5", "o6", "o7", "o8"])', True),
        ('has_any(a.s, ["o1", "o2"])', 'has_all(a.s, ["o1", "o2"])', False),
        ('has_all(a.s, ["o1", "o2"])', 'has_any(a.s, ["o2"])', True),
        ('a.d < d"2026-01-01"', 'a.d <= d"2026-01-01"', True),
        ('a.d <= d"2026-01-01"', 'a.d < d"2026-01-01"', False),
        ("at_least(2, [a.b, a.n > 1, a.i > 1])", "at_least(1, [a.b, a.n > 1, a.i > 1])", True),
        ("at_least(1, [a.b, a.n > 1])", "at_least(2, [a.b, a.n > 1])", False),
    ],
)
def test_implication_is_decided(premise: str, conclusion: str, *, proven: bool) -> None:
    """One condition follows from another, or a counter-example shows that it doesn't."""
    first, second = PARSER.parse(premise), PARSER.parse(conclusion)
    answer = implies(first, second, WORDS)
    assert answer.proven is proven
    if not proven:
        assert answer.counter_example is not None
        assert truth(first, answer.counter_example) is True
        assert truth(second, answer.counter_example) is False


@pytest.mark.parametrize(
    ("premise", "conclusion", "refuted"),
    [
        ("a.n + 1 > 3", "a.n + 1 > 2", False),
        ("a.n > a.i", "a.i > 100 or a.n > a.i", False),
        ("a.b and a.n + 1 > 0", "not a.b", True),
    ],
)
def test_arithmetic_is_not_claimed_but_searched(premise: str, conclusion: str, *, refuted: bool) -> None:
    """Where not every case can be tried nothing is proven, but a counter-example that turns up counts."""
    answer = implies(PARSER.parse(premise), PARSER.parse(conclusion), WORDS)
    assert not answer.proven
    assert (answer.counter_example is not None) is refuted


TEXTS = """
a.n > 3; a.n >= 3; a.n < 5; a.i == 2; a.i > 1; a.b; a.e == "p"; a.e in ["q", "r"]; a.d > d"2026-01-01";
has_any(a.s, ["o1", "o2"]); has_all(a.s, ["o2", "o3"])
"""
_text = st.sampled_from([text.strip() for text in TEXTS.split(";")])
_conditions = st.recursive(
    _text,
    lambda inner: st.one_of(
        inner.map(lambda t: f"not ({t})"),
        st.tuples(inner, inner).map(lambda pair: f"(({pair[0]}) and ({pair[1]}))"),
        st.tuples(inner, inner).map(lambda pair: f"(({pair[0]}) or ({pair[1]}))"),
    ),
    max_leaves=5,
)
_facts = st.fixed_dictionaries(
    {
        "a.n": st.integers(0, 8),
        "a.i": st.integers(-1, 4),
        "a.b": st.booleans(),
        "a.e": st.sampled_from("pqr"),
        "a.s": st.frozensets(st.sampled_from([f"o{i}" for i in range(5)])),
        "a.d": st.dates(),
    }
)


@settings(max_examples=150)
@given(_conditions, _conditions, st.lists(_facts, min_size=20, max_size=20))
def test_what_is_proven_holds_for_every_observation(
    premise: str, conclusion: str, observations: list[dict[str, Value]]
) -> None:
    """No observation contradicts a proof; a counter-example always contradicts."""
    first, second = PARSER.parse(premise), PARSER.parse(conclusion)
    answer = implies(first, second, WORDS)
    assert answer.proven or answer.counter_example is not None
    if answer.proven:
        assert not [o for o in observations if truth(first, o) is True and truth(second, o) is not True]


@settings(max_examples=100)
@given(_conditions, st.lists(_facts, min_size=10, max_size=10))
def test_cases_cover_every_outcome(text: str, observations: list[dict[str, Value]]) -> None:
    """Whatever outcome an observation has, one of the cases has it too."""
    condition = PARSER.parse(text)
    tried = cases([condition], WORDS)
    assert tried is not None
    assert {truth(condition, o) for o in observations} <= {truth(condition, case) for case in tried}


# --- packs ---------------------------------------------------------------------------------------------------------

AMMONIA = "gongmao-2023.12.2"
STRICTER = rule(
    "1",
    "not ammonia.freezer_separate_room or ammonia.freezer_room_workers > 6",
    [{"ammonia.freezer_separate_room": False}, {"ammonia.freezer_room_workers": 7}],
    [{"ammonia.freezer_separate_room": True, "ammonia.freezer_room_workers": 6}],
    tightens=AMMONIA,
)


def province(folder: Path, **parts: Any) -> Path:
    """A provincial pack over the national one, without facts of its own unless given."""
    given_parts: dict[str, Any] = {"facts": "domain: demo\nlabel: 演示\nfacts: {}\n", "region": "370000"} | parts
    return write_pack(folder, **given_parts)


def problems(folder: Path) -> list[tuple[str, str]]:
    """Codes and words of what is wrong with a pack over the national one."""
    _, found = read_pack(folder, [load_pack(national_folder())])
    return [(problem.code, problem.problem) for problem in found]


def test_a_stricter_rule_is_accepted_and_judges(tmp_path: Path) -> None:
    """A provincial rule that is proven stricter is loaded and decides where the national one doesn't."""
    folder = province(tmp_path, rules=[STRICTER])
    assert problems(folder) == []
    book = RuleBook.load("山东", packs=[national_folder(), folder])
    facts = {"ammonia.freezer_separate_room": True, "ammonia.freezer_room_workers": 8}
    assert classify(facts, book=book, region="山东", observed_on="2026-11-20").level is Level.MAJOR
    assert classify(facts, observed_on="2026-11-20").level is Level.GENERAL


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"when": "not ammonia.freezer_separate_room or ammonia.freezer_room_workers > 12"},
            "ammonia.freezer_room_workers: 10人",
        ),
        ({"when": "ammonia.freezer_room_workers > 9"}, "ammonia.freezer_separate_room: 否"),
        ({"level": "general"}, "却是一般"),
    ],
)
def test_a_looser_rule_is_refused_with_a_counter_example(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    """A rule that claims to be stricter and isn't is refused, with an observation that shows it."""
    found = problems(province(tmp_path, rules=[STRICTER | change | {"hit": [], "miss": []}]))
    assert [code for code, _ in found] == ["HR409"]
    assert words in found[0][1]


def test_tightens_names_a_parents_rule(tmp_path: Path) -> None:
    """What is tightened must exist, with the nearest id as a hint."""
    _, found = read_pack(province(tmp_path, rules=[STRICTER | {"tightens": "gongmao-2023.12.22"}]), [])
    parents = [load_pack(national_folder())]
    _, found = read_pack(province(tmp_path, rules=[STRICTER | {"tightens": "gongmao-2023.12.22"}]), parents)
    assert [(problem.code, AMMONIA in problem.hint) for problem in found] == [("HR402", True)]


def test_a_pack_cannot_touch_its_parents(tmp_path: Path) -> None:
    """Superseding a parent's document, redefining its fact, value, industry or document id: each is refused."""
    assert problems(province(tmp_path / "a", rules=[], document={"supersedes": ["gongmao-2023"]}))[0][0] == "HR409"
    again = "domain: dust\nfacts:\n  storeys: {type: integer, label: 层数}\n"
    assert problems(province(tmp_path / "b", rules=[], files={"facts/dust.yaml": again}))[0][0] == "HR401"
    value = "domain: dust\nextends:\n  structure: {brick: {label: 砖木结构, like: other}}\n"
    assert problems(province(tmp_path / "c", rules=[], files={"facts/dust.yaml": value}))[0][0] == "HR409"
    industry = [{"id": "machinery", "label": "机器"}]
    assert problems(province(tmp_path / "d", rules=[], industries=industry))[0][0] == "HR401"
    assert problems(province(tmp_path / "e", rules=[], document={"id": "gongmao-2023"}))[0][0] == "HR401"
    named = "domain: dust\nlabel: 灰尘\n"
    assert problems(province(tmp_path / "f", rules=[], files={"facts/dust.yaml": named}))[0][0] == "HR401"


def test_a_pack_may_add_to_a_parents_domain(tmp_path: Path) -> None:
    """New facts in a parent's domain and new values of its enums can be used by the pack's own rules."""
    more = "domain: dust\nfacts:\n  roof: {type: boolean, label: 屋顶为轻质泄压屋顶}\n"
    more += "extends:\n  structure: {steel: {label: 钢结构, like: other}}\n"
    added = rule(
        "1",
        'dust.structure == "steel" and not dust.roof',
        [{"dust.structure": "steel", "dust.roof": False}],
        [{"dust.structure": "steel", "dust.roof": True}, {"dust.structure": "brick", "dust.roof": False}],
    )
    folder = province(tmp_path, rules=[added], files={"facts/dust.yaml": more})
    assert problems(folder) == []
    book = RuleBook.load(packs=[national_folder(), folder])
    judgment = classify({"dust.structure": "钢结构", "dust.roof": False}, book=book, observed_on="2026-11-20")
    assert [finding.rule for finding in judgment.findings] == ["demo-2026.1"]
    assert "steel" not in RuleBook.load().facts["dust.structure"].options


@pytest.mark.parametrize(
    ("requires", "code"),
    [
        ({"packs": {"nation": ">=2026.11"}}, "HR407"),
        ({"packs": {"national": ">=2099.1"}}, "HR407"),
        ({"hazardrules": ">=99"}, "HR407"),
        ({"packs": {"national": "==2026.11"}}, "HR204"),
        ({"packs": {"national": ">=2026.11"}}, None),
        ({"packs": {"national": ">=2026.11.0"}, "hazardrules": ">=0.1"}, None),
    ],
)
def test_requirements(tmp_path: Path, requires: Mapping[str, Any], code: str | None) -> None:
    """A missing parent, one that is too old, or a library that is too old is told by name."""
    assert [found for found, _ in problems(province(tmp_path, rules=[], requires=requires))] == ([code] if code else [])


def test_a_newer_format_is_refused_alone(tmp_path: Path) -> None:
    """A pack written for a newer format gives that one message, whatever else its files hold."""
    folder = province(tmp_path, format=2, novelty="yes")
    assert [code for code, _ in problems(folder)] == ["HR107"]


# --- only tightening ----------------------------------------------------------------------------------------------

NATIONAL = RuleBook.load()
SAMPLED = ["ammonia.freezer_separate_room", "ammonia.freezer_room_workers", "dust.storeys", "dust.structure"]
DEADLINES = {
    "policy": "省策略",
    "deadlines": [
        {"id": "p-long", "level": "major", "source": "statutory", "days": 90, "day_kind": "calendar"}
        | {"citation": "《省条例》第一条", "evidence": "read", "text": "省", "industries": ["light-industry"]},
        {"id": "p-short", "level": "major", "source": "policy", "days": 20, "day_kind": "calendar"}
        | {"citation": "省策略", "evidence": "policy", "text": "省", "industries": ["machinery"]},
    ],
}
_observations = st.fixed_dictionaries(
    {},
    optional={
        "ammonia.freezer_separate_room": st.booleans(),
        "ammonia.freezer_room_workers": st.integers(0, 15),
        "dust.storeys": st.integers(1, 4),
        "dust.structure": st.sampled_from(["frame", "brick", "other"]),
        "dust.tunnel_duct": st.booleans(),
    },
)


@pytest.fixture(scope="module")
def overlaid(tmp_path_factory: pytest.TempPathFactory) -> RuleBook:
    """A book with a provincial pack that has a rule, a longer statutory and a shorter policy deadline."""
    folder = province(tmp_path_factory.mktemp("pack"), rules=[STRICTER], deadlines=DEADLINES)
    return RuleBook.load("山东", packs=[national_folder(), folder])


@settings(max_examples=150)
@given(facts=_observations, industry=st.sampled_from([None, "机械", "轻工", "食品"]), reported=st.booleans())
def test_adding_a_pack_never_loosens(
    overlaid: RuleBook, facts: dict[str, Any], industry: str | None, *, reported: bool
) -> None:
    """For any observation, a pack never lowers the level, drops a finding, or makes a deadline later."""
    options: dict[str, Any] = {"industry": industry, "reported": reported, "observed_on": "2026-11-20"}
    before = classify(facts, book=NATIONAL, **options)
    after = classify(facts, book=overlaid, **options)
    order = [Level.NONE, Level.GENERAL, Level.MAJOR]
    assert order.index(after.level) >= order.index(before.level)
    assert {f.rule for f in before.findings} <= {f.rule for f in after.findings}
    later = {f.rule: f.deadline for f in after.findings}
    for finding in before.findings:
        deadline = later[finding.rule]
        assert finding.deadline is not None
        assert deadline is not None
        assert deadline.due_on <= finding.deadline.due_on
        assert {c.id for c in finding.deadline.considered} <= {c.id for c in deadline.considered}


def test_a_longer_statutory_deadline_stays_on_record(overlaid: RuleBook) -> None:
    """A province's longer deadline is considered and doesn't count; its shorter one does."""
    facts = {"dust.storeys": 3, "dust.structure": "brick"}
    plain = classify(facts, book=overlaid, industry="轻工", observed_on="2026-11-20").deadline
    short = classify(facts, book=overlaid, industry="机械", observed_on="2026-11-20").deadline
    assert plain is not None
    assert short is not None
    assert (plain.days, {c.id for c in plain.considered}) == (30, {"major-default", "p-long"})
    assert plain.considered[0].id == "major-default"
    assert short.considered[0].id == "p-short"
    assert short.days == 20


def test_broken_named_packs_raise(tmp_path: Path) -> None:
    """A pack that is asked for and broken raises with every problem."""
    folder = province(tmp_path, rules=[STRICTER | {"when": "ammonia.workers > 1"}])
    with pytest.raises(PackErrors, match="HR303"):
        RuleBook.load(packs=[national_folder(), folder])


# --- added values ---------------------------------------------------------------------------------------------------

LIKES = {"a.e": {"x": "p", "y": "p", "z": "q"}, "a.s": {"n1": "o1", "n2": "o2"}}
_old_value = {"x": "p", "y": "p", "z": "q", "n1": "o1", "n2": "o2"}
_added = st.fixed_dictionaries(
    {
        "a.n": st.integers(0, 8),
        "a.i": st.integers(-1, 4),
        "a.b": st.booleans(),
        "a.e": st.sampled_from("pqrxyz"),
        "a.s": st.frozensets(st.sampled_from(["o0", "o1", "o2", "o3", "n1", "n2"])),
        "a.d": st.dates(),
    }
)


@settings(max_examples=200)
@given(text=_conditions, facts=_added)
def test_a_new_value_counts_as_the_one_it_is_like(text: str, facts: dict[str, Any]) -> None:
    """A widened condition says of new values what the condition itself says of the values that they are like."""
    condition = PARSER.parse(text)
    as_old = facts | {
        "a.e": _old_value.get(facts["a.e"], facts["a.e"]),
        "a.s": frozenset(_old_value.get(member, member) for member in facts["a.s"]),
    }
    assert truth(widen(condition, LIKES), facts) is truth(condition, as_old)
    assert truth(widen(condition, LIKES), as_old) is truth(condition, as_old)
    assert widen(condition, {}) == condition


def test_adding_a_value_does_not_loosen(tmp_path: Path) -> None:
    """A place that only the province names counts as the national clause's other places; its own rules know it."""
    more = "domain: dust\nextends:\n  gathering: {canteen: {label: 食堂, like: other}}\n"
    own = rule(
        "1",
        'has_any(dust.gathering, ["canteen"]) and dust.storeys > 2',
        [{"dust.gathering": ["canteen"], "dust.storeys": 3}],
        [{"dust.gathering": ["canteen"], "dust.storeys": 2}, {"dust.gathering": ["other"], "dust.storeys": 3}],
    )
    folder = province(tmp_path, rules=[own], files={"facts/dust.yaml": more}, requires=REQUIRES)
    book = RuleBook.load(packs=["national", folder])
    for place, rules in (("食堂", ["gongmao-2023.11.1", "demo-2026.1"]), ("other", ["gongmao-2023.11.1"])):
        facts = {"dust.gathering": [place], "dust.storeys": 3, "dust.structure": "frame"}
        judgment = classify(facts, book=book, industry="机械", observed_on="2026-11-20")
        assert [finding.rule for finding in judgment.findings] == rules
    assert book.fingerprint != RuleBook.load(packs=["national"]).fingerprint


def test_tightening_holds_for_added_values(tmp_path: Path) -> None:
    """A stricter rule must hold for the pack's own new values wherever the parent's rule does."""
    more = "domain: dust\nextends:\n  gathering: {canteen: {label: 食堂, like: other}}\n"
    listed = '["dormitory", "meeting", "office", "rest", "other"{}]'
    when = '(dust.storeys > 1 and dust.structure != "frame") or has_any(dust.gathering, {})'
    for added, found in ((', "canteen"', []), ("", ["HR409"])):
        stricter = rule("1", when.format(listed.format(added)), tightens="gongmao-2023.11.1")
        folder = province(tmp_path / str(len(added)), rules=[stricter], files={"facts/dust.yaml": more})
        assert [code for code, _ in problems(folder)] == found


REQUIRES = {"packs": {"national": ">=2026.11"}}


@pytest.mark.parametrize(
    ("names", "fine"),
    [
        ({"370200": "青岛市"}, True),
        ({"110105": "朝阳区"}, False),
        ({"370000": "山东"}, False),
        ({"999999": "某地"}, False),
    ],
)
def test_a_pack_names_only_its_own_places(tmp_path: Path, names: dict[str, str], *, fine: bool) -> None:
    """Names of places lie within the pack's own region, below the provincial level."""
    assert [code for code, _ in problems(province(tmp_path, rules=[], names=names))] == ([] if fine else ["HR203"])


def test_elements_tighten_nothing(tmp_path: Path) -> None:
    """``tightens`` belongs on rules; on an element it is refused rather than ignored."""
    element = rule("7", "ammonia.freezer_room_workers > 6", tightens=AMMONIA)
    assert [code for code, _ in problems(province(tmp_path, rules=[], elements=[element]))] == ["HR203"]


def test_a_typing_error_is_told_once(tmp_path: Path) -> None:
    """A rule that can't be read is not called loose as well."""
    found = problems(province(tmp_path, rules=[STRICTER | {"when": "ammonia.worker > 6"}]))
    assert [code for code, _ in found] == ["HR303"]


def test_a_pack_behind_a_circle_is_told(tmp_path: Path) -> None:
    """A pack that requires one that stands in a circle is left out, and told by name."""
    one = write_pack(tmp_path / "one", id="one", requires={"packs": {"two": ">=2026.1"}})
    two = write_pack(tmp_path / "two", id="two", requires={"packs": {"one": ">=2026.1"}})
    three = write_pack(tmp_path / "three", id="three", requires={"packs": {"two": ">=2026.1"}})
    _, found = arrange(named([one, two, three]))
    assert sorted({problem.code for problem in found}) == ["HR407", "HR408"]
    assert [problem.problem for problem in found if problem.code == "HR407"] == [
        "规则包 three 要求的规则包成圈,没有载入"
    ]


def test_widening_reaches_into_every_node() -> None:
    """Counting conditions and elements are widened inside; what no new value concerns stays the very same node."""
    inner = PARSER.parse('a.e == "p"')
    counted = AtLeast(1, (inner, PARSER.parse("a.b")))
    named_ = Element("e1", inner)
    for node in (counted, named_):
        assert truth(node, {"a.e": "x", "a.b": False}) is False
        assert truth(widen(node, LIKES), {"a.e": "x", "a.b": False}) is True
    untouched = AtLeast(1, (PARSER.parse("a.b"), Element("e2", PARSER.parse("a.n > 1"))))
    assert widen(untouched, LIKES) is untouched


@pytest.mark.parametrize(("region", "code"), [("500000", "510100"), ("500000", "520100"), ("371000", "371100")])
def test_names_of_neighbours_are_refused(tmp_path: Path, region: str, code: str) -> None:
    """A region whose code ends in zeros doesn't reach into those whose codes merely begin alike."""
    assert [found for found, _ in problems(province(tmp_path, rules=[], region=region, names={code: "某市"}))] == [
        "HR203"
    ]
