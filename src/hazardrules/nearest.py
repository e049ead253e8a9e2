"""Names as they are compared, and the nearest right name for a wrong one."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["fold", "nearest_hint"]


def fold(text: str) -> str:
    """A name as it is compared: full and half width alike, without white space."""
    if not text.isascii():
        from unicodedata import normalize  # noqa: PLC0415  # a script that names things by their ids needs none

        text = normalize("NFKC", text)
    return "".join(text.split())


def nearest_hint(name: str, known: Iterable[str], count: int = 3) -> str:
    """A Chinese hint with the known names that come closest to ``name``; empty if none is close."""
    from difflib import get_close_matches  # noqa: PLC0415  # only where something is wrong

    found = get_close_matches(name[:200], list(known), count, 0.5)
    return f"最接近的是 {'、'.join(found)}" if found else ""
