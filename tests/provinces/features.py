"""What a province module says: one entry a practice of its source, in the source's order.

A module has ``SEED``, the number of practices that the source lists; ``LAWS``, the titles of the laws that the pack lists;
and ``FEATURES``, one entry a practice. Its name is that of the pack.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Final, NamedTuple

from hazardrules import Judgment, RuleBook, classify
from hazardrules.pack.content import Pack
from hazardrules.pack.programmes import PracticeSpec, ProgrammeSpec, read_programmes

__all__ = [
    "Feature",
    "claims",
    "gap_of",
    "left_out",
    "national_programme",
    "pack_of",
    "practice",
    "practices",
    "programme_file",
    "province_modules",
    "readme",
]

CLAIM: Final = re.compile(r"来源列出做法(\d+)项:收录(\d+)项,没有收录(\d+)项")
NATIONAL: Final = "action-2023"
LEFT_OUT: Final = "没有收录的,以及为什么"


class Feature(NamedTuple):
    """A practice in the words of its source, and a check that shows it working; the check raises where it does not."""

    words: str
    check: Callable[[RuleBook], None]


def province_modules() -> Mapping[str, ModuleType]:
    """The province modules by the name of their pack."""
    found = sorted(one.name for one in iter_modules([str(Path(__file__).parent)]))
    modules = {name: import_module(f"provinces.{name}") for name in found if name != "features"}
    return {name: module for name, module in modules.items() if hasattr(module, "FEATURES")}


def pack_of(book: RuleBook) -> Pack:
    """The province's own pack, which comes last."""
    return book.packs[-1]


def readme(book: RuleBook) -> str:
    """What the pack says of itself."""
    return (Path(pack_of(book).origin) / "README.md").read_text(encoding="utf-8")


def claims(book: RuleBook) -> tuple[int, int, int]:
    """How many practices its source lists, and how many the pack holds and leaves out, as the README says."""
    found = CLAIM.search(readme(book))
    assert found is not None, "README.md 没有写“来源列出做法…项:收录…项,没有收录…项”"
    listed, held, out = map(int, found.groups())
    return listed, held, out


def national_programme(book: RuleBook) -> ProgrammeSpec:
    """The national programme of 2023 as its file states it."""
    (found,) = (one for one in read_programmes(Path(book.packs[0].origin)) if one.id == NATIONAL)
    return found


def programme_file(book: RuleBook) -> ProgrammeSpec:
    """The province's programme of 2023 as the pack's file states it."""
    (found,) = (one for one in read_programmes(Path(pack_of(book).origin)) if one.carries_out == NATIONAL)
    return found


def practices(book: RuleBook) -> tuple[PracticeSpec, ...]:
    """The practices of the source itself, without those that are known from reports only."""
    return tuple(one for one in programme_file(book).practices if "见于报道" not in (one.note or ""))


def practice(book: RuleBook, id_: str) -> PracticeSpec:
    """A practice by its id."""
    (found,) = (one for one in programme_file(book).practices if one.id == id_)
    return found


def left_out(name: str) -> Callable[[RuleBook], None]:
    """A check that the README names the practice as one without a part for software, and says why."""

    def check(book: RuleBook) -> None:
        table = readme(book).split(LEFT_OUT, 1)[1]
        rows = [[cell.strip() for cell in line.strip("| ").split("|")] for line in table.splitlines() if "|" in line]
        reasons = [row[-1] for row in rows if name in row[0]]
        assert len(reasons) == 1, f"README.md 的“{LEFT_OUT}”里没有“{name}”"
        assert len(reasons[0]) >= 8, f"“{name}”没有写明原因"
        assert all(name not in one.title for one in programme_file(book).practices)

    return check


def gap_of(book: RuleBook, industry: str, facts: Mapping[str, object] | None = None, on: str = "2026-11-20") -> Judgment:
    """The judgment of a topic without criteria: it tells the gap and is not conclusive."""
    judgment = classify(dict(facts or {}), industry=industry, observed_on=on, book=book)
    assert not judgment.conclusive
    assert any(gap.document is None and industry in gap.text for gap in judgment.gaps), judgment.gaps
    return judgment


