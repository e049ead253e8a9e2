"""cli.py, pages.py and __main__.py: the command line, its pages, and its exit codes."""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
from typer.testing import CliRunner

from hazardrules import Judgment, RuleBook, __version__, classify
from hazardrules.__main__ import main
from hazardrules.cli import app
from hazardrules.judge import loaded_book
from hazardrules.observation import today
from hazardrules.pack import check
from hazardrules.pack.loader import load_pack
from hazardrules.pack.reader import read_yaml
from hazardrules.pack.schema import FILES
from packs import FACTS, RULE, rule, write_pack

WIDE: Final = CliRunner(env={"COLUMNS": "1000", "NO_COLOR": "1"})
NARROW: Final = CliRunner(env={"COLUMNS": "", "NO_COLOR": "1"})

VOCABULARY: Final = FACTS | {
    "exits": {"type": "set", "label": "演示平台的出口", "of": {"east": "东侧", "west": "西侧"}},
    "covered": {"type": "boolean", "label": "演示平台有[顶]棚", "assume": False},
    "built": {"type": "date", "label": "演示平台的建成日期"},
    "remark": {"type": "text", "label": "演示备注"},
}
HOLDS: Final = {"demo.height": 3, "demo.guard": "failed"}
RULES: Final = (
    RULE
    | {"group": "护栏类", "remedy": "装设护栏", "inspect": "现场查看", "note": "高度自地面起"}
    | {"also_ref": [{"ref": "第八条", "when": 'demo.guard == "failed"'}]},
    rule(
        "2",
        'has_all(demo.exits, ["east", "west"])',
        hit=[{"demo.exits": ["east", "west"]}],
        miss=[{"demo.exits": ["east"]}, {"demo.exits": ["west"]}],
        level="general",
    ),
    {"id": "demo-2026.3", "ref": "第3条", "title": "其他[严重]情形", "manual": True, "inspect": "由专家论证"},
    rule("4", "demo.height > 50", hit=[{"demo.height": 51}], miss=[{"demo.height": 50}], status="draft"),
    rule(
        "5",
        "demo.height > 20 and not demo.covered",
        hit=[{"demo.height": 21}],
        miss=[{"demo.height": 20}, {"demo.height": 21, "demo.covered": True}],
    ),
    rule("6", "100 / demo.height > 200", hit=[{"demo.height": 0.4}], miss=[{"demo.height": 0.5}]),
    {"id": "demo-2026.7", "ref": "第7条", "title": "第二个由人判断的情形", "manual": True},
)
NEXT: Final = """\
document:
  id: next-2026
  title: 下一版演示标准
  number: null
  issuer: 演示部
  rank: 部门规章
  issued: 2026-01-01
  effective: 2027-01-01
  expires: null
  industries: [demo-works]
  coverage: full
rules:
- id: next-2026.1
  ref: 第一条
  title: 演示平台过高
  when: demo.height > 1 and demo.built < d"2020-01-01"
  hit: [{demo.height: 2, demo.built: 2019-12-31}]
  miss: [{demo.height: 1, demo.built: 2019-12-31}, {demo.height: 2, demo.built: 2020-01-01}]
"""
DEADLINES: Final = {
    "policy": "演示策略",
    "deadlines": [
        {
            "id": "major",
            "level": "major",
            "citation": "甲",
            "evidence": "policy",
            "source": "policy",
            "days": 30,
            "day_kind": "calendar",
            "text": "演示天数",
        }
    ],
    "duties": [
        {
            "id": "plan",
            "level": "major",
            "citation": "演示令第九条",
            "evidence": "read",
            "kind": "plan",
            "actor": "主要负责人",
            "trigger": "发现",
            "text": "制定方案",
        }
    ],
}
POLICY: Final = json.dumps(DEADLINES | {"policy": "从严策略", "duties": []}).replace('"days": 30', '"days": 10')
INDUSTRIES: Final = (
    {"id": "demo-works", "label": "演示业", "aliases": ["演示行业"]},
    {"id": "other-works", "label": "另一业"},
)
ON: Final = ("--on", "2026-11-20")
DAY: Final = date(2026, 11, 20)
FAILED: Final = ("-f", "demo.height=3", "-f", "demo.guard=failed")


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A pack in which everything occurs that a page can show."""
    return write_pack(
        tmp_path / "pack",
        facts=VOCABULARY,
        rules=RULES,
        industries=INDUSTRIES,
        deadlines=DEADLINES,
        document={"coverage": "partial", "missing": ["第9条"], "note": "演示"},
        files={"documents/next-2026.yaml": NEXT},
    )


def run(*arguments: str | Path, code: int = 0, stdin: str | bytes | None = None, runner: CliRunner = WIDE) -> Any:
    """The command line's result; its exit code is ``code``, and no exception but an exit left it."""
    result = runner.invoke(app, [str(argument) for argument in arguments], input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    assert result.exit_code == code, result.output
    return result


def judged(*arguments: str | Path, stdin: str | None = None) -> Judgment:
    """The judgment that ``classify --json`` prints."""
    return Judgment.model_validate_json(run("classify", *arguments, "--json", stdin=stdin).stdout)


def expected(pack: Path, facts: dict[str, Any] | None = None, **options: Any) -> Judgment:
    """What the library says."""
    return classify(facts, book=RuleBook.load(packs=[pack]), **{"observed_on": DAY, **options})


def test_json_is_the_judgment(pack: Path) -> None:
    """``--json`` prints the model's JSON to the letter and nothing else."""
    result = run("classify", "--pack", pack, "-f", "demo.height=3", "-f", "demo.guard=failed", *ON, "--json")
    assert result.stdout == expected(pack, dict(HOLDS)).model_dump_json(indent=2) + "\n"
    assert result.stderr == ""


def test_national_pack_by_default() -> None:
    """Without ``--pack`` the national pack judges: three storeys of brick over a dust hazard are major."""
    result = run("classify", "-f", "dust.storeys=3", "-f", "dust.structure=brick", "-i", "机械", *ON, "--json")
    judgment = classify({"dust.storeys": 3, "dust.structure": "brick"}, industry="机械", observed_on=DAY)
    assert result.stdout == judgment.model_dump_json(indent=2) + "\n"
    assert "gongmao-2023.11.1" in [finding.rule for finding in judgment.findings]
    assert judgment.level == "major"


def test_boundary_of_the_national_pack() -> None:
    """More than nine workers in the freezer room are major, nine are not (12.2)."""
    options = ["-f", "ammonia.freezer_separate_room=true", "-i", "食品制造", *ON]
    levels = [judged("-f", f"ammonia.freezer_room_workers={n}", *options, "--not-reported").level for n in (9, 10)]
    assert levels == ["none", "major"]


OBSERVATION: Final = {
    "facts": HOLDS,
    "other": ["三个螺栓松动"],
    "asserted": ["demo-2026.3"],
    "industry": "演示业",
    "region": "山东",
    "observed_on": "2026-11-20",
    "reported": False,
    "ref": "甲-1",
}
AS_YAML: Final = """\
ref: 甲-1
facts:
  demo:
    height: 3
  演示平台护栏的状态: 损坏
other: [三个螺栓松动]
asserted:
- demo-2026.3
industry: 演示业
region: 山东
observed_on: 2026-11-20
reported: false
"""


@pytest.mark.parametrize("form", ["yaml", "json", "yaml with BOM", "json with BOM", "stdin yaml", "stdin json"])
def test_observation_files(pack: Path, tmp_path: Path, form: str) -> None:
    """An observation may be YAML or JSON, from a file or from standard input, with or without a byte order mark."""
    text = AS_YAML if "yaml" in form else json.dumps(OBSERVATION)
    path = tmp_path / "observation"
    path.write_text(text, encoding="utf-8-sig" if "BOM" in form else "utf-8")
    stdin = text if "stdin" in form else None
    judgment = judged("-" if stdin else path, "--pack", pack, stdin=stdin)
    facts = OBSERVATION["facts"]
    assert isinstance(facts, dict)
    assert judgment == expected(pack, facts, **{k: v for k, v in OBSERVATION.items() if k != "facts"})


@pytest.mark.parametrize("text", ["\ufeff" + json.dumps(OBSERVATION), "\ufeff" + AS_YAML])
def test_byte_order_mark_on_standard_input(pack: Path, text: str) -> None:
    """A byte order mark in a pipe does no harm."""
    assert judged("-", "--pack", pack, stdin=text).observation.ref == "甲-1"


@pytest.mark.parametrize("text", ["{demo.height: 3, demo.guard: failed}", '{"demo": {"height": 3, "guard": "failed"}}'])
def test_facts_by_themselves(pack: Path, tmp_path: Path, text: str) -> None:
    """A file without any key of an observation holds its facts."""
    path = tmp_path / "facts.yaml"
    path.write_text(text, encoding="utf-8")
    assert judged(path, "--pack", pack, *ON) == expected(pack, dict(HOLDS))


@pytest.mark.parametrize("text", ["{}", "facts: {}\n", "facts:\n", "other: []\n"])
def test_file_without_facts(pack: Path, tmp_path: Path, text: str) -> None:
    """An inspection without facts is judged: whatever was reported is general."""
    path = tmp_path / "facts.yaml"
    path.write_text(text, encoding="utf-8")
    assert judged(path, "--pack", pack, *ON) == expected(pack)


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        (["-f", "demo.height=3"], {"facts": {"demo.height": 3}}),
        (["--fact", "demo.height=2.50"], {"facts": {"demo.height": 2.5}}),
        (["-f", " demo.height = 3 "], {"facts": {"demo.height": 3}}),
        (["-f", "演示平台的高度=3"], {"facts": {"demo.height": 3}}),
        (["-f", "demo.guard=没有"], {"facts": {"demo.guard": "absent"}}),
        (["-f", "demo.exits=[east, 西侧]"], {"facts": {"demo.exits": ["east", "west"]}}),
        (["-f", "demo.exits=[]"], {"facts": {"demo.exits": []}}),
        (["-f", "demo.covered=true"], {"facts": {"demo.covered": True}}),
        (["-f", "demo.covered=否"], {"facts": {"demo.covered": False}}),
        (["-f", "demo.built=2019-05-01"], {"facts": {"demo.built": date(2019, 5, 1)}}),
        (["-f", "demo.remark=a=b"], {"facts": {"demo.remark": "a=b"}}),
        (["-f", "demo.remark='12'"], {"facts": {"demo.remark": "12"}}),
        (["-f", "demo.height="], {"facts": {}}),
        (["-f", "demo.height=3", "-f", "demo.guard=failed"], {"facts": HOLDS}),
        (["--other", "甲", "--other", "乙"], {"other": ["甲", "乙"]}),
        (["--assert", "demo-2026.3", "--assert", "demo-2026.1"], {"asserted": ["demo-2026.3", "demo-2026.1"]}),
        (["-f", "demo.height=3", "--industry", "演示业"], {"facts": {"demo.height": 3}, "industry": "demo-works"}),
        (
            ["-f", "demo.height=3", "-i", "演示业", "-i", "另一业"],
            {"facts": {"demo.height": 3}, "industry": ["demo-works", "other-works"]},
        ),
        (["-f", "demo.height=3", "--region", "shandong"], {"facts": {"demo.height": 3}, "region": "370000"}),
        (["-f", "demo.height=3", "-r", "山东"], {"facts": {"demo.height": 3}, "region": "370000"}),
        (["-f", "demo.height=3", "--ref", "甲-1"], {"facts": {"demo.height": 3}, "ref": "甲-1"}),
        (["-f", "demo.height=1", "--not-reported"], {"facts": {"demo.height": 1}, "reported": False}),
        (
            [*FAILED, "--due", "2026-11-25", "--instrument", "责改〔2026〕1号"],
            {"facts": HOLDS, "ordered": ("2026-11-25", "责改〔2026〕1号")},
        ),
        (["-f", "demo.height=1", "--reported"], {"facts": {"demo.height": 1}, "reported": True}),
        (
            ["-f", "demo.height=3", "-f", "demo.hight=3", "--lenient"],
            {"facts": {"demo.height": 3, "demo.hight": 3}, "strict": False},
        ),
    ],
)
def test_options(pack: Path, arguments: list[str], options: dict[str, Any]) -> None:
    """Each option is the argument of ``classify()`` that it stands for."""
    assert judged("--pack", pack, *ON, *arguments) == expected(pack, **options)


