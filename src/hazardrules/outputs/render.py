"""Pages as Markdown and HTML. What a user wrote is text in both, whatever it looks like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Final

from hazardrules.errors import HazardRulesError
from hazardrules.markdown import table
from hazardrules.outputs.page import Block, Fields, Heading, Items, Page, Panels, Signs, Table, Text, printable

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["BLANK", "extra", "to_html", "to_markdown"]

BLANK: Final = "＿＿＿＿＿＿＿＿"
"""A line to write on."""


@contextmanager
def extra(name: str) -> Iterator[None]:
    """Imports of an optional package.

    :raises HazardRulesError: where it is missing, with the extra that brings it.
    """
    try:
        yield
    except ImportError as error:
        raise HazardRulesError(f"这种格式要先安装:pip install 'hazardrules[{name}]'") from error


def _plain(text: str) -> str:
    """Text in which no character means anything to Markdown or HTML; the lines of it stay lines."""
    text = printable(text)
    text = re.sub(r"([\\`*_\[\]<>~])", r"\\\1", text.replace("&", "&amp;"))
    return "<br>".join(line.strip() for line in text.split("\n"))


def _paragraph(text: str) -> str:
    """The same at the beginning of a line, where more characters mean something."""
    return re.sub(r"^([#+=-]|\d+(?=[.)]))", r"\\\1", _plain(text))


def _block(block: Block) -> Iterator[str]:
    """The lines of a block."""
    match block:
        case Heading(text, level):
            yield f"{'#' * level} {_plain(text)}"
        case Text(text, kind):
            yield f"> {_paragraph(text)}" if kind == "warning" else _paragraph(text)
        case Items(items, ordered):
            for number, item in enumerate(items, 1):
                yield f"{f'{number}.' if ordered else '-'} {_paragraph(item)}"
        case Fields(pairs):
            for label, value in pairs:
                yield f"- {_plain(label)}:{_plain(value) or BLANK}"
        case Signs(lines):
            for label, value in lines:
                yield f"- {_plain(label)}:{_plain(value)}{BLANK} 日期:{BLANK}"
        case Table(caption, head, _, groups):
            yield f"**{_plain(caption)}**"
            for group in groups:
                yield ""
                if group.title:
                    yield f"**{_plain(group.title)}**"
                    yield ""
                yield from table([_plain(cell) for cell in head], [[_plain(c) for c in row] for row in group.rows])
        case Panels(panels):
            for index, panel in enumerate(panels):
                if index:
                    yield ""
                yield f"### {_plain(panel.title)}"
                yield ""
                for item in panel.items:
                    yield f"- {_paragraph(item)}"


def to_markdown(page: Page) -> str:
    """The page as Markdown."""
    parts = [f"# {_plain(page.title)}"]
    if page.marking:
        parts.append(f"> **{_plain(page.marking)}**")
    if page.subtitle:
        parts.append(_paragraph(page.subtitle))
    parts.extend("\n".join(_block(block)) for block in page.blocks)
    return "\n\n".join(parts) + "\n"


@cache
def _environment() -> Environment:
    with extra("html"):
        from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415  # optional

    made = Environment(
        loader=PackageLoader("hazardrules.outputs"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: printable(value) if isinstance(value, str) else value,
    )
    made.filters["css"] = lambda text: re.sub(r"[^\w\s:,。;、()《》〔〕-]", "", text)
    return made


def to_html(page: Page) -> str:
    """The page as one HTML file that needs nothing else, made to be read on a screen and printed on A4.

    :raises HazardRulesError: where jinja2 is not installed.
    """
    return _environment().get_template("page.html").render(page=page)
