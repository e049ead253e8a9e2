"""The command that judges a file of observations: classify-file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from hazardrules.files.faults import FileError
from hazardrules.files.run import Progress, Summary, classify_file, format_of
from hazardrules.model import Level
from hazardrules.terminal import Packs, app, book_of, console, day_of, fail, told

__all__ = ["app"]


@app.command("classify-file")
def _classify_file(
    source: Annotated[Path, typer.Argument(metavar="IN", help="检查发现:.csv、.jsonl、.parquet、.xlsx,一行一次")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="输出,格式看后缀:.csv、.jsonl、.parquet、.xlsx")],
    industry: Annotated[list[str] | None, typer.Option("--industry", "-i", help="没有写行业的行:行业,可多次")] = None,
    region: Annotated[str | None, typer.Option("--region", "-r", help="没有写地区的行:地区")] = None,
    on: Annotated[str | None, typer.Option("--on", help="没有写检查日期的行:日期 YYYY-MM-DD,默认今天")] = None,
    reported: Annotated[bool, typer.Option("--reported/--not-reported", help="没有写上报的行:是否作为隐患上报")] = True,
    policy: Annotated[Path | None, typer.Option("--policy", help="代替默认期限策略的文件")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="加一列 reason:判定理由")] = False,
    keep: Annotated[
        list[str] | None, typer.Option("--keep", help="不是事实、只照抄的列,可多次;* 为所有不认识的列")
    ] = None,
    rejects: Annotated[Path | None, typer.Option("--rejects", help="拒收文件,默认 OUT.rejects.csv")] = None,
    kind: Annotated[str | None, typer.Option("--format", help="IN 的格式:csv、jsonl、parquet、xlsx;默认看后缀")] = None,
    encoding: Annotated[str | None, typer.Option("--encoding", help="IN 的编码:utf-8、gb18030;默认自己辨认")] = None,
    sheet: Annotated[str | None, typer.Option("--sheet", help="工作簿有几张表时,用哪一张")] = None,
    restart: Annotated[bool, typer.Option("--restart", help="不接着做,从头做,覆盖已有的输出")] = False,
    pack: Packs = None,
) -> None:
    """判定一个文件的检查发现,一行一次:内存有界,有问题的行另列,中断后可接着做。"""
    for path, said in ((source, kind), (target, None)):
        try:
            format_of(path, said)
        except FileError as error:
            fail(str(error), 2)
    day = None if on is None else day_of(on)
    try:
        with told(), _bar() as show:
            if pack is None:
                book_of(None, region)  # tells of packs that could not be used
            found = classify_file(
                source,
                target,
                industry=industry,
                region=region,
                observed_on=day,
                reported=reported,
                packs=pack,
                policy=policy,
                explain=explain,
                kind=kind,
                encoding=encoding,
                sheet=sheet,
                keep=keep or (),
                rejects=rejects,
                restart=restart,
                on_chunk=show,
            )
    except KeyboardInterrupt:
        fail("已中断;再运行同一条命令,从中断的地方接着做")
    _tell(found)
    if found.refused:
        raise typer.Exit(1)


def _tell(found: Summary) -> None:
    """The line at the end, and what needs a look."""
    levels = "、".join(f"{Level(id_).label} {count}" for id_, count in found.levels.items())
    resumed = f"(其中 {found.resumed} 行此前已判定)" if found.resumed else ""
    text = f"{found.target}:{found.rows} 行{resumed}:{levels}、拒收 {found.refused}"
    console().print(text, markup=False, soft_wrap=True)
    told_of = console(error=True)
    if found.refused:
        said = f"拒收 {found.refused} 行:有问题,没有判定,逐项列在 {found.rejects}"
        told_of.print(said, style="yellow", markup=False, soft_wrap=True)
    if found.cut:
        said = f"{found.cut} 格文字超过 Excel 一格的上限,已截短,末尾是“…”;要全文请输出 .csv 或 .jsonl"
        told_of.print(said, style="yellow", markup=False, soft_wrap=True)


@contextmanager
def _bar() -> Iterator[Callable[[Progress], None] | None]:
    """A progress bar on the standard error, if that is a terminal."""
    screen = console(error=True)
    if not screen.is_terminal:
        yield None
        return
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415
    from rich.progress import Progress as Bar  # noqa: PLC0415

    rows = TextColumn("{task.fields[rows]} 行")
    with Bar(TextColumn("判定"), BarColumn(), TaskProgressColumn(), rows, TimeRemainingColumn(), console=screen) as bar:
        task = bar.add_task("", total=None, rows=0)

        def show(progress: Progress) -> None:
            total = progress.total or None
            bar.update(task, completed=min(progress.done, progress.total), total=total, rows=progress.rows)

        yield show
