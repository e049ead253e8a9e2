"""pack/lint.py: rules without proof, constant conditions, doubles, and words that nobody uses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hazardrules.errors import PackError
from hazardrules.lang.kleene import truth
from hazardrules.lang.nodes import And, Compare, Condition, Fact, Kind, Literal, Not, Number, Or, Value, tidy_number
from hazardrules.lang.parse import Parser, Scope, Signature
from hazardrules.lang.text import to_text
from hazardrules.pack.check import check_pack, open_pack
from hazardrules.pack.content import FactDef, Pack
from hazardrules.pack.lint import MAX_CASES, constant_parts, lint
from hazardrules.pack.loader import load_pack
from packs import FACTS, RULE, rule, write_pack

MANY = {f"k{number:02}": f"第{number}种" for number in range(14)}
VOCABULARY = {
    f.id: f
    for f in (
        FactDef("demo.yes", "demo", "boolean", "甲"),
        FactDef("demo.other", "demo", "boolean", "乙"),
        FactDef("demo.count", "demo", "integer", "丙", min=1, max=10),
        FactDef("demo.whole", "demo", "integer", "丑"),
        FactDef("demo.size", "demo", "number", "丁"),
        FactDef("demo.limit", "demo", "number", "戊"),
        FactDef("demo.share", "demo", "number", "己", min=0, max=1),
        FactDef("demo.state", "demo", "enum", "庚", options={"working": "正常", "failed": "失效", "absent": "未设"}),
        FactDef("demo.means", "demo", "set", "辛", options={"a": "一", "b": "二", "c": "三"}),
        FactDef("demo.many", "demo", "set", "壬", options=MANY),
        FactDef("demo.since", "demo", "date", "癸"),
        FactDef("demo.until", "demo", "date", "子"),
    )
}
PARSER = Parser(Scope({f.id: Signature(f.kind, tuple(f.options)) for f in VOCABULARY.values() if f.kind is not None}))


def constants(text: str) -> list[tuple[str, bool]]:
    """The constant parts of an expression over ``VOCABULARY``, as text."""
    return [(to_text(part), value) for part, value in constant_parts(PARSER.parse(text), VOCABULARY)]


def linted(folder: Path) -> tuple[Pack, list[PackError]]:
    """A pack by itself, with what lint finds in it."""
    pack = load_pack(folder)
    return pack, lint(pack, pack.facts)


def codes(folder: Path, **parts: Any) -> list[str]:
    """The codes of what lint finds in a pack that is written with these parts."""
    return [problem.code for problem in linted(write_pack(folder, **parts))[1]]


def proven(number: str, when: str, hit: Mapping[str, Any], miss: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A rule with one hit and one miss."""
    return rule(number, when, hit=[hit], miss=[miss], **more)


GUARD = proven("2", 'demo.guard == "absent"', {"demo.guard": "absent"}, {"demo.guard": "working"})
HEIGHT = proven("3", "demo.height > 2", {"demo.height": 3}, {"demo.height": 2})


def test_a_pack_without_fault(tmp_path: Path) -> None:
    """The pack that ``write_pack`` writes has nothing to find."""
    assert codes(tmp_path) == []


@pytest.mark.parametrize(
    ("hit", "miss", "words"),
    [((), RULE["miss"], ["正例(hit)"]), (RULE["hit"], (), ["反例(miss)"]), ((), (), ["反例(miss)", "正例(hit)"])],
)
def test_rule_without_proof(
    tmp_path: Path, hit: Sequence[Mapping[str, Any]], miss: Sequence[Mapping[str, Any]], words: list[str]
) -> None:
    """A rule needs a hit and a miss; each that is missing is told at the rule."""
    folder = write_pack(tmp_path, rules=[rule("1", RULE["when"], hit=hit, miss=miss)])
    pack, problems = linted(folder)
    assert [problem.code for problem in problems] == ["HR501"] * len(words)
    for problem, word in zip(problems, words, strict=True):
        assert word in problem.problem
        assert "demo-2026.1" in problem.problem
        assert problem.file == str(folder / "documents" / "demo-2026.yaml")
        assert problem.line == pack.documents[0].rules[0].line > 1
        assert problem.hint


def test_element_without_proof(tmp_path: Path) -> None:
    """An element needs a hit and a miss like a rule."""
    element = rule("7", 'demo.guard == "absent"')
    user = proven("1", "element.e7 and demo.height > 2", {"demo.height": 3, "demo.guard": "absent"}, {"demo.height": 1})
    assert codes(tmp_path, elements=[element], rules=[user]) == ["HR501", "HR501"]


