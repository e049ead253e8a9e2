"""pack/examples.py and pack/check.py: what examples prove, and what they leave unproven."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hazardrules.errors import PackError, PackErrors
from hazardrules.lang.nodes import (
    And,
    AtLeast,
    Compare,
    Condition,
    Const,
    Element,
    Fact,
    HasAll,
    HasAny,
    In,
    Kind,
    Literal,
    Not,
    Or,
)
from hazardrules.lang.parse import Parser, Scope, Signature
from hazardrules.lang.text import to_text
from hazardrules.pack import check
from hazardrules.pack.check import check_pack, open_pack
from hazardrules.pack.content import Example, FactDef, Rule
from hazardrules.pack.discovery import national_folder
from hazardrules.pack.examples import EXPECTED, check_example, check_examples, mutants, undecided, with_assumed
from hazardrules.pack.loader import load_pack
from packs import FACTS, RULE, rule, write_pack

KINDS = {
    "demo.a": Signature(Kind.BOOLEAN),
    "demo.b": Signature(Kind.BOOLEAN),
    "demo.n": Signature(Kind.NUMBER),
    "demo.m": Signature(Kind.NUMBER),
    "demo.e": Signature(Kind.ENUM, ("x", "y", "z")),
    "demo.s": Signature(Kind.SET, ("x", "y", "z")),
    "demo.d": Signature(Kind.DATE),
}
ELEMENT = And((Fact("demo.a", Kind.BOOLEAN), Fact("demo.b", Kind.BOOLEAN)))
PARSER = Parser(Scope(KINDS, elements={"e1": ELEMENT}))


def changed(text: str) -> set[str]:
    """The mutants of an expression, as text."""
    return {to_text(node) for node, _ in mutants(PARSER.parse(text))}


def found(folder: Path, **parts: Any) -> list[PackError]:
    """What the examples of a pack that is written with these parts find wrong."""
    pack = load_pack(write_pack(folder, **parts))
    return check_examples(pack, pack.facts)


def facts_of(*types: str) -> dict[str, Any]:
    """Boolean facts by name."""
    return {name: {"type": "boolean", "label": f"演示{name}"} for name in types}


def test_a_pack_without_fault(tmp_path: Path) -> None:
    """The pack that ``write_pack`` writes has examples that come out right and prove every part."""
    assert found(tmp_path) == []


@pytest.mark.parametrize(
    ("kind", "facts", "wanted", "actual"),
    [
        ("hit", {"demo.height": 2, "demo.guard": "failed"}, "命中", "未命中"),
        ("hit", {"demo.height": 3}, "命中", "未知"),
        ("miss", {"demo.height": 3, "demo.guard": "failed"}, "未命中", "命中"),
        ("miss", {"demo.guard": "failed"}, "未命中", "未知"),
        ("open", {"demo.height": 3, "demo.guard": "failed"}, "未知", "命中"),
        ("open", {"demo.height": 2}, "未知", "未命中"),
    ],
)
def test_example_that_comes_out_wrong(
    tmp_path: Path, kind: str, facts: Mapping[str, Any], wanted: str, actual: str
) -> None:
    """An example with another outcome than declared is told at its own line, with both outcomes."""
    more = {name: [*RULE.get(name, []), *([facts] if name == kind else [])] for name in ("hit", "miss", "open")}
    folder = write_pack(tmp_path, rules=[RULE | more])
    pack = load_pack(folder)
    [problem] = check_examples(pack, pack.facts)
    example = [one for one in pack.documents[0].rules[0].examples if one.kind == kind][-1]
    assert (problem.code, problem.line) == ("HR601", example.line)
    assert problem.file == str(folder / "documents" / "demo-2026.yaml")
    assert problem.problem == f"demo-2026.1 的 {kind} 例子应为{wanted},实际为{actual}"


def test_hint_of_a_wrong_example(tmp_path: Path) -> None:
    """Where the outcome is unknown the hint names the facts that are missing, else the condition."""
    rules = [RULE | {"hit": [*RULE["hit"], {"demo.height": 3}], "miss": [*RULE["miss"], RULE["hit"][0]]}]
    unknown, wrong = sorted(found(tmp_path, rules=rules))
    assert "demo.guard" in unknown.hint
    assert "demo.height" not in unknown.hint
    assert RULE["when"] in wrong.hint


def test_expected_outcomes() -> None:
    """A hit holds, a miss does not, an open example is unknown."""
    assert EXPECTED == {"hit": True, "miss": False, "open": None}


def test_examples_stand_under_the_gate(tmp_path: Path) -> None:
    """An example must meet the document's gate as well to be a hit."""
    facts = FACTS | facts_of("ship")
    gated = {"demo.height": 3, "demo.guard": "failed"}
    rules = [RULE | {"hit": [gated | {"demo.ship": True}], "miss": [*RULE["miss"], gated | {"demo.ship": False}]}]
    assert found(tmp_path / "a", facts=facts, rules=rules, document={"gate": "demo.ship"}) == []
    rules[0] = RULE | {"hit": [gated]}
    codes = [p.code for p in found(tmp_path / "b", facts=facts, rules=rules, document={"gate": "demo.ship"})]
    assert codes.count("HR601") == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("demo.a", {"not demo.a"}),
        ("not demo.a", {"not not demo.a"}),
        ("demo.a and demo.b", {"not demo.a and demo.b", "demo.a and not demo.b"}),
        ("demo.a or demo.b", {"not demo.a or demo.b", "demo.a or not demo.b"}),
        ("demo.n > 2", {"not demo.n > 2", "demo.n >= 2"}),
        ("demo.n >= 2", {"not demo.n >= 2", "demo.n > 2"}),
        ("demo.n < 2", {"not demo.n < 2", "demo.n <= 2"}),
        ("demo.n <= 2", {"not demo.n <= 2", "demo.n < 2"}),
        ("2 > demo.n", {"not 2 > demo.n", "2 >= demo.n"}),
        ("demo.n + demo.m > 2", {"not (demo.n + demo.m) > 2", "(demo.n + demo.m) >= 2"}),
        ("demo.n == 2", {"not demo.n == 2"}),
        ("demo.n != 2", {"not demo.n != 2"}),
        ("demo.n > demo.m", {"not demo.n > demo.m"}),
        ('demo.e == "x"', {'not demo.e == "x"'}),
        ('demo.d < d"2026-01-01"', {'not demo.d < d"2026-01-01"', 'demo.d <= d"2026-01-01"'}),
        ("days_since(demo.d) > 30", {"not days_since(demo.d) > 30", "days_since(demo.d) >= 30"}),
        ('demo.e in ["x"]', {'not demo.e in ["x"]'}),
        ('demo.e in ["x", "y"]', {'not demo.e in ["x", "y"]', 'demo.e in ["x"]', 'demo.e in ["y"]'}),
        ("demo.n in [1, 2]", {"not demo.n in [1, 2]", "demo.n in [1]", "demo.n in [2]"}),
        ('has_any(demo.s, ["x"])', {'not has_any(demo.s, ["x"])'}),
        (
            'has_any(demo.s, ["x", "y"])',
            {'not has_any(demo.s, ["x", "y"])', 'has_any(demo.s, ["x"])', 'has_any(demo.s, ["y"])'},
        ),
        (
            'has_all(demo.s, ["x", "y"])',
            {'not has_all(demo.s, ["x", "y"])', 'has_all(demo.s, ["x"])', 'has_all(demo.s, ["y"])'},
        ),
        (
            "at_least(2, [demo.a, demo.b, demo.n == 1])",
            {
                "at_least(2, [not demo.a, demo.b, demo.n == 1])",
                "at_least(2, [demo.a, not demo.b, demo.n == 1])",
                "at_least(2, [demo.a, demo.b, not demo.n == 1])",
                "at_least(1, [demo.a, demo.b, demo.n == 1])",
                "at_least(3, [demo.a, demo.b, demo.n == 1])",
            },
        ),
        ("element.e1", {"not element.e1"}),
        ("true", {"not true"}),
        ("not (demo.a and demo.n > 2)", {"not (not demo.a and demo.n > 2)", "not (demo.a and not demo.n > 2)",
                                         "not (demo.a and demo.n >= 2)"}),
    ],
)  # fmt: skip
def test_mutants(text: str, expected: set[str]) -> None:
    """Each smallest part is negated, each listed value left out, each bound and each count moved by one."""
    assert changed(text) == expected


