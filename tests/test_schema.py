"""pack/schema.py and pack/shape.py: the shape of every file, and how what does not have it is told."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from hazardrules.pack.discovery import national_folder
from hazardrules.pack.reader import YamlFile, parse_yaml, read_yaml
from hazardrules.pack.schema import FILES, DocumentFile, FactsFile, FactSpec, PackFile
from hazardrules.pack.shape import validate
from packs import write_pack

HEAD = """\
document:
  id: demo-2026
  title: 演示
  number: null
  issuer: 演示部
  rank: 部门规章
  issued: 2026-01-01
  effective: null
  expires: null
  industries: ['*']
  coverage: full
"""
DEADLINE = "id: a, level: any, citation: 甲, evidence: 乙, source: policy, day_kind: calendar, text: 丙"
DUTY = "id: a, level: any, citation: 甲, evidence: 乙, actor: 丙, trigger: 丁, text: 戊"


def shaped(kind: str, text: str) -> tuple[BaseModel | None, YamlFile]:
    """The shape check of a text as a kind of file."""
    file = parse_yaml(text, "demo.yaml")
    assert file.problems == []
    return validate(file, FILES[kind]), file


def problems(kind: str, text: str) -> list[tuple[str, int, int]]:
    """Code and place of everything that is wrong with a text, in the order of the text."""
    model, file = shaped(kind, text)
    assert (model is None) == bool(file.problems)
    return [(p.code, p.line, p.column) for p in sorted(file.problems)]


def one_fact(spec: str) -> str:
    """A facts file with one fact, whose specification starts in line 4, column 6."""
    return f"domain: demo\nlabel: 演示\nfacts:\n  x: {spec}\n"


def one_rule(lines: str) -> str:
    """A document with one rule, whose further lines start in line 15."""
    return f"{HEAD}rules:\n- id: demo-2026.1\n  ref: 第一条\n{lines}"


def test_files_of_a_pack_are_valid(tmp_path: Path) -> None:
    """A well-formed file of each kind becomes its model."""
    industries = [{"id": "demo", "label": "演示业"}]
    deadlines = {"policy": "演示策略", "deadlines": []}
    programme = "programmes:\n- {id: demo, title: 演示行动, starts: 2026-01-01, source: 演示方案}\n"
    files = {"programme.yaml": programme}
    folder = write_pack(tmp_path, industries=industries, deadlines=deadlines, files=files)
    names = {
        "pack": "pack.yaml",
        "facts": "facts/demo.yaml",
        "document": "documents/demo-2026.yaml",
        "industries": "industries.yaml",
        "deadlines": "deadlines.yaml",
        "programme": "programme.yaml",
    }
    assert set(names) == set(FILES)
    for kind, name in names.items():
        file = read_yaml(folder / name, name)
        assert isinstance(validate(file, FILES[kind]), FILES[kind])
        assert file.problems == []


def test_files_of_the_national_pack_have_their_shape() -> None:
    """Its top files pass the same check."""
    for kind in ("pack", "industries", "deadlines", "programme"):
        file = read_yaml(national_folder() / f"{kind}.yaml", kind)
        assert validate(file, FILES[kind]) is not None, file.problems


def test_values_of_a_shaped_file() -> None:
    """Dates are dates, numbers are exact, lists are tuples, and what is left out has its default."""
    text = f"{HEAD}tables:\n  T1: {{title: 甲, input: 乙, output: 丙, rows: [{{ge: 0.1, lt: 2, value: 3}}]}}\n"
    model, _ = shaped("document", text)
    assert isinstance(model, DocumentFile)
    assert model.document.issued == date(2026, 1, 1)
    assert model.document.industries == ("*",)
    assert model.document.supersedes == ()
    assert model.tables["T1"].rows[0].ge == Decimal("0.1")
    assert model.tables["T1"].rows[0].le is None
    assert model.rules == ()
    pack, _ = shaped("pack", "id: demo\ntitle: 演示\nversion: 2026.1.0\nregion: CN\n")
    assert isinstance(pack, PackFile)
    assert (pack.format, pack.requires.hazardrules, pack.requires.packs) == (1, ">=0.1", {})


def test_models_are_frozen() -> None:
    """A model that has been checked stays as it is."""
    model, _ = shaped("facts", one_fact("{type: boolean, label: 甲}"))
    assert isinstance(model, FactsFile)
    with pytest.raises(ValueError, match="frozen"):
        model.label = "乙"  # type: ignore[misc]  # it is refused


PACK = "id: a\ntitle: b\nversion: 2026.1.0\nregion: CN\n"
DEADLINES = "policy: 甲\ndeadlines:\n- {days: 1, " + DEADLINE + "}\n"

SHAPE = {
    "no mapping": ("pack", "¦[1]\n", "HR203", "文件 应是映射", ""),
    "missing": ("pack", "¦id: a\nversion: 2026.1.0\nregion: CN\n", "HR201", "缺少 title", ""),
    "missing inside": ("facts", one_fact("¦{type: boolean}"), "HR201", "缺少 label", ""),
    "unknown key": ("pack", PACK + "¦titel: c\n", "HR202", "titel", "title"),
    "unknown key inside": ("facts", one_fact("{type: date, label: 甲, ¦lable: 乙}"), "HR202", "lable", "label"),
    "key of another level": ("facts", one_fact("{type: date, label: 甲, ¦domains: 乙}"), "HR202", "domains", "domain"),
    "far from any key": ("facts", one_fact("{type: date, label: 甲, ¦qqqqqq: 乙}"), "HR202", "qqqqqq", ""),
    "no text": ("facts", one_fact("{type: date, label: ¦[甲]}"), "HR203", "label 应是文字", ""),
    "integer for text": ("facts", one_fact("{type: date, label: ¦12}"), "HR203", "label 应是文字", "引号"),
    "decimal for text": ("facts", one_fact("{type: date, label: ¦1.5}"), "HR203", "label 应是文字", "引号"),
    "boolean for text": ("facts", one_fact("{type: date, label: ¦true}"), "HR203", "label 应是文字", "引号"),
    "blank text": ("facts", one_fact("{type: date, label: ¦' '}"), "HR203", "label:不能是空的", ""),
    "no choice": ("facts", one_fact("{type: ¦bool, label: 甲}"), "HR203", "'boolean'", ""),
    "no boolean": ("document", one_rule("  title: 甲\n  manual: ¦yes\n"), "HR203", "true 或 false", ""),
    "no list": ("document", HEAD + "rules: ¦甲\n", "HR203", "rules 应是列表", ""),
    "no mapping inside": ("facts", one_fact("¦3"), "HR203", "x 应是映射", ""),
    "no mapping of texts": ("facts", one_fact("{type: enum, label: 甲, of: ¦[乙]}"), "HR203", "of 应是映射", ""),
    "empty list": ("document", HEAD.replace("['*']", "¦[]"), "HR203", "industries 不能是空的", ""),
    "no number": ("facts", one_fact("{type: number, label: 甲, min: ¦三}"), "HR203", "min:应是数", ""),
    "boolean for number": ("facts", one_fact("{type: number, label: 甲, max: ¦true}"), "HR203", "max:应是数", ""),
    "no integer": ("deadlines", DEADLINES.replace("days: 1", "days: ¦1.5"), "HR203", "days 应是整数", ""),
    "too small": ("deadlines", DEADLINES.replace("days: 1", "days: ¦-1"), "HR203", "范围", ""),
    "too large": ("deadlines", DEADLINES.replace("days: 1", "days: ¦3651"), "HR203", "3650", ""),
    "no kind of duty": ("deadlines", f"{DEADLINES}duties:\n- {{kind: ¦stop, {DUTY}}}\n", "HR203", "'stop_work'", ""),
    "format of tomorrow": ("pack", PACK + "format: ¦2\n", "HR203", "format 是 2", ""),
    "requirement": ("pack", PACK + "requires: {packs: {national: ¦1}}\n", "HR203", "national 应是文字", "引号"),
    "id of a pack": ("pack", PACK.replace("id: a", "id: ¦A_b"), "HR204", "A_b", "连字符"),
    "version": ("pack", PACK.replace("2026.1.0", "¦v1"), "HR204", "v1", "2026.11.0"),
    "version as number": ("pack", PACK.replace("2026.1.0", "¦2026.1"), "HR203", "2026.1", "引号"),
    "region": ("pack", PACK.replace("CN", "¦山东"), "HR204", "山东", "行政区划"),
    "region as number": ("pack", PACK.replace("CN", "¦370000"), "HR203", "region", "引号"),
    "region that is none": ("pack", PACK.replace("CN", "¦'990000'"), "HR203", "990000", ""),
    "bound": ("pack", PACK + "requires: {packs: {national: ¦'2026.1'}}\n", "HR204", "2026.1", ">="),
    "code of a name": ("pack", PACK + "names: {¦37: 甲}\n", "HR204", "37", "六位"),
    "days of an immediate deadline": (
        "deadlines",
        "policy: 甲\ndeadlines:\n- ¦{days: 1, " + DEADLINE.replace("calendar", "immediate") + "}\n",
        "HR203",
        "immediate",
        "",
    ),
    "a quarter's fourth month": (
        "deadlines",
        f"{DEADLINES}duties:\n- {{kind: report, recurs: [¦{{every: quarter, month: 4, day: 1}}], {DUTY}}}\n",
        "HR203",
        "3个月",
        "",
    ),
    "hours that start on a day": (
        "deadlines",
        f"{DEADLINES}duties:\n- ¦{{kind: report, days: 24, day_kind: hours, starts: [observed], {DUTY}}}\n",
        "HR203",
        "trigger",
        "",
    ),
    "an extension without days": (
        "deadlines",
        f"{DEADLINES}duties:\n- ¦{{kind: report, extends: d, {DUTY}}}\n",
        "HR203",
        "extends",
        "",
    ),
    "days without their kind": (
        "deadlines",
        f"{DEADLINES}duties:\n- ¦{{kind: report, days: 3, {DUTY}}}\n",
        "HR203",
        "day_kind",
        "",
    ),
    "domain": ("facts", "domain: ¦De\nlabel: b\nfacts: {}\n", "HR204", "De", "下划线"),
    "id of a rule": ("document", HEAD + "rules:\n- {id: ¦x, ref: a, title: b, when: c}\n", "HR204", "'x'", "条款号"),
    "name of a fact": (
        "facts",
        one_fact("").replace("x: ", "¦Bad:\n    {type: date, label: 乙}"),
        "HR204",
        "Bad",
        "下划线",
    ),
    "key of a choice": ("facts", one_fact("{type: enum, label: 甲, of: {¦Bad: 乙}}"), "HR204", "Bad", "小写字母"),
    "name of a table": (
        "document",
        f"{HEAD}tables:\n  ¦1T: {{title: 甲, input: 乙, output: 丙, rows: [{{value: 1}}]}}\n",
        "HR204",
        "1T",
        "字母开头",
    ),
    "industry of a rule": (
        "document",
        one_rule("  title: 甲\n  when: 乙\n  industries: [¦机械]\n"),
        "HR204",
        "机械",
        "小写字母",
    ),
}
"""A kind of file, its text with a mark before the fault, the code, and words of the problem and of the hint."""


@pytest.mark.parametrize("case", SHAPE)
def test_shape_problem(case: str) -> None:
    """Each fault of shape has its code, its place, and words that say what is wrong and what would be right."""
    kind, marked, code, words, hint = SHAPE[case]
    before, _, after = marked.partition("¦")
    model, file = shaped(kind, before + after)
    assert model is None
    [found] = [problem for problem in file.problems if problem.code == code and words in problem.problem]
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    assert (found.file, found.line, found.column) == ("demo.yaml", line, column)
    assert hint in found.hint
    assert bool(found.hint) == bool(hint)


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize(("text", "place"), [("", (0, 0)), ("# nothing\n", (1, 1)), ("甲\n", (1, 1))])
def test_file_that_is_no_mapping(kind: str, text: str, place: tuple[int, int]) -> None:
    """Every file is a mapping; an empty one has the place 0."""
    assert problems(kind, text) == [("HR203", *place)]


def test_numbers_are_told_as_they_are_written() -> None:
    """A message shows a number as it stands in the file, not as Python has it."""
    _, file = shaped("pack", PACK.replace("2026.1.0", "2026.1"))
    assert "2026.1" in file.problems[0].problem
    assert "Decimal" not in file.problems[0].problem


@pytest.mark.parametrize(
    "day", ["2026-1-1", "2026/01/01", "20260101", "'2026-02-30'", "2026-01-01T00", "3", "true", "2026-W01-1", "[2026]"]
)
def test_days(day: str) -> None:
    """A day that is not written YYYY-MM-DD, or does not exist, is a problem at its place."""
    text = HEAD.replace("issued: 2026-01-01", f"issued: {day}")
    assert problems("document", text) == [("HR203", 7, 11)]
    assert "YYYY-MM-DD" in shaped("document", text)[1].problems[0].problem


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("{type: enum, label: 甲}", "of"),
        ("{type: set, label: 甲, of: {}}", "of"),
        ("{type: boolean, label: 甲, of: {a: 乙}}", "没有 of"),
        ("{type: number, label: 甲, of: {a: 乙}}", "没有 of"),
        ("{type: enum, label: 甲, of: {a: 乙, b: 乙}}", "重复"),
        ("{type: enum, label: 甲, of: {a: 甲(1), b: 甲 (1)}}", "重复"),
        ("{type: boolean, label: 甲, unit: 米}", "没有 unit"),
        ("{type: enum, label: 甲, of: {a: 乙}, min: 1}", "没有 unit、min"),
        ("{type: date, label: 甲, max: 1}", "没有 unit、min、max"),
        ("{type: text, label: 甲, unit: 米}", "没有 unit"),
        ("{type: number, label: 甲, min: 2, max: 1.5}", "min 大于 max"),
    ],
)
def test_facts_that_do_not_fit_together(spec: str, words: str) -> None:
    """Type, choices, unit and bounds of a fact must fit together; the problem stands at the fact."""
    assert problems("facts", one_fact(spec)) == [("HR203", 4, 6)]
    assert words in shaped("facts", one_fact(spec))[1].problems[0].problem


@pytest.mark.parametrize(
    "spec",
    [
        "{type: boolean, label: 甲}",
        "{type: integer, label: 甲, min: 1, max: 1, unit: 人}",
        "{type: number, label: 甲, min: 0.5, unit: 米, note: 乙}",
        "{type: enum, label: 甲, of: {a: 乙}}",
        "{type: set, label: 甲, of: {a: 乙, b_2: 丙}}",
        "{type: date, label: 甲}",
        "{type: text, label: 甲}",
        "{type: boolean, label: 甲, assume: false}",
    ],
)
def test_every_type_of_fact(spec: str) -> None:
    """Each type is accepted with what belongs to it."""
    assert problems("facts", one_fact(spec)) == []


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("  title: 甲\n", "缺少 when"),
        ("  title: 甲\n  manual: true\n  when: 乙\n", "manual"),
        ("  title: 甲\n  manual: true\n  hit: [{a.b: 1}]\n", "manual"),
        ("  title: 甲\n  manual: true\n  miss: [{a.b: 1}]\n", "manual"),
        ("  title: 甲\n  manual: true\n  open: [{a.b: 1}]\n", "manual"),
    ],
)
def test_rules_that_nobody_can_decide(lines: str, words: str) -> None:
    """A rule has a condition, or is left to a person and has none; the problem stands at the rule."""
    assert problems("document", one_rule(lines)) == [("HR203", 13, 3)]
    assert words in shaped("document", one_rule(lines))[1].problems[0].problem


def test_manual_rule() -> None:
    """A rule that is left to a person needs neither condition nor examples."""
    assert problems("document", one_rule("  title: 甲\n  manual: true\n")) == []


@pytest.mark.parametrize(
    ("row", "words"), [("{gt: 1, ge: 1, value: 2}", "gt 或 ge"), ("{lt: 1, le: 1, value: 2}", "lt 或 le")]
)
def test_rows_with_two_bounds_on_one_side(row: str, words: str) -> None:
    """A band has one lower and one upper bound; that is the only problem, and it stands at the band."""
    text = f"{HEAD}tables:\n  T1: {{title: 甲, input: 乙, output: 丙, rows: [{row}]}}\n"
    assert problems("document", text) == [("HR203", 13, text.splitlines()[12].index(row) + 1)]
    assert words in shaped("document", text)[1].problems[0].problem


def test_a_wrong_member_does_not_make_a_list_empty() -> None:
    """Only what is wrong is told: a list whose one member is wrong is not said to be empty."""
    assert problems("document", HEAD.replace("['*']", "[3]")) == [("HR203", 10, 16)]


def test_every_problem_at_once() -> None:
    """All problems of a file are found in one pass, each once."""
    text = "domain: De\nlabel: 3\nfacts:\n  a: {type: bool, label: 甲}\n  b: {typ: date, label: 乙}\nmore: 1\n"
    assert problems("facts", text) == [
        ("HR204", 1, 9),
        ("HR203", 2, 8),
        ("HR203", 4, 13),
        ("HR201", 5, 6),
        ("HR202", 5, 7),
        ("HR202", 6, 1),
    ]


def test_long_values_are_clipped() -> None:
    """A message stays short whatever the value is."""
    _, file = shaped("facts", one_fact(f"{{type: {'x' * 10_000}, label: 甲}}"))
    assert all(len(str(problem)) < 400 for problem in file.problems)


def schemas() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object of every file's JSON Schema, by kind of file and name."""
    for kind, model in FILES.items():
        whole = model.model_json_schema()
        for name, part in {model.__name__: whole, **whole.get("$defs", {})}.items():
            yield f"{kind}: {name}", part