def test_day(pack: Path) -> None:
    """``--on`` chooses the law of the day."""
    for day, rules in (("2026-01-31", []), ("2026-02-01", ["demo-2026.1"])):
        judgment = judged("--pack", pack, "-f", "demo.height=3", "-f", "demo.guard=failed", "--on", day)
        assert [finding.rule for finding in judgment.findings] == rules
        assert judgment.observation.observed_on.isoformat() == day


def test_policy(pack: Path, tmp_path: Path) -> None:
    """``--policy`` replaces the days that the law leaves open."""
    path = tmp_path / "policy.yaml"
    path.write_text(POLICY, encoding="utf-8")
    given: list[str | Path] = ["--pack", pack, *ON, "-f", "demo.height=3", "-f", "demo.guard=failed"]
    deadline = judged(*given, "--policy", path).deadline
    assert deadline is not None
    assert (deadline.days, deadline.due_on) == (10, date(2026, 11, 30))
    assert judged(*given, "--policy", path) == expected(pack, dict(HOLDS), policy=path)


def test_options_add_to_a_file(pack: Path, tmp_path: Path) -> None:
    """Facts, words and affirmed criteria are added to those of the file; the others replace what the file says."""
    path = tmp_path / "observation.json"
    path.write_text(json.dumps(OBSERVATION | {"facts": {"demo.height": 3}}), encoding="utf-8")
    more = ["-f", "demo.guard=failed", "--other", "照明不足", "--assert", "demo-2026.7", "-i", "另一业", "--on"]
    judgment = judged(path, "--pack", pack, *more, "2026-12-01", "--ref", "乙-2", "--region", "山西", "--reported")
    assert judgment == expected(
        pack,
        dict(HOLDS),
        other=["三个螺栓松动", "照明不足"],
        asserted=["demo-2026.3", "demo-2026.7"],
        industry="other-works",
        observed_on="2026-12-01",
        ref="乙-2",
        region="140000",
        reported=True,
    )