def test_mutants_say_what_they_change() -> None:
    """Every change is described by the part, in Chinese, and no two by the same words."""
    text = 'demo.n > 2 and demo.e in ["x", "y"] and at_least(1, [demo.a, demo.b])'
    described = [what for _, what in mutants(PARSER.parse(text))]
    assert described == [
        "demo.n > 2 取反",
        "demo.n > 2 的 > 改成 >=",
        'demo.e in ["x", "y"] 取反',
        'demo.e in ["x", "y"] 去掉 "x"',
        'demo.e in ["x", "y"] 去掉 "y"',
        "demo.a 取反",
        "demo.b 取反",
        "at_least 的 1 改成 0",
        "at_least 的 1 改成 2",
    ]


LEAVES: st.SearchStrategy[Condition] = st.sampled_from(
    [
        Fact("demo.a", Kind.BOOLEAN),
        Compare(">", Fact("demo.n", Kind.NUMBER), Literal(2)),
        In(Fact("demo.e", Kind.ENUM), ("x", "y")),
        HasAny(Fact("demo.s", Kind.SET), ("x", "y")),
        HasAll(Fact("demo.s", Kind.SET), ("x", "z")),
        Element("e1", ELEMENT),
        Const(value=True),
    ]
)
CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    LEAVES,
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(lambda a, b: And((a, b)), inner, inner)
        | st.builds(lambda a, b: Or((a, b)), inner, inner)
        | st.builds(lambda a, b: AtLeast(1, (a, b)), inner, inner)
    ),
    max_leaves=6,
)


