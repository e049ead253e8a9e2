"""A paper as a list of blocks, free of the form in which it is rendered."""

from __future__ import annotations

import re
from typing import Final, TypeAlias

from hazardrules.record import Record

__all__ = [
    "Block",
    "Fields",
    "Group",
    "Heading",
    "Items",
    "Page",
    "Panel",
    "Panels",
    "Signs",
    "Table",
    "Text",
    "printable",
]

_UNSEEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
"""Characters that no paper shows, or that turn the text after them round."""


def printable(text: str) -> str:
    """The text with a mark in place of every character that cannot be printed; its lines stay lines."""
    return _UNSEEN.sub("\ufffd", text.replace("\r\n", "\n").replace("\t", " "))


class Heading(Record):
    """A heading below the title: level 2 or 3."""

    block = "heading"
    text: str
    level: int = 2


class Text(Record):
    """A paragraph; ``kind`` is "" or ``note`` (small) or ``warning`` (framed)."""

    block = "text"
    text: str
    kind: str = ""


class Items(Record):
    """A list, numbered where the order counts."""

    block = "items"
    items: tuple[str, ...]
    ordered: bool = False


class Fields(Record):
    """Labels with values; an empty value is a line to write on. ``short`` ones stand two in a line."""

    block = "fields"
    pairs: tuple[tuple[str, str], ...]
    short: bool = False


class Group(Record):
    """Rows of a table under a heading of their own ("" for none)."""

    title: str
    rows: tuple[tuple[str, ...], ...]


class Table(Record):
    """A table with a caption. ``shares`` are the widths of the columns in percent; the first column heads its row."""

    block = "table"
    caption: str
    head: tuple[str, ...]
    shares: tuple[int, ...]
    groups: tuple[Group, ...]


class Panel(Record):
    """A short list under a heading."""

    title: str
    items: tuple[str, ...]


class Panels(Record):
    """Short lists side by side, in so many columns and a print of so many points."""

    block = "panels"
    panels: tuple[Panel, ...]
    columns: int = 2
    points: float = 8


class Signs(Record):
    """Lines to sign on: who signs, and what is already known of it."""

    block = "signs"
    lines: tuple[tuple[str, str], ...]


Block: TypeAlias = "Heading | Text | Items | Fields | Table | Panels | Signs"


class Page(Record):
    """A paper. ``marking`` stands on each of its pages; ``points`` is its size of print; ``card``: one page only."""

    title: str
    subtitle: str
    blocks: tuple[Block, ...]
    marking: str = ""
    landscape: bool = False
    points: float = 10.5
    card: bool = False