def test_manual_rule_needs_no_proof(tmp_path: Path) -> None:
    """What only a person decides has no examples and is not missed for it."""
    manual = {"id": "demo-2026.9", "ref": "第九条", "title": "其他情形", "manual": True}
    assert codes(tmp_path, rules=[RULE, manual]) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("demo.count >= 1", True), ("demo.count < 1", False), ("demo.count > 10", False), ("demo.count <= 10", True),
        ("demo.count != 0", True), ("demo.count == 11", False), ("demo.count in [0, 11]", False),
        ("demo.share > 1", False), ("demo.share >= 0", True), ("demo.share == 1.5", False), ("1 >= demo.share", True),
        ('demo.state in ["working", "failed", "absent"]', True),
        ('demo.state == "working" and demo.state == "failed"', False),
        ('demo.state != "working" or demo.state != "failed"', True),
        ("demo.yes or not demo.yes", True), ("demo.yes and not demo.yes", False),
        ("demo.size > 5 and demo.size < 3", False), ("demo.size > 5 or demo.size < 6", True),
        ("demo.size > 5 and demo.size < 5", False), ("demo.size >= 5 or demo.size < 5", True),
        ("demo.count > 5 and demo.count < 6", False), ("demo.count < 5 or demo.count > 4", True),
        ('has_all(demo.means, ["a", "b"]) and not has_any(demo.means, ["a"])', False),
        ('has_any(demo.means, ["a"]) or not has_all(demo.means, ["a", "c"])', True),
        ('demo.since < d"2020-01-01" and demo.since > d"2021-01-01"', False),
        ('demo.since < d"2020-01-02" or demo.since > d"2020-01-01"', True),
        ('demo.since in [d"2020-01-01"] and demo.since == d"2020-01-02"', False),
        ("at_least(1, [demo.yes, not demo.yes])", True), ("at_least(2, [demo.yes, not demo.yes])", False),
        ("not (demo.size > 5 and demo.size < 3)", False),
        ("true", True), ("false", False),
    ],
)  # fmt: skip
def test_constant_condition(text: str, *, value: bool) -> None:
    """What no fact can change is found: by bounds, by the choices, and where one fact contradicts itself."""
    found = constants(text)
    assert len(found) == 1
    inner = text.startswith("not (")  # the part inside is the smaller one
    assert found[0] == (to_text(PARSER.parse(text[5:-1] if inner else text)), value)


@pytest.mark.parametrize(
    "text",
    [
        "demo.yes", "not demo.yes", "demo.yes or not demo.other", "demo.yes and demo.other",
        "demo.count > 1", "demo.count >= 10", "demo.count == 1", "demo.count in [1, 2]", "demo.count < 2",
        "demo.count > 4 and demo.count < 6", "demo.share > 0", "demo.share >= 1", "demo.share < 0.0001",
        "demo.size > 5", "demo.size > 5 and demo.size <= 6", "demo.size > 5 or demo.size < 3", "5 < demo.size",
        'demo.state in ["working", "failed"]', 'demo.state != "working"', 'demo.state == "failed" or demo.yes',
        'has_any(demo.means, ["a", "b", "c"])', 'has_all(demo.means, ["a", "b", "c"])',
        'has_any(demo.means, ["a"]) and not has_any(demo.means, ["b", "c"])',
        'has_all(demo.means, ["a"]) and not has_all(demo.means, ["b"])',
        'demo.since > d"2020-01-01"', 'demo.since == d"2020-01-01"',
        'demo.since >= d"2020-01-01" and demo.since < d"2021-01-01"',
        "at_least(1, [demo.yes, demo.other])", "at_least(2, [demo.yes, demo.other, demo.count > 3])",
        "demo.size > demo.limit", "demo.size < demo.limit", "demo.size == demo.limit", "demo.size != demo.limit",
        "demo.size >= demo.limit and demo.size > 3", "demo.count < demo.size", "demo.size < demo.share",
        "demo.since > demo.until", "demo.since == demo.until", 'demo.since < demo.until and demo.since > d"2020-01-01"',
        "demo.count > 1.5 and demo.count < 2.5", "demo.count > 4.5 and demo.count < 5.5",
        "demo.size > 0.00001 and demo.size < 0.00002",
        "demo.share > 0.99995 and demo.share < 1",
    ],
)  # fmt: skip
def test_condition_that_is_not_constant(text: str) -> None:
    """What some facts make true and others false is never called constant."""
    assert constants(text) == []