@given(condition=CONDITIONS)
def test_every_mutant_differs(condition: Condition) -> None:
    """No mutant is the condition itself, and there is always one."""
    every = [node for node, _ in mutants(condition)]
    assert every
    assert condition not in every


HIGH_AND_UNGUARDED = 'demo.height > 2 and demo.guard in ["failed", "absent"]'


@pytest.mark.parametrize(
    ("when", "hit", "miss", "told"),
    [
        (RULE["when"], [], RULE["miss"][:1], 'demo.guard != "working" 取反'),
        (RULE["when"], RULE["hit"], [{"demo.height": 1}], "demo.height > 2 的 > 改成 >="),
        (HIGH_AND_UNGUARDED, RULE["hit"], RULE["miss"], 'demo.guard in ["failed", "absent"] 去掉 "absent"'),
    ],
)
def test_undecided(tmp_path: Path, when: str, hit: list[Any], miss: list[Any], told: str) -> None:
    """A part that could be otherwise without any example noticing is told once, at the rule."""
    pack = load_pack(write_pack(tmp_path, rules=[rule("1", when, hit=hit, miss=miss)]))
    [problem] = check_examples(pack, pack.facts)
    assert (problem.code, problem.line) == ("HR603", pack.documents[0].rules[0].line)
    assert problem.problem == f"demo-2026.1 的 when:{told},却没有任何例子能看出来"
    assert problem.hint


def test_count_needs_examples_on_both_sides(tmp_path: Path) -> None:
    """``at_least`` is proven by an example with just enough and one with one too few."""
    facts = facts_of("a", "b", "c")
    when = "at_least(2, [demo.a, demo.b, demo.c])"

    def told(hit: Sequence[Mapping[str, Any]], miss: Sequence[Mapping[str, Any]]) -> set[str]:
        folder = tmp_path / f"{len(hit)}{len(miss)}"
        problems = found(folder, facts=facts, rules=[rule("1", when, hit=hit, miss=miss)])
        return {word for p in problems for word in ("改成 1", "改成 3", "demo.a 取反") if word in p.problem}

    two = {"demo.a": True, "demo.b": True, "demo.c": False}
    one = {"demo.a": False, "demo.b": False, "demo.c": True}
    assert told([two], [one]) == set()
    assert told([], [one]) == {"改成 3"}
    assert told([two], []) == {"改成 1"}


def test_open_examples_notice_too() -> None:
    """A change that makes an open example known is noticed by it."""
    example = Example("open", {"demo.n": 2}, 1)
    condition = PARSER.parse("demo.a or demo.n > 2")
    ruled = Rule("demo.1", "demo", "第一条", "演示", "", condition=condition, examples=(example,))
    told = [problem.problem for problem in undecided(ruled, {})]
    assert len(told) == 1
    assert "demo.a 取反" in told[0]


def test_further_citations_must_be_proven(tmp_path: Path) -> None:
    """The condition of a further citation needs examples that decide it; it is told by its name."""
    also = [{"ref": "第八条", "when": 'demo.guard == "failed"'}, {"ref": "第九条", "when": "demo.height > 50"}]
    problems = found(tmp_path, rules=[RULE | {"also_ref": also}])
    assert [problem.code for problem in problems] == ["HR603"]
    assert "also_ref 第九条" in problems[0].problem
    assert "改成 >=" in problems[0].problem


