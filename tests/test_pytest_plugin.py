"""pytest_plugin.py: the examples of a pack as test items of its author's own pytest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from hazardrules.pack import check
from packs import FACTS, RULE, rule, write_pack

QUIET = ("-p", "no:cacheprovider", "-p", "no:hypothesispytest")  # the latter only for speed
WRONG = RULE | {"miss": [*RULE["miss"], {"demo.height": 3, "demo.guard": "failed"}]}


@pytest.fixture(autouse=True)
def small_national_pack(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let packs build on a small pack instead of the national one, which takes its time to read."""
    fact = {"done": {"type": "boolean", "label": "全国演示"}}
    folder = tmp_path_factory.mktemp("rules") / "national"
    write_pack(folder, id="national", domain="base", facts=fact, document={"id": "base-2026"}, rules=[])
    monkeypatch.setattr(check, "national_folder", lambda: folder)


def ran(pytester: pytest.Pytester, *arguments: str, **parts: Any) -> pytest.RunResult:
    """Run pytest over a pack in the folder ``demo`` that is written with these parts."""
    write_pack(pytester.path / "demo", **parts)
    return pytester.runpytest_inprocess(*QUIET, "-rA", *arguments)


def test_the_plugin_is_there(pytester: pytest.Pytester) -> None:
    """An installed library brings its plugin along without any configuration."""
    pytester.runpytest_inprocess(*QUIET, "--trace-config").stdout.fnmatch_lines(["*hazardrules*pytest_plugin*"])


def test_good_pack(pytester: pytest.Pytester) -> None:
    """A sound pack gives an item for the check, one for each example, and one a rule, and all pass."""
    result = ran(pytester)
    result.assert_outcomes(passed=6)
    names = ["check", "demo-2026.1::hit*", "demo-2026.1::miss*", "demo-2026.1::open*", "demo-2026.1::decided"]
    result.stdout.fnmatch_lines_random([f"PASSED *pack.yaml::{name}" for name in names])


def test_elements_and_manual_rules(pytester: pytest.Pytester) -> None:
    """Elements have items like rules; a clause that a person decides has nothing to fail."""
    element = rule("7", "demo.height > 2", hit=[{"demo.height": 3}], miss=[{"demo.height": 2}])
    user = rule("1", "element.e7", hit=[{"demo.height": 3}], miss=[{"demo.height": 2}])
    manual = {"id": "demo-2026.9", "ref": "第九条", "title": "其他情形", "manual": True}
    result = ran(pytester, facts={"height": FACTS["height"]}, elements=[element], rules=[user, manual])
    result.assert_outcomes(passed=7)
    result.stdout.fnmatch_lines_random(["PASSED *::demo-2026.7::miss*"])
    result.stdout.no_fnmatch_line("*demo-2026.9*")


def test_wrong_example(pytester: pytest.Pytester) -> None:
    """An example with another outcome than declared fails by itself, with code, place and both outcomes."""
    result = ran(pytester, rules=[WRONG])
    result.assert_outcomes(passed=6, failed=1)
    result.stdout.fnmatch_lines(["*demo-2026.yaml:*: HR601 demo-2026.1 的 miss 例子应为未命中,实际为命中*"])
    result.stdout.fnmatch_lines(["FAILED *pack.yaml::demo-2026.1::miss*"])
    result.stdout.no_fnmatch_line("*Traceback*")
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_undecided_part(pytester: pytest.Pytester) -> None:
    """A part of a condition that no example decides fails the rule's own item."""
    result = ran(pytester, rules=[RULE | {"miss": RULE["miss"][1:]}])
    result.assert_outcomes(passed=4, failed=1)
    result.stdout.fnmatch_lines(["*HR603 demo-2026.1*改成 >=*"])
    result.stdout.fnmatch_lines(["FAILED *::demo-2026.1::decided*"])