@pytest.mark.parametrize("count", [5, 11, 12, 13, 14])
def test_sets_with_many_members(count: int) -> None:
    """However many values are named, a condition that all of them meet is not called impossible."""
    names = ", ".join(f'"{key}"' for key in list(MANY)[:count])
    assert constants(f"has_all(demo.many, [{names}])") == []
    assert constants(f"has_any(demo.many, [{names}])") == []


@pytest.mark.parametrize(
    "text",
    [
        "demo.size + 1 > demo.size", "demo.count * 0 == 1", "demo.count - 20 > 0", "days_since(demo.since) < -999999",
        "months_since(demo.since) < -999999",
    ],
)  # fmt: skip
def test_arithmetic_is_left_out(text: str) -> None:
    """Nothing is claimed of parts with arithmetic or day counts."""
    assert constants(text) == []


def test_tables_are_left_out(tmp_path: Path) -> None:
    """Nothing is claimed of a part that looks a value up in a table."""
    tables = {"T1": {"title": "甲", "input": "乙", "output": "丙", "rows": [{"ge": 0, "value": 1}]}}
    height = {"height": FACTS["height"]}
    looked = proven("1", 'band("T1", demo.height) > 5', {"demo.height": 3}, {"demo.height": 2})
    assert codes(tmp_path, facts=height, tables=tables, rules=[looked]) == []


def test_too_many_combinations_are_left_out() -> None:
    """Where more combinations than the bound would have to be tried, nothing is claimed of the whole."""
    ways = 2  # each fact exceeds its threshold or doesn't
    facts = {f"demo.n{i}": FactDef(f"demo.n{i}", "demo", "number", f"数{i}") for i in range(13)}
    impossible = [Compare(">", Fact(id_, Kind.NUMBER), Literal(5)) for id_ in facts]
    few, many = impossible[:12], impossible
    assert ways**12 <= MAX_CASES < ways**13
    for parts, expected in ((few, 1), (many, 0)):
        contradiction = And((*parts, Not(parts[0])))
        assert len(list(constant_parts(contradiction, facts))) == expected


def test_only_the_smallest_constant_part_is_told() -> None:
    """A condition that is constant because a part of it is, is told once, by that part; independent parts each."""
    assert constants("demo.yes or demo.count >= 1") == [("demo.count >= 1", True)]
    assert constants("demo.yes and (demo.other or demo.count > 10)") == [("demo.count > 10", False)]
    assert constants("demo.count > 10 or demo.share > 1") == [("demo.count > 10", False), ("demo.share > 1", False)]
    assert constants("at_least(1, [demo.count > 10, demo.yes])") == [("demo.count > 10", False)]


def test_unknown_facts_are_not_judged() -> None:
    """A condition over a fact that the vocabulary does not hold is unknown, not constant."""
    assert list(constant_parts(Fact("demo.absent", Kind.BOOLEAN), VOCABULARY)) == []


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_days_at_the_ends_of_the_calendar(day: str) -> None:
    """The first and the last day that there is are thresholds like any other."""
    assert constants(f'demo.since == d"{day}"') == []


def test_constants_inside_an_element(tmp_path: Path) -> None:
    """A constant part of an element is told where it stands and where it is used, and nowhere else."""
    element = proven("7", "demo.height < 0", {"demo.height": 0}, {"demo.height": 1})
    user = proven("1", 'element.e7 or demo.guard == "absent"', {"demo.guard": "absent"}, {"demo.guard": "working"})
    _, problems = linted(write_pack(tmp_path, elements=[element], rules=[user]))
    assert [problem.code for problem in problems] == ["HR502", "HR502"]
    assert all("demo.height < 0 恒为假" in problem.problem for problem in problems)


def test_constant_in_a_rule(tmp_path: Path) -> None:
    """The problem names the rule, the part and its outcome, at the rule's line."""
    always = proven("1", "demo.height >= 0", {"demo.height": 0}, {"demo.height": 1})
    pack, problems = linted(write_pack(tmp_path, rules=[always, GUARD]))
    assert [(p.code, p.line) for p in problems] == [("HR502", pack.documents[0].rules[0].line)]
    assert problems[0].problem == "demo-2026.1 里的 demo.height >= 0 恒为真"