def test_elements_must_be_proven(tmp_path: Path) -> None:
    """An element is held to its own examples, and to its users it is one part."""
    element = rule("7", "demo.height > 2", hit=[{"demo.height": 3}], miss=[{"demo.height": 1}])
    user = rule("1", "element.e7", hit=[{"demo.height": 3}], miss=[{"demo.height": 2}])
    facts = {"height": FACTS["height"]}
    problems = found(tmp_path, facts=facts, elements=[element], rules=[user])
    assert [problem.code for problem in problems] == ["HR603"]
    assert "demo-2026.7" in problems[0].problem


def test_manual_rules_have_nothing_to_prove(tmp_path: Path) -> None:
    """A clause that a person decides has no condition and gives no problem."""
    manual = {"id": "demo-2026.9", "ref": "第九条", "title": "其他情形", "manual": True}
    pack = load_pack(write_pack(tmp_path, rules=[RULE, manual]))
    assert check_examples(pack, pack.facts) == []
    assert list(undecided(pack.documents[0].rules[1], pack.facts)) == []
    with pytest.raises(ValueError, match=r"demo-2026\.9"):
        _ = pack.documents[0].rules[1].whole


GATED = rule(
    "1",
    'demo.guard == "absent"',
    hit=[{"demo.guard": "absent", "demo.height": 10}],
    miss=[{"demo.guard": "working", "demo.height": 10}],
)


def test_gate_that_is_proven(tmp_path: Path) -> None:
    """A hit on the gate's bound proves that the bound belongs to it, and that the gate is not the other way round."""
    assert found(tmp_path, rules=[GATED], document={"gate": "demo.height >= 10"}) == []


def test_gate_must_be_proven(tmp_path: Path) -> None:
    """A part of the gate that no example of any rule decides is told, in the file of the document."""
    rules = [GATED | {"hit": [{"demo.guard": "absent", "demo.height": 11}], "miss": GATED["miss"]}]
    folder = tmp_path / "demo"
    [problem] = found(folder, rules=rules, document={"gate": "demo.height >= 10"})
    assert problem.code == "HR603"
    assert "gate" in problem.problem
    assert ">= 改成 >" in problem.problem
    assert problem.file == str(folder / "documents" / "demo-2026.yaml")


def test_gate_is_proven_only_where_the_rule_holds(tmp_path: Path) -> None:
    """An example whose rule is false under any gate says nothing about the gate."""
    rules = [rule("1", 'demo.guard == "absent"', miss=[{"demo.guard": "working", "demo.height": 10}])]
    told = [p.problem for p in found(tmp_path, rules=rules, document={"gate": "demo.height >= 10"})]
    assert sum("gate" in text for text in told) == 2


def test_any_rule_can_prove_the_gate(tmp_path: Path) -> None:
    """One rule of the document is enough."""
    other = rule(
        "2",
        'demo.guard == "failed"',
        hit=[{"demo.guard": "failed", "demo.height": 50}],
        miss=[{"demo.guard": "working", "demo.height": 50}],
    )
    assert found(tmp_path, rules=[other, GATED], document={"gate": "demo.height >= 10"}) == []


def test_gate_without_rules(tmp_path: Path) -> None:
    """Whatever is told of a gate that no rule stands under, names its file."""
    head = {"gate": "demo.height >= 10", "coverage": "none", "missing": ["全文"]}
    assert all(problem.file for problem in found(tmp_path, rules=[], document=head))


def test_assumed_values(tmp_path: Path) -> None:
    """A fact that is not reported counts with its assumed value, in examples and in what they prove."""
    facts = facts_of("risk", "exempt")
    facts["exempt"]["assume"] = False
    when = "demo.risk and not demo.exempt"
    hit, miss = [{"demo.risk": True}], [{"demo.risk": False}, {"demo.risk": True, "demo.exempt": True}]
    assert found(tmp_path / "a", facts=facts, rules=[rule("1", when, hit=hit, miss=miss)]) == []
    facts["exempt"]["assume"] = None
    codes = [p.code for p in found(tmp_path / "b", facts=facts, rules=[rule("1", when, hit=hit, miss=miss)])]
    assert codes == ["HR601"]


