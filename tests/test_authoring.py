"""The commands of those who write packs: what they print, for people, programs and code hosts, and how they end."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import pytest
from rich.cells import cell_len
from typer.testing import CliRunner

from hazardrules import Judgment, RuleBook
from hazardrules.cli import app
from hazardrules.judge import loaded_book
from hazardrules.pack.check import open_pack
from hazardrules.pack.discovery import ENVIRONMENT, national_folder
from hazardrules.pack.loader import load_pack
from packs import FACTS, RULE, rule, write_pack

RUNNER: Final = CliRunner(env={"COLUMNS": "1000", "NO_COLOR": "1"})
HOLDS: Final = ("-f", "demo.height=3", "-f", "demo.guard=failed", "--on", "2026-11-20")


@pytest.fixture(scope="module", autouse=True)
def _parent_read_once() -> Iterator[None]:
    """Read the national pack, the parent of all these, once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hazardrules.pack.check.load_pack", lru_cache(load_pack))
        yield


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No pack is named by the environment, and no rule book is kept from one test to the next."""
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    loaded_book.cache_clear()
    yield
    loaded_book.cache_clear()


def run(*arguments: str | Path, code: int = 0) -> Any:
    """The command line's result; its exit code is ``code``, and no exception but an exit left it."""
    result = RUNNER.invoke(app, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    assert result.exit_code == code, result.output
    return result


def named_by_environment(monkeypatch: pytest.MonkeyPatch, *folders: Path) -> None:
    """Make packs known as a user would, by the environment variable."""
    monkeypatch.setenv(ENVIRONMENT, os.pathsep.join(map(str, folders)))


def broken(folder: Path, **parts: Any) -> Path:
    """A pack with one mistake: line 17 of its document names a fact that nobody defines."""
    given = {"id": "broken", "region": "370000", "rules": [RULE | {"when": "demo.hight > 2"}]} | parts
    return write_pack(folder, **given)


# --- check and test ------------------------------------------------------------------------------------------------


def test_a_problem_is_shown_with_its_source(tmp_path: Path) -> None:
    """The mark stands in the column where the unknown fact does, below the line as it is in the file."""
    folder = broken(tmp_path)
    file = folder / "documents" / "demo-2026.yaml"
    lines = run("check", folder, code=1).stderr.splitlines()
    source = file.read_text(encoding="utf-8").splitlines()
    number = 1 + next(n for n, line in enumerate(source) if "demo.hight" in line)
    column = source[number - 1].index("demo.hight")
    assert lines[0] == str(file)
    assert lines[1].startswith(f"  {number}:{column + 1} HR303 ")
    assert lines[2:4] == [f"      | {source[number - 1]}", f"      | {' ' * column}^"]
    assert "demo.height" in lines[4]
    assert len(lines) == 5


@pytest.mark.parametrize("before", ["演示平台", "演示 platform", "(演示)《平台》", "a"])
def test_the_mark_counts_chinese_twice(tmp_path: Path, before: str) -> None:
    """Each Chinese character before a mistake takes two columns on screen, and one in the column that is told."""
    line = f"facts: {{a: {{label: {before}, colour: red, type: boolean}}}}"
    folder = write_pack(tmp_path, facts=f"domain: demo\nlabel: 演示\n{line}\n", rules=[])
    lines = run("check", folder, code=1).stderr.splitlines()
    shown = next(n for n, text in enumerate(lines) if "HR202" in text)
    column = line.index("colour")
    wide = sum(not character.isascii() for character in before)
    assert lines[shown].startswith(f"  3:{column + 1} HR202 ")
    assert lines[shown + 1 : shown + 3] == [f"      | {line}", f"      | {' ' * (column + wide)}^"]


def test_problems_of_several_files(tmp_path: Path) -> None:
    """Each file is named once, above all its problems."""
    wrong = [RULE | {"when": "demo.hight > 2"}, rule("2", "demo.gard > 2")]
    folder = write_pack(tmp_path, rules=wrong, facts=FACTS | {"x": {"type": "boolean", "label": "演示平台的高度"}})
    lines = run("check", folder, code=1).stderr.splitlines()
    headings = [line for line in lines if not line.startswith(" ")]
    assert headings == [str(folder / "documents" / "demo-2026.yaml"), str(folder / "facts" / "demo.yaml")]
    assert [code for line in lines for code in re.findall(r"^  \d+:\d+ (HR\d+) ", line)] == ["HR303", "HR303", "HR505"]


def test_a_problem_of_a_whole_file_has_no_mark(tmp_path: Path) -> None:
    """A file in the wrong place is told without line, column, source and mark."""
    folder = write_pack(tmp_path, files={"more.yaml": "a: 1\n"})
    lines = run("check", folder, code=1).stderr.splitlines()
    assert lines[0] == str(folder / "more.yaml")
    assert lines[1].startswith("  HR106 ")
    assert not [line for line in lines if "|" in line]


@pytest.mark.parametrize("command", ["check", "test"])
def test_json_has_every_problem_of_every_pack(tmp_path: Path, command: str) -> None:
    """``--format json`` is one list with code, place, problem and hint, in the order of the packs."""
    one = broken(tmp_path / "one")
    two = write_pack(tmp_path / "two", version="1.0")
    rows = json.loads(run(command, two, one, write_pack(tmp_path / "good"), "--format", "json", code=1).stdout)
    assert [(row["code"], row["file"]) for row in rows] == [
        ("HR204", str(two / "pack.yaml")),
        ("HR303", str(one / "documents" / "demo-2026.yaml")),
    ]
    assert set(rows[0]) == {"code", "file", "line", "column", "problem", "hint"}
    assert (rows[0]["line"], rows[0]["column"]) == (3, 10)  # the value after "version: "
    assert "1.0" in rows[0]["problem"]
    assert "demo.height" in rows[1]["hint"]


def test_json_is_chinese_and_not_escaped(tmp_path: Path) -> None:
    """Messages can be read in the output itself."""
    assert "没有事实" in run("check", broken(tmp_path), "--format", "json", code=1).stdout


@pytest.mark.parametrize("form", ["json", "github"])
def test_formats_for_programs_hold_nothing_else(tmp_path: Path, form: str) -> None:
    """A sound pack gives an empty result, without a summary; problems don't go to standard error."""
    good, bad = write_pack(tmp_path / "good"), broken(tmp_path / "bad")
    sound = run("check", good, "--format", form)
    assert (sound.stdout.strip(), sound.stderr) == ({"json": "[]", "github": ""}[form], "")
    assert run("check", bad, "--format", form, code=1).stderr == ""


COMMAND: Final = re.compile(r"::error file=([^,:]*),line=(\d+),col=(\d+),title=(HR\d+)::(.*)")


def unescaped(text: str, *, field: bool = False) -> str:
    """A workflow command's text as its host reads it; commas and colons are escaped in fields only."""
    more = [("%3A", ":"), ("%2C", ",")] if field else []
    for code, character in [*more, ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")]:
        text = text.replace(code, character)
    return text


@pytest.mark.parametrize("name", ["plain", "a:b,c", "50%", "%3A", "a=b", "规则 包"])
def test_annotations_can_be_read_back(tmp_path: Path, name: str) -> None:
    """``--format github`` escapes what has a meaning there; unescaped it says what the problem says."""
    folder = broken(tmp_path / name)
    [problem] = open_pack(folder).problems
    [line] = run("check", folder, "--format", "github", code=1).stdout.splitlines()
    match = COMMAND.fullmatch(line)
    assert match, line
    file, number, column, code, message = match.groups()
    assert unescaped(file, field=True) == problem.file
    assert (int(number), int(column), code) == (problem.line, problem.column, problem.code)
    assert unescaped(message) == f"{problem.problem}(提示:{problem.hint})"


def test_an_annotation_stays_on_its_line(tmp_path: Path) -> None:
    """A message with line breaks and percent signs is one line, and none of it is a command of its own."""
    wrong = '{type: "5%\\n::error::x", label: 乙}'
    text = f"domain: demo\nlabel: 演示\nfacts:\n  a: {wrong}\n"
    folder = write_pack(tmp_path, facts=text, rules=[])
    [problem] = open_pack(folder).problems
    [line] = run("check", folder, "--format", "github", code=1).stdout.splitlines()
    match = COMMAND.fullmatch(line)
    assert match, line
    assert unescaped(match.group(5)).startswith(problem.problem)
    assert "%25" in line


def test_an_annotation_of_a_whole_file(tmp_path: Path) -> None:
    """A problem without a line is shown at the first one: hosts know no line 0."""
    folder = write_pack(tmp_path, files={"more.yaml": "a: 1\n"})
    [line] = run("check", folder, "--format", "github", code=1).stdout.splitlines()
    assert ",line=1,col=1,title=HR106::" in line


def test_shipped_packs_are_sound() -> None:
    """``check`` and ``test`` find nothing in any pack that comes with the library."""
    folders = sorted(head.parent for head in national_folder().parent.glob("*/pack.yaml"))
    for command in ("check", "test"):
        assert json.loads(run(command, *folders, "--format", "json").stdout) == []


# --- packs ---------------------------------------------------------------------------------------------------------


def rows() -> dict[str, dict[str, Any]]:
    """What ``packs --json`` lists, by id."""
    return {row["id"]: row for row in json.loads(run("packs", "--json").stdout)}


def test_shipped_packs_are_listed() -> None:
    """Each shipped pack has version, region, counts and the fingerprint that a rule book of it has."""
    found = rows()
    national = load_pack(national_folder())
    assert next(iter(found)) == "national"
    assert found["national"] == {
        "id": "national",
        "folder": str(national_folder()),
        "origin": "随库",
        "version": national.version,
        "region": "全国",
        "documents": len(national.documents),
        "rules": sum(len(document.rules) for document in national.documents),
        "fingerprint": RuleBook((national,)).fingerprint,
        "state": "可用",
        "problems": [],
    }
    assert {"version", "region", "fingerprint"} <= set(found["shandong"])
    assert {row["state"] for row in found.values()} == {"可用"}


def test_packs_as_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table has a row a pack, where it comes from, and the start of its fingerprint; nothing stands below it."""
    named_by_environment(monkeypatch, write_pack(tmp_path / "qd", region="370200", names={"370200": "青岛市"}))
    lines = run("packs").stdout.splitlines()
    row = next(line for line in lines if "│ demo" in line)
    fingerprint = rows()["demo"]["fingerprint"]
    assert re.fullmatch(r"[0-9a-f]{64}", fingerprint)
    for words in ("2026.1.0", "370200", ENVIRONMENT, fingerprint[:12], "可用"):
        assert words in row
    assert fingerprint[:13] not in row
    assert "·" not in "".join(lines)


def test_a_broken_pack_is_reported_and_the_rest_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the list it says what is wrong with it; judging goes on without it, and says so on standard error."""
    good = write_pack(tmp_path / "good", region="370000")
    bad = broken(tmp_path / "bad", facts="domain: bad\nlabel: 坏\n", domain="bad", rules=[rule("1", "bad.hight > 2")])
    named_by_environment(monkeypatch, bad, good)
    listed = rows()
    assert (listed["broken"]["state"], listed["demo"]["state"]) == ("1 个问题", "可用")
    assert "fingerprint" not in listed["broken"]
    [problem] = listed["broken"]["problems"]
    assert problem.startswith(str(bad / "documents" / "demo-2026.yaml"))
    assert problem in run("packs").stdout
    result = run("classify", *HOLDS, "-r", "山东", "--json")
    judgment = Judgment.model_validate_json(result.stdout)
    assert [finding.rule for finding in judgment.findings] == ["demo-2026.1"]
    assert [pack.id for pack in judgment.rulebook.packs] == ["national", "shandong", "demo"]
    assert "HR303" in result.stderr


def test_a_broken_pack_that_is_asked_for_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked for by its id, or by its folder, the same pack ends the command with its problem."""
    bad = broken(tmp_path / "bad")
    named_by_environment(monkeypatch, bad)
    for name in ("broken", str(bad)):
        result = run("classify", *HOLDS, "--pack", "national", "--pack", name, code=1)
        assert "HR303" in result.stderr
        assert result.stdout == ""


def test_packs_that_cannot_be_opened_are_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that is not there, one without a head, and one of a newer format: each is a row with its problem."""
    (tmp_path / "headless").mkdir()
    named_by_environment(
        monkeypatch, tmp_path / "nowhere", tmp_path / "headless", write_pack(tmp_path / "newer", format=2)
    )
    listed = rows()
    assert {name: listed[name]["problems"][0].split(": ")[1][:5] for name in ("nowhere", "headless", "newer")} == {
        "nowhere": "HR106",
        "headless": "HR106",
        "newer": "HR107",
    }
    assert {listed[name]["state"] for name in ("nowhere", "headless", "newer")} == {"1 个问题"}
    assert listed["national"]["state"] == "可用"


def test_listing_packs_ends_well_whatever_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``packs`` is for finding out: broken packs are its result and no failure of its own."""
    named_by_environment(monkeypatch, broken(tmp_path))
    assert run("packs").exit_code == 0


def test_a_pack_over_a_broken_one_says_what_it_lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pack whose parent is broken can't be used either, and names the parent."""
    bad = broken(tmp_path / "bad")
    child = write_pack(
        tmp_path / "child",
        id="child",
        region="370200",
        facts="domain: child\nlabel: 子\nfacts: {}\n",
        domain="child",
        rules=[],
        document={"id": "child-2026"},
        requires={"packs": {"broken": ">=2026.1"}},
    )
    named_by_environment(monkeypatch, bad, child)
    [problem] = rows()["child"]["problems"]
    assert "HR407" in problem
    assert "broken" in problem


# --- explain -------------------------------------------------------------------------------------------------------


def test_explain_an_expression_over_the_national_words() -> None:
    """Each part has its outcome; what is not known is asked for by label, id and what may be answered."""
    shown = run("explain", 'dust.storeys > 1 and dust.structure != "frame"', "-f", "dust.storeys=3").stdout.splitlines()
    assert shown[:4] == ["[未知] and", "  [真] dust.storeys > 1", '  [未知] dust.structure != "frame"', "结果:未知"]
    assert len(shown) == 5
    assert shown[4].startswith("还要知道:")
    assert "dust.structure" in shown[4]
    assert "框架结构" in shown[4]


def test_explain_with_labels_and_chinese_values() -> None:
    """Facts may be given by their Chinese names and values, as everywhere else."""
    label = RuleBook.load().facts["dust.structure"].label
    shown = run("explain", 'dust.structure != "frame"', "-f", f"{label}=框架结构").stdout.splitlines()
    assert shown == ['[假] dust.structure != "frame"', "结果:假", f"因为:{label}:框架结构"]


def test_explain_a_rule() -> None:
    """A rule's id stands for its condition; the decisive facts are told, and nothing that is not needed."""
    shown = run("explain", "gongmao-2023.12.2", "-f", "ammonia.freezer_room_workers=10").stdout.splitlines()
    assert shown[:4] == [
        "[真] or",
        "  [未知] not",
        "    [未知] ammonia.freezer_separate_room",
        "  [真] ammonia.freezer_room_workers > 9",
    ]
    assert shown[4] == "结果:真"
    assert shown[5].startswith("因为:")
    assert shown[5].endswith(":10人")
    assert len(shown) == 6


def test_explain_a_rule_under_its_gate(tmp_path: Path) -> None:
    """A document's gate is part of what its rules say."""
    gated = [RULE | {"miss": [*RULE["miss"], {"demo.height": 3, "demo.guard": "absent", "demo.open": False}]}]
    facts = FACTS | {"open": {"type": "boolean", "label": "演示平台对外开放"}}
    folder = write_pack(tmp_path, facts=facts, rules=gated, document={"gate": "demo.open"})
    shown = run("explain", "demo-2026.1", "-f", "demo.open=false", "--pack", folder).stdout
    assert "[假] demo.open" in shown
    assert "结果:假" in shown


def test_explain_assumes_what_rules_assume(tmp_path: Path) -> None:
    """A fact with an assumed value counts as that value until it is reported."""
    facts = FACTS | {"rescue": {"type": "boolean", "label": "演示平台正在抢险", "assume": False}}
    folder = write_pack(tmp_path, facts=facts)
    expression = "demo.height > 2 and not demo.rescue"
    assert "结果:真" in run("explain", expression, "-f", "demo.height=3", "--pack", folder).stdout
    given = ("-f", "demo.height=3", "-f", "demo.rescue=true")
    assert "结果:假" in run("explain", expression, *given, "--pack", folder).stdout


def test_explain_packs_by_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pack that is found can be named by its id."""
    named_by_environment(monkeypatch, write_pack(tmp_path, region="530000"))
    shown = run("explain", "demo-2026.1", "-f", "demo.height=2", "--pack", "national", "--pack", "demo").stdout
    assert "结果:假" in shown


@pytest.mark.parametrize(
    ("expression", "place", "code"),
    [
        ("dust.storey > 1", "dust.storey", "HR303"),
        ("dust.storeys > 1 and dust.storey > 1", "dust.storey >", "HR303"),
        ('dust.structure == "框架结构"', '"框架结构"', "HR305"),
        ('dust.structure in ["框架", "frame"]', '"框架"', "HR305"),
        ("dust.storeys > 1 且 dust.storeys < 3", "且", "HR301"),
        ("dust.storeys > 1 and dust.storeys = 3", "= 3", "HR301"),
        ("dust.storeys ** 2 > 1", "**", "HR301"),
        ('dust.storeys == "3"', "dust.storeys", "HR304"),
    ],
)
def test_explain_marks_the_place(expression: str, place: str, code: str) -> None:
    """A wrong expression is shown with a mark below the mistake, and nothing goes to standard output."""
    result = run("explain", expression, code=1)
    lines = result.stderr.splitlines()
    shown = [n for n, line in enumerate(lines) if f" {code} " in line]
    assert shown, lines
    assert result.stdout == ""
    assert lines[shown[0]].startswith(f"  1:{expression.index(place) + 1} {code} ")
    assert lines[shown[0] + 1] == f"      | {expression}"
    assert lines[shown[0] + 2] == f"      | {' ' * cell_len(expression[: expression.index(place)])}^"


def test_explain_marks_behind_chinese() -> None:
    """The mark of a mistake behind Chinese words counts the two columns that each takes."""
    expression = 'dust.structure == "框架结构" or dust.storey > 1'
    lines = run("explain", expression, code=1).stderr.splitlines()
    [shown] = [n for n, line in enumerate(lines) if " HR303 " in line]
    place = expression.index("dust.storey >")
    assert lines[shown].startswith(f"  1:{place + 1} ")
    assert lines[shown + 2] == f"      | {' ' * (place + len('框架结构'))}^"


# --- new-pack ------------------------------------------------------------------------------------------------------


def test_new_pack_says_what_it_wrote(tmp_path: Path) -> None:
    """Every file is named, and then where to go on."""
    lines = run("new-pack", "云南", tmp_path / "new", "--code", "530000").stdout.splitlines()
    assert {Path(line) for line in lines[:-1]} == {path for path in (tmp_path / "new").rglob("*") if path.is_file()}
    assert str(tmp_path / "new") in lines[-1]
    assert "README.md" in lines[-1]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["云南"], 2, "folder"),
        (["云南", "NEW"], 2, "--code"),
        (["云南", "NEW", "--code", "370000"], 1, "山东省"),
        (["昆明市", "NEW", "--code", "530100"], 1, "--id"),
        (["昆明市", "NEW", "--code", "530100", "--id", "Gui Yang"], 1, "小写字母"),
    ],
)
def test_new_pack_that_cannot_be(tmp_path: Path, arguments: list[str], code: int, words: str) -> None:
    """What is missing or doesn't fit is told with the exit code of its kind, and nothing is written."""
    given = [str(tmp_path / "new") if argument == "NEW" else argument for argument in arguments]
    assert words in run("new-pack", *given, code=code).stderr.lower()
    assert list(tmp_path.iterdir()) == []
