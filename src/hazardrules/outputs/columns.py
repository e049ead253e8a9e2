"""The columns of a checklist: which there are, what they are called, and how a caller chooses among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from hazardrules.errors import InputError, Problem
from hazardrules.nearest import nearest_hint
from hazardrules.pack.values import clip

__all__ = ["COLUMNS", "Columns", "choose_columns"]

Columns: TypeAlias = "Sequence[str] | Mapping[str, str]"

COLUMNS: Final = {
    "content": "检查内容",
    "method": "检查方式",
    "problem": "问题表现",
    "remedy": "整改要求",
    "basis": "依据",
    "department": "责任部门",
}
"""The columns by the fields of a row, in their usual order."""
_ALSO: Final = {"查什么": "content", "怎么查": "method", "谁去查": "department"}
"""Other headings that say by themselves which column they stand for."""


def choose_columns(chosen: Columns | None) -> tuple[tuple[str, str], ...]:
    """The columns as pairs of field and heading.

    :param chosen: headings (检查内容 …, or 查什么, 谁去查, 怎么查), or a mapping of headings to new ones; None for all.
    :raises InputError: for headings that are not known or that stand for the same column, all of them at once.
    """
    if chosen is None:
        return tuple(COLUMNS.items())
    names = {label: id_ for id_, label in COLUMNS.items()} | _ALSO
    pairs = list(chosen.items()) if isinstance(chosen, Mapping) else [(name, name) for name in chosen]
    problems: list[tuple[type[InputError], Problem]] = []
    found: dict[str, str] = {}
    for name, heading in pairs:
        id_ = names.get(name) if isinstance(name, str) else None
        if id_ is None:
            hint = nearest_hint(name, names) if isinstance(name, str) else ""
            hint = hint or f"可用:{'、'.join(names)}"
            problems.append((InputError, Problem("columns", clip(name), f"检查表没有列 {clip(name)}", hint)))
        elif id_ in found:
            said = f"{found[id_]} 和 {heading} 是同一列({COLUMNS[id_]})"
            problems.append((InputError, Problem("columns", clip(name), said, "只留一个")))
        else:
            found[id_] = str(heading)
    if not pairs:
        problems.append((InputError, Problem("columns", "[]", "检查表没有列", f"可用:{'、'.join(names)}")))
    if problems:
        raise InputError(problems[0][1], problems)
    return tuple(found.items())
