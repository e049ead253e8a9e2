"""The command line: judge an observation, look rules and facts up, check and test packs.

Exit codes: 0 done, 1 the input or a pack has problems, 2 usage.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Final, NoReturn

import typer
from rich.console import Console

from hazardrules import pages
from hazardrules._version import __version__
from hazardrules.errors import HazardRulesError, PackError
from hazardrules.judge import classify as judge
from hazardrules.judge import default_book
from hazardrules.nearest import fold, nearest_hint
from hazardrules.pack.check import check_pack, open_pack, test_pack
from hazardrules.pack.reader import parse_yaml
from hazardrules.pack.schema import FILES
from hazardrules.pack.values import parse_day
from hazardrules.rulebook import RuleBook

__all__ = ["app"]

app = typer.Typer(
    name="hazardrules",
    help="重大事故隐患判定:查规则、判隐患、检查规则包。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

ARGUMENTS: Final = ("facts", "other", "asserted", "industry", "region", "observed_on", "reported", "ref")
"""The keys of an observation file."""

Industry = Annotated[list[str] | None, typer.Option("--industry", "-i", help="行业:标识、名称或别名,可多次")]
Document = Annotated[str | None, typer.Option("--document", "-d", help="判定标准文件的标识")]
Day = Annotated[str | None, typer.Option("--on", help="检查日期 YYYY-MM-DD;按当日有效的文件判定")]
Packs = Annotated[list[Path] | None, typer.Option("--pack", help="只用这些规则包文件夹,上级在前,可多次")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON")]


def _console(*, error: bool = False) -> Console:
    """A console that is wide where no terminal sets its width, so that tables can be searched."""
    console = Console(stderr=error, highlight=False)
    return console if console.is_terminal else Console(stderr=error, highlight=False, width=160)


def _fail(message: str, code: int = 1) -> NoReturn:
    _console(error=True).print(message, style="red", markup=False, soft_wrap=True)
    raise typer.Exit(code)


@contextmanager
def _reported() -> Iterator[None]:
    """Errors of the library as messages and exit code 1."""
    try:
        yield
    except HazardRulesError as error:
        _fail(str(error))


def _book(packs: Sequence[Path] | None) -> RuleBook:
    return RuleBook.load(packs=list(packs)) if packs else default_book()


def _version(show: bool) -> None:
    if show:
        typer.echo(f"hazardrules {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="显示版本")] = False,
) -> None:
    """重大事故隐患判定:查规则、判隐患、检查规则包。"""


@app.command("classify")
def _classify(
    file: Annotated[str | None, typer.Argument(help="JSON 或 YAML 文件;- 为标准输入")] = None,
    fact: Annotated[list[str] | None, typer.Option("--fact", "-f", help="事实=值,如 dust.storeys=3,可多次")] = None,
    other: Annotated[list[str] | None, typer.Option("--other", help="词表里没有的情况,用文字写,可多次")] = None,
    asserted: Annotated[list[str] | None, typer.Option("--assert", help="人工认定的判定情形标识,可多次")] = None,
    industry: Industry = None,
    region: Annotated[str | None, typer.Option("--region", "-r", help="地区:名称、拼音或代码")] = None,
    on: Day = None,
    ref: Annotated[str | None, typer.Option("--ref", help="自己的编号")] = None,
    reported: Annotated[bool | None, typer.Option("--reported/--not-reported", help="是否作为隐患上报")] = None,
    lenient: Annotated[bool, typer.Option("--lenient", help="有问题的事实列出来,不中断")] = False,
    policy: Annotated[Path | None, typer.Option("--policy", help="代替默认期限策略的文件")] = None,
    pack: Packs = None,
    as_json: AsJson = False,
) -> None:
    """判定一次检查发现:重大、一般或未构成隐患。"""
    with _reported():
        book = _book(pack)
        given = _observation(file) if file is not None else {}
        if fact:
            given["facts"] = _extended(given, "facts", dict) | _assignments(fact)
        if other:
            given["other"] = [*_extended(given, "other", list), *other]
        if asserted:
            given["asserted"] = [*_extended(given, "asserted", list), *asserted]
        options = {"industry": industry, "region": region, "observed_on": on, "ref": ref, "reported": reported}
        given.update({key: value for key, value in options.items() if value is not None})
        if file is None and not (fact or other or asserted):
            _fail("没有给出检查发现:给一个文件,或用 --fact、--other、--assert", 2)
        judgment = judge(strict=not lenient, policy=policy, book=book, **given)
    if as_json:
        typer.echo(judgment.model_dump_json(indent=2))
    else:
        pages.print_judgment(_console(), book, judgment)


def _extended(given: dict[str, Any], key: str, kind: type[Any]) -> Any:
    """What the file gives under ``key``, to which options add."""
    value = given.get(key, kind())
    if not isinstance(value, kind):
        _fail(f"{key} 的写法不对,不能再用选项补充:{value!r}")
    return value


def _observation(name: str) -> dict[str, Any]:
    """The arguments of ``classify()`` that a file states."""
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8-sig")
    except OSError as error:
        _fail(f"{name}: 文件读不出来:{error.strerror}")
    except UnicodeDecodeError:
        _fail(f"{name}: 不是 UTF-8,请另存为 UTF-8")
    data = _parse(text, name)
    if not isinstance(data, dict):
        _fail(f"{name}: 检查发现要写成映射,如 {{facts: {{dust.storeys: 3}}, industry: 机械}}")
    if not any(key in ARGUMENTS for key in data):
        return {"facts": data}
    data = {key: value for key, value in data.items() if value is not None}
    unknown = [key for key in data if key not in ARGUMENTS]
    if unknown:
        usable = f"可用:{'、'.join(ARGUMENTS)}"
        lines = [f"{name}: 不认识的键 {key}({nearest_hint(key, ARGUMENTS) or usable})" for key in unknown]
        _fail("\n".join([*lines, "事实写在 facts 下面"]))
    return data


def _parse(text: str, name: str) -> Any:
    """JSON if it is JSON, else YAML; duplicate keys are refused in both."""
    twice: list[str] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in items]
        twice.extend(key for key in set(keys) if keys.count(key) > 1)
        return dict(items)

    try:
        data = json.loads(text, parse_float=Decimal, object_pairs_hook=pairs)
    except (ValueError, RecursionError):  # no JSON, or numbers too long for it
        file = parse_yaml(text, name)
        if file.problems:
            _fail("\n".join(map(str, file.problems)))
        return file.data
    if twice:
        _fail(f"{name}: 键重复:{'、'.join(sorted(set(twice)))}")
    return data


def _assignments(texts: Sequence[str]) -> dict[str, Any]:
    """The facts of several ``--fact``; each may be given once."""
    pairs = [_assignment(text) for text in texts]
    names = [name for name, _ in pairs]
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if twice:
        _fail(f"--fact 给了不止一次:{'、'.join(twice)}")
    return dict(pairs)


def _assignment(text: str) -> tuple[str, Any]:
    """``name=value`` of ``--fact``; the value is read as YAML would read it."""
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        _fail(f"--fact {text}: 写作 事实=值,如 dust.storeys=3、dust.gathering=[office, rest]", 2)
    file = parse_yaml(value, f"--fact {text}")
    if file.problems:
        _fail("\n".join(map(str, file.problems)), 2)
    return name.strip(), file.data


@app.command("rules")
def _rules(
    text: Annotated[str | None, typer.Argument(help="要找的文字,空格分开的词都要出现")] = None,
    industry: Industry = None,
    document: Document = None,
    on: Day = None,
    pack: Packs = None,
    as_json: AsJson = False,
) -> None:
    """列出或查找判定情形。"""
    with _reported():
        book = _book(pack)
        day = _day(on)
        found = book.rules(text, industry=industry, document=document, on=day)
    if as_json:
        rows = [{"rule": r.id, "citation": book.cite(r), "group": r.group, "title": r.title} for r in found]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        pages.print_rules(_console(), book, found)
    if not found:
        _fail("没有符合条件的判定情形")


def _day(on: str | None) -> Any:
    if on is None:
        return None
    try:
        return parse_day(on)
    except ValueError as error:
        _fail(f"--on: {error}", 2)


@app.command("facts")
def _facts(
    text: Annotated[str | None, typer.Argument(help="要找的文字,空格分开的词都要出现")] = None,
    industry: Industry = None,
    document: Document = None,
    pack: Packs = None,
    as_json: AsJson = False,
) -> None:
    """列出或查找观测事实。"""
    with _reported():
        book = _book(pack)
        read = {f for rule in book.rules(industry=industry, document=document) for f in rule.reads}
        words = [fold(word) for word in (text or "").split()]
        narrowed = industry is not None or document is not None
        found = [
            fact
            for fact in book.facts.values()
            if (not narrowed or fact.id in read)
            and all(word in fold(" ".join([fact.id, fact.label, *fact.options.values()])) for word in words)
        ]
    if as_json:
        rows = [
            {"fact": f.id, "label": f.label, "type": f.type, "unit": f.unit, "options": dict(f.options)} for f in found
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        pages.print_facts(_console(), found)
    if not found:
        _fail("没有符合条件的事实")


@app.command("show")
def _show(rule: Annotated[str, typer.Argument(help="判定情形的标识,如 gongmao-2023.11.1")], pack: Packs = None) -> None:
    """显示一条判定情形:条文、条件、事实、例子、有效期间。"""
    with _reported():
        book = _book(pack)
        pages.print_rule(_console(), book, book.rule(rule))


@app.command("check")
def _check(packs: Annotated[list[Path], typer.Argument(help="规则包文件夹")]) -> None:
    """检查规则包:格式、表达式、标识、期间、词表。"""
    _each(packs, check_pack, "检查")


@app.command("test")
def _test(packs: Annotated[list[Path], typer.Argument(help="规则包文件夹")]) -> None:
    """运行规则包的例子:每个 hit、miss、open,以及没有例子能翻转的条件。"""
    _each(packs, test_pack, "例子")


def _each(packs: Sequence[Path], action: Any, what: str) -> None:
    failed = False
    for folder in packs:
        with _reported():
            opened = open_pack(folder)
            problems: list[PackError] = action(opened)
        for problem in problems:
            _console(error=True).print(str(problem), markup=False, soft_wrap=True)
        failed = failed or bool(problems)
        result = f"{len(problems)} 个问题" if problems else "没有问题"
        _console().print(f"{opened.summary()};{what}:{result}", markup=False, soft_wrap=True)
    if failed:
        raise typer.Exit(1)


@app.command("schema")
def _schema(
    kind: Annotated[str | None, typer.Argument(help=f"文件种类:{'、'.join(FILES)};不写则全部")] = None,
) -> None:
    """输出规则包各种文件的 JSON Schema,供编辑器使用。"""
    if kind is not None and kind not in FILES:
        _fail(f"没有文件种类 {kind};可用:{'、'.join(FILES)}", 2)
    chosen = {name: model.model_json_schema() for name, model in FILES.items() if kind in (None, name)}
    typer.echo(json.dumps(chosen if kind is None else chosen[kind], ensure_ascii=False, indent=2))