def test_constant_in_a_further_citation(tmp_path: Path) -> None:
    """The condition of a further citation is looked at like the rule's own."""
    also = [{"ref": "第八条", "when": "demo.height > 100"}]
    assert codes(tmp_path, rules=[RULE | {"also_ref": also}]) == ["HR502"]


def test_doubles(tmp_path: Path) -> None:
    """Two rules with the same condition are told at the second, with the name of the first."""
    again = proven("4", 'demo.guard == "absent"', {"demo.guard": "absent"}, {"demo.guard": "failed"})
    pack, problems = linted(write_pack(tmp_path, rules=[HEIGHT, GUARD, again]))
    assert [(p.code, p.line) for p in problems] == [("HR503", pack.documents[0].rules[2].line)]
    assert "demo-2026.4 与 demo-2026.2" in problems[0].problem


def test_doubles_in_other_words(tmp_path: Path) -> None:
    """The same condition is the same however it is spaced and bracketed."""
    again = proven("4", '(demo.guard  ==\n "absent")', {"demo.guard": "absent"}, {"demo.guard": "failed"})
    assert codes(tmp_path, rules=[HEIGHT, GUARD, again]) == ["HR503"]


INDUSTRIES = (
    {"id": "wide", "label": "上级业"},
    {"id": "narrow", "label": "下级业", "parents": ["wide"]},
    {"id": "apart", "label": "另一业"},
)


@pytest.mark.parametrize(
    ("first", "second", "doubled"),
    [
        (["narrow"], ["apart"], False),
        (["narrow"], ["narrow"], True),
        (["narrow", "apart"], ["apart"], True),
        ([], ["apart"], True),
    ],
)
def test_doubles_for_industries(tmp_path: Path, first: list[str], second: list[str], *, doubled: bool) -> None:
    """Two rules with one condition are doubles only where their industries meet; no list means every industry."""
    rules = [HEIGHT, GUARD | {"industries": first}, GUARD | {"id": "demo-2026.4", "industries": second}]
    assert codes(tmp_path, industries=INDUSTRIES, rules=rules) == ["HR503"] * doubled


def test_every_double_is_found(tmp_path: Path) -> None:
    """A rule is held against all earlier ones, not only against the first with its condition."""
    listed = [["narrow"], ["apart"], ["apart"]]
    rules = [GUARD | {"id": f"demo-2026.{n}", "industries": some} for n, some in enumerate(listed, 4)]
    _, problems = linted(write_pack(tmp_path, industries=INDUSTRIES, rules=[HEIGHT, *rules]))
    assert [problem.code for problem in problems] == ["HR503"]
    assert "demo-2026.6 与 demo-2026.5" in problems[0].problem


def test_manual_rules_are_no_doubles(tmp_path: Path) -> None:
    """Clauses without a condition are not alike."""
    manual = [{"id": f"demo-2026.{n}", "ref": "甲", "title": "乙", "manual": True} for n in (8, 9)]
    assert codes(tmp_path, rules=[RULE, *manual]) == []


def test_unused_facts(tmp_path: Path) -> None:
    """A fact that no rule reads is told at the line that defines it."""
    facts = {"spare": {"type": "boolean", "label": "没人看的事实"}} | FACTS
    folder = write_pack(tmp_path, facts=facts)
    pack, problems = linted(folder)
    assert [problem.code for problem in problems] == ["HR504"]
    assert "demo.spare" in problems[0].problem
    assert problems[0].file == str(folder / "facts" / "demo.yaml")
    assert problems[0].line == pack.facts["demo.spare"].line > 1


def test_text_facts_are_for_the_record(tmp_path: Path) -> None:
    """A text fact can stand in no rule, so it is not missed there."""
    assert codes(tmp_path, facts=FACTS | {"remark": {"type": "text", "label": "备注"}}) == []


@pytest.mark.parametrize("where", ["gate", "element", "also"])
def test_facts_are_used_elsewhere_too(tmp_path: Path, where: str) -> None:
    """A fact that only the gate, an element or a further citation reads is used."""
    facts = FACTS | {"spare": {"type": "boolean", "label": "演示备用"}}
    parts: dict[str, Any] = {
        "gate": {"document": {"gate": "demo.spare"}},
        "element": {"elements": [proven("7", "demo.spare", {"demo.spare": True}, {"demo.spare": False})]},
        "also": {"rules": [RULE | {"also_ref": [{"ref": "第八条", "when": "demo.spare"}]}]},
    }
    assert codes(tmp_path, facts=facts, **parts[where]) == []


