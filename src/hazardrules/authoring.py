"""The commands of those who write packs: check, test, schema, packs, explain, new-pack."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from hazardrules import pages
from hazardrules.catalogue import coverage_page, held_documents, held_industries
from hazardrules.errors import PackError
from hazardrules.lang.explain import missing, steps, witness
from hazardrules.lang.kleene import OBSERVED_ON, truth
from hazardrules.lang.nodes import Condition
from hazardrules.lang.parse import Parser
from hazardrules.lang.tokens import ExpressionError
from hazardrules.observation import read_observation, today
from hazardrules.pack.check import Opened, build_pack, check_pack, open_pack, shipped_packs, test_pack
from hazardrules.pack.discovery import discover
from hazardrules.pack.examples import with_assumed
from hazardrules.pack.scaffold import write_scaffold
from hazardrules.pack.schema import FILES
from hazardrules.pack.vocabulary import scope_of
from hazardrules.provinces import packs_page
from hazardrules.regions import region_label
from hazardrules.rulebook import RuleBook
from hazardrules.terminal import Packs, app, assignments, book_of, console, day_of, fail, told

__all__ = ["app"]

PANEL = "写规则包"
"""The heading under which the program lists these commands."""


class Format(StrEnum):
    """How problems are printed: for people, for programs, for annotations of a code host."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


Folders = Annotated[list[Path], typer.Argument(help="规则包文件夹")]
As = Annotated[Format, typer.Option("--format", help="问题的格式:text 给人看,json 给程序,github 作提交注释")]


@app.command("check", rich_help_panel=PANEL)
def _check(packs: Folders, form: As = Format.TEXT) -> None:
    """检查规则包:格式、表达式、标识、期间、词表,以及是否放松了上级。"""
    _each(packs, check_pack, "检查", form)


@app.command("test", rich_help_panel=PANEL)
def _test(packs: Folders, form: As = Format.TEXT) -> None:
    """运行规则包的例子:每个 hit、miss、open,以及没有例子能翻转的条件。"""
    _each(packs, test_pack, "例子", form)


def _each(packs: Sequence[Path], action: Callable[[Opened], list[PackError]], what: str, form: Format) -> None:
    everything: list[PackError] = []
    for folder in packs:
        with told():
            opened = open_pack(folder)
            problems = action(opened)
        everything.extend(problems)
        if form is Format.TEXT:
            pages.print_problems(console(error=True), problems)
            result = f"{len(problems)} 个问题" if problems else "没有问题"
            console().print(f"{opened.summary()};{what}:{result}", markup=False, soft_wrap=True)
    if form is Format.JSON:
        names = ("code", "file", "line", "column", "problem", "hint")
        rows = [{name: getattr(problem, name) for name in names} for problem in everything]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    elif form is Format.GITHUB:
        for problem in everything:
            typer.echo(_annotation(problem))
    if everything:
        raise typer.Exit(1)


def _annotation(problem: PackError) -> str:
    """A line that a code host shows beside the source."""

    def escaped(text: str, *, field: bool = False) -> str:
        text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        return text.replace(":", "%3A").replace(",", "%2C") if field else text

    place = f"file={escaped(problem.file, field=True)},line={problem.line or 1},col={problem.column or 1}"
    message = problem.problem + (f"(提示:{problem.hint})" if problem.hint else "")
    return f"::error {place},title={problem.code}::{escaped(message)}"


@app.command("build", rich_help_panel=PANEL)
def _build(folders: Folders) -> None:
    """做出读得快的编译文件 compiled.jsonl;改了 YAML 以后要重做。"""
    with told():
        for folder in folders:
            console().print(str(build_pack(folder)), markup=False, soft_wrap=True)


@app.command("schema", rich_help_panel=PANEL)
def _schema(
    kind: Annotated[str | None, typer.Argument(help=f"文件种类:{'、'.join(FILES)};不写则全部")] = None,
) -> None:
    """输出规则包各种文件的 JSON Schema,供编辑器使用。"""
    if kind is not None and kind not in FILES:
        fail(f"没有文件种类 {kind};可用:{'、'.join(FILES)}", 2)
    chosen = {name: model.model_json_schema() for name, model in FILES.items() if kind in (None, name)}
    typer.echo(json.dumps(chosen if kind is None else chosen[kind], ensure_ascii=False, indent=2))