def test_with_assumed() -> None:
    """Only what the condition reads and nobody reported is assumed, and the given facts stay as they are."""
    vocabulary = {
        "demo.a": FactDef("demo.a", "demo", "boolean", "甲", assume=False),
        "demo.b": FactDef("demo.b", "demo", "boolean", "乙", assume=True),
        "demo.n": FactDef("demo.n", "demo", "number", "丙"),
    }
    condition = PARSER.parse("demo.a and demo.n > 2")
    given_facts = {"demo.n": 3}
    assert with_assumed(condition, given_facts, vocabulary) == {"demo.n": 3, "demo.a": False}
    assert given_facts == {"demo.n": 3}
    assert with_assumed(condition, {"demo.a": True}, vocabulary) == {"demo.a": True}
    assert with_assumed(condition, {}, {}) == {}


def test_check_example_on_one_example(tmp_path: Path) -> None:
    """One example is checked by itself; one that is right has nothing to tell."""
    pack = load_pack(write_pack(tmp_path))
    ruled = pack.documents[0].rules[0]
    assert [check_example(ruled, one, pack.facts) for one in ruled.examples] == [[]] * 4
    [problem] = check_example(ruled, Example("hit", {"demo.height": 1}, 77), pack.facts)
    assert problem.line == 77


class TestOpenPack:
    """``open_pack``, ``check_pack`` and ``test_pack``: a whole pack as the command line and pytest see it."""

    def test_sound_pack(self, tmp_path: Path) -> None:
        """A sound pack is opened with its parents' facts, counted, and passes both."""
        opened = open_pack(write_pack(tmp_path))
        assert opened.pack is not None
        assert {"demo.height", "dust.storeys"} <= set(opened.vocabulary)
        assert set(opened.pack.facts) == {"demo.height", "demo.guard"}
        assert [example.kind for _, example in opened.examples()] == ["hit", "miss", "miss", "open"]
        assert opened.summary() == "规则包 demo 2026.1.0:1 个文件,1 条判定情形,2 个事实,4 个例子"
        assert check_pack(opened) == []
        assert check.test_pack(opened) == []

    def test_rules_over_national_facts(self, tmp_path: Path) -> None:
        """A pack may use the facts of the national one, with their values checked."""
        ruled = rule("1", "dust.storeys > 1", hit=[{"dust.storeys": 2}], miss=[{"dust.storeys": 1}])
        opened = open_pack(write_pack(tmp_path, facts={}, rules=[ruled]))
        assert (check_pack(opened), check.test_pack(opened)) == ([], [])

    def test_unsound_pack(self, tmp_path: Path) -> None:
        """What cannot be read is told by both, with all its problems, and has no examples to run."""
        opened = open_pack(write_pack(tmp_path, rules=[RULE | {"when": "demo.hight > 2"}], version="1"))
        assert [problem.code for problem in opened.problems] == ["HR303", "HR204"]
        assert check_pack(opened) == check.test_pack(opened) == list(opened.problems)
        assert opened.summary() == "规则包读不出来"
        assert list(opened.examples()) == []

    def test_pack_with_problems_that_can_be_built(self, tmp_path: Path) -> None:
        """A pack that could be built in part is still held to its problems of shape only."""
        opened = open_pack(write_pack(tmp_path, rules=[rule("1", "demo.hight > 2")]))
        assert opened.pack is not None
        assert [problem.code for problem in check_pack(opened)] == ["HR303"]
        assert [problem.code for problem in check.test_pack(opened)] == ["HR303"]

    def test_folder_that_is_no_pack(self, tmp_path: Path) -> None:
        """A folder that is not there or holds no pack is one problem."""
        for folder in (tmp_path, tmp_path / "absent"):
            assert [problem.code for problem in check_pack(open_pack(folder))] == ["HR106"]

    def test_lint_and_examples(self, tmp_path: Path) -> None:
        """``check`` runs lint, ``test`` runs the examples, and neither the other."""
        opened = open_pack(write_pack(tmp_path, rules=[RULE | {"hit": [], "miss": []}]))
        assert {problem.code for problem in check_pack(opened)} == {"HR501"}
        assert {problem.code for problem in check.test_pack(opened)} == {"HR603"}

    def test_national_pack(self) -> None:
        """The national pack has no parents; its vocabulary is its own."""
        opened = open_pack(national_folder())
        assert opened.pack is not None
        assert set(opened.vocabulary) == set(opened.pack.facts)

    def test_copy_of_the_national_pack(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Another copy of the national pack is read by itself and not beside the one that is installed."""
        national = write_pack(tmp_path / "national", id="national")
        monkeypatch.setattr(check, "national_folder", lambda: national)
        opened = open_pack(write_pack(tmp_path / "copy", id="national"))
        assert opened.problems == ()
        assert opened.pack is not None
        assert set(opened.vocabulary) == set(opened.pack.facts)

    def test_clash_with_the_national_pack(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A pack that defines a domain of the national one again is refused."""
        national = write_pack(tmp_path / "national", id="national")
        monkeypatch.setattr(check, "national_folder", lambda: national)
        opened = open_pack(write_pack(tmp_path / "other", id="other", document={"id": "other-2026"}, rules=[]))
        assert "HR401" in {problem.code for problem in opened.problems}

    def test_broken_national_pack(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without a sound national pack nothing can be built on it."""
        national = write_pack(tmp_path / "national", id="national", version="1")
        monkeypatch.setattr(check, "national_folder", lambda: national)
        with pytest.raises(PackErrors):
            open_pack(write_pack(tmp_path / "other"))

    def test_packs_that_build_on_others(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A pack is read beside those that it requires, and those that they require, wherever they are found."""
        base = write_pack(tmp_path / "base", id="base")
        middle = write_pack(
            tmp_path / "middle",
            id="middle",
            domain="middle",
            facts={},
            document={"id": "middle-2026"},
            rules=[],
            requires={"packs": {"base": ">=2026.1", "national": ">=2026.1"}},
        )
        ruled = rule("1", "demo.height > 5", hit=[{"demo.height": 6}], miss=[{"demo.height": 5}], document="top-2026")
        top = write_pack(
            tmp_path / "top",
            id="top",
            domain="top",
            facts={},
            document={"id": "top-2026"},
            rules=[ruled],
            requires={"packs": {"middle": ">=2026.1"}},
        )
        monkeypatch.setenv("HAZARDRULES_PACKS", os.pathsep.join(map(str, (top, middle, base))))
        opened = open_pack(top)
        assert (check_pack(opened), check.test_pack(opened)) == ([], [])
        assert {"demo.height", "dust.storeys"} <= set(opened.vocabulary)
        monkeypatch.setenv("HAZARDRULES_PACKS", str(middle))
        codes = {problem.code for problem in open_pack(top).problems}
        assert {"HR407", "HR303"} <= codes

    def test_broken_parent(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A required pack that is broken is missing to the one that requires it, which is told by name."""
        broken = write_pack(tmp_path / "base", id="base", rules=[RULE | {"when": "demo.hight > 2"}])
        needy = write_pack(tmp_path / "top", id="top", facts={}, rules=[], requires={"packs": {"base": ">=2026.1"}})
        monkeypatch.setenv("HAZARDRULES_PACKS", str(broken))
        told = [problem for problem in open_pack(needy).problems if problem.code == "HR407"]
        assert len(told) == 1
        assert "base" in told[0].problem


def test_examples_may_name_their_day(tmp_path: Path) -> None:
    """An example of a condition that counts from the observation says on which day that was; without it, it is open."""
    facts = {"checked": {"type": "date", "label": "上次检验日期"}}
    late, fine = {"demo.checked": "2025-11-18"}, {"demo.checked": "2026-01-01"}
    day = {"observed_on": "2026-11-20"}
    when = "days_since(demo.checked) > 365"
    proven = rule("1", when, hit=[late | day], miss=[fine | day], open_=[late])
    assert [p.code for p in found(tmp_path / "a", facts=facts, rules=[proven])] == ["HR603"]  # > could be >=
    exact = {"demo.checked": "2025-11-20"} | day
    proven = rule("1", when, hit=[late | day], miss=[exact], open_=[late])
    assert found(tmp_path / "b", facts=facts, rules=[proven]) == []
    wrong = rule("1", when, hit=[late], miss=[exact])
    (problem,) = [p for p in found(tmp_path / "c", facts=facts, rules=[wrong]) if p.code == "HR601"]
    assert "observed_on" in problem.hint
    bad = rule("1", when, hit=[late | {"observed_on": "tomorrow"}], miss=[exact])
    with pytest.raises(PackErrors, match="HR602"):
        load_pack(write_pack(tmp_path / "d", facts=facts, rules=[bad]))