def test_the_same_fact_twice(pack: Path) -> None:
    """Two values for one fact are refused; none is dropped in silence."""
    result = run("classify", "--pack", pack, "-f", "demo.height=3", "-f", "demo.height=1", *ON, "--json", code=1)
    assert "demo.height" in result.stderr


BAD_FILES: Final = {
    "list": ("[1, 2]", ["映射"]),
    "text": ("just words", ["映射"]),
    "empty": ("", ["映射"]),
    "json number": ("3", ["映射"]),
    "yaml syntax": ("facts: {a: [1\n", ["HR102", "observation:"]),
    "yaml alias": ("facts: &x {}\nother: *x\n", ["HR104"]),
    "twice in yaml": ("facts: {demo.height: 1, demo.height: 2}\n", ["HR103", "demo.height", ":1:"]),
    "twice in json": ('{"facts": {"demo.height": 1, "demo.height": 2}}', ["键重复", "demo.height"]),
    "twice at the top of json": ('{"demo.height": 1, "demo.height": 1, "a": 1, "a": 2}', ["a、demo.height"]),
    "unknown key": ('{"facts": {}, "industy": "演示业"}', ["industy", "industry"]),
    "key far from any": ('{"facts": {}, "qqqqqq": 1}', ["qqqqqq", "observed_on", "facts 下面"]),
    "fact beside facts": ('{"facts": {}, "demo.height": 1}', ["demo.height", "facts 下面"]),
    "unknown fact": ('{"demo.hight": 3}', ["demo.hight", "demo.height"]),
    "wrong type": ('{"demo.height": "3"}', ["demo.height", "引号"]),
    "out of range": ('{"demo.height": 101}', ["demo.height", "100"]),
    "not finite": ('{"demo.height": NaN}', ["demo.height", "有限"]),
    "infinite": ('{"demo.height": Infinity}', ["demo.height", "有限"]),
    "huge exponent": ('{"demo.height": 1e1000000}', ["demo.height"]),
    "huge integer": ('{"demo.height": ' + "9" * 5_000 + "}", []),
    "huge integer in yaml": ("demo.height: " + "9" * 5_000, ["demo.height"]),
    "too many digits": ('{"demo.height": 2.00000000000000000000000000000001}', ["demo.height", "15"]),
    "deep json": ('{"demo.height": ' + "[" * 100_000 + "]" * 100_000 + "}", ["HR105"]),
    "lone surrogate in words": ('{"other": ["\\ud800"]}', ["other"]),
    "lone surrogate in a fact": ('{"demo.remark": "\\ud800"}', ["demo.remark"]),
    "no such value": ('{"demo.guard": "fialed"}', ["demo.guard", "failed"]),
    "facts as list": ('{"facts": [1]}', ["facts"]),
    "words as text": ('{"other": "甲"}', ["other"]),
    "no industry": ('{"facts": {}, "industry": "演示夜"}', ["演示夜", "演示业"]),
    "no region": ('{"facts": {}, "region": "shangdong"}', ["shangdong", "shandong"]),
    "no day": ('{"facts": {}, "observed_on": "2026-02-30"}', ["2026-02-30"]),
    "no rule": ('{"facts": {}, "asserted": ["demo-2026.11"]}', ["demo-2026.11", "demo-2026.1"]),
    "no flag": ('{"facts": {}, "reported": "no"}', ["reported"]),
    "several": ('{"demo.hight": 3, "demo.guard": "x", "demo.built": "x"}', ["demo.hight", "demo.guard", "demo.built"]),
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_bad_observation(pack: Path, tmp_path: Path, case: str) -> None:
    """Whatever is wrong in a file is told on standard error in words that help, with exit code 1 and no judgment."""
    text, words = BAD_FILES[case]
    path = tmp_path / "observation"
    path.write_text(text, encoding="utf-8")
    result = run("classify", path, "--pack", pack, "--json", code=1)
    assert result.stdout == ""
    assert result.stderr.strip()
    for word in words:
        assert word in result.stderr


def test_unreadable_files(pack: Path, tmp_path: Path) -> None:
    """A file that is missing, a folder, or not UTF-8 is told by name."""
    coded = tmp_path / "gb.yaml"
    coded.write_bytes("备注: 粉尘".encode("gb18030"))
    for path, word in ((tmp_path / "absent.yaml", "读不出来"), (tmp_path, "读不出来"), (coded, "UTF-8")):
        result = run("classify", path, "--pack", pack, code=1)
        assert word in result.stderr
        assert str(path) in result.stderr
    assert "UTF-8" in run("classify", "-", "--pack", pack, code=1, stdin=coded.read_bytes()).stderr


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ([], 2, "--fact"),
        (["-i", "演示业"], 2, "没有给出检查发现"),
        (["-f", "demo.height"], 2, "事实=值"),
        (["-f", "=3"], 2, "事实=值"),
        (["-f", "demo.exits=[east"], 2, "demo.exits=[east"),
        (["-f", "demo.exits=&a [east]"], 2, "HR104"),
        (["--nonsense"], 2, "--nonsense"),
        (["-f", "demo.height=3", "--due", "2026-11-25"], 2, "--instrument"),
        (["-f", "demo.height=3", "--instrument", "甲"], 2, "--due"),
        (["-f", "demo.height=3", "--due", "2026-11-32", "--instrument", "甲"], 1, "2026-11-32"),
        (["-f", "demo.height=3", *ON, "--due", "2026-11-19", "--instrument", "甲"], 1, "责令期限"),
        (["-f", "demo.height=3", "-f"], 2, "-f"),
        (["-f", "demo.hight=3"], 1, "demo.height"),
        (["-f", "demo.height='3'"], 1, "引号"),
        (["-f", "demo.height=3", "--on", "2026-13-01"], 1, "2026-13-01"),
        (["-f", "demo.height=3", "-i", "火星业"], 1, "火星业"),
        (["-f", "demo.height=3", "-r", "火星"], 1, "火星"),
        (["--assert", "demo-2026.99"], 1, "demo-2026.99"),
        (["--other", " "], 1, "other"),
        (["-f", "demo.height=3", "--policy", "absent.yaml"], 1, "absent.yaml"),
        (["-f", "demo.height=3", "--lenient", "--on", "x"], 1, "YYYY-MM-DD"),
    ],
)
def test_bad_options(pack: Path, arguments: list[str], code: int, words: str) -> None:
    """Wrong usage is exit code 2, wrong input is 1, and each is told on standard error only."""
    result = run("classify", "--pack", pack, *arguments, code=code)
    assert words in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("text", "option"),
    [
        ('{"facts": [1]}', ["-f", "demo.height=3"]),
        ('{"other": "甲"}', ["--other", "乙"]),
        ('{"asserted": "demo-2026.3"}', ["--assert", "demo-2026.7"]),
    ],
)
def test_options_cannot_mend_a_file(pack: Path, tmp_path: Path, text: str, option: list[str]) -> None:
    """What a file says wrongly is told, and not replaced by what an option adds."""
    path = tmp_path / "observation"
    path.write_text(text, encoding="utf-8")
    assert "写法不对" in run("classify", path, "--pack", pack, *option, code=1).stderr