@app.command("packs", rich_help_panel=PANEL)
def _packs(
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="随库的地方规则包:整页 Markdown")] = False,
) -> None:
    """列出找得到的规则包:标识、版本、地区、文件、规则、来源、指纹、状态。"""
    if markdown:
        with told():
            typer.echo(packs_page(shipped_packs()), nl=False)
        return
    rows: list[dict[str, Any]] = []
    with told():
        for found in discover():
            row: dict[str, Any] = {"id": found.folder.name, "folder": str(found.folder), "origin": found.origin}
            problems = list(found.problems)
            if found.head is not None:
                opened = open_pack(found.folder)
                problems.extend(opened.problems)
                row |= {"id": found.head.id, "version": found.head.version, "region": region_label(found.head.region)}
                if opened.pack is not None and not problems:
                    row["documents"] = len(opened.pack.documents)
                    row["rules"] = sum(len(document.rules) for document in opened.pack.documents)
                    row["fingerprint"] = RuleBook((opened.pack,)).fingerprint
            row["state"] = f"{len(set(problems))} 个问题" if problems else "可用"
            row["problems"] = [str(problem) for problem in sorted(set(problems))]
            rows.append(row)
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        pages.print_packs(console(), rows)


@app.command("coverage", rich_help_panel=PANEL)
def _coverage(
    on: Annotated[str | None, typer.Option("--on", help="哪一天有效的文件 YYYY-MM-DD;默认今天")] = None,
    region: Annotated[str | None, typer.Option("--region", "-r", help="地区:名称、拼音或代码")] = None,
    pack: Packs = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="输出整页 Markdown")] = False,
) -> None:
    """各行业、各文件收录了多少判定情形,缺什么。"""
    with told():
        book = book_of(pack, region)
        day = today() if on is None else day_of(on)
    if markdown:
        typer.echo(coverage_page(book, day), nl=False)
    elif as_json:
        documents = [row.model_dump(mode="json") for row in held_documents(book, day)]
        industries = [row.model_dump(mode="json") for row in held_industries(book, day)]
        typer.echo(json.dumps({"documents": documents, "industries": industries}, ensure_ascii=False, indent=2))
    else:
        pages.print_coverage(console(), held_documents(book, day), held_industries(book, day))


@app.command("explain", rich_help_panel=PANEL)
def _explain(
    expression: Annotated[str, typer.Argument(help="表达式,或判定情形的标识")],
    fact: Annotated[list[str] | None, typer.Option("--fact", "-f", help="事实=值,可多次")] = None,
    on: Annotated[str | None, typer.Option("--on", help="检查日期 YYYY-MM-DD")] = None,
    region: Annotated[str | None, typer.Option("--region", "-r", help="地区:名称、拼音或代码")] = None,
    pack: Packs = None,
) -> None:
    """逐个显示表达式里每个条件的真假,以及还要知道什么。"""
    with told():
        book = book_of(pack, region)
        reading = read_observation(book, assignments(fact or []), observed_on=on)
        condition = _condition(book, expression)
    facts = with_assumed(condition, {**reading.values, OBSERVED_ON: reading.observation.observed_on}, book.facts)
    outcome = truth(condition, facts)
    labels = {id_: book.facts[id_].label for id_ in (*witness(condition, facts), *missing(condition, facts))}
    because = [f"{labels[f]}:{book.facts[f].show(facts[f])}" for f in witness(condition, facts)]
    asked = [f"{labels[f]}({f};{book.facts[f].allowed()})" for f in missing(condition, facts)]
    pages.print_steps(console(), list(steps(condition, facts)), outcome, because, asked)


def _condition(book: RuleBook, expression: str) -> Condition:
    if any(rule.id == expression for rule in book.rules()):
        rule = book.rule(expression)
        if rule.manual:
            fail(f"{rule.id} 由人判断,没有条件:{rule.inspect or rule.title}")
        return rule.whole
    try:
        return Parser(scope_of(book.facts)).parse(expression)
    except ExpressionError as error:
        problems = [PackError(i.code, "表达式", *_place(expression, i.offset), i.problem, i.hint) for i in error.issues]
        pages.print_problems(console(error=True), problems, {"表达式": expression})
        raise typer.Exit(1) from None


def _place(text: str, offset: int) -> tuple[int, int]:
    """Line and column of a character, from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


@app.command("new-pack", rich_help_panel=PANEL)
def _new_pack(
    name: Annotated[str, typer.Argument(help="地区名称,如 云南、青岛市")],
    folder: Annotated[Path, typer.Argument(help="要建的文件夹,必须不存在或是空的")],
    code: Annotated[str, typer.Option("--code", help="六位行政区划代码,如 530000")],
    id_: Annotated[str | None, typer.Option("--id", help="规则包标识,小写字母、数字和连字符;省级默认用拼音")] = None,
) -> None:
    """建一个可以安装的规则包:文件、规则、例子、期限、测试、说明,拿来就能通过检查。"""
    with told():
        written = write_scaffold(folder, name, code, id_)
    for path in written:
        console().print(str(path), markup=False, soft_wrap=True)
    console().print(f"接下来:cd {folder},读 README.md", markup=False, soft_wrap=True)