def test_facts_of_parents(tmp_path: Path) -> None:
    """A pack may read its parents' facts: their bounds count, and which of them it leaves unused is no fault of its."""
    parent = load_pack(write_pack(tmp_path / "parent"))
    rules = [
        proven("1", "demo.height > 100", {"demo.height": 1}, {"demo.height": 2}, document="local-2026"),
        proven("2", "local.spare", {"local.spare": True}, {"local.spare": False}, document="local-2026"),
    ]
    facts = {"spare": {"type": "boolean", "label": "演示备用"}}
    document = {"id": "local-2026"}
    folder = write_pack(tmp_path / "child", id="child", domain="local", facts=facts, document=document, rules=rules)
    child = load_pack(folder, [parent])
    assert [problem.code for problem in lint(child, dict(parent.facts) | dict(child.facts))] == ["HR502"]


def test_problems_are_in_order(tmp_path: Path) -> None:
    """Findings come by file and line, each once."""
    facts = FACTS | {"spare": {"type": "boolean", "label": "演示备用"}}
    rules = [rule("1", "demo.height >= 0 and demo.height >= 0"), GUARD]
    _, problems = linted(write_pack(tmp_path, facts=facts, rules=rules))
    assert problems == sorted(set(problems))
    assert [problem.code for problem in problems] == ["HR501", "HR501", "HR502", "HR504"]


BOUNDS = st.integers(-6, 6).map(lambda n: tidy_number(Decimal(n) / 2))
SIGNS = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
ATOMS = st.builds(
    lambda name, sign, bound: Compare(sign, Fact(f"demo.{name}", Kind.NUMBER), Literal(bound)),
    st.sampled_from(["size", "limit", "count", "whole"]),
    SIGNS,
    BOUNDS,
) | SIGNS.map(lambda sign: Compare(sign, Fact("demo.size", Kind.NUMBER), Fact("demo.limit", Kind.NUMBER)))
CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    ATOMS,
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(lambda a, b: And((a, b)), inner, inner)
        | st.builds(lambda a, b: Or((a, b)), inner, inner)
    ),
    max_leaves=4,
)


@given(condition=CONDITIONS, size=BOUNDS, limit=BOUNDS, count=st.integers(1, 10), whole=st.integers(-4, 4))
def test_no_claim_is_wrong(condition: Condition, size: Number, limit: Number, count: int, whole: int) -> None:
    """Whatever the facts, a part that is called constant has the outcome that is claimed."""
    facts: dict[str, Value] = {"demo.size": size, "demo.limit": limit, "demo.count": count, "demo.whole": whole}
    for part, value in constant_parts(condition, VOCABULARY):
        assert truth(part, facts) is value


@pytest.mark.parametrize(("low", "high"), [("-1.5", "-0.5"), ("-0.5", "0.5"), ("0.5", "1.5"), ("-2.5", "-0.5")])
def test_whole_numbers_between_fractions(low: str, high: str) -> None:
    """A whole number between two fractions is found, below zero as well."""
    whole = Fact("demo.whole", Kind.NUMBER)
    condition = And((Compare(">", whole, Literal(Decimal(low))), Compare("<", whole, Literal(Decimal(high)))))
    assert list(constant_parts(condition, VOCABULARY)) == []


@given(days=st.lists(st.dates(date(2020, 1, 1), date(2020, 1, 9)), min_size=2, max_size=2), on=st.dates())
def test_no_claim_about_days_is_wrong(days: list[date], on: date) -> None:
    """The same for conditions on days."""
    since = Fact("demo.since", Kind.DATE)
    for left in ("<", ">=", "=="):
        for right in (">", "<=", "!="):
            condition = And((Compare(left, since, Literal(days[0])), Compare(right, since, Literal(days[1]))))
            for part, value in constant_parts(condition, VOCABULARY):
                assert truth(part, {"demo.since": on}) is value


def test_doubles_for_inherited_industries(tmp_path: Path) -> None:
    """An industry of the national pack and one that lies in it meet, though the pack itself registers neither."""
    wide, narrow = GUARD | {"industries": ["gongmao"]}, GUARD | {"id": "demo-2026.4", "industries": ["machinery"]}
    opened = open_pack(write_pack(tmp_path, rules=[HEIGHT, wide, narrow]))
    assert [problem.code for problem in check_pack(opened)] == ["HR503"]