def test_options_add_to_nothing(pack: Path, tmp_path: Path) -> None:
    """A key that stands empty in the file is as if it were not there, with options or without."""
    path = tmp_path / "observation.yaml"
    path.write_text("facts:\n", encoding="utf-8")
    assert judged(path, "--pack", pack, *ON, "-f", "demo.height=3") == expected(pack, {"demo.height": 3})


def test_bad_pack(tmp_path: Path) -> None:
    """A pack that cannot be used is told with all its problems, by every command that needs one."""
    folder = write_pack(tmp_path, version="v1", rules=[RULE | {"when": "demo.hight > 2"}])
    for command in (["classify", "-f", "demo.height=3"], ["rules"], ["facts"], ["show", "demo-2026.1"]):
        result = run(*command, "--pack", folder, code=1)
        assert "HR204" in result.stderr
        assert "HR303" in result.stderr
    assert "HR106" in run("rules", "--pack", tmp_path / "absent", code=1).stderr


def test_page_of_a_judgment(pack: Path) -> None:
    """The page shows level, reason, deadline, each finding with its ground, facts and duties, and the rule book."""
    given = ["-f", "demo.height=3", "-f", "demo.guard=failed", "-i", "演示业", *ON, "--ref", "甲-1"]
    page = run("classify", "--pack", pack, *given).stdout
    judgment = expected(pack, dict(HOLDS), industry="demo-works", ref="甲-1")
    finding = judgment.findings[0]
    assert judgment.deadline is not None
    assert page.count(judgment.deadline.text) == 2  # of the whole and of the finding
    assert "人工认定" not in page
    for words in (
        "重大事故隐患",
        "级别已定",
        "2026-11-20",
        "演示业",
        "甲-1",
        judgment.reason,
        judgment.deadline.text,
        "命中情形 1:demo-2026.1",
        finding.citation,
        "第八条",
        finding.title,
        "演示平台的高度:3米;演示平台护栏的状态:损坏",
        "装设护栏",
        "制定方案(演示令第九条)",
        "由人判断:由专家论证",
        "由人判断:核对原文",
        judgment.gaps[0].text,
        "核对的文件",
        "demo 2026.1.0",
        judgment.rulebook.fingerprint[:16],
    ):
        assert words in page


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["-f", "demo.height=1", "--not-reported"], ["未构成隐患", "没有给出,按全部行业核对"]),
        (["-f", "demo.height=1"], ["一般事故隐患", "结论待补充"]),
        (["-f", "demo.height=3"], ["还不能判定的情形(1条)", "问:演示平台护栏的状态(demo.guard;单选"]),
        (["-f", "demo.height=0"], ["注意:除数为零:100 / demo.height"]),
        (["-f", "demo.height=30"], ["假定:演示平台有[顶]棚:否", "演示平台有[顶]棚:否(没有报告)"]),
        (["-f", "demo.height=51"], ["第二手条文,仅供参考", "第4条:演示情形4"]),
        (["-f", "demo.height=30", "-f", "demo.built=2019-01-01"], ["即将施行", "2027-01-01起为重大事故隐患"]),
        (["-f", "demo.built=2019-01-01"], ["没有用上的事实", "“演示平台的建成日期”没有用上"]),
        (["--assert", "demo-2026.3"], ["重大事故隐患(人工认定)", "其他[严重]情形"]),
        (["--assert", "demo-2026.1", "-f", "demo.height=1"], ["矛盾", "演示平台的高度:1米"]),
        (["--other", "演示[平台]过高", "-i", "演示业"], ["最接近的条款", "“演示[平台]过高”→"]),
        (["--other", "[red]甲[/red]"], ["“[red]甲[/red]”"]),
        (["-f", "demo.height=1", "-f", "demo.hight=3", "--lenient"], ["拒收的输入", "没有事实"]),
        (["-f", "demo.exits=[east, west]"], ["一般事故隐患", "演示平台的出口:东侧、西侧"]),
    ],
)
def test_parts_of_a_page(pack: Path, arguments: list[str], words: list[str]) -> None:
    """Everything that a judgment says stands on its page, with brackets as they are."""
    page = run("classify", "--pack", pack, *ON, *arguments).stdout
    for word in words:
        assert word in page


def test_page_of_a_conclusive_judgment(tmp_path: Path) -> None:
    """Without gaps and open criteria the page says that the conclusion stands, and shows no empty parts."""
    folder = write_pack(tmp_path)
    page = run("classify", "--pack", folder, *ON, "-f", "demo.height=3", "-f", "demo.guard=failed").stdout
    assert "结论确定" in page
    for absent in ("还不能判定", "依据缺口", "假定", "矛盾", "最接近", "拒收", "即将施行", "整改期限", "另有"):
        assert absent not in page


def test_open_criteria_on_a_page(tmp_path: Path) -> None:
    """A criterion that facts can decide asks for them, and not for a person; the level is not yet certain."""
    page = run("classify", "--pack", write_pack(tmp_path), *ON, "-f", "demo.height=3").stdout
    assert "问:演示平台护栏的状态" in page
    assert "由人判断" not in page
    assert "级别已定" not in page


def test_further_alternatives_on_a_page(tmp_path: Path) -> None:
    """Where a clause is met in two ways the page shows both."""
    either = rule("1", 'demo.height > 2 or demo.guard == "absent"')
    folder = write_pack(tmp_path, rules=[either])
    page = run("classify", "--pack", folder, *ON, "-f", "demo.height=3", "-f", "demo.guard=absent").stdout
    assert "另有:演示平台护栏的状态:没有" in page or "另有:演示平台的高度:3米" in page


def test_messages_are_not_broken_into_lines(pack: Path, tmp_path: Path) -> None:
    """On a pipe, a message is one line however long it is, so that its place can be searched and followed."""
    deep = tmp_path / ("a" * 60) / ("b" * 60)
    folder = write_pack(deep, rules=[RULE | {"hit": []}])
    problems = check.check_pack(check.open_pack(folder))
    shown = run("check", folder, code=1, runner=NARROW)
    lines = shown.stderr.splitlines()
    assert lines[0] == problems[0].file
    assert all(f"{one.line}:{one.column} {one.code} {one.problem}" in map(str.strip, lines) for one in problems)
    with pytest.raises(LookupError) as caught:
        expected(pack, {"demo.hight": 3})
    wrong = run("classify", "--pack", pack, "-f", "demo.hight=3", code=1, runner=NARROW)
    assert wrong.stderr == f"{caught.value}\n"


def test_rules(pack: Path) -> None:
    """``rules`` lists every criterion with its ground, and how many there are."""
    shown = run("rules", "--pack", pack).stdout
    for id_ in [*(f"demo-2026.{n}" for n in range(1, 8)), "next-2026.1"]:
        assert id_ in shown
    assert "演示令第1号第1条" in shown
    assert "护栏类" in shown
    assert "其他[严重]情形" in shown
    assert "共 8 条" in shown


