"""The commands of those who keep the catalogue as a database: export, record."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from hazardrules.model import Judgment
from hazardrules.outputs import database
from hazardrules.outputs.export import FORMATS
from hazardrules.terminal import Packs, app, book_of, console, fail, told

__all__ = ["app"]

PANEL = "数据库"
"""The heading under which the program lists these commands."""

SUFFIXES = "、".join(suffix for suffixes in FORMATS.values() for suffix in suffixes)


@app.command("export", rich_help_panel=PANEL)
def _export(
    out: Annotated[Path, typer.Argument(help=f"写到哪里,按后缀定格式:{SUFFIXES}(一个文件夹)")],
    form: Annotated[str | None, typer.Option("--format", help=f"格式:{'、'.join(FORMATS)};默认按后缀")] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="已有的换掉;数据库里记入的结论保留")] = False,
    region: Annotated[str | None, typer.Option("--region", "-r", help="地区:名称、拼音或代码")] = None,
    pack: Packs = None,
) -> None:
    """导出重大事故隐患数据库:SQLite、Parquet、JSON 或 Excel。"""
    with told():
        book = book_of(pack, region)
        written = book.export(out, format=form, overwrite=overwrite)
    counts = f"{len(book.documents)} 个文件,{len(book.rules())} 条判定情形,{len(book.facts)} 个观测事实"
    console().print(f"{written}:{counts}", markup=False, soft_wrap=True)


@app.command("record", rich_help_panel=PANEL)
def _record(
    file: Annotated[Path, typer.Argument(metavar="数据库", help="export 导出的 SQLite 数据库")],
    judgments: Annotated[
        list[Path],
        typer.Argument(metavar="结论...", help="判定结论的 JSON(classify --json 的输出),或者每行一个"),
    ],
    unit: Annotated[str | None, typer.Option("--unit", help="这些结论是哪个单位的")] = None,
) -> None:
    """把判定结论记入数据库;同一单位同样的结论只记一次,有一份读不出来就都不记。"""
    found: list[Judgment] = []
    problems: list[str] = []
    for name in judgments:
        try:
            text = name.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            problems.append(f"{name}: 读不出来:{getattr(error, 'strerror', None) or '不是 UTF-8 文字'}")
            continue
        for place, one in _parts(str(name), text):
            try:
                found.append(Judgment.model_validate_json(one))
            except ValidationError as error:
                first = error.errors()[0]
                where = ".".join(map(str, first["loc"]))
                problems.append(f"{place}: 不是判定结论的 JSON:{where and where + ' '}{first['msg']}")
    if problems:
        fail("\n".join([*problems, "没有记入任何结论"]))
    with told():
        added = database.append(file, found, unit=unit)
        others = database.other_books(file)
    console().print(f"记入 {added} 份,已有 {len(found) - added} 份", markup=False, soft_wrap=True)
    for other in others:
        text = f"库里有 {other.judgments} 份结论是按另一版规则库判定的(指纹 {other.fingerprint[:16]})"
        console(error=True).print(text, style="yellow", markup=False, soft_wrap=True)


def _parts(name: str, text: str) -> list[tuple[str, str]]:
    """The judgments of a file with their places: JSON Lines where each line begins an object, else one as a whole."""
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if name.lower().endswith((".jsonl", ".ndjson")) or (
        len(lines) > 1 and all(line.startswith("{") and len(line) > 1 for _, line in lines)
    ):
        return [(f"{name} 第{number}行", line) for number, line in lines]
    return [(name, text)]
