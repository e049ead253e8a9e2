"""The commands that make papers: checklist, card, notice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from hazardrules.outputs.card import Card
from hazardrules.outputs.checklist import Checklist
from hazardrules.outputs.notice import Notice
from hazardrules.terminal import Packs, app, book_of, console, day_of, fail, saved_judgment, told

__all__ = ["app"]

PANEL: Final = "带走的文书"
"""The heading under which the program lists these commands."""

Industry = Annotated[list[str] | None, typer.Option("--industry", "-i", help="行业:标识、名称或别名,可多次")]
Day = Annotated[str | None, typer.Option("--on", help="按哪一天有效的文件 YYYY-MM-DD;默认今天")]
Region = Annotated[str | None, typer.Option("--region", "-r", help="地区:名称、拼音或代码")]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="写到文件,格式看扩展名;不写则输出 Markdown")]


def _written(paper: Checklist | Card | Notice, out: Path | None, **options: Any) -> None:
    """Write a paper in the form that the name of the file asks for, or print it as Markdown."""
    if out is None:
        typer.echo(paper.to_markdown(), nl=False)
        return
    ways: dict[str, Callable[[], object]] = {
        ".md": lambda: out.write_text(paper.to_markdown(), encoding="utf-8"),
        ".html": lambda: out.write_text(paper.to_html(), encoding="utf-8"),
        ".docx": lambda: paper.to_word(out),
    }
    if isinstance(paper, Checklist):
        ways[".xlsx"] = lambda: paper.to_excel(out, **options)
    way = ways.get(out.suffix.lower())
    if way is None:
        fail(f"{out}: 不认识的扩展名 {out.suffix or '(没有)'};可用:{'、'.join(ways)}", 2)
    try:
        way()
    except OSError as error:
        fail(f"{out}: 文件写不进去:{error.strerror}")
    console().print(str(out), markup=False, soft_wrap=True)


@app.command("checklist", rich_help_panel=PANEL)
def _checklist(
    industry: Industry = None,
    topic: Annotated[
        list[str] | None,
        typer.Option("--topic", "-t", help="专题的关键词,可多次,有一个出现即列入;空格分开的几个词要都出现"),
    ] = None,
    without: Annotated[list[str] | None, typer.Option("--without", help="不算数的词语,如 外包装,可多次")] = None,
    title: Annotated[str | None, typer.Option("--title", help="专题的名称;默认用关键词")] = None,
    column: Annotated[
        list[str] | None, typer.Option("--column", help="只要这些列,如 查什么、谁去查、怎么查,可多次")
    ] = None,
    objects: Annotated[int, typer.Option("--objects", help="Excel 的检查记录页有几个对象列")] = 3,
    on: Day = None,
    region: Region = None,
    pack: Packs = None,
    out: Out = None,
) -> None:
    """检查表:一个行业或一个专题的检查内容、方式、问题表现、整改要求、依据、责任部门。"""
    if not industry and not topic:
        fail("用 -i 给出行业,或者用 --topic 给出专题的关键词", 2)
    with told():
        made = book_of(pack, region).checklist(
            industry,
            on=None if on is None else day_of(on),
            topic=title or ("、".join(topic) if topic else None),
            words=topic,
            without=without or (),
            columns=column,
        )
        _written(made, out, objects=objects)


@app.command("card", rich_help_panel=PANEL)
def _card(
    industry: Industry = None, on: Day = None, region: Region = None, pack: Packs = None, out: Out = None
) -> None:
    """提示卡(明白纸):一个行业的重大事故隐患和发现以后怎么办,一页 A4。"""
    if not industry:
        fail("用 -i 给出行业", 2)
    with told():
        _written(book_of(pack, region).card(industry, on=None if on is None else day_of(on)), out)


@app.command("notice", rich_help_panel=PANEL)
def _notice(
    file: Annotated[str, typer.Argument(help="判定结论的 JSON(classify --json 的输出);- 为标准输入")],
    unit: Annotated[str | None, typer.Option("--unit", help="被检查单位")] = None,
    place: Annotated[str | None, typer.Option("--place", help="检查地点")] = None,
    inspector: Annotated[list[str] | None, typer.Option("--inspector", help="检查人员,可多次")] = None,
    authority: Annotated[str | None, typer.Option("--authority", help="签发机关")] = None,
    number: Annotated[str | None, typer.Option("--number", help="文书编号")] = None,
    pack: Packs = None,
    out: Out = None,
) -> None:
    """整改通知书的草稿:没有给出的留空待填,须由有权机关审核签发。"""
    judgment = saved_judgment(file)
    with told():
        made = judgment.to_notice(
            unit=unit,
            place=place,
            inspector=inspector,
            authority=authority,
            number=number,
            book=book_of(pack, judgment.observation.region),
        )
        _written(made, out)