def test_tables_on_a_pipe_are_wide(tmp_path: Path) -> None:
    """A row of a table is one line on a pipe, so that it can be searched."""
    title = "演示平台高度超过二米而护栏损坏或者没有护栏的情形" * 2
    folder = write_pack(tmp_path, rules=[RULE | {"title": title}])
    shown = run("rules", "--pack", folder, runner=NARROW).stdout
    assert any("demo-2026.1" in line and title in line for line in shown.splitlines())


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["护栏"], ["demo-2026.1"]),
        (["演示情形 第2条"], ["demo-2026.2"]),
        (["演示平台的高度", "-d", "next-2026"], ["next-2026.1"]),
        (["--document", "next-2026"], ["next-2026.1"]),
        (["--on", "2026-12-31", "过高"], []),
        (["--on", "2027-01-01", "过高"], ["next-2026.1"]),
        (["-i", "另一业", "过高"], []),
        (["-i", "演示行业", "过高"], ["next-2026.1"]),
        (["-i", "另一业", "-i", "演示业", "过高"], ["next-2026.1"]),
        (["没有这样的文字"], []),
    ],
)
def test_rules_that_are_looked_for(pack: Path, arguments: list[str], found: list[str]) -> None:
    """Words, document, day and industry narrow the list; an empty one is exit code 1."""
    result = run("rules", "--pack", pack, *arguments, "--json", code=0 if found else 1)
    assert [row["rule"] for row in json.loads(result.stdout)] == found
    assert bool(result.stderr) == (not found)


def test_rules_as_json(pack: Path) -> None:
    """Each row holds id, citation, group and title."""
    rows = json.loads(run("rules", "护栏类", "--pack", pack, "--json").stdout)
    citation = "《演示判定标准》(演示令第1号)第1条"
    assert rows == [{"rule": "demo-2026.1", "citation": citation, "group": "护栏类", "title": "演示情形1"}]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--document", "demo-2025"], 1, "demo-2026"),
        (["--industry", "演示夜"], 1, "演示业"),
        (["--on", "2026-1-1"], 2, "YYYY-MM-DD"),
        (["没有这样的文字"], 1, "没有符合条件的判定情形"),
    ],
)
def test_rules_that_cannot_be_found(pack: Path, arguments: list[str], code: int, words: str) -> None:
    """What is not known is told with what is near."""
    assert words in run("rules", "--pack", pack, *arguments, code=code).stderr


def test_facts(pack: Path) -> None:
    """``facts`` lists every fact with its label and what may be given, and how many there are."""
    shown = run("facts", "--pack", pack).stdout
    for name, spec in VOCABULARY.items():
        assert f"demo.{name}" in shown
        assert spec["label"] in shown
    assert "不小于 0,不大于 100,单位 米" in shown
    assert "east(东侧)、west(西侧)" in shown
    assert "共 6 个" in shown


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["护栏"], ["demo.guard"]),
        (["平台 出口"], ["demo.exits"]),
        (["损坏"], ["demo.guard"]),
        (["demo.remark"], ["demo.remark"]),
        (["-d", "next-2026"], ["demo.height", "demo.built"]),
        (["-i", "演示业", "建成"], ["demo.built"]),
        (["-i", "另一业", "建成"], []),
        (["没有这样的文字"], []),
    ],
)
def test_facts_that_are_looked_for(pack: Path, arguments: list[str], found: list[str]) -> None:
    """Words, document and industry narrow the list; an empty one is exit code 1."""
    result = run("facts", "--pack", pack, *arguments, "--json", code=0 if found else 1)
    assert [row["fact"] for row in json.loads(result.stdout)] == found
    assert bool(result.stderr) == (not found)


def test_facts_as_json(pack: Path) -> None:
    """Each row holds what is needed to give a value."""
    rows = json.loads(run("facts", "demo.guard", "--pack", pack, "--json").stdout)
    options = {"working": "完好", "failed": "损坏", "absent": "没有"}
    label = "演示平台护栏的状态"
    assert rows == [
        {"fact": "demo.guard", "label": label, "type": "enum", "unit": None, "options": options, "note": ""}
    ]


def test_facts_of_what_is_not_known(pack: Path) -> None:
    """An unknown document or industry is told with the nearest."""
    assert "demo-2026" in run("facts", "--pack", pack, "-d", "demo-2025", code=1).stderr
    assert "演示业" in run("facts", "--pack", pack, "-i", "演示夜", code=1).stderr


def test_show(pack: Path) -> None:
    """``show`` has everything about a criterion: ground, period, condition, facts, examples."""
    shown = run("show", "demo-2026.1", "--pack", pack).stdout
    for words in (
        "《演示判定标准》(演示令第1号)第1条",
        "2026-02-01起",
        "重大事故隐患",
        "全部行业",
        RULE["when"],
        '第八条,当 demo.guard == "failed"',
        "装设护栏",
        "现场查看",
        "高度自地面起",
        "演示平台的高度(demo.height;",
        "应命中",
        "演示平台的高度:3米;演示平台护栏的状态:损坏",
        "应不命中",
        "应待定",
        "\n事实\n",
    ):
        assert words in shown
    for absent in ("草案", "由人判断", "没有报告时"):
        assert absent not in shown


@pytest.mark.parametrize(
    ("rule_id", "words", "absent"),
    [
        ("demo-2026.2", ["一般事故隐患", "演示平台的出口:东侧、西侧"], ["应待定", "整改"]),
        ("demo-2026.3", ["由人判断", "由专家论证", "[严重]"], ["应命中", "事实\n"]),
        ("demo-2026.4", ["草案,不决定级别"], []),
        ("demo-2026.5", ["没有报告时按“否”"], []),
        ("next-2026.1", ["演示业", "2027-01-01起", 'd"2020-01-01"', "2019-12-31"], ["全部行业"]),
    ],
)
def test_show_each_kind(pack: Path, rule_id: str, words: list[str], absent: list[str]) -> None:
    """General, manual, draft and dated criteria show what is special about them."""
    shown = run("show", rule_id, "--pack", pack).stdout
    assert all(word in shown for word in words)
    assert not any(word in shown for word in absent)


def test_show_a_national_rule() -> None:
    """The national pack is the default here too."""
    assert (
        "《工贸企业重大事故隐患判定标准》(应急管理部令第10号)第十一条第(一)项"
        in run("show", "gongmao-2023.11.1").stdout
    )


def test_show_an_unknown_rule(pack: Path) -> None:
    """An unknown criterion is told with the nearest ids; none at all is wrong usage."""
    assert "demo-2026.1" in run("show", "demo-2026.11", "--pack", pack, code=1).stderr
    run("show", code=2)


def test_check_and_test(tmp_path: Path) -> None:
    """A sound pack passes both, with a line that counts what it holds."""
    folder = write_pack(tmp_path)
    counts = "规则包 demo 2026.1.0:1 个文件,1 条判定情形,2 个事实,4 个例子"
    assert run("check", folder).stdout == f"{counts};检查:没有问题\n"
    assert run("test", folder).stdout == f"{counts};例子:没有问题\n"


