"""Tables of the pages that the program writes as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["table"]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """The lines of a table."""
    clean = [[cell.replace("|", "\\|").replace("\n", " ") for cell in row] for row in (head, *rows)]
    first, *others = (f"| {' | '.join(row)} |" for row in clean)
    return [first, f"|{'---|' * len(head)}", *others]