def nodes(schema: Any) -> Iterator[dict[str, Any]]:
    """Every mapping inside a schema."""
    if isinstance(schema, dict):
        yield schema
        for value in schema.values():
            yield from nodes(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from nodes(value)


def models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """A model and those of its fields."""
    yield model
    queue = [field.annotation for field in model.model_fields.values()]
    while queue:
        here = queue.pop()
        queue.extend(get_args(here))
        if isinstance(here, type) and not get_args(here) and issubclass(here, BaseModel):
            yield from models(here)


@pytest.mark.parametrize("kind", FILES)
def test_json_schema_mentions_every_field(kind: str) -> None:
    """The JSON Schema of a file has every field of its model and of the models inside, and requires the same ones."""
    whole = FILES[kind].model_json_schema()
    parts = {FILES[kind].__name__: whole, **whole.get("$defs", {})}
    inside = set(models(FILES[kind]))
    assert {model.__name__ for model in inside} == set(parts)
    for model in inside:
        part = parts[model.__name__]
        assert part["type"] == "object"
        assert part["additionalProperties"] is False
        assert set(part["properties"]) == set(model.model_fields)
        required = {name for name, field in model.model_fields.items() if field.is_required()}
        assert set(part.get("required", ())) == required


@pytest.mark.parametrize("kind", FILES)
def test_json_schema_is_one(kind: str) -> None:
    """It is plain JSON, its references lead somewhere, its patterns and types are those of JSON Schema."""
    whole = json.loads(json.dumps(FILES[kind].model_json_schema()))
    assert whole["type"] == "object"
    types = {"object", "array", "string", "number", "integer", "boolean", "null"}
    for node in nodes(whole):
        if isinstance(node.get("$ref"), str):
            assert node["$ref"].removeprefix("#/$defs/") in whole["$defs"]
        if isinstance(node.get("type"), str):
            assert node["type"] in types
        if isinstance(node.get("pattern"), str):
            re.compile(node["pattern"])
        if isinstance(node.get("required"), list):
            assert set(node["required"]) <= set(node["properties"])


@pytest.mark.parametrize(("name", "part"), [*schemas()], ids=[name for name, _ in schemas()])
def test_json_schema_describes_itself(name: str, part: dict[str, Any]) -> None:
    """Every object of a JSON Schema says in a sentence what it is."""
    assert part["description"].strip().endswith("."), name


def test_json_schema_of_a_fact() -> None:
    """What an editor needs for a fact is there: the types to choose from, and numbers for bounds."""
    properties = FactSpec.model_json_schema()["properties"]
    assert properties["type"]["enum"] == ["boolean", "integer", "number", "enum", "set", "date", "text"]
    assert {"type": "number"} in properties["min"]["anyOf"]