def test_check_and_test_with_problems(tmp_path: Path) -> None:
    """Problems stand on standard error, each with its place, their number on standard output; the exit code is 1."""
    good = write_pack(tmp_path / "good", id="good")
    bad = write_pack(
        tmp_path / "bad", rules=[RULE | {"hit": [], "miss": RULE["miss"][:1], "open": [{"demo.height": 1}]}]
    )
    checked = run("check", bad, good, code=1)
    assert checked.stderr.count("HR501") == 1
    assert str(bad / "documents" / "demo-2026.yaml") in checked.stderr
    assert [line.rpartition(":")[2] for line in checked.stdout.splitlines()] == ["1 个问题", "没有问题"]
    tested = run("test", good, bad, code=1)
    assert "HR601" in tested.stderr
    assert "HR603" in tested.stderr
    assert [line.rpartition(":")[2] for line in tested.stdout.splitlines()] == ["没有问题", "2 个问题"]


def test_check_what_is_no_pack(tmp_path: Path) -> None:
    """A folder that is not there is a problem; no folder at all is wrong usage."""
    for command in ("check", "test"):
        result = run(command, tmp_path / "absent", code=1)
        assert "HR106" in result.stderr
        assert "规则包读不出来" in result.stdout
        run(command, code=2)


def test_check_without_a_national_pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation whose national pack is broken is told, not crashed into."""
    broken = write_pack(tmp_path / "national", id="national", version="v1")
    monkeypatch.setattr(check, "national_folder", lambda: broken)
    assert "HR204" in run("check", write_pack(tmp_path / "other"), code=1).stderr


def test_schema() -> None:
    """``schema`` prints the JSON Schema of one kind of file, or of all."""
    for kind, model in FILES.items():
        assert json.loads(run("schema", kind).stdout) == model.model_json_schema()
    assert list(json.loads(run("schema").stdout)) == list(FILES)
    assert "document" in run("schema", "documents", code=2).stderr


def test_problems_with_their_source(tmp_path: Path) -> None:
    """Each problem of a pack stands under its file, with its line, a mark below the place, and the hint."""
    folder = write_pack(tmp_path, facts=FACTS | {"height": FACTS["height"] | {"mx": 1}})
    file = folder / "facts" / "demo.yaml"
    [problem] = check.open_pack(folder).problems
    lines = run("check", folder, code=1).stderr.splitlines()
    source = file.read_text(encoding="utf-8").splitlines()[problem.line - 1]
    assert lines[0] == str(file)
    assert lines[1].strip() == f"{problem.line}:{problem.column} HR202 {problem.problem}"
    assert lines[2] == f"      | {source}"
    assert lines[3].index("^") - lines[2].index("|") - 2 == source.index("mx")
    assert lines[4].strip() == f"提示:{problem.hint}"


def test_mark_below_wide_characters(tmp_path: Path) -> None:
    """The mark counts a Chinese character as the two columns that it takes."""
    folder = write_pack(tmp_path, facts="domain: demo\nlabel: 演示\nfacts: {a: {label: 演示平台, type: bool}}\n")
    lines = run("check", folder, code=1).stderr.splitlines()
    shown = next(n for n, line in enumerate(lines) if "type: bool" in line)
    assert lines[shown + 1] == "      | " + " " * (len("facts: {a: {label: , type: ") + 8) + "^"


@pytest.mark.parametrize("content", [b"\xff", None])
def test_problems_of_files_that_cannot_be_shown(tmp_path: Path, content: bytes | None) -> None:
    """Where the source cannot be read there is no line and no mark, only the problem."""
    folder = write_pack(tmp_path, version="v1")
    if content is not None:
        (folder / "facts" / "demo.yaml").write_bytes(content)
    else:
        (folder / "facts" / "demo.yaml").unlink()
        (folder / "facts" / "demo.yaml").mkdir()
    shown = run("check", folder, code=1).stderr
    assert "HR101" in shown
    assert "HR204" in shown
    assert "Traceback" not in shown


@pytest.mark.parametrize("command", ["check", "test"])
def test_problems_as_json(tmp_path: Path, command: str) -> None:
    """``--format json`` gives every problem of every pack as data, on standard output and nothing else there."""
    good, bad = write_pack(tmp_path / "good", id="good"), write_pack(tmp_path / "bad", version="v1")
    result = run(command, bad, good, "--format", "json", code=1)
    [problem] = check.open_pack(bad).problems
    names = ("code", "file", "line", "column", "problem", "hint")
    assert json.loads(result.stdout) == [{name: getattr(problem, name) for name in names}]
    assert result.stderr == ""
    assert json.loads(run(command, good, "--format", "json").stdout) == []


def test_problems_as_annotations(tmp_path: Path) -> None:
    """``--format github`` gives a line for each problem, escaped as the host of the code wants it."""
    folder = write_pack(tmp_path / "50%,a:b", version="v1", files={"more.yaml": "a: 1\n"})
    lines = run("check", folder, "--format", "github", code=1).stdout.splitlines()
    name = str(tmp_path).replace("%", "%25") + "/50%25%2Ca%3Ab/"
    assert [line.partition("::")[2].partition("::")[0].removeprefix("error ") for line in lines] == [
        f"file={name}more.yaml,line=1,col=1,title=HR106",
        f"file={name}pack.yaml,line=3,col=10,title=HR204",
    ]
    assert "提示:" in lines[1]
    assert run("check", write_pack(tmp_path / "good"), "--format", "github").stdout == ""
    assert "--format" in run("check", folder, "--format", "xml", code=2).stderr


def test_packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``packs`` lists what can be found, with what is wrong with it; a broken pack doesn't hide the others."""
    good = write_pack(tmp_path / "good", id="good", region="370000", document={"id": "good-2026"}, rules=[])
    broken = write_pack(tmp_path / "broken", id="broken", rules=[RULE | {"when": "demo.hight > 2"}])
    headless = write_pack(tmp_path / "headless", version="v1")
    monkeypatch.setenv("HAZARDRULES_PACKS", os.pathsep.join(map(str, (good, broken, headless))))
    rows = {row["id"]: row for row in json.loads(run("packs", "--json").stdout)}
    assert {"national", "good", "broken", "headless"} <= set(rows)
    assert rows["national"]["state"] == rows["good"]["state"] == "可用"
    assert (rows["good"]["version"], rows["good"]["region"]) == ("2026.1.0", "山东省")
    assert (rows["good"]["documents"], rows["good"]["rules"], rows["good"]["folder"]) == (1, 0, str(good))
    assert rows["good"]["fingerprint"] == RuleBook((load_pack(good),)).fingerprint
    assert rows["broken"]["state"] == "1 个问题"
    assert "HR303" in rows["broken"]["problems"][0]
    assert "HR204" in rows["headless"]["problems"][0]
    shown = run("packs").stdout
    for words in ("good", "山东省", rows["good"]["fingerprint"][:12], "1 个问题", rows["broken"]["problems"][0]):
        assert words in shown


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        (
            ["demo-2026.1", "-f", "demo.height=3"],
            ["[未知] and", "  [真] demo.height > 2", '  [未知] demo.guard != "working"', "结果:未知"],
        ),
        (
            ["demo.height > 2", "-f", "demo.height=3"],
            ["[真] demo.height > 2", "结果:真", "因为:演示平台的高度:3米"],
        ),
        (
            ["not (demo.height > 2 or demo.covered)", "-f", "demo.height=3"],
            [
                "[假] not",
                "  [真] or",
                "    [真] demo.height > 2",
                "    [假] demo.covered",
                "结果:假",
                "因为:演示平台的高度:3米",
            ],
        ),
        (
            ["days_since(demo.built) > 30", "-f", "demo.built=2026-10-20", "--on", "2026-11-20"],
            ["[真] days_since(demo.built) > 30", "结果:真", "因为:演示平台的建成日期:2026-10-20"],
        ),
        (
            ['demo.guard in ["failed"]'],
            ['[未知] demo.guard in ["failed"]', "结果:未知", "还要知道:演示平台护栏的状态(demo.guard;单选:"],
        ),
        (
            ["at_least(1, [demo.covered, demo.height > 2])", "-f", "demo.height=2"],
            ["[假] at_least 1", "  [假] demo.covered", "  [假] demo.height > 2", "结果:假"],
        ),
    ],
)
def test_explain(pack: Path, arguments: list[str], lines: list[str]) -> None:
    """``explain`` shows the outcome of every part of a condition, what decided it, and what is still to be known."""
    shown = run("explain", *arguments, "--pack", pack).stdout.splitlines()
    assert all(any(one.startswith(line) for one in shown) for line in lines), shown
    assert [one for one in shown if one.lstrip().startswith("[")] == [one for one in lines if one.lstrip()[0] == "["]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["demo.hight > 2"], 1, ["HR303", "demo.height", "1:1 "]),
        (["demo.height > 2 and"], 1, ["HR302"]),
        (["demo.remark"], 1, ["HR304", "text"]),
        (["demo-2026.3"], 1, ["由人判断", "由专家论证"]),
        (["demo-2026.7"], 1, ["由人判断", "第二个由人判断的情形"]),
        (["demo.height > 2", "-f", "demo.height=x"], 1, ["demo.height"]),
        (["demo.height > 2", "-f", "demo.height"], 2, ["事实=值"]),
        (["demo.height > 2", "--on", "x"], 1, ["YYYY-MM-DD"]),
        ([], 2, ["expression"]),
    ],
)
def test_explain_what_cannot_be(pack: Path, arguments: list[str], code: int, words: list[str]) -> None:
    """A wrong expression is told with its place, and so are wrong facts."""
    result = run("explain", *arguments, "--pack", pack, code=code)
    assert result.stdout == ""
    for word in words:
        assert word in result.stderr


