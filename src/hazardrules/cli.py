"""The command line: judge an observation, look rules and facts up; ``authoring`` adds what writers of packs need.

Exit codes: 0 done, 1 the input or a pack has problems, 2 usage.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from hazardrules import exporting, filing, pages, printing, running  # noqa: F401  # their commands are the program's
from hazardrules._version import __version__
from hazardrules.authoring import app
from hazardrules.backtesting import Verdicts, backtest
from hazardrules.errors import HazardRulesError
from hazardrules.following import follow_up
from hazardrules.judge import classify as judge
from hazardrules.nearest import nearest_hint
from hazardrules.observation import today
from hazardrules.pack.reader import parse_yaml
from hazardrules.replaying import replay
from hazardrules.terminal import Packs, assignments, book_of, console, day_of, fail, saved_judgment, text_of, told
from hazardrules.transition import transition_page

__all__ = ["app"]

ARGUMENTS: Final = ("facts", "other", "asserted", "industry", "region", "observed_on", "reported", "ref", "ordered")
"""The keys of an observation file."""

Industry = Annotated[list[str] | None, typer.Option("--industry", "-i", help="行业:标识、名称或别名,可多次")]
Document = Annotated[str | None, typer.Option("--document", "-d", help="判定标准文件的标识")]
Day = Annotated[str | None, typer.Option("--on", help="检查日期 YYYY-MM-DD;按当日有效的文件判定")]
Region = Annotated[str | None, typer.Option("--region", "-r", help="地区:名称、拼音或代码")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON")]


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
    region: Region = None,
    on: Day = None,
    ref: Annotated[str | None, typer.Option("--ref", help="自己的编号")] = None,
    reported: Annotated[bool | None, typer.Option("--reported/--not-reported", help="是否作为隐患上报")] = None,
    due: Annotated[str | None, typer.Option("--due", help="责令期限的最后一日,与 --instrument 一起用")] = None,
    instrument: Annotated[str | None, typer.Option("--instrument", help="责令整改的文书编号")] = None,
    lenient: Annotated[bool, typer.Option("--lenient", help="有问题的事实列出来,不中断")] = False,
    policy: Annotated[Path | None, typer.Option("--policy", help="代替默认期限策略的文件")] = None,
    pack: Packs = None,
    as_json: AsJson = False,
) -> None:
    """判定一次检查发现:重大、一般或未构成隐患。"""
    with told():
        given = _observation(file) if file is not None else {}
        if fact:
            given["facts"] = _extended(given, "facts", dict) | assignments(fact)
        if other:
            given["other"] = [*_extended(given, "other", list), *other]
        if asserted:
            given["asserted"] = [*_extended(given, "asserted", list), *asserted]
        options: dict[str, Any] = {"industry": industry, "region": region, "observed_on": on, "ref": ref}
        options["reported"] = reported
        if (due is None) != (instrument is None):
            fail("--due 和 --instrument 要一起用", 2)
        options["ordered"] = None if due is None else [due, instrument]
        given.update({key: value for key, value in options.items() if value is not None})
        if file is None and not (fact or other or asserted):
            fail("没有给出检查发现:给一个文件,或用 --fact、--other、--assert", 2)
        place = given.get("region")
        book = book_of(pack, place if isinstance(place, str) else None)
        judgment = judge(strict=not lenient, policy=policy, book=book, **given)
    if as_json:
        typer.echo(judgment.model_dump_json(indent=2))
    else:
        pages.print_judgment(console(), book, judgment)


def _extended(given: dict[str, Any], key: str, kind: type[Any]) -> Any:
    """What the file gives under ``key``, to which options add."""
    value = given.get(key, kind())
    if not isinstance(value, kind):
        fail(f"{key} 的写法不对,不能再用选项补充:{value!r}")
    return value


def _observation(name: str, text: str | None = None) -> dict[str, Any]:
    """The arguments of ``classify()`` that a file states, or the text that is already there."""
    data = _parse(text_of(name) if text is None else text, name)
    if not isinstance(data, dict):
        fail(f"{name}: 检查发现要写成映射,如 {{facts: {{dust.storeys: 3}}, industry: 机械}}")
    if not any(key in ARGUMENTS for key in data):
        return {"facts": data}
    data = {key: value for key, value in data.items() if value is not None}
    unknown = [key for key in data if key not in ARGUMENTS]
    if unknown:
        usable = f"可用:{'、'.join(ARGUMENTS)}"
        lines = [f"{name}: 不认识的键 {key}({nearest_hint(key, ARGUMENTS) or usable})" for key in unknown]
        fail("\n".join([*lines, "事实写在 facts 下面"]))
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
            fail("\n".join(map(str, file.problems)))
        return file.data
    if twice:
        fail(f"{name}: 键重复:{'、'.join(sorted(set(twice)))}")
    return data


@app.command("rules")
def _rules(
    text: Annotated[str | None, typer.Argument(help="要找的文字,空格分开的词都要出现")] = None,
    industry: Industry = None,
    document: Document = None,
    on: Day = None,
    region: Region = None,
    pack: Packs = None,
    as_json: AsJson = False,
) -> None:
    """列出或查找判定情形。"""
    with told():
        book = book_of(pack, region)
        day = None if on is None else day_of(on)
        found = book.rules(text, industry=industry, document=document, on=day)
    if as_json:
        rows = [{"rule": r.id, "citation": book.cite(r), "group": r.group, "title": r.title} for r in found]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        pages.print_rules(console(), book, found)
    if not found:
        fail("没有符合条件的判定情形")


@app.command("facts")
def _facts(
    text: Annotated[str | None, typer.Argument(help="要找的文字,空格分开的词都要出现")] = None,
    industry: Industry = None,
    document: Document = None,
    region: Region = None,
    pack: Packs = None,
    as_json: AsJson = False,
) -> None:
    """列出或查找观测事实。"""
    with told():
        book = book_of(pack, region)
        found = book.find_facts(text, industry=industry, document=document)
        near = [] if found or text is None else book.nearest_facts(text, 5)
    if as_json:
        rows = [
            {"fact": f.id, "label": f.label, "type": f.type, "unit": f.unit, "options": dict(f.options), "note": f.note}
            for f in found
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        pages.print_facts(console(), found)
    if not found:
        names = "".join(f"\n  · {fact.label}({fact.id})" for fact in near)
        fail("没有符合条件的事实" + (f";最接近的是:{names}" if names else ""))


@app.command("diff")
def _diff(
    before: Annotated[str, typer.Argument(help="日期 YYYY-MM-DD")],
    after: Annotated[str, typer.Argument(help="日期 YYYY-MM-DD")],
    industry: Industry = None,
    everything: Annotated[bool, typer.Option("--all", help="条件相同的也列出")] = False,
    region: Region = None,
    pack: Packs = None,
    as_json: AsJson = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="一个行业的整页 Markdown,用 -i 指明行业")] = False,
) -> None:
    """比较两天的判定情形:新增、删去、从严、放宽,条件和数字变在哪里。"""
    first, second = day_of(before), day_of(after)
    if markdown:
        if not industry or len(industry) != 1:
            fail("--markdown 要用 -i 指明一个行业", 2)
        with told():
            typer.echo(transition_page(book_of(pack, region), first, second, industry[0]), nl=False)
        return
    with told():
        book = book_of(pack, region)
        changes = book.on(first).diff(book.on(second)).changes
        kept = {rule.id for rule in book.rules(industry=industry)}
    chosen = [
        change
        for change in changes
        if (everything or change.relation != "same")
        and any(side is not None and side.rule in kept for side in (change.before, change.after))
    ]
    if as_json:
        rows = [change.model_dump(mode="json") for change in chosen]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        pages.print_changes(console(), chosen)


@app.command("backtest")
def _backtest(
    file: Annotated[str, typer.Argument(help="检查发现,每行一个 JSON;- 为标准输入")],
    before: Annotated[str, typer.Argument(help="日期 YYYY-MM-DD")],
    after: Annotated[str, typer.Argument(help="日期 YYYY-MM-DD")],
    everything: Annotated[bool, typer.Option("--all", help="结论相同的也列出")] = False,
    region: Region = None,
    pack: Packs = None,
    as_json: AsJson = False,
) -> None:
    """同一批检查发现按两天的法律各判一次:哪些结论不同,因为哪些条款。"""
    first, second = day_of(before), day_of(after)
    found: list[Verdicts] = []
    with told():
        book = book_of(pack, region)
    for number, line in enumerate(text_of(file).splitlines(), 1):
        if line.strip():
            place = f"{file} 第{number}行"
            try:
                (one,) = backtest([_observation(place, line)], first, second, book)
            except HazardRulesError as error:
                fail(f"{place}: {error}")
            found.append(one.model_copy(update={"number": number}))
    shown = [one for one in found if everything or one.changed]
    if as_json:
        typer.echo(json.dumps([one.model_dump(mode="json") for one in shown], ensure_ascii=False, indent=2))
    else:
        pages.print_verdicts(console(), shown)
        changed = sum(one.changed for one in found)
        console().print(f"{len(found)} 条检查发现,{changed} 条的结论不同", markup=False)


@app.command("follow-up")
def _follow_up(
    file: Annotated[str, typer.Argument(help="判定结论的 JSON(classify --json 的输出);- 为标准输入")],
    events: Annotated[str | None, typer.Argument(help="后来发生的事:YAML 或 JSON 的列表")] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="到哪一天为止 YYYY-MM-DD;默认今天")] = None,
    programme: Annotated[
        str | None, typer.Option("--programme", help="专项行动的标识:加压到哪一步,销号还缺什么")
    ] = None,
    pack: Packs = None,
    as_json: AsJson = False,
) -> None:
    """查、改、督、销:一项判定到某一天的状态、逾期天数、下一项义务。"""
    judgment = saved_judgment(file)
    happened = [] if events is None else _parse(text_of(events), events)
    if not isinstance(happened, list):
        fail(f"{events}: 要写成列表,如 [{{kind: rectified, on: 2026-12-01}}]")
    if programme is not None:
        running.follow(judgment, as_of or today(), happened, programme, pack, as_json=as_json)
        return
    with told():
        found = follow_up(judgment, as_of or today(), happened)
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
    else:
        pages.print_follow_up(console(), found)


@app.command("replay")
def _replay(
    file: Annotated[str, typer.Argument(help="判定结论的 JSON(classify --json 的输出);- 为标准输入")],
    policy: Annotated[Path | None, typer.Option("--policy", help="判定时用的期限策略文件")] = None,
    region: Region = None,
    pack: Packs = None,
    as_json: AsJson = False,
) -> None:
    """从保存的结论重算一遍:相同,或者列出差异和原因(有差异时退出码为1)。"""
    judgment = saved_judgment(file)
    with told():
        book = book_of(pack, region or judgment.observation.region)
        again = replay(judgment, book=book, policy=policy)
    if as_json:
        typer.echo(again.model_dump_json(indent=2))
    else:
        pages.print_replay(console(), again)
    if not again.equal:
        raise typer.Exit(1)


@app.command("show")
def _show(
    rule: Annotated[str, typer.Argument(help="判定情形的标识,如 gongmao-2023.11.1")],
    region: Region = None,
    pack: Packs = None,
) -> None:
    """显示一条判定情形:条文、条件、事实、例子、有效期间。"""
    with told():
        book = book_of(pack, region)
        pages.print_rule(console(), book, book.rule(rule))