def test_undecided_gate(pytester: pytest.Pytester) -> None:
    """What ``hazardrules test`` would find in the document's gate, pytest finds as well."""
    examples: Mapping[str, Any] = {
        "hit": [{"demo.guard": "absent", "demo.height": 11}],
        "miss": [{"demo.guard": "working", "demo.height": 11}],
    }
    gated = rule("1", 'demo.guard == "absent"', **examples)
    result = ran(pytester, rules=[gated], document={"gate": "demo.height >= 10"})
    assert result.parseoutcomes().get("failed") == 1
    result.stdout.fnmatch_lines(["*HR603*gate*"])


def test_lint_problem(pytester: pytest.Pytester) -> None:
    """What lint finds fails the check and leaves the examples as they are."""
    spare = {"type": "boolean", "label": "没人看的事实"}
    result = ran(pytester, facts=FACTS | {"spare": spare})
    result.assert_outcomes(passed=5, failed=1)
    result.stdout.fnmatch_lines(["*demo.yaml:*: HR504 *demo.spare*"])


def test_schema_problem(pytester: pytest.Pytester) -> None:
    """A pack that cannot be read has one item, the check, which fails with every problem."""
    result = ran(pytester, version="v1", rules=[RULE | {"when": "demo.hight > 2"}])
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines_random(["*pack.yaml:3:10: HR204*", "*HR303*demo.hight*demo.height*"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_problem_in_one_file(pytester: pytest.Pytester) -> None:
    """A pack that can be built in part has no examples either as long as it has a problem."""
    result = ran(pytester, files={"notes.yaml": "a: 1\n"})
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*notes.yaml: HR106*"])


@pytest.mark.parametrize("text", ["name: something else\n", "id: demo\n", ": : not YAML at all [\n"])
def test_unrelated_pack_yaml(pytester: pytest.Pytester, text: str) -> None:
    """A ``pack.yaml`` without documents or facts beside it is somebody else's."""
    pytester.path.joinpath("pack.yaml").write_text(text, encoding="utf-8")
    pytester.path.joinpath("other").mkdir()
    result = pytester.runpytest_inprocess(*QUIET)
    result.assert_outcomes()
    assert result.ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_other_yaml_files(pytester: pytest.Pytester) -> None:
    """Other YAML files beside documents are no packs."""
    pytester.path.joinpath("documents").mkdir()
    pytester.path.joinpath("package.yaml").write_text("a: 1\n", encoding="utf-8")
    assert pytester.runpytest_inprocess(*QUIET).ret == pytest.ExitCode.NO_TESTS_COLLECTED


@pytest.mark.parametrize("folder", ["documents", "facts"])
def test_half_a_pack_is_one(pytester: pytest.Pytester, folder: str) -> None:
    """Either folder beside ``pack.yaml`` makes it a pack that is checked."""
    pytester.path.joinpath(folder).mkdir()
    pytester.path.joinpath("pack.yaml").write_text("id: demo\n", encoding="utf-8")
    pytester.runpytest_inprocess(*QUIET).assert_outcomes(failed=1)


def test_beside_ordinary_tests(pytester: pytest.Pytester) -> None:
    """Packs and Python tests run in one session."""
    pytester.makepyfile(test_something="def test_something():\n    pass\n")
    ran(pytester).assert_outcomes(passed=7)


def test_selection_by_keyword(pytester: pytest.Pytester) -> None:
    """Examples can be chosen by what they are called."""
    ran(pytester, "-k", "miss").assert_outcomes(passed=2, deselected=4)


def test_selection_by_node_id(pytester: pytest.Pytester) -> None:
    """The id under which an item is reported runs that item again."""
    write_pack(pytester.path / "demo", rules=[WRONG])
    listed = pytester.runpytest_inprocess(*QUIET, "--collect-only", "-q")
    ids = [line for line in listed.outlines if "::" in line]
    assert len(ids) == 7
    for id_ in ids:
        outcomes = pytester.runpytest_inprocess(*QUIET, id_).parseoutcomes()
        assert sum(outcomes.values()) == 1, id_