def test_place_in_an_expression_of_several_lines(pack: Path) -> None:
    """The place of a problem is line and column of the expression, also beyond its first line."""
    shown = run("explain", "demo.height > 2\nand demo.hight > 3", "--pack", pack, code=1).stderr
    assert "2:5 HR303" in shown
    assert "| and demo.hight > 3" in shown


def test_new_pack(tmp_path: Path) -> None:
    """``new-pack`` writes a pack that passes its own checks and tests as it comes."""
    result = run("new-pack", "云南", tmp_path / "new", "--code", "530000")
    written = [Path(line) for line in result.stdout.splitlines()[:-1]]
    assert all(path.is_file() for path in written)
    assert {path.name for path in written} >= {"pyproject.toml", "README.md", "pack.yaml", "deadlines.yaml"}
    rules = next(path.parent for path in written if path.name == "pack.yaml")
    assert "没有问题" in run("check", rules).stdout
    assert "没有问题" in run("test", rules).stdout
    for kind in FILES:
        assert json.loads((tmp_path / "new" / "schemas" / f"{kind}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("id_", ["qingdao", "qing-dao-2"])
def test_new_pack_below_a_province(tmp_path: Path, id_: str) -> None:
    """A city's pack has an id of its own and names the city."""
    (tmp_path / "new").mkdir()
    result = run("new-pack", "青岛市", tmp_path / "new", "--code", "370200", "--id", id_)
    rules = next(Path(line).parent for line in result.stdout.splitlines() if line.endswith("pack.yaml"))
    assert "没有问题" in run("check", rules).stdout
    head = read_yaml(rules / "pack.yaml", "pack.yaml").data
    assert (head["id"], head["region"], head["names"]) == (id_, "370200", {"370200": "青岛市"})


@pytest.mark.parametrize("id_", ["dust", "element", "not", "in"])
def test_new_pack_whose_id_is_taken(tmp_path: Path, id_: str) -> None:
    """An id that cannot name the pack's vocabulary is refused, or the pack passes its checks all the same."""
    result = WIDE.invoke(app, ["new-pack", "青岛市", str(tmp_path / "new"), "--code", "370200", "--id", id_])
    if result.exit_code == 0:
        run("check", next((tmp_path / "new").glob("*/rules")))
    else:
        assert id_ in result.stderr
        assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("name", "code", "more", "words"),
    [
        ("云南", "999999", [], "999999"),
        ("云南", "53", [], "53"),
        ("云南", "370000", [], "山东省"),
        ("青岛", "370200", [], "--id"),
        ("青岛", "370200", ["--id", "Qing"], "Qing"),
        ("青岛", "370200", ["--id", "national"], "national"),
        ("青岛: x", "370200", ["--id", "qingdao"], "名称"),
        (" ", "370200", ["--id", "qingdao"], "名称"),
    ],
)
def test_new_pack_that_cannot_be(tmp_path: Path, name: str, code: str, more: list[str], words: str) -> None:
    """A name, code or id that does not fit is told, and nothing is written."""
    assert words in run("new-pack", name, tmp_path / "new", "--code", code, *more, code=1).stderr
    assert not (tmp_path / "new").exists()


def test_new_pack_overwrites_nothing(tmp_path: Path) -> None:
    """A folder with something in it, and a file, are left as they are."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    for name in ("full", "file"):
        assert name in run("new-pack", "云南", tmp_path / name, "--code", "530000", code=1).stderr
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["notes.txt"]


def test_packs_that_cannot_be_used_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken pack of the region is told on standard error and leaves the rest working."""
    broken = write_pack(tmp_path, id="broken", region="630000", version="v1")
    monkeypatch.setenv("HAZARDRULES_PACKS", str(broken))
    loaded_book.cache_clear()
    try:
        given = ["-f", "dust.storeys=3", "-f", "dust.structure=brick", "-i", "机械", *ON, "-r", "青海", "--json"]
        result = run("classify", *given)
    finally:
        loaded_book.cache_clear()
    assert Judgment.model_validate_json(result.stdout).level == "major"
    assert "HR204" in result.stderr


def test_version() -> None:
    """``--version`` prints name and version."""
    assert run("--version").stdout == f"hazardrules {__version__}\n"


def test_help() -> None:
    """Every command is described in Chinese, and without a command the help is shown."""
    shown = run("--help").stdout
    for command in ("classify", "rules", "facts", "show", "check", "test", "schema", "packs", "explain", "new-pack"):
        assert command in shown
        described = run(command, "--help").stdout
        assert any("\u4e00" <= character <= "\u9fff" for character in described)
    assert "classify" in run(code=2).output
    assert "nonsense" in run("nonsense", code=2).stderr


COMMANDS = tuple(f"hazardrules.{name}" for name in ("cli", "authoring", "terminal", "pages"))


@pytest.mark.parametrize("missing", ["typer", "rich"])
def test_without_the_extra(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], missing: str) -> None:
    """Where the packages of the command line are missing, it says how to install them, with exit code 2."""
    for name in [*sys.modules]:
        if name.partition(".")[0] == missing or name in COMMANDS:
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 2
    out, err = capsys.readouterr()
    assert "pip install 'hazardrules[cli]'" in err
    assert out == ""


