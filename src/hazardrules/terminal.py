"""What the commands share: the program, consoles, and how errors end it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console

from hazardrules.errors import HazardRulesError
from hazardrules.judge import default_book
from hazardrules.model import Judgment
from hazardrules.pack.reader import parse_yaml
from hazardrules.pack.values import parse_day
from hazardrules.rulebook import RuleBook

__all__ = ["Packs", "app", "assignments", "book_of", "console", "day_of", "fail", "saved_judgment", "text_of", "told"]

app = typer.Typer(
    name="hazardrules",
    help="重大事故隐患判定:查规则、判隐患、检查规则包。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Packs = Annotated[list[str] | None, typer.Option("--pack", help="只用这些规则包:文件夹或标识,可多次")]


def console(*, error: bool = False) -> Console:
    """A console that is wide where no terminal sets its width, so that tables can be searched."""
    made = Console(stderr=error, highlight=False)
    return made if made.is_terminal else Console(stderr=error, highlight=False, width=160)


def fail(message: str, code: int = 1) -> NoReturn:
    """End with a message: code 1 for problems of the input or a pack, 2 for wrong usage."""
    console(error=True).print(message, style="red", markup=False, soft_wrap=True)
    raise typer.Exit(code)


@contextmanager
def told() -> Iterator[None]:
    """Errors of the library as messages and exit code 1."""
    try:
        yield
    except HazardRulesError as error:
        fail(str(error))


def book_of(packs: Sequence[str | Path] | None, region: str | None = None) -> RuleBook:
    """The rule book of the packs that were named, or of the region; packs that could not be used are told."""
    book = RuleBook.load(region, packs=list(packs)) if packs else default_book(region)
    for problem in book.problems:
        console(error=True).print(f"规则包没有用上:{problem}", style="yellow", markup=False, soft_wrap=True)
    return book


def assignments(texts: Sequence[str]) -> dict[str, Any]:
    """The facts of several ``--fact``; each may be given once."""
    pairs = [_assignment(text) for text in texts]
    names = [name for name, _ in pairs]
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if twice:
        fail(f"--fact 给了不止一次:{'、'.join(twice)}")
    return dict(pairs)


def _assignment(text: str) -> tuple[str, Any]:
    """``name=value`` of ``--fact``; the value is read as YAML would read it."""
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        fail(f"--fact {text}: 写作 事实=值,如 dust.storeys=3、dust.gathering=[office, rest]", 2)
    file = parse_yaml(value, f"--fact {text}")
    if file.problems:
        fail("\n".join(map(str, file.problems)), 2)
    return name.strip(), file.data


def day_of(on: str) -> date:
    """The day that a text names; wrong ones end the program."""
    try:
        return parse_day(on)
    except ValueError as error:
        fail(f"日期 {on}: {error}", 2)


def text_of(name: str) -> str:
    """The text of a file, or of the standard input."""
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8-sig")
    except OSError as error:
        fail(f"{name}: 文件读不出来:{error.strerror}")
    except UnicodeDecodeError:
        fail(f"{name}: 不是 UTF-8,请另存为 UTF-8")


def saved_judgment(name: str) -> Judgment:
    """A judgment that was saved as JSON."""
    try:
        return Judgment.model_validate_json(text_of(name))
    except ValidationError as error:
        lines = [f"  {'.'.join(map(str, one['loc'])) or '文件'}: {one['msg']}" for one in error.errors()[:10]]
        fail("\n".join([f"{name}: 不是判定结论的 JSON(hazardrules classify --json 的输出)", *lines]))