def test_another_missing_module_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """A module of our own that is missing is an error of the installation, and told as it is."""
    for name in COMMANDS:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "hazardrules.pack.check", None)
    with pytest.raises(ModuleNotFoundError, match=r"hazardrules\.pack\.check"):
        main()


def test_run_as_a_script(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """What ``python -m hazardrules`` runs is the same command."""
    monkeypatch.setattr(sys, "argv", ["hazardrules", "--version"])
    with pytest.raises(SystemExit) as caught:
        runpy.run_path(str(main.__code__.co_filename), run_name="__main__")
    assert caught.value.code in (0, None)
    assert capsys.readouterr().out == f"hazardrules {__version__}\n"


def test_in_a_shell(pack: Path) -> None:
    """As a process of its own: the judgment on standard output, the exit code as it should be, no traceback."""
    command = [sys.executable, "-m", "hazardrules", "classify", "--pack", str(pack), *ON, "--json", "-f"]
    right = subprocess.run([*command, "demo.height=3"], capture_output=True, check=False)  # noqa: S603  # our own
    assert right.returncode == 0
    assert Judgment.model_validate_json(right.stdout) == expected(pack, {"demo.height": 3})
    for argument in (b"demo.hight=3", b"demo.remark=\xff"):
        wrong = subprocess.run([*command, argument], capture_output=True, check=False)  # noqa: S603  # our own
        assert wrong.returncode in (1, 2)
        assert wrong.stdout == b""
        assert b"Traceback" not in wrong.stderr


# --- follow-up and replay -------------------------------------------------------------------------------------------

EVENTS: Final = """
- {kind: planned, on: 2026-11-22}
- {kind: extended, on: 2026-12-01, due_on: 2027-01-10, instrument: 延1号, ground: 供货延迟}
- {kind: rectified, on: 2027-02-01}
"""


@pytest.fixture
def saved(pack: Path, tmp_path: Path) -> Path:
    """A judgment as ``classify --json`` prints it, in a file."""
    path = tmp_path / "judgment.json"
    path.write_text(run("classify", "--pack", pack, *FAILED, *ON, "--json").stdout, encoding="utf-8")
    return path


def test_follow_up_says_where_it_stands(saved: Path, tmp_path: Path) -> None:
    """State, delay, extension and duties, with what is later left out and told."""
    events = tmp_path / "events.yaml"
    events.write_text(EVENTS, encoding="utf-8")
    shown = run("follow-up", saved, events, "--as-of", "2027-01-15").stdout
    for words in ("整改中;逾期 5 日", "2026-12-20 延到 2027-01-10", "供货延迟", "1 件事在这一天以后"):
        assert words in shown
    found = json.loads(run("follow-up", saved, events, "--as-of", "2027-01-15", "--json").stdout)
    assert (found["state"], found["overdue_days"], found["later"]) == ("rectifying", 5, 1)


def test_follow_up_needs_no_events(saved: Path) -> None:
    """Without events, and without a day, it is asked for today."""
    found = json.loads(run("follow-up", saved, "--json").stdout)
    assert (found["state"], found["as_of"]) == ("found", str(today()))


@pytest.mark.parametrize(
    ("events", "words"),
    [("kind: planned", "要写成列表"), ("- {kind: closed, on: 2026-12-01}", "整改还没有完成"), ("- {on: [}", "HR102")],
)
def test_follow_up_refuses_what_cannot_be(saved: Path, tmp_path: Path, events: str, words: str) -> None:
    """No list, an impossible event, or no YAML: told with the reason."""
    path = tmp_path / "events.yaml"
    path.write_text(events, encoding="utf-8")
    assert words in run("follow-up", saved, path, code=1).stderr


def test_follow_up_and_replay_want_a_judgment(tmp_path: Path) -> None:
    """A file that is no judgment is refused with what is missing."""
    path = tmp_path / "x.json"
    path.write_text('{"level": "major"}', encoding="utf-8")
    for command in ("follow-up", "replay"):
        error = run(command, path, code=1).stderr
        assert "不是判定结论的 JSON" in error
        assert "observation" in error


def test_replay_tells_whether_it_is_the_same(saved: Path, pack: Path) -> None:
    """The same on the same pack; otherwise the causes and what differs, with exit code 1."""
    assert "与保存的相同" in run("replay", saved, "--pack", pack).stdout
    text = (pack / "deadlines.yaml").read_text(encoding="utf-8").replace("days: 30", "days: 20")
    (pack / "deadlines.yaml").write_text(text, encoding="utf-8")
    shown = run("replay", saved, "--pack", pack, code=1).stdout
    assert "规则库变了" in shown
    assert "结果不同的判定情形:demo-2026.1" in shown
    assert json.loads(run("replay", saved, "--pack", pack, "--json", code=1).stdout)["equal"] is False


# --- coverage -------------------------------------------------------------------------------------------------------


def test_coverage_says_what_is_held_and_missing(pack: Path) -> None:
    """Documents with their windows and counts, what is missing, and industries without a document."""
    shown = run("coverage", "--pack", pack, "--on", "2026-11-20").stdout
    for words in ("demo-2026", "第9条", "部分", "另一业", "没有"):
        assert words in shown
    data = json.loads(run("coverage", "--pack", pack, "--on", "2026-11-20", "--json").stdout)
    documents = {row["document"]: row for row in data["documents"]}
    held = RuleBook.load(packs=[pack])
    for id_, row in documents.items():
        rules = held.rules(document=id_)
        assert row["clauses"] + row["manual"] + row["draft"] == len(rules)
        assert row["manual"] == sum(one.manual for one in rules)
        assert row["in_force"] is held.documents[id_].in_force(DAY)
    page = run("coverage", "--pack", pack, "--on", "2026-11-20", "--markdown").stdout
    assert "按 2026-11-20 有效的文件列出" in page
    assert all(row["name"] in page for row in data["documents"])
    assert "不在有效期" in page


def test_coverage_wants_a_day() -> None:
    """A day that is none is a wrong usage."""
    assert "没有这一天" in run("coverage", "--on", "2026-02-30", code=2).stderr
